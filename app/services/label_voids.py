"""Labels to take back: a row first, then the carrier is asked until it answers; what it keeps, a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, bindparam, text, update
from sqlalchemy.orm import Session

from app.domain.outcomes import Change
from app.domain.states import LabelState, PackageState
from app.models.fulfillment import Fulfillment
from app.models.outbox import OutboxMessage
from app.models.shipping import Label, Package
from app.services import audit, labels, print_jobs
from app.services.actor import Actor
from app.services.changes import note_changes

TOPIC = "label.void"
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=15)
ASKING = timedelta(minutes=1)
"""While one station asks a carrier no other does; after this long it is thought to have crashed."""

# Found by the labels, of which few are being voided: the outbox may hold a great many messages of other kinds.
_OPEN = (
    text(
        "SELECT m.id, m.payload, m.attempts FROM labels l JOIN outbox m ON m.key = 'label.void:' || l.id "
        "WHERE l.state IN ('voiding', 'void_refused') AND l.state = 'voiding' AND m.done_at IS NULL "
        "AND (:now IS NULL OR m.next_try_at IS NULL OR m.next_try_at <= :now) ORDER BY l.id LIMIT :most"
    )
    .bindparams(bindparam("now", type_=BigInteger))
    .columns(id=OutboxMessage.id.type, payload=OutboxMessage.payload.type, attempts=OutboxMessage.attempts.type)
)
# A label that the carrier kept once may be asked for again: its row begins anew.
_ASK = text(
    "INSERT INTO outbox (key, topic, payload, created_at) VALUES (:key, :topic, :payload, :now) "
    "ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, attempts = 0, reason = '', next_try_at = NULL, "
    "done_at = NULL"
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
    attempts: int = 0


def ask_for(session: Session, actor: Actor, label_id: int, *, redo: bool) -> None:
    """Writes down that a label is to be void. Raises StateError where it may not be any more."""
    label = labels.locked(session, label_id)
    labels.move(label, LabelState.VOIDING)
    session.flush()
    write_down(session, actor, label_id, label.package_id, redo=redo)


def write_down(session: Session, actor: Actor, label_id: int, package_id: int, *, redo: bool) -> None:
    """The row by which the carrier is asked after the commit; the label does not come out of a printer any more."""
    print_jobs.drop_label(session, actor, label_id)
    redo_word = "true" if redo else "false"
    values = {
        "key": f"{TOPIC}:{label_id}",
        "topic": TOPIC,
        "payload": f'{{"label_id": {label_id}, "package_id": {package_id}, "redo": {redo_word}}}',
        "now": round(actor.now.timestamp() * 1000),
    }
    session.connection().execute(_ASK, values)


def waiting(session: Session, now: datetime | None = None, most: int = 20) -> list[VoidRequest]:
    """Labels that a carrier may be asked about now, oldest first; without `now` all that are not settled."""
    values = {"most": most, "now": None if now is None else round(now.timestamp() * 1000)}
    found = []
    for message_id, payload, attempts in session.execute(_OPEN, values):
        label = session.get(Label, payload.get("label_id"))
        if label is not None:
            redo = bool(payload.get("redo"))
            found.append(
                VoidRequest(message_id, label.id, label.carrier, label.account, label.tracking_number, redo, attempts)
            )
    return found


def take(session: Session, actor: Actor, request: VoidRequest) -> bool:
    """Begins to ask; False where another station does so, or has settled it."""
    message = session.get(OutboxMessage, request.message_id, with_for_update=True, populate_existing=True)
    if message is None or message.done_at is not None:
        return False
    if message.next_try_at is not None and message.next_try_at > actor.now:
        return False
    message.attempts += 1
    message.next_try_at = actor.now + ASKING
    return True


def settled(session: Session, actor: Actor, request: VoidRequest, agreed: bool) -> int | None:
    """The carrier answered. Gives the id of the label to buy in its place, where another was wanted.

    A label that the carrier keeps blocks its parcel until somebody decides (`label_decisions`).
    """
    _done(session, actor, request.message_id, "" if agreed else "refused")
    label = labels.locked(session, request.label_id)
    if label.state is not LabelState.VOIDING:
        return None
    package = session.get_one(Package, label.package_id)
    closed_again = package.state is PackageState.SEALED  # meanwhile, and waits for its next label
    if not agreed:
        labels.move(label, LabelState.VOID_REFUSED)
        order_id = session.get_one(Fulfillment, package.fulfillment_id).order_id
        audit.record(session, actor, "label.void_refused", "package", package.id, {"label": label.id})
        changes = [Change("package", package.id), Change("label", label.id), Change("order", order_id)]
        note_changes(session, actor, changes)
        return None
    labels.void(session, actor, label.id)
    if not (request.redo or closed_again) or package.state is not PackageState.SEALED:
        return None
    return labels.intend(session, actor, package.id, label.carrier)


def unanswered(session: Session, actor: Actor, request: VoidRequest, reason: str) -> None:
    """Nobody knows whether the carrier took it back: asked again later and later, with the same label, for good."""
    message = session.get(OutboxMessage, request.message_id, with_for_update=True, populate_existing=True)
    if message is None or message.done_at is not None:
        return
    message.reason = reason[:500]
    message.next_try_at = actor.now + wait_after(message.attempts)
    label = session.get_one(Label, request.label_id)
    note_changes(session, actor, [Change("label", label.id), Change("package", label.package_id)])


def wait_after(attempts: int) -> timedelta:
    """How long a carrier that did not answer so many times is left alone."""
    return min(FIRST_WAIT * (1 << min(max(attempts - 1, 0), 20)), LONGEST_WAIT)


def _done(session: Session, actor: Actor, message_id: int, reason: str) -> None:
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .values(done_at=actor.now, reason=reason, next_try_at=None)
    )
