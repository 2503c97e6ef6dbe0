"""What somebody needs who changes an order: its lines with what is free, its service, who else could go along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.domain.barcodes import read_code
from app.domain.capture import PostalAddress
from app.domain.order_edits import same_place
from app.domain.storable import sku_key
from app.queries.queue_rows import QueueRow, queue_rows

MOST_LINES = 2_000
MOST_FOUND = 40
MOST_OTHERS = 40

_HEAD = text(
    "SELECT o.number, o.version, o.state, o.service, o.currency, o.merged_into_id, a.name, a.city, a.country, "
    "(SELECT m.number FROM orders m WHERE m.id = o.merged_into_id) AS into_number "
    "FROM orders o JOIN addresses a ON a.id = o.ship_to_id WHERE o.id = :order"
)
_FREE = (
    "(SELECT coalesce(sum(b.on_hand - b.allocated), 0) FROM stock_balances b JOIN locations w ON w.id = b.location_id "
    "WHERE b.product_id = {product} AND b.condition = 'new' AND w.active AND w.kind IN ('shelf', 'bulk'))"
)
_LINES = text(
    "SELECT l.id, l.sku, l.title, l.product_id, l.quantity - l.cancelled - l.elsewhere AS due, l.unit_price, "
    "(SELECT coalesce(sum(m.quantity), 0) FROM stock_movements m WHERE m.order_line_id = l.id AND m.reason = 'ship') "
    f"AS shipped, CASE WHEN l.product_id IS NULL THEN 0 ELSE {_FREE.format(product='l.product_id')} END AS free "
    "FROM order_lines l WHERE l.order_id = :order AND l.requires_shipping ORDER BY l.line_no LIMIT :most"
)
_BY_CODE = text(
    f"SELECT p.id, p.sku, p.name, p.price, {_FREE.format(product='p.id')} AS free FROM products p WHERE p.id IN "
    "(SELECT id FROM products WHERE sku_key = :key UNION SELECT product_id FROM identifiers WHERE code IN (:a, :b))"
)
_BY_NAME = text(
    f"SELECT p.id, p.sku, p.name, p.price, {_FREE.format(product='p.id')} AS free FROM products p "
    "WHERE lower(p.name) LIKE :like OR p.sku_key LIKE :sku ORDER BY p.name LIMIT :most"
)
_SERVICES = text("SELECT DISTINCT service FROM (SELECT service FROM orders ORDER BY id DESC LIMIT 400) x ORDER BY 1")
_OTHERS = text(
    "SELECT o.id, o.number, o.state, o.version, a.name, a.company, a.address1, a.address2, a.postcode, a.country, "
    "(SELECT coalesce(sum(l.quantity - l.cancelled - l.elsewhere), 0) FROM order_lines l WHERE l.order_id = o.id) "
    "AS units FROM orders o JOIN addresses a ON a.id = o.ship_to_id WHERE o.id <> :order "
    "AND o.state NOT IN ('shipped', 'closed', 'cancelled') AND o.merged_into_id IS NULL "
    "AND o.customer_id = (SELECT customer_id FROM orders WHERE id = :order) ORDER BY o.id DESC LIMIT :most"
)
_NEWEST = text(
    "SELECT o.email, o.service, a.name, a.company, a.address1, a.address2, a.city, a.postcode, a.region, a.country, "
    "a.phone FROM orders o JOIN addresses a ON a.id = o.ship_to_id WHERE o.customer_id = :customer "
    "ORDER BY o.created_at DESC, o.id DESC LIMIT 1"
)
_PLACE = text(
    "SELECT a.name, a.company, a.address1, a.address2, a.postcode, a.country FROM orders o "
    "JOIN addresses a ON a.id = o.ship_to_id WHERE o.id = :order"
)


@dataclass(frozen=True, slots=True)
class EditableLine:
    """A line: units that are due and those that have left, the price of one, and how many more are free."""

    line_id: int
    sku: str
    title: str
    product_id: int | None
    due: int
    unit_price: int
    shipped: int
    free: int


@dataclass(frozen=True, slots=True)
class Editable:
    """An order as it is about to be changed."""

    order_id: int
    number: str
    version: int
    state: str
    service: str
    currency: str
    recipient: str
    lines: tuple[EditableLine, ...]
    services: tuple[str, ...]
    into: str = ""


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product that somebody looked for; its price in minor units."""

    product_id: int
    sku: str
    name: str
    price: int
    free: int


@dataclass(frozen=True, slots=True)
class OtherOrder:
    """Another open order of the same customer; `same_place` says that it goes to the same address."""

    order_id: int
    number: str
    state: str
    version: int
    units: int
    to: str
    same_place: bool


def editable(session: Session, order_id: int) -> Editable | None:
    """An order with its lines; None when there is none."""
    connection = session.connection()
    head = connection.execute(_HEAD, {"order": order_id}).first()
    if head is None:
        return None
    rows = connection.execute(_LINES, {"order": order_id, "most": MOST_LINES})
    lines = tuple(_line(row) for row in rows)
    services = tuple(str(name) for name in connection.execute(_SERVICES).scalars() if name)
    recipient = ", ".join(part for part in (head.name, head.city, head.country) if part)
    return Editable(
        order_id, head.number, head.version, head.state, head.service, head.currency, recipient, lines, services,
        head.into_number or "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """Where somebody's newest order went."""

    customer_id: int
    email: str
    to: PostalAddress
    service: str


def known_customer(session: Session, customer_id: int) -> KnownCustomer | None:
    """The address, e-mail and service of somebody's newest order; None for who never ordered."""
    row = session.connection().execute(_NEWEST, {"customer": customer_id}).mappings().first()
    if row is None:
        return None
    to = PostalAddress(**{name: row[name] for name in PostalAddress.__slots__})
    return KnownCustomer(customer_id, row["email"], to, row["service"])


def known_services(session: Session) -> tuple[str, ...]:
    """Services that orders asked for lately."""
    return tuple(str(name) for name in session.connection().execute(_SERVICES).scalars() if name)


def find_products(session: Session, typed: str) -> tuple[FoundProduct, ...]:
    """The product that a code or SKU names; else those whose name or SKU has what was typed in it."""
    code = read_code(typed)
    keys = (*code.keys, "", "")[:2]
    connection = session.connection()
    exact = connection.execute(_BY_CODE, {"key": sku_key(typed), "a": keys[0], "b": keys[1]}).all()
    if exact:
        return tuple(_product(row) for row in exact)
    words = typed.strip().lower().replace("%", "").replace("_", "")
    if len(words) < 2:
        return ()
    values = {"like": f"%{words}%", "sku": f"{sku_key(words)}%", "most": MOST_FOUND}
    return tuple(_product(row) for row in connection.execute(_BY_NAME, values))


def other_orders(session: Session, order_id: int) -> tuple[OtherOrder, ...]:
    """Open orders of the same customer, the newest first; those that go to the same address can go along."""
    connection = session.connection()
    here = connection.execute(_PLACE, {"order": order_id}).first()
    if here is None:
        return ()
    rows = connection.execute(_OTHERS, {"order": order_id, "most": MOST_OTHERS})
    found = [
        OtherOrder(
            row.id, row.number, row.state, row.version, int(row.units),
            ", ".join(part for part in (row.name, row.address1, row.postcode) if part),
            same_place(tuple(here), tuple(row)[4:10]),
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: not one.same_place))


def _line(row: Row[tuple[object, ...]]) -> EditableLine:
    return EditableLine(
        row.id, row.sku, row.title, row.product_id, int(row.due), row.unit_price, int(row.shipped), int(row.free)
    )


def _product(row: Row[tuple[object, ...]]) -> FoundProduct:
    return FoundProduct(row.id, row.sku, row.name, row.price or 0, int(row.free))


@dataclass(frozen=True, slots=True)
class EditView:
    """What is read to change an order: it, those that may go along, and where each of them stands."""

    order: Editable | None
    others: tuple[OtherOrder, ...]
    rows: Mapping[int, QueueRow]


def edit_view(session: Session, order_id: int, now: datetime) -> EditView:
    """All of it at one moment; no order for one that is not there."""
    others = other_orders(session, order_id)
    rows = queue_rows(session, (order_id, *(one.order_id for one in others)), now)
    return EditView(editable(session, order_id), others, {row.id: row for row in rows})
