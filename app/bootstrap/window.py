"""The station in its window: something to see first, then everything behind it."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.domain.words import say
from app.presenters.state import shell, sign_in
from app.views.kit import Look
from app.views.shell import ShellWindow
from app.views.sign_in import SignInView
from app.views.station_window import FloorIntents
from app.views.theme import ThemeName

if TYPE_CHECKING:
    from app.settings import Settings

TRACE = "PICKWICK_TRACE_START"


class FirstPaint(QObject):
    """Calls back once, after the first widget was painted. Parts cover the window whole, so it looks at all of them."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self._then, self._done = then, False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lets everything through."""
        if not self._done and event.type() == QEvent.Type.Paint:
            self._done = True
            application = QApplication.instance()
            if application is not None:
                application.removeEventFilter(self)
            QTimer.singleShot(0, self._then)
        return False


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


def trace(what: str) -> None:
    """Says on standard output when a step of the start was reached, for the bench."""
    if os.environ.get(TRACE):
        print(json.dumps({"step": what, "at": time.time()}), flush=True)


def open_window(look: Look, wires: Wires) -> ShellWindow:
    """The window with its first page; it costs no database and no service."""
    window = ShellWindow(look, wires.intents())
    page = SignInView(look, wires.intents())
    window.add_page("sign_in", page)
    page.render(sign_in.SignIn(say("start.opening"), say("start.moment"), "", ""))
    window.render(shell.Shell("sign_in", shell.Strip("", ""), title=say("start.title")))
    return window


def run(settings: Settings) -> int:
    """Opens the station and stays until its window is closed; gives the exit status."""
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(application, QApplication):
        raise RuntimeError("another kind of application runs in this process")
    look = Look(ThemeName(settings.theme), 1366, settings.text_scale)
    look.apply()
    wires = Wires()
    window = open_window(look, wires)
    window.resize(1366, 768)
    painted = FirstPaint(lambda: _go_on(settings, look, wires, window))
    application.installEventFilter(painted)
    window.show()
    window.activateWindow()  # a screen without a window manager gives nobody the keyboard by itself
    return application.exec()


def _go_on(settings: Settings, look: Look, wires: Wires, window: ShellWindow) -> None:
    trace("first_paint")
    from app.bootstrap.station_ui import StationUi

    ui = StationUi(settings, look, wires, window)
    window.destroyed.connect(ui.close)
    application = QApplication.instance()
    if application is not None:
        application.aboutToQuit.connect(ui.close)
    window.setProperty("station", ui)
    ui.begin()
