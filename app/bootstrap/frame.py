"""The start of the station: a window to see first, and only then everything that belongs into it."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.bootstrap.plain_imports import import_plainly
from app.runtime.garbage import keep_what_is_there
from app.views.opening import OpeningFrame

if TYPE_CHECKING:
    from app.settings import Settings

TRACE = "PICKWICK_TRACE_START"
QT_RULES, NO_CHATTER = "QT_LOGGING_RULES", "qt.multimedia*=false"
"""What Qt looks for and does not find of this machine's sound and video is of no use to who starts the station."""
TOKENS = Path(__file__).resolve().parents[2] / "resources" / "theme" / "tokens.json"


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


def trace(what: str) -> None:
    """Says on standard output when a step of the start was reached, for the bench."""
    if os.environ.get(TRACE):
        print(json.dumps({"step": what, "at": time.time(), "cpu": time.process_time()}), flush=True)


def run(settings: Settings) -> int:
    """Opens the station and stays until its window is closed; gives the exit status."""
    import_plainly()
    os.environ.setdefault(QT_RULES, NO_CHATTER)
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(application, QApplication):
        raise RuntimeError("another kind of application runs in this process")
    frame = OpeningFrame(_ground(settings.theme))
    frame.resize(1366, 768)
    painted = FirstPaint(lambda: _fill(settings, frame, application))
    application.installEventFilter(painted)
    frame.show()
    frame.activateWindow()  # a screen without a window manager gives nobody the keyboard by itself
    return application.exec()


def _ground(theme: str) -> str:
    return str(json.loads(TOKENS.read_text(encoding="utf-8"))[theme]["bg"])


def _fill(settings: Settings, frame: OpeningFrame, application: QApplication) -> None:
    trace("first_paint")
    from app.bootstrap.station_ui import StationUi
    from app.bootstrap.window import Wires, open_window
    from app.views.kit import Look
    from app.views.theme import ThemeName

    look = Look(ThemeName(settings.theme), 1366, settings.text_scale)
    look.apply()
    wires = Wires()
    window = open_window(look, wires)
    frame.hold(window)
    ui = StationUi(settings, look, wires, window)
    window.destroyed.connect(ui.close)
    application.aboutToQuit.connect(ui.close)
    window.setProperty("station", ui)
    keep_what_is_there()
    gc.enable()
    ui.begin()
