"""A label that its carrier keeps: somebody who may decides whether it is used all the same, or its price is lost."""

from __future__ import annotations

from sqlalchemy import text

from app.domain.commands import Command
from app.domain.outcomes import Change, Outcome, Result, Sound, refused
from app.domain.roles import Permission, may
from app.domain.states import LabelState, PackageState
from app.models.fulfillment import Fulfillment
from app.models.shipping import Label, Package
from app.services import audit, labels, order_states, print_jobs
from app.services.desk import Desk

KEEP, LOSE = 1, 2
_KEY = "kept_label"
_KEPT = text(
    "SELECT l.id, l.tracking_number, l.reason, o.number, p.state FROM labels l JOIN packages p ON p.id = l.package_id "
    "JOIN fulfillments f ON f.id = p.fulfillment_id JOIN orders o ON o.id = f.order_id "
    "WHERE p.fulfillment_id = :fulfillment AND l.state = 'void_refused' ORDER BY l.id LIMIT 1"
)


def to_decide(desk: Desk, fulfillment_id: int) -> Outcome | None:
    """What must be decided about a label of this fulfillment before anything else; None where nothing must be."""
    row = desk.session.connection().execute(_KEPT, {"fulfillment": fulfillment_id}).first()
    if row is None:
        return None
    if not may(desk.actor.role, Permission.SETTLE_EXCEPTION):
        return refused("label.kept_needs_lead", Sound.ATTENTION, number=row.number, tracking=row.tracking_number)
    desk.memory[_KEY] = row.id
    void = row.state in (PackageState.VOID.value, PackageState.OPEN.value)
    code = "label.kept_of_nothing" if void else "label.kept_by_carrier"
    return refused(code, Sound.ATTENTION, number=row.number, tracking=row.tracking_number)


def answered(desk: Desk, command: Command) -> Outcome | None:
    """The decision by its digit; None where none is asked for."""
    label_id = desk.number(_KEY)
    if label_id is None:
        return None
    if command is Command.BACK:
        forget(desk)
        return Outcome(Result.DONE, "station.choice_dropped")
    if command.number not in (KEEP, LOSE):
        return refused("station.no_such_choice", count=LOSE) if command.number is not None else None
    return keep(desk, label_id) if command.number == KEEP else accept_loss(desk, label_id)


def forget(desk: Desk) -> None:
    """No decision is waited for any more."""
    desk.memory.pop(_KEY, None)


def keep(desk: Desk, label_id: int) -> Outcome:
    """The label is used: it comes out of the printer again, and the parcel leaves with it."""
    session, actor = desk.session, desk.actor
    label, package, fulfillment = _locked(desk, label_id)
    if label.state is not LabelState.VOID_REFUSED:
        forget(desk)
        return refused("label.decided", tracking=label.tracking_number)
    if package.state not in (PackageState.SEALED, PackageState.LABELLED):
        return refused("label.nothing_to_stick_it_on", tracking=label.tracking_number)
    forget(desk)
    labels.move(label, LabelState.BOUGHT)
    label.spoiled_at = None
    package.state = PackageState.LABELLED
    session.flush()
    labels.pack_whole(session, fulfillment)
    key = f"label-{label.id}-kept-{desk.gesture.id}"
    print_jobs.queue(
        session, actor, key[:64], "shipping-label", label.content, label_id=label.id, package_id=package.id
    )
    desk.effects.append(Change("print_job", label.id))
    return _told(desk, "label.kept", label, package, fulfillment)


def accept_loss(desk: Desk, label_id: int) -> Outcome:
    """Its price is lost; a parcel that is closed gets another label."""
    label, package, fulfillment = _locked(desk, label_id)
    forget(desk)
    if label.state is not LabelState.VOID_REFUSED:
        return refused("label.decided", tracking=label.tracking_number)
    labels.void(desk.session, desk.actor, label.id)
    desk.session.flush()
    if package.state is PackageState.SEALED:
        desk.effects.append(Change("label", labels.intend(desk.session, desk.actor, package.id, label.carrier)))
    return _told(desk, "label.lost", label, package, fulfillment)


def _locked(desk: Desk, label_id: int) -> tuple[Label, Package, Fulfillment]:
    label = labels.locked(desk.session, label_id)
    package = desk.session.get_one(Package, label.package_id, populate_existing=True)
    return label, package, desk.session.get_one(Fulfillment, package.fulfillment_id, populate_existing=True)


def _told(desk: Desk, code: str, label: Label, package: Package, fulfillment: Fulfillment) -> Outcome:
    order_states.refresh_orders(desk.session, [fulfillment.order_id])
    detail: dict[str, object] = {"label": label.id, "price": label.price, "currency": label.currency}
    audit.record(desk.session, desk.actor, code, "package", package.id, detail)
    for entity, ref in (("label", label.id), ("package", package.id), ("order", fulfillment.order_id)):
        desk.changed(entity, ref)
    desk.memory |= {"last_package": package.id, "last_fulfillment": fulfillment.id}
    return Outcome(Result.DONE, code, Sound.ACCEPTED, {"tracking": label.tracking_number})
