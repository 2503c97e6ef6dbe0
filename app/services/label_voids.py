"""Labels to take back: a row first, then the carrier is asked, then it is void, or is what it was before."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.domain.outcomes import Change
from app.domain.states import LabelState, PackageState
from app.models.fulfillment import Fulfillment
from app.models.shipping import Label, Package
from app.models.system import OutboxMessage
from app.services import audit, labels, print_jobs
from app.services.actor import Actor
from app.services.changes import note_changes

TOPIC = "label.void"
MOST_ATTEMPTS = 8

_OPEN = (
    select(OutboxMessage.id, OutboxMessage.payload)
    .where(OutboxMessage.done_at.is_(None), OutboxMessage.topic == TOPIC, OutboxMessage.attempts < MOST_ATTEMPTS)
    .order_by(OutboxMessage.id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class VoidRequest:
    """A label that the carrier is to take back. `redo` buys another one for the parcel once it is void."""

    message_id: int
    label_id: int
    carrier: str
    account: str
    tracking_number: str
    redo: bool


def ask_for(session: Session, actor: Actor, label_id: int, *, redo: bool) -> None:
    """Writes down that a label is to be void. Raises StateError where it may not be any more."""
    label = labels.locked(session, label_id)
    labels.move(label, LabelState.VOIDING)
    session.flush()
    print_jobs.drop_label(session, actor, label_id)
    session.execute(
        insert(OutboxMessage),
        {
            "key": f"{TOPIC}:{label_id}",
            "topic": TOPIC,
            "payload": {"label_id": label_id, "package_id": label.package_id, "redo": redo},
            "created_at": actor.now,
        },
    )


def waiting(session: Session, most: int = 20) -> list[VoidRequest]:
    """Labels that carriers have not been asked about yet, or did not answer about, oldest first."""
    found = []
    for message_id, payload in session.execute(_OPEN, {"most": most}):
        label = session.get(Label, payload.get("label_id"))
        if label is not None:
            found.append(
                VoidRequest(
                    message_id, label.id, label.carrier, label.account, label.tracking_number, bool(payload.get("redo"))
                )
            )
    return found


def settled(session: Session, actor: Actor, request: VoidRequest, agreed: bool) -> int | None:
    """The carrier answered. Gives the id of the label to buy in its place, where another was wanted.

    A carrier that refuses keeps its label: it is bought as before, and somebody has to settle it with them.
    """
    _done(session, actor, request.message_id, "" if agreed else "refused")
    label = labels.locked(session, request.label_id)
    if label.state is not LabelState.VOIDING:
        return None
    package = session.get_one(Package, label.package_id)
    closed_again = package.state is PackageState.SEALED  # meanwhile, and waits for its next label
    if agreed:
        labels.void(session, actor, label.id)
    else:
        labels.move(label, LabelState.BOUGHT)
        order_id = session.get_one(Fulfillment, package.fulfillment_id).order_id
        audit.record(session, actor, "label.void_refused", "package", package.id, {"label": label.id})
        note_changes(session, actor, [Change("package", package.id), Change("order", order_id)])
    if not (agreed and (request.redo or closed_again)) or package.state is not PackageState.SEALED:
        return None
    return labels.intend(session, actor, package.id, label.carrier)


def unanswered(session: Session, request: VoidRequest, reason: str) -> None:
    """Nobody knows whether the carrier took it back: asked again later, with the same label."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == request.message_id)
        .values(attempts=OutboxMessage.attempts + 1, reason=reason[:500])
    )


def _done(session: Session, actor: Actor, message_id: int, reason: str) -> None:
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .values(done_at=actor.now, attempts=OutboxMessage.attempts + 1, reason=reason)
    )
