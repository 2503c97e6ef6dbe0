"""What is done with the print jobs of a printer at its bench: a test label, the last one again, the queue emptied."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.documents import DocumentKind
from app.domain.outcomes import Outcome, Result, Sound, refused
from app.domain.roles import Permission
from app.domain.states import LabelState, PrintJobState
from app.models.shipping import Label, PrintJob
from app.services import print_jobs
from app.services.actor import Actor
from app.services.audit import record
from app.services.permissions import forbidden

TEST_CONTENT = {"code": "T-TEST"}


def print_test(session: Session, actor: Actor, key: str, printer: str) -> Outcome:
    """Queues a test label."""
    not_allowed = forbidden(session, actor, Permission.REPRINT)
    if not_allowed is None:
        print_jobs.queue(session, actor, key, DocumentKind.TOTE.value, TEST_CONTENT, printer=printer)
    return not_allowed or _done("devices_screen.done.test")


def print_again(session: Session, actor: Actor, job_id: int, key: str, printer: str) -> Outcome:
    """Queues the document of a job once more. A badge is printed where people are kept, and nowhere else; a label that
    was taken back is not printed again.
    """
    not_allowed = forbidden(session, actor, Permission.REPRINT)
    if not_allowed is not None:
        return not_allowed
    job = session.get_one(PrintJob, job_id)
    if job.document == DocumentKind.BADGE.value:
        return refused("devices_screen.done.no_badge")
    if job.label_id is not None and session.get_one(Label, job.label_id).state in (
        LabelState.REFUSED,
        LabelState.VOIDING,
        LabelState.VOIDED,
    ):
        return refused("devices_screen.done.label_void")
    if job.state in (PrintJobState.QUEUED, PrintJobState.SENDING):
        return refused("devices_screen.done.not_yet")
    if job.state is PrintJobState.FAILED and job.doubtful and job.package_id is not None:
        return refused("devices_screen.done.doubtful")
    if job.state is PrintJobState.FAILED:
        print_jobs.retry(session, actor, job_id)
        return _done("devices_screen.done.reprint")
    again = print_jobs.queue(
        session,
        actor,
        key,
        job.document,
        job.content,
        printer=printer,
        label_id=job.label_id,
        package_id=job.package_id,
        reprint_of=job.id,
    )
    session.get_one(PrintJob, again).payload = job.payload
    record(session, actor, "print.again", "print_job", again, {"of": job.id})
    return _done("devices_screen.done.reprint")


def clear_waiting(session: Session, actor: Actor, job_ids: tuple[int, ...]) -> Outcome:
    """Takes jobs out of the queue; those that are being sent, or are done, stay as they are."""
    not_allowed = forbidden(session, actor, Permission.MANAGE_STATION)
    if not_allowed is not None:
        return not_allowed
    waiting = select(PrintJob.id).where(PrintJob.id.in_(job_ids), PrintJob.state == PrintJobState.QUEUED)
    gone = [job for job in session.execute(waiting).scalars().all() if print_jobs.cancel(session, actor, job)]
    record(session, actor, "print.clear", "station", actor.station_id, {"jobs": gone})
    return _done("devices_screen.done.clear", count=len(gone))


def _done(code: str, **values: int) -> Outcome:
    return Outcome(Result.DONE, code, Sound.ACCEPTED, dict(values))
