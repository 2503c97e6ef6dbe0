"""Adds orders that nobody saw before, in bulk: rows, words to be found by, payments and holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.domain.order_payments import Money, money_of
from app.domain.order_state import OrderFacts, order_state
from app.domain.states import HoldKind
from app.domain.storable import LINE, storable
from app.domain.verification import WantedHold, captured_holds
from app.models.demand import Address, Hold, Order, OrderLine, OrderSearch, Payment
from app.services.actor import Actor
from app.services.capture.duplicates import suspected
from app.services.capture.lookups import ensure_customers, products_by_sku
from app.services.capture.prepare import PreparedOrder, Row
from app.services.ids import new_ids

FROM_CHANNEL = "channel"
"""The reference of payments that a channel reported."""


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
    connection.execute(insert(Address), [{"id": i, **o.address_row} for i, o in zip(addresses, orders, strict=True)])
    twins = suspected(session, place.channel_id, actor.now, ids, orders, customers)
    order_rows: list[Row] = []
    line_rows: list[Row] = []
    hold_rows: list[Row] = []
    payment_rows: list[Row] = []
    for order_id, address_id, order in zip(ids, addresses, orders, strict=True):
        holds = holds_of(order, products)
        if order_id in twins and _due(order) > 0:
            holds = (*holds, WantedHold(HoldKind.DUPLICATE, twins[order_id]))
        row = _order_row(actor, place, order, order_id, address_id, customers.get(order.customer_ref), bool(holds))
        order_rows.append(row)
        hold_rows += [hold_row(actor, order_id, hold) for hold in holds]
        payment_rows += payments(actor, order_id, order, money_of(order.order))
        line_rows += lines_of(order, order_id, products)
    connection.execute(insert(Order), order_rows)
    connection.execute(insert(OrderLine), line_rows)
    if hold_rows:
        connection.execute(insert(Hold), hold_rows)
    if payment_rows:
        connection.execute(insert(Payment), payment_rows)
    words = [{"order_id": order_id, "words": order.words} for order_id, order in zip(ids, orders, strict=True)]
    connection.execute(insert(OrderSearch), words)
    return ids


def holds_of(order: PreparedOrder, products: Mapping[str, int]) -> tuple[WantedHold, ...]:
    """The holds that the order deserves with the products as they are known now."""
    unknown = [
        line.sku.strip() or line.title.strip()
        for line, key in zip(order.order.lines, order.sku_keys, strict=True)
        if line.requires_shipping and line.quantity > line.elsewhere and key not in products
    ]
    return captured_holds(order.order, order.address_faults, unknown)


def lines_of(order: PreparedOrder, order_id: int, products: Mapping[str, int]) -> list[Row]:
    """The rows of an order's lines, numbered from 1."""
    return [
        {"order_id": order_id, "line_no": number, "product_id": products.get(key), **row}
        for number, (row, key) in enumerate(zip(order.line_rows, order.sku_keys, strict=True), 1)
    ]


def hold_row(actor: Actor, order_id: int, hold: WantedHold) -> Row:
    """The row of a hold that is opened now."""
    return {
        "order_id": order_id,
        "kind": hold.kind,
        "detail": storable(hold.detail, LINE),
        "opened_at": actor.now,
        "opened_by_id": None,
    }


def payments(actor: Actor, order_id: int, order: PreparedOrder, money: Money) -> list[Row]:
    """The rows of these amounts, as the channel reported them; none for nothing."""
    at = order.order.created_utc or actor.now
    amounts = (("authorized", money.authorized), ("captured", money.captured), ("refunded", money.refunded))
    return [
        {
            "order_id": order_id,
            "kind": kind,
            "amount": amount,
            "currency": order.order_row["currency"],
            "at": at,
            "reference": FROM_CHANNEL,
        }
        for kind, amount in amounts
        if amount > 0
    ]


def _order_row(
    actor: Actor,
    place: Place,
    order: PreparedOrder,
    order_id: int,
    address_id: int,
    customer_id: int | None,
    held: bool,
) -> Row:
    facts = OrderFacts(
        ordered=sum(line.quantity for line in order.order.lines if line.requires_shipping),
        cancelled=0,
        elsewhere=sum(min(line.elsewhere, line.quantity) for line in order.order.lines if line.requires_shipping),
        shipped=0,
        allocated=0,
        held=held,
        waits_for_stock=False,
    )
    return {
        **order.order_row,
        "id": order_id,
        "channel_id": place.channel_id,
        "state": order_state(facts),
        "customer_id": customer_id,
        "ship_to_id": address_id,
        "created_at": order.order.created_utc or actor.now,
        "captured_at": actor.now,
        "leaves_at": order.order.ship_by_utc or place.cut_off,
        "fingerprint": order.fingerprint,
        "import_run_id": place.import_run_id,
    }


def _due(order: PreparedOrder) -> int:
    return sum(line.quantity - line.elsewhere for line in order.order.lines if line.requires_shipping)
