"""The painted parts of the returns screen: what was sold, the unit in hand, the decisions, the refund."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.presenters.state import parts, returns
from app.presenters.state.intents import Intents
from app.views.kit import LEFT, RIGHT, ChoiceButton, Ink, Look, Paragraph, Part, Style, fitting, unbroken
from app.views.kit.card import draw_card, draw_card_head

PICTURE = 52
STRIP = 76
LEAST_CHOICE = 44


def folded(look: Look) -> bool:
    """Whether the sold lines fold into a row of pictures: where the width or large type leaves no room beside."""
    return look.metrics.width == 1024 or (look.metrics.width == 1366 and look.metrics.text_scale > 1)


class SoldLines(Part):
    """`SoldLines(look)`; `render(returns.SoldCard)`: the lines one below another, on the narrow screen in one row."""

    def __init__(self, look: Look) -> None:
        """A card of its own."""
        super().__init__(look)
        self.state = returns.SoldCard(parts.CardHead(""), ())
        self.relook()

    def relook(self) -> None:
        """A strip on the narrow screen."""
        if folded(self.look):
            self.setMinimumWidth(0)
            self.setMaximumWidth(16777215)
            self.fix_height(STRIP)
            return
        self.setMinimumHeight(0)
        self.setMaximumHeight(16777215)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)  # the strip has another
        self.setFixedWidth(284 if self.look.metrics.width == 1366 else 380)

    def render(self, state: returns.SoldCard) -> None:
        """Take the lines."""
        if state != self.state:
            self.state = state
            said = ", ".join(f"{line.name} {line.back} {line.of}" for line in state.lines)
            self.describe(state.head.title, f"{said}. {state.note_label} {state.note}")
            self.setToolTip(state.note)
            self.update()

    def draw(self, ink: Ink) -> None:
        """Head, lines, note at the foot; or pictures with their counts."""
        draw_card(ink, QRectF(self.rect()))
        if folded(self.look):
            self._draw_strip(ink)
            return
        sizes = self.look.metrics
        draw_card_head(ink, self.state.head, QRectF(0, 0, self.width(), sizes.card_head))
        bottom = self._draw_note(ink)
        y = float(sizes.card_head)
        for i, line in enumerate(self.state.lines):
            height = self._line_height(line)
            if y + height > bottom:
                more = f"+{len(self.state.lines) - i}"
                ink.text(QRectF(14, y, self.width() - 28, 30), more, ink.font(sizes.small, 600), "text2")
                break
            self._draw_line(ink, line, QRectF(1, y, self.width() - 2, height))
            y += height

    def _side(self) -> int:
        return 64 if self.look.metrics.width == 1920 else PICTURE

    def _name(self, line: returns.Sold) -> Paragraph:
        size = self.look.metrics.small + 0.5
        style = Style(size, 600, "text", line_height=1.14, max_lines=3)
        width = self.width() - 28 - self._side() - 10 - self._count_width() - 8
        return Paragraph(self.look, unbroken(line.name), style, width)

    def _count_width(self) -> float:
        return (
            66 * self.look.metrics.text_scale if self.look.metrics.width == 1366 else 84 * self.look.metrics.text_scale
        )

    def _line_height(self, line: returns.Sold) -> float:
        return max(self._side(), self._name(line).height + self.look.metrics.small * 1.4) + 21

    def _draw_line(self, ink: Ink, line: returns.Sold, row: QRectF) -> None:
        sizes, side = self.look.metrics, self._side()
        if line.chosen:
            ink.fill(row, "accentSoft")
            ink.fill(QRectF(row.left(), row.top(), 5, row.height()), "accentSolid")
        ink.line(row.left(), round(row.bottom()) - 1, row.right(), round(row.bottom()) - 1, "line")
        ink.picture(line.picture, QRectF(14, round(row.center().y() - side / 2), side, side), 6)
        name, left = self._name(line), 14 + side + 10
        second = sizes.small * 1.4
        top = row.center().y() - (name.height + second) / 2
        name.paint(ink.painter, left, top)
        mono = ink.font(sizes.small, mono=True)
        ink.text(QRectF(left, top + name.height, 120, second), line.sku, mono, "text2")
        right = QRectF(self.width() - 14 - self._count_width(), 0, self._count_width(), 0)
        big = 22 * sizes.text_scale
        place = QRectF(right.left(), row.center().y() - big * 1.15, right.width(), big * 1.2)
        ink.text(place, line.back, ink.font(big, 600), "okText" if line.done else "text", RIGHT)
        place = QRectF(right.left(), place.bottom(), right.width(), sizes.small * 1.3)
        ink.text(place, line.of, ink.font(sizes.small), "text2", RIGHT)

    def _draw_note(self, ink: Ink) -> float:
        """The customer's note at the foot; returns where it begins."""
        state, sizes = self.state, self.look.metrics
        if not state.note:
            return self.height() - 4
        style = Style(sizes.body, 400, "text", line_height=1.35, max_lines=6)
        note = Paragraph(self.look, state.note, style, self.width() - 28)
        top = self.height() - 14 - note.height - sizes.micro * 1.5 - 14
        ink.line(1, round(top), self.width() - 1, round(top), "line")
        label = QRectF(14, top + 12, self.width() - 28, sizes.micro * 1.5)
        ink.text(label, state.note_label, ink.font(sizes.micro, 500), "text2")
        note.paint(ink.painter, 14, label.bottom() + 2)
        return top

    def _draw_strip(self, ink: Ink) -> None:
        sizes, x = self.look.metrics, 12.0
        for line in self.state.lines:
            count = f"{line.back} {line.of}"
            wide = 56 + ink.width(count, ink.font(sizes.small, 600)) + 24
            if x + wide > self.width() - 40:
                break
            place = QRectF(x, 8, wide, self.height() - 16)
            if line.chosen:
                ink.box(place, "accentSoft", "accentSolid", 2, 8)
            ink.picture(line.picture, QRectF(x + 6, 12, PICTURE, PICTURE), 6)
            words = QRectF(x + 66, 8, wide - 70, place.height())
            ink.text(words.adjusted(0, 8, 0, -26), line.sku, ink.font(sizes.small, mono=True), "text2")
            ink.text(words.adjusted(0, 28, 0, -6), count, ink.font(sizes.small, 600))
            x += wide + 10
        if self.state.note and self.width() - x > 160:
            style = Style(sizes.small, 400, "text2", line_height=1.3, max_lines=3)
            note = Paragraph(self.look, self.state.note, style, self.width() - x - 24)
            ink.line(round(x) + 2, 12, round(x) + 2, self.height() - 12, "line")
            note.paint(ink.painter, x + 14, (self.height() - note.height) / 2)


class HandPart(Part):
    """`HandPart(look)`; `render(returns.Hand)`: the unit in hand, large."""

    def __init__(self, look: Look) -> None:
        """One height."""
        super().__init__(look)
        self.state = returns.Hand(parts.CardHead(""))
        self.relook()

    def relook(self) -> None:
        """Picture and room around."""
        tall = {1024: 108, 1366: 141, 1920: 196}[self.look.metrics.width]
        self.fix_height(108 if folded(self.look) else tall)

    def render(self, state: returns.Hand) -> None:
        """Take a unit, and have it read out."""
        if state != self.state:
            self.state = state
            self.describe(f"{state.name} {state.sku}".strip() or state.words, state.words)
            self.update()
            self.announce()

    def draw(self, ink: Ink) -> None:
        """Picture, name, SKU, when it was sold."""
        state, sizes = self.state, self.look.metrics
        ink.line(0, self.height() - 1, self.width(), self.height() - 1, "line")
        side = self.height() - 29
        ink.picture(state.picture, QRectF(16, 14, side, side), 8)
        left, size = 16 + side + 18, 24 if folded(self.look) else {1366: 28, 1920: 38}[sizes.width]
        width = self.width() - left - 16
        if not state.name:
            words = fitting(self.look, state.words, Style(sizes.head, 600, "text2", max_lines=3), width, side, 14)
            words.paint(ink.painter, left, (self.height() - words.height) / 2)
            return
        code = 26 if folded(self.look) else {1366: 34, 1920: 44}[sizes.width]
        style = Style(size, 700, line_height=1.12, max_lines=2)
        name = fitting(
            self.look, unbroken(state.name), style, width, side - code * 1.25 - sizes.body * 1.5, size * 0.55
        )
        total = name.height + code * 1.25 + sizes.body * 1.4 + 4
        y = 14 + max(0.0, (side - total) / 2)
        name.paint(ink.painter, left, y)
        y += name.height + 2
        ink.text(QRectF(left, y, width, code * 1.25), state.sku, ink.font(code, 700, mono=True, spacing=-1))
        y += code * 1.25 + 2
        ink.text(QRectF(left, y, width, sizes.body * 1.4), state.words, ink.font(sizes.body), "text2")


class QuestionHead(Part):
    """The name of a decision, what it asks, and where it stands."""

    def __init__(self, look: Look) -> None:
        """One height."""
        super().__init__(look)
        self.state = returns.Question("", "", parts.Stage.LATER, ())
        self.relook()

    def relook(self) -> None:
        """One line."""
        self.fix_height(round(26 * self.look.metrics.text_scale))

    def render(self, state: returns.Question) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.describe(state.name, state.words)
            self.update()

    def draw(self, ink: Ink) -> None:
        """Icon, name, words."""
        sizes, state = self.look.metrics, self.state
        now = state.stage is parts.Stage.NOW
        icon = {parts.Stage.NOW: "arrow-right", parts.Stage.DONE: "check-circle"}.get(state.stage, "circle-dashed")
        token = "accentText" if now else "text" if state.stage is parts.Stage.DONE else "text3"
        ink.icon(icon, 0, round(self.height() / 2 - 10), 20, token)
        row = QRectF(28, 0, self.width() - 28, self.height())
        wide = ink.text(row, state.name, ink.font(sizes.body, 600), "accentText" if now else "text", LEFT)
        ink.text(row.adjusted(wide + 8, 0, 0, 0), state.words, ink.font(sizes.body), "text2", LEFT)


class QuestionGroup(QWidget):
    """`QuestionGroup(look, intents)`; `render(returns.Question)`: a decision with its answers in one row."""

    def __init__(self, look: Look, intents: Intents) -> None:
        """Buttons are made when they are first needed."""
        super().__init__()
        self.look, self._intents = look, intents
        self.head = QuestionHead(look)
        self.buttons: list[ChoiceButton] = []
        self._row = QWidget()
        self._grid = QGridLayout(self._row)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 6, 14, 0)
        column.setSpacing(4)
        column.addWidget(self.head)
        column.addWidget(self._row, 1)
        self._row.setMaximumHeight(96)

    def render(self, state: returns.Question) -> None:
        """Take a decision. Keys are said in the head, because the buttons have no room for them."""
        self.head.render(state)
        while len(self.buttons) < len(state.choices):
            button = ChoiceButton(self.look, self._intents, 3)
            button.setMinimumHeight(LEAST_CHOICE)
            self._grid.addWidget(button, 0, len(self.buttons))
            self._grid.setColumnStretch(len(self.buttons), 1)
            self.buttons.append(button)
        for button, choice in zip(self.buttons, state.choices, strict=False):
            button.render(replace(choice, key=""))
            button.name_it(f"{choice.words} {choice.detail}".strip(), choice.key, choice.reason)


class RefundPart(Part):
    """`RefundPart(look)`; `render(returns.RefundCard)`: the refund as it grows."""

    def __init__(self, look: Look) -> None:
        """A card of its own."""
        super().__init__(look)
        self.state = returns.RefundCard(parts.CardHead(""), (), "", "", "")
        self.relook()

    def relook(self) -> None:
        """One width."""
        wide = {1024: 280, 1366: 294, 1920: 400}[self.look.metrics.width]
        self.setFixedWidth(round(wide * (1 + (self.look.metrics.text_scale - 1) / 2)))

    def render(self, state: returns.RefundCard) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            said = ", ".join(f"{line.words} {line.amount}" for line in state.lines)
            self.describe(f"{state.head.title}: {state.amount} {state.currency}", f"{said}. {state.foot}")
            self.update()

    def draw(self, ink: Ink) -> None:
        """Lines from the top, the sum, the units, and at the foot what bounds it."""
        state, sizes = self.state, self.look.metrics
        draw_card(ink, QRectF(self.rect()))
        draw_card_head(ink, state.head, QRectF(0, 0, self.width(), sizes.card_head))
        pad = 14
        width = self.width() - 2 * pad
        foot = Paragraph(self.look, state.foot, Style(sizes.small, 400, "text2", line_height=1.35), width)
        bottom = self.height() - pad - foot.height
        foot.paint(ink.painter, pad, bottom)
        each = round((48 if sizes.width == 1920 else 38) * sizes.text_scale)
        below = 16 + self._sum_size() * 1.2 + self._units_height() + 8
        y, room = sizes.card_head + 8.0, bottom - below
        shown = list(state.lines)
        while len(shown) > 1 and y + each * len(shown) > room:
            shown.pop(0)
        for line in shown:
            self._draw_line(ink, line, QRectF(pad, y, width, each))
            y += each
        y = self._draw_sum(ink, pad, y + 12, width)
        self._draw_units(ink, pad, y + 8, width)

    def _sum_size(self) -> float:
        return (54 if self.look.metrics.width == 1920 else 42) * self.look.metrics.text_scale

    def _unit_height(self) -> int:
        return round((62 if self.look.metrics.width == 1920 else 54) * self.look.metrics.text_scale)

    def _units_height(self) -> float:
        rows = -(-min(6, len(self.state.units)) // 3)
        return rows * (self._unit_height() + 8)

    def _draw_line(self, ink: Ink, line: returns.RefundLine, row: QRectF) -> None:
        sizes = self.look.metrics
        token = "text2" if line.quiet else "text"
        wide = ink.text(row, line.amount, ink.font(sizes.body, 700), token, RIGHT)
        ink.text(row.adjusted(0, 0, -wide - 8, 0), line.words, ink.font(sizes.body), token)
        ink.line(row.left(), round(row.bottom()) - 1, row.right(), round(row.bottom()) - 1, "line")

    def _draw_sum(self, ink: Ink, left: float, top: float, width: float) -> float:
        state, sizes, size = self.state, self.look.metrics, self._sum_size()
        small = ink.font(size * 0.45, 600)
        row = QRectF(left, top, width, size * 1.2)
        unit = ink.width(state.currency, small) + 5
        ink.text(row.adjusted(0, size * 0.28, 0, 0), state.currency, small, "text", RIGHT)
        big = ink.font(size, 700, spacing=-3)
        while ink.width(state.amount, big) > width - unit - 4 and size > 20:
            size -= 2
            big = ink.font(size, 700, spacing=-3)
        wide = ink.text(row.adjusted(0, 0, -unit, 0), state.amount, big, "text", RIGHT)
        room = width - unit - wide - 8
        if room > 40:
            words = Paragraph(self.look, state.label, Style(sizes.body, 400, "text2", max_lines=2), room)
            words.paint(ink.painter, left, row.center().y() - words.height / 2 + 4)
        return row.bottom()

    def _draw_units(self, ink: Ink, left: float, top: float, width: float) -> None:
        sizes, gap, height = self.look.metrics, 8, self._unit_height()
        each = (width - 2 * gap) / 3
        shown = self.state.units[-6:]
        for i, unit in enumerate(shown):
            place = QRectF(left + (i % 3) * (each + gap), top + (i // 3) * (height + gap), each, height)
            ground, line, thick = {
                parts.Stage.DONE: ("okSoft", "okLine", 1),
                parts.Stage.NOW: ("surface", "accentSolid", 2),
                parts.Stage.LATER: ("surface", "line", 1),
            }[unit.stage]
            ink.box(place, ground, line, thick, 6)
            x, upper = place.left() + 7, sizes.small * 1.25
            middle = place.center().y()
            if unit.stage is parts.Stage.DONE:
                ink.icon("check", x, round(middle - upper + (upper - 16) / 2), 16, "okText")
                x += 19
            row = QRectF(x, middle - upper, place.right() - x - 4, upper)
            ink.text(row, unit.title, ink.font(sizes.small, 700))
            row = QRectF(place.left() + 7, middle, place.width() - 10, upper)
            ink.text(row, unit.words, ink.font(sizes.small - 0.5))
