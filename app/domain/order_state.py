"""The one function that says how far an order has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.states import FulfillmentState, OrderState

IN_WORK = frozenset(
    {
        FulfillmentState.RELEASED,
        FulfillmentState.PICKING,
        FulfillmentState.PICKED,
        FulfillmentState.PACKING,
        FulfillmentState.PACKED,
        FulfillmentState.EXCEPTION,
    }
)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What is counted of an order, in units of lines that need shipping, and what stands in its way.

    `ordered`, `cancelled`, `elsewhere`, `shipped` and `allocated` are sums over its lines; `held` means an open hold
    other than for want of stock, `waits_for_stock` an open hold for that.
    """

    ordered: int
    cancelled: int
    elsewhere: int
    shipped: int
    allocated: int
    held: bool
    waits_for_stock: bool
    fulfillments: tuple[FulfillmentState, ...] = ()
    closed: bool = False

    @property
    def due(self) -> int:
        """Units that we are to ship, now or before."""
        return self.ordered - self.cancelled - self.elsewhere


def order_state(facts: OrderFacts) -> OrderState:
    """The state that these facts mean; holds keep an order from going on, they never take it back."""
    if facts.due <= 0:
        only_cancelled = facts.cancelled > 0 and facts.elsewhere == 0 and facts.shipped == 0
        return OrderState.CANCELLED if only_cancelled else OrderState.CLOSED
    if facts.shipped >= facts.due:
        return OrderState.CLOSED if facts.closed else OrderState.SHIPPED
    if facts.shipped > 0:
        return OrderState.PARTLY_SHIPPED
    if _any_in_work(facts.fulfillments):
        return OrderState.IN_FULFILLMENT
    if facts.allocated >= facts.due:
        return OrderState.ALLOCATED
    if facts.waits_for_stock:
        return OrderState.BACKORDERED
    if facts.held:
        return OrderState.CAPTURED
    return OrderState.ALLOCATED if facts.allocated > 0 else OrderState.READY


def _any_in_work(states: Iterable[FulfillmentState]) -> bool:
    return any(state in IN_WORK for state in states)
