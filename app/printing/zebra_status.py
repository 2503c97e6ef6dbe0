"""The answer of a ZPL printer to `~HS`: three framed lines, which may arrive in pieces."""

from __future__ import annotations

from app.domain.print_ports import PrinterState, PrinterStatus

ASK = b"~HS\r\n"
STX, ETX = 0x02, 0x03
LINES = 3

_PAPER_OUT, _PAUSED, _FORMATS_WAITING, _BUFFER_FULL = 1, 2, 4, 5
_RAM_CORRUPT, _TOO_COLD, _TOO_HOT = 9, 10, 11
_HEAD_OPEN, _RIBBON_OUT, _LABELS_LEFT = 2, 3, 8


class StatusReader:
    """Collects the bytes of one answer; what stands outside of STX and ETX is no part of it."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._open: bytearray | None = None

    def feed(self, data: bytes) -> None:
        """Take the next piece."""
        for byte in data:
            if byte == STX:
                self._open = bytearray()
            elif byte == ETX and self._open is not None:
                self._lines.append(self._open.decode("ascii", errors="replace"))
                self._open = None
            elif self._open is not None:
                self._open.append(byte)

    @property
    def complete(self) -> bool:
        """Whether all three lines are here."""
        return len(self._lines) >= LINES

    def status(self) -> PrinterStatus:
        """What the answer says; unknown when it is not complete or not of this form."""
        if not self.complete:
            return PrinterStatus(PrinterState.UNKNOWN)
        try:
            first, second = ([int(part) for part in line.split(",")] for line in self._lines[:2])
            return PrinterStatus(_state(first, second), first[_FORMATS_WAITING] + second[_LABELS_LEFT])
        except (ValueError, IndexError):
            return PrinterStatus(PrinterState.UNKNOWN)


def _state(first: list[int], second: list[int]) -> PrinterState:
    """The worst first; an open head also stops the paper and pauses the printer, so it is named before those."""
    if first[_RAM_CORRUPT]:
        return PrinterState.FAULT
    if second[_HEAD_OPEN]:
        return PrinterState.HEAD_OPEN
    if first[_PAPER_OUT]:
        return PrinterState.PAPER_OUT
    if second[_RIBBON_OUT]:
        return PrinterState.RIBBON_OUT
    if first[_TOO_HOT]:
        return PrinterState.TOO_HOT
    if first[_TOO_COLD]:
        return PrinterState.TOO_COLD
    if first[_PAUSED]:
        return PrinterState.PAUSED
    return PrinterState.BUFFER_FULL if first[_BUFFER_FULL] else PrinterState.READY


def answer(status: PrinterStatus) -> bytes:
    """What a printer in this state answers; the simulated one speaks with it."""

    def flag(state: PrinterState) -> int:
        return int(status.state is state)

    paper, paused, full = flag(PrinterState.PAPER_OUT), flag(PrinterState.PAUSED), flag(PrinterState.BUFFER_FULL)
    head, ribbon, corrupt = flag(PrinterState.HEAD_OPEN), flag(PrinterState.RIBBON_OUT), flag(PrinterState.FAULT)
    cold, hot = flag(PrinterState.TOO_COLD), flag(PrinterState.TOO_HOT)
    lines = (
        f"030,{paper},{paused},1218,{status.waiting:03},{full},0,0,000,{corrupt},{cold},{hot}",
        f"000,0,{head},{ribbon},0,2,4,0,00000000,1,000",
        "1234,0",
    )
    return b"".join(b"\x02" + line.encode("ascii") + b"\x03\r\n" for line in lines)
