"""Facing cards: what is in the hand beside the line that is closest, with the characters that differ marked."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.words import say_count
from app.presenters.state import parts
from app.views.kit.ink import CENTRE, LEFT, RIGHT, Ink, width_of
from app.views.kit.lines import Shown, draw_line
from app.views.kit.look import Look
from app.views.kit.part import Part
from app.views.kit.scan_panel import draw_count
from app.views.kit.text import Style, fitting, unbroken

RADIUS = 10
BORDER = 3
MORE = 30


def rows_that_fit(count: int, room: float, row: float, last: float) -> int:
    """How many of so many rows are shown: all of them, or as many as leave room for the line that counts the rest."""
    if count * row <= room:
        return count
    return max(0, int((room - last) // row))


class FacingCard(Part):
    """`FacingCard(look)`; `render(parts.FacingCard)`."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Fills the room it gets."""
        super().__init__(look, parent)
        self.state = parts.FacingCard("", parts.Family.WRONG, "x-circle")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def render(self, state: parts.FacingCard) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.describe(f"{state.title}: {state.name} {state.sku}", " ".join((state.note, *state.why)).strip())
            self.update()

    def draw(self, ink: Ink) -> None:
        """Border and head in the family's solid, then the product or the list."""
        state, rect, sizes = self.state, QRectF(self.rect()), self.look.metrics
        colours = self.look.family(state.family)
        ink.box(rect, "surface", colours.solid, BORDER, RADIUS)
        shape = QPainterPath()
        shape.addRoundedRect(rect, RADIUS, RADIUS)
        ink.painter.save()
        ink.painter.setClipPath(shape)
        head = QRectF(0, 0, rect.width(), sizes.face_head + 2)
        ink.fill(head, colours.solid)
        ink.icon(state.icon, 17, round(head.center().y() - 14), 28, colours.on)
        wide = ink.width(state.right, ink.font(sizes.small, 500)) if state.right else 0
        place = head.adjusted(52, 0, -30 - wide, 0)
        ink.text(place, state.title, ink.font(sizes.head, 700), colours.on, LEFT)
        ink.text(head.adjusted(0, 0, -16, 0), state.right, ink.font(sizes.small, 500), colours.on, RIGHT)
        if state.rows:
            self._draw_rows(ink, head.bottom())
        elif state.note and not (state.name or state.sku):
            self._draw_note(ink, head.bottom())
        else:
            self._draw_product(ink, head.bottom())
        ink.painter.restore()

    def _draw_rows(self, ink: Ink, top: float) -> None:
        """As many rows as there is room for, and how many more there are."""
        height, wide = self.look.metrics.row, self.width() - 2 * BORDER
        count = rows_that_fit(len(self.state.rows), self.height() - BORDER - top, height, MORE)
        for row in self.state.rows[:count]:
            draw_line(ink, row, QRect(BORDER, round(top), wide, height), Shown.TWO)
            top += height
        left = len(self.state.rows) - count
        if left:
            place = QRectF(BORDER + 17, top, wide - 34, min(MORE, self.height() - BORDER - top))
            ink.text(place, say_count("kit.more_rows", left), ink.font(self.look.metrics.lead, 600), "text2", LEFT)

    def _draw_note(self, ink: Ink, top: float) -> None:
        """Words alone, as large as all of them fit."""
        state, sizes = self.state, self.look.metrics
        size = {1024: 34, 1366: 40, 1920: 56}[sizes.width] * sizes.text_scale
        style = Style(size, 700, self.look.family(state.family).text, line_height=1.2)
        width, room = self.width() - 48.0, self.height() - top - 40
        fitting(self.look, state.note, style, width, room, sizes.small).paint(ink.painter, 24, top + 18)

    def _draw_product(self, ink: Ink, top: float) -> None:
        state, sizes = self.state, self.look.metrics
        pad, gap, side = {1024: (16, 16, 170), 1366: (21, 22, 244), 1920: (26, 30, 340)}[sizes.width]
        side = min(side, round(self.height() - top - 2 * pad), round(self.width() * 0.44))
        ink.picture(state.picture, QRectF(pad, top + pad - 3, side, side), 8)
        left = pad + side + gap
        width = self.width() - left - pad
        size = {1024: 24, 1366: 29, 1920: 36}[sizes.width] * sizes.text_scale
        style = Style(size, 700, line_height=1.12, max_lines=4)
        name = fitting(self.look, unbroken(state.name), style, width, size * 3.5, size * 0.6)
        y = top + pad - 4
        name.paint(ink.painter, left, y)
        y += name.height + (12 if not state.count else 10)
        y += self._draw_sku(ink, left, y, width) + 10
        if state.count:
            y = self._draw_count(ink, left, y, width)
        if state.note:
            note = Style(size, 700, self.look.family(state.family).text, line_height=1.15)
            text = fitting(self.look, state.note, note, width, self.height() - y - 20, sizes.lead)
            text.paint(ink.painter, left, y)
            y += text.height + 10
        style = Style(sizes.lead, 400, "text2", strong_colour="text", line_height=1.35)
        for sentence in state.why:
            y += ink.paragraph(left, y, width, sentence, style)

    def _draw_sku(self, ink: Ink, left: float, top: float, width: float) -> float:
        """The SKU, its differing characters in blocks; returns its height."""
        state, sizes = self.state, self.look.metrics
        colours = self.look.family(state.family)
        size = {1024: 48, 1366: 56, 1920: 72}[sizes.width] if not state.count else sizes.name + 8
        if sizes.text_scale > 1 and self.height() < 360:
            size = min(size, 40)
        font, rows = ink.font(size, 700, mono=True, spacing=-1), 1
        while size > 24 and width_of(state.sku, font) + 6 > width:
            size -= 2
            font = ink.font(size, 700, mono=True, spacing=-1)
        height, x = size * 1.28, left
        for i, character in enumerate(state.sku):
            wide = width_of(character, font)
            if x + wide > left + width and x > left:
                x, top, rows = left, top + height, rows + 1
            place = QRectF(x, top, wide, height)
            if i in state.marks:
                ink.fill(place.adjusted(-2, 0, 2, 0), colours.solid, 5)
                ink.text(place, character, font, colours.on, CENTRE)
            else:
                ink.text(place, character, font, "text", CENTRE)
            x += wide + (3 if i in state.marks else 0)
        return height * rows

    def _draw_count(self, ink: Ink, left: float, y: float, width: float) -> float:
        state, sizes = self.state, self.look.metrics
        size: float = {1024: 72, 1366: 104, 1920: 140}[sizes.width]
        room = self.height() - y - 60
        size = max(40, min(size, room))
        token = self.look.family(state.family).text
        place = QRectF(left, y, width, size * 0.86)
        draw_count(ink, place, state.count, state.of, size, token)
        y += size * 0.86 + 20
        bar = {1024: 20, 1366: 26, 1920: 34}[sizes.width]
        ink.segments(QRectF(left, y, width, bar), state.have, state.need, state.extra, parts.Family.OK)
        return y + bar + 10


class FacingCards(QWidget):
    """`FacingCards(look)`; `render(left, right)`: two cards of equal size."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Side by side."""
        super().__init__(parent)
        self.left, self.right = FacingCard(look, self), FacingCard(look, self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.left, 1)
        self._row.addWidget(self.right, 1)
        self._look = look
        look.changed.connect(self._relook)
        self._relook()

    def _relook(self) -> None:
        self._row.setSpacing(self._look.metrics.gap)

    def render(self, left: parts.FacingCard, right: parts.FacingCard) -> None:
        """Take both states."""
        self.left.render(left)
        self.right.render(right)
