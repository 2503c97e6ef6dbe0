"""Copies of a whole database: made while stations work, proved by opening them, and put back when nobody does."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import MetaData, text
from sqlalchemy.engine import URL

from app.domain.errors import BadUseError, EnvironmentFailure
from app.models.database import Database
from app.models.schema_state import SchemaState, schema_state
from app.models.server_address import bare

SQLITE_ENDING, POSTGRESQL_ENDING = ".sqlite3", ".pgdump"
_COMPANIONS = ("-wal", "-shm", ".lock", ".turn")
_OURS_ELSEWHERE = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND application_name = 'pickwick'"
)
_OUR_FUNCTIONS = text(
    "SELECT format('DROP FUNCTION %s CASCADE', oid::regprocedure) FROM pg_proc "
    "WHERE pronamespace = current_schema()::regnamespace AND proowner = current_user::regrole"
)
_VERSIONS = re.compile(r"(server version: [^;]*; \w+ version: .*)")


def backup_name(database: Database, stamp: str) -> str:
    """The file name of a backup made at a moment."""
    return f"pickwick-{stamp}{SQLITE_ENDING if database.is_sqlite else POSTGRESQL_ENDING}"


def back_up(database: Database, target: Path) -> None:
    """Writes one consistent copy, without making stations wait; a file that is there is replaced only by a whole one.

    Raises EnvironmentFailure when it can't be made, or does not prove to be readable.
    """
    beside = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _removed_afterwards(beside):
            if database.is_sqlite:
                _copy_sqlite(_path_of(database), beside)
            else:
                _dump(database.engine.url, beside)
            _sync(beside)
            beside.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise EnvironmentFailure("backup.failed", file=str(target), reason=str(error)) from error


def restore(database: Database, source: Path, aside: Path) -> None:
    """Puts a backup in the place of the database; what was there is kept in `aside` first (SQLite).

    The database must be used by nobody, not by this process either. Raises BadUseError for a file that is no backup of
    ours, EnvironmentFailure while stations are open.
    """
    if not source.is_file():
        raise BadUseError("backup.no_file", file=str(source))
    if database.is_sqlite:
        _restore_sqlite(database, source, aside)
    else:
        _restore_postgresql(database, source)


def refuse_in_use(database: Database) -> None:
    """EnvironmentFailure while another process has the database open. Ask before this one does more with it."""
    if database.is_sqlite:
        database.engine.dispose()
        _shut_out_others(_path_of(database))
        return
    with database.connection() as connection:
        others = connection.execute(_OURS_ELSEWHERE).scalar_one()
    if others:
        raise EnvironmentFailure("backup.in_use")


@contextmanager
def opened_copy(path: Path) -> Iterator[Database]:
    """A copy as a database, to look into it; afterwards it is one file again."""
    copy = Database.open(f"sqlite:///{path.resolve().as_posix()}")
    try:
        yield copy
    finally:
        copy.close()
        with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").close()
        for ending in (".lock", ".turn"):
            with suppress(OSError):
                path.with_name(path.name + ending).unlink()


def _path_of(database: Database) -> Path:
    path = database.path
    assert path is not None
    return path


# -- SQLite -----------------------------------------------------------------------------------------------------------


def _copy_sqlite(source: Path, target: Path) -> None:
    """One snapshot in one piece, with the log folded in; proved page by page."""
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=DELETE").close()
        found = writing.execute("PRAGMA integrity_check(1)").fetchone()
        if found != ("ok",):
            raise sqlite3.DatabaseError(str(found[0]))


def _restore_sqlite(database: Database, source: Path, aside: Path) -> None:
    path = _path_of(database)
    database.close()
    fresh = path.with_name(path.name + ".restored")
    try:
        with _removed_afterwards(fresh):
            path.parent.mkdir(parents=True, exist_ok=True)
            _copy_sqlite(source, fresh)
            _refuse_foreign(fresh, source)
            if path.exists():
                _shut_out_others(path)
                _keep_aside(path, aside)
            _sync(fresh)
            for ending in ("-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            fresh.replace(path)
    except sqlite3.DatabaseError as error:
        raise BadUseError("backup.not_a_backup", file=str(source), reason=str(error)) from error
    except OSError as error:
        raise EnvironmentFailure("backup.not_restored", file=str(source), reason=str(error)) from error


def _refuse_foreign(copy: Path, source: Path) -> None:
    with opened_copy(copy) as opened:
        state = schema_state(opened)
    if state in (SchemaState.EMPTY, SchemaState.FOREIGN, SchemaState.UNFINISHED):
        raise BadUseError("backup.not_a_backup", file=str(source), reason="-")
    if state is SchemaState.NEWER:
        raise EnvironmentFailure("database.newer")


def _shut_out_others(path: Path) -> None:
    """Leaving the write-ahead log is allowed only to who is alone. A file that is damaged has nobody working on it."""
    try:
        with closing(sqlite3.connect(path, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").close()
    except sqlite3.OperationalError as error:
        raise EnvironmentFailure("backup.in_use") from error
    except sqlite3.DatabaseError:
        return


def _keep_aside(path: Path, aside: Path) -> None:
    aside.parent.mkdir(parents=True, exist_ok=True)
    for ending in ("", "-wal"):
        old = path.with_name(path.name + ending)
        if old.exists():
            shutil.copyfile(old, aside.with_name(aside.name + ending))


# -- PostgreSQL -------------------------------------------------------------------------------------------------------


def _dump(url: URL, target: Path) -> None:
    _run(url, ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], "backup.failed")
    _run(None, ["pg_restore", "--list", str(target)], "backup.failed")


def _restore_postgresql(database: Database, source: Path) -> None:
    refuse_in_use(database)
    database.close()
    _run(None, ["pg_restore", "--list", str(source)], "backup.not_a_backup")
    command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"]
    _run(database.engine.url, [*command, "--exit-on-error", str(source)], "backup.not_restored")


@contextmanager
def proved_in(scratch: Database, source: Path) -> Iterator[Database]:
    """A backup of a server, put back into an empty database that is empty again afterwards.

    BadUseError when something stands in it; EnvironmentFailure when the backup can't be put back.
    """
    if schema_state(scratch) is not SchemaState.EMPTY:
        raise BadUseError("backup.not_empty")
    command = ["pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(source)]
    _run(scratch.engine.url, command, "backup.not_restored")
    try:
        yield scratch
    finally:
        with scratch.connection() as connection, connection.begin():
            there = MetaData()
            there.reflect(connection)
            there.drop_all(connection)
            for statement in connection.execute(_OUR_FUNCTIONS).scalars().all():
                connection.exec_driver_sql(statement)


def _run(url: URL | None, command: Sequence[str], code: str) -> None:
    """Runs a program of PostgreSQL; the password goes by its environment, where other people can't read it."""
    program = shutil.which(command[0])
    if program is None:
        raise EnvironmentFailure("backup.no_program", program=command[0])
    environment = dict(os.environ)
    place: list[str] = []
    if url is not None:
        if url.password is not None:
            environment["PGPASSWORD"] = str(url.password)
        plain = bare(url).set(drivername="postgresql")
        place = [f"--dbname={plain.render_as_string(hide_password=False)}"]
    done = subprocess.run(
        [program, *place, *command[1:]],
        capture_output=True, text=True, encoding="utf-8", errors="replace", env=environment, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return
    reason = next((line for line in done.stderr.splitlines() if line.strip()), str(done.returncode))
    if "server version mismatch" in done.stderr:
        found = _VERSIONS.search(done.stderr)
        raise EnvironmentFailure("backup.old_program", program=command[0], reason=found.group(1) if found else reason)
    failure = BadUseError if code == "backup.not_a_backup" else EnvironmentFailure
    raise failure(code, file=command[-1].removeprefix("--file="), reason=reason)


# -- files ------------------------------------------------------------------------------------------------------------


@contextmanager
def _removed_afterwards(path: Path) -> Iterator[None]:
    """Nothing half-made stays behind, whether it went well or not."""
    try:
        yield
    finally:
        for ending in ("", *_COMPANIONS):
            with suppress(OSError):
                path.with_name(path.name + ending).unlink()


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
