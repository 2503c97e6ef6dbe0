"""The paper of a label that was taken back: found and scanned, so that no parcel leaves with it."""

from __future__ import annotations

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.domain.outcomes import Change, Outcome, Result, Sound, Value, refused
from app.domain.roles import Permission
from app.models.fulfillment import Fulfillment
from app.models.shipping import Label, Package
from app.services import audit, labels
from app.services.actor import Actor
from app.services.changes import note_changes
from app.services.desk import Desk
from app.services.identify import Named, NamedKind
from app.services.permissions import forbidden
from app.services.settings_store import AT_LABEL, floor_settings

# Its paper came out, or may be coming out now; nobody need look for one that never left the printer.
_SPOIL = text(
    "UPDATE labels SET spoiled_at = :now, collected_at = NULL WHERE id = :label AND (state IN ('printed', 'applied') "
    "OR EXISTS (SELECT 1 FROM print_jobs j WHERE j.label_id = labels.id AND j.state IN ('sending', 'printed')))"
)


def spoil(session: Session, actor: Actor, label_id: int) -> None:
    """A label's order or parcel was cancelled: its paper, where there is any, must be scanned. Before it is voided."""
    session.connection().execute(_SPOIL, {"label": label_id, "now": round(actor.now.timestamp() * 1000)})


def collect(desk: Desk, named: tuple[Named, ...]) -> Outcome | None:
    """The paper was scanned; None where the code names none that is looked for."""
    found = next((one for one in named if one.kind is NamedKind.SPOILED), None)
    if found is None:
        return None
    desk.session.execute(update(Label).where(Label.id == found.ref).values(collected_at=desk.actor.now))
    package_id = int(found.sub)
    _may_leave_now(desk.session, desk.actor, package_id)
    order_id = desk.session.execute(
        select(Fulfillment.order_id)
        .join(Package, Package.fulfillment_id == Fulfillment.id)
        .where(Package.id == package_id)
    ).scalar_one()
    for entity, ref in (("label", found.ref), ("package", package_id), ("order", order_id)):
        desk.changed(entity, ref)
    return Outcome(Result.DONE, "label.collected", Sound.ACCEPTED, {"tracking": found.title})


def _may_leave_now(session: Session, actor: Actor, package_id: int) -> None:
    """Its parcel may have waited for nothing else, where printed labels hand over."""
    if floor_settings(session).handover == AT_LABEL:
        labels.ship_when_whole(session, actor, package_id)


def not_found(session: Session, actor: Actor, package_id: int) -> Outcome:
    """The paper is gone: nobody need look for it any more. A lead answers for that, and it is written down."""
    refusal = forbidden(session, actor, Permission.SETTLE_EXCEPTION)
    if refusal is not None:
        return refusal
    wanted = (Label.package_id == package_id, Label.spoiled_at.is_not(None), Label.collected_at.is_(None))
    found = session.execute(select(Label.id, Label.tracking_number).where(*wanted).with_for_update()).all()
    if not found:
        return refused("label.not_looked_for")
    session.execute(update(Label).where(Label.id.in_([row.id for row in found])).values(collected_at=actor.now))
    _may_leave_now(session, actor, package_id)
    audit.record(session, actor, "label.not_found", "package", package_id, {"labels": [row.id for row in found]})
    changes = [Change("package", package_id), *(Change("label", row.id) for row in found)]
    changed = note_changes(session, actor, changes)
    values: dict[str, Value] = {"tracking": found[0].tracking_number}
    return Outcome(Result.DONE, "label.given_up", Sound.ACCEPTED, values, changes=changed)
