"""What an EPL2 printer says of itself: two-digit codes for `^ee`."""

from __future__ import annotations

import re

from app.domain.print_ports import PrinterState, PrinterStatus, PrinterWarning

ASK = b"\r\n^ee\r\n"
_CODES = re.compile(rb"(?:^|(?<=[\x11\x13\x15\r\n]))(\d\d(?:,\d\d)*)(?:P(\d{3}))?(?:L\d{3})?[\x11\x13]?[ \d]*\r?\n")
_STATES = {
    11: PrinterState.HEAD_OPEN,
    7: PrinterState.PAPER_OUT,
    62: PrinterState.TOO_HOT,
    81: PrinterState.FAULT,
    12: PrinterState.PAUSED,
    92: PrinterState.PAUSED,
}
"""The worst first; 07 is paper or ribbon. 01 to 06 and the like tell of what came before, and stop nothing."""
_FAULTS = range(70, 100)
_LABEL_WRONG = {1, 3, 4}
"""A command that means nothing, data too long or too short, no memory: of the label before something is missing."""


def complete(data: bytes) -> bool:
    """Whether an answer to `^ee` is here whole."""
    return _CODES.search(data) is not None


def read_codes(data: bytes) -> PrinterStatus:
    """What the answer says; unknown when it is none."""
    found = None
    for found in _CODES.finditer(data):  # noqa: B007 - the last one counts: a report of its own may stand before it
        pass
    if found is None:
        return PrinterStatus(PrinterState.UNKNOWN)
    codes = {int(code) for code in found[1].split(b",")}
    waiting = int(found[2] or 0)
    state = next((state for code, state in _STATES.items() if code in codes), None)
    if state is None:
        state = PrinterState.FAULT if codes & set(_FAULTS) else PrinterState.READY
    wrong = (PrinterWarning.LABEL_WRONG,) if codes & _LABEL_WRONG else ()
    return PrinterStatus(state, waiting, ((PrinterWarning.CUTTER,) if 81 in codes else ()) + wrong)


def answer(status: PrinterStatus) -> bytes:
    """What a printer in this state answers to `^ee`."""
    code = next((code for code, state in _STATES.items() if state is status.state), 0)
    if status.state is PrinterState.RIBBON_OUT:
        code = 7
    if status.state in (PrinterState.FAULT, PrinterState.TOO_COLD):
        code = 99
    if code == 0 and PrinterWarning.LABEL_WRONG in status.warnings:
        code = 1
    waiting = f"P{status.waiting:03}" if code == 7 and status.waiting else ""
    return f"{code:02}{waiting}\r\n".encode("ascii")
