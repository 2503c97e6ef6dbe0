"""A station without a screen to look at: its window offscreen, worker, journal and database, fed by key presses."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.bootstrap.core import DeviceUris, StationCore, build_core, station_info
from app.bootstrap.window import Wires, open_window
from app.devices.scanners import KeyboardScanner
from app.domain.clock import utc_now
from app.domain.outcomes import Outcome, Place
from app.models.database import Database
from app.presenters.pack_page import PackPage
from app.presenters.station import StationPresenter
from app.runtime.garbage import IdleGarbage
from app.runtime.qt import Poster, QtRunner, WedgeFilter
from app.views.kit import Look
from app.views.pack import PackView
from app.views.sign_in import SignInView
from app.views.sounds import SilentPlayer, Sounds
from app.views.station_window import StationWindow
from app.views.theme import ThemeName

LONGEST_SECONDS = 120


def application() -> QApplication:
    """The one application of this process."""
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication(sys.argv[:1])


class Flushes(QObject):
    """Counts how often a window paints what waits, as a proof that the time measured ends with a picture."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self.count = 0
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lets everything through."""
        if event.type() == QEvent.Type.UpdateRequest:
            self.count += 1
        return False


@dataclass(slots=True)
class Answered:
    """One scan: its answer, milliseconds from the ending key until the answer is painted, and how many pictures that
    took; `whole` is until all that belongs to it is painted.
    """

    outcome: Outcome
    milliseconds: float
    painted: int
    whole: float


@dataclass(slots=True)
class Rig:
    """A running station; `scan` types a code as a wedge would and waits for the picture of its answer."""

    presenter: StationPresenter
    core: StationCore
    window: QWidget
    screen: StationWindow
    paints: Flushes
    _loop: QEventLoop = field(default_factory=QEventLoop)
    _last: Outcome | None = None

    def listen(self) -> None:
        """Follows the station's answers from here on."""
        self.presenter.on_settled(self._settled)

    @property
    def page(self) -> QWidget:
        """What is on the screen."""
        return self.screen.page(self.presenter.place.value)

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
        painted = self.paints.count - before
        QCoreApplication.processEvents()  # the next turn of the loop: what is drawn beside the answer
        QCoreApplication.sendPostedEvents()
        return Answered(self._last, took, painted, (time.perf_counter() - began) * 1000)

    def _press(self, key: int, text: str) -> None:
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def settle(self, seconds: float = 0.05) -> None:
        """Lets the station do what it does after an answer, as while a packer's hand goes to the next item."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            QTimer.singleShot(5, self._loop.quit)
            self._loop.exec()


@contextlib.contextmanager
def running_station(database: Database, station_id: int, folder: Path, printer: str = "sim:") -> Iterator[Rig]:
    """A station on this database with a journal in the folder: its floor, without the screens of the office."""
    application()
    look, wires = Look(ThemeName.LIGHT, 1366), Wires()
    look.apply()
    window = open_window(look, wires)
    window.resize(1366, 768)
    window.show()
    poster = Poster()
    info = database.read(lambda session: station_info(session, station_id))
    uris, journal = DeviceUris("keyboard:", "", printer), folder / f"station-{station_id}.journal"
    core = build_core(database, info, uris, utc_now, poster.post, journal)
    runner = QtRunner(core.worker, poster)
    builders: dict[str, Callable[[Look], QWidget]] = {
        Place.SIGN_IN.value: lambda look: SignInView(look, wires.intents()),
        Place.PACK.value: lambda look: PackView(look, wires.intents(), answer_first=True),
    }
    screen = StationWindow(look, window, Sounds(SilentPlayer("bench"), 20), builders, _raise)
    presenter = StationPresenter(
        info, core.client, runner, database, core.bench, screen, utc_now, core.new_id, {Place.PACK: PackPage()}, {}
    )
    core.hearers.job, core.hearers.gone, core.hearers.back = presenter.job, presenter.gone, presenter.back
    core.start()
    scanner = core.scanner
    if not isinstance(scanner, KeyboardScanner):
        raise RuntimeError("a keyboard scanner was asked for")
    scanner.start(lambda scan: poster.post(lambda: presenter.scan(scan.raw, scan.gesture_id, scan.device, scan.at)))
    wedge = WedgeFilter(scanner)
    wedge.install()
    rig = Rig(presenter, core, window, screen, Flushes(window))
    try:
        rig.listen()
        presenter.start()
        IdleGarbage(lambda: core.worker.quiet, runner.later).start()
        rig.settle(0.4)
        yield rig
    finally:
        wedge.remove()
        presenter.on_settled(lambda _: None)
        core.stop()
        runner.close()
        window.close()
        QCoreApplication.processEvents()


def _raise(error: Exception) -> None:
    raise error
