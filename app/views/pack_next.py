"""The card of the tote to take next."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt

from app.presenters.state import pack, parts
from app.views.kit import Ink, Look, Part, fit_font
from app.views.kit.card import draw_headed_card


class NextCard(Part):
    """`NextCard(look)`; `render(pack.NextTote)`."""

    def __init__(self, look: Look) -> None:
        """A card of its own."""
        super().__init__(look)
        self.state = pack.NextTote(parts.CardHead(""))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def render(self, state: pack.NextTote) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            said = ", ".join(f"{label} {value}" for label, value in state.stats)
            self.describe(f"{state.head.title} {state.tote}", f"{state.title} {state.detail}, {said}")
            self.update()

    def draw(self, ink: Ink) -> None:
        """Tote and when it leaves, order, pictures, what is in it, the day."""
        state, sizes = self.state, self.look.metrics
        draw_headed_card(ink, state.head, self.rect(), self.behind)
        pad, y = 15, sizes.card_head + 14.0
        wide = self.width() - 2 * pad
        stats = self._draw_stats(ink, pad, wide)
        if not state.tote:
            ink.text(QRectF(pad, y, wide, 34), state.title, ink.font(sizes.head, 600), "text2")
            return
        big = 44 if sizes.width < 1920 else 58
        chip = ink.chip_width(state.chip) if state.chip else 0
        stacked = chip + 150 > wide
        font = fit_font(
            self.look, state.tote, ink.font(big, 700, mono=True, spacing=-3), wide - (0 if stacked else chip), 24
        )
        ink.text(QRectF(pad, y, wide, big), state.tote, font)
        if state.chip and not stacked:
            ink.chip(state.chip, pad + wide - chip, y + big - sizes.chip / 2)
        y += big + 10
        if state.chip and stacked:
            ink.chip(state.chip, pad, y + sizes.chip / 2)
            y += sizes.chip + 8
        ink.text(QRectF(pad, y, wide, 27), state.title, ink.font(sizes.head, 600))
        y += 37
        y = self._draw_pictures(ink, pad, y, wide, stats)
        if y + 28 <= stats:
            ink.text(QRectF(pad, y, wide, 28), state.detail, ink.font(sizes.lead), "text2")

    def _draw_pictures(self, ink: Ink, left: float, y: float, wide: float, limit: float) -> float:
        side = min(112 if self.look.metrics.width < 1920 else 150, round((wide - 16) / 3))
        if not self.state.pictures or y + side > limit:
            return y
        for i, name in enumerate(self.state.pictures[: int((wide + 8) // (side + 8))]):
            ink.picture(name, QRectF(left + i * (side + 8), y, side, side), 8)
        return y + side + 10

    def _draw_stats(self, ink: Ink, left: float, wide: float) -> float:
        """The day, at the foot; returns where it begins."""
        state, sizes = self.state, self.look.metrics
        if not state.stats:
            return self.height() - 14
        top = self.height() - 14 - sizes.micro * 1.35 - sizes.title * 1.1 - 13
        ink.line(left, round(top), left + wide, round(top), "line")
        each = wide / len(state.stats)
        for i, (label, value) in enumerate(state.stats):
            x = left + i * each
            if i:
                ink.line(round(x), round(top + 13), round(x), self.height() - 14, "line")
                x += 15
            ink.text(QRectF(x, top + 13, each - 15, sizes.micro * 1.35), label, ink.font(sizes.micro, 500), "text3")
            place = QRectF(x, top + 13 + sizes.micro * 1.35, each - 15, sizes.title * 1.1)
            ink.text(place, value, fit_font(self.look, value, ink.font(sizes.title, 600), each - 15, 14))
        return top
