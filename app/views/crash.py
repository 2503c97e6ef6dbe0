"""What is shown when something of ours failed: that the work is safe, and how to go on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.words import say
from app.presenters.state import parts
from app.presenters.state.parts import Family
from app.views.kit import AckBar, Banner, Look
from app.views.kit.ink import Ink
from app.views.kit.part import Part
from app.views.kit.text import Style, fitting

SIDE, WIDEST = 40, 1100
"""Pixels around the words, and as wide as they are at most."""


class _Words(Part):
    """What is wrong and what to do, as large as it fits, on nothing of what lies behind."""

    def __init__(self, look: Look, words: str, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._words = words
        self.describe(words)

    def draw(self, ink: Ink) -> None:
        """In the middle, not wider than is read with ease."""
        sizes = self.look.metrics
        wide, room = min(self.width() - 2 * SIDE, WIDEST), self.height() - 2 * SIDE
        ink.fill(self.rect(), "bg")
        style = Style(sizes.head * 1.7, 600, "text", line_height=1.25)
        made = fitting(self.look, self._words, style, wide, room, sizes.body)
        made.paint(ink.painter, (self.width() - wide) / 2, (self.height() - made.height) / 2)


class TroublePage(QWidget):
    """Stays over the whole window until it is acknowledged by Enter or its plate; nothing behind it was lost."""

    def __init__(self, look: Look, order: str, what: str, again: Callable[[], None] | None) -> None:
        """`again` is done when it is acknowledged: without it the work simply goes on."""
        super().__init__()
        self._again = again
        self.words = what
        self._middle = _Words(look, what, self)
        self.banner, self.bar = Banner(look), AckBar(look, self)
        self.banner.setParent(self)
        self.bar.setParent(self)
        self.banner.render(
            parts.Banner(order, "" if again else say("crash.detail"), Family.WRONG, "warning-octagon", blocking=True)
        )
        do, how = ("crash.again", "crash.again.how") if again else ("crash.do", "crash.how")
        self.bar.render(parts.AckBar(say(do), say(how), say("crash.locked")))

    def open_over(self, window: QWidget) -> None:
        """Covers the window and takes the keyboard."""
        self.setParent(window)
        self.setGeometry(window.rect())
        self._place()
        self.show()
        self.raise_()
        self.setFocus()

    def command(self, code: str) -> None:
        """Its plate was pressed."""
        self.close()
        self.deleteLater()
        if self._again is not None:
            self._again()

    def refused(self, code: str, reason: str) -> None:
        """Nothing here is refused."""

    def scan(self, raw: str) -> None:
        """No scan ends it: it is not about the work."""

    def key(self, name: str) -> None:
        """Keys come by `keyPressEvent`."""

    def typed(self, field: str, text: str, entered: bool) -> None:
        """There are no fields."""

    def choose(self, what: str, key: str, opened: bool) -> None:
        """There is nothing to choose."""

    def more(self, what: str) -> None:
        """There is no list."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.command("")

    def _place(self) -> None:
        top, bottom = max(self.banner.sizeHint().height(), 132), max(self.bar.sizeHint().height(), 158)
        self.banner.setGeometry(0, 0, self.width(), top)
        self._middle.setGeometry(0, top, self.width(), self.height() - top - bottom)
        self.bar.setGeometry(0, self.height() - bottom, self.width(), bottom)
