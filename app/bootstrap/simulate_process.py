"""A process with some simulated stations: told on standard input what they are, it says each second what they did."""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import dataclass, field

from app.bootstrap.demo_goods import read_goods
from app.bootstrap.simulate_plan import Group, Tally
from app.bootstrap.simulate_station import FeedTimes, SimulatedStation
from app.models.database import Database
from app.settings import Settings

TELL_SECONDS = 1.0


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
    database = Database.open(settings.database, checkpoint_by_itself=False)
    try:
        units = read_goods(database).units
        counted = _Counted()
        times = FeedTimes(counted.feed)
        stations = [
            SimulatedStation(database, group.warehouse_id, seat, group.pace, units, counted.tally, counted.lock, times)
            for seat in group.seats
        ]
        for station in stations:
            station.start()
        print(json.dumps({"ready": len(stations)}), flush=True)
        _tell_until_the_end(counted)
        for station in stations:
            station.stop()
        for station in stations:
            station.join()
        counted.tell()
    finally:
        database.close()
    return 0


def _tell_until_the_end(counted: _Counted) -> None:
    ended = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=listen, name="orders", daemon=True).start()
    while not ended.wait(TELL_SECONDS):
        counted.tell()
