"""What there is to release and what is being picked, as the office and the lead see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

LIMIT = 10_000
"""A figure that reaches this is shown as 9,999+."""

_FIGURES = {
    "to_allocate": "SELECT id FROM orders WHERE state = 'ready'",
    "backordered": "SELECT id FROM orders WHERE state = 'backordered'",
    "to_release": "SELECT f.id FROM fulfillments f JOIN orders o ON o.id = f.order_id "
    "WHERE f.warehouse_id = :warehouse AND f.state = 'allocated' "
    "AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.order_id = o.id "
    "AND h.released_at IS NULL AND (h.kind <> 'stock' OR NOT o.may_ship_in_parts))",
    "open_lists": "SELECT id FROM pick_lists WHERE warehouse_id = :warehouse AND state = 'open'",
    "walking": "SELECT id FROM pick_lists WHERE warehouse_id = :warehouse AND state = 'picking'",
}
_ALL = text(
    "SELECT " + ", ".join(f"(SELECT COUNT(*) FROM ({sql} LIMIT {LIMIT}) c) AS {key}" for key, sql in _FIGURES.items())
)
_LISTS = text(
    "SELECT l.id, l.state, l.created_at, "
    "(SELECT COUNT(*) FROM pick_list_slots s WHERE s.pick_list_id = l.id) AS slots, "
    "(SELECT COUNT(*) FROM pick_tasks t WHERE t.pick_list_id = l.id AND t.state <> 'dropped') AS stops, "
    "(SELECT COUNT(*) FROM pick_tasks t WHERE t.pick_list_id = l.id AND t.state = 'open') AS stops_left, "
    "(SELECT MIN(f.leaves_at) FROM pick_list_slots s JOIN fulfillments f ON f.id = s.fulfillment_id "
    "WHERE s.pick_list_id = l.id) AS leaves_at, "
    "(SELECT p.name FROM claims c JOIN operators p ON p.id = c.operator_id WHERE c.kind = 'pick_list' "
    "AND c.ref_id = l.id AND c.expires_at >= :now) AS picker "
    "FROM pick_lists l WHERE l.warehouse_id = :warehouse AND l.state IN ('open', 'picking') ORDER BY l.id LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class ReleaseFigures:
    """Counts that end at LIMIT: orders to allocate and backordered, fulfillments to release, walks open and begun."""

    to_allocate: int
    backordered: int
    to_release: int
    open_lists: int
    walking: int


@dataclass(frozen=True, slots=True)
class OpenList:
    """A walk that waits or is under way; `picker` is empty while nobody holds it. Times in milliseconds."""

    pick_list_id: int
    state: str
    created_at: int
    slots: int
    stops: int
    stops_left: int
    leaves_at: int | None
    picker: str

    @property
    def code(self) -> str:
        """What stands on its paper."""
        return f"PL-{self.pick_list_id}"


def release_figures(session: Session, warehouse_id: int) -> ReleaseFigures:
    """How much waits at each step before the packing benches."""
    return ReleaseFigures(*session.execute(_ALL, {"warehouse": warehouse_id}).one())


def open_lists(session: Session, warehouse_id: int, now: datetime, limit: int = 200) -> tuple[OpenList, ...]:
    """The walks of a warehouse that are not over, the oldest first."""
    given = {"warehouse": warehouse_id, "now": round(now.timestamp() * 1000), "limit": limit}
    rows = session.execute(_LISTS, given)
    return tuple(OpenList(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7] or "") for row in rows)
