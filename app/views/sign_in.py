"""The sign-in screen: one thing to do, and the devices of the bench before the shift starts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.words import say
from app.presenters.state import control_parts, sign_in
from app.presenters.state.intents import Intents
from app.views.kit import Ink, Look, Part, SmallButton, TextField, fit_font
from app.views.kit.ink import width_of
from app.views.kit.text import Paragraph, Style
from app.views.mark import draw_mark
from app.views.page import Keyed, Page

FOOT, LEAST_ROW = 26, 50
"""Below the buttons of the bench, and the least height of a device's row."""
BARS = ((0, 3), (6, 2), (10, 5), (18, 2), (22, 4), (30, 5), (38, 2), (42, 6), (52, 3), (58, 2), (62, 6), (72, 3),
        (78, 5), (86, 3), (92, 2), (96, 5), (104, 4))  # fmt: skip
CORNERS = (((60, 96), (60, 30), (126, 30)), ((400, 96), (400, 30), (334, 30)),
           ((60, 214), (60, 270), (126, 270)), ((400, 214), (400, 270), (334, 270)))  # fmt: skip


def draw_badge(ink: Ink, place: QRectF) -> None:
    """A badge in the window of a scanner, in units of 460 by 300."""
    painter, look = ink.painter, ink.look
    painter.save()
    painter.translate(place.topLeft())
    scale = min(place.width() / 460, place.height() / 300)
    painter.scale(scale, scale)
    ink.box(QRectF(96, 54, 268, 172), "surface", "lineStrong", 2, 16)
    ink.fill(QRectF(202, 68, 56, 10), "lineStrong", 5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("line"))
    painter.drawEllipse(QPointF(160, 124), 28, 28)
    body = QPainterPath(QPointF(118, 190))
    body.cubicTo(122, 162, 136, 152, 160, 152)
    body.cubicTo(184, 152, 198, 162, 202, 190)
    painter.drawPath(body)
    ink.fill(QRectF(226, 104, 108, 14), "line", 4)
    ink.fill(QRectF(226, 128, 72, 10), "line", 4)
    for x, width in BARS:
        ink.fill(QRectF(226 + x, 156, width, 42), "text")
    pen = QPen(look.colour("wrongSolid"), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawLine(QPointF(40, 177), QPointF(420, 177))
    pen = QPen(look.colour("accentSolid"), 6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for corner in CORNERS:
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in corner]))
    painter.restore()


class SignInHero(Part):
    """What to do, large enough for the whole room."""

    def __init__(self, look: Look) -> None:
        """The left two thirds."""
        super().__init__(look)
        self.state = sign_in.SignIn("", "", "", "")

    def render(self, state: sign_in.SignIn) -> None:
        """Take a state."""
        if state != self.state:
            news = state.wrong and state.wrong != self.state.wrong
            self.state = state
            self.describe(state.title, f"{state.detail} {state.wrong}")
            self.update()
            if news:
                self.announce()

    def words_top(self) -> float:
        """Where the title stands."""
        sizes = self.look.metrics
        more = 34 * (self._hint_rows() - 1) + 60 * (sizes.text_scale - 1)
        return self.height() - {1024: 262, 1366: 266, 1920: 370}[sizes.width] - round(more)

    def _hint_widths(self) -> list[float]:
        font = self.look.font(self.look.metrics.lead - 1)
        return [width_of(hint.words, font) + 70 for hint in self.state.hints]

    def _hint_rows(self) -> int:
        left = 36 if self.look.metrics.width == 1024 else 64
        return 2 if left + sum(self._hint_widths()) > self.width() else 1

    def draw(self, ink: Ink) -> None:
        """Mark, badge, title, detail, other ways in."""
        state, sizes = self.state, self.look.metrics
        left = 36 if sizes.width == 1024 else 64
        wide = self.width() - left - 24
        draw_mark(ink.painter, QRectF(left, 34, 44, 44))
        ink.text(QRectF(left + 58, 34, wide, 44), "Pickwick", ink.font(28, 600))
        top = self.words_top()
        height = min(300.0 if sizes.width < 1920 else 460, top - 150)
        draw_badge(ink, QRectF(left - 20, top - 14 - height, height * 460 / 300, height))
        size = {1024: 56, 1366: 76, 1920: 104}[sizes.width]
        font = fit_font(self.look, state.title, ink.font(size, 700, spacing=-2), wide, 34)
        ink.text(QRectF(left, top, wide, size * 1.15), state.title, font)
        y = top + size * 1.15 + 8
        if state.wrong:
            y += ink.paragraph(left, y, wide, state.wrong, Style(sizes.head, 600, "wrongText", max_lines=2)) + 6
        elif not state.fields:
            ink.paragraph(left, y, wide, state.detail, Style(24 * sizes.text_scale, 400, "text2", max_lines=2))
        self._draw_hints(ink, left, self.height() - 42)

    def _draw_hints(self, ink: Ink, left: float, centre: float) -> None:
        sizes = self.look.metrics
        font = ink.font(sizes.lead - 1)
        start, widths = left, self._hint_widths()
        centre -= (self._hint_rows() - 1) * 34
        for hint, wide in zip(self.state.hints, widths, strict=True):
            if left > start and left + wide > self.width():
                left, centre = start, centre + 34
            left += ink.key(hint.key, left, centre, "text") + 9
            place = QRectF(left, centre - 15, self.width() - left - 10, 30)
            left += ink.text(place, hint.words, font, "text2") + 26


class BenchPanel(Part):
    """The station and its devices."""

    def __init__(self, look: Look) -> None:
        """The right third."""
        super().__init__(look)
        self.state = sign_in.SignIn("", "", "", "")

    def render(self, state: sign_in.SignIn) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.describe(
                f"{state.station}, {state.place}", "; ".join(f"{d.name} {d.chip.words}" for d in state.devices)
            )
            self.update()

    def draw(self, ink: Ink) -> None:
        """Name, place, one row a device, remarks."""
        state, sizes = self.state, self.look.metrics
        ink.fill(self.rect(), "surface")
        ink.line(0, 0, 0, self.height(), "line")
        left, wide = 31, self.width() - 61
        size = 48 if sizes.width < 1920 else 60
        font = fit_font(self.look, state.station, ink.font(size, 700, spacing=-2), wide, 26)
        ink.text(QRectF(left, 30, wide, size * 1.15), state.station, font)
        y = 34 + size * 1.15
        ink.text(QRectF(left, y, wide, 28), state.place, ink.font(sizes.lead), "text2")
        y += 46
        ink.line(left, round(y), left + wide, round(y), "line")
        remarks = [
            Paragraph(self.look, remark, Style(sizes.body, 400, "text2", line_height=1.45, max_lines=2), wide)
            for remark in state.remarks
        ]
        room = self.height() - FOOT - sizes.button - 14 - y - sum(made.height for made in remarks)
        row = round(66 * sizes.text_scale) if sizes.width < 1920 else 84
        row = max(LEAST_ROW, min(row, int(room / max(1, len(state.devices)))))
        for device in state.devices:
            self._draw_device(ink, device, QRectF(left, y, wide, row))
            y += row
        y += 14
        for made in remarks:
            if y + made.height > self.height() - FOOT - sizes.button:
                break  # what does not fit above the buttons is not cut by them
            made.paint(ink.painter, left, y)
            y += made.height

    def _draw_device(self, ink: Ink, device: sign_in.DeviceLine, row: QRectF) -> None:
        sizes = self.look.metrics
        ink.icon(device.icon, row.left(), round(row.center().y() - 14), 28, "text")
        chip = ink.chip_width(device.chip)
        ink.chip(device.chip, row.right() - chip, row.center().y())
        left, wide = row.left() + 40, row.width() - 52 - chip
        half = sizes.lead * 1.25
        ink.text(QRectF(left, row.center().y() - half, wide, half), device.name, ink.font(sizes.lead, 600))
        small = fit_font(self.look, device.detail, ink.font(sizes.small, mono=device.address), wide, 12)
        ink.text(QRectF(left, row.center().y() + 1, wide, sizes.small * 1.3), device.detail, small, "text2")
        ink.line(row.left(), round(row.bottom()), row.right(), round(row.bottom()), "line")


class SignInView(Page):
    """`SignInView(look, intents)`; `render(sign_in.SignIn)`."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Hero at the left, bench at the right, buttons at its foot."""
        super().__init__(look, intents, parent)
        self.state: sign_in.SignIn | None = None
        self.hero, self.bench = SignInHero(look), BenchPanel(look)
        self.buttons: list[SmallButton] = []
        self.fields: list[TextField] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.hero, 1)
        row.addWidget(self.bench)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(8)
        column = QVBoxLayout(self.bench)
        column.setContentsMargins(31, 0, 30, FOOT)
        column.addStretch(1)
        column.addLayout(self._foot)
        self._form = QWidget(self.hero)
        self._form_row = QHBoxLayout(self._form)
        self._form_row.setContentsMargins(0, 0, 0, 0)
        self._form_row.setSpacing(12)
        self._form.hide()
        self.relook()

    def relook(self) -> None:
        """The bench keeps its width."""
        self.bench.setFixedWidth({1024: 410, 1366: 476, 1920: 640}[self.look.metrics.width])
        self._place_form()

    def _place_form(self) -> None:
        sizes = self.look.metrics
        left = 36 if sizes.width == 1024 else 64
        top = self.hero.words_top() + {1024: 64, 1366: 88, 1920: 120}[sizes.width] + 34
        self._form.setGeometry(left, round(top), min(560, self.hero.width() - left - 24), 44 + sizes.target)

    def resizeEvent(self, event: object) -> None:
        """Keep the form below the title."""
        self._place_form()

    def render(self, state: sign_in.SignIn) -> None:
        """Show a state."""
        if state == self.state:
            return
        opened = bool(state.fields) and not (self.state and self.state.fields)
        self.state = state
        by_hand = (sign_in.KeyHint("/", say("sign_in.hint.type")),) if state.hints and not state.fields else ()
        self.hero.render(replace(state, hints=(*state.hints, *by_hand)))
        self.bench.render(state)
        while len(self.buttons) < len(state.buttons):
            self.buttons.append(SmallButton(self.look, self.intents))
            self._foot.addWidget(self.buttons[-1], 1)
        for button, command in zip(self.buttons, state.buttons, strict=False):
            button.render(command)
        while len(self.fields) < len(state.fields):
            self.fields.append(TextField(self.look, self.intents))
            self._form_row.addWidget(self.fields[-1], 1)
        for field, shown in zip(self.fields, state.fields, strict=False):
            field.render(shown)
        self._form.setVisible(bool(state.fields))
        self._place_form()
        if opened:
            self.fields[0].edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyed(self) -> Iterable[Keyed]:
        """The buttons, and the other ways in."""
        if self.state is None:
            return ()
        hints = [control_parts.Command(hint.code, hint.words, hint.key) for hint in self.state.hints if hint.code]
        return (*self.state.buttons, *hints)
