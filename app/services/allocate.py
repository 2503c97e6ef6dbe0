"""Allocation: whole batches of orders are promised stock in one go, by priority, then leaving time, then age."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.allocation import Demand, Plan, plan
from app.domain.outcomes import Change
from app.models.locks import lock_balances
from app.services import audit
from app.services.actor import Actor
from app.services.allocate_rows import (
    WaitingOrder,
    read_demand,
    read_parts,
    read_supplies,
    take_balances,
    take_ready,
    take_these,
    take_waiting,
    write_promises,
)
from app.services.changes import note_changes
from app.services.order_states import refresh_orders
from app.services.stock_holds import open_stock_holds, release_stock_holds

WAITING_AT_ONCE = 200
AUDITED_AT_ONCE = 1000
_WAREHOUSES = text("SELECT id FROM warehouses ORDER BY CASE WHEN id = :own THEN 0 ELSE 1 END, id")


@dataclass(frozen=True, slots=True)
class AllocationResult:
    """What one batch came to: the ids of orders that have all they need, and of those that wait for stock.

    `taken` says how many orders were looked at: fewer than the limit means that none are left.
    """

    allocated: tuple[int, ...] = ()
    backordered: tuple[int, ...] = ()
    fulfillment_ids: tuple[int, ...] = ()
    taken: int = 0

    @property
    def order_ids(self) -> tuple[int, ...]:
        """All orders that were changed."""
        return tuple(sorted((*self.allocated, *self.backordered)))


def allocate_ready(session: Session, actor: Actor, limit: int) -> AllocationResult:
    """Promises stock to the next orders that are ready, or backordered with their stock back; at most `limit`.

    An order that can't be filled whole gets nothing unless it may ship in parts; it waits with a `stock` hold.
    """
    session.flush()
    return _allocate(session, actor, take_ready(session, limit))


def allocate_orders(session: Session, actor: Actor, order_ids: Collection[int]) -> AllocationResult:
    """Serves these orders, if they may go on: for the transaction in which what held one was settled."""
    if not order_ids:
        return AllocationResult()
    session.flush()
    return _allocate(session, actor, take_these(session, sorted(set(order_ids))))


def allocate_waiting(
    session: Session, actor: Actor, product_ids: Collection[int], limit: int = WAITING_AT_ONCE
) -> AllocationResult:
    """Serves orders that wait for one of these products; to be called in the transaction that made some free."""
    if not product_ids:
        return AllocationResult()
    session.flush()
    return _allocate(session, actor, take_waiting(session, sorted(set(product_ids)), limit))


def _allocate(session: Session, actor: Actor, orders: Sequence[WaitingOrder]) -> AllocationResult:
    if not orders:
        return AllocationResult()
    parts = read_parts(session, orders)
    demands = read_demand(session, orders, parts)
    made = _reserve(session, actor, demands)
    fulfillments = write_promises(session, actor, orders, made.promises, parts)
    served = [demand.order_id for demand in demands if demand.order_id not in made.missing]
    open_stock_holds(session, actor, made.missing)
    release_stock_holds(
        session, actor, [order.order_id for order in orders if not order.fresh and order.order_id not in made.missing]
    )
    refresh_orders(session, [order.order_id for order in orders])
    result = AllocationResult(tuple(served), tuple(made.missing), tuple(fulfillments), len(orders))
    _tell(session, actor, result)
    return result


def _reserve(session: Session, actor: Actor, demands: Sequence[Demand]) -> Plan:
    """Plans on what is free now and takes it; when somebody else was quicker, plans again with the balances locked."""
    warehouses = tuple(session.connection().execute(_WAREHOUSES, {"own": actor.warehouse_id}).scalars())
    made = plan(demands, read_supplies(session, actor, demands), warehouses)
    lock_balances(session, {promise.balance_id for promise in made.promises})
    while True:
        savepoint = session.begin_nested()
        if take_balances(session, made.promises):
            savepoint.commit()
            return made
        savepoint.rollback()
        supplies = read_supplies(session, actor, demands)
        lock_balances(session, {supply.balance_id for supply in supplies})
        made = plan(demands, read_supplies(session, actor, demands), warehouses)


def _tell(session: Session, actor: Actor, result: AllocationResult) -> None:
    """One audit entry for each 1,000 orders, and a change for each order and fulfillment."""
    ids = result.order_ids
    for start in range(0, len(ids), AUDITED_AT_ONCE):
        some = ids[start : start + AUDITED_AT_ONCE]
        waiting = set(result.backordered)
        detail = {"allocated": [i for i in some if i not in waiting], "backordered": [i for i in some if i in waiting]}
        audit.record(session, actor, "orders.allocated", "order", some[0] if len(some) == 1 else None, detail)
    note_changes(session, actor, [Change("order", order_id) for order_id in ids])
    note_changes(session, actor, [Change("fulfillment", ident) for ident in result.fulfillment_ids])
