"""Small functions that put exact things into a database for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from app.domain.capture import CapturedLine, CapturedOrder, Doubt, Financial, PostalAddress, Totals
from app.domain.states import COUNTERPARTY_KINDS, Condition, LocationKind, MovementReason, Role
from app.models.catalogue import Carton, Identifier, Product
from app.models.database import Database
from app.models.people import Operator, Station
from app.models.stock import Location, Warehouse
from app.services.actor import Actor
from app.services.capture.orders import capture_orders
from app.services.ledger import Goods, move

T = TypeVar("T")

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday, nine o'clock in London."""


@dataclass(slots=True)
class World:
    """A warehouse in a database, with its counterparties, the places by code, and a lead who does things."""

    database: Database
    warehouse_id: int
    operator_id: int
    station_id: int
    places: dict[str, int] = field(default_factory=dict)

    def write(self, work: Callable[[Session], T]) -> T:
        """One transaction."""
        return self.database.write(work)

    def read(self, work: Callable[[Session], T]) -> T:
        """One snapshot; the rows it gives stay readable."""

        def look(session: Session) -> T:
            found = work(session)
            session.expunge_all()
            return found

        return self.database.read(look)

    def actor(self, role: Role = Role.ADMIN, now: datetime = NOW, gesture_id: str | None = None) -> Actor:
        """The operator at the station."""
        return Actor(
            now, f"station:{self.station_id}", self.warehouse_id, self.operator_id, role, self.station_id, gesture_id
        )

    def product(self, sku: str, *codes: str, name: str = "", weight_g: int | None = 200, price: int = 295) -> int:
        """A product with the codes that name it; its id."""

        def add(session: Session) -> int:
            made = Product(
                sku=sku, sku_key=sku.upper(), name=name or f"Product {sku}", weight_g=weight_g, price=price,
                currency="GBP", created_at=NOW,
            )  # fmt: skip
            session.add(made)
            session.flush()
            session.add_all(Identifier(product_id=made.id, code=code, kind="gtin", quantity=1) for code in codes)
            return made.id

        return self.write(add)

    def location(self, code: str, kind: LocationKind = LocationKind.SHELF, sequence: int = 0) -> int:
        """A place; its id."""

        def add(session: Session) -> int:
            made = Location(warehouse_id=self.warehouse_id, code=code, kind=kind, pick_sequence=sequence)
            session.add(made)
            session.flush()
            return made.id

        self.places[code] = self.write(add)
        return self.places[code]

    def carton(self, code: str, length: int, width: int, height: int, weight_g: int = 0) -> int:
        """A box type by its inner size in millimetres; its id."""

        def add(session: Session) -> int:
            made = Carton(
                code=code, name=code, length_mm=length, width_mm=width, height_mm=height, weight_g=weight_g, key_order=1
            )
            session.add(made)
            session.flush()
            return made.id

        return self.write(add)

    def stock(self, product_id: int, place: str, quantity: int, condition: Condition = Condition.NEW) -> None:
        """Receives so many units at a place, which is made as a shelf when it is not there yet."""
        to = self.places.get(place) or self.location(place)
        goods = Goods(product_id, quantity, condition=condition)
        supplier = self.places["SUPPLIER"]
        self.write(lambda s: move(s, self.actor(), MovementReason.RECEIPT, goods, supplier, to))

    def order(self, number: str, *lines: CapturedLine, channel: str = "shopify", now: datetime = NOW) -> int:
        """Captures one paid order; its id."""
        told = captured(number, *lines)
        counts = self.write(lambda s: capture_orders(s, self.actor(now=now), channel, [told]))
        return counts.new_ids[0]

    def operator(self, name: str, role: Role) -> int:
        """A person without a badge; the id."""

        def add(session: Session) -> int:
            made = Operator(name=name, role=role, created_at=NOW)
            session.add(made)
            session.flush()
            return made.id

        return self.write(add)


@pytest.fixture
def world(database: Database) -> World:
    """A warehouse in London with one station, in an empty database of either kind."""
    return build_world(database)


def build_world(database: Database, zone: str = "Europe/London") -> World:
    """Makes the warehouse, its counterparties, a station and an administrator."""

    def add(session: Session) -> World:
        warehouse = Warehouse(code="W1", name="Test warehouse", zone=zone)
        session.add(warehouse)
        session.flush()
        station = Station(name="Bench 1", warehouse_id=warehouse.id, created_at=NOW)
        person = Operator(name="Ada", role=Role.ADMIN, created_at=NOW)
        session.add_all([station, person])
        places = {
            kind.value.upper(): Location(warehouse_id=warehouse.id, code=kind.value.upper(), kind=kind)
            for kind in COUNTERPARTY_KINDS
        }
        session.add_all(places.values())
        session.flush()
        ids = {code: place.id for code, place in places.items()}
        return World(database, warehouse.id, person.id, station.id, ids)

    return database.write(add)


def address(name: str = "Ada Example") -> PostalAddress:
    """A good British address."""
    return PostalAddress(
        name, "", "1 Fictional Lane", "", "Leeds", "LS1 1AA", "", "GB", "+44 113 496 0001"
    )  # fmt: skip


def line(
    sku: str,
    quantity: int = 1,
    *,
    title: str = "",
    unit_price: int | None = None,
    elsewhere: int = 0,
    requires_shipping: bool = True,
    line_ref: str = "",
) -> CapturedLine:
    """One line of an order."""
    return CapturedLine(
        sku, title or f"Product {sku}", quantity, unit_price=unit_price, elsewhere=elsewhere,
        requires_shipping=requires_shipping, line_ref=line_ref,
    )  # fmt: skip


def captured(
    number: str,
    *lines: CapturedLine,
    email: str = "ada@example.com",
    ship_to: PostalAddress | None = None,
    created: datetime | None = None,
    total: int | None = None,
    refunded: int | None = None,
    financial: Financial = Financial.PAID,
    cancelled: bool = False,
    doubts: tuple[Doubt, ...] = (),
) -> CapturedOrder:
    """An order as a channel reports it: paid, with a good address, in pounds; the date depends on its number."""
    day = NOW.replace(year=2020 + sum(map(ord, number)) % 6) if created is None else created
    return CapturedOrder(
        "shopify", number, day, lines, ship_to=ship_to or address(), currency="GBP", email=email, financial=financial,
        cancelled=cancelled, totals=Totals(total=total, refunded=refunded), doubts=doubts,
    )  # fmt: skip
