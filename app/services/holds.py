"""Holds that people place and release."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.domain.outcomes import Change, Outcome, Sound, done, refused
from app.domain.roles import Permission, to_release
from app.domain.states import HoldKind, OrderState
from app.domain.storable import LINE, storable
from app.domain.verification import CHANGED_AT_CHANNEL
from app.models.demand import Hold, Order
from app.models.locks import lock_orders
from app.services.actor import Actor
from app.services.audit import record
from app.services.changes import note_changes
from app.services.edit_versions import next_version
from app.services.order_states import refresh_orders
from app.services.permissions import forbidden

PLACED_BY_HAND = (HoldKind.OFFICE, HoldKind.FRAUD)
_DONE_WITH = (OrderState.SHIPPED, OrderState.CLOSED, OrderState.CANCELLED)


def place_hold(session: Session, actor: Actor, order_id: int, reason: str, kind: HoldKind = HoldKind.OFFICE) -> Outcome:
    """Stops an order until somebody releases it again. Refused for one that has left, without a reason, or if held."""
    not_allowed = forbidden(session, actor, Permission.HOLD)
    if not_allowed is not None:
        return not_allowed
    if not reason.strip():
        return refused("hold.reason_missing")
    if kind not in PLACED_BY_HAND:
        return refused("hold.not_by_hand", kind=kind.value)
    lock_orders(session, [order_id])
    order = session.execute(select(Order.number, Order.state).where(Order.id == order_id)).first()
    if order is None:
        return refused("order.unknown")
    if order.state in _DONE_WITH:
        return refused("order.already_done", number=order.number, state=order.state.value)
    if _open_hold(session, order_id, kind) is not None:
        return refused("hold.stands_already", number=order.number, kind=kind.value)
    row = {
        "order_id": order_id,
        "kind": kind,
        "detail": storable(reason.strip(), LINE),
        "opened_at": actor.now,
        "opened_by_id": actor.operator_id,
    }
    session.connection().execute(insert(Hold), row)
    record(session, actor, "hold.place", "order", order_id, {"kind": kind.value, "reason": reason.strip()})
    return _settled(session, actor, order_id, done("hold.placed", Sound.ACCEPTED, number=order.number, kind=kind.value))


def release_hold(session: Session, actor: Actor, order_id: int, kind: HoldKind, reason: str) -> Outcome:
    """Lets an order go on in spite of a hold's cause. Refused for who may not, without a reason, or if there is none.

    A hold released by a person does not come back while its cause stays the same.
    """
    not_allowed = forbidden(session, actor, to_release(kind))
    if not_allowed is not None:
        return not_allowed
    if not reason.strip():
        return refused("hold.reason_missing")
    lock_orders(session, [order_id])
    number = session.execute(select(Order.number).where(Order.id == order_id)).scalar_one_or_none()
    if number is None:
        return refused("order.unknown")
    found = _open_hold(session, order_id, kind)
    if found is None:
        return refused("hold.none", number=number, kind=kind.value)
    hold_id, detail = found
    released = {
        "released_at": actor.now,
        "released_by_id": actor.operator_id,
        "release_reason": storable(reason.strip(), LINE),
    }
    session.connection().execute(update(Hold).where(Hold.id == hold_id).values(**released))
    if kind is HoldKind.OFFICE and detail == CHANGED_AT_CHANNEL:
        session.connection().execute(update(Order).where(Order.id == order_id).values(changed_after_pick=False))
    record(session, actor, "hold.release", "order", order_id, {"kind": kind.value, "reason": reason.strip()})
    return _settled(session, actor, order_id, done("hold.released", Sound.ACCEPTED, number=number, kind=kind.value))


def _open_hold(session: Session, order_id: int, kind: HoldKind) -> tuple[int, str] | None:
    chosen = select(Hold.id, Hold.detail).where(
        Hold.order_id == order_id, Hold.kind == kind, Hold.released_at.is_(None)
    )
    row = session.execute(chosen).first()
    return None if row is None else (row.id, row.detail)


def _settled(session: Session, actor: Actor, order_id: int, outcome: Outcome) -> Outcome:
    refresh_orders(session, [order_id])
    next_version(session, order_id)
    return replace(outcome, changes=note_changes(session, actor, [Change("order", order_id)]))
