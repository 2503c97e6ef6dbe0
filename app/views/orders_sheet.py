"""The full pages of Orders: title, facts, tabs with a list each, a form beside it; and the place around the list."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.presenters.state import orders, orders_sheet, parts
from app.presenters.state.intents import Intents
from app.views.form import FormPanel, NoticeBar
from app.views.kit import Card, DataTable, Ink, Look, Paragraph, Part, SmallButton, Style, Tabs, fit_font
from app.views.orders import OrdersView
from app.views.page import Keyed, Page

PAD = 16
SIDES = {1024: 340, 1366: 400, 1920: 520}


class SheetHead(Part):
    """Title with its chip, the line below, facts in a row."""

    def __init__(self, look: Look) -> None:
        """As high as what it shows."""
        super().__init__(look)
        self.title, self.line = "", ""
        self.chip: parts.Chip | None = None
        self.facts: tuple[parts.Fact, ...] = ()
        self.relook()

    def render(self, state: orders_sheet.Sheet) -> None:
        """Take what stands at the top of a page."""
        told = (state.title, state.line, state.chip, state.facts)
        if told != (self.title, self.line, self.chip, self.facts):
            self.title, self.line, self.chip, self.facts = told
            words = [state.line, *(f"{fact.label} {fact.value}" for fact in state.facts)]
            self.describe(state.title, ", ".join(word for word in words if word))
            self.relook()
            self.update()

    def relook(self) -> None:
        """As high as what it shows."""
        self.setFixedHeight(round(self._lay_out(None)))

    def resizeEvent(self, event: object) -> None:
        """Another width may take other lines."""
        self.relook()

    def draw(self, ink: Ink) -> None:
        """On a card of its own."""
        ink.box(self.rect(), "surface", "line", 1, 10)
        self._lay_out(ink)

    def _lay_out(self, ink: Ink | None) -> float:
        sizes = self.look.metrics
        wide = max(300, self.width()) - 2 * PAD
        size = sizes.title * 1.1
        top, row = 10.0, size * 1.25
        if ink is not None:
            chip = ink.chip_width(self.chip) if self.chip is not None else 0
            font = fit_font(self.look, self.title, self.look.font(size, 700), wide - chip - 16, 16)
            used = ink.text(QRectF(PAD, top, wide - chip - 16, row), self.title, font)
            if self.chip is not None:
                ink.chip(self.chip, PAD + used + 14, top + row / 2, wide * 0.6)
        top += row
        if self.line:
            style = Style(sizes.body, 400, "text2", line_height=1.3, max_lines=2)
            made = Paragraph(self.look, self.line, style, wide)
            if ink is not None:
                made.paint(ink.painter, PAD, top)
            top += made.height
        return (self._facts(ink, top + 6, wide) if self.facts else top) + 10

    def _facts(self, ink: Ink | None, top: float, wide: float) -> float:
        sizes = self.look.metrics
        label, value = sizes.micro * 1.3, sizes.lead * 1.3
        each = wide / len(self.facts)
        for at, fact in enumerate(self.facts):
            left = PAD + at * each
            if ink is None:
                continue
            if at:
                ink.line(round(left - 10), round(top + 2), round(left - 10), round(top + label + value), "line")
            ink.text(QRectF(left, top, each - 20, label), fact.label, ink.font(sizes.micro, 500), "text2")
            font = fit_font(self.look, fact.value, self.look.font(sizes.lead, 700), each - 20, 13)
            ink.text(QRectF(left, top + label, each - 20, value), fact.value, font)
        return top + label + value


class SheetView(Page):
    """`SheetView(look, intents)`; `render(orders_sheet.Sheet)`."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """One list and one form serve all tabs of all pages."""
        super().__init__(look, intents, parent)
        self.state: orders_sheet.Sheet | None = None
        self.notice, self.head, self.tabs = NoticeBar(look, intents), SheetHead(look), Tabs(look, intents)
        self.table = DataTable(look, intents)
        self.card = Card(look)
        self.card.add(self.table, 1)
        self.form_card, self.form = Card(look, pad=True), FormPanel(look, intents)
        self.form_card.add(self.form, 1)
        self.buttons: list[SmallButton] = []
        self._body, self._foot, self._inside = QHBoxLayout(), QHBoxLayout(), QVBoxLayout()
        self._foot.setSpacing(8)
        self._foot.addStretch(1)
        self._body.addWidget(self.card, 1)
        self._body.addWidget(self.form_card)
        self._inside.addWidget(self.notice)
        self._inside.addWidget(self.head)
        self._inside.addWidget(self.tabs)
        self._inside.addLayout(self._body, 1)
        self._inside.addLayout(self._foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._inside, 1)
        self.relook()

    def relook(self) -> None:
        """Widths and gaps."""
        sizes = self.look.metrics
        self._inside.setContentsMargins(sizes.pad, sizes.pad, sizes.pad, sizes.pad)
        self._inside.setSpacing(sizes.gap)
        self._body.setSpacing(sizes.gap)
        self.form_card.setFixedWidth(SIDES[sizes.width])

    def render(self, state: orders_sheet.Sheet) -> None:
        """Show a state; another page or tab begins at its top."""
        if state == self.state:
            return
        before, self.state = self.state, state
        self.head.render(state)
        self._render_notice(state)
        self.tabs.setVisible(bool(state.tabs))
        self.tabs.render(state.tabs)
        self.table.render(state.table)
        if before is None or before.name != state.name:
            self.table.view.verticalScrollBar().setValue(0)
        if state.form is None:
            self.form.give_back()
        self.form_card.setVisible(state.form is not None)
        if state.form is not None:
            self.form.render(state.form)
            if state.form.asks and (before is None or before.form is None):
                self.form.focus_first()
        while len(self.buttons) < len(state.commands):
            self.buttons.append(SmallButton(self.look, self.intents))
            self._foot.insertWidget(len(self.buttons) - 1, self.buttons[-1])
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(state.commands))
            if i < len(state.commands):
                button.render(state.commands[i])

    def _render_notice(self, state: orders_sheet.Sheet) -> None:
        """What is to be read takes the place of the head until it is closed, so that no control moves."""
        self.notice.stand_for(self.head.height())
        self.notice.render(state.notice)
        self.head.setVisible(state.notice is None)

    def keyed(self) -> Iterable[Keyed]:
        """The buttons of a form that asks, else those of the page and of the form beside its list."""
        state = self.state
        if state is None:
            return ()
        notice = state.notice.commands if state.notice else ()
        if state.form is None:
            return (*notice, *state.commands)
        return (*notice, *state.form.commands) if state.form.asks else (*notice, *state.form.commands, *state.commands)

    def search_field(self) -> QLineEdit | None:
        """The words of the note that is being written."""
        return self.form.fields[0].edit if self.form.fields and self.form_card.isVisible() else None

    def steer(self, key: str) -> bool:
        """Move in the list; Enter opens what can be opened."""
        if self.state is not None and self.state.form is not None and self.state.form.asks:
            return False
        return self.table.steer(key)


class OrdersRoomView(Page):
    """The Orders place: `render` shows the list or a full page, by what it is given."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """The page is made when one is opened first."""
        super().__init__(look, intents, parent)
        self.list = OrdersView(look, intents)
        self.sheet: SheetView | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @property
    def shown(self) -> Page:
        """What is on top."""
        top = self._stack.currentWidget()
        return top if isinstance(top, Page) else self.list

    def render(self, state: orders.Orders | orders_sheet.Sheet) -> None:
        """Show one of the two."""
        if isinstance(state, orders.Orders):
            if self.sheet is not None:
                self.sheet.form.give_back()
            self.list.render(state)
            self._stack.setCurrentWidget(self.list)
            return
        if self.sheet is None:
            self.sheet = SheetView(self.look, self.intents)
            self._stack.addWidget(self.sheet)
        self._stack.setCurrentWidget(self.sheet)
        self.sheet.render(state)

    def keyed(self) -> Iterable[Keyed]:
        """Those of what is on top."""
        return self.shown.keyed()

    def search_field(self) -> QLineEdit | None:
        """That of what is on top."""
        return self.shown.search_field()

    def press(self, key: str) -> bool:
        """What is on top takes it."""
        return self.shown.press(key)

    def steer(self, key: str) -> bool:
        """The list on top."""
        return self.shown.steer(key)
