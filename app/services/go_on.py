"""What an order does once what held it is settled: it is promised stock, and parcels that waited for it leave."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Outcome
from app.services import labels
from app.services.actor import Actor
from app.services.allocate import AllocationResult, allocate_orders
from app.services.settings_store import AT_LABEL, floor_settings

_WAITING = text(
    "SELECT MIN(p.id) FROM packages p JOIN fulfillments f ON f.id = p.fulfillment_id "
    "WHERE f.order_id = :order AND f.state = 'packed' AND p.state = 'labelled' GROUP BY f.id ORDER BY f.id"
)


def unless_refused(session: Session, actor: Actor, order_id: int, outcome: Outcome) -> Outcome:
    """Lets an order go on after a deed that may have settled what held it; gives the deed's own answer."""
    if not outcome.refused:
        go_on(session, actor, order_id)
    return outcome


def go_on(session: Session, actor: Actor, order_id: int) -> AllocationResult:
    """To be called in the transaction that released a hold. Where printed labels hand over, what was printed leaves."""
    result = allocate_orders(session, actor, [order_id])
    if floor_settings(session).handover == AT_LABEL:
        for package_id in session.execute(_WAITING, {"order": order_id}).scalars().all():
            labels.ship_when_whole(session, actor, package_id)
    return result
