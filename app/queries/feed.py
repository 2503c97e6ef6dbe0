"""What the change log holds past a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.domain.outcomes import Change
from app.models.prepared import Prepared

MOST = 500


@dataclass(frozen=True, slots=True)
class LogPoint:
    """How far the log was read.

    On SQLite `entry` alone, for ids commit in order there. On PostgreSQL everything that the snapshot `seen` saw; while
    the pages of a longer reading come, those that `until` saw too, up to `transaction` and `entry`.
    """

    entry: int = 0
    seen: str = ""
    until: str = ""
    transaction: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed, each row once, and how far the log is read now; `more` when the next page is there already."""

    changes: tuple[Change, ...]
    newest: LogPoint
    more: bool = False


_COLUMNS = "SELECT transaction_id, id, entity, entity_id FROM change_log WHERE"
_NEWEST_SQLITE = text("SELECT COALESCE(MAX(id), 0) FROM change_log")
_AFTER_SQLITE = text(f"{_COLUMNS} id > :entry ORDER BY id LIMIT {MOST}")
# Ids and transactions commit out of order on PostgreSQL, and neither may be a bookmark: an entry with smaller ones can
# appear later. What one snapshot sees and an earlier one did not is exact, and waits for no running transaction.
_NOW = Prepared(text("SELECT pg_current_snapshot()::text"))
_XID = "transaction_id::text::xid8"
_AFTER_POSTGRESQL = text(
    f"{_COLUMNS} (transaction_id, id) > (:transaction, :entry) "
    "AND transaction_id >= pg_snapshot_xmin(CAST(:seen AS pg_snapshot))::text::bigint "
    "AND transaction_id < pg_snapshot_xmax(CAST(:until AS pg_snapshot))::text::bigint "
    f"AND NOT pg_visible_in_snapshot({_XID}, CAST(:seen AS pg_snapshot)) "
    f"AND pg_visible_in_snapshot({_XID}, CAST(:until AS pg_snapshot)) "
    f"ORDER BY transaction_id, id LIMIT {MOST}"
)


def newest_change(session: Session) -> LogPoint:
    """Where the log ends now; what running transactions still write lies behind it."""
    if _is_sqlite(session):
        return LogPoint(int(session.execute(_NEWEST_SQLITE).scalar_one()))
    return LogPoint(seen=_now(session))


def _now(session: Session) -> str:
    """The snapshot of this transaction, asked with its begin: idle stations ask for little else."""
    return str(_NOW.one(session, {})[0])


def changes_after(session: Session, seen: LogPoint) -> Changes:
    """What was logged past `seen`, at most 500 entries at once, those of one transaction in their order.

    Needs a session whose statements look at one snapshot, as `Database.read` gives.
    """
    if _is_sqlite(session):
        rows = session.execute(_AFTER_SQLITE, {"entry": seen.entry}).all()
        newest = LogPoint(rows[-1].id) if rows else seen
        return Changes(_unique(rows), newest, len(rows) == MOST)
    until = seen.until or _now(session)
    if until == seen.seen:
        return Changes((), seen)
    values = {"transaction": seen.transaction, "entry": seen.entry, "seen": seen.seen, "until": until}
    rows = session.execute(_AFTER_POSTGRESQL, values).all()
    more = len(rows) == MOST
    newest = LogPoint(rows[-1].id, seen.seen, until, rows[-1].transaction_id) if more else LogPoint(seen=until)
    return Changes(_unique(rows), newest, more)


def _is_sqlite(session: Session) -> bool:
    return session.connection().dialect.name == "sqlite"


def _unique(rows: Sequence[Row[tuple[int, int, str, int]]]) -> tuple[Change, ...]:
    return tuple(dict.fromkeys(Change(row.entity, row.entity_id) for row in rows))
