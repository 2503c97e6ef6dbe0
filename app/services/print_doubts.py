"""Did it come out? What a person says of a document whose printer did not tell."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.commands import Command
from app.domain.outcomes import Change, Outcome, Place, Result, Sound, Value
from app.domain.roles import Permission, may
from app.queries.print_doubts import PrintDoubt, print_doubts
from app.services import audit, labels, print_jobs
from app.services.actor import Actor
from app.services.desk import Desk


def answered(desk: Desk, command: Command) -> Outcome | None:
    """PW-OK and PW-RETRY answer the first question of this station; None where they answer none."""
    if command not in (Command.OK, Command.RETRY):
        return None
    doubt = next(iter(print_doubts(desk.session, desk.actor.station_id or 0, 1)), None)
    if doubt is None or (command is Command.RETRY and _means_the_last_parcel(desk, doubt)):
        return None
    values: dict[str, Value] = {
        "document": doubt.document,
        "number": doubt.order_number,
        "package_id": doubt.package_id or 0,
        "job_id": doubt.job_id,
    }
    if command is Command.OK:
        came_out(desk.session, desk.actor, doubt.job_id, doubt.label_id)
        code = "pack.came_out"
    else:
        print_jobs.retry(desk.session, desk.actor, doubt.job_id)
        desk.effects.append(Change("print_job", doubt.job_id))
        code = "pack.did_not_come_out"
    if doubt.package_id is not None:
        desk.changed("package", doubt.package_id)
    return Outcome(Result.DONE, code, Sound.ACCEPTED, values)


def asked_elsewhere(desk: Desk, command: Command) -> Outcome | None:
    """An answer given at another place than Pack: there the question is shown first. None where nothing is asked."""
    if command not in (Command.OK, Command.RETRY) or not may(desk.actor.role, Permission.PACK):
        return None
    doubt = next(iter(print_doubts(desk.session, desk.actor.station_id or 0, 1)), None)
    if doubt is None or (command is Command.RETRY and _last_parcel_waits(desk)):
        return None
    desk.place = Place.PACK
    return Outcome(Result.NAVIGATE, "pack.doubt_asked", Sound.ATTENTION, place=Place.PACK)


def _means_the_last_parcel(desk: Desk, doubt: PrintDoubt) -> bool:
    """Whether "again" is said of the parcel in hand, which waits for its printer, and not of an older document."""
    in_hand = desk.work_id or desk.number("last_fulfillment")
    return doubt.fulfillment_id != in_hand and _last_parcel_waits(desk)


def _last_parcel_waits(desk: Desk) -> bool:
    package_id = desk.number("last_package")
    return package_id is not None and bool(print_jobs.waiting_of(desk.session, package_id))


def came_out(session: Session, actor: Actor, job_id: int, label_id: int | None) -> bool:
    """A person saw it: it is printed as if its printer had said so. False when somebody else answered before."""
    if label_id is not None:
        labels.locked(session, label_id)  # before the job, in the order in which all lock
    if not print_jobs.came_out(session, actor, job_id):
        return False
    printed = print_jobs.printed(session, actor, job_id)
    if printed is not None:
        labels.came_out(session, actor, printed)
    audit.record(session, actor, "print_job.came_out", "print_job", job_id, {"label": label_id})
    return True
