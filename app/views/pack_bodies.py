"""The middle of the pack screen in each of its states."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from app.presenters.state import pack
from app.presenters.state.intents import Intents
from app.views.body import Body
from app.views.kit import (
    Card,
    CartonChoice,
    DataTable,
    FacingCard,
    FacingCards,
    JobSteps,
    LabelPreview,
    LineList,
    ScanPanel,
    StepCards,
    WeightTrack,
)
from app.views.pack_next import NextCard


class IdleBody(Body[pack.Body]):
    """Nothing open: what to scan, and the totes that wait."""

    def build(self, intents: Intents) -> None:
        """Panel and list."""
        self.panel = ScanPanel(self.look, intents)
        self.card = Card(self.look)
        self.totes = DataTable(self.look, intents)
        self.card.add(self.totes)

    def place(self, wide: int) -> None:
        """Panel at the left as while packing."""
        self.columns({1024: 250, 1366: 420, 1920: 620}[wide], 0)
        self.grid.addWidget(self.panel, 0, 0)
        self.grid.addWidget(self.card, 0, 1)

    def render(self, state: pack.Body) -> None:
        """Show a state."""
        assert isinstance(state, pack.Idle)
        self.panel.render(state.panel)
        self.card.render(state.head)
        self.totes.render(state.totes)

    def steer(self, key: str) -> bool:
        """Move in the list of totes."""
        return self.totes.steer(key)


class PackingBody(Body[pack.Body]):
    """An order open: scan, lines, parcel and weight."""

    def build(self, intents: Intents) -> None:
        """Four cards."""
        self.panel = ScanPanel(self.look, intents)
        self.card = Card(self.look)
        self.lines = LineList(self.look)
        self.card.add(self.lines)
        self.carton = CartonChoice(self.look, intents)
        self.weight = WeightTrack(self.look, intents)
        self.side = QWidget()
        self.side_grid = QGridLayout(self.side)
        self.side_grid.setContentsMargins(0, 0, 0, 0)

    def place(self, wide: int) -> None:
        """Parcel and weight stand at the right, at 1024 below."""
        touch = wide == 1024
        self.columns(*{1024: (392, 0), 1366: (420, 0, 300), 1920: (620, 0, 420)}[wide])
        self.side_grid.setSpacing(self.look.metrics.gap)
        self.grid.addWidget(self.panel, 0, 0)
        self.grid.addWidget(self.card, 0, 1)
        self.side_grid.addWidget(self.carton, 0, 0)
        self.side_grid.addWidget(self.weight, 0 if touch else 1, 1 if touch else 0)
        self.side_grid.setRowStretch(0, 1)
        self.side_grid.setColumnStretch(0, 1)
        self.side_grid.setColumnStretch(1, 1 if touch else 0)
        if touch:
            self.side.setFixedHeight(self.weight.height())
            self.grid.addWidget(self.side, 1, 0, 1, 2)
        else:
            self.side.setMaximumHeight(16777215)
            self.side.setMinimumHeight(0)
            self.grid.addWidget(self.side, 0, 2)

    def render(self, state: pack.Body) -> None:
        """Show a state."""
        assert isinstance(state, pack.Packing)
        self.panel.render(state.panel)

    def rest(self, state: pack.Body) -> None:
        """Lines, parcel and weight."""
        assert isinstance(state, pack.Packing)
        self.card.render(state.head)
        self.lines.render(state.lines)
        self.carton.render(state.carton)
        self.weight.render(state.weight)

    @property
    def beside(self) -> tuple[QWidget, ...]:
        """All but the panel."""
        return (self.card, self.side)


class CompareBody(Body[pack.Body]):
    """A wrong item beside the line that is closest."""

    def build(self, intents: Intents) -> None:
        """Two facing cards."""
        self.cards = FacingCards(self.look)

    def place(self, wide: int) -> None:
        """All the room."""
        self.columns(0)
        self.grid.addWidget(self.cards, 0, 0)

    def render(self, state: pack.Body) -> None:
        """Show a state."""
        assert isinstance(state, pack.Compare)
        self.cards.render(state.hand, state.wanted)


class FocusBody(Body[pack.Body]):
    """One thing to look at beside the lines."""

    def build(self, intents: Intents) -> None:
        """A facing card and the lines."""
        self.focus = FacingCard(self.look)
        self.card = Card(self.look)
        self.lines = LineList(self.look)
        self.card.add(self.lines)

    def place(self, wide: int) -> None:
        """The lines at the right."""
        self.columns(0, {1024: 390, 1366: 470, 1920: 640}[wide])
        self.grid.addWidget(self.focus, 0, 0)
        self.grid.addWidget(self.card, 0, 1)

    def render(self, state: pack.Body) -> None:
        """Show a state."""
        assert isinstance(state, pack.Focus)
        self.focus.render(state.card)
        self.card.render(state.head)
        self.lines.render(state.lines)


class CompleteBody(Body[pack.Body]):
    """Label, three steps, the next tote."""

    late = True

    def build(self, intents: Intents) -> None:
        """Three cards."""
        self.label_card = Card(self.look, pad=True)
        self.label = LabelPreview(self.look)
        self.label_card.add(self.label)
        self.steps_card = Card(self.look, pad=True)
        self.steps = StepCards(self.look)
        self.steps_card.add(self.steps)
        self.next = NextCard(self.look)

    def place(self, wide: int) -> None:
        """The label goes first when there is no room."""
        self.label_card.setVisible(wide > 1024)
        self.columns(*{1024: (0, 0, 360), 1366: (322, 0, 396), 1920: (440, 0, 540)}[wide])
        if wide == 1024:
            self.grid.setColumnStretch(0, 0)
        for column, card in enumerate((self.label_card, self.steps_card, self.next)):
            self.grid.addWidget(card, 0, column)

    def render(self, state: pack.Body) -> None:
        """Show a state."""
        assert isinstance(state, pack.Complete)
        self.label_card.render(state.label_head)
        self.label.render(state.label)
        self.steps_card.render(state.steps_head)
        self.steps.render(state.steps)
        self.next.render(state.next)


class StoppedBody(Body[pack.Body]):
    """What comes out of the carton again, and what to do."""

    def build(self, intents: Intents) -> None:
        """Lines and steps."""
        self.card = Card(self.look)
        self.lines = LineList(self.look)
        self.card.add(self.lines)
        self.steps_card = Card(self.look, pad=True)
        self.steps = StepCards(self.look)
        self.steps_card.add(self.steps)

    def place(self, wide: int) -> None:
        """Steps at the right."""
        self.columns(0, {1024: 380, 1366: 440, 1920: 600}[wide])
        self.grid.addWidget(self.card, 0, 0)
        self.grid.addWidget(self.steps_card, 0, 1)

    def render(self, state: pack.Body) -> None:
        """Show a state."""
        assert isinstance(state, pack.Stopped)
        self.card.render(state.head)
        self.lines.render(state.lines)
        self.steps_card.render(state.steps_head)
        self.steps.render(state.steps)


class WaitingBody(Body[pack.Body]):
    """What to do at the printer, and where the job stands."""

    def build(self, intents: Intents) -> None:
        """Steps and job."""
        self.steps_card = Card(self.look, pad=True)
        self.steps = StepCards(self.look)
        self.steps_card.add(self.steps)
        self.job_card = Card(self.look, pad=True)
        self.job = JobSteps(self.look)
        self.job_card.add(self.job)

    def place(self, wide: int) -> None:
        """The job at the right."""
        self.columns(0, {1024: 360, 1366: 420, 1920: 560}[wide])
        self.grid.addWidget(self.steps_card, 0, 0)
        self.grid.addWidget(self.job_card, 0, 1)

    def render(self, state: pack.Body) -> None:
        """Show a state."""
        assert isinstance(state, pack.Waiting)
        self.steps_card.render(state.steps_head)
        self.steps.render(state.steps)
        self.job_card.render(state.job_head)
        self.job.render(state.job, state.note)


BODIES: dict[type, type[Body[pack.Body]]] = {
    pack.Idle: IdleBody,
    pack.Packing: PackingBody,
    pack.Compare: CompareBody,
    pack.Focus: FocusBody,
    pack.Complete: CompleteBody,
    pack.Stopped: StoppedBody,
    pack.Waiting: WaitingBody,
}
