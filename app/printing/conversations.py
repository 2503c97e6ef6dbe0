"""What a printer is asked about itself, in its own language, over any line."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from app.domain.print_ports import PrinterState, PrinterStatus, PrintLanguage
from app.printing import epl_status, tspl_status, zebra_status
from app.printing.lines.line import Line

UNKNOWN = PrinterStatus(PrinterState.UNKNOWN)
_IDLE = PrinterStatus(PrinterState.READY)
PIECE_SECONDS = 1.0
"""Once an answer has begun, its next piece may take so long."""
SECOND_SECONDS = 0.5
"""A second question is waited for at least so long, and twice as long as the answer to the first one took."""
SLOW_SECONDS = 1.0
"""A printer whose first answer took longer is asked nothing more: each job would wait for it several times."""
TAIL_SECONDS = 0.05
MOST_BYTES = 65_536
"""More is no answer."""
STALE_SECONDS = 0.5
"""What lies unread is thrown away for so long; what talks without end is no printer, and must hold nobody up."""


class Conversation(Protocol):
    """The questions of one language; it remembers what this printer answers."""

    speaks: bool
    """Whether the language has a question at all."""
    counts_waiting: bool
    """Whether ready with nothing waiting means that the labels are out; otherwise it is asked twice."""
    tells_printing: bool
    """Whether it says that it prints or that labels wait; one that does not is ready, also in the middle of a label."""
    counts_in_turn: bool
    """Whether the counter is told in turn with the jobs, so that one that says nothing has not done them yet."""

    def ask(self, line: Line, seconds: float, *, closely: bool = False) -> PrinterStatus:
        """How it is; unknown for silence. `closely` asks for errors and warnings too. Raises LineBroke."""

    def count(self, line: Line) -> int | None:
        """The labels that it made in its life; None when it does not say. Raises LineBroke."""

    def lost_count(self) -> bool:
        """It said nothing before a job. True when it was known to count: then nothing may follow on this line."""


def exchange(line: Line, question: bytes, complete: Callable[[bytes], bool], seconds: float) -> bytes:
    """Asks, and collects the answer however it comes; what came when the time is up. Raises LineBroke."""
    stale = time.monotonic() + STALE_SECONDS
    while line.receive(0) and time.monotonic() < stale:
        pass  # what is left of an answer that nobody waited for any more
    line.send(question, seconds)
    came, until, last = b"", time.monotonic() + seconds, time.monotonic() + 2 * seconds + PIECE_SECONDS
    while len(came) < MOST_BYTES and not complete(came):
        now = time.monotonic()
        if now >= min(until, last):
            break
        if piece := line.receive(min(until, last) - now):
            came += piece
            until = max(until, time.monotonic() + PIECE_SECONDS)
    return came


class ZebraTalk:
    """ZPL: `~HS` first. Only a printer that also answers `~HQES` is asked more: older ones know nothing else."""

    speaks = True
    counts_waiting = True
    tells_printing = True
    counts_in_turn = False

    def __init__(self) -> None:
        self._tells_errors: bool | None = None
        self._counts = True
        self._took = 0.0

    def ask(self, line: Line, seconds: float, *, closely: bool = False) -> PrinterStatus:
        """The state, with warnings when asked closely."""
        began = time.monotonic()
        reader = zebra_status.StatusReader()
        came = exchange(line, zebra_status.ASK, _frames_complete, seconds)
        reader.feed(came)
        status = reader.status()
        self._took = time.monotonic() - began
        wanted = self._tells_errors or (closely and self._tells_errors is None)
        if status.state is PrinterState.UNKNOWN or not wanted or self._took > SLOW_SECONDS:
            return status
        return self._with_errors(line, status)

    def _with_errors(self, line: Line, status: PrinterStatus) -> PrinterStatus:
        answer = exchange(line, zebra_status.ASK_ERRORS, zebra_status.errors_complete, self._second_seconds())
        errors = zebra_status.read_errors(answer)
        if self._tells_errors is None:
            self._tells_errors = errors is not None
        if errors is None:
            return status
        state = errors.state if status.state is PrinterState.READY else status.state
        return PrinterStatus(state, status.waiting, status.warnings + errors.warnings)

    def count(self, line: Line) -> int | None:
        """Its label counter, where it has one."""
        if not (self._tells_errors and self._counts) or self._took > SLOW_SECONDS:
            return None
        answer = exchange(line, zebra_status.ASK_COUNT, zebra_status.count_complete, self._second_seconds())
        count = zebra_status.read_count(answer)
        self._counts = count is not None
        return count

    def lost_count(self) -> bool:
        """What it does not know harms nothing."""
        return False

    def _second_seconds(self) -> float:
        return max(SECOND_SECONDS, 2 * self._took)


def _frames_complete(came: bytes) -> bool:
    reader = zebra_status.StatusReader()
    reader.feed(came)
    return reader.complete


class TsplTalk:
    """TSPL: one byte for `<ESC>!?`. Newer ones tell more for `<ESC>!S`, and of those some their label counter.

    The counter is a command, and there are printers that throw away what follows a command which they do not know. So
    whether there is one is tried once, on a line of its own, never in a job's.
    """

    speaks = True
    counts_waiting = False
    tells_printing = True
    counts_in_turn = True

    def __init__(self) -> None:
        self._tells_more: bool | None = None
        self._counts: bool | None = None

    def ask(self, line: Line, seconds: float, *, closely: bool = False) -> PrinterStatus:
        """The state, with warnings when asked closely, and what the fault is."""
        came = exchange(line, tspl_status.ASK, bool, seconds)
        status = tspl_status.read_short(came)
        wanted = closely or (status.state is PrinterState.FAULT and self._tells_more)
        if status.state is PrinterState.UNKNOWN or not wanted or self._tells_more is False:
            return status
        status = self._more(line, status)
        if closely and self._tells_more and self._counts is None and status == _IDLE:
            self._counts = self._asked_count(line) is not None
        return status

    def _more(self, line: Line, status: PrinterStatus) -> PrinterStatus:
        came = exchange(line, tspl_status.ASK_LONG, tspl_status.long_complete, SECOND_SECONDS)
        line.receive(TAIL_SECONDS)  # the end of its line
        more = tspl_status.read_long(came)
        if self._tells_more is None:
            self._tells_more = more.state is not PrinterState.UNKNOWN
        if more.state is PrinterState.UNKNOWN:
            return status
        vague = status.state in (PrinterState.READY, PrinterState.FAULT) and more.state is not PrinterState.READY
        state = more.state if vague else status.state
        return PrinterStatus(state, max(status.waiting, more.waiting), more.warnings or status.warnings)

    def count(self, line: Line) -> int | None:
        """Its label counter, where it is known to have one."""
        return self._asked_count(line) if self._counts else None

    def lost_count(self) -> bool:
        """Another printer may stand there now, without a counter; that is tried anew when it is asked how it is."""
        counted, self._counts = bool(self._counts), None
        return counted

    @staticmethod
    def _asked_count(line: Line) -> int | None:
        return tspl_status.read_count(exchange(line, tspl_status.ASK_COUNT, tspl_status.count_complete, SECOND_SECONDS))


class EplTalk:
    """EPL2: `^ee`, which says too whether a label before had a fault."""

    speaks = True
    counts_waiting = False
    tells_printing = False
    counts_in_turn = False

    def ask(self, line: Line, seconds: float, *, closely: bool = False) -> PrinterStatus:
        """The state."""
        return epl_status.read_codes(exchange(line, epl_status.ASK, epl_status.complete, seconds))

    def count(self, line: Line) -> int | None:
        """It has no counter that can be asked."""
        return None

    def lost_count(self) -> bool:
        """It has none."""
        return False


class NoTalk:
    """A page printer is not asked: it would print the question."""

    speaks = False
    counts_waiting = False
    tells_printing = False
    counts_in_turn = False

    def ask(self, line: Line, seconds: float, *, closely: bool = False) -> PrinterStatus:
        """Unknown."""
        return UNKNOWN

    def count(self, line: Line) -> int | None:
        """Unknown."""
        return None

    def lost_count(self) -> bool:
        """It has none."""
        return False


def conversation(language: PrintLanguage) -> Conversation:
    """A fresh one, for one printer."""
    if language is PrintLanguage.ZPL:
        return ZebraTalk()
    if language is PrintLanguage.TSPL:
        return TsplTalk()
    return EplTalk() if language is PrintLanguage.EPL2 else NoTalk()
