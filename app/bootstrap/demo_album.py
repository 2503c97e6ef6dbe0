"""Pictures of the screens of the demonstration, each in light and dark.

What a screen showed is kept as its states, and drawn again by the same views when the day is over: so the day does
not stand still for its pictures, and the theme is changed once instead of for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from app.domain.errors import EnvironmentFailure
from app.presenters.state import shell
from app.views.kit import Look
from app.views.page import Page
from app.views.shell import ShellWindow
from app.views.station_window import StationWindow
from app.views.theme import ThemeName

SIZE = (1366, 768)
LARGE = (1920, 1080)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a window showed: the page with its state and the frame around it; without them, what it shows anyway."""

    name: str
    window: ShellWindow
    large: bool
    page: QWidget | None = None
    state: object = None
    frame: shell.Shell | None = None

    def draw(self) -> None:
        """Shows it again."""
        if self.page is not None and self.frame is not None:
            render: Callable[[object], None] = getattr(self.page, "render")  # noqa: B009 - each page draws its own kind
            render(self.state)
            if isinstance(self.page, Page):
                self.page.whole()
            self.window.render(self.frame)


class Album:
    """Keeps each picture once, by its name."""

    def __init__(self, folder: Path, look: Look) -> None:
        """`look` is that of all windows."""
        self._folder, self._look = folder, look
        self._kept: dict[str, Kept] = {}

    @property
    def names(self) -> Sequence[str]:
        """All pictures, in the order in which they were seen."""
        return list(self._kept)

    def keep(self, name: str, screen: StationWindow, *, large: bool = False) -> None:
        """Keeps what a station shows now, unless there is such a picture."""
        frame = screen.window.state
        if name in self._kept or frame is None:
            return
        page, state = screen.page(frame.page), screen.state_of(frame.page)
        self._kept[name] = Kept(name, screen.window, large, page, state, frame)

    def keep_window(self, name: str, window: ShellWindow) -> None:
        """A window that will show the same when the day is over."""
        self._kept.setdefault(name, Kept(name, window, False))

    def develop(self) -> None:
        """Draws and writes all pictures. Raises EnvironmentFailure when one can't be written."""
        for theme in (ThemeName.DARK, ThemeName.LIGHT):
            self._look.set_theme(theme)
            for size, end in ((SIZE, ""), (LARGE, f"-{LARGE[0]}")):
                for kept in self._kept.values():
                    if kept.large or size == SIZE:
                        self._take(kept, size, f"{kept.name}-{theme.value}{end}.png")

    def _take(self, kept: Kept, size: tuple[int, int], name: str) -> None:
        kept.window.resize(*size)
        self._look.set_width(size[0])
        kept.draw()
        _lay_out(kept.window)
        path = self._folder / name
        if not kept.window.grab().save(str(path)):
            raise EnvironmentFailure("demo.not_written", file=str(path))


def _lay_out(window: QWidget) -> None:
    """Sizes and styles find their way down before a picture is taken, and what a layout got shows itself."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall.value)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.Polish.value)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    QCoreApplication.sendPostedEvents(window, QEvent.Type.UpdateRequest.value)
