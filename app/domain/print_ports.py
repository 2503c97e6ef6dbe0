"""What a printer is to the rest of the program: its address, its language, its state, and how bytes get to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.domain.errors import BadUseError, EnvironmentFailure


class PrintLanguage(StrEnum):
    """What a printer understands."""

    ZPL = "zpl"
    EPL2 = "epl2"
    TSPL = "tspl"
    PDF = "pdf"


class PrinterState(StrEnum):
    """What a printer says of itself; unknown when it does not answer such questions."""

    READY = "ready"
    PAPER_OUT = "paper_out"
    RIBBON_OUT = "ribbon_out"
    HEAD_OPEN = "head_open"
    PAUSED = "paused"
    BUFFER_FULL = "buffer_full"
    TOO_HOT = "too_hot"
    TOO_COLD = "too_cold"
    FAULT = "fault"
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"


class PrinterWarning(StrEnum):
    """What a printer adds to its state: what will stop it soon, or what its fault is."""

    MEDIA_LOW = "media_low"
    RIBBON_LOW = "ribbon_low"
    CALIBRATE = "calibrate"
    CLEAN_HEAD = "clean_head"
    REPLACE_HEAD = "replace_head"
    CUTTER = "cutter"
    JAM = "jam"
    MOTOR_HOT = "motor_hot"
    HEAD_BROKEN = "head_broken"
    FIRMWARE = "firmware"
    MEMORY = "memory"
    TAKE_LABEL = "take_label"
    LABEL_WRONG = "label_wrong"
    """A label before had a fault, says the printer: it may lack something, or never have come out."""


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """The state, how many labels wait in the printer, and what it says besides.

    The words stand under `printing.state.<state>` and `printing.warning.<warning>`.
    """

    state: PrinterState
    waiting: int = 0
    warnings: tuple[PrinterWarning, ...] = ()

    @property
    def can_print(self) -> bool:
        """Whether it is worth sending now."""
        return self.state in (PrinterState.READY, PrinterState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class PrintPayload:
    """The bytes of one print job in the printer's language; `job_id` is unique, `title` names it for people."""

    job_id: str
    title: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SendResult:
    """All bytes are with the printer, and this is what it said then.

    `confirmed` means that it said so itself: ready, nothing waiting. Without that the job must not be sent again by
    itself: a printer that ran out of paper prints what it holds once it has some.
    `doubtful` means that somebody has to look: the printer is ready and yet did not count the labels or says that one
    was wrong, or it answered before the job and no more after it.
    """

    status: PrinterStatus
    confirmed: bool
    doubtful: bool = False


class PrinterUriError(BadUseError):
    """No printer can have such an address."""


class UnprintableLabelError(BadUseError):
    """Nothing was sent, because the label itself cannot be printed there; the printer is well."""


class PrinterUnreachable(EnvironmentFailure):
    """Nothing was sent, because there is no way to the printer; safe to try again."""


class PrinterNotReady(EnvironmentFailure):
    """Nothing was sent, because the printer said that it cannot print; safe to try again once it can."""

    def __init__(self, printer: str, status: PrinterStatus) -> None:
        super().__init__(f"printing.not_ready.{status.state}", printer=printer)
        self.status = status


class PrintInterrupted(EnvironmentFailure):
    """The way to the printer broke while bytes were on it: the document may be out or not. Ask before sending again."""


class Printer(Protocol):
    """One printer. Nothing is opened before the first question or job; one thread owns it."""

    @property
    def uri(self) -> str:
        """Its address, as it was given."""

    @property
    def language(self) -> PrintLanguage:
        """What it understands."""

    @property
    def dpi(self) -> int:
        """Dots an inch."""

    def status(self) -> PrinterStatus:
        """What it says now; unreachable is a state here, never an error."""

    def send(self, job: PrintPayload) -> SendResult:
        """Bring the bytes to it. Raises PrinterUnreachable, PrinterNotReady or PrintInterrupted."""
