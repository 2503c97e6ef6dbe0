"""What the change log holds past a point."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Change

MOST = 500


@dataclass(frozen=True, slots=True, order=True)
class LogPoint:
    """How far the log was read: by transaction (0 on SQLite), then by entry."""

    transaction: int = 0
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed, each row once, and how far the log is read now."""

    changes: tuple[Change, ...]
    newest: LogPoint


# Ids commit out of order, and so may not be a bookmark on PostgreSQL: an entry with a smaller id can appear later.
# Transactions that are older than every running one can't write any more, so their order is final.
_OLDEST_RUNNING = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_NEWEST_SQLITE = text("SELECT 0, COALESCE(MAX(id), 0) FROM change_log")
_NEWEST_POSTGRESQL = text(f"SELECT {_OLDEST_RUNNING} - 1, {2**62}")
_COLUMNS = "SELECT transaction_id, id, entity, entity_id FROM change_log WHERE"
_AFTER_SQLITE = text(f"{_COLUMNS} id > :entry ORDER BY id LIMIT {MOST}")
_AFTER_POSTGRESQL = text(
    f"{_COLUMNS} (transaction_id, id) > (:transaction, :entry) AND transaction_id < {_OLDEST_RUNNING} "
    f"ORDER BY transaction_id, id LIMIT {MOST}"
)


def _is_sqlite(session: Session) -> bool:
    return session.connection().dialect.name == "sqlite"


def newest_change(session: Session) -> LogPoint:
    """Where the log ends now; what running transactions still write lies behind it."""
    row = session.execute(_NEWEST_SQLITE if _is_sqlite(session) else _NEWEST_POSTGRESQL).one()
    return LogPoint(int(row[0]), int(row[1]))


def changes_after(session: Session, seen: LogPoint) -> Changes:
    """What was logged past `seen`, oldest first, at most 500 entries at once."""
    if _is_sqlite(session):
        rows = session.execute(_AFTER_SQLITE, {"entry": seen.entry}).all()
    else:
        rows = session.execute(_AFTER_POSTGRESQL, {"transaction": seen.transaction, "entry": seen.entry}).all()
    unique = dict.fromkeys(Change(row.entity, row.entity_id) for row in rows)
    return Changes(tuple(unique), LogPoint(rows[-1].transaction_id, rows[-1].id) if rows else seen)
