"""Cancelling an order or a line wherever it is: on the shelf, in a tote, in a parcel; what has left is a return."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Change, Outcome, done, refused
from app.domain.roles import Permission
from app.domain.states import FulfillmentState, LocationKind, PackageState
from app.models.demand import OrderLine
from app.models.edits import BenchChangeKind
from app.services import audit, bench_changes, cancel_rows, hand_over_rows, labels, ledger
from app.services.actor import Actor
from app.services.allocate import allocate_waiting
from app.services.bench_changes import Told
from app.services.cancel_rows import LineFacts, Parcel, Promise, Work
from app.services.changes import note_changes
from app.services.edit_versions import changed_since, next_version
from app.services.order_states import refresh_orders
from app.services.permissions import forbidden
from app.services.settings_store import AT_LABEL, floor_settings


def cancel_order(session: Session, actor: Actor, order_id: int, reason: str, *, seen: int | None = None) -> Outcome:
    """Cancels all of an order that has not left. Units in totes and parcels wait to be put back; labels are voided.

    Refused when all has left (that is a return), while nobody knows whether a carrier made its label, and if the order
    is not as it was when it was `seen`.
    """
    session.flush()
    refusal = _may_ask(session, actor, reason)
    if refusal is not None:
        return refusal
    work = cancel_rows.locked_work(session, order_id)
    if work is None:
        return refused("cancel.unknown")
    late = changed_since(session, order_id, seen)
    if late is not None:
        return late
    shipped = sum(line.shipped for line in work.lines)
    if not any(line.open > 0 for line in work.lines):
        return refused("cancel.left" if shipped else "cancel.nothing_open", order=work.number)
    if work.unsettled:
        return refused("cancel.label_unsettled", order=work.number)
    units = cancel_rows.order_put_back(session, actor, [(promise, promise.quantity) for promise in work.promises])
    for promise in work.promises:
        ledger.give_back(session, promise.id)
    for parcel in work.parcels:
        cancel_rows.set_package(session, actor, parcel, PackageState.VOID)
    for fulfillment_id in work.fulfillment_ids:
        _end_fulfillment(session, actor, fulfillment_id)
    cancel_rows.end_lists(session, actor, work.list_ids)
    for line in work.lines:
        cancel_rows.cancel_units(session, line.id, max(line.open, 0))
    cancel_rows.end_holds(session, actor, order_id)
    _finish(session, actor, order_id, work, "order.cancelled", {"reason": reason.strip(), "put_back": units})
    if shipped:
        return done("cancel.rest", order=work.number, units=units)
    return done("cancel.order_put_back" if units else "cancel.order", order=work.number, units=units)


def cancel_line(
    session: Session, actor: Actor, order_line_id: int, quantity: int, reason: str, *, seen: int | None = None
) -> Outcome:
    """Cancels units of one line: first those promised to nobody, then those on the shelf, then those in hand.

    A closed parcel that must give units up is opened again and its label voided; a bench that has the order open stops
    and says what to take out. With the last unit the order ends.
    """
    session.flush()
    refusal = _may_ask(session, actor, reason)
    if refusal is not None:
        return refusal
    order_id = session.scalars(select(OrderLine.order_id).where(OrderLine.id == order_line_id)).first()
    work = None if order_id is None else cancel_rows.locked_work(session, order_id)
    if order_id is None or work is None:
        return refused("cancel.unknown_line")
    late = changed_since(session, order_id, seen)
    if late is not None:
        return late
    line = next(line for line in work.lines if line.id == order_line_id)
    if line.open <= 0 and line.shipped:
        return refused("cancel.line_left", order=work.number, sku=line.sku, shipped=line.shipped)
    if not 0 < quantity <= line.open:
        return refused("cancel.too_many", order=work.number, sku=line.sku, open=line.open)
    if sum(other.open for other in work.lines) == quantity:
        return cancel_order(session, actor, order_id, reason)
    given_up = _given_up(work, order_line_id, quantity, line.open)
    opened = _parcels_of(work, given_up)
    if any(parcel.label_state in ("intended", "unknown") for parcel in opened):
        return refused("cancel.label_unsettled", order=work.number)
    units = _give_up(session, actor, given_up)
    for parcel in opened:
        cancel_rows.set_package(session, actor, parcel, PackageState.OPEN)
    cancel_rows.cancel_units(session, order_line_id, quantity)
    _tell_benches(session, actor, line, given_up, reason)
    _settle(session, actor, work, given_up, opened)
    detail = {"line": order_line_id, "quantity": quantity, "reason": reason.strip(), "put_back": units}
    _finish(session, actor, order_id, work, "order.line_cancelled", detail)
    code = "cancel.line_put_back" if units else "cancel.line"
    return done(code, order=work.number, sku=line.sku, quantity=quantity, units=units)


def _may_ask(session: Session, actor: Actor, reason: str) -> Outcome | None:
    refusal = forbidden(session, actor, Permission.CANCEL_ORDER)
    return refusal if refusal is not None or reason.strip() else refused("cancel.reason_wanted")


def _end_fulfillment(session: Session, actor: Actor, fulfillment_id: int) -> None:
    """Nothing is promised to it any more: it is cancelled or, when a parcel of it has left, shipped."""
    cancel_rows.drop_tasks(session, actor, fulfillment_id)
    if cancel_rows.left_already(session, fulfillment_id):
        shipped = hand_over_rows.end_fulfillments(session, actor, [fulfillment_id])
        hand_over_rows.tell_channels(session, actor, shipped)
        return
    cancel_rows.set_fulfillment(session, fulfillment_id, FulfillmentState.CANCELLED.value)
    cancel_rows.free_totes(session, actor, fulfillment_id)


def _given_up(work: Work, line_id: int, quantity: int, open_units: int) -> list[tuple[Promise, int]]:
    """Which promises give up how many units: those on a shelf first, then in totes, then in parcels, newest first."""
    mine = [promise for promise in work.promises if promise.line_id == line_id]
    left = max(quantity - (open_units - sum(promise.quantity for promise in mine)), 0)
    rank = {LocationKind.TOTE.value: 1, LocationKind.PACKAGE.value: 2}
    found: list[tuple[Promise, int]] = []
    for promise in sorted(mine, key=lambda promise: (rank.get(promise.kind, 0), -promise.id)):
        taken = min(left, promise.quantity)
        if taken:
            found.append((promise, taken))
            left -= taken
    return found


def _parcels_of(work: Work, given_up: Collection[tuple[Promise, int]]) -> list[Parcel]:
    """The closed parcels in which some of it lies."""
    places = {promise.location_id for promise, _quantity in given_up}
    closed = (PackageState.SEALED, PackageState.LABELLED)
    return [parcel for parcel in work.parcels if parcel.location_id in places and parcel.state in closed]


def _give_up(session: Session, actor: Actor, given_up: Sequence[tuple[Promise, int]]) -> int:
    for promise, quantity in given_up:
        if not promise.in_hand:
            cancel_rows.shrink_tasks(session, actor, promise.id, quantity)
        ledger.give_back(session, promise.id, quantity)
    return cancel_rows.order_put_back(session, actor, given_up)


def _tell_benches(
    session: Session, actor: Actor, line: LineFacts, given_up: Sequence[tuple[Promise, int]], reason: str
) -> None:
    """Before the fulfillments are settled, for one that ends so may lie on a bench still."""
    for promise, quantity in given_up:
        told = Told(BenchChangeKind.LESS, line.product_id, promise.location_id, quantity)
        bench_changes.tell(session, actor, [promise.fulfillment_id], [told], reason)


def _settle(
    session: Session, actor: Actor, work: Work, given_up: Sequence[tuple[Promise, int]], opened: Sequence[Parcel]
) -> None:
    """Brings each fulfillment that gave something up to the state that is true now."""
    lost: dict[int, int] = {}
    for promise, quantity in given_up:
        lost[promise.id] = quantity
    for fulfillment_id in sorted({promise.fulfillment_id for promise, _quantity in given_up}):
        kept = [
            promise
            for promise in work.promises
            if promise.fulfillment_id == fulfillment_id and promise.quantity > lost.get(promise.id, 0)
        ]
        parcels = [parcel for parcel in work.parcels if parcel.fulfillment_id == fulfillment_id]
        if kept:
            _go_on(session, actor, fulfillment_id, kept, parcels, opened)
            continue
        for parcel in parcels:
            cancel_rows.set_package(session, actor, parcel, PackageState.VOID)
        _end_fulfillment(session, actor, fulfillment_id)
    cancel_rows.end_lists(session, actor, work.list_ids)


def _go_on(
    session: Session,
    actor: Actor,
    fulfillment_id: int,
    kept: Sequence[Promise],
    parcels: Sequence[Parcel],
    opened: Sequence[Parcel],
) -> None:
    """What is left of a fulfillment: picked when no stop is open, packing when a parcel was opened, packed when the
    rest is in labelled parcels, which then leave if that is how this floor hands over.
    """
    state, open_tasks = cancel_rows.state_of(session, fulfillment_id)
    if state in (FulfillmentState.PICKING, FulfillmentState.RELEASED) and open_tasks == 0:
        cancel_rows.set_fulfillment(session, fulfillment_id, FulfillmentState.PICKED.value)
    elif state == FulfillmentState.PACKED and any(parcel.fulfillment_id == fulfillment_id for parcel in opened):
        cancel_rows.set_fulfillment(session, fulfillment_id, FulfillmentState.PACKING.value)
    elif state == FulfillmentState.PACKING and not opened:
        labelled = [parcel for parcel in parcels if parcel.state == PackageState.LABELLED]
        if labelled and {promise.location_id for promise in kept} <= {parcel.location_id for parcel in labelled}:
            for parcel in parcels:
                if parcel.state != PackageState.LABELLED:
                    cancel_rows.set_package(session, actor, parcel, PackageState.VOID)
            cancel_rows.set_fulfillment(session, fulfillment_id, FulfillmentState.PACKED.value)
            if floor_settings(session).handover == AT_LABEL:
                session.expire_all()
                labels.ship_when_whole(session, actor, labelled[0].id)


def _finish(session: Session, actor: Actor, order_id: int, work: Work, action: str, detail: dict[str, object]) -> None:
    """Stores the order's state, tells everybody, and serves others from what is free now."""
    refresh_orders(session, [order_id, *cancel_rows.merged_orders(session, order_id)])
    next_version(session, order_id)
    hand_over_rows.mark_orders(session, actor, [order_id])
    audit.record(session, actor, action, "order", order_id, detail)
    changes = [Change("order", order_id)] + [Change("fulfillment", ident) for ident in work.fulfillment_ids]
    changes += [Change("package", parcel.id) for parcel in work.parcels]
    note_changes(session, actor, changes + [Change("pick_list", ident) for ident in work.list_ids])
    session.expire_all()
    allocate_waiting(session, actor, [line.product_id for line in work.lines if line.product_id is not None])
