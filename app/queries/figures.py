"""The figures above the order queue: open work and today only, each through a partial index, ending at 10,000."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.queries.order_queue import QueueMoment, stamp
from app.queries.queue_rows import moment as as_moment

LIMIT = 10_000
"""A figure that reaches this is shown as 9,999+."""
_OPEN = "state NOT IN ('shipped', 'closed', 'cancelled')"


def _count(rows: str) -> str:
    return f"SELECT COUNT(*) FROM ({rows} LIMIT {LIMIT}) counted"


STATEMENTS: Mapping[str, str] = {
    "open": _count(f"SELECT id FROM orders WHERE {_OPEN}"),
    "today": _count(f"SELECT id FROM orders WHERE {_OPEN} AND leaves_at < :day_ends"),
    "late": _count(f"SELECT id FROM orders WHERE {_OPEN} AND leaves_at < :late_until"),
    "first": f"SELECT MIN(leaves_at) FROM orders WHERE {_OPEN} AND leaves_at >= :now",
    "holds": f"SELECT kind, COUNT(*) FROM (SELECT kind FROM holds WHERE released_at IS NULL AND kind <> 'stock' "
    f"LIMIT {LIMIT}) counted GROUP BY kind",
    "held": f"SELECT COUNT(*) FROM (SELECT DISTINCT order_id FROM holds WHERE released_at IS NULL "
    f"AND kind <> 'stock' LIMIT {LIMIT}) counted",
    "parts": "SELECT COUNT(*) FROM (SELECT id FROM fulfillments WHERE state NOT IN ('shipped', 'cancelled') "
    f"AND warehouse_id = :warehouse AND state = :state LIMIT {LIMIT}) counted",
    "benches": "SELECT COUNT(*) FROM claims WHERE kind = 'fulfillment' AND expires_at >= :now",
    "shipped": _count("SELECT id FROM orders WHERE shipped_at >= :since"),
    "mine": "SELECT COUNT(*) FROM claims WHERE kind = 'fulfillment' AND operator_id = :operator AND expires_at >= :now",
}


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """How the day stands; each count ends at LIMIT. `holds` counts open holds by kind, the commonest first."""

    open: int = 0
    leave_today: int = 0
    late: int = 0
    first_leaves: datetime | None = None
    on_hold: int = 0
    holds: tuple[tuple[str, int], ...] = ()
    ready: int = 0
    at_bench: int = 0
    short: int = 0
    mine: int = 0
    shipped: int = 0
    shipped_last_hour: int = 0


def queue_figures(session: Session, at: QueueMoment, day_begins: datetime) -> QueueFigures:
    """All figures of the queue, read beside the list and never before it."""
    connection = session.connection()
    given = {
        "now": stamp(at.now),
        "day_ends": stamp(at.day_ends),
        "late_until": stamp(at.late_until),
        "warehouse": at.warehouse_id,
        "operator": at.operator_id or 0,
    }
    first = connection.execute(text(STATEMENTS["first"]), {"now": given["now"]}).scalar()
    holds = connection.execute(text(STATEMENTS["holds"])).all()
    return QueueFigures(
        open=_one(connection, "open"),
        leave_today=_one(connection, "today", day_ends=given["day_ends"]),
        late=_one(connection, "late", late_until=given["late_until"]),
        first_leaves=None if first is None else as_moment(first),
        on_hold=_one(connection, "held"),
        holds=tuple(sorted(((str(kind), int(n)) for kind, n in holds), key=lambda held: (-held[1], held[0]))),
        ready=_one(connection, "parts", warehouse=at.warehouse_id, state="picked"),
        at_bench=_one(connection, "benches", now=given["now"]),
        short=_one(connection, "parts", warehouse=at.warehouse_id, state="exception"),
        mine=_one(connection, "mine", operator=given["operator"], now=given["now"]),
        shipped=_one(connection, "shipped", since=stamp(day_begins)),
        shipped_last_hour=_one(connection, "shipped", since=stamp(at.now - timedelta(hours=1))),
    )


def _one(connection: Connection, name: str, **values: object) -> int:
    return int(connection.execute(text(STATEMENTS[name]), values).scalar_one())
