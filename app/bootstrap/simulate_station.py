"""One simulated station: a whole one without its window, whose person scans as soon as the answer is there."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.bootstrap.core import DeviceUris, build_core, station_info
from app.bootstrap.feeding import station_feed
from app.bootstrap.simulate_hand import Hand
from app.bootstrap.simulate_plan import Seat, Tally
from app.devices.scanners import SimScanner
from app.domain.clock import utc_now
from app.domain.device_ports import Scan
from app.domain.errors import EnvironmentFailure
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Change, Outcome
from app.models.database import Database

LOG = logging.getLogger(__name__)
NOTHING_TO_DO_SECONDS = 0.5
DEVICES = DeviceUris("sim:", "", "sim:")


class FeedTimes:
    """How long a change of one station takes to the others of this process; `told` takes milliseconds."""

    def __init__(self, told: Callable[[float], None]) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._due: dict[str, dict[Change, float]] = {}
        self._early: dict[tuple[str, Change], float] = {}

    def join(self, station: str) -> None:
        """Another station listens."""
        with self._lock:
            self._due[station] = {}

    def committed(self, changes: Sequence[Change]) -> None:
        """A station has the answer: these rows changed."""
        now = time.perf_counter()
        with self._lock:
            for station, due in self._due.items():
                for change in changes:
                    if self._early.pop((station, change), 0.0) < now - 1:
                        due.setdefault(change, now)

    def seen(self, station: str, changes: Sequence[Change]) -> None:
        """A station's feed told of them; some are told before the answer is here."""
        now = time.perf_counter()
        with self._lock:
            for change in changes:
                since = self._due[station].pop(change, None)
                if since is None:
                    self._early[station, change] = now
                else:
                    self._told((now - since) * 1000)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the station showed: the answer to the scan in hand, or what stopped the work from outside."""

    outcome: Outcome | None
    is_answer: bool


class SimulatedStation:
    """Journal, worker, printer, heartbeat and feed as at a real bench; only hands and window are missing."""

    def __init__(self, database: Database, warehouse_id: int, seat: Seat, pace: float, units: Mapping[int, str],
                 tally: Tally, counting: threading.Lock, times: FeedTimes) -> None:  # fmt: skip
        """`tally` is shared by the stations of this process, `counting` guards it."""
        self._seat, self._pace, self._tally, self._counting, self._times = seat, pace, tally, counting, times
        info = database.read(lambda session: station_info(session, seat.station_id))
        self._core = build_core(database, info, DEVICES, utc_now, lambda call: call(), Path(seat.journal))
        self._core.hearers.fault = self._broke
        self._core.hearers.gone = lambda _failure, _kept: self._count_away()
        self._hand = Hand(seat.work, seat.badge, warehouse_id, database, units, utc_now)
        self._told: queue.SimpleQueue[_Told] = queue.SimpleQueue()
        self._feed = station_feed(self._core, lambda call: call(), self._changed)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"hands {seat.name}", daemon=True)
        times.join(seat.name)

    def start(self) -> None:
        """Goes to work; what a crash left in the journal is applied first."""
        scanner = self._core.scanner
        if isinstance(scanner, SimScanner):
            scanner.start(self._scanned)
        self._core.start()
        self._feed.start()
        replayed = self._core.client.replay(lambda _outcome: None, self._broke)
        with self._counting:
            self._tally.replayed += replayed
        self._core.client.look(self._answered, self._failed)
        self._thread.start()

    def stop(self) -> None:
        """Ends after the scan in hand."""
        self._stopping.set()

    def join(self) -> None:
        """Waits until it has ended."""
        self._thread.join()
        self._core.worker.drain()
        self._feed.stop()
        self._core.stop()

    def _run(self) -> None:
        self._until_answered()
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                busy = self._step()
            except EnvironmentFailure as failure:  # looking for work while the database is away
                LOG.info("%s waits: %s", self._seat.name, failure)
                busy = False
            except Exception as error:  # noqa: BLE001 - counted as broken; the person goes on
                self._broke(error)
                busy = False
            pause = self._pace if busy else max(self._pace, NOTHING_TO_DO_SECONDS)
            self._stopping.wait(max(0.0, pause - (time.monotonic() - began)))

    def _step(self) -> bool:
        """One scan with its answer; False when there was nothing to scan."""
        while not self._told.empty():
            self._take(self._told.get())
        code = self._hand.next_code()
        scanner = self._core.scanner
        if code is None or not isinstance(scanner, SimScanner):
            return False
        began = time.perf_counter()
        scanner.scan(code)
        outcome = self._until_answered()
        if outcome is None:
            return False
        self._count(outcome, (time.perf_counter() - began) * 1000)
        self._times.committed(outcome.changes)
        return not (outcome.refused and outcome.code.endswith("nothing_to_pick"))

    def _until_answered(self) -> Outcome | None:
        """The answer, with all that the screen showed before it taken in its order; None for a fault of ours."""
        while True:
            told = self._told.get()
            self._take(told)
            if told.is_answer:
                return told.outcome

    def _take(self, told: _Told) -> None:
        if told.outcome is not None:
            self._hand.take(told.outcome)

    def _answered(self, outcome: Outcome) -> None:
        self._told.put(_Told(outcome, is_answer=True))

    def _from_outside(self, outcome: Outcome) -> None:
        self._told.put(_Told(outcome, is_answer=False))

    def _scanned(self, scan: Scan) -> None:
        gesture = Gesture(scan.gesture_id, GestureKind.SCAN, scan.raw, scan.at, device=scan.device)
        self._core.client.send(gesture, self._answered, self._failed)

    def _changed(self, changes: Sequence[Change]) -> None:
        """What the feed tells; as at a bench, work that stands on it is asked after."""
        self._times.seen(self._seat.name, changes)
        if not self._hand.stands_on.isdisjoint(changes):
            self._core.client.interrupted(self._from_outside, self._not_asked)

    def _count(self, outcome: Outcome, milliseconds: float) -> None:
        with self._counting:
            self._tally.scans += 1
            self._tally.scan_ms.append(round(milliseconds, 2))
            self._tally.orders += outcome.code == "pack.complete"
            if outcome.refused:
                self._tally.refusals[outcome.code] = self._tally.refusals.get(outcome.code, 0) + 1

    def _count_away(self) -> None:
        with self._counting:
            self._tally.away += 1

    def _failed(self, error: Exception) -> None:
        """A scan was not answered: a fault of ours. The person goes on with the next."""
        self._broke(error)
        self._told.put(_Told(None, is_answer=True))

    def _not_asked(self, error: Exception) -> None:
        """Whether the work is stopped could not be asked; while the database is away the next scan finds out."""
        if not isinstance(error, EnvironmentFailure):
            self._broke(error)

    def _broke(self, error: Exception) -> None:
        LOG.error("a fault at %s", self._seat.name, exc_info=error)
        with self._counting:
            self._tally.broken.append(f"{self._seat.name}: {error!r}"[:300])
