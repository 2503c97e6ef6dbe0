"""The picture of a state that is about to come, painted where nobody sees it."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from app.views.kit.ink import Ink
from app.views.kit.look import Look


class Ready:
    """One picture of a part that covers all of its place; it is shown once the part looks as the picture does."""

    def __init__(self, part: QWidget, look: Look) -> None:
        self._part, self._look = part, look
        self._picture: QPixmap | None = None
        self._key: Hashable = None

    def paint(self, key: Hashable, draw: Callable[[Ink], None]) -> None:
        """Paints it; `key` is what decides how the part looks then."""
        size, ratio = self._part.size(), self._part.devicePixelRatio()
        picture = self._picture
        if picture is None or picture.size() != size * ratio:
            picture = QPixmap(size * ratio)
            picture.setDevicePixelRatio(ratio)
        with Ink(picture, self._look) as ink:
            draw(ink)
        self._picture, self._key = picture, key

    def holds(self, key: Hashable) -> bool:
        """Whether it is the picture of what the part shows now."""
        picture, part = self._picture, self._part
        return picture is not None and self._key == key and picture.size() == part.size() * part.devicePixelRatio()

    def show(self, key: Hashable) -> bool:
        """While the part is painted: puts the picture onto it, where it `holds` for the key; says whether it did."""
        if self._picture is None or not self.holds(key):
            return False
        painter = QPainter(self._part)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()
        return True

    def forget(self) -> None:
        """Theme or sizes changed."""
        self._picture, self._key = None, None
