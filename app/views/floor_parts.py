"""The painted parts of the lead's floor: figures, the hours of the day, trucks, what needs the lead."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize

from app.domain.words import say
from app.presenters.state import floor, parts
from app.presenters.state.parts import Family, Stage
from app.views.kit import CENTRE, RIGHT, Ink, Look, Part, fit_font

FOOT = 7
"""Height of the coloured bar under a figure."""


class FloorFigures(Part):
    """`FloorFigures(look)`; `render(tuple[floor.Figure, ...])`."""

    def __init__(self, look: Look) -> None:
        """One height."""
        super().__init__(look)
        self.state: tuple[floor.Figure, ...] = ()
        self.relook()

    def relook(self) -> None:
        """One height."""
        sizes = self.look.metrics
        self.fix_height(round((142 if sizes.width == 1920 else 112) * (1 + (sizes.text_scale - 1) * 0.6)))

    def sizeHint(self) -> QSize:
        """All the width there is."""
        return QSize(800, self.height())

    def render(self, state: tuple[floor.Figure, ...]) -> None:
        """Take the figures."""
        if state != self.state:
            self.state = state
            self.describe("; ".join(f"{one.words} {one.value}, {', '.join(one.lines)}" for one in state))
            self.update()

    def draw(self, ink: Ink) -> None:
        """Equal columns."""
        ink.fill(self.rect(), "surface")
        ink.line(0, self.height() - 1, self.width(), self.height() - 1, "line")
        each = self.width() / max(1, len(self.state))
        for at, one in enumerate(self.state):
            left, right = round(at * each), round((at + 1) * each)
            self._draw(ink, one, QRectF(left, 0, right - left - 1, self.height()))
            ink.line(right - 1, 0, right - 1, self.height(), "line")

    def _draw(self, ink: Ink, one: floor.Figure, place: QRectF) -> None:
        sizes = self.look.metrics
        pad = 12 if sizes.width == 1024 else 20
        token = "text2" if one.family is Family.TODO else self.look.family(one.family).solid
        ink.fill(QRectF(place.left(), place.bottom() - FOOT, place.width(), FOOT), token)
        left, wide = place.left() + pad, place.width() - 2 * pad
        first = sizes.lead * 1.3
        words = fit_font(self.look, one.words, ink.font(sizes.lead, 700), wide * 0.48, 13)
        top = 10.0
        ink.text(QRectF(left, top, wide, first), one.words, words)
        number = {1024: 46, 1366: 60, 1920: 78}[sizes.width] * (1 + (sizes.text_scale - 1) * 0.5)
        quiet = ink.font(sizes.small)
        lower = sizes.small * 1.4
        beside = max((ink.width(line, quiet) for line in one.lines), default=0.0)
        for at, line in enumerate(one.lines):
            font = fit_font(self.look, line, quiet, wide * 0.58, 12)
            room = QRectF(left + wide * 0.42, top + 2 + at * lower, wide * 0.58, lower)
            ink.text(room, line, font, "text2", RIGHT)
        font = fit_font(
            self.look, one.value, ink.font(number, 700, mono=True, spacing=-3), max(wide - beside - 8, wide / 2), 28
        )
        below = QRectF(left, top + first - 6, wide, place.height() - FOOT - top - first + 6)
        ink.text(below, one.value, font, "text")


class HourChart(Part):
    """`HourChart(look)`; `render(tuple[floor.Hour, ...])`. Its accessible text is the table of its values."""

    def __init__(self, look: Look) -> None:
        """Fills a card."""
        super().__init__(look)
        self.state: tuple[floor.Hour, ...] = ()

    def render(self, state: tuple[floor.Hour, ...]) -> None:
        """Take the columns."""
        if state != self.state:
            self.state = state
            key = {Stage.LATER: "floor_screen.hours.said_later"}
            said = (
                say(key.get(one.stage, "floor_screen.hours.said"), hour=one.label, count=one.parcels) for one in state
            )
            self.describe(say("floor_screen.hours.title"), "; ".join(said))
            self.update()

    def draw(self, ink: Ink) -> None:
        """Lines behind, columns, their counts above and hours below."""
        if not self.state:
            return
        sizes = self.look.metrics
        foot, head = round(sizes.body * 2.1), round(sizes.small * 1.7)
        area = QRectF(14, 8 + head, self.width() - 28, self.height() - foot - head - 12)
        top = max((one.parcels for one in self.state), default=0)
        step = _step(top)
        scale = area.height() / max(top, 2 * step)
        for at in range(1, 3):
            y = round(area.bottom() - at * step * scale)
            if y >= area.top() - 1:
                ink.line(area.left(), y, area.right(), y, "line")
        each = area.width() / len(self.state)
        for at, one in enumerate(self.state):
            place = QRectF(area.left() + at * each, area.top(), each, area.height())
            self._draw(ink, one, place, round(one.parcels * scale))
        ink.line(area.left(), area.bottom(), area.right(), area.bottom(), "lineStrong")

    def _draw(self, ink: Ink, one: floor.Hour, place: QRectF, high: int) -> None:
        sizes = self.look.metrics
        inset = min(6.0, place.width() * 0.08)
        column = QRectF(round(place.left() + inset), place.bottom() - high, round(place.width() - 2 * inset), high)
        if one.stage is Stage.LATER and high > 2:
            ink.box(column, "sunken", "lineStrong", 1, 3, dashed=True)
        elif high:
            ink.fill(column, "accentLine" if one.stage is Stage.NOW else "accentSolid", min(3.0, high / 2))
            ink.fill(
                column.adjusted(0, max(0.0, high - 3.0), 0, 0),
                "accentLine" if one.stage is Stage.NOW else "accentSolid",
            )
        if one.parcels:
            size = sizes.small if place.width() > 40 else sizes.micro * 0.9
            token = "text2" if one.stage is Stage.LATER else "text"
            above = QRectF(place.left(), column.top() - size * 1.5, place.width(), size * 1.45)
            font = ink.font(size, 600, mono=True)
            behind = ink.width(str(one.parcels), font) + 6
            ink.fill(QRectF(above.center().x() - behind / 2, above.top() + 2, behind, above.height() - 4), "surface")
            ink.text(above, str(one.parcels), font, token, CENTRE)
        now = one.stage is Stage.NOW
        font = ink.font(sizes.small, 700) if now else ink.font(sizes.small, mono=True)
        below = QRectF(place.left(), place.bottom() + 6, place.width(), sizes.body * 1.6)
        ink.text(below, one.label, fit_font(self.look, one.label, font, place.width(), 9),
                 "accentText" if now else "text2", CENTRE)  # fmt: skip


def _step(top: int) -> int:
    """The distance of the two lines behind the columns: a round number near half of the highest."""
    step = 1
    for wanted in (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000):
        if wanted * 2 <= max(top, 2):
            step = wanted
    return step


class TruckList(Part):
    """`TruckList(look)`; `render(tuple[floor.Truck, ...])`, as high as its rows; put it into a scroll area."""

    def __init__(self, look: Look) -> None:
        """Empty."""
        super().__init__(look)
        self.state: tuple[floor.Truck, ...] = ()

    def _each(self) -> int:
        sizes = self.look.metrics
        return round(sizes.body * 1.5 + sizes.small * 1.4 + 34)

    def relook(self) -> None:
        """As high as its rows."""
        self.setMinimumHeight(self._each() * len(self.state))

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(200, self._each() * len(self.state))

    def render(self, state: tuple[floor.Truck, ...]) -> None:
        """Take the trucks."""
        if state != self.state:
            self.state = state
            self.describe("; ".join(f"{one.name} {one.time}, {one.words}, {one.right}" for one in state))
            self.relook()
            self.update()

    def draw(self, ink: Ink) -> None:
        """One below the other."""
        each = self._each()
        for at, one in enumerate(self.state):
            self._draw(ink, one, QRectF(14, at * each, self.width() - 28, each))
            ink.line(0, (at + 1) * each - 1, self.width(), (at + 1) * each - 1, "line")

    def _draw(self, ink: Ink, one: floor.Truck, place: QRectF) -> None:
        sizes = self.look.metrics
        first = QRectF(place.left(), place.top() + 8, place.width(), sizes.body * 1.5)
        token = self.look.family(one.family).text if one.family else "text2"
        bold = ink.font(sizes.body, 700 if one.family else 400)
        wide = ink.text(first, one.right, bold, token, RIGHT)
        if one.icon:
            wide += 24
            ink.icon(one.icon, round(first.right() - wide), round(first.center().y() - 9), 18, token)
        room = first.width() - wide - 12
        time = ink.width(one.time, ink.font(sizes.body, mono=True)) + 8 if one.time else 0
        name = ink.text(QRectF(first.left(), first.top(), room - time, first.height()), one.name,
                        ink.font(sizes.body, 700))  # fmt: skip
        after = QRectF(first.left() + name + 8, first.top(), time, first.height())
        ink.text(after, one.time, ink.font(sizes.body, mono=True), "text2")
        track = QRectF(place.left(), round(first.bottom() + 3), place.width(), 13)
        self._draw_track(ink, one, track)
        below = QRectF(place.left(), track.bottom() + 3, place.width(), sizes.small * 1.4)
        ink.text(below, one.words, ink.font(sizes.small), "text2")

    def _draw_track(self, ink: Ink, one: floor.Truck, track: QRectF) -> None:
        ink.box(track, "sunken", "lineStrong", 1, 3)
        inner = track.adjusted(1, 1, -1, -1)
        ink.fill(QRectF(inner.left(), inner.top(), inner.width() * one.done, inner.height()), "completeSolid")
        ink.fill(QRectF(inner.left(), inner.top(), inner.width() * one.out, inner.height()), "okSolid")
        if one.due is not None:
            x = min(track.right() - 3, round(track.left() + track.width() * one.due))
            ink.fill(QRectF(x, track.top() - 3, 3, track.height() + 6), "text")


class NeedWords(Part):
    """Icon, title and detail of one need; `render(floor.Need)`."""

    def __init__(self, look: Look) -> None:
        """One height."""
        super().__init__(look)
        self.state = floor.Need("", "", "", Family.TODO, parts.Command("", ""))
        self.relook()

    def relook(self) -> None:
        """One height."""
        self.fix_height(round(self.look.metrics.body * 1.3 + self.look.metrics.small * 1.3 + 6))

    def render(self, state: floor.Need) -> None:
        """Take a need."""
        if state != self.state:
            self.state = state
            self.describe(state.title, state.detail)
            self.setToolTip(f"{state.title}\n{state.detail}")
            self.update()

    def draw(self, ink: Ink) -> None:
        """Icon, two lines."""
        state, sizes = self.state, self.look.metrics
        token = self.look.family(state.family).text
        ink.icon(state.icon, 0, round(self.height() / 2 - 12), 24, token)
        upper, lower = sizes.body * 1.3, sizes.small * 1.3
        top = (self.height() - upper - lower) / 2
        left = 32 if sizes.width == 1024 else 38
        room = self.width() - left
        title = fit_font(self.look, state.title, ink.font(sizes.body, 700), room, round(sizes.body * 0.75))
        ink.text(QRectF(left, top, room, upper), state.title, title)
        ink.text(QRectF(left, top + upper, room, lower), state.detail, ink.font(sizes.small), "text2")
