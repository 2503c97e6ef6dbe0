"""What the floor's measurements work on: stations with people, and orders of many units to be packed or picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, select, text

from app.domain.clock import utc_now
from app.domain.outcomes import Place
from app.domain.states import OrderState, Role
from app.models.database import Database, Session
from app.models.demand import Address, Channel, Order, OrderLine
from app.models.people import Operator, Station, StationSession
from app.services.actor import Actor
from app.services.allocate import allocate_orders
from app.services.ids import new_ids
from app.services.release import release
from tools.bench.databases import WAREHOUSE
from tools.bench.work import PackableOrder
from tools.make_big import gtin_of, sku_of

LINES = 3
_PARTS = text("SELECT id, order_id FROM fulfillments WHERE order_id BETWEEN :low AND :high ORDER BY id")


@dataclass(frozen=True, slots=True)
class Seat:
    """A station and who is signed in there."""

    station_id: int
    operator_id: int


def seats(database: Database, count: int) -> list[Seat]:
    """So many stations, each with a person of its own."""
    return database.write(lambda session: _seats(session, count))


def _seats(session: Session, count: int) -> list[Seat]:
    now = utc_now()
    made = []
    for number in range(count):
        person = Operator(name=f"Bench {number}", role=Role.LEAD, created_at=now)
        station = Station(name=f"Floor {number}", warehouse_id=WAREHOUSE, created_at=now)
        session.add_all([person, station])
        session.flush()
        session.add(StationSession(station_id=station.id, operator_id=person.id, place=Place.PACK, memory={}))
        made.append(Seat(station.id, person.id))
    return made


def ready_orders(
    database: Database, count: int, units: int, products: Sequence[int], lines: int = LINES, prefix: str = "F"
) -> list[int]:
    """Orders that wait for stock: `lines` lines of `units` each, of these products in turn."""
    return database.write(lambda session: _ready(session, count, units, products, lines, prefix))


def _ready(session: Session, count: int, units: int, products: Sequence[int], lines: int, prefix: str) -> list[int]:
    now = utc_now()
    channel = session.execute(select(Channel.id).limit(1)).scalar_one()
    address = session.execute(select(Address.id).limit(1)).scalar_one()
    ids = new_ids(session, "orders", count)
    session.execute(insert(Order), [
        {"id": ident, "channel_id": channel, "channel_ref": f"{prefix}{ident}", "number": f"#{prefix}{ident}",
         "state": OrderState.READY, "ship_to_id": address, "created_at": now, "captured_at": now, "priority": 1,
         "leaves_at": now + timedelta(hours=8)}
        for ident in ids
    ])  # fmt: skip
    wanted = []
    for at, ident in enumerate(ids):
        for line in range(lines):
            product = products[(at + line * max(1, len(products) // lines)) % len(products)]
            wanted.append({"order_id": ident, "line_no": line + 1, "product_id": product, "sku": sku_of(product),
                           "title": "", "quantity": units})  # fmt: skip
    session.execute(insert(OrderLine), wanted)
    return ids


def packable_orders(database: Database, count: int, units: int, products: Sequence[int]) -> list[PackableOrder]:
    """Orders that are promised their goods, as a bench scans them."""
    ids = ready_orders(database, count, units, products)
    for start in range(0, count, 500):
        some = ids[start : start + 500]
        database.write(lambda session, some=some: allocate_orders(session, _actor(), some))  # type: ignore[misc]
    found = database.read(lambda s: s.execute(_PARTS, {"low": ids[0], "high": ids[-1]}).all())
    lines: dict[int, list[str]] = {}
    rows = select(OrderLine.order_id, OrderLine.product_id).where(OrderLine.order_id.in_(ids)).order_by(OrderLine.id)
    for order_id, product in database.read(lambda s: s.execute(rows).all()):
        lines.setdefault(order_id, []).extend([gtin_of(product or 0)] * units)
    return [PackableOrder(row.id, tuple(lines[row.order_id])) for row in found]


def release_all(database: Database) -> list[int]:
    """Everything that is promised goes to the pickers; gives the walks."""
    walks: list[int] = []
    while True:
        made = database.write(lambda session: release(session, _actor(), 60)).pick_list_ids
        if not made:
            return walks
        walks += made


def _actor() -> Actor:
    return Actor(utc_now(), "bench", WAREHOUSE)
