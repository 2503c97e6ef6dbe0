"""A form as a panel: title, what it is about, fields, buttons; and the notice bar above a page."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.domain.words import say
from app.presenters.state import parts
from app.presenters.state.form import Form, Notice
from app.presenters.state.intents import Intents
from app.views.key_hint import show_key
from app.views.kit import Ink, Look, Paragraph, Part, SmallButton, Style, Tabs, TextField, fitting

TABS_A_ROW, TABS_A_NARROW_ROW, TABS_A_WIDE_ROW, WIDE = 3, 2, 6, 800


class Words(Part):
    """A paragraph in a style, as high as it needs at its width."""

    def __init__(self, look: Look, size: str, weight: int, colour: str, parent: QWidget | None = None) -> None:
        """`size` names a size of the metrics."""
        super().__init__(look, parent)
        self._size, self._weight, self._colour = size, weight, colour
        self.words = ""

    def render(self, words: str) -> None:
        """Take words; none hides the part."""
        self.setVisible(bool(words))
        if words != self.words:
            self.words = words
            self.describe(words)
            self.relook()
            self.update()

    def _made(self, width: float) -> Paragraph:
        size = float(getattr(self.look.metrics, self._size))
        return Paragraph(self.look, self.words, Style(size, self._weight, self._colour, line_height=1.25), width)

    def relook(self) -> None:
        """As high as its lines."""
        width = self.width() if self.width() > 40 else 320
        self.setFixedHeight(round(self._made(width).height) + 2)

    def resizeEvent(self, event: object) -> None:
        """Another width may take other lines."""
        self.relook()

    def draw(self, ink: Ink) -> None:
        """The paragraph."""
        self._made(self.width()).paint(ink.painter, 0, 0)


class FieldsArea(QScrollArea):
    """Scrolls by the wheel and to the field that has the cursor. Up and Down are the form's: they turn its tabs."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up to the form."""
        event.ignore()


class FormPanel(QWidget):
    """`FormPanel(look, intents)`; `render(form.Form)`. Tabs speak to `choose("form", key, True)`; Up and Down turn them
    while a field is edited.
    """

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Fields scroll when there are more than fit; the buttons stay."""
        super().__init__(parent)
        self.look, self.intents = look, intents
        self.state = Form("", "")
        self._away = True
        self.title = Words(look, "head", 700, "text")
        self.detail = Words(look, "body", 400, "text2")
        self.wrong = Words(look, "body", 600, "wrongText")
        self.tabs = [Tabs(look, intents, "form") for _ in range(3)]
        self.fields: list[TextField] = []
        self.buttons: list[SmallButton] = []
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self._area = FieldsArea()
        self._area.setWidget(body)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        self._rows: list[QHBoxLayout] = []
        self._foot = QHBoxLayout()
        self._foot.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self.title, self.detail, *self.tabs, self.wrong):
            column.addWidget(part)
        column.addWidget(self._area, 1)
        column.addLayout(self._foot)

    def render(self, state: Form) -> None:
        """Take a state; another form that asks puts the cursor into its first field."""
        if state == self.state and not self._away:
            return
        named = (state.name, [field.name for field in state.fields])
        fresh = self._away or named != (self.state.name, [field.name for field in self.state.fields])
        wrong = {field.name for field in self.state.fields if field.wrong}
        first = self.state.fields[0].text if self.state.fields and not fresh else ""
        self.state = state
        self.title.render(state.title)
        self.detail.render(state.detail)
        self.wrong.render(state.wrong)
        self._show_tabs()
        if fresh:
            self._lay_out(state)
        for field, shown in zip(self.fields, state.fields, strict=True):
            field.render(shown)
        while len(self.buttons) < len(state.commands):
            self.buttons.append(SmallButton(self.look, self.intents))
            self._foot.addWidget(self.buttons[-1], 1)
        if fresh:
            self._chain()
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(state.commands))
            if i < len(state.commands):
                button.render(state.commands[i])
        self._away = False
        if first and not state.fields[0].text and any(field.edit.hasFocus() for field in self.fields):
            self.focus_first()  # it was taken: the next one begins at the first field
        if (fresh and state.asks) or ({field.name for field in state.fields if field.wrong} - wrong and self._idle()):
            self.focus_first()

    def give_back(self) -> None:
        """The form goes: the keyboard is the window's. Qt would hand it to a button beside, for Enter to press.

        Where the same form comes again, it asks again.
        """
        self._away = True
        if any(stop.hasFocus() for stop in self._stops()):
            self.window().setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_tabs(self) -> None:
        state, a_row = self.state, self._tabs_a_row()
        tabs = with_arrows(state.tabs) if state.asks and state.fields else state.tabs
        for i, row in enumerate(self.tabs):
            some = tabs[i * a_row : (i + 1) * a_row]
            row.render(some)
            row.setVisible(bool(some))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may take more tabs a row."""
        super().resizeEvent(event)
        self._show_tabs()

    def _idle(self) -> bool:
        """Whether nobody types in any field, or Enter ended it: the cursor may go to what is wrong."""
        return any(field.entered for field in self.fields if field.edit.hasFocus()) or not any(
            isinstance(one, QLineEdit) for one in (QApplication.focusWidget(), self.window().focusWidget())
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down in a field turn the tabs, for letters and digits belong to the field."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        tabs = self.state.tabs
        at = next((at for at, tab in enumerate(tabs) if tab.chosen), -1 if step > 0 else len(tabs))
        if step and tabs and any(field.edit.hasFocus() for field in self.fields):
            if 0 <= at + step < len(tabs):
                self.intents.choose("form", tabs[at + step].key, True)
            return
        event.ignore()

    def _tabs_a_row(self) -> int:
        sizes = self.look.metrics
        if self.width() > WIDE * sizes.text_scale:
            return TABS_A_WIDE_ROW
        return TABS_A_NARROW_ROW if sizes.width == 1024 or sizes.text_scale > 1 else TABS_A_ROW

    def focus_first(self) -> None:
        """Puts the cursor into the first field."""
        if self.fields and self.isVisible():
            first = next((field for field in self.fields if field.state.wrong), self.fields[0])
            first.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
            first.edit.end(False)
            first.edit.home(True)  # all of it is chosen, and of a long text the beginning is seen
            self._column.activate()
            self._area.ensureWidgetVisible(first)  # with what is wrong with it, which stands below

    def _lay_out(self, state: Form) -> None:
        self.give_back()
        for field in self.fields:
            field.hide()
            field.setParent(None)
            field.deleteLater()
        for row in self._rows:
            self._column.removeItem(row)
        self.fields, self._rows = [], []
        for shown in state.fields:
            field = TextField(self.look, self.intents)
            self.fields.append(field)
            if shown.name not in state.beside or not self._rows:
                row = QHBoxLayout()
                row.setSpacing(8)
                self._rows.append(row)
                self._column.insertLayout(len(self._rows) - 1, row)
            self._rows[-1].addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        if self.fields and not state.asks:
            show_key(self.look, "/", self.fields[0].edit)

    def _chain(self) -> None:
        """Tab goes on from the last field to the buttons: Qt follows the order in which widgets were made."""
        for before, after in pairwise(self._stops()):
            QWidget.setTabOrder(before, after)

    def _stops(self) -> tuple[QWidget, ...]:
        return (*(field.edit for field in self.fields), *self.buttons)

    def keyed(self) -> tuple[parts.Command, ...]:
        """The buttons, for keys."""
        return self.state.commands


def with_arrows(tabs: tuple[parts.Tab, ...]) -> tuple[parts.Tab, ...]:
    """The tabs beside the chosen one show the key that leads to them."""
    at = next((at for at, tab in enumerate(tabs) if tab.chosen), None)
    if at is None:
        return tabs
    keys = {at - 1: say("form.key.up"), at + 1: say("form.key.down")}
    return tuple(replace(tab, press=tab.press or keys.get(place, "")) for place, tab in enumerate(tabs))


class NoticeBar(Part):
    """`NoticeBar(look, intents)`; `render(form.Notice | None)`: a bar that stays until it is closed."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Hidden while there is nothing to say."""
        super().__init__(look, parent)
        self.state: Notice | None = None
        self.buttons: list[SmallButton] = []
        self.stands_for = 0
        self._intents = intents
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(20, 0, 12, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self.relook()
        self.hide()

    def relook(self) -> None:
        """One height, with room for a second line when there is one; that of what it stands for, where it does."""
        sizes = self.look.metrics
        two = bool(self.state and self.state.detail)
        self.fix_height(max(self.stands_for, round((74 if two else 56) * sizes.text_scale)))

    def stand_for(self, height: int) -> None:
        """It takes the place of something this high, so that nothing below moves."""
        if height != self.stands_for:
            self.stands_for = height
            self.relook()

    def render(self, state: Notice | None) -> None:
        """Take a state; what is new is read out."""
        self.setVisible(state is not None)
        if state == self.state:
            return
        self.state = state
        if state is None:
            return
        self.describe(state.words, state.detail)
        while len(self.buttons) < len(state.commands):
            self.buttons.append(SmallButton(self.look, self._intents))
            self._row.addWidget(self.buttons[-1])
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(state.commands))
            if i < len(state.commands):
                button.render(state.commands[i])
        self.relook()
        self.update()
        self.announce()

    def sizeHint(self) -> QSize:
        """All the width there is."""
        return QSize(400, self.height())

    def draw(self, ink: Ink) -> None:
        """Icon, words, detail on the family's solid when it is loud, on its soft when it is well."""
        state = self.state
        if state is None:
            return
        sizes, colours = self.look.metrics, self.look.family(state.family)
        loud = state.family in (parts.Family.WRONG, parts.Family.OVER)
        ground, words = (colours.solid, colours.on) if loud else (colours.soft, colours.text)
        ink.fill(self.rect(), ground)
        ink.line(0, self.height() - 1, self.width(), self.height() - 1, colours.line)
        ink.icon(state.icon, 20, round(self.height() / 2 - 14), 28, words)
        right = next((b.x() for b in self.buttons if b.isVisible()), self.width()) - 16
        wide, room = right - 62, float(self.height() - 10)
        made = Paragraph(self.look, state.detail, Style(sizes.body, 400, words, line_height=1.3, max_lines=1), wide)
        detail = made if state.detail else None
        room -= detail.height if detail else 0
        style = Style(sizes.lead, 700, words, line_height=1.15, max_lines=2 if detail is None or room > 40 else 1)
        first = fitting(self.look, state.words, style, wide, room, 14)
        top = (self.height() - first.height - (detail.height if detail else 0)) / 2
        first.paint(ink.painter, 62, top)
        if detail:
            detail.paint(ink.painter, 62, top + first.height)
