"""A server has few connections for a whole floor: a station keeps few, waits for its own, says when none is left."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import psycopg
import pytest
from sqlalchemy import event, text

from app.domain.errors import EnvironmentFailure
from app.models import engines
from app.models.database import Database
from tests.databases import PostgresDatabases
from tests.devices.waiting import until

_OURS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name")
_NAME = {"name": "pickwick"}


@pytest.fixture
def server(postgresql_databases: PostgresDatabases) -> Iterator[Database]:
    """An empty database on a server."""
    yield postgresql_databases.fresh()
    postgresql_databases.close()


@pytest.fixture
def one_connection(server: Database, postgresql_databases: PostgresDatabases) -> Iterator[Database]:
    """The same, for somebody who may have one connection at a time."""
    with psycopg.connect(postgresql_databases.sweeper.connection.info.dsn, autocommit=True) as admin:
        admin.execute("CREATE ROLE narrow LOGIN CONNECTION LIMIT 1")
        narrow = server.engine.url.set(username="narrow").render_as_string(hide_password=False)
        made = Database.open(narrow)
        yield made
        made.close()
        until(lambda: admin.execute("SELECT 1 FROM pg_stat_activity WHERE usename = 'narrow'").fetchone() is None)
        admin.execute("DROP ROLE narrow")


def test_what_is_answered_is_on_the_servers_disk_whatever_its_default(server: Database) -> None:
    with psycopg.connect(server.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)) as other:
        assert other.execute("SHOW synchronous_commit").fetchone() == ("off",)
    told = server.read(lambda session: session.execute(text("SHOW synchronous_commit")).scalar_one())
    assert told == "on"


def test_statements_of_milliseconds_are_not_compiled(server: Database) -> None:
    assert server.read(lambda session: session.execute(text("SHOW jit")).scalar_one()) == "off"


def test_connections_that_nobody_uses_are_given_back_all_but_one(server: Database) -> None:
    def ours() -> int:
        return int(server.read(lambda s: s.execute(_OURS, _NAME).scalar_one()))

    pool = server.engine.pool
    assert isinstance(pool, engines.RestingPool)
    with server.connection(), server.connection(), server.connection():
        assert ours() == 4
    until(lambda: ours() == engines.KEPT_CONNECTIONS)
    server.rest()
    assert ours() == engines.KEPT_CONNECTIONS
    assert pool.rest(0.0) == engines.KEPT_CONNECTIONS - 1
    until(lambda: ours() == 1)
    assert pool.rest(0.0) == 0
    with server.connection(), server.connection(), server.connection():
        assert ours() == 4


def test_scans_keep_a_connection_whatever_happens_beside_them(server: Database) -> None:
    pid = text("SELECT pg_backend_pid()")

    def scan() -> int:
        return server.write(lambda s: int(s.execute(pid).scalar_one()), once_by_itself=True, own=True)

    first = scan()
    with server.connection(), server.connection(), server.connection():
        assert scan() == first
    assert scan() == first
    server.rest()
    assert scan() == first
    with pytest.raises(ZeroDivisionError):
        server.write(lambda _: 1 // 0, own=True)
    second = scan()
    assert scan() == second


def test_the_connection_of_scans_is_given_back_once_nobody_scans(
    server: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = text("SELECT pg_backend_pid()")
    scans = server.write(lambda s: int(s.execute(pid).scalar_one()), own=True)
    with server.connection() as other:
        assert other.execute(pid).scalar_one() != scans
    monkeypatch.setattr(engines, "USED_SECONDS", 0.0)
    server.rest()
    with server.connection() as other:
        assert other.execute(pid).scalar_one() == scans


def test_a_connection_of_scans_that_broke_is_another_one_at_once(server: Database) -> None:
    pid = text("SELECT pg_backend_pid()")

    def scan() -> int:
        return server.write(lambda s: int(s.execute(pid).scalar_one()), once_by_itself=True, own=True)

    first = scan()
    server.read(lambda s: s.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first}).scalar_one())
    assert scan() != first


def test_two_who_scan_at_once_have_two(server: Database) -> None:
    pid = text("SELECT pg_backend_pid()")
    with server.writing(own=True) as one, server.writing(own=True) as other:
        assert one.execute(pid).scalar_one() != other.execute(pid).scalar_one()
    server.close()
    assert server._own is None


def test_who_finds_the_server_full_waits_for_a_connection_of_our_own(one_connection: Database) -> None:
    tried = count(1)
    asked: list[int] = []
    event.listen(one_connection.engine, "do_connect", lambda *_: asked.append(next(tried)))
    with ThreadPoolExecutor(1) as beside:
        with one_connection.connection():
            before = len(asked)
            answer = beside.submit(one_connection.read, lambda s: s.execute(text("SELECT 7")).scalar_one())
            until(lambda: len(asked) > before)
        assert answer.result(timeout=60) == 7


def test_a_server_with_no_connection_left_is_said_so(one_connection: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.models.database.ATTEMPTS", 2)
    with one_connection.connection():
        for work in (one_connection.read, one_connection.write):
            with pytest.raises(EnvironmentFailure) as failure:
                work(lambda session: session.execute(text("SELECT 1")).scalar_one())
            assert failure.value.code == "database.full"
