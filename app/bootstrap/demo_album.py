"""Pictures of the screens of the demonstration, each in light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from app.bootstrap.demo_station import LARGE, SIZE
from app.domain.errors import EnvironmentFailure
from app.views.kit import Look
from app.views.theme import ThemeName

Size = tuple[int, int]


class Album:
    """Keeps each picture once, by its name."""

    def __init__(self, folder: Path, look: Look) -> None:
        """`look` is that of all windows; its theme is changed for the pictures."""
        self._folder, self._look = folder, look
        self.names: list[str] = []

    def shoot(self, window: QWidget, name: str, sizes: Sequence[Size] = (SIZE,)) -> None:
        """Keeps what a window shows now, in both themes, unless there is such a picture."""
        if name in self.names:
            return
        self.names.append(name)
        for theme in (ThemeName.DARK, ThemeName.LIGHT):
            self._look.set_theme(theme)
            for size in sizes:
                window.resize(*size)
                _lay_out(window)
                width = f"-{size[0]}" if size != SIZE else ""
                self._keep(window, f"{name}-{theme.value}{width}.png")
        window.resize(*SIZE)
        _lay_out(window)

    def _keep(self, window: QWidget, name: str) -> None:
        path = self._folder / name
        if not window.grab().save(str(path)):
            raise EnvironmentFailure("demo.not_written", file=str(path))


BOTH: Sequence[Size] = (SIZE, LARGE)


def _lay_out(window: QWidget) -> None:
    """Sizes and styles find their way down before a picture is taken."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.Polish.value)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    QCoreApplication.sendPostedEvents(window, QEvent.Type.UpdateRequest.value)
