"""The double-entry ledger: every quantity that moves, moves here, with its balances, in one transaction.

All statements are built once. Balances change conditionally: two stations can never both take the last unit.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.orm import Session

from app.domain.states import COUNTERPARTY_KINDS, AllocationState, Condition, LocationKind, MovementReason
from app.models.prepared import Answer, Prepared, on_server
from app.models.stock import NO_LOT, Allocation, Location, StockBalance, StockMovement
from app.services.actor import Actor
from app.services.shortage import NotEnoughError as NotEnoughError


@dataclass(frozen=True, slots=True)
class Goods:
    """What moves: so many units of a product, of one lot and condition."""

    product_id: int
    quantity: int
    lot_id: int = NO_LOT
    condition: Condition = Condition.NEW


_TAKE = Prepared(
    text(
        "UPDATE stock_balances SET on_hand = on_hand - :quantity, allocated = allocated - :promised "
        "WHERE product_id = :product_id AND location_id = :location_id AND lot_id = :lot_id AND condition = :condition "
        "AND on_hand >= :quantity AND allocated >= :promised AND on_hand - :quantity >= allocated - :promised"
    )
)
_GIVE = Prepared(
    text(
        "INSERT INTO stock_balances (product_id, location_id, lot_id, condition, on_hand, allocated) "
        "VALUES (:product_id, :location_id, :lot_id, :condition, :quantity, :promised) "
        "ON CONFLICT (product_id, location_id, lot_id, condition) DO UPDATE SET "
        "on_hand = stock_balances.on_hand + excluded.on_hand, "
        "allocated = stock_balances.allocated + excluded.allocated RETURNING id"
    )
)
_MOVEMENT = Prepared(insert(StockMovement))
_KIND = Prepared(select(Location.kind).where(Location.id == bindparam("location")))
_ALLOCATION = Prepared(
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
_ALLOCATED = Prepared(
    select(Allocation.balance_id, Allocation.quantity).where(
        Allocation.id == bindparam("allocation"), Allocation.state == AllocationState.OPEN
    )
)
_SHRINK = Prepared(
    text(
        "UPDATE allocations SET quantity = quantity - :quantity, "
        "state = CASE WHEN quantity = :quantity THEN :closed ELSE state END "
        "WHERE id = :allocation AND state = 'open' AND quantity >= :quantity "
        "RETURNING order_line_id, fulfillment_id, balance_id"
    )
)
_TAKE_PROMISED = Prepared(
    update(StockBalance)
    .where(
        StockBalance.id == bindparam("balance"),
        StockBalance.on_hand >= bindparam("quantity"),
        StockBalance.allocated >= bindparam("quantity"),
    )
    .values(
        on_hand=StockBalance.on_hand - bindparam("quantity"), allocated=StockBalance.allocated - bindparam("quantity")
    )
    .returning(StockBalance.product_id, StockBalance.location_id, StockBalance.lot_id, StockBalance.condition)
)
_CONSUME_WHOLE = Prepared(
    text("UPDATE allocations SET state = :closed WHERE id = :allocation AND state = 'open' AND quantity = :quantity")
)
_CARRY = Prepared(  # on PostgreSQL: what `carry` does step by step elsewhere; no row comes where a step found none
    text(
        "WITH shrunk AS (UPDATE allocations SET quantity = quantity - :quantity, "
        "state = CASE WHEN quantity = :quantity THEN :closed ELSE state END "
        "WHERE id = :allocation AND state = 'open' AND quantity >= :quantity "
        "RETURNING order_line_id, fulfillment_id, balance_id), "
        "taken AS (UPDATE stock_balances b SET on_hand = b.on_hand - :quantity, allocated = b.allocated - :quantity "
        "FROM shrunk WHERE b.id = shrunk.balance_id AND b.on_hand >= :quantity AND b.allocated >= :quantity "
        "RETURNING b.product_id, b.location_id, b.lot_id, b.condition), "
        "given AS (INSERT INTO stock_balances (product_id, location_id, lot_id, condition, on_hand, allocated) "
        "SELECT product_id, CAST(:to_location AS bigint), lot_id, condition, CAST(:quantity AS bigint), "
        "CAST(:quantity AS bigint) FROM taken "
        "ON CONFLICT (product_id, location_id, lot_id, condition) DO UPDATE SET "
        "on_hand = stock_balances.on_hand + excluded.on_hand, "
        "allocated = stock_balances.allocated + excluded.allocated RETURNING id), "
        "grown AS (INSERT INTO allocations (order_line_id, fulfillment_id, balance_id, quantity, state) "
        "SELECT order_line_id, fulfillment_id, given.id, CAST(:quantity AS bigint), 'open' FROM shrunk, given "
        "ON CONFLICT (order_line_id, balance_id) WHERE state = 'open' DO UPDATE SET "
        "quantity = allocations.quantity + excluded.quantity RETURNING id), "
        "logged AS (INSERT INTO stock_movements (at, reason, product_id, quantity, from_location_id, to_location_id, "
        "lot_id, condition, to_condition, order_line_id, fulfillment_id, gesture_id, operator_id, station_id, note) "
        "SELECT CAST(:at AS bigint), CAST(:reason AS varchar), product_id, CAST(:quantity AS bigint), location_id, "
        "CAST(:to_location AS bigint), lot_id, condition, condition, order_line_id, fulfillment_id, "
        "CAST(:gesture AS varchar), CAST(:operator AS bigint), CAST(:station AS bigint), '' FROM shrunk, taken) "
        "SELECT id FROM grown"
    )
)
_GROW = Prepared(
    text(
        "INSERT INTO allocations (order_line_id, fulfillment_id, balance_id, quantity, state) "
        "VALUES (:order_line_id, :fulfillment_id, :balance_id, :quantity, 'open') "
        "ON CONFLICT (order_line_id, balance_id) WHERE state = 'open' DO UPDATE SET "
        "quantity = allocations.quantity + excluded.quantity RETURNING id"
    )
)
_FREE_PROMISE = Prepared(
    text("UPDATE stock_balances SET allocated = allocated - :quantity WHERE id = :balance AND allocated >= :quantity")
)
_PROMISE = Prepared(
    text(
        "UPDATE stock_balances SET allocated = allocated + :quantity "
        "WHERE id = :balance AND on_hand - allocated >= :quantity"
    )
)


def _log(
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
    _MOVEMENT.later(
        session,
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


def _take(session: Session, goods: Goods, location_id: int, promised: int) -> None:
    taken = _TAKE.run(
        session,
        {
            "product_id": goods.product_id,
            "location_id": location_id,
            "lot_id": goods.lot_id,
            "condition": str(goods.condition.value),
            "quantity": goods.quantity,
            "promised": promised,
        },
    )
    if taken != 1:
        raise NotEnoughError


def _give(session: Session, goods: Goods, location_id: int, promised: int, condition: Condition) -> int:
    row = _GIVE.one(
        session,
        {
            "product_id": goods.product_id,
            "location_id": location_id,
            "lot_id": goods.lot_id,
            "condition": str(condition.value),
            "quantity": goods.quantity,
            "promised": promised,
        },
    )
    return int(row[0])


def _grow(session: Session, order_line_id: int, fulfillment_id: int, balance_id: int, quantity: int) -> int:
    row = _GROW.one(
        session,
        {
            "order_line_id": order_line_id,
            "fulfillment_id": fulfillment_id,
            "balance_id": balance_id,
            "quantity": quantity,
        },
    )
    return int(row[0])


def _has_balance(session: Session, location_id: int) -> bool:
    kind: LocationKind = _KIND.one(session, {"location": location_id})[0]
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
    if _has_balance(session, from_id):
        _take(session, goods, from_id, 0)
    if _has_balance(session, to_id):
        _give(session, goods, to_id, 0, to_condition or goods.condition)
    _log(
        session,
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


@dataclass(frozen=True, slots=True)
class Carried:
    """Promised goods on their way to another place."""

    answer: Answer

    @property
    def allocation_id(self) -> int:
        """The allocation that now holds them. Raises NotEnoughError when the old one is not open or holds less."""
        row = self.answer.first
        if row is None:
            raise NotEnoughError
        return int(row[0])


def carry(session: Session, actor: Actor, reason: MovementReason, allocation_id: int, quantity: int, to_id: int) -> int:
    """Moves promised goods, their promise with them; gives the id of the allocation that now holds them.

    Raises NotEnoughError when the allocation is not open or holds less.
    """
    return carry_soon(session, actor, reason, allocation_id, quantity, to_id).allocation_id


def carry_soon(
    session: Session, actor: Actor, reason: MovementReason, allocation_id: int, quantity: int, to_id: int
) -> Carried:
    """As `carry`, asked of a server together with what is asked next: whoever asks must look whether they arrived."""
    if not on_server(session):
        return Carried(Answer([(_carry_in_steps(session, actor, reason, allocation_id, quantity, to_id),)]))
    return Carried(
        _CARRY.soon(
            session,
            {
                "allocation": allocation_id,
                "quantity": quantity,
                "to_location": to_id,
                "closed": AllocationState.MOVED.value,
                "at": round(actor.now.timestamp() * 1000),
                "reason": reason.value,
                "gesture": actor.gesture_id,
                "operator": actor.operator_id,
                "station": actor.station_id,
            },
        )
    )


def _carry_in_steps(
    session: Session, actor: Actor, reason: MovementReason, allocation_id: int, quantity: int, to_id: int
) -> int:
    """The same on a file, where a statement costs little by itself."""
    values = {"allocation": allocation_id, "quantity": quantity, "closed": AllocationState.MOVED.value}
    shrunk = _SHRINK.first(session, values)
    if shrunk is None:
        raise NotEnoughError
    order_line_id, fulfillment_id, from_balance = shrunk
    taken = _TAKE_PROMISED.first(session, {"balance": from_balance, "quantity": quantity})
    if taken is None:
        raise NotEnoughError
    product_id, from_id, lot_id, condition = taken
    goods = Goods(product_id, quantity, lot_id, condition)
    balance_id = _give(session, goods, to_id, quantity, condition)
    grown = _grow(session, order_line_id, fulfillment_id, balance_id, quantity)
    _log(session, actor, reason, goods, from_id, to_id, order_line_id=order_line_id, fulfillment_id=fulfillment_id)
    return grown


def consume(session: Session, actor: Actor, allocation_id: int, customer_id: int) -> None:
    """The goods of an allocation leave to the customer. Raises NotEnoughError when it is not open."""
    found = _ALLOCATION.first(session, {"allocation": allocation_id})
    if found is None:
        raise NotEnoughError
    order_line_id, fulfillment_id, quantity, product_id, from_id, lot_id, condition = found
    goods = Goods(product_id, quantity, lot_id, condition)
    values = {"allocation": allocation_id, "quantity": quantity, "closed": AllocationState.CONSUMED.value}
    if _CONSUME_WHOLE.run(session, values) != 1:
        raise NotEnoughError
    _take(session, goods, from_id, quantity)
    _log(
        session,
        actor,
        MovementReason.SHIP,
        goods,
        from_id,
        customer_id,
        order_line_id=order_line_id,
        fulfillment_id=fulfillment_id,
    )


def promise(session: Session, balance_id: int, order_line_id: int, fulfillment_id: int, quantity: int) -> int:
    """Promises free units of a balance to an order line; gives the allocation's id.

    Raises NotEnoughError when fewer are free.
    """
    if _PROMISE.run(session, {"balance": balance_id, "quantity": quantity}) != 1:
        raise NotEnoughError
    return _grow(session, order_line_id, fulfillment_id, balance_id, quantity)


def give_back(session: Session, allocation_id: int, quantity: int | None = None) -> None:
    """Takes a promise back, whole or in part; the goods stay where they lie, free again if the place is sellable.

    Raises NotEnoughError when the allocation is not open or holds less.
    """
    found = _ALLOCATED.first(session, {"allocation": allocation_id})
    if found is None or (quantity is not None and found[1] < quantity):
        raise NotEnoughError
    balance_id, held = found
    whole = quantity is None or quantity == held
    amount = held if quantity is None else quantity
    values = {"allocation": allocation_id, "quantity": amount, "closed": AllocationState.CLOSED.value}
    ended = _CONSUME_WHOLE.run(session, values) == 1 if whole else _SHRINK.first(session, values) is not None
    if not ended or _FREE_PROMISE.run(session, {"balance": balance_id, "quantity": amount}) != 1:
        raise NotEnoughError
