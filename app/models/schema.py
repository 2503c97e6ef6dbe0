"""Bringing a database up to date; how it stands is told by `schema_state`."""

from __future__ import annotations

from typing import Literal

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import SchemaItem

from app.domain.errors import EnvironmentFailure
from app.models import engines
from app.models.base import Json, Utc, Word
from app.models.database import Database
from app.models.schema_state import MIGRATIONS, SchemaState, schema_state
from app.models.tables import Base

__all__ = ["MIGRATIONS", "SchemaState", "differences", "migrate", "schema_state"]


def include_object(
    item: SchemaItem, name: str | None, kind: str, reflected: bool, compare_to: SchemaItem | None
) -> bool:
    """Leaves out what the database keeps for its own index of words."""
    own_words = name is not None and (name.startswith("order_words") or name == "ix_order_search_words")
    return not (kind in ("table", "index") and own_words)


def render_item(kind: str, item: object, autogen_context: object) -> str | Literal[False]:
    """Writes our own types into revisions as the plain ones that they are."""
    if kind == "type" and isinstance(item, Utc):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, Word):
        return "sa.String(length=24)"
    if kind == "type" and isinstance(item, Json):
        return "sa.JSON(none_as_null=True).with_variant(sa.dialects.postgresql.JSONB(none_as_null=True), 'postgresql')"
    return False


def config(connection: Connection) -> Config:
    """Alembic's configuration for one connection."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def migrate(database: Database) -> None:
    """Brings the schema up to date.

    Raises EnvironmentFailure when the database is newer than this program, holds tables of something else, or only
    half of what was moved there.
    """
    state = schema_state(database)
    if state is SchemaState.NEWER:
        raise EnvironmentFailure("database.newer")
    if state is SchemaState.FOREIGN:
        raise EnvironmentFailure("database.foreign")
    if state is SchemaState.UNFINISHED:
        raise EnvironmentFailure("database.unfinished")
    if state is SchemaState.CURRENT:
        return
    try:
        with database.connection() as connection, connection.begin():
            command.upgrade(config(connection), "head")
    except DBAPIError as error:
        failure = engines.explain(error)
        if failure is not None:
            raise failure from error
        raise


def differences(database: Database) -> list[object]:
    """What the migrated schema and the models disagree about: nothing, or a test fails."""
    with database.connection() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": include_object})
        return list(compare_metadata(context, Base.metadata))
