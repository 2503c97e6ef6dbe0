"""Draws any view with a state to a PNG, offscreen: python -m tests.views.gallery OUT [part of a name]."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.views.kit import Look
from app.views.theme import ThemeName

SIZES = {1024: (1024, 768), 1366: (1366, 768), 1920: (1920, 1080)}


class Recorder:
    """Intents that remember what they were told, in order."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def scan(self, raw: str) -> None:
        self.told.append(("scan", raw))

    def command(self, code: str) -> None:
        self.told.append(("command", code))

    def refused(self, code: str, reason: str) -> None:
        self.told.append(("refused", code, reason))

    def key(self, name: str) -> None:
        self.told.append(("key", name))

    def typed(self, field: str, text: str, entered: bool) -> None:
        self.told.append(("typed", field, text, entered))

    def choose(self, what: str, key: str, opened: bool) -> None:
        self.told.append(("choose", what, key, opened))

    def more(self, what: str) -> None:
        self.told.append(("more", what))


Make = Callable[[Look, Recorder], QWidget]


def application() -> QApplication:
    """The one application, offscreen when nothing else was asked for."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication([])


def settle(widget: QWidget) -> None:
    """Let layouts and deferred deletions happen."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def shoot(make: Make, width: int = 1366, theme: str = "light", scale: float = 1.0, height: int = 0) -> QImage:
    """The picture of a widget in one layout and theme."""
    application()
    look = Look(ThemeName(theme), width, scale)
    look.apply()
    widget = make(look, Recorder())
    size = SIZES[width]
    widget.resize(size[0], height or size[1])
    widget.show()
    settle(widget)
    image = widget.grab().toImage()
    widget.close()
    widget.deleteLater()
    return image


def save_all(pages: dict[str, Make], out: Path, only: str = "", every: bool = False) -> list[Path]:
    """Light and dark of each page at 1366, and at 1024 and 1920 when asked for."""
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for name, make in pages.items():
        if only not in name:
            continue
        for width in (1366, 1024, 1920) if every else (1366,):
            for theme in ("light", "dark"):
                path = out / f"{name}-{theme}-{width}.png"
                shoot(make, width, theme).save(str(path))
                made.append(path)
    return made


def main(arguments: list[str]) -> None:
    from tests.views.samples import PAGES
    from tests.views.sheet import sheet

    pages: dict[str, Make] = {"00-sheet": sheet, **PAGES}
    save_all(pages, Path(arguments[0]), arguments[1] if len(arguments) > 1 else "", every=len(arguments) > 2)


if __name__ == "__main__":
    main(sys.argv[1:])
