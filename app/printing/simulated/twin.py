"""A label printer without hardware: bytes in, answers and labels out; it can be told to fail in each known way."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from app.domain.print_ports import PrinterState, PrinterStatus, PrinterWarning, PrintLanguage
from app.printing.simulated.conditions import TwinAnswers, TwinCondition, said_state
from app.printing.simulated.tongues import Heard, HeardLabel, Question, Tongue, tongue_of

LATE_SECONDS = 3.0
KEPT = 10_000


class LineDropped(Exception):  # noqa: N818 - says what happened: the twin hangs up in the middle of a job
    """Tells the door to break the connection now."""


class PrinterTwin:
    """One printer. Doors bring it the bytes of connections; `become` and `answers` say how it behaves.

    What it printed is kept in `printed`, one entry a format, and written to `folder`, one file a label, when given.
    All of it may be used from any thread.
    """

    def __init__(
        self,
        language: PrintLanguage = PrintLanguage.ZPL,
        folder: Path | None = None,
        told: Callable[[str, str], None] = lambda _event, _detail: None,
    ) -> None:
        """`told` hears what happens: `asked`, `printed`, `waits`, `became`, `dropped`, `cancelled`, and a detail."""
        self.language = language
        self.answers = TwinAnswers.AT_ONCE
        self.late_seconds = LATE_SECONDS
        self.warnings: tuple[PrinterWarning, ...] = ()
        self.paper: int | None = None
        """Labels left on the roll; None for a roll without end."""
        self.busy_answers = 0
        """So many answers after a job still say that one label waits."""
        self.hushes_with_job = False
        """Whether it answers no more once a job has come, as after its plug was pulled."""
        self.odometer = 0
        self.questions = 0
        self._folder, self._told = folder, told
        self._condition = TwinCondition.READY
        self._next: tuple[TwinCondition, int | None, int | None] | None = None
        self._job_bytes = 0
        self._queue: deque[HeardLabel] = deque()
        self._printed: deque[bytes] = deque(maxlen=KEPT)
        self._broken: list[bytes] = []
        self._files = 0
        self._changed = threading.Condition(threading.RLock())

    # -- what it is told to be

    @property
    def condition(self) -> TwinCondition:
        """What it is now."""
        return self._condition

    def become(
        self, condition: TwinCondition, *, after_bytes: int | None = None, after_labels: int | None = None
    ) -> None:
        """From now on, or once so many bytes of jobs or so many labels more have come, it is like this."""
        with self._changed:
            if after_bytes is not None or after_labels is not None:
                self._next = (condition, after_bytes, after_labels)
                return
            self._next = None
            self._set(condition)

    def load_paper(self, labels: int | None = None) -> None:
        """A new roll; what waits comes out."""
        with self._changed:
            self.paper = labels
            self._set(TwinCondition.READY)

    # -- what it shows

    @property
    def printed(self) -> tuple[bytes, ...]:
        """The formats that came out, the oldest first; one with copies stands here once."""
        with self._changed:
            return tuple(self._printed)

    @property
    def broken_off(self) -> tuple[bytes, ...]:
        """What came of jobs whose connection broke."""
        with self._changed:
            return tuple(self._broken)

    @property
    def status(self) -> PrinterStatus:
        """What it says of itself."""
        with self._changed:
            out = self.paper == 0 and said_state(self._condition) is PrinterState.READY
            state = PrinterState.PAPER_OUT if out else said_state(self._condition)
            waiting = sum(label.copies for label in self._queue)
            return PrinterStatus(state, waiting, self.warnings)

    def wait_for(self, wanted: Callable[[PrinterTwin], bool], seconds: float = 20.0) -> bool:
        """Waits until something is so, whether it became so in time. The twin stands still while `wanted` looks."""
        with self._changed:
            return self._changed.wait_for(lambda: wanted(self), seconds)

    # -- what doors bring

    def tongue(self) -> Tongue:
        """What understands the bytes of one new connection."""
        return tongue_of(self.language)

    def hear(self, tongue: Tongue, data: bytes) -> bytes:
        """Takes bytes of a connection and gives the answer. Raises LineDropped in the middle of a job when told so."""
        said = b""
        with self._changed:
            while data:
                length = self._until_next(tongue, len(data))
                piece, data = data[:length], data[length:]
                for heard in tongue.take(piece):
                    said += self._handle(tongue, heard)
                self._turn(tongue)
            self._changed.notify_all()
        return said

    def end(self, tongue: Tongue, broken: bool = False) -> None:
        """The connection is over. A page printer has its document now; half a label is thrown away."""
        with self._changed:
            left = tongue.forget()
            if left and self.language is PrintLanguage.PDF and not broken:
                self._take_label(HeardLabel(left, 1))
            elif left.strip():
                self._broken.append(left)
            self._changed.notify_all()

    def _until_next(self, tongue: Tongue, most: int) -> int:
        """How many bytes may come before the next condition begins."""
        if self._next is None or self._next[1] is None:
            return most
        return max(1, self._next[1] - self._job_bytes - len(tongue.unfinished()))

    def _turn(self, tongue: Tongue) -> None:
        """Becomes what it was told to become after so many bytes."""
        after = self._next[1] if self._next is not None else None
        if self._next is not None and after is not None and self._job_bytes + len(tongue.unfinished()) >= after:
            condition, self._next, self._job_bytes = self._next[0], None, 0
            self._set(condition)
        if self._condition is TwinCondition.DROPS and tongue.unfinished():
            self._drop()

    def _drop(self) -> None:
        self._condition = TwinCondition.READY
        self._told("dropped", "")
        raise LineDropped

    def _handle(self, tongue: Tongue, heard: Heard) -> bytes:
        if isinstance(heard, HeardLabel):
            if self._condition is TwinCondition.DROPS:
                self._broken.append(heard.data)
                self._drop()
            self._take_label(heard)
            return b""
        if heard is Question.CANCEL_ALL:
            self._queue.clear()
            self._told("cancelled", "")
        elif heard in (Question.PAUSE, Question.GO_ON):
            self._set(TwinCondition.PAUSED if heard is Question.PAUSE else TwinCondition.READY)
        if heard is Question.STATUS:
            self.questions += 1
            self._told("asked", "")
        return b"" if self.answers is TwinAnswers.NEVER else tongue.reply(heard, self._said(heard), self.odometer)

    def _said(self, question: Question) -> PrinterStatus:
        if self.busy_answers and question is Question.STATUS and self._printed:
            self.busy_answers -= 1
            return PrinterStatus(self.status.state, 1, self.warnings)
        return self.status

    def _take_label(self, label: HeardLabel) -> None:
        if self.hushes_with_job:
            self.answers = TwinAnswers.NEVER
        self._job_bytes += len(label.data) if self._next and self._next[1] is not None else 0
        if self._condition is TwinCondition.SWALLOWS:
            return
        self._queue.append(label)
        if not self._print_waiting():
            self._told("waits", self.status.state.value)

    def _print_waiting(self) -> bool:
        """Prints while it can; whether nothing waits any more."""
        while self._queue and self.status.state is PrinterState.READY:
            label = self._queue.popleft()
            made = label.copies if self.paper is None else min(label.copies, self.paper)
            if made or not label.copies:
                self._put_out(label.data, made)
            if made < label.copies:
                self._queue.appendleft(HeardLabel(label.data, label.copies - made))
        return not self._queue

    def _put_out(self, data: bytes, labels: int) -> None:
        self._printed.append(data)
        self.odometer += labels
        if self.paper is not None:
            self.paper -= labels
        if self._folder is not None:
            self._files += 1
            name = f"label-{self._files:05}.{self.language}"
            (self._folder / name).write_bytes(data)
        self._told("printed", str(labels))
        self._count_down(labels)

    def _count_down(self, labels: int) -> None:
        """Becomes what it was told to become after so many labels."""
        if self._next is None or self._next[2] is None:
            return
        condition, left = self._next[0], self._next[2] - labels
        self._next = (condition, None, left) if left > 0 else None
        if self._next is None:
            self._set(condition)

    def _set(self, condition: TwinCondition) -> None:
        self._condition = condition
        self._told("became", condition.value)
        self._print_waiting()
        self._changed.notify_all()
