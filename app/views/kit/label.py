"""A picture of a shipping label, so that the packer can see that the right one is out."""

from __future__ import annotations

import zxingcpp
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from app.presenters.state import parts
from app.views.kit.ink import CENTRE, LEFT, RIGHT, Ink
from app.views.kit.look import Look, symbol_image
from app.views.kit.part import Part
from app.views.kit.text import fit_font

WIDTH = 282
BLACK = "plateInk"


def code_128(text: str, module: int, height: int) -> QPixmap:
    """The bars of a Code 128, each module a whole number of device pixels, without the white around them."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    image = symbol_image(code)
    return QPixmap.fromImage(image.copy(0, 0, image.width(), 1).scaled(image.width() * module, height))


class LabelPreview(Part):
    """`LabelPreview(look)`; `render(parts.LabelPreview)`. Black on white in both themes."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Fits into the room it gets, 282 wide at the most (at 1920: 380)."""
        super().__init__(look, parent)
        self.state = parts.LabelPreview("", "", (), "", "")
        self._bars: tuple[str, int, int, QPixmap] | None = None

    def render(self, state: parts.LabelPreview) -> None:
        """Take a label."""
        if state != self.state:
            self.state = state
            self.describe(f"{state.carrier} {state.service} {state.caption}", ", ".join(state.lines))
            self.update()

    def draw(self, ink: Ink) -> None:
        """Carrier, address, bars, foot."""
        if not self.state.barcode and not self.state.lines:
            return
        most = 380 if self.look.metrics.width == 1920 else WIDTH
        wide = min(most, self.width())
        factor = wide / WIDTH
        lines = len(self.state.lines)
        height = round((44 + 26 + lines * 21.6 + 8 + 98 + 34) * factor)
        if height > self.height():
            factor *= self.height() / height
            wide, height = round(WIDTH * factor), self.height()
        paper = QRectF(round((self.width() - wide) / 2), round((self.height() - height) / 2), wide, height)
        ink.box(paper, "plate", "lineStrong", 1, 4)
        y = self._draw_head(ink, paper, factor)
        y = self._draw_address(ink, paper, y, factor)
        self._draw_bars(ink, QRectF(paper.left(), y, wide, paper.bottom() - y - 34 * factor), factor)
        self._draw_foot(ink, QRectF(paper.left(), paper.bottom() - 34 * factor, wide, 34 * factor), factor)

    def _draw_head(self, ink: Ink, paper: QRectF, factor: float) -> float:
        place = QRectF(paper.left() + 12, paper.top(), paper.width() - 24, round(40 * factor))
        service = fit_font(self.look, self.state.service, ink.font(17 * factor), place.width() * 0.5, 9)
        wide = ink.text(place, self.state.service, service, BLACK, RIGHT)
        carrier = fit_font(self.look, self.state.carrier, ink.font(17 * factor, 600), place.width() - wide - 10, 9)
        ink.text(place.adjusted(0, 0, -wide - 8, 0), self.state.carrier, carrier, BLACK, LEFT)
        ink.fill(QRectF(paper.left(), place.bottom(), paper.width(), 3), BLACK)
        return place.bottom() + 3

    def _draw_address(self, ink: Ink, paper: QRectF, top: float, factor: float) -> float:
        y = top + 12 * factor
        for i, line in enumerate(self.state.lines):
            large = i == self.state.strong
            font = ink.font((22 if large else 16) * factor, 700 if large else 400)
            step = 24 * factor if large else 21 * factor
            ink.text(QRectF(paper.left() + 12, y, paper.width() - 24, step), line, font, BLACK)
            y += step
        y = round(y + 10 * factor)
        ink.fill(QRectF(paper.left(), y, paper.width(), 1), BLACK)
        return y + 1

    def _draw_bars(self, ink: Ink, place: QRectF, factor: float) -> None:
        if not self.state.barcode:
            return
        caption = round(22 * factor)
        height = max(10, round((place.height() - caption - 16 * factor) * ink.ratio))
        bars = self._bars_for(place.width() - 20, height, ink.ratio)
        left = place.center().x() - bars.deviceIndependentSize().width() / 2
        ink.painter.drawPixmap(QPointF(round(left * ink.ratio) / ink.ratio, round(place.top() + 12 * factor)), bars)
        below = QRectF(place.left(), place.bottom() - caption - 2, place.width(), caption)
        ink.text(below, self.state.caption, ink.font(14 * factor, mono=True), BLACK, CENTRE)

    def _bars_for(self, width: float, height: int, ratio: float) -> QPixmap:
        key = (self.state.barcode, round(width), height)
        if self._bars is None or self._bars[:3] != key:
            thin = code_128(self.state.barcode, 1, height)
            module = max(1, int(width * ratio // thin.width()))
            bars = code_128(self.state.barcode, module, height)
            bars.setDevicePixelRatio(ratio)
            self._bars = (*key, bars)
        return self._bars[3]

    def _draw_foot(self, ink: Ink, place: QRectF, factor: float) -> None:
        ink.fill(QRectF(place.left(), place.top(), place.width(), 1), BLACK)
        font, inner = ink.font(14 * factor, 600), place.adjusted(12, 0, -12, 0)
        aligns = (LEFT, CENTRE, RIGHT)
        for words, align in zip(self.state.foot, aligns, strict=False):
            ink.text(inner, words, font, BLACK, align)
