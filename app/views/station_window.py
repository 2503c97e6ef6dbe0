"""The window of a station: pages, sounds and keys, drawn from what the presenter says."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from app.domain.outcomes import Sound
from app.presenters.state import shell
from app.views.kit import CommandBar, Look
from app.views.shell import ShellWindow
from app.views.sounds import Sounds


class StationWindow:
    """Implements `presenters.station.Screen` over a ShellWindow; a page is built when it is first shown."""

    def __init__(
        self,
        look: Look,
        window: ShellWindow,
        sounds: Sounds,
        builders: Mapping[str, Callable[[Look], QWidget]],
        on_crash: Callable[[Exception], None],
    ) -> None:
        """`builders` make the pages by name: what is never shown costs nothing at start."""
        self._look, self.window, self._sounds = look, window, sounds
        self._builders, self._on_crash = builders, on_crash
        self._pages: dict[str, QWidget] = {}
        self._shown: dict[str, object] = {}

    def show(self, page: str, state: object) -> None:
        """Draws a page's state, unless it is drawn already."""
        if self._shown.get(page) == state:
            return
        self._shown[page] = state
        draw: Callable[[object], None] = getattr(self.page(page), "render")  # noqa: B009 - each page draws its own kind
        draw(state)

    def state_of(self, page: str) -> object | None:
        """What a page was told to draw last; None when it was never shown."""
        return self._shown.get(page)

    def frame(self, state: shell.Shell) -> None:
        """Draws rail and strip, and shows the page."""
        self.page(state.page)
        self.window.render(state)

    def ring(self, sound: Sound) -> None:
        """Makes a sound; none ends one that repeats."""
        if sound is Sound.NONE:
            self._sounds.acknowledge()
        else:
            self._sounds.play(sound)

    def more(self) -> bool:
        """Turns the command bar of the page on to what had no room."""
        page = self.window.page
        bars = page.findChildren(CommandBar) if page is not None else []
        turned = [bar.turn() for bar in bars if bar.isVisible()]
        return True in turned

    def crash(self, error: Exception) -> None:
        """Hands a fault of ours to whoever shows it."""
        self._on_crash(error)

    def page(self, name: str) -> QWidget:
        """The page of this name, built when it is wanted first."""
        found = self._pages.get(name)
        if found is None:
            found = self._builders[name](self._look)
            self._pages[name] = found
            self.window.add_page(name, found)
        return found


class FloorIntents:
    """What a floor page's buttons and keys mean: commands and codes for the station."""

    def __init__(
        self,
        command: Callable[[str], None],
        scan: Callable[[str], None],
        text: Callable[[str], None],
        refused: Callable[[str, str], None],
        go: Callable[[str], None],
    ) -> None:
        self._command, self._scan, self._text, self._refused, self._go = command, scan, text, refused, go

    def scan(self, raw: str) -> None:
        """A code was typed on purpose."""
        self._scan(raw)

    def command(self, code: str) -> None:
        """A button was pressed."""
        self._command(code)

    def refused(self, code: str, reason: str) -> None:
        """Something that may not be used was asked for."""
        self._refused(code, reason)

    def key(self, name: str) -> None:
        """Enter confirms, Esc steps back, digits choose, W weighs, Q asks for a quantity."""
        if name.isdecimal():
            self._command(f"PW-{name}")
            return
        code = {"Enter": "PW-OK", "Esc": "PW-BACK", "W": "PW-WEIGH", "Q": "PW-QTY"}.get(name)
        if code is not None:
            self._command(code)

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A weight, a reason, or a code in the search field."""
        if not entered or not text.strip():
            return
        if field in ("search", "scan"):
            self._scan(text.strip())
        else:
            self._text(text.strip())

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A place of the rail, a lamp, or a row that stands for a code."""
        if what == "place":
            self._go(key)
        elif what == "lamp":
            self._go("devices")
        elif opened:
            self._scan(key)

    def more(self, what: str) -> None:
        """Floor lists are short."""
