"""Adds orders that nobody saw before, in bulk: rows, words to be found by, payments and holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.domain.order_payments import Money, money_of
from app.domain.order_state import OrderFacts, order_state
from app.domain.states import HoldKind
from app.domain.storable import LINE, storable
from app.domain.verification import WantedHold, captured_holds, units_due
from app.services.actor import Actor
from app.services.bulk import insert_rows, plan_as_usual
from app.services.capture.duplicates import suspected
from app.services.capture.lookups import ensure_customers, products_by_sku
from app.services.capture.plain import ADDRESS_COLUMNS, LINE_COLUMNS, ORDER_COLUMNS, PlainRow, plain_moment
from app.services.capture.prepare import PreparedOrder
from app.services.ids import new_ids
from app.services.word_index import insert_words

FROM_CHANNEL = "channel"
"""The reference of payments that a channel reported."""

_ADDRESS = {"id": "bigint", **ADDRESS_COLUMNS}
_ORDER = {
    "id": "bigint",
    "channel_id": "bigint",
    "state": "text",
    "customer_id": "bigint",
    "ship_to_id": "bigint",
    "created_at": "bigint",
    "captured_at": "bigint",
    "leaves_at": "bigint",
    "fingerprint": "text",
    "import_run_id": "bigint",
    **ORDER_COLUMNS,
}
_LINE = {"order_id": "bigint", "line_no": "bigint", "product_id": "bigint", **LINE_COLUMNS}
_HOLD = {"order_id": "bigint", "kind": "text", "detail": "text", "opened_at": "bigint"}
_PAYMENT = {
    "order_id": "bigint",
    "kind": "text",
    "amount": "bigint",
    "currency": "text",
    "at": "bigint",
    "reference": "text",
}


@dataclass(slots=True)
class Batch:
    """Rows that are gathered before they are inserted together."""

    orders: list[PlainRow] = field(default_factory=list)
    lines: list[PlainRow] = field(default_factory=list)
    holds: list[PlainRow] = field(default_factory=list)
    payments: list[PlainRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """Where captured orders go: their channel and run, and when those without a date of their own must leave."""

    channel_id: int
    import_run_id: int | None
    cut_off: datetime


def insert_orders(session: Session, actor: Actor, place: Place, orders: Sequence[PreparedOrder]) -> list[int]:
    """Adds these orders, verified; gives their ids in the same order."""
    if not orders:
        return []
    connection = session.connection()
    products = products_by_sku(session, (key for order in orders for key in order.sku_keys))
    customers = ensure_customers(session, place.channel_id, orders)
    ids = new_ids(session, "orders", len(orders))
    addresses = new_ids(session, "addresses", len(orders))
    numbered = list(zip(ids, addresses, orders, strict=True))
    twins = suspected(session, place.channel_id, actor.now, ids, orders, customers)
    plan_as_usual(connection)
    rows = Batch()
    for order_id, address_id, order in numbered:
        holds = holds_of(order, products)
        if order_id in twins and units_due(order.order) > 0:
            holds = (*holds, WantedHold(HoldKind.DUPLICATE, twins[order_id]))
        customer = customers.get(order.customer_ref)
        rows.orders.append(_order_row(actor, place, order, (order_id, address_id, customer), bool(holds)))
        rows.lines += lines_of(order, order_id, products)
        rows.holds += [(order_id, h.kind.value, storable(h.detail, LINE), plain_moment(actor.now)) for h in holds]
        rows.payments += payments(actor, order_id, order, money_of(order.order))
    insert_rows(connection, "addresses", _ADDRESS, [(i, *order.plain.address) for _id, i, order in numbered])
    insert_rows(connection, "orders", _ORDER, rows.orders)
    insert_rows(connection, "order_lines", _LINE, rows.lines)
    insert_rows(connection, "holds", _HOLD, rows.holds)
    insert_payments(connection, rows.payments)
    insert_words(session, [(i, order.words) for i, _address, order in numbered])
    return ids


def insert_payments(connection: Connection, rows: Sequence[PlainRow]) -> None:
    """Adds payments that `payments` made."""
    insert_rows(connection, "payments", _PAYMENT, rows)


def holds_of(order: PreparedOrder, products: Mapping[str, int]) -> tuple[WantedHold, ...]:
    """The holds that the order deserves with the products as they are known now."""
    unknown = [
        line.sku.strip() or line.title.strip()
        for line, key in zip(order.order.lines, order.sku_keys, strict=True)
        if line.requires_shipping and line.quantity > line.elsewhere and key not in products
    ]
    return captured_holds(order.order, order.address_faults, unknown)


def lines_of(order: PreparedOrder, order_id: int, products: Mapping[str, int]) -> list[PlainRow]:
    """The rows of an order's lines, numbered from 1."""
    return [
        (order_id, number, products.get(key), *row)
        for number, (row, key) in enumerate(zip(order.plain.lines, order.sku_keys, strict=True), 1)
    ]


def payments(
    actor: Actor, order_id: int, order: PreparedOrder, money: Money, at: datetime | None = None
) -> list[PlainRow]:
    """The rows of these amounts, as the channel reported them; none for nothing."""
    moment = plain_moment(at or order.order.created_utc or actor.now)
    currency = str(order.order_row["currency"])
    amounts = (("authorized", money.authorized), ("captured", money.captured), ("refunded", money.refunded))
    return [(order_id, kind, amount, currency, moment, FROM_CHANNEL) for kind, amount in amounts if amount > 0]


def _order_row(
    actor: Actor, place: Place, order: PreparedOrder, refs: tuple[int, int, int | None], held: bool
) -> PlainRow:
    order_id, address_id, customer_id = refs
    told = order.order
    facts = OrderFacts(
        ordered=sum(line.quantity for line in told.lines if line.requires_shipping),
        cancelled=0,
        elsewhere=sum(min(line.elsewhere, line.quantity) for line in told.lines if line.requires_shipping),
        shipped=0,
        allocated=0,
        held=held,
        waits_for_stock=False,
    )
    return (
        order_id,
        place.channel_id,
        order_state(facts).value,
        customer_id,
        address_id,
        plain_moment(told.created_utc or actor.now),
        plain_moment(actor.now),
        plain_moment(told.ship_by_utc or place.cut_off),
        order.fingerprint,
        place.import_run_id,
        *order.plain.order,
    )
