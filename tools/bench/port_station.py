"""A station without a database at serial ports: pseudo terminals before it, an order in memory behind it.

All between is the station's own: the devices' threads, the way to the window's thread, the worker, the journal, the
Pack screen. Only what would ask the database answers out of memory.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from app.bootstrap.core import SWITCH_SECONDS
from app.bootstrap.window import Wires, open_window
from app.devices.journal import ScanJournal
from app.devices.opening import open_scanners
from app.devices.simulated.lines import PtyLine
from app.devices.simulated.scanner import SimSerialScanner
from app.domain.clock import IdMaker, utc_now
from app.domain.device_ports import DeviceState, Scan
from app.domain.gesture import Gesture
from app.domain.keeping import Keeping
from app.domain.outcomes import Outcome, Place, Result, Sound, done
from app.domain.states import PackageState, Role
from app.domain.work import ItemRef, LineCounted, OrderHead, PackLine, PackWork, Parcel
from app.models.database import Database
from app.presenters.pack_page import PackPage
from app.presenters.runner import Failed
from app.presenters.station import StationPresenter
from app.presenters.station_info import StationInfo
from app.runtime.bench import Bench
from app.runtime.journals import Journal
from app.runtime.qt import Poster, QtRunner
from app.runtime.worker import CommandWorker, Task
from app.views.kit import Look
from app.views.pack import PackView
from app.views.sign_in import SignInView
from app.views.sounds import SilentPlayer, Sounds
from app.views.station_window import StationWindow
from app.views.theme import ThemeName
from tools.bench.station import Flushes, application

T = TypeVar("T")
LINES, UNITS = 6, 6
LONGEST_SECONDS = 30


class Answering:
    """Implements `presenters.gateway.Gateway` without a database: each code counts one unit of the order in memory.

    The way is that of `runtime.station_client`: the journal's disk and the work at the same time, on the worker.
    """

    def __init__(self, worker: CommandWorker, post: Callable[[Callable[[], None]], None], journal: Journal) -> None:
        self.journal, self._worker, self._post = journal, worker, post
        self.work = sample_work(1)
        self.taken: list[str] = []

    def send(self, gesture: Gesture, then: Callable[[Outcome], None], failed: Failed) -> None:
        """Answers once the journal has it."""
        journal = self.journal
        kept = journal.append(Scan(gesture.id, gesture.raw, gesture.device, gesture.at))
        work = self._answer(gesture, journal, kept)
        self._worker.submit(
            Task(work, lambda made: self._post(lambda: then(made)), lambda e: self._post(lambda: failed(e)), keep=True)
        )

    def look(self, then: Callable[[Outcome], None], failed: Failed) -> None:
        """The next order is open."""
        self.work = sample_work(self.work.fulfillment_id + 1)
        then(Outcome(Result.NAVIGATE, "pack.opened", Sound.ACCEPTED, place=Place.PACK, work=self.work))

    def interrupted(self, then: Callable[[Outcome], None], failed: Failed) -> None:
        """Nobody else is there."""

    def _answer(self, gesture: Gesture, journal: Journal, kept: Keeping) -> Callable[[], Outcome]:
        def answer() -> Outcome:
            counted = self._count()
            kept.result()
            journal.acknowledge(gesture.id)
            self.taken.append(gesture.raw)
            return counted

        return answer

    def _count(self) -> Outcome:
        """One more of the first line that lacks some, and of a full order the last unit again."""
        at = next((at for at, line in enumerate(self.work.lines) if line.remaining), LINES - 1)
        line = replace(self.work.lines[at], packed=min(self.work.lines[at].packed + 1, UNITS))
        self.work = replace(self.work, lines=(*self.work.lines[:at], line, *self.work.lines[at + 1 :]))
        delta = LineCounted(
            line.line_id, line.item, UNITS, line.packed, 1, self.work.packed, LINES * UNITS, self.work.packed
        )
        return replace(done("pack.counted"), delta=delta)


def sample_work(number: int) -> PackWork:
    """An order of some lines with nothing packed."""
    names = ("RED WOOLLY HOTTIE", "JUMBO BAG", "CAKESTAND 3 TIER", "ALARM CLOCK", "BUNTING", "LUNCH BOX")
    lines = tuple(
        PackLine(n, ItemRef(n, f"8502{n}A", names[n % len(names)], weight_g=200), UNITS, 0) for n in range(LINES)
    )
    leaves = utc_now() + timedelta(hours=3)
    order = f"#{1000 + number}"
    head = OrderHead(number, order, ("Harriet Ovenden", "Totnes"), "Harriet Ovenden, Totnes", "24 Tracked", leaves)
    return PackWork(number, head, lines, (Parcel(1, 1, PackageState.OPEN),), 1)


class _NoReader(QtRunner):
    """What the screen reads beside the order has no database here."""

    def read(self, work: Callable[[], T], then: Callable[[T], None], failed: Failed) -> None:
        """Nothing."""


@dataclass(slots=True)
class PortRig:
    """A station whose scanners are pseudo terminals."""

    presenter: StationPresenter
    answering: Answering
    guns: tuple[SimSerialScanner, ...]
    journal: ScanJournal
    paints: Flushes
    _loop: QEventLoop = field(default_factory=QEventLoop)
    _codes: Iterator[str] = field(default_factory=lambda: cycle([f"501234567{n:04}" for n in range(1000)]))
    _left: int = 0

    def settled(self, _: Outcome) -> None:
        """An answer was drawn."""
        self._left -= 1
        if not self._left:
            self._loop.quit()

    def open_order(self) -> None:
        """Begins an order, and shows it."""
        self.answering.look(self.presenter.replayed, _raise)
        self.settle(0.05)

    def make_room(self) -> None:
        """Begins another order where this one is full."""
        if self.answering.work.packed == LINES * UNITS:
            self.open_order()

    def scan(self) -> float:
        """Sends a code and waits for the picture of its answer; milliseconds. RuntimeError when nothing is painted."""
        data, before = self.guns[0].sent_as.bytes_of(next(self._codes)), self.paints.count
        self._left = 1
        began = time.perf_counter()
        self.guns[0].send(data)
        self._wait()
        took = (time.perf_counter() - began) * 1000
        if self.paints.count == before:
            raise RuntimeError("nothing was painted")
        return took

    def burst(self, codes: Sequence[Sequence[str]], seconds: float) -> float:
        """All guns at once, each evenly over this time; milliseconds until the last answer is painted."""
        self._left = sum(map(len, codes))
        threads = [
            threading.Thread(target=_fire, args=(gun, own, seconds)) for gun, own in zip(self.guns, codes, strict=True)
        ]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        self._wait()
        took = (time.perf_counter() - began) * 1000
        for thread in threads:
            thread.join()
        return took

    def _wait(self) -> None:
        guard = QTimer()
        guard.setSingleShot(True)
        guard.timeout.connect(self._loop.quit)
        guard.start(LONGEST_SECONDS * 1000)
        self._loop.exec()
        QCoreApplication.sendPostedEvents()  # the picture: what was asked to be painted is painted here
        guard.stop()
        if self._left:
            raise RuntimeError(f"{self._left} answers did not come")

    def settle(self, seconds: float) -> None:
        """Lets the window do what it does meanwhile."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            QTimer.singleShot(5, self._loop.quit)
            self._loop.exec()


def _fire(gun: SimSerialScanner, codes: Sequence[str], seconds: float) -> None:
    began = time.perf_counter()
    for number, code in enumerate(codes):
        time.sleep(max(0.0, began + number * seconds / len(codes) - time.perf_counter()))
        gun.scan(code)


@contextmanager
def at_ports(folder: Path, guns: int) -> Iterator[PortRig]:
    """A station of this many serial scanners, with an order open."""
    app, look, wires, poster, new_id = application(), Look(ThemeName.LIGHT, 1366), Wires(), Poster(), IdMaker()
    look.apply()
    sys.setswitchinterval(SWITCH_SECONDS)
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(PtyLine())) for _ in range(guns)]
        scanner = open_scanners(" ".join(line.uri for line in lines), new_id, utc_now)
        if scanner is None:
            raise RuntimeError("a scanner was asked for")
        worker, journal = CommandWorker(_gone, _back), ScanJournal(folder / "scans.journal")
        stack.callback(journal.close)
        worker.start()
        stack.callback(worker.stop)
        window = open_window(look, wires)
        window.resize(1366, 768)
        window.show()
        stack.callback(window.close)
        builders: dict[str, Callable[[Look], QWidget]] = {
            Place.SIGN_IN.value: lambda look: SignInView(look, wires.intents()),
            Place.PACK.value: lambda look: PackView(look, wires.intents(), answer_first=True),
        }
        screen = StationWindow(look, window, Sounds(SilentPlayer("bench"), 20), builders, _raise)
        runner, answering = _NoReader(worker, poster), Answering(worker, poster.post, journal)
        stack.callback(runner.close)
        unused = Database.open(f"sqlite:///{folder / 'unused.sqlite3'}")
        stack.callback(unused.close)
        info = StationInfo(1, "Bench 1", 1, "Main", "Europe/London", 1, "Anna", Role.PACKER)
        presenter = StationPresenter(
            info, answering, runner, unused, Bench(scanner, None, poster.post), screen, utc_now, new_id,
            {Place.PACK: PackPage()}, {},
        )  # fmt: skip
        rig = PortRig(presenter, answering, tuple(map(SimSerialScanner, lines)), journal, Flushes(window))
        presenter.on_settled(rig.settled)
        presenter.start()
        scanner.start(lambda scan: poster.post(lambda: presenter.scan(scan.raw, scan.gesture_id, scan.device, scan.at)))
        stack.callback(scanner.stop)
        while scanner.state is not DeviceState.READY:
            rig.settle(0.05)
        rig.settle(0.4)
        yield rig
        presenter.on_settled(_nothing)
    app.processEvents()


def _gone(failure: Exception, waiting: int) -> None:
    """There is no database to be away."""


def _back(milliseconds: float, waiting: int) -> None:
    """There is no database to be back."""


def _nothing(_: Outcome) -> None:
    """Nobody follows."""


def _raise(error: Exception) -> None:
    raise error
