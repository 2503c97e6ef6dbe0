"""What a lead decides from the floor screen: parked orders go on, work that was left lying is free for others."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Change, Outcome, Sound, done, refused
from app.domain.roles import Permission
from app.domain.states import FulfillmentState
from app.models.locks import lock_fulfillments, lock_orders
from app.services import audit, claims, pack_rows
from app.services.actor import Actor
from app.services.allocate import allocate_waiting
from app.services.changes import note_changes
from app.services.order_states import refresh_orders
from app.services.permissions import forbidden

_MISSING = text(
    "SELECT DISTINCT x.product_id FROM pick_tasks t JOIN short_picks x ON x.pick_task_id = t.id "
    "WHERE t.fulfillment_id = :fulfillment ORDER BY x.product_id"
)
_CLAIM = text("SELECT operator_id, station_id, since FROM claims WHERE kind = :kind AND ref_id = :ref")
_LACKS = text("SELECT COUNT(*) FROM holds WHERE order_id = :order AND kind = 'stock' AND released_at IS NULL")


def resume(session: Session, actor: Actor, fulfillment_id: int) -> Outcome:
    """A parked fulfillment goes on where it was, with what was found. Refused for one that is not parked any more."""
    row, refusal = _parked(session, actor, fulfillment_id)
    if row is None:
        return refusal
    _go_on(session, actor, row, "fulfillment.resumed")
    return _told(session, actor, row, done("floor_screen.resumed", Sound.ACCEPTED, number=row.number))


def pick_again(session: Session, actor: Actor, fulfillment_id: int) -> Outcome:
    """What a picker did not find is promised from other places, and the order goes on; refused where nothing is free.

    What was promised since, when stock came in, counts as well.
    """
    row, refusal = _parked(session, actor, fulfillment_id)
    if row is None:
        return refusal
    products = session.connection().execute(_MISSING, {"fulfillment": fulfillment_id}).scalars().all()
    tried = session.begin_nested()
    allocate_waiting(session, actor, products)
    if not products or _lacks(session, row.order_id):
        tried.rollback()
        return refused("floor_screen.nothing_to_pick", number=row.number)
    tried.commit()
    _go_on(session, actor, row, "fulfillment.picked_again")
    return _told(session, actor, row, done("floor_screen.picks_again", Sound.ACCEPTED, number=row.number))


def free_claim(session: Session, actor: Actor, kind: str, ref_id: int, reason: str) -> Outcome:
    """Ends somebody's lease, so that anybody can open the work. Refused for who may not take over, or if none holds it.

    `reason` is one of `take_over.REASONS`; it is written down with who held the work.
    """
    not_allowed = forbidden(session, actor, Permission.TAKE_OVER)
    if not_allowed is not None:
        return not_allowed
    row = session.connection().execute(_CLAIM, {"kind": kind, "ref": ref_id}).first()
    if row is None:
        return refused("floor_screen.nobody_has_it")
    detail = {"from_operator": row.operator_id, "from_station": row.station_id, "since": row.since, "reason": reason}
    audit.record(session, actor, "claim.freed", kind, ref_id, detail)
    claims.end(session, kind, ref_id)
    note_changes(session, actor, [Change(kind, ref_id)])
    return done("floor_screen.freed")


def _parked(session: Session, actor: Actor, fulfillment_id: int) -> tuple[pack_rows.FulfillmentRow | None, Outcome]:
    """The fulfillment, locked, if it is parked and the actor may decide; else why not."""
    session.flush()
    not_allowed = forbidden(session, actor, Permission.SETTLE_EXCEPTION)
    if not_allowed is not None:
        return None, not_allowed
    row = pack_rows.fulfillment(session, fulfillment_id)
    lock_orders(session, [row.order_id])
    lock_fulfillments(session, [fulfillment_id])
    row = pack_rows.fulfillment(session, fulfillment_id)
    settled = refused("floor_screen.settled", number=row.number)
    return (row if row.state is FulfillmentState.EXCEPTION else None), settled


def _lacks(session: Session, order_id: int) -> bool:
    return bool(session.connection().execute(_LACKS, {"order": order_id}).scalar_one())


def _go_on(session: Session, actor: Actor, row: pack_rows.FulfillmentRow, action: str) -> None:
    before = FulfillmentState(row.before or FulfillmentState.PICKED)
    pack_rows.set_state(session, row.id, before)
    audit.record(session, actor, action, "fulfillment", row.id, {"reason": row.reason, "state": before.value})


def _told(session: Session, actor: Actor, row: pack_rows.FulfillmentRow, outcome: Outcome) -> Outcome:
    refresh_orders(session, [row.order_id])
    note_changes(session, actor, [Change("fulfillment", row.id), Change("order", row.order_id)])
    return outcome
