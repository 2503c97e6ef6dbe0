"""What a ZPL printer says of itself: `~HS` in three framed lines, `~HQES` in flags, and its label counter."""

from __future__ import annotations

import re

from app.domain.print_ports import PrinterState, PrinterStatus, PrinterWarning

ASK = b"~HS\r\n"
ASK_ERRORS = b"~HQES\r\n"
ASK_COUNT = b'! U1 getvar "odometer.total_label_count"\r\n'
STX, ETX = 0x02, 0x03
LINES = 3

_PAPER_OUT, _PAUSED, _FORMATS_WAITING, _BUFFER_FULL = 1, 2, 4, 5
_RAM_CORRUPT, _TOO_COLD, _TOO_HOT = 9, 10, 11
_HEAD_OPEN, _RIBBON_OUT, _LABEL_TO_TAKE, _LABELS_LEFT = 2, 3, 7, 8

_FLAGS = re.compile(rb"(ERRORS|WARNINGS):\s*([01])\s+([0-9A-Fa-f]{8})\s+([0-9A-Fa-f]{8})")
_LINE = re.compile(rb"[ -~]*")
"""A line of `~HS`; the answer to `~HQES` is one frame of several lines."""
_COUNT = re.compile(rb'"\s*([0-9][0-9,]*|\?)[^"\r\n]*"')

_ERROR_STATES = (
    (0x0000_0004, PrinterState.HEAD_OPEN),
    (0x0000_0001, PrinterState.PAPER_OUT),
    (0x0000_0002, PrinterState.RIBBON_OUT),
    (0x0000_0010, PrinterState.TOO_HOT),
    (0x000E_F7E8, PrinterState.FAULT),
    (0x0001_0000, PrinterState.PAUSED),
)
"""The worst first. A bit that is not listed is a fault too: the printer says that something is wrong."""
_ERROR_DETAILS = (
    (0x0000_0008, PrinterWarning.CUTTER),
    (0x0000_0020, PrinterWarning.MOTOR_HOT),
    (0x0000_02C0, PrinterWarning.HEAD_BROKEN),
    (0x0000_0100, PrinterWarning.FIRMWARE),
    (0x000E_F400, PrinterWarning.JAM),
)
_WARNINGS = (
    (0x01, PrinterWarning.CALIBRATE),
    (0x02, PrinterWarning.CLEAN_HEAD),
    (0x04, PrinterWarning.REPLACE_HEAD),
    (0x08, PrinterWarning.MEDIA_LOW),
)


class StatusReader:
    """Collects the bytes of one answer to `~HS`.

    What stands outside of STX and ETX is no part of it, and neither is a frame that holds something else: the answer to
    an earlier question, or its end, may still come.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._open: bytearray | None = None

    def feed(self, data: bytes) -> None:
        """Take the next piece."""
        for byte in data:
            if byte == STX:
                self._open = bytearray()
            elif byte == ETX and self._open is not None:
                if _LINE.fullmatch(self._open):
                    self._lines.append(self._open.decode("ascii"))
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
            take = (PrinterWarning.TAKE_LABEL,) if second[_LABEL_TO_TAKE] else ()
            return PrinterStatus(_state(first, second), first[_FORMATS_WAITING] + second[_LABELS_LEFT], take)
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
    """What a printer in this state answers to `~HS`; the simulated one speaks with it."""

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


def errors_complete(data: bytes) -> bool:
    """Whether an answer to `~HQES` is here whole."""
    return len({found[1] for found in _FLAGS.finditer(data)}) == len((b"ERRORS", b"WARNINGS"))


def read_errors(data: bytes) -> PrinterStatus | None:
    """What an answer to `~HQES` says; None when it is none."""
    flags = {found[1]: int(found[4], 16) if found[2] == b"1" else 0 for found in _FLAGS.finditer(data)}
    errors, warnings = flags.get(b"ERRORS"), flags.get(b"WARNINGS")
    if errors is None or warnings is None:
        return None
    said = [warning for mask, warning in _ERROR_DETAILS if errors & mask]
    said += [warning for mask, warning in _WARNINGS if warnings & mask]
    state = PrinterState.FAULT if errors else PrinterState.READY
    return PrinterStatus(next((each for mask, each in _ERROR_STATES if errors & mask), state), 0, tuple(said))


def answer_errors(status: PrinterStatus) -> bytes:
    """What a printer in this state answers to `~HQES`."""
    errors = next((mask & -mask for mask, state in _ERROR_STATES if state is status.state), 0)
    if status.state is PrinterState.FAULT:
        named = sum(mask & -mask for mask, warning in _ERROR_DETAILS if warning in status.warnings)
        errors = named or errors
    warnings = sum(mask for mask, warning in _WARNINGS if warning in status.warnings)
    lines = ("", f"  ERRORS:         {_flags(errors)}", f"  WARNINGS:       {_flags(warnings)}", "")
    return b"\x02\r\n  PRINTER STATUS" + "\r\n".join(lines).encode("ascii") + b"\x03\r\n"


def _flags(bits: int) -> str:
    return f"{int(bits != 0)} 00000000 {bits:08X}"


def count_complete(data: bytes) -> bool:
    """Whether an answer to the question for the label counter is here whole."""
    return _COUNT.search(data) is not None


def read_count(data: bytes) -> int | None:
    """The labels that the printer made in its life; None when it does not count them."""
    found = _COUNT.search(data)
    return int(found[1].replace(b",", b"")) if found and found[1] != b"?" else None
