"""How a simulated printer behaves: its state, and the bad ways that printers have."""

from __future__ import annotations

from enum import StrEnum

from app.domain.print_ports import PrinterState


class TwinCondition(StrEnum):
    """What the twin is told to be. The first ones are states that it says of itself; the last it never admits."""

    READY = "ready"
    PAPER_OUT = "paper-out"
    RIBBON_OUT = "ribbon-out"
    HEAD_OPEN = "head-open"
    PAUSED = "paused"
    BUFFER_FULL = "buffer-full"
    TOO_HOT = "too-hot"
    TOO_COLD = "too-cold"
    FAULT = "fault"
    SWALLOWS = "swallows"
    """Takes the job, says that it is ready, and nothing comes out."""
    DROPS = "drops"
    """Breaks the connection in the middle of the next job, and is ready again afterwards."""
    REFUSES = "refuses"
    """Takes no connection; only a network printer can."""


class TwinAnswers(StrEnum):
    """How it answers questions about itself."""

    AT_ONCE = "at-once"
    IN_PIECES = "in-pieces"
    """One byte at a time."""
    LATE = "late"
    NEVER = "never"


def said_state(condition: TwinCondition) -> PrinterState:
    """What a printer in this condition says of itself."""
    try:
        return PrinterState(condition.value.replace("-", "_"))
    except ValueError:
        return PrinterState.READY
