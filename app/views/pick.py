"""The pick screen: where to go in the largest type, what to take, into which slot, and the walk."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.presenters.state import pick
from app.presenters.state.intents import Intents
from app.views.body import Body
from app.views.kit import AckBar, Banner, CommandBar, Look
from app.views.page import Keyed, Page
from app.views.pick_bodies import BODIES


class PickView(Page):
    """`PickView(look, intents)`; `render(pick.Pick)`. Banner and bars keep their places always."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Bodies are made when they are first needed and then kept."""
        super().__init__(look, intents, parent)
        self.state: pick.Pick | None = None
        self.banner = Banner(look, intents)
        self.stack = QStackedWidget()
        self.commands = CommandBar(look, intents)
        self.ack = AckBar(look, intents)
        self._bodies: dict[type, Body[pick.Body]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.stack, 1)
        column.addWidget(self.commands)
        column.addWidget(self.ack)
        self.ack.hide()

    def render(self, state: pick.Pick) -> None:
        """Show a state at once."""
        if state == self.state:
            return
        self.state = state
        self.banner.render(state.banner)
        self._show_body(state.body)
        if state.ack:
            self.ack.render(state.ack)
        self.commands.render(state.commands)
        self.ack.setVisible(state.ack is not None)
        self.commands.setVisible(state.ack is None and bool(state.commands.commands))

    def body(self) -> Body[pick.Body] | None:
        """The body shown now."""
        return self._bodies.get(type(self.state.body)) if self.state else None

    def _show_body(self, state: pick.Body) -> None:
        body = self._bodies.get(type(state))
        if body is None:
            body = self._bodies[type(state)] = BODIES[type(state)](self.look, self.intents)
            self.stack.addWidget(body)
        body.render(state)
        self.stack.setCurrentWidget(body)

    def keyed(self) -> Iterable[Keyed]:
        """Answers and commands; nothing but the presenter answers while the screen blocks."""
        body = self.body()
        if self.state is None or self.state.ack or body is None:
            return ()
        return (*body.keyed(), *self.state.commands.commands)

    def steer(self, key: str) -> bool:
        """Move in the list of walks while nothing is open."""
        body = self.body()
        return body.steer(key) if body else False
