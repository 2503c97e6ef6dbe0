"""The change log: which rows a transaction changed, for other screens and stations."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Change
from app.services.actor import Actor

_SQLITE = text(
    "INSERT INTO change_log (entity, entity_id, station_id, at, transaction_id) "
    "VALUES (:entity, :entity_id, :station_id, :at, 0)"
)
_POSTGRESQL = text(
    "INSERT INTO change_log (entity, entity_id, station_id, at, transaction_id) "
    "VALUES (:entity, :entity_id, :station_id, :at, pg_current_xact_id()::text::bigint)"
)


def note_changes(session: Session, actor: Actor, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Writes what changed into the log, each row once, and gives it back for the outcome."""
    unique = tuple(dict.fromkeys(changes))
    if unique:
        connection = session.connection()
        stamp = round(actor.now.timestamp() * 1000)
        connection.execute(
            _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL,
            [
                {"entity": change.entity, "entity_id": change.entity_id, "station_id": actor.station_id, "at": stamp}
                for change in unique
            ],
        )
    return unique
