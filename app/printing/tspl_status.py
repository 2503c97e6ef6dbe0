"""What a TSPL printer says of itself: a byte of bits for `<ESC>!?`, four framed letters for `<ESC>!S`, its counter."""

from __future__ import annotations

import re

from app.domain.print_ports import PrinterState, PrinterStatus, PrinterWarning

ASK = b"\x1b!?"
ASK_LONG = b"\x1b!S"
ASK_COUNT = b"\r\nOUT @LABEL\r\n"
"""The label counter, which it keeps without power. A command among the others: answered when those before are done."""
STX, ETX = 0x02, 0x03
LONG = 6
"""Bytes from STX to ETX of the long answer."""
_COUNT = re.compile(rb"(?<![0-9.])(\d{1,10})(?=[\r\n])")

_PRINTING, _COVER_OPEN = 0x20, 0x40
_BITS = (
    (0x01 | _COVER_OPEN, PrinterState.HEAD_OPEN),
    (0x04, PrinterState.PAPER_OUT),
    (0x08, PrinterState.RIBBON_OUT),
    (0x02, PrinterState.FAULT),
    (0x80, PrinterState.FAULT),
    (0x10, PrinterState.PAUSED),
)
"""The worst first."""
_BUSY = frozenset(b"BCFPW")
_PAUSED, _ERROR, _KEY_AWAITED, _TAKE_LABEL = 0x60, 0x45, 0x4B, 0x4C


def read_short(data: bytes) -> PrinterStatus:
    """What the answer to `<ESC>!?` says: its last byte; unknown while there is none."""
    if not data:
        return PrinterStatus(PrinterState.UNKNOWN)
    bits = data[-1]
    state = next((state for mask, state in _BITS if bits & mask), PrinterState.READY)
    jam = (PrinterWarning.JAM,) if bits & 0x02 else ()
    return PrinterStatus(state, int(bool(bits & _PRINTING)), jam)


def answer_short(status: PrinterStatus) -> bytes:
    """What a printer in this state answers to `<ESC>!?`."""
    other = 0x80 if status.state in (PrinterState.TOO_HOT, PrinterState.TOO_COLD, PrinterState.FAULT) else 0
    bits = other or next((mask & -mask for mask, state in _BITS if state is status.state), 0)
    if PrinterWarning.JAM in status.warnings:
        bits |= 0x02
    return bytes([bits | (_PRINTING if status.waiting and status.state is PrinterState.READY else 0)])


def long_complete(data: bytes) -> bool:
    """Whether the framed answer to `<ESC>!S` is here whole."""
    start = data.find(STX)
    return start >= 0 and len(data) >= start + LONG


def read_long(data: bytes) -> PrinterStatus:
    """What the answer to `<ESC>!S` says; unknown when it is not of this form."""
    start = data.find(STX)
    frame = data[start : start + LONG] if start >= 0 else b""
    if len(frame) < LONG or frame[-1] != ETX or any(not 0x40 <= byte < 0x80 for byte in frame[1:-1]):
        return PrinterStatus(PrinterState.UNKNOWN)
    message, warning, error, media = frame[1:-1]
    return PrinterStatus(
        _long_state(message, warning, error, media),
        int(message in _BUSY),
        _long_warnings(message, warning, error, media),
    )


def _long_state(message: int, warning: int, error: int, media: int) -> PrinterState:
    if media & 0x20:
        return PrinterState.HEAD_OPEN
    if media & 0x01:
        return PrinterState.PAPER_OUT
    if media & 0x04:
        return PrinterState.RIBBON_OUT
    if error & 0x01:
        return PrinterState.TOO_HOT
    if media & 0x0A or error & 0x3E or message == _ERROR:
        return PrinterState.FAULT
    if message in (_PAUSED, _KEY_AWAITED):
        return PrinterState.PAUSED
    return PrinterState.BUFFER_FULL if warning & 0x08 else PrinterState.READY


def _long_warnings(message: int, warning: int, error: int, media: int) -> tuple[PrinterWarning, ...]:
    said = (
        (warning & 0x01, PrinterWarning.MEDIA_LOW),
        (warning & 0x02, PrinterWarning.RIBBON_LOW),
        (error & 0x02, PrinterWarning.MOTOR_HOT),
        (error & 0x04, PrinterWarning.HEAD_BROKEN),
        (error & 0x08, PrinterWarning.CUTTER),
        (error & 0x10, PrinterWarning.MEMORY),
        (media & 0x0A, PrinterWarning.JAM),
        (message == _TAKE_LABEL, PrinterWarning.TAKE_LABEL),
    )
    return tuple(each for told, each in said if told)


def answer_long(status: PrinterStatus) -> bytes:
    """What a printer in this state answers to `<ESC>!S`."""
    state = status.state
    message = _PAUSED if state is PrinterState.PAUSED else _ERROR if state is PrinterState.FAULT else 0x40
    if message == 0x40 and status.waiting and state is PrinterState.READY:
        message = ord("P")
    warning = 0x40 | (0x08 if state is PrinterState.BUFFER_FULL else 0)
    warning |= 0x01 if PrinterWarning.MEDIA_LOW in status.warnings else 0
    warning |= 0x02 if PrinterWarning.RIBBON_LOW in status.warnings else 0
    error = 0x41 if state is PrinterState.TOO_HOT else 0x40
    error |= 0x08 if PrinterWarning.CUTTER in status.warnings else 0
    bits = {PrinterState.HEAD_OPEN: 0x20, PrinterState.PAPER_OUT: 0x01, PrinterState.RIBBON_OUT: 0x04}
    return bytes([STX, message, warning, error, 0x40 | bits.get(state, 0), ETX]) + b"\r\n"


def count_complete(data: bytes) -> bool:
    """Whether an answer to the question for the label counter is here whole."""
    return _COUNT.search(data) is not None


def read_count(data: bytes) -> int | None:
    """The labels that it made in its life; None when it does not say."""
    found = _COUNT.search(data)
    return int(found[1]) if found else None
