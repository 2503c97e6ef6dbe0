"""The Office: tabs, facts, a list, and the form beside it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from app.presenters.state import office, parts
from app.presenters.state.first_run import Busy
from app.presenters.state.intents import Intents
from app.views.form import FormPanel, NoticeBar
from app.views.kit import Card, DataTable, Ink, Look, Part, SmallButton, Tabs
from app.views.page import Keyed, Page

SIDES = {1024: 320, 1366: 380, 1920: 500}


class FactsRow(Part):
    """Numbers with their labels, in one row."""

    def __init__(self, look: Look) -> None:
        """One height."""
        super().__init__(look)
        self.state: tuple[parts.Fact, ...] = ()
        self.relook()

    def relook(self) -> None:
        """One height."""
        self.fix_height(round(64 * self.look.metrics.text_scale))

    def render(self, state: tuple[parts.Fact, ...]) -> None:
        """Take facts; none hides the row."""
        self.setVisible(bool(state))
        if state != self.state:
            self.state = state
            self.describe(", ".join(f"{fact.label} {fact.value}" for fact in state))
            self.update()

    def draw(self, ink: Ink) -> None:
        """Equal shares, lines between."""
        sizes = self.look.metrics
        ink.box(self.rect(), "surface", "line", 1, 10)
        each = self.width() / max(1, len(self.state))
        for at, fact in enumerate(self.state):
            left = at * each + 16
            if at:
                ink.line(round(at * each), 10, round(at * each), self.height() - 10, "line")
            token = self.look.family(fact.family).text if fact.family else "text"
            label = QRectF(left, 9, each - 24, sizes.micro * 1.3)
            ink.text(label, fact.label, ink.font(sizes.micro, 500), "text3")
            top = label.bottom()
            if fact.icon:
                ink.icon(fact.icon, left, round(top + 4), 20, token)
                left += 26
            place = QRectF(left, top, each - 24, self.height() - top - 6)
            ink.text(place, fact.value, ink.font(sizes.quantity, 700), token)


class BusyBar(QWidget):
    """What runs and how far it is."""

    def __init__(self, look: Look) -> None:
        """Hidden while nothing runs."""
        super().__init__()
        self.words, self.bar = BusyWords(look), QProgressBar()
        self.bar.setTextVisible(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.words, 1)
        row.addWidget(self.bar, 1)
        self.hide()

    def render(self, state: Busy | None) -> None:
        """Take a state; without an end the bar runs."""
        self.setVisible(state is not None)
        if state is not None:
            self.words.render(state.words, f"{state.have} %" if state.of else "")
            self.bar.setRange(0, state.of)
            self.bar.setValue(state.have)


class BusyWords(Part):
    """The words of what runs."""

    def __init__(self, look: Look) -> None:
        """One line."""
        super().__init__(look)
        self.words = self.share = ""
        self.relook()

    def relook(self) -> None:
        """One height."""
        self.fix_height(round(34 * self.look.metrics.text_scale))

    def render(self, words: str, share: str) -> None:
        """Take words."""
        if (words, share) != (self.words, self.share):
            self.words, self.share = words, share
            self.describe(words, share)
            self.update()

    def draw(self, ink: Ink) -> None:
        """Words, then how far."""
        sizes = self.look.metrics
        place = QRectF(self.rect())
        wide = ink.text(place.adjusted(0, 0, -70, 0), self.words, ink.font(sizes.lead, 600))
        ink.text(place.adjusted(wide + 12, 0, 0, 0), self.share, ink.font(sizes.lead, 700), "accentText")


class OfficeView(Page):
    """`OfficeView(look, intents)`; `render(office.Office)`."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """One list and one form serve all sections."""
        super().__init__(look, intents, parent)
        self.state: office.Office | None = None
        self.notice, self.tabs = NoticeBar(look, intents), Tabs(look, intents)
        self.inner = Tabs(look, intents, "part")
        self.facts, self.busy = FactsRow(look), BusyBar(look)
        self.table = DataTable(look, intents)
        self.card = Card(look, parts.CardHead(""))
        self.card.add(self.table, 1)
        self.form_card, self.form = Card(look, pad=True), FormPanel(look, intents)
        self.form_card.add(self.form, 1)
        self.buttons: list[SmallButton] = []
        self._foot, self._body = QHBoxLayout(), QHBoxLayout()
        self._foot.setSpacing(8)
        self._foot.addStretch(1)
        self._body.addWidget(self.card, 1)
        self._body.addWidget(self.form_card)
        self._inside = QVBoxLayout()
        for widget in (self.tabs, self.inner, self.facts, self.busy):
            self._inside.addWidget(widget)
        self._inside.addLayout(self._body, 1)
        self._inside.addLayout(self._foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addLayout(self._inside, 1)
        self.relook()

    def relook(self) -> None:
        """Widths and gaps."""
        sizes = self.look.metrics
        self._inside.setContentsMargins(sizes.pad, sizes.pad, sizes.pad, sizes.pad)
        self._inside.setSpacing(sizes.gap)
        self._body.setSpacing(sizes.gap)
        self.form_card.setFixedWidth(SIDES[sizes.width])

    def render(self, state: office.Office) -> None:
        """Show a state."""
        if state == self.state:
            return
        self.state = state
        section = state.section
        self.notice.render(state.notice)
        self.tabs.render(state.tabs)
        self.inner.render(section.inner)
        self.inner.setVisible(bool(section.inner))
        self.facts.render(section.facts)
        self.busy.render(section.busy)
        self.card.render(section.head)
        self.table.render(section.table)
        if section.form is None:
            self.form.give_back()
        self.form_card.setVisible(section.form is not None)
        if section.form is not None:
            self.form.render(section.form)
        while len(self.buttons) < len(section.commands):
            self.buttons.append(SmallButton(self.look, self.intents))
            self._foot.insertWidget(len(self.buttons) - 1, self.buttons[-1])
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(section.commands))
            if i < len(section.commands):
                button.render(section.commands[i])

    def keyed(self) -> Iterable[Keyed]:
        """The section's commands and the form's."""
        if self.state is None:
            return ()
        section = self.state.section
        form = section.form.commands if section.form else ()
        escape = [one for one in form if one.key != "Enter"]
        notice = self.state.notice.commands if self.state.notice else ()
        turns = [parts.Command(tab.key, tab.words, tab.press) for tab in section.inner]
        return (*turns, *notice, *section.commands, *escape)

    def search_field(self) -> QLineEdit | None:
        """The first field of the form."""
        return self.form.fields[0].edit if self.form.fields and self.form_card.isVisible() else None

    def steer(self, key: str) -> bool:
        """Move in the list."""
        return self.table.steer(key)
