"""Scans of an order of 500 lines, and of a line of 1,000 units: what makes other systems slow."""

from __future__ import annotations

from sqlalchemy import text

from app.domain.capture import CapturedLine, CapturedOrder, Financial, PostalAddress, Totals
from app.domain.clock import utc_now
from app.models.database import Database
from app.services.actor import Actor
from app.services.allocate import allocate_ready
from app.services.capture.orders import capture_orders
from tools.bench.context import Context
from tools.bench.databases import OPERATOR, STATION, WAREHOUSE, sign_in
from tools.bench.results import Result, times
from tools.bench.scans import P99, WARM_UP
from tools.bench.station import Rig, running_station
from tools.make_big import gtin_of, sku_of

LINES, UNITS = 500, 1000
PUT_ASIDE = ("PW-ASIDE", "PW-4")
"""For another reason."""
_FIRST = text("UPDATE orders SET priority = 0 WHERE id = :order")
_PART = text("SELECT id FROM fulfillments WHERE order_id = :order")
_PRODUCTS = text(
    "SELECT COUNT(*) FROM stock_balances b JOIN locations l ON l.id = b.location_id WHERE l.kind = 'shelf'"
)


def measure(context: Context) -> list[Result]:
    """Neither order is finished: each scan counts one unit of it."""
    database = Database.open(context.url, checkpoint_by_itself=False)
    sign_in(database)
    products = database.read(lambda session: session.execute(_PRODUCTS).scalar_one())
    lines = min(LINES, products)
    long = _order(database, "LONG", [(1 + n, 2) for n in range(lines)])
    deep = _order(database, "DEEP", [(7, UNITS), (8, 1)])
    with running_station(database, STATION, context.folder) as rig:
        _, many = _count(rig, deep, [gtin_of(7)] * (WARM_UP + context.times(200)))
        for code in PUT_ASIDE:
            rig.scan(code)
        scans = [gtin_of(1 + n) for n in range(min(lines, context.times(200)))]
        opened, counted = _count(rig, long, scans)
    database.close()
    limit = P99[context.kind]
    return [
        times(f"opening an order of {lines} lines", context.orders, context.kind, [opened]),
        times(f"scan in an order of {lines} lines", context.orders, context.kind, counted, p99=limit),
        times(f"scan in a line of {UNITS:,} units", context.orders, context.kind, many[WARM_UP:], p99=limit),
    ]


def _order(database: Database, ref: str, wanted: list[tuple[int, int]]) -> int:
    """Captures an order and promises it its goods; gives its fulfillment."""
    now = utc_now()
    actor = Actor(now, "bench", WAREHOUSE, OPERATOR, station_id=STATION)
    told = CapturedOrder(
        "big", ref, now, tuple(CapturedLine(sku_of(p), "Product", count, unit_price=295) for p, count in wanted),
        ship_to=PostalAddress("Ada Long", "", "1 Fictional Lane", "", "Leeds", "LS1 1AA", "", "GB", ""),
        currency="GBP", email=f"{ref}@example.com".lower(), financial=Financial.PAID,
        totals=Totals(total=295 * sum(count for _, count in wanted)),
    )  # fmt: skip
    ids = database.write(lambda session: capture_orders(session, actor, "big", [told])).new_ids
    database.write(lambda session: session.execute(_FIRST, {"order": ids[0]}))
    database.write(lambda session: allocate_ready(session, actor, 1))
    part = database.read(lambda session: session.execute(_PART, {"order": ids[0]}).scalar_one_or_none())
    if part is None:
        raise RuntimeError(f"order {ref} was promised nothing")
    return int(part)


def _count(rig: Rig, fulfillment_id: int, codes: list[str]) -> tuple[float, list[float]]:
    opened = rig.scan(f"F-{fulfillment_id}")
    if opened.outcome.code != "pack.opened":
        raise RuntimeError(f"the order did not open: {opened.outcome.code} {dict(opened.outcome.values)}")
    taken = []
    for code in codes:
        answered = rig.scan(code)
        if answered.outcome.code != "pack.counted":
            raise RuntimeError(f"{code} was not counted: {answered.outcome.code} {dict(answered.outcome.values)}")
        taken.append(answered.milliseconds)
    return opened.milliseconds, taken
