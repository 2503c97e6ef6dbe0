"""A printer that exists in memory only: the default of a new station, the training mode, and the double in tests.

It keeps what it printed, says how it is in the same bytes as a real one, and can be told to be in trouble.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum

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
from app.printing.zebra_status import StatusReader, answer

KEPT = 1000


class SimulatedCondition(StrEnum):
    """How the simulated printer behaves."""

    READY = "ready"
    PAPER_OUT = "paper-out"
    RIBBON_OUT = "ribbon-out"
    HEAD_OPEN = "head-open"
    PAUSED = "paused"
    BUFFER_FULL = "buffer-full"
    TOO_HOT = "too-hot"
    TOO_COLD = "too-cold"
    FAULT = "fault"
    UNREACHABLE = "unreachable"
    SILENT = "silent"
    """Prints, but does not speak of itself."""
    SWALLOWS = "swallows"
    """Takes the bytes and nothing comes out: it neither confirms nor says what is wrong."""
    BREAKS = "breaks"
    """The line breaks in the middle of a job."""


_STATES = {
    SimulatedCondition.READY: PrinterState.READY,
    SimulatedCondition.PAPER_OUT: PrinterState.PAPER_OUT,
    SimulatedCondition.RIBBON_OUT: PrinterState.RIBBON_OUT,
    SimulatedCondition.HEAD_OPEN: PrinterState.HEAD_OPEN,
    SimulatedCondition.PAUSED: PrinterState.PAUSED,
    SimulatedCondition.BUFFER_FULL: PrinterState.BUFFER_FULL,
    SimulatedCondition.TOO_HOT: PrinterState.TOO_HOT,
    SimulatedCondition.TOO_COLD: PrinterState.TOO_COLD,
    SimulatedCondition.FAULT: PrinterState.FAULT,
    SimulatedCondition.BREAKS: PrinterState.READY,
}


class SimulatedPrinter:
    """Keeps its last jobs in `printed`; `condition` may be set at any time; `paper` counts down labels when given."""

    def __init__(self, uri: str, language: PrintLanguage, dpi: int, condition: SimulatedCondition) -> None:
        self.uri = uri
        self.language = language
        self.dpi = dpi
        self.condition = condition
        self.paper: int | None = None
        self.printed: deque[PrintPayload] = deque(maxlen=KEPT)

    def status(self) -> PrinterStatus:
        """What it says, read from the bytes that a real one would send."""
        if self.condition is SimulatedCondition.UNREACHABLE:
            return PrinterStatus(PrinterState.UNREACHABLE)
        reader = StatusReader()
        reader.feed(self.answer())
        return reader.status()

    def answer(self) -> bytes:
        """The bytes with which it answers `~HS`; none when it does not speak."""
        state = _STATES.get(self.condition)
        if state is None:
            return b""
        out = state is PrinterState.READY and self.paper == 0
        return answer(PrinterStatus(PrinterState.PAPER_OUT if out else state))

    def send(self, job: PrintPayload) -> SendResult:
        """Print, or fail as its condition says."""
        if self.condition is SimulatedCondition.UNREACHABLE:
            raise PrinterUnreachable("printing.simulated_away", printer=self.uri)
        before = self.status()
        if not before.can_print:
            raise PrinterNotReady(self.uri, before)
        if self.condition is SimulatedCondition.BREAKS:
            raise PrintInterrupted("printing.interrupted", printer=self.uri)
        if self.condition is not SimulatedCondition.SWALLOWS:
            self.printed.append(job)
            if self.paper is not None:
                self.paper -= 1
        return SendResult(before, confirmed=before.state is PrinterState.READY)
