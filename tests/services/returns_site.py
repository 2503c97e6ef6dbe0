"""A shipped order to give back, and what is looked at afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.barcodes import ScannedCode
from app.domain.commands import Command
from app.domain.outcomes import Outcome, Place
from app.domain.states import Role
from app.models.database import Database
from app.services import take_over as taking
from app.services.desk import Desk
from app.services.hand_over import ship_packages
from app.services.identify import Named, NamedKind
from app.services.returning.desk import ReturnDesk
from tests.services import floor_builders as floor
from tests.services import stock_builders as build


class ReturnsOnly:
    """Opens returns, nothing else."""

    def __init__(self, returns: ReturnDesk) -> None:
        self.returns = returns

    def open_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        one = named[0]
        if one.kind is NamedKind.LABEL:
            return self.returns.open_package(desk, int(one.sub))
        if one.kind is NamedKind.PACKAGE:
            return self.returns.open_package(desk, one.ref)
        if one.kind is NamedKind.RETURN:
            return self.returns.open_return(desk, one.ref)
        return self.returns.open_order(desk, one.ref)

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        held = desk.memory.get("held")
        if command is Command.TAKE_OVER and isinstance(held, list):
            return self.returns.take_over(desk, held[1])
        why = taking.answered(desk, command)
        if isinstance(why, tuple):
            return self.returns.take_over(desk, why[1], why[2])
        return None


def bench_of(database: Database, site: build.Site, name: str = "", role: Role = Role.LEAD) -> floor.Bench:
    desk = ReturnDesk()
    return floor.add_bench(
        database, site, {"return": desk}, ReturnsOnly(desk), name=name, role=role, place=Place.RETURNS
    )


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def shipped_order(session: Session, site: build.Site, *, shipping: int = 210, total: int = 3000) -> int:
    """Order #1000: 2 CUP at 10.00 less 0.01, 1 LAMP at 5.50, shipped in one parcel as PW0000000001."""
    build.stock(session, site, "CUP", "A-02-1", 10)
    build.stock(session, site, "LAMP", "B-01-1", 5)
    order = build.add_order(session, site, [("CUP", 2), ("LAMP", 1)], total=total)
    order.shipping = shipping
    cup, lamp = build.lines_of(session, order.id)
    cup.unit_price, cup.discount, lamp.unit_price = 1000, 1, 550
    fulfillment = floor.promise_all(session, site, order.id)
    package = build.pack_all(session, site, fulfillment)
    ship_packages(session, site.actor, [package.id])
    return order.id


def moves(database: Database, *reasons: str) -> list[tuple[str, str, str, str, str]]:
    """(reason, SKU, from, to, condition after) of the movements of these reasons, in order."""
    statement = text(
        "SELECT m.reason, p.sku, a.code, b.code, m.to_condition FROM stock_movements m "
        "JOIN products p ON p.id = m.product_id JOIN locations a ON a.id = m.from_location_id "
        "JOIN locations b ON b.id = m.to_location_id ORDER BY m.id"
    )
    rows = database.read(lambda s: s.execute(statement).all())
    return [tuple(row) for row in rows if row[0] in reasons]


def all_of(database: Database, table: type[Any], *columns: str) -> list[tuple[Any, ...]]:
    return database.read(
        lambda s: [tuple(getattr(row, name) for name in columns) for row in s.scalars(select(table).order_by(table.id))]
    )


def open_return(database: Database, site: build.Site, role: Role = Role.LEAD, **more: int) -> floor.Bench:
    """A bench at which the return of order #1000 is open."""
    database.write(lambda s: shipped_order(s, site, **more))
    bench = bench_of(database, site, "" if role is Role.LEAD else "Priya", role)
    bench.scan("#1000")
    return bench
