"""Orders that their channel tells differently now: updated while nobody has picked them, else shown to the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import BindParameter, bindparam, insert, text, update
from sqlalchemy.orm import Session

from app.domain.line_changes import StoredLine
from app.domain.order_payments import Money, money_of
from app.domain.states import HoldKind, OrderState
from app.domain.verification import CHANGED_AT_CHANNEL, WantedHold, captured_holds
from app.models.demand import Order, OrderLine, OrderSearch
from app.services.actor import Actor
from app.services.audit import Entry, record_all
from app.services.capture.changed_rows import Changed, read_changed
from app.services.capture.edited import change_edited, is_edited
from app.services.capture.insertion import insert_payments, payments
from app.services.capture.plain import PlainRow, Row
from app.services.capture.prepare import PreparedOrder
from app.services.capture.withdraw import give_back_excess, withdraw
from app.services.notes import keep_channels_notes
from app.services.order_states import refresh_orders
from app.services.verify import settle_holds, verify_orders

_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_HEADER = ("financial", "fulfilment", "cancelled_by_channel", "refunded", "note")
_TELL = update(Order).where(Order.id == bindparam("told_id")).values(version=Order.version + 1)
_WORDS = update(OrderSearch).where(OrderSearch.order_id == bindparam("told_id"))
_WORK = text(
    "UPDATE fulfillments SET service = :service, leaves_at = :leaves_at "
    "WHERE order_id = :order AND state IN ('allocated', 'released')"
)
_UNNUMBERED = text("UPDATE order_lines SET line_no = -id WHERE order_id IN :ids").bindparams(_IDS)
_LINE = update(OrderLine).where(OrderLine.id == bindparam("line_id"))
_GONE = _LINE.values(cancelled=OrderLine.quantity - OrderLine.elsewhere, extras={"gone": True})


def change_orders(session: Session, actor: Actor, told: Mapping[int, PreparedOrder]) -> int:
    """Takes over what a channel tells now of orders, given by id; gives how many could be, for of the others picking
    has begun, and they wait for the office.

    Once an order has left or was cancelled here, only the channel's own words about it are kept. An import may change
    every order that there is: what is done to all of them is done in one statement for all.
    """
    if not told:
        return 0
    found = read_changed(session, told)
    _keep_what_is_told(session, actor, found)
    taken, plain = 0, []
    for one in found:
        if is_edited(one.order):
            taken += change_edited(session, actor, one.order, one.told, same_address=not one.new_address)
        elif _is_finished(one.order.state, one.lines):
            taken += 1
        elif one.standing.begun:
            taken += _tell_if_it_matters(session, actor, one)
        else:
            plain.append(one)
    _take_over(session, actor, plain)
    return taken + len(plain)


def _keep_what_is_told(session: Session, actor: Actor, found: Sequence[Changed]) -> None:
    """The channel's own words, whatever became of the order here, and what is new in them for its time line."""
    entries = [
        Entry(one.order.id, {"lines": sum(not change.settled for change in one.changes), "address": one.new_address})
        for one in found
    ]
    record_all(session, actor, "order.changed", "order", entries)
    keep_channels_notes(
        session, actor, [(one.order.id, one.order.note, str(one.told.order_row["note"])) for one in found]
    )
    rows = [
        {"told_id": one.order.id, "fingerprint": one.told.fingerprint}
        | {name: one.told.order_row[name] for name in _HEADER}
        for one in found
    ]
    session.connection().execute(_TELL, rows)
    insert_payments(session.connection(), [row for one in found for row in _more_payments(actor, one)])


def _more_payments(actor: Actor, one: Changed) -> Sequence[PlainRow]:
    """Only what is more than was reported before; what is less was a correction that the office sees in the order."""
    now, before = money_of(one.told.order), one.paid
    more = Money(
        max(0, now.authorized - before.authorized),
        max(0, now.captured - before.captured),
        max(0, now.refunded - before.refunded),
    )
    return payments(actor, one.order.id, one.told, more, actor.now)


def _is_finished(state: OrderState, lines: Sequence[StoredLine]) -> bool:
    """Whether it has left, or was cancelled here; what only its channel closed may come back."""
    if state is OrderState.CANCELLED:
        return any(line.cancelled for line in lines)
    return state is OrderState.SHIPPED or (state is OrderState.CLOSED and any(line.shipped for line in lines))


def _tell_if_it_matters(session: Session, actor: Actor, one: Changed) -> bool:
    """Freezes an order that is being worked on, unless the channel tells nothing that changes the parcel."""
    order = one.order
    if not one.new_address and all(change.settled for change in one.changes):
        verify_orders(session, actor, [order.id])
        return True
    order.changed_after_pick = True
    session.flush()
    hold = WantedHold(HoldKind.OFFICE, CHANGED_AT_CHANNEL)
    settle_holds(session, actor, {order.id: (hold,)}, (HoldKind.OFFICE,))
    refresh_orders(session, [order.id])
    return False


def _take_over(session: Session, actor: Actor, plain: Sequence[Changed]) -> None:
    """Orders that nobody has begun become as they are told."""
    if not plain:
        return
    for one in plain:
        _update_order(one)
    session.flush()
    connection = session.connection()
    connection.execute(_WORDS, [{"told_id": one.order.id, "words": one.told.words} for one in plain])
    work = [(one.order, round(one.order.leaves_at.timestamp() * 1000)) for one in plain if one.standing.live]
    if work:
        connection.execute(
            _WORK, [{"order": order.id, "service": order.service, "leaves_at": stamp} for order, stamp in work]
        )
    _update_lines(session, plain)
    for one in plain:
        _settle_stock(session, actor, one)
    wanted = {
        one.order.id: [hold for hold in captured_holds(one.told.order, (), ()) if hold.kind is HoldKind.OFFICE]
        for one in plain
    }
    settle_holds(session, actor, {order_id: holds for order_id, holds in wanted.items() if holds}, (HoldKind.OFFICE,))
    verify_orders(session, actor, wanted)


def _update_order(one: Changed) -> None:
    row, order = dict(one.told.order_row), one.order
    del row["channel_ref"]
    extras = dict(row.pop("extras"))  # type: ignore[call-overload]
    if one.new_address:
        for name, value in one.told.address_row.items():
            setattr(one.address, name, value)
    elif "captured_ship_to" in order.extras:
        extras["captured_ship_to"] = order.extras["captured_ship_to"]
    if one.told.order.created_utc is not None:
        row["created_at"] = one.told.order.created_utc
    if one.told.order.ship_by_utc is not None:
        row["leaves_at"] = one.told.order.ship_by_utc
    for name, value in row.items():
        setattr(order, name, value)
    order.extras = extras


def _update_lines(session: Session, plain: Sequence[Changed]) -> None:
    """Lines are never deleted, for others refer to them: one that is gone is cancelled whole, and marked."""
    gone: list[Row] = []
    new: list[Row] = []
    old: list[Row] = []
    for one in plain:
        number = len(one.told.order.lines)
        for change in one.changes:
            if change.reported is None:
                number += 1
                assert change.stored is not None
                gone.append({"line_id": change.stored.line_id, "line_no": number})
                continue
            key = one.told.sku_keys[change.place]
            row = dict(one.told.line_rows[change.place])
            row |= {"line_no": change.place + 1, "product_id": one.products.get(key)}
            if change.stored is None:
                new.append({"order_id": one.order.id, **row})
                continue
            row["cancelled"] = min(change.stored.cancelled, change.reported.quantity - int(str(row["elsewhere"])))
            old.append({"line_id": change.stored.line_id, **row})
    connection = session.connection()
    connection.execute(_UNNUMBERED, {"ids": [one.order.id for one in plain]})
    for statement, rows in ((_GONE, gone), (_LINE, old), (insert(OrderLine), new)):
        if rows:
            connection.execute(statement, rows)


def _settle_stock(session: Session, actor: Actor, one: Changed) -> None:
    """Gives back what is not wanted any more; all of it where more or other goods are wanted, to be promised anew."""
    changes, order_id = one.changes, one.order.id
    if one.standing.live == 0 or all(change.difference == 0 and not change.other_goods for change in changes):
        return
    more = any(change.difference > 0 or change.other_goods for change in changes)
    if more or one.standing.released or all(change.due == 0 for change in changes):
        withdraw(session, actor, order_id)
        return
    give_back_excess(session, order_id, {c.stored.line_id: c.due for c in changes if c.stored is not None})
