"""The returns screen: one unit, three decisions, one scan each; the refund grows beside it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.presenters.state import parts, returns
from app.presenters.state.intents import Intents
from app.views.body import Body
from app.views.kit import AckBar, Banner, Card, CommandBar, DataTable, FacingCards, Look, ScanPanel
from app.views.page import Keyed, Page
from app.views.returns_cards import HandPart, QuestionGroup, RefundPart, SoldLines, folded


class InspectBody(Body[returns.Body]):
    """What was sold, the unit in hand with its decisions, the refund."""

    def build(self, intents: Intents) -> None:
        """Three cards."""
        self.sold = SoldLines(self.look)
        self.unit = Card(self.look)
        self.hand = HandPart(self.look)
        self.unit.add(self.hand)
        self.groups = [QuestionGroup(self.look, intents) for _ in range(3)]
        for group in self.groups:
            self.unit.add(group, 1)
        self.unit.body.addSpacing(10)
        self.refund = RefundPart(self.look)
        self._keyed: tuple[Keyed, ...] = ()

    def place(self, wide: int) -> None:
        """The sold lines fold into a row of pictures on the narrow screen."""
        if folded(self.look):
            self.grid.addWidget(self.sold, 0, 0, 1, 3)
            self.grid.addWidget(self.unit, 1, 0, 1, 2)
            self.grid.addWidget(self.refund, 1, 2)
            self.grid.setColumnStretch(0, 1)
            self.grid.setRowStretch(1, 1)
            return
        self.grid.addWidget(self.sold, 0, 0)
        self.grid.addWidget(self.unit, 0, 1)
        self.grid.addWidget(self.refund, 0, 2)
        self.grid.setColumnStretch(1, 1)
        self.grid.setRowStretch(0, 1)

    def render(self, state: returns.Body) -> None:
        """Show a state."""
        assert isinstance(state, returns.Inspect)
        self.sold.render(state.sold)
        self.unit.render(state.hand.head)
        self.hand.render(state.hand)
        for group, question in zip(self.groups, state.questions, strict=True):
            group.render(question)
        self.refund.render(state.refund)
        self._keyed = tuple(choice for question in state.questions for choice in question.choices if choice.key)

    def keyed(self) -> tuple[Keyed, ...]:
        """The answers of the decision to make now."""
        return self._keyed


class CompareBody(Body[returns.Body]):
    """What was scanned beside what was sold."""

    def build(self, intents: Intents) -> None:
        """Two facing cards."""
        self.cards = FacingCards(self.look)

    def place(self, wide: int) -> None:
        """All the room."""
        self.grid.addWidget(self.cards, 0, 0)
        self.grid.setRowStretch(0, 1)

    def render(self, state: returns.Body) -> None:
        """Show a state."""
        assert isinstance(state, returns.Compare)
        self.cards.render(state.hand, state.wanted)


class AskingBody(Body[returns.Body]):
    """A code that names several things."""

    def build(self, intents: Intents) -> None:
        """What was sold, and the choices."""
        self.sold = SoldLines(self.look)
        self.panel = ScanPanel(self.look, intents)

    def place(self, wide: int) -> None:
        """As while inspecting."""
        touch = folded(self.look)
        self.grid.addWidget(self.sold, 0, 0)
        self.grid.addWidget(self.panel, 1 if touch else 0, 0 if touch else 1)
        self.grid.setColumnStretch(0 if touch else 1, 1)
        self.grid.setRowStretch(1 if touch else 0, 1)

    def render(self, state: returns.Body) -> None:
        """Show a state."""
        assert isinstance(state, returns.Asking)
        self.sold.render(state.sold)
        self.panel.render(state.panel)

    def keyed(self) -> tuple[Keyed, ...]:
        """The answers."""
        return self.panel.state.choices


class FinishedBody(Body[returns.Body]):
    """Where each unit went, and the refund."""

    def build(self, intents: Intents) -> None:
        """Two cards."""
        self.card = Card(self.look)
        self.units = DataTable(self.look, intents)
        self.card.add(self.units)
        self.refund = RefundPart(self.look)

    def place(self, wide: int) -> None:
        """The refund keeps its place."""
        self.grid.addWidget(self.card, 0, 0)
        self.grid.addWidget(self.refund, 0, 1)
        self.grid.setColumnStretch(0, 1)
        self.grid.setRowStretch(0, 1)

    def render(self, state: returns.Body) -> None:
        """Show a state."""
        assert isinstance(state, returns.Finished)
        self.card.render(state.head)
        self.units.render(state.units)
        self.refund.render(state.refund)


class IdleBody(Body[returns.Body]):
    """Nothing open: what to scan, and the returns that wait."""

    def build(self, intents: Intents) -> None:
        """Panel and list."""
        self.panel = ScanPanel(self.look, intents)
        self.card = Card(self.look)
        self.waiting = DataTable(self.look, intents)
        self.card.add(self.waiting)

    def place(self, wide: int) -> None:
        """The panel at the left, as on the pack screen."""
        self.panel.setFixedWidth({1024: 250, 1366: 420, 1920: 620}[wide])
        self.grid.addWidget(self.panel, 0, 0)
        self.grid.addWidget(self.card, 0, 1)
        self.grid.setColumnStretch(1, 1)
        self.grid.setRowStretch(0, 1)

    def render(self, state: returns.Body) -> None:
        """Show a state."""
        assert isinstance(state, returns.Idle)
        self.panel.render(state.panel)
        self.card.render(state.head)
        self.waiting.render(state.returns)

    def keyed(self) -> tuple[Keyed, ...]:
        """The answers, while the panel asks."""
        return self.panel.state.choices

    def steer(self, key: str) -> bool:
        """Move in the list of returns."""
        return self.waiting.steer(key)


BODIES: dict[type, type[Body[returns.Body]]] = {
    returns.Idle: IdleBody,
    returns.Inspect: InspectBody,
    returns.Compare: CompareBody,
    returns.Asking: AskingBody,
    returns.Finished: FinishedBody,
}


class ReturnsView(Page):
    """`ReturnsView(look, intents)`; `render(returns.Returns)`. Banner and bars keep their places always."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Bodies are made when they are first needed and then kept."""
        super().__init__(look, intents, parent)
        self.state: returns.Returns | None = None
        self.banner = Banner(look, intents)
        self.stack = QStackedWidget()
        self.commands = CommandBar(look, intents)
        self.ack = AckBar(look, intents)
        self._bodies: dict[type, Body[returns.Body]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.stack, 1)
        column.addWidget(self.commands)
        column.addWidget(self.ack)
        self.ack.hide()

    def render(self, state: returns.Returns) -> None:
        """Show a state at once."""
        if state == self.state:
            return
        self.state = state
        self.banner.render(state.banner)
        body = self._bodies.get(type(state.body))
        if body is None:
            body = self._bodies[type(state.body)] = BODIES[type(state.body)](self.look, self.intents)
            self.stack.addWidget(body)
        body.render(state.body)
        self.stack.setCurrentWidget(body)
        self.ack.render(state.ack or parts.AckBar("", "", ""))
        self.commands.render(state.commands)
        self.ack.setVisible(state.ack is not None)
        self.commands.setVisible(state.ack is None and bool(state.commands.commands))

    def body(self) -> Body[returns.Body] | None:
        """The body shown now."""
        return self._bodies.get(type(self.state.body)) if self.state else None

    def keyed(self) -> Iterable[Keyed]:
        """Answers and commands; nothing but the presenter answers while the screen blocks."""
        body = self.body()
        if self.state is None or self.state.ack or body is None:
            return ()
        return (*body.keyed(), *self.state.commands.commands)

    def steer(self, key: str) -> bool:
        """Move in the list of returns while nothing is open."""
        body = self.body()
        return body.steer(key) if body else False
