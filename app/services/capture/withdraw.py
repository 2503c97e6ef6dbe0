"""Takes promised stock back from orders that nobody has begun to pick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from app.models.locks import lock_fulfillments
from app.services.actor import Actor
from app.services.ledger import give_back

_FULFILLMENTS = text("SELECT id FROM fulfillments WHERE order_id = :order AND state IN ('allocated', 'released')")
_ALLOCATIONS = text(
    "SELECT a.id, a.order_line_id, a.quantity FROM allocations a JOIN fulfillments f ON f.id = a.fulfillment_id "
    "WHERE f.order_id = :order AND a.state = 'open' ORDER BY a.balance_id"
)
_DROP = text(
    "UPDATE pick_tasks SET state = 'dropped' WHERE fulfillment_id IN :ids AND state = 'open' RETURNING pick_list_id"
).bindparams(bindparam("ids", expanding=True))
_EMPTY_LISTS = text(
    "UPDATE pick_lists SET state = 'cancelled', done_at = :now WHERE id IN :ids AND state = 'open' AND NOT EXISTS "
    "(SELECT 1 FROM pick_tasks t WHERE t.pick_list_id = pick_lists.id AND t.state = 'open')"
).bindparams(bindparam("ids", expanding=True))
_FREE_TOTES = text(
    "UPDATE tote_uses SET closed_at = :now WHERE fulfillment_id IN :ids AND closed_at IS NULL"
).bindparams(bindparam("ids", expanding=True))
_CANCEL = text("UPDATE fulfillments SET state = 'cancelled' WHERE id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)
_CANCEL_EMPTY = text(
    "UPDATE fulfillments SET state = 'cancelled' WHERE order_id = :order AND state IN ('allocated', 'released') "
    "AND NOT EXISTS (SELECT 1 FROM allocations a WHERE a.fulfillment_id = fulfillments.id AND a.state = 'open')"
)


def withdraw(session: Session, actor: Actor, order_id: int) -> int:
    """Takes all promises of an order back and cancels its fulfillments and stops; gives how many fulfillments.

    Only for an order of which nothing was picked; the order is locked by the caller, who refreshes its state.
    """
    connection = session.connection()
    ids = list(connection.execute(_FULFILLMENTS, {"order": order_id}).scalars())
    if not ids:
        return 0
    lock_fulfillments(session, ids)
    for allocation in connection.execute(_ALLOCATIONS, {"order": order_id}).all():
        give_back(session, allocation.id)
    lists = sorted(set(connection.execute(_DROP, {"ids": ids}).scalars()))
    now = round(actor.now.timestamp() * 1000)
    if lists:
        connection.execute(_EMPTY_LISTS, {"ids": lists, "now": now})
    connection.execute(_FREE_TOTES, {"ids": ids, "now": now})
    connection.execute(_CANCEL, {"ids": ids})
    return len(ids)


def give_back_excess(session: Session, order_id: int, due: Mapping[int, int]) -> None:
    """Takes back what is promised beyond what each line (by id) is due; fulfillments left empty are cancelled."""
    connection = session.connection()
    allocations: Sequence[tuple[int, int, int]] = [
        (row.id, row.order_line_id, row.quantity) for row in connection.execute(_ALLOCATIONS, {"order": order_id})
    ]
    left = dict(due)
    for allocation_id, line_id, quantity in allocations:
        kept = min(quantity, left.get(line_id, quantity))
        if line_id in left:
            left[line_id] -= kept
        if kept < quantity:
            give_back(session, allocation_id, quantity - kept)
    connection.execute(_CANCEL_EMPTY, {"order": order_id})
