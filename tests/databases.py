"""Empty databases for tests, quickly: a migrated SQLite file is copied, a migrated PostgreSQL database is swept."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql

from app.models.database import Database
from app.models.schema import migrate
from app.services.check import violations


class Databases(Protocol):
    """Gives one empty, migrated database after another; each call closes the one before."""

    @property
    def url(self) -> str:
        """Where the newest one is, for a second station on the same database."""

    def fresh(self) -> Database:
        """An empty, migrated database."""

    def close(self) -> None:
        """Closes the newest one."""


def assert_sound(database: Database) -> None:
    """Fails unless every invariant holds in the database."""
    found = database.read(violations)
    assert not found, f"the database breaks invariants: {found}"


class SqliteDatabases:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.sqlite3"
        self.made = 0
        self.newest: Database | None = None
        with_schema = Database.open(self._url_of(self.template))
        migrate(with_schema)
        with_schema.close()
        with sqlite3.connect(self.template) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    @staticmethod
    def _url_of(path: Path) -> str:
        return f"sqlite:///{path.as_posix()}"

    @property
    def path(self) -> Path:
        """The newest file."""
        return self.folder / f"{self.made}.sqlite3"

    @property
    def url(self) -> str:
        """Where the newest one is."""
        return self._url_of(self.path)

    def fresh(self) -> Database:
        """A copy of the migrated file, opened."""
        self.close()
        self.made += 1
        shutil.copyfile(self.template, self.path)
        self.newest = Database.open(self.url)
        return self.newest

    def close(self) -> None:
        """Closes the newest one and removes its files."""
        if self.newest is None:
            return
        self.newest.close()
        self.newest = None
        for path in self.folder.glob(f"{self.made}.sqlite3*"):
            path.unlink()


class PostgresDatabases:
    """One database of a test server, emptied of all rows each time."""

    def __init__(self, url: str, dsn: str) -> None:
        self.url = url
        self.newest: Database | None = None
        with_schema = Database.open(url)
        migrate(with_schema)
        with_schema.close()
        self.sweeper = PostgresSweeper(dsn)

    def fresh(self) -> Database:
        """The database without rows, opened anew."""
        self.close()
        self.sweeper.sweep()
        self.newest = Database.open(self.url)
        return self.newest

    def close(self) -> None:
        """Closes the newest one; its rows are swept when the next is wanted."""
        if self.newest is not None:
            self.newest.close()
            self.newest = None


class PostgresSweeper:
    """Takes all rows out of a database: the tables that have some are found in one query, so a sweep takes a few ms."""

    KEPT = ("alembic_version",)

    def __init__(self, dsn: str) -> None:
        self.connection = psycopg.connect(dsn, autocommit=True)
        self.connection.execute("SET session_replication_role = replica")  # no triggers and no order of foreign keys
        self.connection.execute("SET lock_timeout = '10s'")
        rows = self.connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)", [list(self.KEPT)]
        )
        tables = [row[0] for row in rows]
        self.which_have_rows = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.Identifier(name))
            for name in tables
        )
        if seeded := self.tables_with_rows():
            raise AssertionError(f"the migrations leave rows in {seeded}; a sweep would lose them")

    def tables_with_rows(self) -> list[str]:
        """The names of the tables that are not empty."""
        return [row[0] for row in self.connection.execute(self.which_have_rows)]

    def sweep(self) -> None:
        """Ends what other connections still do in this database, removes all rows and starts all numbers again."""
        self.connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        filled = self.tables_with_rows()
        with self.connection.transaction():
            for name in filled:
                self.connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        self.connection.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
            " FROM pg_sequences WHERE schemaname = 'public'"
        )

    def close(self) -> None:
        """Ends the connection."""
        self.connection.close()
