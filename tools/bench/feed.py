"""How soon a change made at one station is known at fifty others, and what it costs them to wait for one."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import text

from app.bootstrap.feeding import feed_of
from app.domain.clock import utc_now
from app.domain.outcomes import Change
from app.models.database import Database
from app.services.actor import Actor
from app.services.changes import note_changes
from tools.bench.context import Context
from tools.bench.databases import STATION, WAREHOUSE
from tools.bench.results import Result, times

STATIONS, CHANGES, IDLE_SECONDS = 50, 300, 30.0
BETWEEN_SECONDS = 0.05
SOONEST_MS, IDLE_PERCENT = 300, 1.0
PATIENCE_SECONDS = 60.0
_BACKENDS = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")


class Board:
    """When each change was committed, and when each station was told of it."""

    def __init__(self) -> None:
        self.milliseconds: list[float] = []
        self._committed: dict[Change, float] = {}
        self._told: dict[Change, list[float]] = {}
        self._changed = threading.Condition()

    def committed(self, change: Change) -> None:
        """Now."""
        now = time.perf_counter()
        with self._changed:
            self._committed[change] = now

    def told(self, changes: Sequence[Change]) -> None:
        """Now, at one station."""
        now = time.perf_counter()
        with self._changed:
            for change in changes:
                self._told.setdefault(change, []).append(now)
            self._changed.notify()

    def wait_for(self, change: Change, stations: int) -> None:
        """Until each station knows it. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._told.get(change, ())) >= stations, PATIENCE_SECONDS):
                raise TimeoutError(f"{change} was told to {len(self._told.get(change, ()))} of {stations} stations")

    def latencies(self) -> list[float]:
        """Milliseconds from each commit until each station; one that knew before its writer counts as none."""
        return [
            max(0.0, (told - since) * 1000) for change, since in self._committed.items() for told in self._told[change]
        ]


def measure(context: Context) -> list[Result]:
    """Fifty feeds in one process, on a database with orders."""
    database = Database.open(context.url, connections=16)
    writer = Database.open(context.url)
    board = Board()
    feeds = [feed_of(database, board.told) for _ in range(STATIONS)]
    for feed in feeds:
        feed.look()
        feed.start()
    while not all(feed.hears for feed in feeds):
        time.sleep(0.01)
    for number in range(context.times(CHANGES)):
        change = Change("bench", number)
        writer.write(lambda session, change=change: note_changes(session, _actor(), [change]))  # type: ignore[misc]
        board.committed(change)
        time.sleep(random.uniform(0, 2 * BETWEEN_SECONDS))
        if number % 50 == 0:
            board.wait_for(change, STATIONS)
    board.wait_for(change, STATIONS)
    idle, note = _idle(database, max(1.0, IDLE_SECONDS * context.share))
    for feed in feeds:
        feed.stop()
    writer.close()
    database.close()
    orders, kind = context.orders, context.kind
    most = None if context.is_sqlite else IDLE_PERCENT  # a file has one computer, and that has no fifty stations
    return [
        times(f"change seen at {STATIONS} stations", orders, kind, board.latencies(), p99=SOONEST_MS),
        times(f"feed of {STATIONS} idle stations", orders, kind, [idle], p99=most, unit="% core", note=note),
    ]


def _idle(database: Database, seconds: float) -> tuple[float, str]:
    """Per cent of a core that waiting takes, here and in the server's processes where the system tells."""
    time.sleep(1.0)  # what the last change began has ended
    own, server, began = time.process_time(), _server_seconds(database), time.perf_counter()
    time.sleep(seconds)
    took = time.perf_counter() - began
    own, after = time.process_time() - own, _server_seconds(database)
    if server is None or after is None:
        return 100 * own / took, "" if database.is_sqlite else "without the server"
    return 100 * (own + after - server) / took, f"of it {100 * (after - server) / took:.2f} in the server"


def _server_seconds(database: Database) -> float | None:
    """What the server's processes for this database took so far."""
    if database.is_sqlite or not Path("/proc/self/stat").exists():
        return None
    pids = database.read(lambda session: list(session.execute(_BACKENDS).scalars()))
    total = 0.0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _actor() -> Actor:
    return Actor(utc_now(), f"station:{STATION}", WAREHOUSE, station_id=STATION)
