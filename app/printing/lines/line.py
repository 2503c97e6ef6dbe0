"""What every way to a printer is: open, send, receive within a time, close."""

from __future__ import annotations

from typing import Protocol

from app.domain.print_ports import PrinterUnreachable


class LineBusy(PrinterUnreachable):
    """Somebody else uses the printer just now; it takes one connection at a time, so it is worth to try again soon."""


class LineBroke(Exception):  # noqa: N818 - says what happened
    """The way to the printer broke. `sent` tells whether bytes of what was being sent may have left."""

    def __init__(self, reason: str, sent: bool = False) -> None:
        super().__init__(reason)
        self.sent = sent


class Line(Protocol):
    """One way to one printer, opened for each job, so that others reach the printer in between. One thread owns it."""

    @property
    def tells_silence_from_absence(self) -> bool:
        """Whether an open line means that something is there: a network port does, a serial port does not."""

    def open(self) -> None:
        """Opens it; what lay unread is thrown away. Raises PrinterUnreachable, or LineBusy when in use."""

    def send(self, data: bytes, seconds: float) -> None:
        """Sends all of it; `seconds` is the longest time without progress. Raises LineBroke."""

    def receive(self, seconds: float) -> bytes:
        """What came, waiting at most so long for the first byte; empty when nothing came. Raises LineBroke."""

    def under_way(self, count: int) -> float:
        """Seconds that so many bytes which were sent may still need to arrive: buffers hide how slow a wire is."""

    def finish(self, seconds: float) -> None:
        """Lets what was sent arrive before the line is closed. Raises LineBroke when it was thrown away."""

    def close(self) -> None:
        """Closes it; nothing when it is not open."""
