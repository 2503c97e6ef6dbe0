"""The change feed hears of a change, whoever made it, and goes on when what wakes it breaks."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from queue import SimpleQueue

import psycopg
import pytest
from sqlalchemy import text

from app.bootstrap.feeding import feed_of, wake_up_of
from app.domain.errors import EnvironmentFailure
from app.domain.outcomes import Change
from app.models.database import Database, Session
from app.runtime import feed as feeds
from app.runtime.feed import ChangeFeed
from app.services.changes import note_changes
from tests.databases import Databases, PostgresDatabases
from tests.devices.waiting import until
from tests.services import stock_builders as build

LONG = 3600.0
_END_LISTENERS = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = 'pickwick feed' AND pid <> pg_backend_pid()"
)
_LISTENERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'pickwick feed'"
    " AND pid <> pg_backend_pid()"
)


class Heard:
    """What a feed told."""

    def __init__(self) -> None:
        self._changes: SimpleQueue[Change] = SimpleQueue()
        self.events: list[str] = []

    def changes(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self._changes.put(change)

    def gone(self, failure: EnvironmentFailure) -> None:
        self.events.append(failure.code)

    def back(self, _milliseconds: float) -> None:
        self.events.append("back")

    def next(self) -> Change:
        """The next change; fails when none comes."""
        return self._changes.get(timeout=60)


@contextmanager
def running(database: Database, heard: Heard) -> Iterator[ChangeFeed]:
    """A feed that hears, and knows where the log ended."""
    feed = feed_of(database, heard.changes, heard.gone, heard.back)
    feed.look()
    feed.start()
    try:
        until(lambda: feed.hears)
        yield feed
    finally:
        feed.stop()


@pytest.fixture
def only_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks that nothing asked for never come, so that what is heard was told."""
    monkeypatch.setattr(feeds, "SAFETY_SECONDS", LONG)
    monkeypatch.setattr(feeds, "RARE_SECONDS", LONG)
    monkeypatch.setattr(feeds, "LOOK_SECONDS", 0.05)


def note(database: Database, site: build.Site, *numbers: int) -> None:
    database.write(lambda s: note_changes(s, site.actor, [Change("order", number) for number in numbers]))


@pytest.mark.usefixtures("only_woken")
def test_a_change_of_another_station_wakes_all(database: Database, databases: Databases) -> None:
    site = database.write(build.build_site)
    with ExitStack() as stack:
        other = Database.open(databases.url)
        stack.callback(other.close)
        all_heard = [Heard() for _ in range(3)]
        for heard in all_heard:
            stack.enter_context(running(database, heard))
        for number in (7, 8):
            note(other, site, number)
            assert [heard.next() for heard in all_heard] == [Change("order", number)] * 3


@pytest.mark.usefixtures("only_woken")
def test_what_a_program_wrote_that_ends_at_once_is_told_too(database: Database, databases: Databases) -> None:
    site, heard = database.write(build.build_site), Heard()
    with running(database, heard):
        other = Database.open(databases.url)
        note(other, site, 5)
        other.close()
        assert heard.next() == Change("order", 5)


@pytest.mark.usefixtures("only_woken")
def test_a_broken_listening_connection_is_made_again(postgresql_databases: PostgresDatabases) -> None:
    database = postgresql_databases.fresh()
    site, heard = database.write(build.build_site), Heard()
    with running(database, heard):
        until(lambda: database.read(lambda s: s.execute(_LISTENERS).scalar_one()) == 1)
        for number in range(1, 4):
            assert database.read(lambda s: s.execute(_END_LISTENERS).scalar_one()) == 1
            note(database, site, number)
            assert heard.next() == Change("order", number)
            until(lambda: database.read(lambda s: s.execute(_LISTENERS).scalar_one()) == 1)
    assert heard.events == []  # the database itself was never away


def test_a_feed_that_can_not_hear_looks(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    class Deaf:
        """A server behind something that refuses to listen."""

        sure = False

        def open(self) -> None:
            raise EnvironmentFailure("database.lost", reason="no LISTEN here")

        def wait(self, seconds: float) -> bool:
            raise AssertionError("never opened")

        def interrupt(self) -> None:
            pass

        def close(self) -> None:
            pass

    monkeypatch.setattr(feeds, "LOOK_SECONDS", 0.01)
    site, heard = database.write(build.build_site), Heard()
    feed = ChangeFeed(database, Deaf(), heard.changes)
    feed.look()
    feed.start()
    note(database, site, 1)
    assert heard.next() == Change("order", 1)
    assert not feed.hears
    feed.stop()


def test_what_nobody_could_tell_is_found_by_a_look_and_then_more_often(
    postgresql_databases: PostgresDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pool of connections between us and the server takes LISTEN and delivers nothing."""
    waits: list[float] = []

    class Silent:
        """Hears nothing, ever."""

        sure = False

        def __init__(self) -> None:
            self.ended = threading.Event()

        def open(self) -> None:
            pass

        def wait(self, seconds: float) -> bool:
            waits.append(seconds)
            self.ended.wait(0.01)
            return False

        def interrupt(self) -> None:
            self.ended.set()

        def close(self) -> None:
            pass

    monkeypatch.setattr(feeds, "AT_MOST_EVERY_SECONDS", 0.0)
    database = postgresql_databases.fresh()
    site, heard = database.write(build.build_site), Heard()
    feed = ChangeFeed(database, Silent(), heard.changes)
    feed.look()
    feed.start()
    until(lambda: len(waits) > 1)
    assert set(waits) == {feeds.SAFETY_SECONDS}
    note(database, site, 1)
    assert heard.next() == Change("order", 1)
    known = len(waits)
    until(lambda: len(waits) > known + 2)
    feed.stop()
    assert set(waits[known + 1 :]) == {feeds.LOOK_SECONDS}


@pytest.mark.usefixtures("only_woken")
def test_a_change_is_heard_while_an_older_transaction_still_runs(postgresql_databases: PostgresDatabases) -> None:
    database = postgresql_databases.fresh()
    site, heard = database.write(build.build_site), Heard()

    def number(session: Session, entity_id: int) -> None:
        note_changes(session, site.actor, [Change("order", entity_id)])

    with running(database, heard):
        with database.writing() as older:
            number(older, 1)
            note(database, site, 2)
            assert heard.next() == Change("order", 2)
        assert heard.next() == Change("order", 1)


def test_nothing_is_sent_for_what_was_rolled_back(postgresql_databases: PostgresDatabases) -> None:
    database = postgresql_databases.fresh()
    site = database.write(build.build_site)
    with psycopg.connect(postgresql_databases.url.replace("+psycopg", ""), autocommit=True) as listener:
        listener.execute("LISTEN pickwick_changes")

        def fail(session: Session) -> None:
            note_changes(session, site.actor, [Change("order", 1)])
            raise KeyError("a fault")

        with pytest.raises(KeyError):
            database.write(fail)
        database.write(lambda s: s.execute(text("UPDATE warehouses SET name = 'Hall 2'")))
        note(database, site, 2)
        database.close()
        assert len(list(listener.notifies(timeout=60, stop_after=1))) == 1
        assert list(listener.notifies(timeout=0)) == []


def test_a_stop_ends_a_wait(database: Database) -> None:
    wake_up = wake_up_of(database)
    wake_up.open()
    thread = threading.Thread(target=lambda: wake_up.wait(LONG), daemon=True)
    thread.start()
    wake_up.interrupt()
    thread.join(timeout=60)
    assert not thread.is_alive()
    wake_up.close()


def test_what_is_written_and_not_told_ends_a_wait_when_its_time_is_over(
    postgresql_databases: PostgresDatabases,
) -> None:
    database = postgresql_databases.fresh()
    wake_up = wake_up_of(database)
    wake_up.open()
    told: SimpleQueue[bool] = SimpleQueue()
    wake_up.wait(0.01)
    thread = threading.Thread(target=lambda: told.put(wake_up.wait(0.01)), daemon=True)
    thread.start()
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO settings (key, value) VALUES ('by-hand', '1')"))
    assert told.get(timeout=60) is False
    wake_up.close()
