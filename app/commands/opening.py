"""How every command opens its database: up to date, and with a warehouse when it is new."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.clock import utc_now
from app.domain.errors import BadUseError, EnvironmentFailure
from app.domain.words import say, say_count
from app.models.database import Database
from app.models.database_file import missing_file
from app.models.schema_state import SchemaState, schema_state
from app.models.server_address import without_password
from app.models.stock import Warehouse
from app.runtime.upkeep import bring_up_to_date
from app.services.actor import Actor
from app.services.setup import WRITER, NewWarehouse, create_warehouse, prepare_settings
from app.settings import Settings

FIRST_WAREHOUSE = NewWarehouse("MAIN", "Main warehouse")


@dataclass(frozen=True, slots=True)
class Opened:
    """An open database, and the warehouse that a command works in."""

    database: Database
    warehouse_id: int

    def actor(self, writer: str, now: datetime, operator_id: int | None = None) -> Actor:
        """Who a command is in the books."""
        return Actor(now, writer, self.warehouse_id, operator_id)


@contextmanager
def opened(settings: Settings, checkpoint_by_itself: bool = True, must_be_there: bool = False) -> Iterator[Opened]:
    """Opens, migrates (with a backup that is told) and sets up; closes afterwards.

    Where the database `must_be_there` nothing is made, in a file or on a server: a mistyped address would look like one
    where all is well.
    Raises BadUseError for a warehouse that is not there, EnvironmentFailure when the database can't be used.
    """
    missing = missing_file(settings.database) if must_be_there else None
    if missing is not None:
        raise EnvironmentFailure("cli.no_database", file=str(missing))
    database = Database.open(settings.database, checkpoint_by_itself=checkpoint_by_itself)
    try:
        if must_be_there and schema_state(database) is SchemaState.EMPTY:
            raise EnvironmentFailure("cli.empty_database", url=without_password(settings.database))
        migrated(database, settings)
        yield Opened(database, _warehouse(database, settings.warehouse))
    finally:
        database.close()


def migrated(database: Database, settings: Settings) -> None:
    """Brings the schema up to date; a backup that was made is told on standard error."""
    bring_up_to_date(
        database,
        settings.data_folder,
        utc_now,
        lambda path: print(say("cli.backup_made", file=str(path)), file=sys.stderr),
    )


def answer(as_json: bool, told: Mapping[str, object], *sentences: str) -> None:
    """What a command reports: one object, or sentences."""
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    for sentence in sentences:
        print(sentence)


def stock_promised(allocated: int, backordered: int) -> str:
    """How many orders have their stock now, and how many wait for some."""
    return say_count("cli.stock.promised", allocated, waiting=say_count("cli.stock.waiting", backordered))


def _warehouse(database: Database, wanted: str) -> int:
    found = database.read(lambda session: _find(session, wanted))
    if found is not None:
        return found
    made = database.write(lambda session: _make(session, wanted))
    if made is None:
        raise BadUseError("cli.no_warehouse", warehouse=wanted)
    return made


def _find(session: Session, wanted: str) -> int | None:
    chosen = select(Warehouse.id).order_by(Warehouse.id).limit(1)
    if wanted:
        chosen = chosen.where((Warehouse.code == wanted.strip().upper()) | (Warehouse.name == wanted))
    return session.execute(chosen).scalar_one_or_none()


def _make(session: Session, wanted: str) -> int | None:
    """The first warehouse of a new database; None when there are others than the wanted one."""
    if session.execute(select(Warehouse.id).limit(1)).first() is not None:
        return _find(session, wanted)
    if wanted:
        return None
    prepare_settings(session)
    return create_warehouse(session, Actor(utc_now(), WRITER, 0), FIRST_WAREHOUSE)
