"""The Stock screen: what was looked up with its sums, where it lies, and what moved last."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.presenters.state import parts, stock
from app.presenters.state.intents import Intents
from app.views.form import FormPanel, NoticeBar
from app.views.kit import (
    RIGHT,
    AckBar,
    Banner,
    Card,
    CommandBar,
    DataTable,
    Ink,
    Look,
    Paragraph,
    Part,
    Style,
    Tabs,
    fit_font,
    fitting,
)
from app.views.page import Keyed, Page

NOTHING = stock.Subject("")


class SubjectHead(Part):
    """Picture, name, SKU and chips; below them the sums."""

    def __init__(self, look: Look) -> None:
        """One height for a layout."""
        super().__init__(look)
        self.state = NOTHING
        self.relook()

    def _sizes(self) -> tuple[int, int]:
        width = self.look.metrics.width
        return {1024: (112, 74), 1366: (148, 86), 1920: (190, 108)}[width]

    def relook(self) -> None:
        """One height."""
        side, sums = self._sizes()
        self.setFixedHeight(side + 32 + (round(sums * self.look.metrics.text_scale) if self.state.sums else 0))

    def render(self, state: stock.Subject) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            said = ", ".join(f"{one.words} {one.value}" for one in state.sums)
            self.describe(f"{state.title}, {state.second}", said)
            self.relook()
            self.update()

    def draw(self, ink: Ink) -> None:
        """From the left, then the sums."""
        state, sizes = self.state, self.look.metrics
        side, _ = self._sizes()
        place = QRectF(16, 16, side, side)
        if state.picture:
            ink.picture(state.picture, place, 8)
        else:
            ink.box(place, "sunken", "line", 1, 8)
            ink.icon_in(state.icon, place, 56, "text3")
        left = place.right() + 20
        wide = self.width() - left - 16
        size = sizes.name * (1.25 if state.code else 1.2)
        style = Style(size, 700, mono=state.code, line_height=1.12, max_lines=2)
        chips = sizes.chip if state.chips else 0
        second = Style(sizes.name, 700, mono=not state.code) if not state.code else Style(sizes.lead, 400, "text2")
        made = fitting(self.look, state.title, style, wide, side - chips - 44, 18)
        below = Paragraph(self.look, state.second, second, wide) if state.second else None
        height = made.height + (below.height + 4 if below else 0) + (chips + 10 if chips else 0)
        top = place.center().y() - height / 2
        made.paint(ink.painter, left, top)
        top += made.height + 4
        if below is not None:
            below.paint(ink.painter, left, top)
            top += below.height
        at = float(left)
        for chip in state.chips:
            room = self.width() - 16 - at
            if room < 60:
                break
            at += ink.chip(chip, at, top + 10 + chips / 2, room) + 8
        if state.sums:
            self._draw_sums(ink, side + 32)

    def _draw_sums(self, ink: Ink, top: float) -> None:
        sizes, sums = self.look.metrics, self.state.sums
        ink.line(0, top, self.width(), top, "line")
        ink.line(0, self.height() - 1, self.width(), self.height() - 1, "line")
        each = self.width() / max(3, len(sums))
        number = {1024: 34, 1366: 44, 1920: 58}[sizes.width] * sizes.text_scale
        for at, one in enumerate(sums):
            left = at * each + 16
            if at:
                ink.line(round(at * each), top, round(at * each), self.height(), "line")
            label = QRectF(left, top + 8, each - 24, sizes.micro * 1.5)
            ink.text(label, one.words, ink.font(sizes.micro, 500), "text3")
            token = "text" if one.family is parts.Family.TODO else self.look.family(one.family).text
            font = fit_font(self.look, one.value, ink.font(number, 700, spacing=-2), each - 24, 20)
            room = QRectF(left, label.bottom(), each - 24, self.height() - label.bottom() - 4)
            ink.text(room, one.value, font, token)


class Movements(Part):
    """The last movements: icon, what, where and who, by how much, when."""

    def __init__(self, look: Look) -> None:
        """As high as its rows."""
        super().__init__(look)
        self.state: tuple[stock.Movement, ...] = ()

    def _each(self) -> int:
        return self.look.metrics.table_row_two

    def relook(self) -> None:
        """As high as its rows."""
        self.setMinimumHeight(self._each() * len(self.state))

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(200, self._each() * len(self.state))

    def render(self, state: tuple[stock.Movement, ...]) -> None:
        """Take the movements, the newest first."""
        if state != self.state:
            self.state = state
            self.describe("; ".join(f"{one.time} {one.title}, {one.detail}, {one.change}" for one in state))
            self.relook()
            self.update()

    def draw(self, ink: Ink) -> None:
        """One row a movement."""
        sizes, each = self.look.metrics, self._each()
        upper, lower = sizes.body * 1.25, sizes.small * 1.25
        for at, one in enumerate(self.state):
            y = at * each
            ink.icon(one.icon, 14, round(y + each / 2 - 11), 22, "text2")
            top = y + (each - upper - lower) / 2
            change = ink.text(
                QRectF(52, top, self.width() - 66, upper), one.change, ink.font(sizes.head, 700), "text", RIGHT
            )
            title = QRectF(52, top, self.width() - 76 - change, upper)
            ink.text(title, one.title, ink.font(sizes.body, 600))
            below = QRectF(52, top + upper, self.width() - 66, lower)
            time = ink.text(below, one.time, ink.font(sizes.small), "text2", RIGHT)
            ink.text(below.adjusted(0, 0, -time - 10, 0), one.detail, ink.font(sizes.small), "text2")
            ink.line(0, y + each - 1, self.width(), y + each - 1, "line")


class StockView(Page):
    """`StockView(look, intents)`; `render(stock.Stock)`."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Banner, two cards, commands."""
        super().__init__(look, intents, parent)
        self.state: stock.Stock | None = None
        self.banner, self.notice = Banner(look, intents), NoticeBar(look, intents)
        self.head, self.table = SubjectHead(look), DataTable(look, intents)
        self.tabs = Tabs(look, intents)
        self.tabs.setContentsMargins(14, 8, 14, 0)
        self.card = Card(look)
        self.card.add(self.head)
        self.card.add(self.tabs)
        self.card.add(self.table, 1)
        self.movements = Movements(look)
        self.moved_card = Card(look, parts.CardHead(""))
        self.moved_card.add(self._scrolled(self.movements), 1)
        self.form_card, self.form = Card(look, pad=True), FormPanel(look, intents)
        self.form_card.add(self.form, 1)
        self.side = QStackedWidget()
        self.side.addWidget(self.moved_card)
        self.side.addWidget(self.form_card)
        self.commands, self.ack = CommandBar(look, intents), AckBar(look, intents)
        self._body = QHBoxLayout()
        self._body.addWidget(self.card, 1)
        self._body.addWidget(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.notice)
        column.addLayout(self._body, 1)
        column.addWidget(self.commands)
        column.addWidget(self.ack)
        self.ack.hide()
        self.relook()

    def _scrolled(self, part: Part) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        return area

    def relook(self) -> None:
        """Widths and gaps."""
        sizes = self.look.metrics
        self._body.setContentsMargins(sizes.pad, sizes.pad, sizes.pad, sizes.pad)
        self._body.setSpacing(sizes.gap)
        self.side.setFixedWidth({1024: 280, 1366: 380, 1920: 500}[sizes.width])
        self._show_side()

    def render(self, state: stock.Stock) -> None:
        """Show a state."""
        if state == self.state:
            return
        opened = state.form is not None and (self.state is None or self.state.form is None)
        self.state = state
        self.banner.render(state.banner)
        self.notice.render(state.notice)
        self.head.setVisible(state.subject is not None)
        if state.subject is not None:
            self.head.render(state.subject)
        self.tabs.render(state.tabs)
        self.tabs.setVisible(bool(state.tabs))
        self.table.render(state.table)
        self.moved_card.render(state.movements_head)
        self.movements.render(state.movements)
        if state.form is not None:
            self.form.render(state.form)
        self._show_side()
        if opened:
            self.form.focus_first()
        if state.ack is not None:
            self.ack.render(state.ack)
        self.commands.render(state.commands)
        self.ack.setVisible(state.ack is not None)
        self.commands.setVisible(state.ack is None)

    def _show_side(self) -> None:
        state = self.state
        if state is None:
            return
        if state.form is None:
            self.form.give_back()
        self.side.setCurrentWidget(self.form_card if state.form else self.moved_card)
        self.side.setVisible(bool(state.form or state.movements))

    def keyed(self) -> Iterable[Keyed]:
        """Commands; the form's buttons while it is open; nothing but the presenter while the screen blocks."""
        state = self.state
        if state is None or state.ack is not None:
            return ()
        if state.form is not None:
            return state.form.commands
        return (*state.commands.commands, *(state.notice.commands if state.notice else ()))

    def search_field(self) -> QLineEdit | None:
        """The field of the banner."""
        return self.banner.field

    def steer(self, key: str) -> bool:
        """Move in the table."""
        if self.state is None or self.state.ack is not None or self.state.form is not None:
            return False
        return self.table.steer(key)
