"""Two orders to pick, and what is looked at afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.database import Database
from tests.services import floor_builders as floor
from tests.services import stock_builders as build


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def two_orders(session: Session, site: build.Site) -> int:
    """A walk over two shelves for two orders: 2 CUP and 1 LAMP, 1 CUP."""
    build.stock(session, site, "CUP", "A-01-1", 10)
    build.stock(session, site, "LAMP", "A-02-1", 5)
    first = build.add_order(session, site, [("CUP", 2), ("LAMP", 1)])
    second = build.add_order(session, site, [("CUP", 1)])
    return floor.release(session, site, [floor.promise_all(session, site, order.id) for order in (first, second)])


def one_order(session: Session, site: build.Site, *, in_parts: bool = False) -> int:
    """A walk for one order of 3 CUP."""
    build.stock(session, site, "CUP", "A-01-1", 10)
    order = build.add_order(session, site, [("CUP", 3)], in_parts=in_parts)
    return floor.release(session, site, [floor.promise_all(session, site, order.id)])


def moves(database: Database, reason: str) -> list[tuple[str, int, str, str]]:
    """(SKU, quantity, from, to) of the movements of a reason, in order."""
    statement = text(
        "SELECT p.sku, m.quantity, a.code, b.code FROM stock_movements m JOIN products p ON p.id = m.product_id "
        "JOIN locations a ON a.id = m.from_location_id JOIN locations b ON b.id = m.to_location_id "
        "WHERE m.reason = :reason ORDER BY m.id"
    )
    return [tuple(row) for row in database.read(lambda s: s.execute(statement, {"reason": reason}).all())]


def open_at_shelf(database: Database, site: build.Site, **more: bool) -> floor.Bench:
    """A bench at the only shelf of a walk for 3 CUP into T-1."""
    walk = database.write(lambda s: one_order(s, site, **more))
    bench = floor.pick_bench(database, site)
    bench.scans(f"PL-{walk:04}", "T-1", "A-01-1")
    return bench
