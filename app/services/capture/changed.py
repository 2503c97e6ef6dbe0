"""An order that its channel tells differently now: updated while nobody has picked it, else shown to the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.orm import Session

from app.domain.line_changes import LineChange, StoredLine, line_changes
from app.domain.order_payments import Money, money_of
from app.domain.states import HoldKind, OrderState
from app.domain.verification import CHANGED_AT_CHANNEL, WantedHold, captured_holds
from app.models.base import Json
from app.models.demand import Address, Order, OrderLine, OrderSearch
from app.models.fulfillment import Fulfillment
from app.models.locks import lock_fulfillments, lock_orders
from app.services.actor import Actor
from app.services.audit import record
from app.services.capture.edited import change_edited, is_edited
from app.services.capture.insertion import FROM_CHANNEL, insert_payments, payments
from app.services.capture.lookups import products_by_sku
from app.services.capture.plain import Row
from app.services.capture.prepare import PreparedOrder
from app.services.capture.withdraw import give_back_excess, withdraw
from app.services.edit_versions import next_version
from app.services.notes import keep_channels_note
from app.services.order_states import refresh_orders
from app.services.verify import settle_holds, verify_orders

_HEADER = ("financial", "fulfilment", "cancelled_by_channel", "refunded")
_STANDING = text(
    "SELECT count(*) AS live, sum(CASE WHEN state IN ('allocated', 'released') THEN 0 ELSE 1 END) AS begun, "
    "sum(CASE WHEN state = 'released' THEN 1 ELSE 0 END) AS released "
    "FROM fulfillments WHERE order_id = :order AND state <> 'cancelled'"
)
_LINES = text(
    "SELECT l.id, l.channel_line_ref, l.sku, l.title, l.quantity, l.cancelled, l.elsewhere, l.requires_shipping, "
    "l.extras, "
    "(SELECT coalesce(sum(a.quantity), 0) FROM allocations a WHERE a.order_line_id = l.id AND a.state = 'open') "
    "AS allocated, "
    "(SELECT coalesce(sum(m.quantity), 0) FROM stock_movements m WHERE m.order_line_id = l.id AND m.reason = 'ship') "
    "AS shipped FROM order_lines l WHERE l.order_id = :order ORDER BY l.line_no"
).columns(extras=Json)
_PAID = text("SELECT kind, sum(amount) FROM payments WHERE order_id = :order AND reference = :reference GROUP BY kind")
_WORK = text(
    "UPDATE fulfillments SET service = :service, leaves_at = :leaves_at "
    "WHERE order_id = :order AND state IN ('allocated', 'released')"
)
_LIVE = select(Fulfillment.id).where(Fulfillment.order_id == bindparam("order"), Fulfillment.shipped_at.is_(None))
_LINE = update(OrderLine).where(OrderLine.id == bindparam("line_id"))


@dataclass(frozen=True, slots=True)
class _Standing:
    """How far an order has come: live fulfillments, those begun, those released but not begun."""

    live: int
    begun: int
    released: int


def change_order(session: Session, actor: Actor, order_id: int, told: PreparedOrder) -> bool:
    """Takes over what the channel tells now; whether it could be, or waits for the office since picking has begun.

    Once an order has left or was cancelled here, only the channel's own words about it are kept.
    """
    lock_orders(session, [order_id])
    lock_fulfillments(session, session.scalars(_LIVE, {"order": order_id}))  # so that no pick begins meanwhile
    order = session.execute(select(Order).where(Order.id == order_id)).scalar_one()
    lines = _lines(session, order_id)
    changes = line_changes(lines, told.order.lines)
    standing = _standing(session, order_id)
    _write_down(session, actor, order, told, changes)
    _update_header(session, order_id, told)
    keep_channels_note(session, actor, order_id, str(told.order_row["note"]))
    _add_payments(session, actor, order_id, told)
    next_version(session, order_id)
    if is_edited(order):
        known = not _address_is_new(order, session.get_one(Address, order.ship_to_id), told)
        return change_edited(session, actor, order, told, same_address=known)
    if _is_finished(order.state, lines):
        return True
    if standing.begun:
        return _tell_if_it_matters(session, actor, order, told, changes)
    _update_order(session, actor, order, told)
    _update_lines(session, order_id, told, changes)
    _settle_stock(session, actor, order_id, changes, standing)
    office = [hold for hold in captured_holds(told.order, (), ()) if hold.kind is HoldKind.OFFICE]
    if office:
        settle_holds(session, actor, {order_id: office}, (HoldKind.OFFICE,))
    verify_orders(session, actor, [order_id])
    return True


def _write_down(
    session: Session, actor: Actor, order: Order, told: PreparedOrder, changes: Sequence[LineChange]
) -> None:
    """What the channel tells differently, for the time line of the order."""
    lines = sum(not change.settled for change in changes)
    address = _address_is_new(order, session.get_one(Address, order.ship_to_id), told)
    record(session, actor, "order.changed", "order", order.id, {"lines": lines, "address": address})


def _is_finished(state: OrderState, lines: Sequence[StoredLine]) -> bool:
    """Whether it has left, or was cancelled here; what only its channel closed may come back."""
    if state is OrderState.CANCELLED:
        return any(line.cancelled for line in lines)
    return state is OrderState.SHIPPED or (state is OrderState.CLOSED and any(line.shipped for line in lines))


def _lines(session: Session, order_id: int) -> list[StoredLine]:
    """The lines as they stand; one that the channel took away counts as nothing, so that it may come back whole."""
    return [
        StoredLine(
            row.id,
            row.channel_line_ref,
            row.sku,
            row.title,
            row.elsewhere if _is_gone(row.extras) else row.quantity,
            0 if _is_gone(row.extras) else row.cancelled,
            row.elsewhere,
            int(row.allocated),
            int(row.shipped),
            bool(row.requires_shipping),
        )
        for row in session.connection().execute(_LINES, {"order": order_id})
    ]


def _is_gone(extras: dict[str, object]) -> bool:
    return bool(extras.get("gone"))


def _standing(session: Session, order_id: int) -> _Standing:
    row = session.connection().execute(_STANDING, {"order": order_id}).one()
    return _Standing(row.live, int(row.begun or 0), int(row.released or 0))


def _update_header(session: Session, order_id: int, told: PreparedOrder) -> None:
    values = {name: told.order_row[name] for name in _HEADER}
    session.connection().execute(
        update(Order).where(Order.id == order_id).values(fingerprint=told.fingerprint, **values)
    )


def _add_payments(session: Session, actor: Actor, order_id: int, told: PreparedOrder) -> None:
    """Only what is more than was reported before; what is less was a correction that the office sees in the order."""
    rows = session.connection().execute(_PAID, {"order": order_id, "reference": FROM_CHANNEL})
    before: Mapping[str, int] = {kind: int(amount) for kind, amount in rows}
    now = money_of(told.order)
    more = Money(
        max(0, now.authorized - before.get("authorized", 0)),
        max(0, now.captured - before.get("captured", 0)),
        max(0, now.refunded - before.get("refunded", 0)),
    )
    insert_payments(session.connection(), payments(actor, order_id, told, more, actor.now))


def _tell_if_it_matters(
    session: Session, actor: Actor, order: Order, told: PreparedOrder, changes: Sequence[LineChange]
) -> bool:
    """Freezes an order that is being worked on, unless the channel tells nothing that changes the parcel."""
    address = session.get_one(Address, order.ship_to_id)
    same_address = not _address_is_new(order, address, told)
    if same_address and all(change.settled for change in changes):
        verify_orders(session, actor, [order.id])
        return True
    order.changed_after_pick = True
    session.flush()
    hold = WantedHold(HoldKind.OFFICE, CHANGED_AT_CHANNEL)
    settle_holds(session, actor, {order.id: (hold,)}, (HoldKind.OFFICE,))
    refresh_orders(session, [order.id])
    return False


def _update_order(session: Session, actor: Actor, order: Order, told: PreparedOrder) -> None:
    row = dict(told.order_row)
    del row["channel_ref"]
    address = session.get_one(Address, order.ship_to_id)
    extras = dict(row.pop("extras"))  # type: ignore[call-overload]
    if _address_is_new(order, address, told):
        for name, value in told.address_row.items():
            setattr(address, name, value)
    elif "captured_ship_to" in order.extras:
        extras["captured_ship_to"] = order.extras["captured_ship_to"]
    if told.order.created_utc is not None:
        row["created_at"] = told.order.created_utc
    if told.order.ship_by_utc is not None:
        row["leaves_at"] = told.order.ship_by_utc
    for name, value in row.items():
        setattr(order, name, value)
    order.extras = extras
    session.flush()
    connection = session.connection()
    connection.execute(update(OrderSearch).where(OrderSearch.order_id == order.id).values(words=told.words))
    stamp = round(order.leaves_at.timestamp() * 1000)
    connection.execute(_WORK, {"order": order.id, "service": order.service, "leaves_at": stamp})


def _address_is_new(order: Order, address: Address, told: PreparedOrder) -> bool:
    """Whether the channel tells another address than before; one that was mended here is compared as it was told."""
    before = order.extras.get("captured_ship_to")
    if isinstance(before, dict):
        return before != told.address_row
    return {name: getattr(address, name) for name in told.address_row} != told.address_row


def _update_lines(session: Session, order_id: int, told: PreparedOrder, changes: Sequence[LineChange]) -> None:
    """Lines are never deleted, for others refer to them: one that is gone is cancelled whole, and marked."""
    connection = session.connection()
    products = products_by_sku(session, told.sku_keys)
    connection.execute(update(OrderLine).where(OrderLine.order_id == order_id).values(line_no=-OrderLine.id))
    number = len(told.order.lines)
    new: list[Row] = []
    for change in changes:
        if change.reported is None:
            number += 1
            assert change.stored is not None
            gone = {
                "line_no": number,
                "cancelled": OrderLine.quantity - OrderLine.elsewhere,
                "extras": {"gone": True},
            }
            connection.execute(_LINE.values(**gone), {"line_id": change.stored.line_id})
            continue
        row = dict(told.line_rows[change.place])
        row |= {"line_no": change.place + 1, "product_id": products.get(told.sku_keys[change.place])}
        if change.stored is None:
            new.append({"order_id": order_id, **row})
            continue
        row["cancelled"] = min(change.stored.cancelled, change.reported.quantity - int(str(row["elsewhere"])))
        connection.execute(_LINE.values(**row), {"line_id": change.stored.line_id})
    if new:
        connection.execute(insert(OrderLine), new)


def _settle_stock(
    session: Session, actor: Actor, order_id: int, changes: Sequence[LineChange], standing: _Standing
) -> None:
    """Gives back what is not wanted any more; all of it where more or other goods are wanted, to be promised anew."""
    if standing.live == 0 or all(change.difference == 0 and not change.other_goods for change in changes):
        return
    more = any(change.difference > 0 or change.other_goods for change in changes)
    if more or standing.released or all(change.due == 0 for change in changes):
        withdraw(session, actor, order_id)
        return
    give_back_excess(session, order_id, {c.stored.line_id: c.due for c in changes if c.stored is not None})
