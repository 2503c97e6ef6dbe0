"""The stored state of orders, computed anew for many at once from what is true of them.

Call `refresh_orders` at the end of every use case that changes lines, holds, promises, fulfillments or movements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.order_state import OrderFacts, order_state
from app.domain.states import FulfillmentState, OrderState
from app.models.prepared import Answer, Prepared
from app.services.bulk import among, id_list, rows_over

AT_ONCE = 2000

_FACTS = """
SELECT o.id, o.state, COALESCE(l.ordered, 0) AS ordered, COALESCE(l.cancelled, 0) AS cancelled,
       COALESCE(l.elsewhere, 0) AS elsewhere, COALESCE(l.shipped, 0) AS shipped,
       COALESCE(l.allocated, 0) AS allocated,
       EXISTS (SELECT 1 FROM holds h WHERE h.order_id = o.id AND h.released_at IS NULL AND h.kind <> 'stock') AS held,
       EXISTS (SELECT 1 FROM holds h WHERE h.order_id = o.id AND h.released_at IS NULL AND h.kind = 'stock') AS waits
FROM orders o
LEFT JOIN (SELECT l.order_id, SUM(l.quantity) AS ordered, SUM(l.cancelled) AS cancelled, SUM(l.elsewhere) AS elsewhere,
                  SUM((SELECT COALESCE(SUM(m.quantity), 0) FROM stock_movements m
                       WHERE m.order_line_id = l.id AND m.reason = 'ship')) AS shipped,
                  SUM((SELECT COALESCE(SUM(a.quantity), 0) FROM allocations a
                       WHERE a.order_line_id = l.id AND a.state = 'open')) AS allocated
           FROM order_lines l WHERE {lines} AND l.requires_shipping
           GROUP BY l.order_id) l ON l.order_id = o.id
WHERE {orders} ORDER BY o.id
"""

_NAMES = ("id", "state", "ordered", "cancelled", "elsewhere", "shipped", "allocated", "held", "waits")
_ONE = {"lines": "l.order_id = :order", "orders": "o.id = :order"}
_FACTS_OF_ONE = Prepared(text(_FACTS.format_map(_ONE)))
_FACTS_OF_SOME = _FACTS.format(lines="l.order_id IN (:ids)", orders="o.id IN (:ids)")
_PARTS = "SELECT order_id, state FROM fulfillments WHERE order_id IN (:ids)"
_PARTS_OF_ONE = Prepared(text("SELECT state FROM fulfillments WHERE order_id = :order"))
_STORE_ONE = Prepared(text("UPDATE orders SET state = :state WHERE id = :order"))


def refresh_orders(session: Session, order_ids: Collection[int]) -> dict[int, OrderState]:
    """Computes and stores the states of these orders; gives those that changed, with their new state."""
    ids = sorted(set(order_ids))
    if len(ids) == 1:
        return refresh_soon(session, ids[0]).store()
    changed: dict[int, OrderState] = {}
    for start in range(0, len(ids), AT_ONCE):
        changed.update(_refresh(session, ids[start : start + AT_ONCE]))
    return changed


@dataclass(frozen=True, slots=True)
class Refreshing:
    """What the state of an order is computed from, asked for and perhaps not answered yet."""

    session: Session
    order_id: int
    facts: Answer
    parts: Answer

    def store(self) -> dict[int, OrderState]:
        """Computes and stores the state; gives it where it changed."""
        row = self.facts.first
        if row is None:
            return {}
        facts = dict(zip(_NAMES, row, strict=True))
        state = _state_of(facts, tuple(FulfillmentState(state) for (state,) in self.parts.rows))
        if state == facts["state"]:
            return {}
        _STORE_ONE.later(self.session, {"order": self.order_id, "state": state.value})
        return {self.order_id: state}


def refresh_soon(session: Session, order_id: int) -> Refreshing:
    """As `refresh_orders` for one order, with statements that are built once: a person waits for it.

    What it reads is as it stands now; the caller ends it with `store`.
    """
    given = {"order": order_id}
    return Refreshing(session, order_id, _FACTS_OF_ONE.soon(session, given), _PARTS_OF_ONE.soon(session, given))


def _refresh(session: Session, ids: list[int]) -> dict[int, OrderState]:
    parts: dict[int, list[FulfillmentState]] = defaultdict(list)
    for order_id, state in rows_over(session, _PARTS, ids):
        parts[order_id].append(FulfillmentState(state))
    changed: dict[int, OrderState] = {}
    by_state: dict[OrderState, list[int]] = defaultdict(list)
    for cells in rows_over(session, _FACTS_OF_SOME, ids):
        row = dict(zip(_NAMES, cells, strict=True))
        state = _state_of(row, tuple(parts.get(row["id"], ())))
        if state != row["state"]:
            changed[row["id"]] = state
            by_state[state].append(row["id"])
    connection = session.connection()
    for state, found in by_state.items():
        connection.execute(
            text(f"UPDATE orders SET state = :state WHERE {among(connection, 'id')}"),
            {"state": state.value, "ids": id_list(connection, found)},
        )
    return changed


def _state_of(row: Mapping[str, Any], fulfillments: tuple[FulfillmentState, ...]) -> OrderState:
    return order_state(
        OrderFacts(
            ordered=int(row["ordered"]),
            cancelled=int(row["cancelled"]),
            elsewhere=int(row["elsewhere"]),
            shipped=int(row["shipped"]),
            allocated=int(row["allocated"]),
            held=bool(row["held"]),
            waits_for_stock=bool(row["waits"]),
            fulfillments=fulfillments,
            closed=row["state"] == OrderState.CLOSED,
        )
    )
