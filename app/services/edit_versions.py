"""Nobody overwrites what he did not see: an edit names the version of the order that it was made on."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Outcome, refused

_VERSION = text("SELECT number, version FROM orders WHERE id = :order")
_LAST = text(
    "SELECT o.name FROM audit_entries e JOIN operators o ON o.id = e.operator_id "
    "WHERE e.subject_kind = 'order' AND e.subject_id = :order ORDER BY e.id DESC LIMIT 1"
)
_NEXT = text("UPDATE orders SET version = version + 1 WHERE id = :order")


def changed_since(session: Session, order_id: int, seen: int | None) -> Outcome | None:
    """The refusal of an edit made on an older version, with who changed the order; None while it is the same.

    The order is locked by the caller. None for `seen` asks nothing: the caller made the edit on what is true now.
    """
    if seen is None:
        return None
    connection = session.connection()
    row = connection.execute(_VERSION, {"order": order_id}).first()
    if row is None or row.version == seen:
        return None
    who = connection.execute(_LAST, {"order": order_id}).scalar()
    if not who:
        return refused("edit.changed_meanwhile", number=row.number)
    return refused("edit.changed_meanwhile_by", number=row.number, who=who)


def next_version(session: Session, order_id: int) -> None:
    """The office or the channel changed this order: forms that show it as it was may not be saved any more."""
    session.connection().execute(_NEXT, {"order": order_id})
