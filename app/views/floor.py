"""The lead's floor: figures, the hours and the trucks, who works at what, and what needs a decision."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.presenters.state import floor, parts
from app.presenters.state.intents import Intents
from app.views.floor_parts import FloorFigures, HourChart, NeedWords, TruckList
from app.views.floor_people import PeopleHead, PeopleList
from app.views.form import NoticeBar, Words
from app.views.kit import Card, ChoiceButtons, Ink, Look, Part, SmallButton
from app.views.kit.table import EmptyWords
from app.views.page import Keyed, Page

SIDES = {1024: 372, 1366: 404, 1920: 560}


class Scrolled(QScrollArea):
    """A part, or several, that may be higher than the card; words stand there while it is empty."""

    def __init__(self, look: Look, *inside: QWidget) -> None:
        """Keys pass on to the window."""
        super().__init__()
        body = QWidget()
        self.column = QVBoxLayout(body)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        for one in inside:
            self.column.addWidget(one)
        self.column.addStretch(1)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(body)
        self.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        self._empty = EmptyWords(look, self)

    def say(self, words: str) -> None:
        """Words in the middle; none hides them."""
        self._empty.words = words
        self._empty.setVisible(bool(words))
        self._empty.update()

    def resizeEvent(self, event: object) -> None:
        """The words fill it."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._empty.setGeometry(self.rect())


class NeedRow(Part):
    """One need with its button, and a line below."""

    def __init__(self, look: Look, intents: Intents) -> None:
        """Words at the left, the button at the right."""
        super().__init__(look)
        self.words, self.button = NeedWords(look), SmallButton(look, intents)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 3, 14, 3)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.relook()

    def relook(self) -> None:
        """As high as words and button need."""
        self.words.relook()
        self.button.relook()
        self.fix_height(max(self.words.height(), self.button.height()) + 8)

    def render(self, state: floor.Need) -> None:
        """Take a need."""
        self.words.render(state)
        self.button.render(state.command)

    def draw(self, ink: Ink) -> None:
        """The line below."""
        ink.line(0, self.height() - 1, self.width(), self.height() - 1, "line")


class DecisionPanel(QWidget):
    """The answers to one need."""

    def __init__(self, look: Look, intents: Intents) -> None:
        """Title, detail, answers from the top, the way back at the foot."""
        super().__init__()
        self.title, self.detail = Words(look, "head", 700, "text"), Words(look, "body", 400, "text2")
        self.choices, self.back = ChoiceButtons(look, intents, 1, 3), SmallButton(look, intents)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self.title, self.detail, self.choices):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(self.back)

    def render(self, state: floor.Decision) -> None:
        """Take a need's answers."""
        self.title.render(state.title)
        self.detail.render(state.detail)
        self.choices.render(state.choices)
        self.back.render(state.back)


class FloorView(Page):
    """`FloorView(look, intents)`; `render(floor.Floor)`."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Figures over four cards; a decision takes the place of the two at the right."""
        super().__init__(look, intents, parent)
        self.state: floor.Floor | None = None
        self.figures, self.notice = FloorFigures(look), NoticeBar(look, intents)
        self.chart, self.trucks = HourChart(look), TruckList(look)
        self.people_head = PeopleHead(look)
        self.people = PeopleList(look, self.people_head)
        self.rows: list[NeedRow] = []
        self.decision = DecisionPanel(look, intents)
        self._cards()
        self._lay_out()
        self.relook()

    def _cards(self) -> None:
        look, head = self.look, parts.CardHead("")
        self.hours_card, self.trucks_card = Card(look, head), Card(look, head)
        self.people_card, self.needs_card = Card(look, head), Card(look, head)
        self.decision_card = Card(look, pad=True)
        self.trucks_area, self.people_area = Scrolled(look, self.trucks), Scrolled(look, self.people)
        self.needs_area = Scrolled(look)
        self.hours_card.add(self.chart, 1)
        self.trucks_card.add(self.trucks_area, 1)
        self.people_card.add(self.people_head)
        self.people_card.add(self.people_area, 1)
        self.needs_card.add(self.needs_area, 1)
        self.decision_card.add(self.decision, 1)

    def _lay_out(self) -> None:
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        both = QWidget()
        both.setLayout(self._right)
        for layout, cards in ((self._left, (self.hours_card, self.people_card)),
                              (self._right, (self.trucks_card, self.needs_card))):  # fmt: skip
            layout.setContentsMargins(0, 0, 0, 0)
            for card in cards:
                layout.addWidget(card, 1)
        self.side = QStackedWidget()
        self.side.addWidget(both)
        self.side.addWidget(self.decision_card)
        self._body = QHBoxLayout()
        self._body.addLayout(self._left, 1)
        self._body.addWidget(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.figures)
        column.addWidget(self.notice)
        column.addLayout(self._body, 1)

    def relook(self) -> None:
        """Widths and gaps."""
        sizes = self.look.metrics
        self._body.setContentsMargins(sizes.pad, sizes.pad, sizes.pad, sizes.pad)
        for layout in (self._body, self._left, self._right):
            layout.setSpacing(sizes.gap)
        self.side.setFixedWidth(round(SIDES[sizes.width] * (1 + (sizes.text_scale - 1) * 0.3)))
        self.notice.stand_for(self.figures.height())

    def render(self, state: floor.Floor) -> None:
        """Show a state."""
        if state == self.state:
            return
        self.state = state
        self.figures.render(state.figures)
        self.notice.stand_for(self.figures.height())
        self.notice.render(state.notice)
        self.figures.setVisible(state.notice is None)
        self.hours_card.render(state.hours_head)
        self.chart.render(state.hours)
        self.trucks_card.render(state.trucks_head)
        self.trucks.render(state.trucks)
        self.trucks_area.say("" if state.trucks else state.no_trucks)
        self.people_card.render(state.people_head)
        self.people_head.render(state.columns)
        self.people.render(state.people)
        self.people_area.say("" if state.people else state.no_people)
        self._render_needs(state)
        if state.decision is not None:
            self.decision.render(state.decision)
        self.side.setCurrentIndex(0 if state.decision is None else 1)

    def _render_needs(self, state: floor.Floor) -> None:
        self.needs_card.render(state.needs_head)
        while len(self.rows) < len(state.needs):
            row = NeedRow(self.look, self.intents)
            self.needs_area.column.insertWidget(len(self.rows), row)
            self.rows.append(row)
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(state.needs))
            if at < len(state.needs):
                row.render(state.needs[at])
        self.needs_area.say("" if state.needs else state.no_needs)

    def keyed(self) -> Iterable[Keyed]:
        """The answers while one is asked for, else the needs; what a notice offers before both."""
        state = self.state
        if state is None:
            return ()
        notice = state.notice.commands if state.notice else ()
        if state.decision is not None:
            return (*state.decision.choices, state.decision.back, *notice)
        return (*notice, *(need.command for need in state.needs))

    def steer(self, key: str) -> bool:
        """Up and Down scroll what needs the lead, where it is longer than its card."""
        step = {"Up": -1, "Down": 1, "PageUp": -4, "PageDown": 4}.get(key)
        if step is None or not self.rows:
            return False
        bar = self.needs_area.verticalScrollBar()
        bar.setValue(bar.value() + step * self.rows[0].height())
        return True
