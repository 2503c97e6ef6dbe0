"""A process with some simulated stations: told on standard input what they are, it says each second what they did."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from app.bootstrap.demo_goods import read_goods
from app.bootstrap.simulate_plan import Group, Seat, Tally
from app.bootstrap.simulate_station import FeedTimes, SimulatedStation
from app.domain.errors import EnvironmentFailure
from app.models.database import Database
from app.settings import Settings

LOG = logging.getLogger(__name__)
T = TypeVar("T")
TELL_SECONDS = 1.0
AGAIN_SECONDS = 0.5


@dataclass(slots=True)
class _Counted:
    """What was counted since it was told last; `lock` guards it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    tally: Tally = field(default_factory=Tally)

    def tell(self) -> None:
        """One line."""
        with self.lock:
            told = self.tally.to_json()
            fresh = Tally()
            for name in Tally.__dataclass_fields__:
                setattr(self.tally, name, getattr(fresh, name))
        print(json.dumps({"tally": told}), flush=True)

    def feed(self, milliseconds: float) -> None:
        """A change of another station was told."""
        with self.lock:
            self.tally.feed_ms.append(round(milliseconds, 2))


def run_group(settings: Settings) -> int:
    """Works until its input ends; then each station finishes the scan in hand. Gives the exit status."""
    group = Group.from_json(json.loads(sys.stdin.readline()))
    ended = threading.Event()
    threading.Thread(target=_listen, args=(ended,), name="orders", daemon=True).start()
    database = Database.open(settings.database, checkpoint_by_itself=False, connections=len(group.seats) + 2)
    counted = _Counted()
    try:
        stations = _open_all(database, group, counted, ended)
        for station in stations:
            station.start()
        print(json.dumps({"ready": len(stations)}), flush=True)
        while not ended.wait(TELL_SECONDS):
            counted.tell()
        for station in stations:
            station.stop()
        for station in stations:
            station.join()
        counted.tell()
    finally:
        database.close()
    return 0


def _open_all(database: Database, group: Group, counted: _Counted, ended: threading.Event) -> list[SimulatedStation]:
    units = _patiently(lambda: read_goods(database).units, ended)
    times = FeedTimes(counted.feed)

    def opened(seat: Seat) -> SimulatedStation:
        return SimulatedStation(
            database, group.warehouse_id, seat, group.pace, units, counted.tally, counted.lock, times
        )  # fmt: skip

    return [_patiently(partial(opened, seat), ended) for seat in group.seats]


def _listen(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def _patiently(work: Callable[[], T], ended: threading.Event) -> T:
    """Tries until the database is there: somebody may be starting it. Raises EnvironmentFailure at the end of all."""
    while True:
        try:
            return work()
        except EnvironmentFailure as failure:
            LOG.info("a group of stations waits: %s", failure)
            if ended.wait(AGAIN_SECONDS):
                raise
