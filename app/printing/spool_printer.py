"""The system's own print queue as a printer: our bytes go through it unchanged, and its word on the job comes back."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.domain.print_ports import (
    PrinterNotReady,
    PrinterState,
    PrinterStatus,
    PrinterUnreachable,
    PrintInterrupted,
    PrintLanguage,
    PrintPayload,
    SendResult,
)


class JobFate(StrEnum):
    """What the queue knows of a job."""

    WAITS = "waits"
    """In the queue; nothing of it is out."""
    GOES_OUT = "goes-out"
    """On its way to the printer."""
    DONE = "done"
    """All bytes were handed to the printer."""
    GIVEN_UP = "given-up"
    """Cancelled or aborted; part of it may be out."""
    FORGOTTEN = "forgotten"
    """The queue keeps no record of it any more."""


class Spooler(Protocol):
    """The print queues of one operating system. All raise PrinterUnreachable when the queue is not there."""

    def status(self, queue: str) -> PrinterStatus:
        """What the queue says of its printer; unknown when it only says that nothing is known to be wrong."""

    def submit(self, queue: str, title: str, data: bytes, *, raw: bool = True) -> str:
        """Queues the bytes, `raw` as they are, and gives the job's id. Raises PrintInterrupted when nobody knows."""

    def fate(self, queue: str, job: str) -> JobFate:
        """What became of a job."""

    def withdraw(self, queue: str, job: str) -> None:
        """Takes a job out of the queue; nothing when it is no longer there."""


@dataclass(frozen=True, slots=True)
class SpoolPatience:
    """Seconds."""

    job: float = 20.0
    """Until a job that is still in the queue is taken out again."""
    trouble: float = 5.0
    """The same, while the queue says that something is wrong."""
    look: float = 0.1
    look_most: float = 1.0


class SpoolPrinter:
    """One queue."""

    def __init__(
        self,
        uri: str,
        queue: str,
        spooler: Spooler,
        language: PrintLanguage,
        dpi: int,
        patience: SpoolPatience | None = None,
    ) -> None:
        self.uri = uri
        self.language = language
        self.dpi = dpi
        self._queue, self._spooler, self._patience = queue, spooler, patience or SpoolPatience()

    def status(self) -> PrinterStatus:
        """What the queue says now."""
        try:
            return self._spooler.status(self._queue)
        except PrinterUnreachable:
            return PrinterStatus(PrinterState.UNREACHABLE)

    def send(self, job: PrintPayload) -> SendResult:
        """Queue it once. Raises PrinterUnreachable, PrinterNotReady or PrintInterrupted.

        Never confirmed: a queue knows that the bytes went out, not that a label came. What does not go out in time is
        withdrawn, so that no label comes by itself after somebody decided to print it again.
        """
        before = self._spooler.status(self._queue)
        if not before.can_print:
            raise PrinterNotReady(self.uri, before)
        raw = self.language is not PrintLanguage.PDF  # pages are drawn by the queue: few printers understand PDF
        number = self._spooler.submit(self._queue, job.title, job.data, raw=raw)
        try:
            fate = self._watch(number)
            status = self._spooler.status(self._queue)
            if fate in (JobFate.WAITS, JobFate.GOES_OUT):
                self._withdraw(number, fate, status)
        except PrinterUnreachable as error:
            raise PrintInterrupted("printing.interrupted", printer=self.uri) from error
        if fate is JobFate.GIVEN_UP:
            raise PrintInterrupted("printing.spool.aborted", queue=self._queue)
        return SendResult(status, confirmed=False)

    def _watch(self, number: str) -> JobFate:
        began, pause = time.monotonic(), self._patience.look
        while (fate := self._spooler.fate(self._queue, number)) in (JobFate.WAITS, JobFate.GOES_OUT):
            passed = time.monotonic() - began
            troubled = passed >= self._patience.trouble and not self._spooler.status(self._queue).can_print
            if troubled or passed >= self._patience.job:
                return fate
            time.sleep(pause)
            pause = min(2 * pause, self._patience.look_most)
        return fate

    def _withdraw(self, number: str, before: JobFate, status: PrinterStatus) -> None:
        """Raises PrinterNotReady when nothing of it went out, PrintInterrupted when nobody knows; else it came out."""
        if before is JobFate.WAITS:  # it may have begun while the printer was asked how it is
            before = self._spooler.fate(self._queue, number)
        self._spooler.withdraw(self._queue, number)
        if JobFate.DONE in (before, self._spooler.fate(self._queue, number)):
            return
        if before is JobFate.WAITS:
            state = PrinterState.UNREACHABLE if status.can_print else status.state
            raise PrinterNotReady(self.uri, PrinterStatus(state, status.waiting, status.warnings))
        raise PrintInterrupted("printing.spool.withdrawn", queue=self._queue)
