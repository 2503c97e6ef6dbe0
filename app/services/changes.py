"""The change log: which rows a transaction changed, for other screens and stations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Change
from app.models.notifying import CHANGED
from app.models.prepared import Prepared
from app.services.actor import Actor

_ON_SQLITE = text(
    "INSERT INTO change_log (entity, entity_id, station_id, at, transaction_id) "
    "VALUES (:entity, :entity_id, :station_id, :at, 0)"
)
_ON_POSTGRESQL = text(
    "INSERT INTO change_log (entity, entity_id, station_id, at, transaction_id) "
    "VALUES (:entity, :entity_id, :station_id, :at, pg_current_xact_id()::text::bigint)"
)
_ROWS_ON_SQLITE = Prepared(_ON_SQLITE)
_ROWS_ON_POSTGRESQL = Prepared(
    text(
        "INSERT INTO change_log (entity, entity_id, station_id, at, transaction_id) "
        "SELECT entity, entity_id, CAST(:station_id AS bigint), CAST(:at AS bigint), "
        "pg_current_xact_id()::text::bigint "
        "FROM unnest(CAST(:entities AS text[]), CAST(:entity_ids AS bigint[])) AS changed (entity, entity_id)"
    )
)
FEW = 8
"""So many rows at most are what a scan changes."""


def note_changes(session: Session, actor: Actor, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Writes what changed into the log, each row once, and gives it back for the outcome."""
    unique = tuple(dict.fromkeys(changes))
    if unique:
        session.info[CHANGED] = True
        connection = session.connection()
        stamp = round(actor.now.timestamp() * 1000)
        rows = [
            {"entity": change.entity, "entity_id": change.entity_id, "station_id": actor.station_id, "at": stamp}
            for change in unique
        ]
        on_sqlite = connection.dialect.name == "sqlite"
        if len(rows) > FEW:
            connection.execute(_ON_SQLITE if on_sqlite else _ON_POSTGRESQL, rows)
        elif on_sqlite:
            _ROWS_ON_SQLITE.run_each(session, rows)
        else:
            _ROWS_ON_POSTGRESQL.later(session, _in_arrays(actor, stamp, unique))
    return unique


def _in_arrays(actor: Actor, stamp: int, changes: Sequence[Change]) -> dict[str, object]:
    """All rows as the values of one statement; names of entities are plain words."""
    return {
        "station_id": actor.station_id,
        "at": stamp,
        "entities": "{" + ",".join(change.entity for change in changes) + "}",
        "entity_ids": "{" + ",".join(str(change.entity_id) for change in changes) + "}",
    }
