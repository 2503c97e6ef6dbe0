"""The pack screen: one order, one line that says what to do, the last scan as the largest thing."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.presenters.state import pack
from app.presenters.state.intents import Intents
from app.views.afterwards import Afterwards
from app.views.body import Body
from app.views.kit import AckBar, Banner, CommandBar, Look, NotesBar, OrderHeader
from app.views.pack_bodies import BODIES
from app.views.page import Keyed, Page


class PackView(Page):
    """`PackView(look, intents)`; `render(pack.Pack)`. Banner, header, notes and bars keep their places always."""

    def __init__(
        self, look: Look, intents: Intents, parent: QWidget | None = None, *, answer_first: bool = False
    ) -> None:
        """Bodies are made when they are first needed and then kept.

        With `answer_first` banner, header and panel are painted before the cards beside them, which follow
        a moment later.
        """
        super().__init__(look, intents, parent)
        self._afterwards = Afterwards(self._draw_rest, self) if answer_first else None
        self.state: pack.Pack | None = None
        self.banner = Banner(look, intents)
        self.header = OrderHeader(look)
        self.notes = NotesBar(look)
        self.stack = QStackedWidget()
        self.foot = QStackedWidget()
        self.ack = AckBar(look, intents)
        self._bodies: dict[type, Body[pack.Body]] = {}
        self._bars: dict[type, CommandBar] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.banner, self.header, self.notes):
            column.addWidget(part)
        column.addWidget(self.stack, 1)
        column.addWidget(self.foot)
        column.addWidget(self.ack)
        self.ack.hide()

    def render(self, state: pack.Pack) -> None:
        """Show a state at once."""
        if state == self.state:
            return
        self.state = state
        self.banner.render(state.banner)
        self.header.setVisible(state.header is not None)
        if state.header:
            self.header.render(state.header)
        self.notes.render(state.notes)
        late = self._afterwards is not None and BODIES[type(state.body)].late
        self.stack.setUpdatesEnabled(not late)
        if not late:
            self._show_body(state.body)
        if state.ack:
            self.ack.render(state.ack)
        self.ack.setVisible(state.ack is not None)
        self.foot.setVisible(state.ack is None and bool(state.commands.commands))
        if self._afterwards is None:
            self._draw_rest()
        else:
            self._afterwards.ask()

    def whole(self) -> None:
        """Draw all of the state at once."""
        if self._afterwards is not None:
            self._afterwards.now()

    def _draw_rest(self) -> None:
        """All that does not answer the scan."""
        state = self.state
        if state is None:
            return
        body = self._show_body(state.body)
        body.rest(state.body)
        self._show_commands(state)
        for part in (self.stack, *body.beside):
            part.setUpdatesEnabled(True)

    @property
    def commands(self) -> CommandBar | None:
        """The bar of the body shown now."""
        return self._bars.get(type(self.state.body)) if self.state else None

    def body(self) -> Body[pack.Body] | None:
        """The body shown now."""
        return self._bodies.get(type(self.state.body)) if self.state else None

    def _show_body(self, state: pack.Body) -> Body[pack.Body]:
        body = self._bodies.get(type(state))
        if body is None:
            body = self._bodies[type(state)] = BODIES[type(state)](self.look, self.intents)
            self.stack.addWidget(body)
        body.render(state)
        if self._afterwards is not None and self.stack.currentWidget() is not body:
            for part in body.beside:  # they show another order, until they are drawn
                part.setUpdatesEnabled(False)
        self.stack.setCurrentWidget(body)
        return body

    def _show_commands(self, state: pack.Pack) -> None:
        """A bar for each body: another body has other commands, and to place them anew would hold up the answer."""
        bar = self._bars.get(type(state.body))
        if bar is None:
            bar = self._bars[type(state.body)] = CommandBar(self.look, self.intents)
            self.foot.addWidget(bar)
            self.foot.setSizePolicy(bar.sizePolicy())
        bar.render(state.commands)
        self.foot.setCurrentWidget(bar)

    def keyed(self) -> Iterable[Keyed]:
        """Commands, and the choices of the panel; nothing but the presenter answers while the screen blocks."""
        if self.state is None or self.state.ack:
            return ()
        body = self.state.body
        choices = body.panel.choices if isinstance(body, pack.Idle | pack.Packing) else ()
        return (*choices, *self.state.commands.commands)

    def steer(self, key: str) -> bool:
        """Move in the list of totes while nothing is open."""
        body = self.body()
        return body.steer(key) if body else False
