"""Documents on their way out of a printer: rows first, carried out after the commit, each sent once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from app.domain.states import LabelState, PrintJobState
from app.models.shipping import Label, PrintJob
from app.services.actor import Actor

MOST_ATTEMPTS = 5
_WAITS = (0, 2, 5, 15, 30)  # seconds before the next try
LOOK_AGAIN = 5
"""Seconds until a printer that can't print is asked again at the latest: somebody stands there with a roll."""


@dataclass(frozen=True, slots=True)
class JobToPrint:
    """A job that this station's print worker has taken: what to draw, and for which printer.

    `doubted` says that it was sent before and somebody said that it did not come out.
    """

    id: int
    document: str
    content: Mapping[str, object]
    payload: bytes | None
    printer: str
    label_id: int | None
    package_id: int | None
    attempts: int
    doubted: bool = False


_AMONG_OPEN = text("print_jobs.state IN ('queued', 'sending', 'failed')")
"""The words of the index of open jobs: else SQLite reads all that were ever printed."""
_NEXT = (
    select(PrintJob)
    .where(
        PrintJob.station_id == bindparam("station"),
        PrintJob.state == PrintJobState.QUEUED,
        _AMONG_OPEN,
        (PrintJob.next_try_at.is_(None)) | (PrintJob.next_try_at <= bindparam("now")),
    )
    .order_by(PrintJob.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_WAITS_NOW = (
    select(PrintJob.id)
    .where(
        PrintJob.station_id == bindparam("station"),
        PrintJob.state == PrintJobState.QUEUED,
        _AMONG_OPEN,
        (PrintJob.next_try_at.is_(None)) | (PrintJob.next_try_at <= bindparam("now")),
    )
    .limit(1)
)
_SETTLE = (
    update(PrintJob)
    .where(PrintJob.id == bindparam("job"))
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        next_try_at=None,
        doubtful=bindparam("new_doubt"),
        done_at=bindparam("new_done"),
    )
)
INTERRUPTED = "interrupted"
"""The reason of a job that was being sent when its station stopped."""


def queue(
    session: Session,
    actor: Actor,
    key: str,
    document: str,
    content: Mapping[str, object],
    *,
    printer: str = "",
    label_id: int | None = None,
    package_id: int | None = None,
    reprint_of: int | None = None,
) -> int:
    """Puts a document into the queue of this station; the same key twice is one job. Gives the job's id."""
    known = session.execute(select(PrintJob.id).where(PrintJob.key == key)).scalar_one_or_none()
    if known is not None:
        return known
    job = PrintJob(
        key=key,
        station_id=actor.station_id,
        document=document,
        printer=printer,
        content=dict(content),
        label_id=label_id,
        package_id=package_id,
        reprint_of_id=reprint_of,
        created_at=actor.now,
        operator_id=actor.operator_id,
    )
    session.add(job)
    session.flush()
    return job.id


def any_waits(session: Session, actor: Actor) -> bool:
    """Whether a job of this station may be sent now; a look that makes no writer wait."""
    return session.execute(_WAITS_NOW, {"station": actor.station_id, "now": actor.now}).first() is not None


def take_next(session: Session, actor: Actor) -> JobToPrint | None:
    """The oldest job of this station that may be sent now, marked as being sent; None when nothing waits."""
    found = session.execute(_NEXT, {"station": actor.station_id, "now": actor.now}).scalar_one_or_none()
    return None if found is None else _taken(found)


def take(session: Session, actor: Actor, job_id: int) -> JobToPrint | None:
    """One job, marked as being sent; None when it may not be sent now."""
    chosen = select(PrintJob).where(
        PrintJob.id == job_id,
        PrintJob.state == PrintJobState.QUEUED,
        (PrintJob.next_try_at.is_(None)) | (PrintJob.next_try_at <= actor.now),
    )
    found = session.execute(chosen.with_for_update(skip_locked=True)).scalar_one_or_none()
    return None if found is None else _taken(found)


def _taken(job: PrintJob) -> JobToPrint:
    job.state = PrintJobState.SENDING
    job.attempts += 1
    return _work_of(job)


def _work_of(job: PrintJob) -> JobToPrint:
    return JobToPrint(
        job.id,
        job.document,
        job.content,
        job.payload,
        job.printer,
        job.label_id,
        job.package_id,
        job.attempts,
        job.doubtful,
    )


def printed(session: Session, actor: Actor, job_id: int, printer: str = "") -> int | None:
    """The printer took the whole job. Gives the label's id when it was a label that is printed for the first time."""
    _settle(session, job_id, PrintJobState.PRINTED, "", actor)
    _sent_to(session, job_id, printer)
    job = session.execute(select(PrintJob.label_id).where(PrintJob.id == job_id)).one()
    if job.label_id is None:
        return None
    moved = session.execute(
        update(Label).where(Label.id == job.label_id, Label.state == LabelState.BOUGHT).values(state=LabelState.PRINTED)
    )
    return job.label_id if getattr(moved, "rowcount", 0) == 1 else None


def not_printed(
    session: Session,
    actor: Actor,
    job_id: int,
    reason: str,
    *,
    nothing_was_sent: bool,
    printer: str = "",
    waits: bool = False,
) -> PrintJobState:
    """The printer did not take the job. What certainly never left is tried again later; a doubtful job waits for a
    person, so that nothing prints twice. What `waits` for a printer that can't print now is tried until it can."""
    _sent_to(session, job_id, printer)
    job = session.get_one(PrintJob, job_id)
    if nothing_was_sent and (waits or job.attempts < MOST_ATTEMPTS):
        longest = LOOK_AGAIN if waits else _WAITS[-1]
        wait = min(_WAITS[min(job.attempts, len(_WAITS) - 1)], longest)
        job.state, job.reason, job.next_try_at = PrintJobState.QUEUED, reason, actor.now + timedelta(seconds=wait)
        return PrintJobState.QUEUED
    _settle(session, job_id, PrintJobState.FAILED, reason, actor, doubtful=not nothing_was_sent)
    return PrintJobState.FAILED


def came_out(session: Session, actor: Actor, job_id: int) -> bool:
    """Somebody saw that a doubtful document came out: it counts as printed. False when nobody doubts it (any more)."""
    job = session.get_one(PrintJob, job_id, with_for_update=True, populate_existing=True)
    if job.state is not PrintJobState.FAILED or not job.doubtful:
        return False
    job.state, job.doubtful, job.done_at = PrintJobState.PRINTED, False, actor.now
    session.flush()
    return True


def seen_on_its_box(session: Session, actor: Actor, label_id: int) -> None:
    """A label that was scanned on its box came out, whatever its printer said."""
    session.execute(
        update(PrintJob)
        .where(PrintJob.label_id == label_id, PrintJob.state == PrintJobState.FAILED, PrintJob.doubtful)
        .values(state=PrintJobState.PRINTED, doubtful=False, done_at=actor.now)
    )


def waiting_of(session: Session, package_id: int) -> list[int]:
    """The jobs of a parcel that did not come out or that the printer could not take, oldest first."""
    rows = session.execute(
        select(PrintJob.id)
        .where(
            PrintJob.package_id == package_id,
            (PrintJob.state == PrintJobState.FAILED)
            | (PrintJob.state == PrintJobState.QUEUED) & PrintJob.next_try_at.is_not(None),
        )
        .order_by(PrintJob.id)
    )
    return list(rows.scalars())


def retry(session: Session, actor: Actor, job_id: int) -> bool:
    """Puts a failed job back into the queue, or lets one that waits be tried now; False when it is neither.

    One that was doubtful stays so until it is printed: its printer may still hold what it was sent before.
    """
    job = session.get_one(PrintJob, job_id, with_for_update=True)
    if job.state is not PrintJobState.FAILED and (job.state is not PrintJobState.QUEUED or job.next_try_at is None):
        return False
    job.state, job.next_try_at, job.attempts, job.reason = PrintJobState.QUEUED, None, 0, ""
    return True


def cancel(session: Session, actor: Actor, job_id: int) -> bool:
    """Takes a job that waits or failed out of the queue; False when it is being sent or done."""
    job = session.get_one(PrintJob, job_id, with_for_update=True)
    if job.state not in (PrintJobState.FAILED, PrintJobState.QUEUED):
        return False
    _settle(session, job_id, PrintJobState.CANCELLED, "", actor)
    return True


def drop_label(session: Session, actor: Actor, label_id: int) -> None:
    """A label that is taken back is not printed any more, nor is the slip of its parcel."""
    parcel = select(Label.package_id).where(Label.id == label_id).scalar_subquery()
    session.execute(
        update(PrintJob)
        .where(PrintJob.package_id == parcel, PrintJob.state.in_((PrintJobState.QUEUED, PrintJobState.FAILED)))
        .values(state=PrintJobState.CANCELLED, doubtful=False, done_at=actor.now)
    )


def in_doubt(session: Session, actor: Actor, job_id: int, printer: str = "") -> None:
    """A job that was being sent when nobody could write it down: nobody knows whether it came out, a person decides."""
    _sent_to(session, job_id, printer)
    _interrupted(session.get_one(PrintJob, job_id, with_for_update=True), actor)


def after_crash(session: Session, actor: Actor) -> tuple[JobToPrint, ...]:
    """Jobs that were being sent when this station stopped: nobody knows whether they came out, so a person decides."""
    jobs = session.execute(
        select(PrintJob)
        .where(PrintJob.station_id == actor.station_id, PrintJob.state == PrintJobState.SENDING)
        .order_by(PrintJob.id)
        .with_for_update()
    ).scalars()
    return tuple(_interrupted(job, actor) for job in jobs.all())


def _interrupted(job: PrintJob, actor: Actor) -> JobToPrint:
    job.state, job.reason, job.doubtful, job.done_at = PrintJobState.FAILED, INTERRUPTED, True, actor.now
    return _work_of(job)


def reprint(session: Session, actor: Actor, package_id: int, key: str) -> int | None:
    """The same label again, free: a new job from the same content. None when the parcel has no label."""
    job = (
        session.execute(
            select(PrintJob)
            .join(Label, Label.id == PrintJob.label_id)
            .where(
                PrintJob.package_id == package_id,
                PrintJob.reprint_of_id.is_(None),
                Label.state.not_in((LabelState.REFUSED, LabelState.VOIDED)),
            )
            .order_by(PrintJob.id.desc())
            .limit(1)
        )
        .scalars()
        .first()
    )
    if job is None:
        return None
    return queue(
        session,
        actor,
        key,
        job.document,
        job.content,
        printer=job.printer,
        label_id=job.label_id,
        package_id=package_id,
        reprint_of=job.id,
    )


def _sent_to(session: Session, job_id: int, printer: str) -> None:
    if printer:
        session.execute(update(PrintJob).where(PrintJob.id == job_id).values(sent_to=printer[:400]))


def _settle(
    session: Session, job_id: int, state: PrintJobState, reason: str, actor: Actor, *, doubtful: bool = False
) -> None:
    session.execute(
        _SETTLE,
        {
            "job": job_id,
            "new_state": state,
            "new_reason": reason[:1000],
            "new_doubt": doubtful,
            "new_done": actor.now,
        },
    )
