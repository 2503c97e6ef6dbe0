"""What the change log holds past a point."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from app.domain.outcomes import Change
from app.models.system import ChangeLog

MOST = 500


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed, each row once, and the newest entry that was read."""

    changes: tuple[Change, ...]
    newest: int


_NEWEST = select(ChangeLog.id).order_by(ChangeLog.id.desc()).limit(1)
_AFTER = (
    select(ChangeLog.id, ChangeLog.entity, ChangeLog.entity_id)
    .where(ChangeLog.id > bindparam("seen"))
    .order_by(ChangeLog.id)
    .limit(MOST)
)
# Ids commit out of order: only what is older than every running transaction is sure to be whole.
_SETTLED = text("transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


def newest_change(session: Session) -> int:
    """Where the log ends now."""
    return session.execute(_NEWEST).scalars().first() or 0


def changes_after(session: Session, seen: int) -> Changes:
    """What was logged past `seen`, oldest first, at most 500 entries at once."""
    statement = _AFTER if session.connection().dialect.name == "sqlite" else _AFTER.where(_SETTLED)
    rows = session.execute(statement, {"seen": seen}).all()
    unique = dict.fromkeys(Change(row.entity, row.entity_id) for row in rows)
    return Changes(tuple(unique), rows[-1].id if rows else seen)
