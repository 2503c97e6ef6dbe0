"""The Help screen: the commands by groups, and the cards to print."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.presenters.state import help
from app.presenters.state.intents import Intents
from app.views.kit import Banner, Card, CommandBar, DataTable, Look, Tabs
from app.views.page import Keyed, Page


class HelpView(Page):
    """`HelpView(look, intents)`; `render(help.Help)`."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Banner, groups, the table, commands."""
        super().__init__(look, intents, parent)
        self.state: help.Help | None = None
        self.banner, self.tabs = Banner(look, intents), Tabs(look, intents)
        self.card, self.table = Card(look), DataTable(look, intents)
        self.card.add(self.table, 1)
        self.commands = CommandBar(look, intents)
        self._middle = QVBoxLayout()
        self._middle.addWidget(self.tabs)
        self._middle.addWidget(self.card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addLayout(self._middle, 1)
        column.addWidget(self.commands)
        self.relook()

    def relook(self) -> None:
        """Room around the card."""
        sizes = self.look.metrics
        self._middle.setContentsMargins(sizes.pad, sizes.pad, sizes.pad, sizes.pad)
        self._middle.setSpacing(sizes.gap)

    def render(self, state: help.Help) -> None:
        """Takes a state."""
        self.state = state
        self.banner.render(state.banner)
        self.tabs.render(state.tabs)
        self.card.render(state.head)
        self.table.render(state.table)
        self.commands.render(state.commands)

    def keyed(self) -> Iterable[Keyed]:
        """The commands."""
        return self.state.commands.commands if self.state is not None else ()

    def steer(self, key: str) -> bool:
        """Moves in the table."""
        return self.table.steer(key)
