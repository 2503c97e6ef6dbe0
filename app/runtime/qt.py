"""The one file of the runtime that knows Qt: results come back by a queued signal; keys are told from scans."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPointerEvent, QWindow

from app.domain.keyboard_layouts import DEAD_KEYS
from app.domain.keys import Key, KeyKind
from app.runtime.worker import CommandWorker, Task

T = TypeVar("T")
Failed = Callable[[Exception], None]
LOOK_AGAIN_MS = 25
LOOKS_FOR_QUIET = 12
"""After so many looks a reading goes on beside the scans."""

# Plain numbers, as a key event has them: to make members of Qt's enumerations of them takes longer than all the rest.
_MODIFIERS = frozenset(
    key.value
    for key in (
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    )
)
_ENDS = frozenset(key.value for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab))
_X11 = sys.platform.startswith("linux")
_DEAD = {getattr(Qt.Key, f"Key_Dead_{name}").value: accent for name, accent in DEAD_KEYS.items() if _X11}
_BRACKET = Qt.Key.Key_BracketRight.value
_PRESS, _CONTROL = QEvent.Type.KeyPress, Qt.KeyboardModifier.ControlModifier
GROUP_SEPARATOR = "\x1d"
_OPENING = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.TouchEnd)
"""What a hand does before a menu opens, or the list of a field."""
JUMP_MS = 5_000
"""A window is never busy for so long: the system's clock was set, or began anew."""
LATE_MS = 20
"""A timer that comes so much too late came through a busy window."""
_BRACKET_SCAN_CODE = 27 if sys.platform == "win32" else 35
"""The key of the US ], whatever the computer's layout shows on it; X11 counts eight more than the keyboard."""


class Poster(QObject):
    """Calls functions on the thread that made it, in the order in which they were posted."""

    _posted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._calls: deque[Callable[[], None]] = deque()  # a signal that carries nothing is sent in half the time
        self._posted.connect(self._call, Qt.ConnectionType.QueuedConnection)
        self._wake = self._posted.emit

    def post(self, call: Callable[[], None]) -> None:
        """From any thread."""
        self._calls.append(call)
        self._wake()

    @Slot()
    def _call(self) -> None:
        self._calls.popleft()()


class Gate:
    """What is posted through it is called until it is closed; what lies in the queue then is not called any more.

    A window may be gone by the time a thread answers.
    """

    def __init__(self, poster: Poster) -> None:
        self._poster, self._open = poster, True

    def post(self, call: Callable[[], None]) -> None:
        """From any thread."""
        self._poster.post(partial(self._pass, call))

    def _pass(self, call: Callable[[], None]) -> None:
        if self._open:
            call()

    def close(self) -> None:
        """On the thread that is posted to."""
        self._open = False


class _Alarm(QTimer):
    """A timer that is used again: each scan asks for one and gives it back before it fires."""

    def __init__(self, parent: QObject) -> None:
        """With a parent: one that nobody holds is collected before it fires."""
        super().__init__(parent)
        self.then: Callable[[], None] = _nothing
        self.setSingleShot(True)
        self.timeout.connect(self._fire)

    @Slot()
    def _fire(self) -> None:
        self.then()


def _nothing() -> None:
    """Nobody waits."""


class QtRunner:
    """Implements `presenters.runner.Runner` with the ordered worker, a small pool, and Qt's timers."""

    def __init__(self, worker: CommandWorker, poster: Poster, readers: int = 2) -> None:
        self._worker, self._poster, self._gate = worker, poster, Gate(poster)
        self._pool = ThreadPoolExecutor(readers, "reader")
        self._closed = False
        self._timers: dict[int, _Alarm] = {}
        self._spare: list[_Alarm] = []
        self._last_timer = 0
        self._held: deque[Callable[[], None]] = deque()

    def command(self, work: Callable[[], T], then: Callable[[T], None], failed: Failed) -> None:
        """On the worker that keeps the order."""
        self._worker.submit(
            Task(
                work,
                lambda answer: self._gate.post(partial(then, answer)),
                lambda error: self._gate.post(partial(failed, error)),
            )
        )

    def read(self, work: Callable[[], T], then: Callable[[T], None], failed: Failed) -> None:
        """On the pool for reading, once scans are answered and painted; those never wait for it."""

        def run() -> None:
            try:
                answer = work()
            except Exception as error:  # noqa: BLE001 - shown by who asked, on its own thread
                fault = error
                self._gate.post(lambda: failed(fault))
                return
            self._gate.post(lambda: then(answer))

        self._held.append(run)
        if len(self._held) == 1:
            self._when_quiet(LOOKS_FOR_QUIET)

    def _when_quiet(self, looks: int) -> None:
        """All that is held goes on together, in the order in which it was asked for."""
        if not looks or self._worker.quiet:
            while self._held:
                self._submit(self._held.popleft())
        else:
            QTimer.singleShot(LOOK_AGAIN_MS, self._poster, lambda: self._when_quiet(looks - 1))

    def later(self, seconds: float, then: Callable[[], None]) -> Callable[[], None]:
        """After a while, on this thread, whether or not the caller keeps what cancels it."""
        self._last_timer += 1
        number = self._last_timer
        alarm = self._timers[number] = self._spare.pop() if self._spare else _Alarm(self._poster)

        def fire() -> None:
            self._forget(number)
            then()

        alarm.then = fire
        alarm.start(round(seconds * 1000))
        return lambda: self._forget(number)

    def _forget(self, number: int) -> None:
        alarm = self._timers.pop(number, None)
        if alarm is not None:
            alarm.stop()
            alarm.then = _nothing
            self._spare.append(alarm)

    def _submit(self, run: Callable[[], None]) -> None:
        if not self._closed:
            self._pool.submit(run)

    def close(self) -> None:
        """Waits for nothing: what is read is not wanted any more, and what was to come later does not come."""
        self._closed = True
        self._gate.close()
        for number in tuple(self._timers):
            self._forget(number)
        self._pool.shutdown(wait=False, cancel_futures=True)


class WedgeKeys(Protocol):
    """A keyboard scanner as this filter feeds it (app/devices/scanners.py)."""

    @property
    def deadline(self) -> int | None:
        """When `tick` is due."""

    def key(self, key: Key) -> tuple[Key, ...]:
        """Takes a key; gives back what a person typed."""

    def tick(self, now_ms: int) -> tuple[Key, ...]:
        """Decides about keys whose time has run out."""

    def flush(self) -> tuple[Key, ...]:
        """Gives back what is held."""


class KeyClock:
    """The time at which keys were pressed, in milliseconds, whenever they are looked at.

    The window may have been busy in between: then keys lie in the queue, and only the system knows how far apart
    they came.
    """

    def __init__(self) -> None:
        self._behind: int | None = None

    def pressed(self, stamp: int, now: int) -> int:
        """The time of a key with the system's stamp; 0 is none. `now` is any steady clock."""
        if stamp <= 0:
            return self.now(now)
        behind = now - stamp
        if self._behind is None or behind < self._behind or behind > self._behind + JUMP_MS:
            self._behind = behind
        return stamp

    def now(self, now: int) -> int:
        """That moment in the time of the keys."""
        return now - (self._behind or 0)


class WedgeFilter(QObject):
    """Sees every key press before any widget; what was scanned never reaches one, what was typed is sent on.

    Keys come to the system's windows first, and nearly nothing else does. A filter of the whole application would be
    asked about each of the sixty events that it takes to draw an answer.
    """

    def __init__(self, scanner: WedgeKeys, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` is steady, in seconds."""
        super().__init__()
        self._scanner, self._clock = scanner, clock
        self._keys = KeyClock()
        self._due, self._waited = 0, False
        self._held: dict[int, tuple[QWindow, QKeyEvent]] = {}
        self._next = 0
        self._replaying = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def install(self) -> None:
        """From now on the keys of all windows pass here: of those that are there, and of each that is turned to."""
        application = QCoreApplication.instance()
        if isinstance(application, QGuiApplication):
            self._hear_all()
            application.focusWindowChanged.connect(self._turned_to)

    def remove(self) -> None:
        """Keys go their usual way again; what is held is forgotten with the window it was meant for."""
        application = QCoreApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.disconnect(self._turned_to)
            for window in application.allWindows():
                window.removeEventFilter(self)
        self._timer.stop()
        self._held.clear()

    @Slot(QWindow)
    def _turned_to(self, window: QWindow | None) -> None:
        """Another window has the keyboard, or none; what is held was meant for the one before."""
        if window is not None:
            window.installEventFilter(self)  # once, however often
        if self._held:
            self._send_on(self._scanner.flush(), where_pressed=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """True for keys that are held back or were a scan."""
        if not isinstance(event, QKeyEvent) or event.type() is not _PRESS or self._replaying:
            if isinstance(event, QPointerEvent) and event.type() in _OPENING:
                QTimer.singleShot(0, self, self._hear_all)
            return False
        return isinstance(watched, QWindow) and self._take(watched, event)

    @Slot()
    def _hear_all(self) -> None:
        """A menu is a window of its own, and not every system turns to it before it gets the keys."""
        for window in QGuiApplication.allWindows():
            window.installEventFilter(self)  # once, however often

    def _take(self, window: QWindow, event: QKeyEvent) -> bool:
        self._next += 1
        at = self._keys.pressed(event.timestamp(), self._now())
        typed = self._scanner.key(_key(event, at, self._next))
        if typed or self._scanner.deadline is not None:  # else it was the end of a scan
            self._held[self._next] = (window, event.clone())
            self._send_on(typed)
        self._wait()
        return True

    def _now(self) -> int:
        return round(self._clock() * 1000)

    def _wait(self) -> None:
        """Until the scanner decides about what it holds."""
        self._waited = False
        deadline = self._scanner.deadline
        if deadline is None:
            self._held.clear()
            self._timer.stop()
            return
        now = self._now()
        left = max(deadline - self._keys.now(now), 0) + 1
        self._due = now + left
        self._timer.start(left)

    def _tick(self) -> None:
        now = self._now()
        if now - self._due > LATE_MS and not self._waited:
            # The window was busy: keys of the same code may lie in the queue, and come first.
            self._waited = True
            self._timer.start(1)
            return
        self._send_on(self._scanner.tick(self._keys.now(now)))
        self._wait()

    def _send_on(self, keys: tuple[Key, ...], *, where_pressed: bool = False) -> None:
        """To the window that has the keyboard by now, or else to the one where they were pressed, if it still is."""
        before, self._replaying = self._replaying, True
        try:
            for key in keys:
                found = self._held.pop(key.reference, None)
                now = None if where_pressed else QGuiApplication.focusWindow()
                if found is not None and (now is not None or found[0] in QGuiApplication.allWindows()):
                    QCoreApplication.sendEvent(now or found[0], found[1])
        finally:
            self._replaying = before
        if keys:
            QTimer.singleShot(0, self, self._hear_all)


def _key(event: QKeyEvent, at_ms: int, reference: int) -> Key:
    code = event.key()
    if code in _ENDS:
        return Key("", at_ms, KeyKind.END, event.isAutoRepeat(), reference)
    if code in _MODIFIERS:
        return Key("", at_ms, KeyKind.MODIFIER, event.isAutoRepeat(), reference)
    text = _text(event, code)
    return Key(text, at_ms, KeyKind.CHARACTER if text else KeyKind.OTHER, event.isAutoRepeat(), reference)


def _text(event: QKeyEvent, code: int) -> str:
    """What the key types; the group separator of GS1 arrives as Ctrl and ], a dead key of X11 without text."""
    if event.modifiers() & _CONTROL:
        return GROUP_SEPARATOR if code == _BRACKET or event.nativeScanCode() == _BRACKET_SCAN_CODE else ""
    text = event.text()
    return text if text and (text.isprintable() or text == GROUP_SEPARATOR) else _DEAD.get(code, "")
