"""Records what a scanner types, key by key, while the doctor examines it: nothing mended, nothing held for anybody."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from app.domain.keyboard_layouts import DEAD_KEYS, composed
from app.domain.scanner_doctor import Observation
from app.views.keys import key_name

SILENCE_MS = 250
"""So long after its last character a code without an end is over, and a key pressed by hand is one."""
SECOND_END_MS = 80
LEAST = 3
REPEAT_MS = 20
"""A held key repeats far more slowly. X11 takes a scanner's fast "00" for one key that is held."""
_BRACKET_SCAN_CODE = 27 if sys.platform == "win32" else 35
"""The key of the US ]; X11 counts eight more than the keyboard."""
_X11 = sys.platform.startswith("linux")
_DEAD = {getattr(Qt.Key, f"Key_Dead_{name}").value: accent for name, accent in DEAD_KEYS.items() if _X11}
_ENDS = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Enter: "\r", Qt.Key.Key_Tab: "\t"}


def _text(event: QKeyEvent) -> str:
    """What the key types; GS comes as Ctrl and the key that is ] on a US keyboard, wherever the computer has it."""
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        bracket = event.key() == Qt.Key.Key_BracketRight or event.nativeScanCode() == _BRACKET_SCAN_CODE
        return "\x1d" if bracket else ""
    text = event.text() or _DEAD.get(event.key(), "")
    return text if text.isprintable() or text == "\x1d" else ""


class KeyRecorder(QObject):
    """Sees every key press before anybody else while it is on. Few keys are a hand's: they are given back by name."""

    def __init__(
        self,
        on_scan: Callable[[Observation], None],
        on_key: Callable[[str], object],
        parent: QObject,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives seconds."""
        super().__init__(parent)
        self._on_scan, self._on_key, self._clock = on_scan, on_key, clock
        self._run: list[tuple[str, str, int]] = []
        self._swallow_until = 0
        self._on = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.silence)

    def turn(self, on: bool) -> None:
        """Begins or ends to record."""
        application = QCoreApplication.instance()
        if on == self._on or application is None:
            return
        self._on = on
        self._run.clear()
        self._timer.stop()
        if on:
            application.installEventFilter(self)
        else:
            application.removeEventFilter(self)

    @property
    def settled(self) -> bool:
        """Whether Enter, pressed now, would be a hand's: nothing is held, and no second end of a scan can come."""
        return not self._run and round(self._clock() * 1000) > self._swallow_until

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """True for what it keeps: characters, and what ends a code."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if not watched.isWindowType() and not watched.isWidgetType():  # a window gets it before its widgets do
            return False
        return self._key(event)

    def _key(self, event: QKeyEvent) -> bool:
        now = round(self._clock() * 1000)
        end = _ENDS.get(Qt.Key(event.key()))
        if end is not None:
            return self._end(end, now)
        text = _text(event)
        if not text or (event.isAutoRepeat() and not self._pressed_anew(now)):
            return False
        self._run.append((text, key_name(event), now))
        self._timer.start(SILENCE_MS)
        return True

    def _pressed_anew(self, now: int) -> bool:
        """Whether what the system calls a held key came so soon after another character that no finger held it."""
        return bool(self._run) and now - self._run[-1][2] <= REPEAT_MS

    def _end(self, end: str, now: int) -> bool:
        if len(self._run) >= LEAST:
            self._swallow_until = now + SECOND_END_MS
            self._send(end)
            return True
        self.silence()
        return now <= self._swallow_until

    def silence(self) -> None:
        """Nothing more came: a code without an end, or keys that a hand pressed."""
        self._timer.stop()
        if len(self._run) >= LEAST:
            self._send("")
            return
        names = [name for _, name, _ in self._run]
        self._run.clear()
        for name in filter(None, names):
            self._on_key(name)

    def _send(self, end: str) -> None:
        self._timer.stop()
        times = [at for _, _, at in self._run]
        text = composed("".join(text for text, _, _ in self._run))
        self._run.clear()
        gaps = tuple(later - earlier for earlier, later in pairwise(times))
        self._on_scan(Observation(text + end, b"", end, gaps, keys=True))
