"""The painted parts of the pick screen: where to go, what to take, the stops that come next."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QWidget

from app.presenters.state import parts, pick
from app.presenters.state.intents import Intents
from app.views.kit import CENTRE, LEFT, RIGHT, Ink, Look, PaintedButton, Part, Style, fitting, unbroken
from app.views.kit.card import draw_card, draw_card_head
from app.views.kit.scan_panel import draw_count

SIGN = 0.6  # the sign between two parts, as a share of their size
SPACING = -4.5


class WhereCard(Part):
    """`WhereCard(look)`; `render(pick.Where)`: a place in the largest type, each part under its name."""

    def __init__(self, look: Look) -> None:
        """A card of a fixed height."""
        super().__init__(look)
        self.state = pick.Where(())
        self.relook()

    def _full(self) -> float:
        """The size of the type; a larger text scale has no room to make it larger still."""
        return self.look.metrics.mega / self.look.metrics.text_scale

    def _reserved(self) -> int:
        """Room at the right for the button that opens the plan, on the narrow screen."""
        return 30 if self.look.metrics.width == 1024 else 0

    def _edges(self) -> tuple[int, int, int]:
        return {1024: (16, 18, 28), 1366: (14, 18, 24), 1920: (22, 26, 34)}[self.look.metrics.width]

    def relook(self) -> None:
        """Names, then the parts."""
        top, bottom, _ = self._edges()
        self.fix_height(round(top + self.look.metrics.lead * 1.2 + 12 + self._full() * 0.78 + bottom))

    def render(self, state: pick.Where) -> None:
        """Take a place, and have it read out."""
        if state != self.state:
            self.state = state
            self.describe(state.said, ", ".join(f"{part.label} {part.value}" for part in state.parts))
            self.update()
            self.announce()

    def _type(self, size: float) -> tuple[QFont, QFont]:
        big = self.look.font(size, 700, mono=True, spacing=SPACING)
        return big, self.look.font(size * SIGN, 400, mono=True)

    def _widths(self, size: float) -> tuple[list[float], float]:
        """Widths of the parts, and of what stands between two, in this size."""
        big, small = self._type(size)
        label = QFontMetricsF(self.look.font(self.look.metrics.lead, 500))
        measure = QFontMetricsF(big)
        widths = [
            max(measure.horizontalAdvance(part.value), label.horizontalAdvance(part.label)) for part in self.state.parts
        ]
        sign = QFontMetricsF(small).horizontalAdvance(self.state.sign) + 4 if self.state.sign else size * 0.4
        return widths, sign

    def draw(self, ink: Ink) -> None:
        """Names above, parts below, signs between; the hot part in the accent."""
        draw_card(ink, QRectF(self.rect()))
        if not self.state.parts:
            return
        _, bottom, pad = self._edges()
        room, size = self.width() - 2 * pad - self._reserved(), self._full()
        widths, sign = self._widths(size)
        while size > 40 and sum(widths) + sign * (len(widths) - 1) > room:
            size -= 4
            widths, sign = self._widths(size)
        spare = room - sum(widths) - sign * (len(widths) - 1)
        sign += min(spare / max(1, len(widths) - 1), size * 0.14)
        self._draw_parts(ink, widths, sign, size, self.height() - bottom - (self._full() - size) * 0.3)

    def _draw_parts(self, ink: Ink, widths: list[float], sign: float, size: float, base: float) -> None:
        top, _, pad = self._edges()
        big, small = self._type(size)
        lead, measure = ink.font(self.look.metrics.lead, 500), QFontMetricsF(big)
        x = float(pad)
        for i, (part, width) in enumerate(zip(self.state.parts, widths, strict=True)):
            if i:
                between = QRectF(x, base - measure.capHeight() / 2 - size / 2, sign, size)
                ink.text(between, self.state.sign, small, "text3", CENTRE)
                x += sign
            ink.text(QRectF(x, top, self.width() - x, self.look.metrics.lead * 1.2), part.label, lead, "text2")
            place = QRectF(x, base - measure.ascent(), self.width() - x, measure.height())
            ink.text(place, part.value, big, "accentText" if part.hot else "text")
            x += width


class MapButton(PaintedButton):
    """`MapButton(look, intents)`; `render(parts.Command)`: opens the plan where it has no place of its own."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Speaks to `intents.command` with its code."""
        super().__init__(look, lambda: intents.command(self.state.code), parent)
        self.state = parts.Command("", "")
        self.setFixedSize(58, 48)

    def render(self, state: parts.Command) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.name_it(state.words, state.key, state.reason)
            self.update()

    def draw(self, ink: Ink) -> None:
        """Icon and key."""
        ink.box(QRectF(self.rect()), self.ground("surface"), "lineStrong", 1, 8)
        ink.icon(self.state.icon, 8, 14, 20)
        ink.key(self.state.key, 31, 24, "text")


class TakeCard(Part):
    """`TakeCard(look)`; `render(pick.Take)`: picture, item, how many."""

    def __init__(self, look: Look) -> None:
        """Fills the room it gets."""
        super().__init__(look)
        self.state = pick.Take(parts.CardHead(""), "", "", "", "", "")

    def render(self, state: pick.Take) -> None:
        """Take a state; what changed is read out."""
        if state != self.state:
            self.state = state
            self.describe(f"{state.head.title}: {state.name} {state.sku}", f"{state.count} {state.of} {state.note}")
            self.update()
            self.announce()

    def draw(self, ink: Ink) -> None:
        """Picture at the left, the rest beside it; segments at the foot."""
        state, sizes = self.state, self.look.metrics
        draw_card(ink, QRectF(self.rect()))
        draw_card_head(ink, state.head, QRectF(0, 0, self.width(), sizes.card_head))
        pad = 18
        foot = self.height() - pad
        if state.need:
            foot -= sizes.segment
            family = state.family or parts.Family.ACCENT
            ink.segments(QRectF(pad, foot, self.width() - 2 * pad, sizes.segment), state.have, state.need, 0, family)
            foot -= 10
        top = sizes.card_head + 12
        side = {1024: 180, 1366: 188, 1920: 290}[sizes.width]
        side = min(side, round(foot - top), round(self.width() * 0.42))
        ink.picture(state.picture, QRectF(pad, round((top + foot - side) / 2), side, side), 8)
        self._draw_words(ink, QRectF(pad + side + 18, top, self.width() - 2 * pad - side - 18, foot - top))

    def _draw_words(self, ink: Ink, place: QRectF) -> None:
        state, sizes = self.state, self.look.metrics
        wide = sizes.width == 1920
        share = 0.42 if sizes.text_scale == 1 else 0.34
        big: float = min(170 if wide else 104, place.height() * share)
        size = (32 if wide else 25) * sizes.text_scale
        code = (40 if wide else 28) * sizes.text_scale
        room = max(size, place.height() - big * 0.86 - code * 1.25 - 22)
        style = Style(size, 700, line_height=1.12, max_lines=4)
        name = fitting(self.look, unbroken(state.name), style, place.width(), room, size * 0.6)
        total = name.height + 8 + code * 1.25 + 12 + big * 0.86
        y = place.top() + max(0.0, (place.height() - total) / 2)
        name.paint(ink.painter, place.left(), y)
        y += name.height + 8
        font = ink.font(code, 700, mono=True, spacing=-1)
        while code > 14 and ink.width(state.sku, font) > place.width():
            code -= 2
            font = ink.font(code, 700, mono=True, spacing=-1)
        ink.text(QRectF(place.left(), y, place.width(), code * 1.25), state.sku, font)
        token = self.look.family(state.family).text if state.family else "text"
        bottom = min(place.bottom(), y + code * 1.25 + 12 + big * 0.8)
        draw_count(
            ink, QRectF(place.left(), bottom - big * 0.8, place.width(), big * 0.8), state.count, state.of, big, token
        )


class NextStops(Part):
    """`NextStops(look)`; `render(stops, end, most)`: one row a stop that comes later, as many as there is room for."""

    def __init__(self, look: Look) -> None:
        """`most` keeps the list short below the plan; 0 lets it fill the card."""
        super().__init__(look)
        self.state: tuple[pick.NextStop, ...] = ()
        self.end = ""
        self.most = 0
        self.relook()

    def row_height(self) -> int:
        """The height of a stop."""
        return round((50 if self.look.metrics.width == 1920 else 38) * self.look.metrics.text_scale)

    def relook(self) -> None:
        """Below the plan it is as high as its rows."""
        if self.most:
            self.fix_height(self.row_height() * max(1, min(self.most, len(self.state))) + 1)
        else:
            self.setMinimumHeight(0)
            self.setMaximumHeight(16777215)

    def render(self, state: tuple[pick.NextStop, ...], end: str, most: int) -> None:
        """Take the stops."""
        if (state, end, most) != (self.state, self.end, self.most):
            self.state, self.end, self.most = state, end, most
            self.describe(", ".join(f"{s.number} {s.location} {s.name} {s.quantity}" for s in state) or end)
            self.relook()
            self.update()

    def draw(self, ink: Ink) -> None:
        """Number, place, item, how many; a line above each."""
        sizes, each = self.look.metrics, self.row_height()
        body, mono = ink.font(sizes.body), ink.font(sizes.body, 600, mono=True)
        pad, number, place = (14, 32, 134) if sizes.width < 1920 else (16, 40, 180)
        if not self.state:
            ink.line(0, 0, self.width(), 0, "line")
            ink.text(QRectF(pad, 0, self.width() - 2 * pad, each), self.end, body, "text2", LEFT)
            return
        for i, stop in enumerate(self.state):
            top = i * each
            if top + each > self.height() + 1:
                break
            inset = 0 if i == 0 else pad
            ink.line(inset, top, self.width() - inset, top, "line")
            row = QRectF(pad, top + 1, self.width() - 2 * pad, each - 1)
            ink.text(row, stop.number, ink.font(sizes.body, 700))
            ink.text(row.adjusted(number, 0, 0, 0), stop.location, mono)
            wide = ink.text(row, stop.quantity, ink.font(sizes.body, 700), "text", RIGHT)
            ink.text(row.adjusted(number + place, 0, -wide - 12, 0), unbroken(stop.name), body, "text2")
