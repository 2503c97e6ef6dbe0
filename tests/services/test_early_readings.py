"""What is read together with the session counts only where it is what would have been read in its turn."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Outcome, Place
from app.domain.work import PackWork
from app.models.database import Database
from app.models.locks import lock_orders
from app.models.prepared import Prepared
from app.queries.pack_work import pack_work
from app.services import ledger
from app.services.pack_wanted import WANTED_HERE
from app.services.station import Last
from tests.databases import assert_sound
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench
from tests.services.machine_floor import whole_bench

_WAITS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def started_again(bench: Bench, last: Last) -> Bench:
    """The same station in another process, which believes what it likes of what is open."""
    again = Bench(bench.database, replace(bench.floor, last=last), now=bench.now)
    again.done = bench.done + 1000
    return again


@pytest.mark.parametrize(
    "last", [Last(), Last("fulfillment"), Last("fulfillment", parcel=True), Last("pick_list", parcel=True)]
)
def test_a_station_that_guesses_wrong_counts_as_any_other(database: Database, site: build.Site, last: Last) -> None:
    bench = packing.pack_bench(database, site)
    number = packing.order_on_shelf(database, site, ("CUP", 2), ("LAMP", 1))
    codes = [number, "CUP", "LAMP", "CUP", number]
    answers: list[str] = []
    for code in codes:
        bench = started_again(bench, replace(last))
        answers.append(bench.scan(code).code)
    assert answers == ["pack.opened", "pack.counted", "pack.counted", "pack.complete", "pack.resumed"]
    assert_sound(database)


def test_two_processes_of_a_station_go_on_in_turns(database: Database, site: build.Site) -> None:
    benches = [packing.pack_bench(database, site)]
    benches.append(started_again(benches[0], Last()))
    for _ in range(3):
        number = packing.order_on_shelf(database, site, ("CUP", 3))
        answers = [benches[at % 2].scan(code).code for at, code in enumerate([number, "CUP", "CUP", "CUP"])]
        assert answers == ["pack.opened", "pack.counted", "pack.counted", "pack.complete"]
        benches.reverse()
    assert_sound(database)


def test_the_paper_of_an_order_opens_it_where_another_one_is_open(database: Database, site: build.Site) -> None:
    bench = whole_bench(database, site, "anna", Place.PACK)
    first, second = (packing.order_on_shelf(database, site, ("CUP", 1)) for _ in range(2))
    assert bench.scan(first).code == "pack.opened"
    again = started_again(bench, Last())
    paper = database.read(lambda s: s.execute(_PAPER, {"number": second}).scalar_one())
    assert again.scan(f"F-{paper}").code == "pack.still_open"
    assert again.scan("PW-OK").code == "station.acknowledged"
    assert again.scan("PW-BACK").code == "pack.left"
    assert again.scan(f"F-{paper}").code == "pack.opened"
    assert_sound(database)


_PAPER = text("SELECT f.id FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE o.number = :number")


def test_a_sealed_parcel_is_told_as_it_is_stored(database: Database, site: build.Site) -> None:
    bench = packing.pack_bench(database, site)
    told = bench.scans(packing.order_on_shelf(database, site, ("CUP", 2), ("LAMP", 1)), "CUP", "LAMP", "CUP")
    assert isinstance(told.work, PackWork)
    stored = database.read(lambda s: pack_work(s, told.work.fulfillment_id, None))  # type: ignore[union-attr]
    assert told.work.parcels == stored.parcels
    assert len(stored.parcels) == 1


def test_what_an_order_wants_is_read_once_it_is_locked(database: Database, site: build.Site) -> None:
    """Somebody takes a promise back while the scan waits for the order: it is not counted, and nothing fails."""
    if database.is_sqlite:
        pytest.skip("a file has one writer at a time")
    bench = packing.pack_bench(database, site)
    bench.scans(packing.order_on_shelf(database, site, ("CUP", 2), ("LAMP", 2)), "CUP")

    def take_back(session: Session) -> None:
        order = session.execute(text("SELECT max(order_id) FROM fulfillments")).scalar_one()
        lock_orders(session, [order])
        lamp = "SELECT a.id FROM allocations a JOIN order_lines l ON l.id = a.order_line_id WHERE l.sku = 'LAMP'"
        ledger.give_back(session, session.execute(text(lamp)).scalar_one())

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:
            take_back(session)
            session.flush()
            scanned = pool.submit(bench.scan, "LAMP")
            waits_for_a_lock(database, scanned.done)
        answer: Outcome = scanned.result()
    assert answer.code == "pack.wrong_item"
    assert bench.scan("PW-OK").code == "station.acknowledged"
    assert bench.scan("CUP").code in ("pack.counted", "pack.complete")
    assert_sound(database)


def waits_for_a_lock(database: Database, over: object) -> None:
    """Until a transaction waits for another one, or `over` says that nobody will."""
    pause = threading.Event()
    for _ in range(3000):
        waiting = database.read(lambda s: s.execute(_WAITS).scalar_one())
        if waiting or (callable(over) and over()):
            return
        pause.wait(0.01)
    raise AssertionError("nobody waits")


def test_what_was_read_early_is_taken_once(database: Database, site: build.Site) -> None:
    """A second look must see what was written meanwhile."""
    bench = packing.pack_bench(database, site)
    bench.scans(packing.order_on_shelf(database, site, ("CUP", 3)), "CUP")
    asked: list[Prepared] = []
    soon = Prepared.soon

    def watching(statement: Prepared, *rest: object) -> object:
        asked.append(statement)
        return soon(statement, *rest)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Prepared, "soon", watching)
        bench.scan("CUP")
    assert asked.count(WANTED_HERE) == (0 if database.is_sqlite else 1)
