"""How a schema stands to this program, found out without the machinery of migrations: each start asks for it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from app.models import engines
from app.models.database import Database

MIGRATIONS = Path(__file__).with_name("migrations")
MOVING = "moving"
"""The version of a database into which another one is being moved: no program knows it, so none works there."""
_VERSION = text("SELECT version_num FROM alembic_version")


class SchemaState(StrEnum):
    """How a database's schema stands to this program."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "foreign"
    UNFINISHED = "unfinished"


def revisions() -> tuple[str, ...]:
    """All revisions that this program knows, oldest first: what their files' names begin with."""
    return tuple(sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")))


def schema_state(database: Database) -> SchemaState:
    """Asks the database how its schema stands. Raises EnvironmentFailure when it can't be reached."""
    try:
        with database.connection() as connection:
            tables = inspect(connection).get_table_names()
            current = connection.execute(_VERSION).scalar() if "alembic_version" in tables else None
    except DBAPIError as error:
        failure = engines.explain(error)
        if failure is not None:
            raise failure from error
        raise
    if current is None:
        return SchemaState.FOREIGN if tables else SchemaState.EMPTY
    if current == MOVING:
        return SchemaState.UNFINISHED
    known = revisions()
    if current not in known:
        return SchemaState.NEWER
    return SchemaState.CURRENT if current == known[-1] else SchemaState.OLDER


def fits(database: Database) -> bool:
    """Whether a database that was current when it was opened still is: one small reading."""
    current = database.read(lambda session: session.execute(_VERSION).scalar())
    return current == revisions()[-1]
