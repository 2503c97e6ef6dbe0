"""An order that the office edited or merged, told again by its channel: what the office wanted is never undone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.states import HoldKind, OrderState
from app.domain.storable import SHORT, storable
from app.domain.verification import CHANGED_AT_CHANNEL, WantedHold
from app.models.demand import Order
from app.models.locks import lock_orders
from app.services.actor import Actor
from app.services.capture.prepare import PreparedOrder
from app.services.edit_lines import CAPTURED_LINES
from app.services.order_states import refresh_orders
from app.services.verify import settle_holds, verify_orders

_ENDED = (OrderState.SHIPPED, OrderState.CLOSED, OrderState.CANCELLED)


def is_edited(order: Order) -> bool:
    """Whether somebody here changed what the channel had told of its lines."""
    return order.merged_into_id is not None or CAPTURED_LINES in order.extras


def told_lines(told: PreparedOrder) -> list[list[object]]:
    """What a channel tells of an order's lines, as it is kept beside lines that were edited."""
    return [
        [
            storable(line.line_ref, SHORT),
            storable(line.sku, SHORT),
            line.quantity,
            min(line.elsewhere, line.quantity),
            line.requires_shipping,
        ]
        for line in told.order.lines
    ]


def change_edited(session: Session, actor: Actor, order: Order, told: PreparedOrder, *, same_address: bool) -> bool:
    """Stops the order (or the one that it goes with) where the channel tells something new, for the office to decide;
    True where it told nothing new."""
    lines = told_lines(told)
    same = order.extras.get(CAPTURED_LINES) == lines and same_address and not told.order.cancelled
    order.extras = {**order.extras, CAPTURED_LINES: lines}
    session.flush()
    target_id = order.merged_into_id or order.id
    target = order
    if target_id != order.id:
        lock_orders(session, [target_id])
        target = session.get_one(Order, target_id, populate_existing=True)
    if same or target.state in _ENDED:
        verify_orders(session, actor, [order.id])
        return True
    target.changed_after_pick = True
    session.flush()
    settle_holds(session, actor, {target_id: (WantedHold(HoldKind.OFFICE, CHANGED_AT_CHANNEL),)}, (HoldKind.OFFICE,))
    refresh_orders(session, [target_id])
    return False
