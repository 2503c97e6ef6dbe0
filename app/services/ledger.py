"""The double-entry ledger: every quantity that moves, moves here, with its balances, in one transaction.

All statements are built once. Balances change conditionally: two stations can never both take the last unit.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, text
from sqlalchemy.orm import Session

from app.domain.states import COUNTERPARTY_KINDS, AllocationState, Condition, LocationKind, MovementReason
from app.models.stock import NO_LOT, Allocation, Location, StockBalance, StockMovement
from app.services.actor import Actor


class NotEnoughError(Exception):
    """A balance holds less than asked, or less than is not promised to somebody else."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What moves: so many units of a product, of one lot and condition."""

    product_id: int
    quantity: int
    lot_id: int = NO_LOT
    condition: Condition = Condition.NEW


_TAKE = text(
    "UPDATE stock_balances SET on_hand = on_hand - :quantity, allocated = allocated - :promised "
    "WHERE product_id = :product_id AND location_id = :location_id AND lot_id = :lot_id AND condition = :condition "
    "AND on_hand >= :quantity AND allocated >= :promised AND on_hand - :quantity >= allocated - :promised"
)
_GIVE = text(
    "INSERT INTO stock_balances (product_id, location_id, lot_id, condition, on_hand, allocated) "
    "VALUES (:product_id, :location_id, :lot_id, :condition, :quantity, :promised) "
    "ON CONFLICT (product_id, location_id, lot_id, condition) DO UPDATE SET "
    "on_hand = stock_balances.on_hand + excluded.on_hand, allocated = stock_balances.allocated + excluded.allocated "
    "RETURNING id"
)
_MOVEMENT = insert(StockMovement)
_KIND = select(Location.kind).where(Location.id == bindparam("location"))
_ALLOCATION = (
    select(
        Allocation.order_line_id,
        Allocation.fulfillment_id,
        Allocation.quantity,
        StockBalance.product_id,
        StockBalance.location_id,
        StockBalance.lot_id,
        StockBalance.condition,
    )
    .join(StockBalance, StockBalance.id == Allocation.balance_id)
    .where(Allocation.id == bindparam("allocation"), Allocation.state == AllocationState.OPEN)
)
_SHRINK = text(
    "UPDATE allocations SET quantity = quantity - :quantity, "
    "state = CASE WHEN quantity = :quantity THEN :closed ELSE state END "
    "WHERE id = :allocation AND state = 'open' AND quantity >= :quantity"
)
_CONSUME_WHOLE = text(
    "UPDATE allocations SET state = :closed WHERE id = :allocation AND state = 'open' AND quantity = :quantity"
)
_GROW = text(
    "INSERT INTO allocations (order_line_id, fulfillment_id, balance_id, quantity, state) "
    "VALUES (:order_line_id, :fulfillment_id, :balance_id, :quantity, 'open') "
    "ON CONFLICT (order_line_id, balance_id) WHERE state = 'open' DO UPDATE SET "
    "quantity = allocations.quantity + excluded.quantity RETURNING id"
)
_FREE_PROMISE = text(
    "UPDATE stock_balances SET allocated = allocated - :quantity WHERE id = :balance AND allocated >= :quantity"
)
_PROMISE = text(
    "UPDATE stock_balances SET allocated = allocated + :quantity "
    "WHERE id = :balance AND on_hand - allocated >= :quantity"
)


def _log(
    connection: Connection,
    actor: Actor,
    reason: MovementReason,
    goods: Goods,
    from_id: int,
    to_id: int,
    *,
    to_condition: Condition | None = None,
    order_line_id: int | None = None,
    fulfillment_id: int | None = None,
    note: str = "",
) -> None:
    connection.execute(
        _MOVEMENT,
        {
            "at": actor.now,
            "reason": reason,
            "product_id": goods.product_id,
            "quantity": goods.quantity,
            "from_location_id": from_id,
            "to_location_id": to_id,
            "lot_id": goods.lot_id,
            "condition": goods.condition,
            "to_condition": to_condition or goods.condition,
            "order_line_id": order_line_id,
            "fulfillment_id": fulfillment_id,
            "gesture_id": actor.gesture_id,
            "operator_id": actor.operator_id,
            "station_id": actor.station_id,
            "note": note,
        },
    )


def _take(connection: Connection, goods: Goods, location_id: int, promised: int) -> None:
    taken = connection.execute(
        _TAKE,
        {
            "product_id": goods.product_id,
            "location_id": location_id,
            "lot_id": goods.lot_id,
            "condition": str(goods.condition.value),
            "quantity": goods.quantity,
            "promised": promised,
        },
    )
    if taken.rowcount != 1:
        raise NotEnoughError


def _give(connection: Connection, goods: Goods, location_id: int, promised: int, condition: Condition) -> int:
    return int(
        connection.execute(
            _GIVE,
            {
                "product_id": goods.product_id,
                "location_id": location_id,
                "lot_id": goods.lot_id,
                "condition": str(condition.value),
                "quantity": goods.quantity,
                "promised": promised,
            },
        ).scalar_one()
    )


def _has_balance(connection: Connection, location_id: int) -> bool:
    kind: LocationKind = connection.execute(_KIND, {"location": location_id}).scalar_one()
    return kind not in COUNTERPARTY_KINDS


def move(
    session: Session,
    actor: Actor,
    reason: MovementReason,
    goods: Goods,
    from_id: int,
    to_id: int,
    *,
    to_condition: Condition | None = None,
    order_line_id: int | None = None,
    fulfillment_id: int | None = None,
    note: str = "",
) -> None:
    """Moves goods that are promised to nobody. Raises NotEnoughError when the place has too few free ones."""
    connection = session.connection()
    if _has_balance(connection, from_id):
        _take(connection, goods, from_id, 0)
    if _has_balance(connection, to_id):
        _give(connection, goods, to_id, 0, to_condition or goods.condition)
    _log(
        connection,
        actor,
        reason,
        goods,
        from_id,
        to_id,
        to_condition=to_condition,
        order_line_id=order_line_id,
        fulfillment_id=fulfillment_id,
        note=note,
    )


def carry(session: Session, actor: Actor, reason: MovementReason, allocation_id: int, quantity: int, to_id: int) -> int:
    """Moves promised goods, their promise with them; gives the id of the allocation that now holds them.

    Raises NotEnoughError when the allocation is not open or holds less.
    """
    connection = session.connection()
    found = connection.execute(_ALLOCATION, {"allocation": allocation_id}).first()
    if found is None or found.quantity < quantity:
        raise NotEnoughError
    goods = Goods(found.product_id, quantity, found.lot_id, found.condition)
    shrunk = connection.execute(
        _SHRINK, {"allocation": allocation_id, "quantity": quantity, "closed": AllocationState.MOVED.value}
    )
    if shrunk.rowcount != 1:
        raise NotEnoughError
    _take(connection, goods, found.location_id, quantity)
    balance_id = _give(connection, goods, to_id, quantity, goods.condition)
    grown = connection.execute(
        _GROW,
        {
            "order_line_id": found.order_line_id,
            "fulfillment_id": found.fulfillment_id,
            "balance_id": balance_id,
            "quantity": quantity,
        },
    ).scalar_one()
    _log(
        connection,
        actor,
        reason,
        goods,
        found.location_id,
        to_id,
        order_line_id=found.order_line_id,
        fulfillment_id=found.fulfillment_id,
    )
    return int(grown)


def consume(session: Session, actor: Actor, allocation_id: int, customer_id: int) -> None:
    """The goods of an allocation leave to the customer. Raises NotEnoughError when it is not open."""
    connection = session.connection()
    found = connection.execute(_ALLOCATION, {"allocation": allocation_id}).first()
    if found is None:
        raise NotEnoughError
    goods = Goods(found.product_id, found.quantity, found.lot_id, found.condition)
    ended = connection.execute(
        _CONSUME_WHOLE,
        {"allocation": allocation_id, "quantity": found.quantity, "closed": AllocationState.CONSUMED.value},
    )
    if ended.rowcount != 1:
        raise NotEnoughError
    _take(connection, goods, found.location_id, found.quantity)
    _log(
        connection,
        actor,
        MovementReason.SHIP,
        goods,
        found.location_id,
        customer_id,
        order_line_id=found.order_line_id,
        fulfillment_id=found.fulfillment_id,
    )


def promise(session: Session, balance_id: int, order_line_id: int, fulfillment_id: int, quantity: int) -> int:
    """Promises free units of a balance to an order line; gives the allocation's id.

    Raises NotEnoughError when fewer are free.
    """
    connection = session.connection()
    if connection.execute(_PROMISE, {"balance": balance_id, "quantity": quantity}).rowcount != 1:
        raise NotEnoughError
    return int(
        connection.execute(
            _GROW,
            {
                "order_line_id": order_line_id,
                "fulfillment_id": fulfillment_id,
                "balance_id": balance_id,
                "quantity": quantity,
            },
        ).scalar_one()
    )


def give_back(session: Session, allocation_id: int, quantity: int | None = None) -> None:
    """Takes a promise back, whole or in part; the goods stay where they lie, free again if the place is sellable.

    Raises NotEnoughError when the allocation is not open or holds less.
    """
    connection = session.connection()
    found = connection.execute(
        select(Allocation.balance_id, Allocation.quantity).where(
            Allocation.id == allocation_id, Allocation.state == AllocationState.OPEN
        )
    ).first()
    if found is None or (quantity is not None and found.quantity < quantity):
        raise NotEnoughError
    whole = quantity is None or quantity == found.quantity
    statement = _CONSUME_WHOLE if whole else _SHRINK
    amount = found.quantity if quantity is None else quantity
    ended = connection.execute(
        statement, {"allocation": allocation_id, "quantity": amount, "closed": AllocationState.CLOSED.value}
    )
    freed = connection.execute(_FREE_PROMISE, {"balance": found.balance_id, "quantity": amount})
    if ended.rowcount != 1 or freed.rowcount != 1:
        raise NotEnoughError
