"""Two processes that do the same at the same moment, on a database where they really run side by side."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest
from sqlalchemy import text

from app.bootstrap.floor import make_floor
from app.domain.gesture import Gesture, GestureKind
from app.models.database import Database
from app.models.locks import lock_orders
from app.services.desk import ensure_session
from app.services.pick import begin, rows
from app.services.release import release, unrelease
from app.services.settings_store import FloorSettings
from app.services.setup import database_id, ensure_station
from tests.databases import PostgresDatabases, assert_sound
from tests.services import pack_builders as packing
from tests.services import stock_builders as build

_WAITERS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest.fixture
def shared(postgresql_databases: PostgresDatabases) -> Iterator[Database]:
    """An empty database on a server."""
    made = postgresql_databases.fresh()
    yield made
    assert_sound(made)
    postgresql_databases.close()


class Beside:
    """Work on a thread of its own."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._answer: Future[object] = Future()

        def run() -> None:
            try:
                self._answer.set_result(work())
            except BaseException as error:  # noqa: BLE001 - raised where the answer is asked for
                self._answer.set_exception(error)

        threading.Thread(target=run, daemon=True).start()

    def waits_for_a_lock(self, database: Database) -> None:
        """Returns once it does; fails when it ended instead."""
        while not self._answer.done():
            if database.read(lambda s: s.execute(_WAITERS).scalar_one()):
                return
            time.sleep(0.005)
        raise AssertionError(f"it did not wait: {self._answer.result()}")

    @property
    def answer(self) -> object:
        """What came of it, or what it raised."""
        return self._answer.result(timeout=60)


def test_two_processes_may_begin_at_one_station_at_once(shared: Database) -> None:
    site = shared.write(build.build_site)
    station = site.actor.station_id or 0
    floor = make_floor(station, site.warehouse_id, "own")
    gesture = Gesture("g-1", GestureKind.SCAN, "CUP", build.NOW)
    with shared.writing() as first:
        ensure_session(first, station)
        second = Beside(
            lambda: shared.write(lambda s: floor.handle(s, gesture, FloorSettings(), build.NOW)).code,
        )
        second.waits_for_a_lock(shared)
    assert second.answer == "station.sign_in_first"
    assert shared.read(lambda s: s.execute(text("SELECT count(*) FROM station_sessions")).scalar_one()) == 1


def test_two_processes_may_make_one_station_and_the_databases_name_at_once(shared: Database) -> None:
    site = shared.write(build.build_site)
    with shared.writing() as first:
        made = ensure_station(first, build.NOW, "Bench 9", site.warehouse_id)
        second = Beside(lambda: shared.write(lambda s: ensure_station(s, build.NOW, "Bench 9", site.warehouse_id)))
        second.waits_for_a_lock(shared)
    assert second.answer == made
    with shared.writing() as first:
        name = database_id(first)
        second = Beside(lambda: shared.write(database_id))
        second.waits_for_a_lock(shared)
    assert second.answer == name


def test_release_leaves_an_order_that_somebody_works_at_and_waits_for_nobody(shared: Database) -> None:
    site = shared.write(build.build_site)
    numbers = [packing.order_on_shelf(shared, site, ("CUP", 1)) for _ in range(2)]
    found = text("SELECT id FROM orders WHERE number = :number")
    held = shared.read(lambda s: s.execute(found, {"number": numbers[0]}).scalar_one())
    with shared.writing() as first:
        lock_orders(first, [held])
        with shared.writing() as second:
            second.execute(text("SET LOCAL lock_timeout = '5s'"))
            assert len(release(second, site.actor).fulfillment_ids) == 1
    assert len(shared.write(lambda s: release(s, site.actor)).fulfillment_ids) == 1


def test_a_walk_that_begins_meanwhile_is_not_taken_back(shared: Database) -> None:
    site = shared.write(build.build_site)
    packing.order_on_shelf(shared, site, ("CUP", 1))
    released = shared.write(lambda s: release(s, site.actor))
    walk, part = released.pick_list_ids[0], released.fulfillment_ids[0]
    with shared.writing() as first:
        begin.locks.lock_pick_list(first, walk)
        office = Beside(lambda: shared.write(lambda s: unrelease(s, site.actor, part, "too early")).code)
        office.waits_for_a_lock(shared)
        rows.start(first, site.actor, walk)
    assert office.answer == "release.being_picked"
