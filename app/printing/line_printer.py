"""A printer at the end of a line: open, ask how it is, send once, ask until it is out, close."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.domain.print_ports import (
    PrinterNotReady,
    PrinterState,
    PrinterStatus,
    PrinterUnreachable,
    PrinterWarning,
    PrintInterrupted,
    PrintLanguage,
    PrintPayload,
    SendResult,
)
from app.printing.conversations import UNKNOWN, conversation
from app.printing.label_count import labels_in
from app.printing.lines.line import Line, LineBroke, LineBusy

HANG_UPS = 2
"""So often a printer may hang up on the question before the job goes without it."""
DISTRUSTED = 2
"""A label counter that never moved with so many jobs is broken, and no longer asked."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for a printer."""

    answer: float = 4.0
    """For its answer; slow print servers take 3 s. One that never answered is left alone afterwards."""
    send: float = 15.0
    """Without progress while it takes a job."""
    print: float = 4.0
    """Until a label is out, before the question stays open."""
    each_label: float = 2.0
    print_most: float = 40.0
    blind: float = 1.5
    """For each label of a printer that does not say that it prints: so long it may still run out of paper."""
    count: float = 6.0
    """More than that for its label counter, which may move only when a slow label is out whole."""
    busy: float = 2.0
    """While another station has it: printers take one connection at a time."""
    silent: float = 120.0
    """Until one that never answered is asked again."""
    hushed: float = 60.0
    """While one on the network that spoke before says nothing: it may have somebody else on the line, and would print
    what waits there once it is free. Then it gets its jobs all the same."""
    least_answer: float = 0.4
    second_look: float = 0.25


class _HungUp(Exception):  # noqa: N818 - says what happened, and never leaves this file
    """The printer closed the line on our question, or listens no more; none of the job was sent."""


class LinePrinter:
    """One opened line a job, so that other stations reach the printer between jobs."""

    def __init__(
        self, uri: str, line: Line, language: PrintLanguage, dpi: int, patience: Patience | None = None
    ) -> None:
        self.uri = uri
        self.language = language
        self.dpi = dpi
        self._line, self._patience = line, patience or Patience()
        self._talk = conversation(language)
        self._spoke = False
        self._silent_until = 0.0
        self._hushed_until: float | None = None
        """Until when one that spoke before and says nothing gets no job; None while it speaks."""
        self._took = 0.0
        """Seconds that its last answer before a job took."""
        self._counted: int = 0
        """Jobs whose labels its counter did not count; negative once it counted some."""

    def status(self) -> PrinterStatus:
        """What it says now; unknown when it does not speak of itself, unreachable when there is no way to it."""
        try:
            with self._opened(0.0) as line:
                return self._ask_first(line, closely=True) if self._speaks() else UNKNOWN
        except LineBusy as busy:
            return PrinterStatus(PrinterState.UNREACHABLE if busy.code == "printing.refused" else PrinterState.UNKNOWN)
        except PrinterUnreachable:
            return PrinterStatus(PrinterState.UNREACHABLE)
        except _HungUp:
            return UNKNOWN

    def send(self, job: PrintPayload) -> SendResult:
        """Send once, when it can print. Raises PrinterUnreachable, PrinterNotReady or PrintInterrupted."""
        for _ in range(HANG_UPS):
            if not self._speaks():
                break
            with self._opened(self._patience.busy) as line:
                try:
                    before = self._ask_first(line)
                    self._refuse_hushed(before)
                    return self._deliver(line, job, before)
                except _HungUp:  # none of the job was sent, so it may go over a new line
                    time.sleep(self._patience.second_look)
        else:
            if self._spoke:  # it has something else to do just now
                raise PrinterUnreachable("printing.hung_up", printer=self.uri)
            self._silent_until = time.monotonic() + self._patience.silent
        with self._opened(self._patience.busy) as line:
            return self._deliver(line, job, UNKNOWN)

    # -- before

    @contextmanager
    def _opened(self, busy_seconds: float) -> Iterator[Line]:
        until, pause = time.monotonic() + busy_seconds, 0.05
        while True:
            try:
                self._line.open()
                break
            except LineBusy:
                if time.monotonic() + pause > until:
                    raise
                time.sleep(pause)
                pause = min(2 * pause, 0.4)
        try:
            yield self._line
        finally:
            self._line.close()

    def _speaks(self) -> bool:
        """Whether asking is worth it: page printers do not answer, and silent ones were asked not long ago."""
        return self._talk.speaks and time.monotonic() >= self._silent_until

    def _ask_first(self, line: Line, *, closely: bool = False) -> PrinterStatus:
        """How it is before the job. One that never says anything is left alone for a while, and used all the same."""
        began = time.monotonic()
        try:
            status = self._talk.ask(line, self._patience.answer, closely=closely)
        except LineBroke as error:
            raise _HungUp from error
        self._took = time.monotonic() - began
        if status.state is not PrinterState.UNKNOWN:
            self._spoke, self._hushed_until = True, None
        elif not self._spoke:
            self._silent_until = time.monotonic() + self._patience.silent
        elif not line.tells_silence_from_absence:
            return PrinterStatus(PrinterState.UNREACHABLE)
        return status

    def _refuse_hushed(self, before: PrinterStatus) -> None:
        """One that spoke before and is silent now may take the job later, when somebody has sent it again: it waits."""
        if before.state is not PrinterState.UNKNOWN or not self._spoke:
            return
        now = time.monotonic()
        if self._hushed_until is None:
            self._hushed_until = now + self._patience.hushed
        if now < self._hushed_until:
            raise PrinterUnreachable("printing.hushed", printer=self.uri)

    # -- the job

    def _deliver(self, line: Line, job: PrintPayload, before: PrinterStatus) -> SendResult:
        if not before.can_print:
            raise PrinterNotReady(self.uri, before)
        asked = before.state is PrinterState.READY
        try:
            count = self._count_before(line) if asked and self._counted < DISTRUSTED else None
            line.send(job.data, self._patience.send)
            under_way = line.under_way(len(job.data))
        except LineBroke as error:
            if error.sent:
                raise PrintInterrupted("printing.interrupted", printer=self.uri) from error
            raise PrinterUnreachable("printing.hung_up", printer=self.uri) from error
        expected = labels_in(job.data, self.language)
        try:
            result = self._settle(line, before, count, expected or 0, under_way) if asked else self._unasked()
            if result.status.can_print and not result.confirmed:
                line.finish(self._patience.send)
        except LineBroke as error:
            return self._after_break(count, expected or 0, error)
        return result

    def _count_before(self, line: Line) -> int | None:
        count = self._talk.count(line)
        if count is None and self._talk.lost_count():
            raise _HungUp
        return count

    def _unasked(self) -> SendResult:
        """Sent without a word from the printer. One that spoke before this job and was silent now is in doubt."""
        return SendResult(UNKNOWN, confirmed=False, doubtful=self._spoke)

    def _settle(
        self, line: Line, before: PrinterStatus, count: int | None, expected: int, under_way: float
    ) -> SendResult:
        """Ask until nothing waits in the printer, something stopped it, or the time is up. The bytes have left."""
        patience = self._patience
        labels = min(patience.print + patience.each_label * max(0, expected - 1), patience.print_most)
        until = time.monotonic() + under_way + labels
        blind = 0.0 if self._talk.tells_printing else patience.blind * max(1, expected)
        believed: float | None = None
        pause, quiet = 0.02, 0
        least = max(patience.least_answer, min(2 * self._took, patience.answer))  # a slow one stays slow
        while True:
            status = self._talk.ask(line, max(least, until - time.monotonic()))
            if status.state not in (PrinterState.READY, PrinterState.BUFFER_FULL):
                return SendResult(status, confirmed=False, doubtful=status.state is PrinterState.UNKNOWN)
            if _complains(before, status):
                return SendResult(status, confirmed=False, doubtful=True)
            if believed is None:  # with its first answer the job has arrived
                believed = min(time.monotonic() + blind, until)
            quiet = quiet + 1 if status == PrinterStatus(PrinterState.READY, 0, status.warnings) else 0
            if quiet > (0 if self._talk.counts_waiting else 1) and time.monotonic() >= believed:
                return self._confirmed(line, status, count, expected, until)
            if time.monotonic() >= until:
                return SendResult(status, confirmed=False)
            time.sleep(max(pause, 0 if self._talk.counts_waiting else patience.second_look))
            pause = min(2 * pause, 0.3)

    def _confirmed(
        self, line: Line, status: PrinterStatus, count: int | None, expected: int, until: float
    ) -> SendResult:
        """Ready, nothing waiting. Where the printer counts its labels, they must be counted too."""
        if count is None or not expected:
            return SendResult(status, confirmed=True)
        while True:
            now = self._talk.count(line)
            if now is None and not self._talk.counts_in_turn:
                return SendResult(status, confirmed=True)
            if now is not None and now >= count + expected:
                self._counted = -1
                return SendResult(status, confirmed=True)
            if time.monotonic() >= until + self._patience.count:
                self._counted += self._counted >= 0
                return SendResult(status, confirmed=False, doubtful=True)
            time.sleep(self._patience.second_look)

    def _after_break(self, count: int | None, expected: int, error: LineBroke) -> SendResult:
        """All bytes were taken, then the line broke. Only a label counter can still say that they came out."""
        if count is not None and expected:
            try:
                with self._opened(self._patience.busy) as line:
                    status = self._talk.ask(line, self._patience.answer)
                    now = self._talk.count(line)
                if status.state is PrinterState.READY and now is not None and now >= count + expected:
                    return SendResult(status, confirmed=True)
            except (LineBroke, PrinterUnreachable):
                pass
        raise PrintInterrupted("printing.interrupted", printer=self.uri) from error


def _complains(before: PrinterStatus, now: PrinterStatus) -> bool:
    """Whether it says of this job, and not of one before, that a label was wrong."""
    return PrinterWarning.LABEL_WRONG in now.warnings and PrinterWarning.LABEL_WRONG not in before.warnings
