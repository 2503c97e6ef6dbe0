"""The bar of commands at the foot of a screen; what has no room goes under "More"."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.domain.words import say
from app.presenters.state import basics, control_parts
from app.presenters.state.intents import Intents
from app.views.kit.command import CommandButton, PaintedButton
from app.views.kit.ink import CENTRE, Ink
from app.views.kit.look import Look
from app.views.kit.part import Part


class MoreButton(PaintedButton):
    """Opens the commands that had no room."""

    def __init__(self, look: Look, press: Callable[[], None], parent: QWidget | None = None) -> None:
        """`press` opens the menu."""
        super().__init__(look, press, parent)
        self.words = ""
        self.setFixedSize(QSize(84, look.metrics.command))

    def draw(self, ink: Ink) -> None:
        """Dots and words."""
        ink.box(QRectF(self.rect()), self.ground("surface"), "lineStrong", 1, 8)
        ink.icon_in("dots-three", QRectF(0, 4, self.width(), self.height() / 2), 24)
        place = QRectF(0, self.height() / 2 - 4, self.width(), self.height() / 2)
        ink.text(place, self.words, ink.font(self.look.metrics.small, 600), "text", CENTRE)


class CommandBar(Part):
    """`CommandBar(look, intents)`; `render(parts.CommandBar)`. What has no room goes under "More", from the right."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Holds at most five commands."""
        super().__init__(look, parent)
        self._intents = intents
        self.state = control_parts.CommandBar()
        self.buttons: list[CommandButton] = []
        self._first = 0
        self._more = MoreButton(look, self._open_more, self)
        self._menu: QMenu | None = None
        self._row = QHBoxLayout(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # it covers all of its place
        self.relook()

    def relook(self) -> None:
        """One height; room at both ends as around cards."""
        sizes = self.look.metrics
        self.fix_height(sizes.bar)
        self._row.setContentsMargins(sizes.pad, 1, sizes.pad, 0)
        self._row.setSpacing(10)
        self._more.setFixedSize(QSize(84, sizes.command))
        self._share_room()

    def render(self, state: control_parts.CommandBar) -> None:
        """Take commands; buttons keep their places."""
        if state == self.state:
            return
        if self._menu is not None:
            self._menu.close()  # a scan goes on while it is open; what it offers was meant for what stood there before
        same_places = [c.right for c in state.commands] == [c.right for c in self.state.commands]
        if [c.code for c in state.commands] != [c.code for c in self.state.commands]:
            self._first = 0
        self.state = state
        while len(self.buttons) < len(state.commands):
            self.buttons.append(CommandButton(self.look, self._intents, self))
        same_room = True
        for button, command in zip(self.buttons, state.commands, strict=False):
            if command is not button.state:
                before = button.sizeHint(), button.state.kind
                button.render(command)
                same_room = same_room and before == (button.sizeHint(), command.kind)
        self._more.words = state.more_words or say("kit.more")
        self._more.setAccessibleName(self._more.words)
        if not same_places or self._row.count() == 0:
            self._lay()
        if not same_places or not same_room:
            self._share_room()

    def turn(self) -> bool:
        """Shows the next commands that had no room, and at last the first ones; False where everything has room."""
        shown = self.buttons[: len(self.state.commands)]
        if all(not button.isHidden() for button in shown):
            return False
        plain = _plain(shown)
        visible = [at for at, button in enumerate(plain) if not button.isHidden()]
        self._first = (visible[-1] + 1) % len(plain) if visible else 0
        self._share_room()
        return True

    def _lay(self) -> None:
        while self._row.count():
            self._row.takeAt(0)
        pairs = list(zip(self.buttons, self.state.commands, strict=False))
        for button in [b for b, c in pairs if not c.right]:
            self._row.addWidget(button)
        self._row.addWidget(self._more)
        self._row.addStretch(1)
        for button in [b for b, c in pairs if c.right]:
            self._row.addWidget(button)

    def _share_room(self) -> None:
        """Show what fits; the last one goes first under "More", the main action never."""
        shown = self.buttons[: len(self.state.commands)]
        for button in self.buttons:
            button.setVisible(button in shown)
        room = self.width() - 2 * self.look.metrics.pad
        plain = _plain(shown)
        hidden = plain[: self._first]
        shown = [button for button in shown if button not in hidden]
        while self._needed(shown, bool(hidden)) > room:
            rest = [button for button in plain[self._first + 1 :] if button in shown]
            if not rest:
                break
            hidden.append(rest[-1])
            shown.remove(rest[-1])
        for button in hidden:
            button.hide()
        self._more.setVisible(bool(hidden))

    def _needed(self, shown: list[CommandButton], more: bool) -> int:
        return sum(b.sizeHint().width() + 10 for b in shown) - 10 + (94 if more else 0)

    def _open_more(self) -> None:
        menu = self._menu = self._menu or QMenu(self)
        menu.clear()
        for button in [b for b in self.buttons[: len(self.state.commands)] if b.isHidden()]:
            state = button.state
            entry = menu.addAction(f"{state.words}   {state.key}" + (f"   ({state.reason})" if state.reason else ""))
            entry.setEnabled(not state.reason)
            entry.triggered.connect(lambda _=False, code=state.code: self._intents.command(code))
        menu.popup(self._more.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room again."""
        self._share_room()
        super().resizeEvent(event)

    def draw(self, ink: Ink) -> None:
        """A surface with a line above."""
        ink.fill(self.rect(), "surface")
        ink.line(0, 0, self.width(), 0, "line")


def _plain(buttons: list[CommandButton]) -> list[CommandButton]:
    """Those that may go under "More"."""
    return [button for button in buttons if button.state.kind not in (basics.Kind.PRIMARY, basics.Kind.COMPLETE)]
