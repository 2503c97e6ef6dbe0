"""The middle of the pick screen in each of its states."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.presenters.state import pick
from app.presenters.state.intents import Intents
from app.views.body import Body
from app.views.kit import (
    Card,
    CartSlots,
    DataTable,
    FacingCards,
    FloorMap,
    Look,
    ScanPanel,
    StepCards,
)
from app.views.page import Keyed
from app.views.pick_short import ShortBody
from app.views.pick_where import MapButton, NextStops, TakeCard, WhereCard

STOPS_BELOW_PLAN = 2


class WalkCard(Card):
    """`WalkCard(look)`; `render_walk(pick.Walk)`: the plan with the next stops, or the stops alone."""

    def __init__(self, look: Look) -> None:
        """The plan has room around it, the stops have none."""
        super().__init__(look)
        self._room = QWidget()
        self.plan = FloorMap(look)
        self._around = QVBoxLayout(self._room)
        self._around.setContentsMargins(14, 12, 14, 8)
        self._around.addWidget(self.plan)
        self.stops = NextStops(look)
        self.add(self._room, 1)
        self.add(self.stops)

    def render_walk(self, state: pick.Walk) -> None:
        """Take a walk."""
        self.render(state.head)
        self._room.setVisible(state.map is not None)
        if state.map is not None:
            self.plan.render(state.map)
        self.stops.render(state.stops, state.end, STOPS_BELOW_PLAN if state.map is not None else 0)
        self.body.setStretch(1, 0 if state.map is not None else 1)


class StopBody(Body[pick.Body]):
    """A stop: where, what, into which slot; the walk beside it, or in its place on the narrow screen."""

    def build(self, intents: Intents) -> None:
        """Four cards."""
        self._open = False
        self.where = WhereCard(self.look)
        self.take = TakeCard(self.look)
        self.cart_card = Card(self.look, pad=True)
        self.cart = CartSlots(self.look)
        self.cart_card.add(self.cart, 1)
        self.walk = WalkCard(self.look)
        self.map_button = MapButton(self.look, intents, self)
        self.map_button.hide()
        self.left = QWidget()
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        self.below = QWidget()
        self._row = QHBoxLayout(self.below)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.take, 135)
        self._row.addWidget(self.cart_card, 100)
        column.addWidget(self.where)
        column.addWidget(self.below, 1)
        self._column = column

    def place(self, wide: int) -> None:
        """The walk at the right; on the narrow screen it takes the place of the cards when its key is pressed."""
        gap = self.look.metrics.gap
        self._row.setSpacing(gap)
        self._column.setSpacing(gap)
        touch = wide == 1024
        self.grid.addWidget(self.left, 0, 0)
        if touch:
            self.columns(0)
            self._column.addWidget(self.walk, 1)
        else:
            self._column.removeWidget(self.walk)
            self.columns(0, {1366: 432, 1920: 640}[wide])
            self.grid.addWidget(self.walk, 0, 1)
        self._show_walk()

    def _show_walk(self) -> None:
        touch = self.look.metrics.width == 1024
        plan = touch and self._open
        self.walk.setVisible(not touch or self._open)
        self.where.setVisible(not plan)
        self.below.setVisible(not plan)
        self.map_button.setVisible(touch)
        self.map_button.raise_()
        self._place_button()

    def _place_button(self) -> None:
        """At the right end of the names of the parts, or below the head of the plan while that is open."""
        sizes, button = self.look.metrics, self.map_button
        top = sizes.pad + (sizes.card_head + 8 if self._open else 5)
        button.move(self.width() - sizes.pad - button.width() - 6, top)

    def resizeEvent(self, event: object) -> None:
        """Keep the button at its corner."""
        self._place_button()

    def render(self, state: pick.Body) -> None:
        """Show a state."""
        assert isinstance(state, pick.Stop)
        self.where.render(state.where)
        self.take.render(state.take)
        self.cart_card.render(state.cart_head)
        self.cart.render(state.cart)
        self.walk.render_walk(state.walk)
        self.map_button.render(state.map_button)
        self._open = state.map_open
        self._show_walk()

    def keyed(self) -> tuple[Keyed, ...]:
        """The plan's key, where the plan has no place of its own."""
        return (self.map_button.state,) if self.look.metrics.width == 1024 else ()


class AssignBody(Body[pick.Body]):
    """Totes into slots: the slot to fill, the cart, the orders."""

    def build(self, intents: Intents) -> None:
        """Three cards."""
        self.where = WhereCard(self.look)
        self.cart_card = Card(self.look, pad=True)
        self.cart = CartSlots(self.look)
        self.cart_card.add(self.cart, 1)
        self.slots_card = Card(self.look)
        self.slots = DataTable(self.look, intents)
        self.slots_card.add(self.slots)

    def place(self, wide: int) -> None:
        """The cart below the slot, the orders at the right."""
        self.columns(0, {1024: 430, 1366: 560, 1920: 760}[wide])
        self.grid.setRowStretch(0, 0)
        self.grid.setRowStretch(1, 1)
        self.grid.addWidget(self.where, 0, 0, 1, 2)
        self.grid.addWidget(self.cart_card, 1, 0)
        self.grid.addWidget(self.slots_card, 1, 1)

    def render(self, state: pick.Body) -> None:
        """Show a state."""
        assert isinstance(state, pick.Assign)
        self.where.render(state.where)
        self.cart_card.render(state.cart_head)
        self.cart.render(state.cart)
        self.slots_card.render(state.slots_head)
        self.slots.render(state.slots)


class CompareBody(Body[pick.Body]):
    """What was scanned beside what is wanted."""

    def build(self, intents: Intents) -> None:
        """Two facing cards."""
        self.cards = FacingCards(self.look)

    def place(self, wide: int) -> None:
        """All the room."""
        self.columns(0)
        self.grid.addWidget(self.cards, 0, 0)

    def render(self, state: pick.Body) -> None:
        """Show a state."""
        assert isinstance(state, pick.Compare)
        self.cards.render(state.hand, state.wanted)


class AskingBody(Body[pick.Body]):
    """A code that names several things: the choices, and the walk."""

    def build(self, intents: Intents) -> None:
        """Panel and walk."""
        self.panel = ScanPanel(self.look, intents)
        self.walk = WalkCard(self.look)

    def place(self, wide: int) -> None:
        """The walk keeps its place."""
        self.walk.setVisible(wide > 1024)
        self.columns(*{1024: (0,), 1366: (0, 432), 1920: (0, 640)}[wide])
        self.grid.addWidget(self.panel, 0, 0)
        self.grid.addWidget(self.walk, 0, 1)

    def render(self, state: pick.Body) -> None:
        """Show a state."""
        assert isinstance(state, pick.Asking)
        self.panel.render(state.panel)
        self.walk.render_walk(state.walk)

    def keyed(self) -> tuple[Keyed, ...]:
        """The answers."""
        return self.panel.state.choices


class DoneBody(Body[pick.Body]):
    """The walk is finished: its totes, and what to do with them."""

    def build(self, intents: Intents) -> None:
        """Two cards."""
        self.totes_card = Card(self.look)
        self.totes = DataTable(self.look, intents)
        self.totes_card.add(self.totes)
        self.steps_card = Card(self.look, pad=True)
        self.steps = StepCards(self.look)
        self.steps_card.add(self.steps)

    def place(self, wide: int) -> None:
        """The steps at the right, where the next walk is."""
        self.columns(0, {1024: 420, 1366: 560, 1920: 760}[wide])
        self.grid.addWidget(self.totes_card, 0, 0)
        self.grid.addWidget(self.steps_card, 0, 1)

    def render(self, state: pick.Body) -> None:
        """Show a state."""
        assert isinstance(state, pick.Done)
        self.totes_card.render(state.totes_head)
        self.totes.render(state.totes)
        self.steps_card.render(state.steps_head)
        self.steps.render(state.steps)


class IdleBody(Body[pick.Body]):
    """No walk open: what to scan, and the walks that wait."""

    def build(self, intents: Intents) -> None:
        """Panel and list."""
        self.panel = ScanPanel(self.look, intents)
        self.card = Card(self.look)
        self.lists = DataTable(self.look, intents)
        self.card.add(self.lists)

    def place(self, wide: int) -> None:
        """The panel at the left, as on the pack screen."""
        self.columns({1024: 250, 1366: 420, 1920: 620}[wide], 0)
        self.grid.addWidget(self.panel, 0, 0)
        self.grid.addWidget(self.card, 0, 1)

    def render(self, state: pick.Body) -> None:
        """Show a state."""
        assert isinstance(state, pick.Idle)
        self.panel.render(state.panel)
        self.card.render(state.head)
        self.lists.render(state.lists)

    def keyed(self) -> tuple[Keyed, ...]:
        """The answers, while the panel asks."""
        return self.panel.state.choices

    def steer(self, key: str) -> bool:
        """Move in the list of walks."""
        return self.lists.steer(key)


class TooFewBody(Body[pick.Body]):
    """Too few: found, reason, remedy."""

    def build(self, intents: Intents) -> None:
        """One part that lays out its own cards."""
        self.short = ShortBody(self.look, intents)

    def place(self, wide: int) -> None:
        """All the room."""
        self.columns(0)
        self.grid.addWidget(self.short, 0, 0)

    def render(self, state: pick.Body) -> None:
        """Show a state."""
        assert isinstance(state, pick.Short)
        self.short.render(state)

    def keyed(self) -> tuple[Keyed, ...]:
        """Counts, reasons and remedies."""
        state = self.short.state
        return (*state.asked, *state.remedies) if state is not None else ()


BODIES: dict[type, type[Body[pick.Body]]] = {
    pick.Idle: IdleBody,
    pick.Assign: AssignBody,
    pick.Stop: StopBody,
    pick.Short: TooFewBody,
    pick.Compare: CompareBody,
    pick.Asking: AskingBody,
    pick.Done: DoneBody,
}
