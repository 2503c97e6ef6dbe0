"""Text with marks, laid out and painted: wrapped, cut with an ellipsis, or made smaller until it fits."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from app.presenters.state.words import Mark, plain, runs
from app.views.kit.look import Look

WORD_JOINER = "\u2060"
ELLIPSIS = "…"
KEY_SPACE = "\u00a0"
SPARE = 0.05
"""Of a line: so much less than its words alone a line may take, for what letters beside each other save."""
_ANYWHERE = QTextOption()
_ANYWHERE.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)


def unbroken(name: str) -> str:
    """A product's name that breaks between words only, never after a hyphen."""
    return name.replace("-", "-" + WORD_JOINER)


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is set: size in pixels, weight, colour token, and what strong words take."""

    size: float
    weight: int = 400
    colour: str = "text"
    mono: bool = False
    spacing: float = 0.0
    strong_weight: int = 600
    strong_colour: str = ""
    line_height: float = 0.0
    max_lines: int = 0

    @property
    def leading(self) -> float:
        """Height of a line in pixels: 1.35 in text, 1.1 from 20 px up."""
        return self.size * (self.line_height or (1.1 if self.size >= 20 else 1.35))


class Paragraph:
    """A sentence with marks, laid out for a width."""

    def __init__(self, look: Look, sentence: str, style: Style, width: float) -> None:
        """Lays the text out at once; with `style.max_lines` what is too much ends in an ellipsis."""
        self._look, self._style = look, style
        self._keys: list[tuple[int, int]] = []
        base = look.font(style.size, style.weight, style.mono, style.spacing)
        if plain(sentence) == sentence:
            self._layout = QTextLayout(sentence, base)
        else:
            self._layout = QTextLayout("", base)
            self._fill(sentence)
        self.width = 0.0
        self._break(width)
        self.height = self._layout.lineCount() * style.leading

    @property
    def lines(self) -> int:
        """How many lines the text took."""
        return self._layout.lineCount()

    def _fill(self, sentence: str) -> None:
        text, formats = "", []
        for run in runs(sentence):
            words = run.words
            if run.mark is Mark.KEY:
                words = KEY_SPACE * 2 + words.replace(" ", KEY_SPACE) + KEY_SPACE * 2
                self._keys.append((_units(text) + 2, _units(words) - 4))
            elif run.mark is Mark.CODE:
                words = WORD_JOINER.join(words.replace(" ", KEY_SPACE))
            if run.mark is not Mark.PLAIN:
                made = QTextLayout.FormatRange()
                made.start, made.length, made.format = _units(text), _units(words), self._format(run.mark)
                formats.append(made)
            text += words
        self._layout.setText(text)
        self._layout.setFormats(formats)

    def _format(self, mark: Mark) -> QTextCharFormat:
        style, made = self._style, QTextCharFormat()
        weight = style.strong_weight
        size = style.size * (0.95 if mark is Mark.KEY else 1.0)
        made.setFont(self._look.font(size, weight, mono=mark is not Mark.STRONG))
        if style.strong_colour and mark is not Mark.KEY:
            made.setForeground(self._look.colour(style.strong_colour))
        return made

    def _break(self, width: float) -> None:
        self._layout.setTextOption(_ANYWHERE)
        self._lay(width)
        limit = self._style.max_lines
        while limit and self._layout.lineCount() > limit:
            last = self._layout.lineAt(limit - 1)
            text = self._layout.text()
            keep = last.textStart() + last.textLength()
            shorter = text[:keep].rstrip(ELLIPSIS + " ")
            self._layout.setText(shorter[: max(0, len(shorter) - 2)].rstrip() + ELLIPSIS)
            self._lay(width)

    def _lay(self, width: float) -> None:
        layout, leading = self._layout, self._style.leading
        layout.beginLayout()
        y = self.width = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1.0, width))
            line.setPosition(QPointF(0, y + (leading - line.height()) / 2))
            self.width = max(self.width, line.naturalTextWidth())
            y += leading
        layout.endLayout()

    def paint(self, painter: QPainter, x: float, y: float) -> None:
        """Paint with the top left corner at x, y."""
        painter.setPen(self._look.colour(self._style.colour))
        self._layout.draw(painter, QPointF(x, y))
        for start, length in self._keys:
            line = self._layout.lineForTextPosition(start)
            if line.isValid():
                left, right = (_x_of(line, at) for at in (start, start + length))
                box = QRectF(x + left - 10, y + line.y() - 1, right - left + 20, line.height() + 2)
                painter.setPen(QPen(self._look.colour("lineStrong"), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.toAlignedRect().adjusted(0, 0, -1, -1), 4, 4)


def laid(look: Look, sentence: str, style: Style, width: float) -> Paragraph:
    """The paragraph as it was laid out before, where it was."""
    return look.kept.once((Paragraph, sentence, style, width), lambda: Paragraph(look, sentence, style, width))


def fitting(look: Look, sentence: str, style: Style, width: float, height: float, least: float) -> Paragraph:
    """The paragraph at its size, or at the largest smaller one that fits in width and height, not below `least`."""
    key = (fitting, sentence, style, width, height, least)
    return look.kept.once(key, lambda: _fitted(look, sentence, style, width, height, least))


def _fitted(look: Look, sentence: str, style: Style, width: float, height: float, least: float) -> Paragraph:
    sized = style
    while True:
        if sized.size <= least:
            return Paragraph(look, sentence, sized, width)
        if _may_fit(look, sentence, sized, width, height):  # laying out costs most of all
            made = Paragraph(look, sentence, sized, width)
            if made.height <= height and made.width <= width + 0.5:
                return made
        sized = _sized(style, max(least, sized.size - 2))


def _sized(style: Style, size: float) -> Style:
    return Style(size, style.weight, style.colour, style.mono, style.spacing, style.strong_weight,
                 style.strong_colour, style.line_height, style.max_lines)  # fmt: skip


def _may_fit(look: Look, sentence: str, style: Style, width: float, height: float) -> bool:
    """Whether each word fits the width, and the lines that they take at the least fit the height or are cut."""
    advance = look.kept.measure(look.font(style.size, style.weight, style.mono, style.spacing)).horizontalAdvance
    wide = [advance(word) for word in plain(sentence).split()]
    if max(wide, default=0.0) > width:
        return False
    lines = math.ceil(sum(wide) / max(1.0, width) - SPARE)
    return lines * style.leading <= height or 0 < style.max_lines < lines


def fit_font(look: Look, words: str, font: QFont, width: float, least: int) -> QFont:
    """A font of the look, or the same made smaller until the words fit the width, not below `least` pixels."""
    key = (fit_font, words, id(font), int(width * 2), least)
    return look.kept.once(key, lambda: (font, _smaller(look, words, font, width, least)))[1]


def _smaller(look: Look, words: str, font: QFont, width: float, least: int) -> QFont:
    if look.kept.measure(font).horizontalAdvance(words) <= width:
        return font
    smaller = QFont(font)
    while smaller.pixelSize() > least and QFontMetricsF(smaller).horizontalAdvance(words) > width:
        smaller.setPixelSize(max(least, smaller.pixelSize() - 2))
    return smaller


def _x_of(line: QTextLine, position: int) -> float:
    """Where a character begins; Qt answers with a pair that its stubs call a number."""
    found: object = line.cursorToX(position)
    first = found[0] if isinstance(found, tuple) else found
    return float(first) if isinstance(first, (int, float)) else 0.0


def code_rows(code: str, font: QFont, width: float) -> list[str]:
    """A code cut into rows that fit; only one too long for any readable size has more than one."""
    measure, rows = QFontMetricsF(font), [""]
    if measure.horizontalAdvance(code) <= width:
        return [code]
    for character in code:
        if rows[-1] and measure.horizontalAdvance(rows[-1] + character) > width:
            rows.append("")
        rows[-1] += character
    return rows


def _units(text: str) -> int:
    """Length as Qt counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
