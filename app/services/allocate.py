"""Allocation: whole batches of orders are promised stock in one go, by priority, then leaving time, then age."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.allocation import Demand, SitesPlan, Supply, plan, plan_over_sites
from app.domain.outcomes import Change
from app.models.locks import lock_balances
from app.services import audit
from app.services.actor import Actor
from app.services.allocate_rows import (
    Ground,
    Taken,
    WaitingOrder,
    read_demand,
    read_ground,
    read_parts,
    read_supplies,
    take_ready,
    take_these,
    take_waiting,
)
from app.services.allocate_sites import read_network, write_choices
from app.services.allocate_take import hold, take_balances, write_promises
from app.services.changes import note_changes
from app.services.order_states import refresh_orders
from app.services.stock_holds import open_stock_holds, release_stock_holds

WAITING_AT_ONCE = 200
AUDITED_AT_ONCE = 1000


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
    ground = read_ground(session)
    return _allocate(session, actor, Taken(ground, take_ready(session, ground, limit)))


def allocate_orders(session: Session, actor: Actor, order_ids: Collection[int]) -> AllocationResult:
    """Serves these orders, if they may go on: for the transaction in which what held one was settled."""
    if not order_ids:
        return AllocationResult()
    session.flush()
    return _allocate(session, actor, take_these(session, actor, sorted(set(order_ids))))


def allocate_waiting(
    session: Session, actor: Actor, product_ids: Collection[int], limit: int = WAITING_AT_ONCE
) -> AllocationResult:
    """Serves orders that wait for one of these products; to be called in the transaction that made some free."""
    if not product_ids:
        return AllocationResult()
    session.flush()
    ground = read_ground(session)
    taken = Taken(ground, take_waiting(session, ground, sorted(set(product_ids)), limit))
    return _allocate(session, actor, taken)


def _allocate(session: Session, actor: Actor, taken: Taken) -> AllocationResult:
    orders = taken.orders
    if not orders:
        return AllocationResult()
    parts = read_parts(session, orders)
    demands = read_demand(session, orders, parts, taken.lines)
    sites = reserve(session, actor, taken.ground, orders, demands, supplies=taken.supplies)
    made = sites.plan
    fulfillments = write_promises(session, actor, orders, made.promises, parts, taken.fulfillment_ids)
    write_choices(session, actor, sites.choices, fulfillments)
    served = [demand.order_id for demand in demands if demand.order_id not in made.missing]
    open_stock_holds(session, actor, made.missing)
    release_stock_holds(
        session, actor, [order.order_id for order in orders if not order.fresh and order.order_id not in made.missing]
    )
    refresh_orders(session, [order.order_id for order in orders])
    ids = tuple(sorted(set(fulfillments.values())))
    result = AllocationResult(tuple(served), tuple(made.missing), ids, len(orders))
    _tell(session, actor, result)
    return result


def reserve(
    session: Session,
    actor: Actor,
    ground: Ground,
    orders: Sequence[WaitingOrder],
    demands: Sequence[Demand],
    not_from: frozenset[int] = frozenset(),
    supplies: Sequence[Supply] | None = None,
) -> SitesPlan:
    """Plans on what is free now and takes it; when somebody else was quicker, plans again with all balances locked.

    Where stock is kept back everything that is looked at is locked first: two who each leave the safety stock alone
    could take it together. No order gets anything from the sites `not_from`. `supplies` are what is free, where that
    was read already.
    """
    made = _planner(session, actor, ground, orders, demands, not_from)
    if supplies is None:
        supplies = read_supplies(session, actor, demands)
    if ground.kept:
        supplies = _locked_supplies(session, actor, demands, supplies)
    planned = made(supplies)
    while not hold(session, planned.plan.promises):
        planned = made(_locked_supplies(session, actor, demands, read_supplies(session, actor, demands)))
    take_balances(session, planned.plan.promises)
    return planned


def _locked_supplies(
    session: Session, actor: Actor, demands: Sequence[Demand], supplies: Sequence[Supply]
) -> list[Supply]:
    """What is free once nobody else can take it any more."""
    lock_balances(session, {supply.balance_id for supply in supplies})
    return read_supplies(session, actor, demands)


def _planner(
    session: Session,
    actor: Actor,
    ground: Ground,
    orders: Sequence[WaitingOrder],
    demands: Sequence[Demand],
    not_from: frozenset[int],
) -> Callable[[Sequence[Supply]], SitesPlan]:
    """How to plan on what is free; what the plan goes by is read once."""
    if ground.plain:
        return lambda supplies: SitesPlan(plan(demands, supplies), {})
    network, seen = read_network(session, actor, orders, demands, not_from)
    return lambda supplies: plan_over_sites(demands, supplies, seen, network)


def _tell(session: Session, actor: Actor, result: AllocationResult) -> None:
    """One audit entry for each 1,000 orders, and a change for each order and fulfillment."""
    ids = result.order_ids
    for start in range(0, len(ids), AUDITED_AT_ONCE):
        some = ids[start : start + AUDITED_AT_ONCE]
        waiting = set(result.backordered)
        detail = {"allocated": [i for i in some if i not in waiting], "backordered": [i for i in some if i in waiting]}
        audit.record(session, actor, "orders.allocated", "order", some[0] if len(some) == 1 else None, detail)
    changes = [Change("order", order_id) for order_id in ids]
    note_changes(session, actor, changes + [Change("fulfillment", ident) for ident in result.fulfillment_ids])
