"""What the middle of a floor screen is in each of its states: cards on a grid."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtWidgets import QGridLayout, QWidget

from app.presenters.state.intents import Intents
from app.views.kit import Look
from app.views.page import Keyed

S = TypeVar("S")


class Body(QWidget, Generic[S]):
    """Cards laid out for a width; laid out again when it changes."""

    late = False
    """Whether the banner says all that answers a scan: then even the body is shown a moment later."""

    def __init__(self, look: Look, intents: Intents) -> None:
        """Subclasses make their cards in `build` and place them in `place`."""
        super().__init__()
        self.look = look
        self.grid = QGridLayout(self)
        self.build(intents)
        look.changed.connect(self.relook)
        self.relook()

    def build(self, intents: Intents) -> None:
        """Make the cards."""
        raise NotImplementedError

    def place(self, wide: int) -> None:
        """Put the cards on the grid for a layout of 1024, 1366 or 1920."""
        raise NotImplementedError

    def render(self, state: S) -> None:
        """Show what answers a scan, or all where that is not much more."""
        raise NotImplementedError

    def rest(self, state: S) -> None:
        """Show all else of a state."""

    @property
    def beside(self) -> tuple[QWidget, ...]:
        """The cards that `rest` draws."""
        return ()

    def keyed(self) -> tuple[Keyed, ...]:
        """What answers to keys beside the commands."""
        return ()

    def steer(self, key: str) -> bool:
        """Take a key for a list."""
        return False

    def relook(self) -> None:
        """Take new sizes."""
        sizes = self.look.metrics
        self.grid.setContentsMargins(sizes.pad, sizes.pad, sizes.pad, sizes.pad)
        self.grid.setSpacing(sizes.gap)
        for column in range(3):
            self.grid.setColumnStretch(column, 0)
            self.grid.setColumnMinimumWidth(column, 0)
        for row in range(2):
            self.grid.setRowStretch(row, 0)
        self.place(int(sizes.width))

    def columns(self, *widths: int) -> None:
        """Fixed widths of the columns; 0 takes the rest."""
        for column, width in enumerate(widths):
            self.grid.setColumnMinimumWidth(column, width)
            self.grid.setColumnStretch(column, 0 if width else 1)
        self.grid.setRowStretch(0, 1)
