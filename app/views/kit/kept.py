"""What was laid out or painted before and is wanted again: a screen shows the same words at each scan."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPixmap, QStaticText, QTransform

from app.presenters.state.words import plain

T = TypeVar("T")
MOST_LINES, MOST_THINGS = 3000, 1500
MOST_PIXELS = 4_000_000
"""Of all pictures together: 16 MB."""
_SIMPLE = re.compile(r"[\u0020-\u024f\u2010-\u2027\u2030-\u205e\u20ac\u2212]*")
"""Left to right, one glyph a character: what a static text sets as a painter does."""


@dataclass(slots=True)
class Line:
    """Words set in one line: cut to their room, `width` and `height` in pixels; no `glyphs` for other scripts."""

    words: str
    width: float
    height: float
    font: QFont
    glyphs: QStaticText | None


class Kept:
    """Lines and whatever else costs more to make than to keep; all is forgotten at once when it is too much."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, int, int], Line] = {}
        self._things: dict[Hashable, object] = {}
        self._pictures: OrderedDict[Hashable, QPixmap] = OrderedDict()
        self._pixels = 0

    def clear(self) -> None:
        """Forgets everything: theme or sizes changed."""
        self._lines.clear()
        self._things.clear()
        self._pictures.clear()
        self._pixels = 0

    def line(self, words: str, font: QFont, room: float) -> Line:
        """Words without their marks in a font, cut with an ellipsis where they need more than `room` pixels.

        The font is known by its identity: fonts of the look are made once, and a line holds on to its own.
        """
        whole = self._line(words, font, 0)
        return whole if whole.width <= room + 0.5 else self._line(words, font, max(1, int(room * 2)))

    def _line(self, words: str, font: QFont, halves: int) -> Line:
        """All of the words, or what of them has room in so many halves of a pixel."""
        key = (words, id(font), halves)
        found = self._lines.get(key)
        if found is None:
            if len(self._lines) >= MOST_LINES:
                self._lines.clear()
            found = self._lines[key] = _set(plain(words), font, halves / 2, self.measure(font))
        return found

    def measure(self, font: QFont) -> QFontMetricsF:
        """The measures of a font of the look, or of one that is kept."""
        return self.once((QFontMetricsF, id(font)), lambda: (font, QFontMetricsF(font)))[1]

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave for this key before, or gives now. A key belongs to one kind of thing."""
        found = self._things.get(key)
        if found is None:
            if len(self._things) >= MOST_THINGS:
                self._things.clear()
            found = self._things[key] = make()
        return found  # type: ignore[return-value]

    def picture(self, key: Hashable) -> QPixmap | None:
        """A part as it was painted before, where it was and is not forgotten."""
        found = self._pictures.get(key)
        if found is not None:
            self._pictures.move_to_end(key)
        return found

    def keep(self, key: Hashable, made: QPixmap) -> QPixmap:
        """Keeps a painted part, and gives it back; what was not asked for longest goes first."""
        self._pictures[key] = made
        self._pixels += made.width() * made.height()
        while self._pixels > MOST_PIXELS:
            _, oldest = self._pictures.popitem(last=False)
            self._pixels -= oldest.width() * oldest.height()
        return made


def _set(words: str, font: QFont, room: float, measure: QFontMetricsF) -> Line:
    if room:
        words = measure.elidedText(words, Qt.TextElideMode.ElideRight, room)
    glyphs = None
    if _SIMPLE.fullmatch(words):
        glyphs = QStaticText(words)
        glyphs.setTextFormat(Qt.TextFormat.PlainText)
        glyphs.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        glyphs.prepare(QTransform(), font)
    # Measured apart: a static text says up to a pixel more of itself.
    return Line(words, measure.horizontalAdvance(words), measure.height(), font, glyphs)
