"""One workplace of the demonstration: a whole station in a window that nobody sees, and what hands do there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication
from sqlalchemy import text

from app.bootstrap.core import StationCore
from app.bootstrap.demo_album import SIZE
from app.bootstrap.pages import DeskPages
from app.bootstrap.ready import make_ready
from app.bootstrap.station_ui import StationUi
from app.bootstrap.window import Wires, open_window
from app.devices.scales import SimScale
from app.devices.scanners import SimScanner
from app.domain.clock import utc_now
from app.domain.errors import StateError
from app.domain.outcomes import Outcome, Place
from app.domain.states import PrintJobState
from app.models.database import Database
from app.presenters.gateway import JobEvent
from app.presenters.places import command_to
from app.presenters.station import StationPresenter
from app.printing.simulated_printer import SimulatedPrinter
from app.runtime.qt import QtRunner
from app.settings import Settings
from app.views.kit import Look
from app.views.station_window import StationWindow

PRINTER = "sim:"
PATIENCE_SECONDS = 30.0
READERS = 2
_TRACKING = text(
    "SELECT tracking_number FROM labels WHERE package_id = :package AND state NOT IN ('refused', 'voided')"
)


@dataclass(slots=True)
class Tally:
    """What all stations of the day count together. Latencies in milliseconds, of scans only."""

    scans: int = 0
    keys: int = 0
    refused_scans: int = 0
    latencies: list[float] = field(default_factory=list)
    refusals: dict[str, int] = field(default_factory=dict)

    def answered(self, outcome: Outcome, milliseconds: float) -> None:
        """A scan's answer was painted."""
        self.scans += 1
        self.latencies.append(milliseconds)
        if outcome.refused:
            self.refused_scans += 1
            self.refusals[outcome.code] = self.refusals.get(outcome.code, 0) + 1


class DemoStation:
    """Scans go through the simulated scanner, the journal and the worker; answers count once they are painted."""

    def __init__(self, settings: Settings, look: Look, tally: Tally) -> None:
        """Opens the station that the settings name, and waits until it can be scanned at."""
        self.name = settings.station
        self._tally = tally
        wires = Wires()
        self.window = open_window(look, wires)
        self.window.resize(*SIZE)
        self.window.show()
        self._ui = StationUi(settings, look, wires, self.window)
        self.database = Database.open(settings.database)
        self._ui.open(make_ready(settings, self.database, utc_now()))
        self._answers: list[Outcome] = []
        self._painted_at = 0.0
        self._jobs: list[JobEvent] = []
        self.presenter.on_settled(self._painted)
        self.core.hearers.job = self._job
        self._wait(lambda: bool(self._answers), "")

    # -- the parts --------------------------------------------------------------------------------------------------

    @property
    def core(self) -> StationCore:
        """Everything behind the window. Raises StateError once it is closed."""
        if self._ui.core is None:
            raise StateError("demo.closed", station=self.name)
        return self._ui.core

    @property
    def presenter(self) -> StationPresenter:
        """Who decides what is drawn."""
        if self._ui.presenter is None:
            raise StateError("demo.closed", station=self.name)
        return self._ui.presenter

    @property
    def screen(self) -> StationWindow:
        """The pages in their window."""
        if self._ui.screen is None:
            raise StateError("demo.closed", station=self.name)
        return self._ui.screen

    @property
    def desks(self) -> DeskPages:
        """The screens with presenters of their own."""
        if self._ui.desks is None:
            raise StateError("demo.closed", station=self.name)
        return self._ui.desks

    @property
    def printer(self) -> SimulatedPrinter:
        """The label printer beside the bench."""
        printer = self.core.press.printer(PRINTER)
        if not isinstance(printer, SimulatedPrinter):
            raise StateError("demo.not_simulated", station=self.name)
        return printer

    # -- hands ------------------------------------------------------------------------------------------------------

    def scan(self, code: str, *expected: str) -> Outcome:
        """Scans a code and waits until its answer is painted. Raises StateError for another answer than expected."""
        scanner = self.core.scanner
        if not isinstance(scanner, SimScanner):
            raise StateError("demo.not_simulated", station=self.name)
        self._answers.clear()
        began = time.perf_counter()
        scanner.scan(code)
        self._wait(lambda: bool(self._answers), code)
        outcome = self._answers[-1]
        self._tally.answered(outcome, (self._painted_at - began) * 1000)
        return self._checked(outcome, code, expected)

    def scans(self, *codes: str) -> Outcome:
        """Scans one after another; the answer to the last."""
        return [self.scan(code) for code in codes][-1]

    def key(self, name: str, *expected: str) -> Outcome:
        """Presses a key of the window, and waits until its answer is painted."""
        self._answers.clear()
        self._tally.keys += 1
        self.window.activateWindow()
        self._wait(lambda: QApplication.activeWindow() is self.window, "the window")
        if not self.window.key_gesture(name):
            raise StateError("demo.unexpected", station=self.name, did=name, expected=", ".join(expected), answer="-")
        self._wait(lambda: bool(self._answers), name)
        return self._checked(self._answers[-1], name, expected)

    def go(self, place: Place) -> None:
        """To a place of the rail, by its code, and until what it reads is drawn."""
        command = command_to(place)
        if command is not None and self.presenter.place is not place:
            self.scan(command.code, "opening.place")
        self.settle()

    def weigh(self, grams: int) -> None:
        """Puts this much on the scale."""
        if isinstance(self.core.scale, SimScale):
            self.core.scale.put(grams)

    # -- waiting ----------------------------------------------------------------------------------------------------

    def label(self, package_id: int, copies: int = 1) -> str:
        """Waits until the label of a parcel is printed so many times; gives the number on it."""

        def came_out() -> bool:
            mine = [job for job in self._jobs if job.package_id == package_id and job.document == "shipping-label"]
            return sum(1 for job in mine if job.state is PrintJobState.PRINTED) >= copies

        self._wait(came_out, f"label {package_id}")
        values = {"package": package_id}
        return str(self.database.read(lambda session: session.execute(_TRACKING, values).scalar_one()))

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Waits for something that happens by itself."""
        self._wait(condition, what)

    def settle(self) -> None:
        """Waits until all that was asked of the database is drawn: the worker has come to its end, and each reader to
        a common point; twice, because an answer may ask for more."""
        for _ in range(2):
            self._until_worked()
            self._until_read()
        QCoreApplication.processEvents()

    def close(self) -> None:
        """The shift is over."""
        self._ui.close()
        self.window.hide()
        self.window.deleteLater()

    def _until_worked(self) -> None:
        done: list[int] = []
        self._runner.command(lambda: 0, done.append, _broken)
        self._wait(lambda: bool(done), "working")

    def _until_read(self) -> None:
        meeting = threading.Barrier(READERS)
        met: list[int] = []
        for _ in range(READERS):
            self._runner.read(lambda: meeting.wait(PATIENCE_SECONDS), met.append, _broken)
        self._wait(lambda: len(met) == READERS, "reading")

    @property
    def _runner(self) -> QtRunner:
        if self._ui.runner is None:
            raise StateError("demo.closed", station=self.name)
        return self._ui.runner

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        wait_until(condition, what, self.name)

    def _job(self, event: JobEvent) -> None:
        self._jobs.append(event)
        self.presenter.job(event)

    def _painted(self, outcome: Outcome) -> None:
        """An answer is drawn: what it changed is laid out and painted now, and only then it counts."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        QCoreApplication.sendPostedEvents(self.window, QEvent.Type.UpdateRequest.value)
        self._painted_at = time.perf_counter()
        self._answers.append(outcome)

    def _checked(self, outcome: Outcome, did: str, expected: tuple[str, ...]) -> Outcome:
        if expected and outcome.code not in expected:
            raise StateError(
                "demo.unexpected", station=self.name, did=did, expected=", ".join(expected), answer=outcome.code
            )
        return outcome


class FirstStart:
    """A station with no database yet: the three ways in."""

    def __init__(self, settings: Settings, look: Look, folder: Path) -> None:
        """Waits until they are offered; nothing is made in `folder`."""
        wires = Wires()
        self.window = open_window(look, wires)
        self.window.resize(*SIZE)
        self.window.show()
        own = replace(settings, database=f"sqlite:///{(folder / 'none.sqlite3').as_posix()}", data_folder=folder)
        self._ui = StationUi(own, look, wires, self.window)
        self._ui.begin()
        wait_until(self._offered, "first run")

    def close(self) -> None:
        """Nobody chose."""
        self._ui.close()
        self.window.hide()

    def _offered(self) -> bool:
        return self.window.state is not None and self.window.state.page == "first_run"


def wait_until(condition: Callable[[], bool], what: str, station: str = "") -> None:
    """Lets everything go on until a condition holds. Raises StateError when it does not within half a minute."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.monotonic() > until:
            raise StateError("demo.no_answer", station=station, what=what)


def _broken(error: Exception) -> None:
    raise StateError("demo.no_answer", station="", what=str(error))


def at_station(settings: Settings, name: str) -> Settings:
    """The settings of one workplace of the day: everything simulated, and a scale that settles at once."""
    return replace(settings, station=name, scanner="sim:", scale="sim:?settle=0", printer=PRINTER, operator="")
