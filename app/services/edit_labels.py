"""Labels that are not true any more, because the address or the service changed: taken back, and bought anew."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Change
from app.services import label_voids, spoiled_labels
from app.services.actor import Actor

_OF_ORDER = text(
    "SELECT l.id, l.state, p.id AS package_id, p.fulfillment_id FROM fulfillments f "
    "JOIN packages p ON p.fulfillment_id = f.id AND p.state NOT IN ('handed_over', 'void') "
    "JOIN labels l ON l.package_id = p.id AND l.state NOT IN ('refused', 'voided', 'handed_over') "
    "WHERE f.order_id = :order AND f.state NOT IN ('shipped', 'cancelled') ORDER BY p.id"
)
_UNSETTLED = ("intended", "unknown", "void_refused")


def unsettled(session: Session, order_id: int) -> bool:
    """Whether a label is being bought just now, nobody knows whether it was, or its carrier keeps it."""
    rows = session.connection().execute(_OF_ORDER, {"order": order_id})
    return any(row.state in _UNSETTLED for row in rows)


def replace_labels(session: Session, actor: Actor, order_id: int) -> tuple[list[int], list[Change]]:
    """Takes back every label of parcels that have not left, to buy another for each; their paper must be scanned.

    The order and its fulfillments are locked by the caller. Gives the labels, and what was changed.
    """
    taken: list[int] = []
    changes: list[Change] = []
    for row in session.connection().execute(_OF_ORDER, {"order": order_id}).all():
        if row.state == "voiding":
            continue
        spoiled_labels.spoil(session, actor, row.id)
        label_voids.ask_for(session, actor, row.id, redo=True)
        taken.append(row.id)
        changes += [Change("label", row.id), Change("package", row.package_id)]
    return taken, changes
