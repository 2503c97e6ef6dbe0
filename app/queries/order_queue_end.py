"""The order queue from its end: the same keys, walked the other way."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.queries.order_queue import PAGE, Cursor, QueueFilter, QueueMoment, QueuePage, QueueView, statement, walk_values
from app.queries.queue_rows import queue_rows
from app.queries.reading import prepared

FAR: Cursor = (2**53, 2**53, 2**53)
_SHIPPED_END = (
    "SELECT o.id, 0 AS k0, o.shipped_at AS k1, o.id AS k2, o.channel_id, o.service FROM orders o "
    "WHERE o.shipped_at >= :k1 AND (o.shipped_at > :k1 OR o.id > :k2) ORDER BY o.shipped_at, o.id LIMIT :most"
)
_NO_END = (QueueView.HOLD, QueueView.CHANGED, QueueView.MINE)


def has_end(asked: QueueFilter) -> bool:
    """Whether this filter goes along one index, so that its last page is as near as its first."""
    return not (asked.text.strip() or asked.narrowed or asked.view in _NO_END)


def backwards(view: QueueView) -> str:
    """The SQL that walks a view from its end."""
    if view is QueueView.SHIPPED:
        return _SHIPPED_END
    forwards = statement(view)
    turned = forwards.replace(") > (:", ") < (:")
    head, order, tail = turned.partition(" ORDER BY ")
    keys, limit, most = tail.partition(" LIMIT ")
    return head + order + ", ".join(f"{key} DESC" for key in keys.split(", ")) + limit + most


def queue_end(
    session: Session, asked: QueueFilter, moment: QueueMoment, before: Cursor | None = None, size: int = PAGE
) -> QueuePage:
    """The last rows of the queue, or those before a key, in the queue's own order; `after` is where rows before end."""
    start = before or (FAR if asked.view is not QueueView.SHIPPED else (-1, -1, -1))
    values = walk_values(asked.view, moment, start, size + 1)
    found = prepared(backwards(asked.view)).rows(session, values)
    shown = found[:size]
    rows = queue_rows(session, [row[0] for row in reversed(shown)], moment.now)
    last = shown[-1] if len(found) > size else None
    return QueuePage(rows, None if last is None else (int(last[1]), int(last[2]), int(last[3])))
