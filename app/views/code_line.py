"""A code typed by hand, where there is no scanner, or none that can read it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.domain.words import say
from app.presenters.state.intents import Intents
from app.views.kit import Ink, Look
from app.views.kit.field import Entry
from app.views.kit.part import Part

WIDTH, HEIGHT, PAD = 640, 68, 12


class CodeEntry(Entry):
    """The field; it tells by `left` when the keyboard is elsewhere."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Esc and a click elsewhere close it, a look at another window does not."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.left.emit()


class CodeLine(Part):
    """`CodeLine(look, intents, parent)`; `open(secret)`: Enter tells `intents.scan` what was typed, Esc closes it."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget) -> None:
        """Hidden, over the bottom of its parent."""
        super().__init__(look, parent)
        self._around, self._intents = parent, intents
        self.label, self.edit = QLabel(say("code_line.label"), self), CodeEntry(self)
        self.edit.setProperty("mono", "true")
        self.edit.setAccessibleName(say("code_line.label"))
        self.edit.setPlaceholderText(say("code_line.hint"))
        row = QHBoxLayout(self)
        row.setContentsMargins(PAD, PAD, PAD, PAD)
        row.setSpacing(PAD)
        row.addWidget(self.label)
        row.addWidget(self.edit, 1)
        self.edit.returnPressed.connect(self._entered)
        self.edit.left.connect(self.hide)
        self.hide()

    def open(self, secret: bool) -> None:
        """Empty, with the cursor in it. What is `secret`, such as a badge, is not shown."""
        self.edit.clear()
        self.edit.setEchoMode(CodeEntry.EchoMode.Password if secret else CodeEntry.EchoMode.Normal)
        around, scale = self._around, self.look.metrics.text_scale
        wide, high = min(round(WIDTH * scale), around.width() - 2 * PAD), round(HEIGHT * scale)
        self.setGeometry((around.width() - wide) // 2, around.height() - high - PAD, wide, high)
        self.show()
        self.raise_()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def draw(self, ink: Ink) -> None:
        """Its ground, with the line of what has the keyboard."""
        ink.box(QRectF(self.rect()), "surface", "accentSolid", 2, 10)

    def _entered(self) -> None:
        typed = self.edit.text().strip()
        self.edit.clear()
        self.edit.clearFocus()
        self.hide()
        if typed:
            self._intents.scan(typed)
