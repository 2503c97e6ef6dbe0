"""A whole station without a screen to look at: its window offscreen, worker, journal and database, fed by key presses."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.bootstrap.core import DeviceUris, station_info
from app.bootstrap.ready import Ready
from app.bootstrap.station_ui import StationUi
from app.bootstrap.window import Wires, open_window
from app.domain.outcomes import Outcome
from app.models.database import Database
from app.settings import Settings
from app.views.kit import Look
from app.views.theme import ThemeName

LONGEST_SECONDS = 20
SWITCH_INTERVAL = 0.0005


def application() -> QApplication:
    """The one application of this process."""
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication(sys.argv[:1])


class Painted(QObject):
    """Counts what is painted, as a proof that the time measured ends with a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lets everything through."""
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False


@dataclass(slots=True)
class Answered:
    """One scan: its answer, milliseconds from the ending key until the picture, and whether anything was painted."""

    outcome: Outcome
    milliseconds: float
    painted: int


@dataclass(slots=True)
class Rig:
    """A running station; `scan` types a code as a wedge would and waits for the picture of its answer."""

    ui: StationUi
    window: QWidget
    paints: Painted
    _loop: QEventLoop = field(default_factory=QEventLoop)
    _last: Outcome | None = None

    def listen(self) -> None:
        """Follows the station's answers from here on."""
        if self.ui.presenter is None:
            raise RuntimeError("the station did not open")
        self.ui.presenter.on_settled(self._settled)

    def _settled(self, outcome: Outcome) -> None:
        self._last = outcome
        self._loop.quit()

    def scan(self, code: str) -> Answered:
        """Types a code with its ending key. RuntimeError when no answer comes."""
        for sign in code:
            self._press(0, sign)
        self._last, before = None, self.paints.count
        guard = QTimer()
        guard.setSingleShot(True)
        guard.timeout.connect(self._loop.quit)
        guard.start(LONGEST_SECONDS * 1000)
        began = time.perf_counter()
        self._press(Qt.Key.Key_Return, "\r")
        if self._last is None:
            self._loop.exec()
        QCoreApplication.sendPostedEvents()  # the picture: what was asked to be painted is painted here
        took = (time.perf_counter() - began) * 1000
        guard.stop()
        if self._last is None:
            raise RuntimeError(f"no answer to {code}")
        return Answered(self._last, took, self.paints.count - before)

    def _press(self, key: int, text: str) -> None:
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        QCoreApplication.sendEvent(self.window, event)

    def settle(self, seconds: float = 0.05) -> None:
        """Lets the station do what it does after an answer, as while a packer's hand goes to the next item."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            QTimer.singleShot(5, self._loop.quit)
            self._loop.exec()


@contextlib.contextmanager
def running_station(database: Database, station_id: int, folder: Path, printer: str = "sim:") -> Iterator[Rig]:
    """A station on this database with a journal in the folder."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    app, look, wires = application(), Look(ThemeName.LIGHT, 1366), Wires()
    look.apply()
    window, paints = open_window(look, wires), Painted()
    window.resize(1366, 768)
    window.show()
    app.installEventFilter(paints)
    ui = StationUi(Settings(), look, wires, window)
    info = database.read(lambda session: station_info(session, station_id))
    ui.open(Ready(database, info, DeviceUris("keyboard:", "", printer), folder / f"station-{station_id}.journal", 20))
    rig = Rig(ui, window, paints)
    try:
        rig.listen()
        rig.settle(0.3)
        yield rig
    finally:
        app.removeEventFilter(paints)
        if ui.presenter is not None:
            ui.presenter.on_settled(lambda _: None)
        ui.close()
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
