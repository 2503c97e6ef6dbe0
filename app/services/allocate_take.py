"""What allocation takes and writes: hold of the balances, the fulfillments, who gets what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.allocation import Promised
from app.models.prepared import Prepared
from app.services.actor import Actor
from app.services.allocate_rows import Parts, WaitingOrder, milliseconds
from app.services.bulk import FEW, insert_later, rows_over, update_rows
from app.services.ids import new_ids

_FREE_NOW = "SELECT s.id, s.on_hand - s.allocated FROM stock_balances s WHERE s.id IN (:ids) ORDER BY s.id"
_MORE = "allocated = stock_balances.allocated + :promised"
_PROMISE = Prepared(text(f"UPDATE stock_balances SET {_MORE} WHERE id = :balance"))


def hold(session: Session, promises: Sequence[Promised]) -> bool:
    """Takes hold of what is promised, balance by balance in the order of locks; whether all of it is still free."""
    wanted = _by_balance(promises)
    lock = "" if session.get_bind().dialect.name == "sqlite" else " FOR UPDATE"
    free = {row[0]: row[1] for row in rows_over(session, _FREE_NOW + lock, sorted(wanted))}
    return all(free.get(balance_id, 0) >= units for balance_id, units in wanted.items())


def take_balances(session: Session, promises: Sequence[Promised]) -> None:
    """Promises the units on their balances, which this transaction holds."""
    wanted = sorted(_by_balance(promises).items())
    if len(wanted) <= FEW:
        for balance_id, units in wanted:
            _PROMISE.later(session, {"balance": balance_id, "promised": units})
        return
    condition = "stock_balances.id = :balance"
    kinds = {"balance": "bigint", "promised": "bigint"}
    update_rows(session.connection(), "stock_balances", _MORE, condition, kinds, wanted)


def _by_balance(promises: Sequence[Promised]) -> dict[int, int]:
    wanted: dict[int, int] = defaultdict(int)
    for promise in promises:
        wanted[promise.balance_id] += promise.quantity
    return wanted


def write_promises(
    session: Session,
    actor: Actor,
    orders: Sequence[WaitingOrder],
    promises: Sequence[Promised],
    parts: Parts,
    drawn: Sequence[int] = (),
) -> dict[tuple[int, int], int]:
    """Writes the fulfillments (one a warehouse and order) and the allocations; gives the fulfillments by both."""
    by_id = {order.order_id: order for order in orders}
    wanted = dict.fromkeys((promise.order_id, promise.warehouse_id) for promise in promises)
    fulfillments = {key: parts.growing[key] for key in wanted if key in parts.growing}
    new = [key for key in wanted if key not in fulfillments]
    ids = [*drawn[: len(new)]]
    ids += new_ids(session, "fulfillments", len(new) - len(ids))
    fulfillments.update(zip(new, ids, strict=True))
    now = milliseconds(actor.now)
    rows = [
        (
            ident,
            order_id,
            warehouse,
            "allocated",
            (order := by_id[order_id]).service,
            order.priority,
            order.leaves_at,
            now,
        )
        for ident, (order_id, warehouse) in zip(ids, new, strict=True)
    ]
    insert_later(session, "fulfillments", _FULFILLMENT, rows)
    insert_later(
        session,
        "allocations",
        _ALLOCATION,
        [
            (
                promise.line_id,
                fulfillments[promise.order_id, promise.warehouse_id],
                promise.balance_id,
                promise.quantity,
                "open",
            )
            for promise in promises
        ],
        "ON CONFLICT (order_line_id, balance_id) WHERE state = 'open' "
        "DO UPDATE SET quantity = allocations.quantity + excluded.quantity",
    )
    return fulfillments


_FULFILLMENT = {
    "id": "bigint",
    "order_id": "bigint",
    "warehouse_id": "bigint",
    "state": "text",
    "service": "text",
    "priority": "bigint",
    "leaves_at": "bigint",
    "created_at": "bigint",
}
_ALLOCATION = {
    "order_line_id": "bigint",
    "fulfillment_id": "bigint",
    "balance_id": "bigint",
    "quantity": "bigint",
    "state": "text",
}
