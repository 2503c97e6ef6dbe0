"""What a database is owed before it is used: a backup, then the newest schema, by one process at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from app.domain.clock import Clock
from app.domain.errors import EnvironmentFailure
from app.models.backup import back_up, backup_name
from app.models.database import Database
from app.models.fairlock import FairLock
from app.models.schema import SchemaState, migrate, schema_state

_ADVISORY = 7_426_001
_LOCK = text("SELECT pg_advisory_lock(:key)")
_UNLOCK = text("SELECT pg_advisory_unlock(:key)")


def backup_folder(database: Database, data_folder: Path) -> Path:
    """Where backups are kept: beside an embedded database, else in the person's data folder."""
    path = database.path
    return (path.parent if path is not None else data_folder) / "backups"


def make_backup(database: Database, data_folder: Path, clock: Clock) -> Path:
    """Keeps a backup with the moment in its name; gives its path. Raises EnvironmentFailure when it can't be made."""
    target = backup_folder(database, data_folder) / backup_name(database, clock().strftime("%Y%m%d-%H%M%S-%f")[:-3])
    back_up(database, target)
    return target


def bring_up_to_date(
    database: Database,
    data_folder: Path,
    clock: Clock,
    on_backup: Callable[[Path], None] = lambda _: None,
    without_backup: bool = False,
) -> SchemaState:
    """Makes or migrates the tables; gives how the schema stood before.

    Before a migration of a database that holds something, a backup is made, and `on_backup` hears where. Where none
    can be made nothing is migrated, unless `without_backup` says that somebody made one. Raises EnvironmentFailure.
    """
    state = schema_state(database)
    if state is SchemaState.CURRENT:
        return state
    with _alone(database):
        if schema_state(database) is SchemaState.OLDER and not without_backup:
            try:
                on_backup(make_backup(database, data_folder, clock))
            except EnvironmentFailure as failure:
                if failure.code == "backup.no_program":
                    raise EnvironmentFailure("migrate.no_backup", program=failure.values["program"]) from failure
                raise
        migrate(database)
    return state


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Two stations that start at once must not both migrate, and nobody writes meanwhile."""
    path = database.path
    if path is not None:
        lock = FairLock(path.with_name(path.name + ".lock"))
        try:
            with lock:
                yield
        finally:
            lock.close()
        return
    with database.connection() as connection:
        connection.execute(_LOCK, {"key": _ADVISORY})
        connection.commit()
        try:
            yield
        finally:
            connection.execute(_UNLOCK, {"key": _ADVISORY})
            connection.commit()
