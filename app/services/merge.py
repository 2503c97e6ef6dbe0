"""Orders of one customer that go to the same address leave in one parcel; each keeps its number and its channel."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.domain.order_edits import same_place
from app.domain.outcomes import Change, Outcome, done, refused
from app.domain.roles import Permission
from app.domain.states import FulfillmentState, HoldKind, OrderState
from app.models.demand import Address, Order, OrderLine
from app.models.edits import BenchChangeKind
from app.services import audit, bench_changes, cancel_rows, ledger
from app.services.actor import Actor
from app.services.allocate import allocate_waiting
from app.services.bench_changes import Told
from app.services.cancel_rows import Work
from app.services.changes import note_changes
from app.services.edit_grow import ShortOfStockError, grow
from app.services.edit_lines import keep_captured_lines
from app.services.edit_versions import changed_since, next_version
from app.services.merge_money import join_money
from app.services.order_states import refresh_orders
from app.services.permissions import forbidden
from app.services.search_words import refresh_search_words
from app.services.stock_holds import release_stock_holds

MERGED = "merged"
"""The reason by which a hold for want of stock ends."""
_ENDED = (OrderState.SHIPPED, OrderState.CLOSED, OrderState.CANCELLED)
_UNTOUCHED = (FulfillmentState.ALLOCATED, FulfillmentState.RELEASED)
_HELD = text("SELECT kind FROM holds WHERE order_id = :order AND released_at IS NULL AND kind <> :stock ORDER BY id")
_PARTS = text(
    "SELECT f.id, f.state, (SELECT count(*) FROM pick_tasks t JOIN pick_lists l ON l.id = t.pick_list_id "
    "WHERE t.fulfillment_id = f.id AND (t.picked > 0 OR l.state = 'picking')) AS walked "
    "FROM fulfillments f WHERE f.order_id = :order AND f.state <> 'cancelled' ORDER BY f.id"
)
_LIVE = text("SELECT id FROM fulfillments WHERE order_id = :order AND state NOT IN ('shipped', 'cancelled')")
_NEXT_NUMBER = text("SELECT coalesce(MAX(line_no), 0) + 1 FROM order_lines WHERE order_id = :order")
_ELSEWHERE = text("UPDATE order_lines SET elsewhere = elsewhere + :quantity WHERE id = :line")
_INTO = text("UPDATE orders SET merged_into_id = :into WHERE id = :order OR merged_into_id = :order")
_LINES = select(OrderLine).where(OrderLine.requires_shipping).order_by(OrderLine.line_no)
_NOTES = text(
    "INSERT INTO notes (order_id, kind, must_read, words, at, operator_id, station_id) SELECT :into, kind, must_read, "
    "words, at, operator_id, station_id FROM notes WHERE order_id = :order AND withdrawn_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class _Pair:
    """The order that takes in, the one that goes along."""

    into: Order
    other: Order


def merge_orders(
    session: Session,
    actor: Actor,
    into_id: int,
    other_id: int,
    reason: str,
    *,
    seen: int | None = None,
    seen_other: int | None = None,
) -> Outcome:
    """The goods of the other order leave with this one, which may be anywhere on the floor; the other's channel hears
    of it as they do. Its number and lines stay, its goods are counted on this order's lines.

    Refused without a reason, for other customers or addresses, for one that is held, picked or has left, and if either
    is not as it was when it was seen.
    """
    session.flush()
    refusal = forbidden(session, actor, Permission.MEND_ORDER)
    if refusal is None and not reason.strip():
        refusal = refused("edit.reason_wanted")
    if refusal is not None:
        return refusal
    cancel_rows.lock_floor(session, [into_id, other_id])
    pair = _pair(session, into_id, other_id)
    if isinstance(pair, Outcome):
        return pair
    late = changed_since(session, into_id, seen) or changed_since(session, other_id, seen_other)
    work = cancel_rows.locked_work(session, other_id)
    refusal = late or _may_not(session, pair)
    if refusal is not None or work is None:
        return refusal or refused("order.unknown")
    savepoint = session.begin_nested()
    try:
        units = _join(session, actor, pair, work, reason)
    except ShortOfStockError as short:
        savepoint.rollback()
        session.expire_all()
        return refused("edit.not_enough", number=pair.into.number, sku=short.sku, count=short.lacking)
    savepoint.commit()
    return _told(session, actor, pair, work, units, reason)


def _pair(session: Session, into_id: int, other_id: int) -> _Pair | Outcome:
    rows = {
        order.id: order
        for order in session.scalars(
            select(Order).where(Order.id.in_((into_id, other_id))).execution_options(populate_existing=True)
        )
    }
    if into_id == other_id or len(rows) < 2:
        return refused("order.unknown")
    return _Pair(rows[into_id], rows[other_id])


def _may_not(session: Session, pair: _Pair) -> Outcome | None:
    """Why these two can't leave together."""
    into, other = pair.into, pair.other
    values = {"number": into.number, "other": other.number}
    for one in (into, other):
        if one.merged_into_id is not None:
            target = session.get_one(Order, one.merged_into_id)
            return refused("edit.merged_away", number=one.number, into=target.number)
        if one.state in _ENDED:
            return refused("order.already_done", number=one.number, state=one.state.value)
    same_customer = into.customer_id is not None and into.customer_id == other.customer_id
    same_mail = bool(into.email.strip()) and into.email.strip().casefold() == other.email.strip().casefold()
    if not (same_customer or same_mail):
        return refused("merge.other_customer", **values)
    if not same_place(_place(session, into), _place(session, other)):
        return refused("merge.other_address", **values)
    if into.currency != other.currency:
        return refused("merge.other_currency", **values)
    if into.pick_up_at_id != other.pick_up_at_id:
        return refused("merge.other_address", **values)
    connection = session.connection()
    held = connection.execute(_HELD, {"order": other.id, "stock": HoldKind.STOCK.value}).scalar()
    if held is not None:
        return refused("merge.held", **values, kind=held)
    parts = connection.execute(_PARTS, {"order": other.id}).all()
    if any(part.state not in _UNTOUCHED or part.walked for part in parts):
        return refused("merge.begun", **values)
    return None


def _place(session: Session, order: Order) -> tuple[str, ...]:
    address = session.get_one(Address, order.ship_to_id)
    return address.name, address.company, address.address1, address.address2, address.postcode, address.country


def _join(session: Session, actor: Actor, pair: _Pair, work: Work, reason: str) -> int:
    """Moves what is due of the other order's lines; gives how many units."""
    into_id, other_id = pair.into.id, pair.other.id
    for order_id in (into_id, other_id):
        keep_captured_lines(session, order_id)
    _let_go(session, actor, work)
    connection = session.connection()
    total, taken = 0, list[tuple[int, int]]()
    for line in session.scalars(_LINES.where(OrderLine.order_id == other_id)).all():
        due = line.quantity - line.cancelled - line.elsewhere
        if due > 0 and line.product_id is not None:
            taken.append((_take_in(session, into_id, line, due), line.product_id))
            connection.execute(_ELSEWHERE, {"line": line.id, "quantity": due})
            total += due
    connection.execute(_INTO, {"into": into_id, "order": other_id})
    connection.execute(_NOTES, {"into": into_id, "order": other_id})
    join_money(session, actor, into_id, other_id)
    release_stock_holds(session, actor, [other_id], MERGED)
    refresh_orders(session, [other_id])  # nothing is promised to it any more, whoever is served from here on
    session.expire_all()
    for line_id, product_id in taken:
        grow(session, actor, into_id, line_id, product_id, reason)
    parts = list(connection.execute(_LIVE, {"order": into_id}).scalars())
    bench_changes.tell(session, actor, parts, [Told(BenchChangeKind.MERGED)], reason)
    session.expire_all()
    allocate_waiting(session, actor, {product_id for _line, product_id in taken})
    return total


def _let_go(session: Session, actor: Actor, work: Work) -> None:
    """Nothing is promised to the other order any more, and nobody need walk for it."""
    for promise in work.promises:
        ledger.give_back(session, promise.id)
    for fulfillment_id in work.fulfillment_ids:
        cancel_rows.drop_tasks(session, actor, fulfillment_id)
        cancel_rows.set_fulfillment(session, fulfillment_id, FulfillmentState.CANCELLED.value)
        cancel_rows.free_totes(session, actor, fulfillment_id)
    cancel_rows.end_lists(session, actor, work.list_ids)


def _take_in(session: Session, into_id: int, line: OrderLine, quantity: int) -> int:
    number = session.connection().execute(_NEXT_NUMBER, {"order": into_id}).scalar_one()
    values: dict[str, object] = {
        "order_id": into_id,
        "line_no": number,
        "product_id": line.product_id,
        "sku": line.sku,
        "title": line.title,
        "quantity": quantity,
        "unit_price": line.unit_price,
        "line_total": quantity * line.unit_price,
        "merged_from_id": line.merged_from_id or line.id,
    }
    made = session.connection().execute(insert(OrderLine).values(values).returning(OrderLine.id))
    return int(made.scalar_one())


def _told(session: Session, actor: Actor, pair: _Pair, work: Work, units: int, reason: str) -> Outcome:
    session.expire_all()
    ids = [pair.into.id, pair.other.id]
    refresh_orders(session, ids)
    refresh_search_words(session, ids)
    for one, two, action in ((pair.into, pair.other, "order.merged"), (pair.other, pair.into, "order.merged_into")):
        next_version(session, one.id)
        detail = {"reason": reason.strip(), "order": two.id, "number": two.number, "units": units}
        audit.record(session, actor, action, "order", one.id, detail)
    parts = session.connection().execute(_LIVE, {"order": pair.into.id}).scalars()
    changes = [Change("order", ident) for ident in ids]
    changes += [Change("fulfillment", ident) for ident in (*parts, *work.fulfillment_ids)]
    changes += [Change("pick_list", ident) for ident in work.list_ids]
    outcome = done("merge.done", number=pair.into.number, other=pair.other.number, units=units)
    return replace(outcome, changes=note_changes(session, actor, changes))
