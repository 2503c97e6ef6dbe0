"""The Orders screen: figures that are filters, the queue, and the chosen order beside it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.presenters.state import orders, parts
from app.presenters.state.intents import Intents
from app.views.form import FormPanel, NoticeBar
from app.views.kit import Card, DataTable, Figures, Look, SmallButton, Tabs
from app.views.orders_detail import DetailPanel, FiltersPanel
from app.views.page import Keyed, Page
from app.views.search_field import SearchField

EARLIER = "orders-earlier"
SIDES = {1024: 0, 1366: 356, 1920: 480}


class OrdersView(Page):
    """`OrdersView(look, intents)`; `render(orders.Orders)`."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """At 1024 the right side takes the place of the list."""
        super().__init__(look, intents, parent)
        self.state: orders.Orders | None = None
        self.figures, self.notice = Figures(look, intents), NoticeBar(look, intents)
        self.search, self.tabs = SearchField(look, intents), Tabs(look, intents)
        self.filter = SmallButton(look, intents)
        self.buttons: list[SmallButton] = []
        self.table = DataTable(look, intents)
        self.table.view.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.list = Card(look)
        self.list.add(self.table, 1)
        self.detail, self.filters = DetailPanel(look, intents), FiltersPanel(look, intents)
        self.form_card, self.form = Card(look, pad=True), FormPanel(look, intents)
        self.form_card.add(self.form, 1)
        self.side = QStackedWidget()
        for panel in (self.detail, self.filters, self.form_card):
            self.side.addWidget(panel)
        self._lay_out()
        self.relook()

    def _lay_out(self) -> None:
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        self.bar = QWidget()
        self._bar = QBoxLayout(QBoxLayout.Direction.LeftToRight, self.bar)
        self._bar.setContentsMargins(0, 0, 0, 0)
        self._bar.addLayout(self._first)
        self._bar.addLayout(self._second, 1)
        self._first.addWidget(self.search)
        self._second.addWidget(self.tabs, 1)
        self._body = QHBoxLayout()
        self._body.addWidget(self.list, 1)
        self._body.addWidget(self.side)
        self._inside = QVBoxLayout()
        self._inside.addWidget(self.bar)
        self._inside.addLayout(self._body, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.figures)
        column.addWidget(self.notice)
        column.addLayout(self._inside, 1)

    def relook(self) -> None:
        """Widths and gaps of the layout."""
        sizes = self.look.metrics
        touch = sizes.width == 1024
        self._inside.setContentsMargins(sizes.pad, sizes.pad, sizes.pad, sizes.pad)
        for layout in (self._inside, self._body, self._bar, self._first, self._second):
            layout.setSpacing(sizes.gap)
        stacked = touch or (sizes.width == 1366 and sizes.text_scale > 1)
        self._bar.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)
        self.search.setFixedWidth(420 if stacked else {1366: 236, 1920: 380}[sizes.width])
        holder = self._first if stacked else self._second
        for button in (*self.buttons, self.filter):
            self._first.removeWidget(button)
            self._second.removeWidget(button)
        for button in (*self.buttons, self.filter):
            holder.addWidget(button)
        if not touch:
            self.side.setFixedWidth(SIDES[sizes.width])
        else:
            self.side.setMinimumWidth(0)
            self.side.setMaximumWidth(16777215)
        self._render_notice()
        self._show_side()

    def render(self, state: orders.Orders) -> None:
        """Show a state."""
        if state == self.state:
            return
        before, self.state = self.state, state
        self.figures.render(state.figures)
        self._render_notice()
        self.search.render(state.search)
        self.tabs.render(state.tabs)
        if len(self.buttons) < len(state.buttons):
            self.buttons += [SmallButton(self.look, self.intents) for _ in state.buttons[len(self.buttons) :]]
            self.relook()
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(state.buttons))
            if i < len(state.buttons):
                button.render(state.buttons[i])
        self.filter.render(state.filter)
        self.table.render(state.table)
        self._keep_place(before)
        if state.detail is not None:
            self.detail.render_detail(state.detail)
        if state.filters is not None:
            self.filters.render_filters(state.filters)
        self._show_side()
        if state.form is not None:
            self.form.render(state.form)
            self.form.focus_first() if not self._form_was_open else None
        self._form_was_open = state.form is not None

    _form_was_open = False
    _asked_by = ""

    def _render_notice(self) -> None:
        """What is to be read takes the place of the figures until it is closed, so that no control moves."""
        if self.state is not None:
            self.notice.stand_for(self.figures.sizeHint().height())
            self.notice.render(self.state.notice)
            self.figures.setVisible(self.state.notice is None)

    def _show_side(self) -> None:
        state = self.state
        if state is None:
            return
        shown = self.form_card if state.form else self.filters if state.filters else self.detail
        if shown is not self.form_card:
            self.form.give_back()
        self.side.setCurrentWidget(shown)
        asked = state.form is not None or state.filters is not None
        if self.look.metrics.width == 1024:
            alone = asked or (state.opened and state.detail is not None)
            self.side.setVisible(alone)
            self.list.setVisible(not alone)
            self.bar.setVisible(not alone)
        else:
            self.bar.setVisible(True)
            self.side.setVisible(True)
            self.list.setVisible(True)
        self.detail.setVisible(shown is self.detail and state.detail is not None)

    def keyed(self) -> Iterable[Keyed]:
        """What answers to keys: the form's buttons while it is open, else the filters', else the detail's."""
        state = self.state
        if state is None:
            return ()
        notice = state.notice.commands if state.notice else ()
        if state.form is not None:
            return state.form.commands
        if state.filters is not None:
            own = state.filters.form.commands if state.filters.form else state.filters.commands
            return (*own, state.filter)
        found: list[parts.Command] = [*notice, state.filter, *state.buttons]
        if state.detail is not None:
            found += (*state.detail.links, *state.detail.commands)
            if state.opened and self.look.metrics.width == 1024:
                found.append(state.detail.open)
        return found

    def press(self, key: str) -> bool:
        """Letters on buttons press them; a number or a name that is typed without `/` begins the search with it.

        A letter that opened a question without fields was the first of a word when another one follows it.
        """
        letter = key if len(key) == 1 and key.isalnum() else ""
        state = self.state
        if state is None or not letter or any(one.key == key for one in self.keyed()):
            self._asked_by = ""
            used = super().press(key)
            if letter and self.state is not None and self.state.form is not None:
                self._asked_by = letter
            return used
        begun, self._asked_by = self._asked_by, ""
        if state.form is not None and not state.form.fields and begun:
            self.intents.key("Esc")
            return self._begin_search(begun + letter)
        if state.form is None and state.filters is None:
            return self._begin_search(letter)
        return super().press(key)

    def _begin_search(self, text: str) -> bool:
        field = self.search.edit
        if not field.isVisible():
            return False
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.setText(text)
        self.intents.typed(self.search.state.name, text, False)
        return True

    def search_field(self) -> QLineEdit | None:
        """The search above the list."""
        return self.search.edit

    def steer(self, key: str) -> bool:
        """Move in the filters while they are open, else in the queue."""
        state = self.state
        if state is None or state.form is not None:
            return False
        if state.filters:
            return self.filters.table.steer(key)
        first = bool(state.table.rows) and self.table.chosen == state.table.rows[0].key
        if (key == "End" and state.has_end) or (key == "Home" and state.earlier):
            self.intents.key(key)
            return True
        if key in ("Up", "PageUp") and first and state.earlier:
            self.intents.more(EARLIER)
            return True
        return self.table.steer(key)

    def _scrolled(self, value: int) -> None:
        """The top was reached, and there are rows before it."""
        if value == 0 and self.state is not None and self.state.earlier:
            self.intents.more(EARLIER)

    def _keep_place(self, before: orders.Orders | None) -> None:
        """Rows that came before the first one push nothing out of sight."""
        if before is None or self.state is None or not before.table.rows or not self.state.table.rows:
            return
        at = self.table.model.row_of(before.table.rows[0].key)
        if at > 0 and len(self.state.table.rows) > len(before.table.rows):
            self.table.view.doItemsLayout()
            self.table.view.verticalScrollBar().setValue(at * self.table.row_height())
