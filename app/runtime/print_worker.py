"""The print queue of one station, carried out: each job once, at the neighbour's printer where that is the rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from app.domain.clock import Clock
from app.domain.errors import EnvironmentFailure, PickwickError
from app.domain.print_ports import PrinterStatus
from app.domain.states import PrintJobState
from app.models.database import Database
from app.presenters.gateway import JobEvent
from app.services import labels, print_jobs, print_routes
from app.services.actor import Actor
from app.services.print_jobs import JobToPrint


@dataclass(frozen=True, slots=True)
class PrintAnswer:
    """What became of sending: `sent` says that it is with the printer; `doubtful` that nobody knows.

    `waits` says that nothing was sent because the printer can't print now; once it can, it prints by itself.
    """

    sent: bool
    doubtful: bool
    reason: str
    printer: str
    waits: bool = False


class DocumentPrinter(Protocol):
    """Draws a document and brings it to a printer; one thread owns it."""

    def print(self, job: JobToPrint) -> PrintAnswer:
        """Prints one job; every failure of the printer is an answer, not an error."""

    def standing(self, document: str, printer: str = "") -> PrinterStatus:
        """How the printer for such documents is, or the one at an address; it is asked unless it just was."""

    def ask(self) -> None:
        """Asks the label printer how it is, for its lamp; nothing while there is none."""

    def close(self) -> None:
        """Lets go of the printers."""


class PrintWorker:
    """Used on one thread. What a printer answered is kept here until the database has it."""

    def __init__(
        self,
        database: Database,
        actor: Callable[[datetime], Actor],
        printer: DocumentPrinter,
        clock: Clock,
        on_job: Callable[[JobEvent], None],
        on_fault: Callable[[Exception], None],
    ) -> None:
        self._database, self._actor, self._printer = database, actor, printer
        self._clock, self._on_job, self._on_fault = clock, on_job, on_fault
        self._answers: list[tuple[JobToPrint, PrintAnswer, str]] = []

    def settle(self) -> None:
        """Stores answers that the database has not taken yet."""
        while self._answers:
            self._or_asked_about(self._settle_last)

    def after_crash(self) -> None:
        """Jobs that were being sent when this station stopped are asked about."""
        self.settle()
        self._ask_about_unfinished()

    def _ask_about_unfinished(self) -> None:
        actor = self._actor(self._clock())
        for job in self._database.write(lambda session: print_jobs.after_crash(session, actor)):
            self._tell(job, PrintJobState.FAILED, PrintAnswer(False, True, print_jobs.INTERRUPTED, job.printer))

    def standing(self, document: str) -> PrinterStatus:
        """How it stands with the printer that such a document would come out of now: its own, else the neighbour's."""
        own = self._printer.standing(document)
        if own.can_print:
            return own
        other = self._stand_in(document)
        if other is None or other.unfit:
            return own
        there = self._printer.standing(document, other.printer)
        return there if there.can_print else own

    def next(self) -> bool:
        """Prints the job that waits longest; False when none waits, or when this one has to wait on."""
        actor = self._actor(self._clock())
        if not self._database.read(lambda session: print_jobs.any_waits(session, actor)):
            return False
        job = self._database.write(lambda session: print_jobs.take_next(session, actor))
        if job is None:
            return False
        return self._or_asked_about(lambda: self._carry_out(job)) is not PrintJobState.QUEUED

    def _carry_out(self, job: JobToPrint) -> PrintJobState:
        self._tell(job, PrintJobState.SENDING, PrintAnswer(False, False, "", job.printer))
        self._answers.append((job, *self._print(job)))
        return self._settle_last()

    def _or_asked_about(self, deed: Callable[[], PrintJobState]) -> PrintJobState | None:
        """What a job came to; None after a fault of ours: then it is asked about as after a crash, for no later
        moment of this run would settle it."""
        try:
            return deed()
        except EnvironmentFailure:
            raise
        except Exception as fault:  # noqa: BLE001 - shown and logged; nobody knows what of it was sent
            self._on_fault(fault)
            self._answers.clear()
            self._ask_about_unfinished()
            return None

    def _print(self, job: JobToPrint) -> tuple[PrintAnswer, str]:
        """What became of a job, and the neighbour at whose printer it came out, if one stood in."""
        answer = self._send(job)
        if answer.waits and job.doubted:  # it may hold what it was sent before, and print that once it can
            return replace(answer, waits=False, doubtful=True), ""
        if not answer.waits or job.printer:
            return answer, ""
        other = self._stand_in(job.document, made_for_dots=job.payload is not None)
        if other is None:
            return answer, ""
        if other.unfit:
            return replace(answer, reason=f"{answer.reason} {other.unfit}"), ""
        there = self._send(replace(job, printer=other.printer))
        return (there, other.station) if there.sent or there.doubtful else (answer, "")

    def _send(self, job: JobToPrint) -> PrintAnswer:
        try:
            return self._printer.print(job)
        except PickwickError as error:
            return PrintAnswer(False, False, str(error), job.printer)
        except Exception as fault:  # noqa: BLE001 - shown and logged; nobody knows what of it was sent
            self._on_fault(fault)
            return PrintAnswer(False, True, print_jobs.INTERRUPTED, job.printer)

    def _stand_in(self, document: str, *, made_for_dots: bool = False) -> print_routes.StandIn | None:
        now = self._clock()
        station = self._actor(now).station_id
        if station is None:
            return None
        return self._database.read(
            lambda session: print_routes.stand_in(session, station, document, now, made_for_dots=made_for_dots)
        )

    def _settle_last(self) -> PrintJobState:
        job, answer, instead = self._answers[-1]
        actor = self._actor(self._clock())
        state = self._database.write(lambda session: settle(session, actor, job, answer), once_by_itself=True)
        self._answers.pop()
        self._tell(job, state, answer, instead)
        return state

    def _tell(self, job: JobToPrint, state: PrintJobState, answer: PrintAnswer, instead: str = "") -> None:
        doubtful = state is PrintJobState.FAILED and answer.doubtful
        self._on_job(
            JobEvent(
                job.id,
                job.package_id,
                job.document,
                state,
                answer.reason,
                answer.printer,
                self._clock(),
                doubtful,
                instead,
            )
        )


def settle(session: Session, actor: Actor, job: JobToPrint, answer: PrintAnswer) -> PrintJobState:
    """Stores what a printer answered to a job; gives the job's state."""
    if not answer.sent:
        return print_jobs.not_printed(
            session,
            actor,
            job.id,
            answer.reason,
            nothing_was_sent=not answer.doubtful,
            printer=answer.printer,
            waits=answer.waits,
        )
    label_id = print_jobs.printed(session, actor, job.id, answer.printer)
    if label_id is not None:
        labels.came_out(session, actor, label_id)
    return PrintJobState.PRINTED
