"""What is seen before anything is read: the mark on the ground of the theme, in the window that the station fills."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.views.mark import draw_mark

MARK = 96


class OpeningFrame(QWidget):
    """The window of the station. `hold(page)` puts the station into it, whose title and keys are its own then."""

    def __init__(self, ground: str) -> None:
        """`ground` is the colour of the theme's ground."""
        super().__init__()
        self._ground = QColor(ground)
        self._held: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def hold(self, page: QWidget) -> None:
        """Show this instead of the mark."""
        self._held = page
        self._column.addWidget(page)
        self.setFocusProxy(page)
        self.setWindowTitle(page.windowTitle())
        self.setWindowIcon(page.windowIcon())
        page.windowTitleChanged.connect(self.setWindowTitle)
        page.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The mark in the middle."""
        if self._held is not None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._ground)
        place = QRectF(0, 0, MARK, MARK)
        place.moveCenter(QPointF(self.rect().center()))
        draw_mark(painter, place)
