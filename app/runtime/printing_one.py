"""One document through the print queue, waited for: what the command line prints with."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.clock import Clock
from app.domain.states import PrintJobState
from app.models.database import Database
from app.models.shipping import PrintJob
from app.runtime.print_worker import DocumentPrinter, settle
from app.services import print_jobs
from app.services.actor import Actor
from app.services.print_jobs import JobToPrint

SECONDS_BETWEEN = 0.2


@dataclass(frozen=True, slots=True)
class JobEnd:
    """How a print job stood when it was final, or when the waiting ended; `reason` says why it is not printed."""

    id: int
    state: PrintJobState
    reason: str


def print_and_wait(
    database: Database,
    actor: Callable[[datetime], Actor],
    clock: Clock,
    printer: DocumentPrinter,
    job_id: int,
    wait: float,
) -> JobEnd:
    """Sends one queued job, again and again while that is safe, until it is final or `wait` seconds are over.

    It is tried at least once. Raises EnvironmentFailure when the database fails.
    """
    end, pause = time.monotonic() + wait, threading.Event()
    while True:
        job = database.write(lambda session: print_jobs.take(session, actor(clock()), job_id))
        if job is not None:
            _send(database, actor, clock, printer, job)
        standing = database.read(lambda session: _standing(session, job_id))
        left = end - time.monotonic()
        if standing.state not in (PrintJobState.QUEUED, PrintJobState.SENDING) or left <= 0:
            return standing
        pause.wait(min(SECONDS_BETWEEN, left))


def _send(
    database: Database, actor: Callable[[datetime], Actor], clock: Clock, printer: DocumentPrinter, job: JobToPrint
) -> None:
    answer = printer.print(job)
    database.write(lambda session: settle(session, actor(clock()), job, answer))


def _standing(session: Session, job_id: int) -> JobEnd:
    job = session.get_one(PrintJob, job_id)
    return JobEnd(job.id, job.state, "" if job.state is PrintJobState.PRINTED else job.reason)
