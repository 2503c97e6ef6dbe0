"""The window with its first page, and what its gestures lead to."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.words import say
from app.presenters.state import shell, sign_in
from app.views.kit import Look
from app.views.shell import ShellWindow
from app.views.sign_in import SignInView
from app.views.station_window import FloorIntents


class Wires:
    """What the first window's gestures lead to: nothing at first, the presenter once it is there."""

    def __init__(self) -> None:
        self.command: Callable[[str], None] = _nowhere
        self.scan: Callable[[str], None] = _nowhere
        self.text: Callable[[str], None] = _nowhere
        self.refused: Callable[[str, str], None] = lambda _code, _reason: None
        self.go: Callable[[str], None] = _nowhere

    def intents(self) -> FloorIntents:
        """Intents that follow the wires wherever they lead by then."""
        return FloorIntents(
            lambda code: self.command(code),
            lambda raw: self.scan(raw),
            lambda words: self.text(words),
            lambda code, reason: self.refused(code, reason),
            lambda place: self.go(place),
        )


def _nowhere(_: str) -> None:
    """The station is not ready yet."""


def open_window(look: Look, wires: Wires) -> ShellWindow:
    """The window with its first page; it costs no database and no service."""
    window = ShellWindow(look, wires.intents())
    page = SignInView(look, wires.intents())
    window.add_page("sign_in", page)
    page.render(sign_in.SignIn(say("start.opening"), say("start.moment"), "", ""))
    window.render(shell.Shell("sign_in", shell.Strip("", ""), title=say("start.title")))
    return window
