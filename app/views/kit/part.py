"""The base of every painted part: repaints when its state or the look changes, and says itself in words."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QSize
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.presenters.state.words import plain
from app.views.kit.ink import Ink, paint_kept
from app.views.kit.look import Look


class Part(QWidget):
    """A widget that paints a frozen state and nothing else: subclasses write `draw`, and their heights in `relook`."""

    behind = "bg"
    """The colour on which the part lies, where it does not cover all of its place."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Keeps the look and follows its changes."""
        super().__init__(parent)
        self.look = look
        look.changed.connect(self._look_changed)

    def _look_changed(self) -> None:
        self.relook()
        self.updateGeometry()
        self.update()

    def relook(self) -> None:
        """Take new sizes after theme, width or text scale changed."""

    def fix_height(self, height: int) -> None:
        """Give the part one height and all the width there is."""
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def describe(self, name: str, description: str = "") -> None:
        """What a screen reader says about the part."""
        self.setAccessibleName(plain(name))
        self.setAccessibleDescription(plain(description))

    def announce(self) -> None:
        """Have the part read out at once."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def kept_as(self) -> Hashable | None:
        """What decides how the part looks, where the same is seen again and again: it is painted once then, on
        `behind`, and kept. None while it is painted anew each time.
        """
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the state."""
        key = self.kept_as()
        if key is not None:
            paint_kept(self, self.look, key, self.behind, self.draw)
            return
        with Ink(self, self.look, region=event.region()) as ink:
            self.draw(ink)

    def draw(self, ink: Ink) -> None:
        """Paint the state with ink; reads nothing but the state."""
        raise NotImplementedError

    def minimumSizeHint(self) -> QSize:
        """As small as the layout wants."""
        return QSize(0, 0)
