"""Work in bulk: import of a file, allocation of a batch, release of pick lists."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime

from sqlalchemy import text

from app.domain.capture import CapturedLine, CapturedOrder, Financial, PostalAddress, Totals
from app.domain.clock import utc_now
from app.models.database import Database
from app.runtime.allocating import allocate_all
from app.services.actor import Actor
from app.services.allocate import allocate_ready
from app.services.capture.orders import capture_orders
from app.services.release import release
from tools.bench.context import Context
from tools.bench.databases import OPERATOR, STATION, WAREHOUSE
from tools.bench.import_files import PRODUCTS, orders_file
from tools.bench.results import Result, rate, times
from tools.make_big import sku_of

LINES_A_SECOND, ORDERS_A_SECOND = 5000.0, 3000.0
RELEASE_MS = 1000.0
_FIRST = text("UPDATE orders SET priority = 1 WHERE id > :above")
_LAST = text("SELECT COALESCE(MAX(id), 0) FROM orders")


def measure(context: Context) -> list[Result]:
    """Import, then allocation and release on the same database."""
    made = [_import(context)]
    database = Database.open(context.url)
    made += _allocate(context, database)
    made.append(_release(context, database))
    database.close()
    return made


def _actor(now: datetime) -> Actor:
    return Actor(now, "bench", WAREHOUSE, OPERATOR, station_id=STATION)


def _import(context: Context) -> Result:
    """The command as a person gives it, with its start, its checks and its allocation."""
    lines = context.times(100_000, 400)
    path = orders_file(context.folder, lines, "I")
    command = [sys.executable, "main.py", "import", "csv-orders", str(path), "--database", context.url, "--json"]
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    took = time.perf_counter() - began
    if done.returncode not in (0, 1):
        raise RuntimeError(f"the import failed: {done.returncode} {done.stdout.decode()[-400:]}")
    note = "the whole command, allocation too"
    return rate("import", context.orders, context.kind, "lines/s", lines, took, LINES_A_SECOND, note)


def _ready(database: Database, count: int, prefix: str) -> None:
    """Orders of three lines that wait for stock before all others."""
    before = database.read(lambda session: session.execute(_LAST).scalar_one())
    for start in range(0, count, 500):
        orders = [_order(f"{prefix}{n}", n) for n in range(start, min(start + 500, count))]
        database.write(lambda session, some=orders: capture_orders(session, _actor(utc_now()), "big", some))
    database.write(lambda session: session.execute(_FIRST, {"above": before}))


def _order(ref: str, n: int) -> CapturedOrder:
    lines = tuple(CapturedLine(sku_of(1 + (n * 7 + k * 13) % PRODUCTS), "Product", 1, unit_price=295) for k in range(3))
    to = PostalAddress(f"Ada Number {n}", "", f"{n} Fictional Lane", "", "Leeds", "LS1 1AA", "", "GB", "")
    return CapturedOrder(
        "big", ref, utc_now(), lines, ship_to=to, currency="GBP", email=f"n{n}{ref}@example.com",
        financial=Financial.PAID, totals=Totals(total=885),
    )  # fmt: skip


def _allocate(context: Context, database: Database) -> list[Result]:
    count, note = context.times(3000, 30), ""
    _ready(database, count, "A")
    began = time.perf_counter()
    done = database.write(lambda session: allocate_ready(session, _actor(utc_now()), count))
    took = time.perf_counter() - began
    if len(done.allocated) != count:
        note = f"{len(done.allocated)} of {count} were filled"
    made = [
        rate("allocation of one batch", context.orders, context.kind, "orders/s", count, took, ORDERS_A_SECOND, note)
    ]
    _ready(database, count, "B")
    began = time.perf_counter()
    all_of = allocate_all(database, _actor, utc_now)
    took = time.perf_counter() - began
    looked_at = all_of.allocated + all_of.backordered
    note = "all that is ready, in the transactions of the station"
    made.append(rate("allocation between scans", context.orders, context.kind, "orders/s", looked_at, took, None, note))
    return made


def _release(context: Context, database: Database) -> Result:
    count = context.times(1000, 20)
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        done = database.write(lambda session: release(session, _actor(utc_now()), count))
        taken.append((time.perf_counter() - began) * 1000)
        if len(done.fulfillment_ids) != count:
            raise RuntimeError(f"{len(done.fulfillment_ids)} of {count} orders were released")
    name = f"release of {count:,} orders"
    return times(name, context.orders, context.kind, taken, median=RELEASE_MS)
