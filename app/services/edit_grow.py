"""More units for an order, at any stage: promised from what is free, and brought to where its goods are now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.allocation import Demand, Supply, Wanted, served_first
from app.domain.states import FulfillmentState
from app.models.edits import BenchChangeKind
from app.models.locks import lock_balances, lock_pick_list
from app.services import bench_changes, ledger
from app.services.actor import Actor
from app.services.allocate import allocate_orders, allocate_waiting
from app.services.allocate_rows import OPEN_QUANTITY, read_supplies
from app.services.bench_changes import Told
from app.services.kept_back import read_kept_back
from app.services.order_states import refresh_orders
from app.services.stock_holds import open_stock_holds

# Where more can go along, the part that is least far first; one that is packed, has left, or is a supplier's takes
# nothing more.
_PARTS = text(
    "SELECT f.id, f.state, f.warehouse_id FROM fulfillments f "
    "JOIN warehouses w ON w.id = f.warehouse_id AND w.kind <> 'supplier' "
    "WHERE f.order_id = :order AND f.state IN ('released', 'picking', 'picked', 'packing', 'exception') "
    "ORDER BY CASE WHEN EXISTS (SELECT 1 FROM allocations a WHERE a.fulfillment_id = f.id AND a.order_line_id = :line "
    "AND a.state = 'open') THEN 0 ELSE 1 END, CASE f.state WHEN 'released' THEN 0 WHEN 'picking' THEN 1 "
    "WHEN 'picked' THEN 2 WHEN 'packing' THEN 3 ELSE 4 END, f.id LIMIT 1"
)
_LIVE = text("SELECT state FROM fulfillments WHERE order_id = :order AND state <> 'cancelled'")
_ELSEWHERE = text(
    "SELECT balance_id FROM allocations WHERE order_line_id = :line AND state = 'open' AND fulfillment_id <> :part"
)
_BALANCE_PLACE = text("SELECT location_id FROM stock_balances WHERE id = :balance")
_LIST = text(
    "SELECT s.pick_list_id, s.slot FROM pick_list_slots s JOIN pick_lists l ON l.id = s.pick_list_id "
    "WHERE s.fulfillment_id = :part AND l.state IN ('open', 'picking') ORDER BY l.id DESC LIMIT 1"
)
_MORE_OF_STOP = text(
    "UPDATE pick_tasks SET quantity = quantity + :quantity WHERE id = (SELECT MIN(t.id) FROM pick_tasks t "
    "WHERE t.pick_list_id = :list AND t.allocation_id = :allocation AND t.state = 'open')"
)
_NEW_STOP = text(
    "INSERT INTO pick_tasks (pick_list_id, fulfillment_id, order_line_id, allocation_id, product_id, location_id, "
    "slot, sequence, quantity, picked, short, state) SELECT :list, :part, :line, :allocation, :product, :place, :slot, "
    "coalesce((SELECT MIN(t.sequence) FROM pick_tasks t JOIN locations l ON l.id = t.location_id "
    "WHERE t.pick_list_id = :list AND t.state = 'open' AND l.pick_sequence >= p.pick_sequence), "
    "(SELECT coalesce(MAX(t.sequence), 0) + 1 FROM pick_tasks t WHERE t.pick_list_id = :list)), "
    ":quantity, 0, 0, 'open' FROM locations p WHERE p.id = :place"
)
_OPEN = text(f"SELECT l.sku, {OPEN_QUANTITY} AS units FROM order_lines l WHERE l.id = :line")
# What was missing for a moment of this transaction only, nobody need read of.
_NEVER_HELD = text(
    "DELETE FROM holds WHERE order_id = :order AND kind = 'stock' AND opened_at = :now AND released_at = :now"
)
_CHANNEL = text("SELECT channel_id FROM orders WHERE id = :order")
_MAY_PART = text("SELECT may_ship_in_parts FROM orders WHERE id = :order")


@dataclass(frozen=True, slots=True)
class Grown:
    """What became of units that were added: promised where the goods are, promised for another parcel, or waiting."""

    along: int = 0
    apart: int = 0
    waiting: int = 0
    lists: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A fulfillment on the floor that can take more."""

    id: int
    state: str
    warehouse_id: int


class ShortOfStockError(Exception):
    """The order may not ship in parts, is on the floor already, and not all that is wanted is here."""

    def __init__(self, sku: str, lacking: int) -> None:
        super().__init__(sku)
        self.sku, self.lacking = sku, lacking


def grow(session: Session, actor: Actor, order_id: int, line_id: int, product_id: int, reason: str) -> Grown:
    """Promises what is open of a line. The order is locked, its fulfillments are, and the line counts the units.

    Raises ShortOfStockError; the caller rolls back to its savepoint.
    """
    connection = session.connection()
    sku, units = connection.execute(_OPEN, {"line": line_id}).one()
    left = int(units)
    states = set(connection.execute(_LIVE, {"order": order_id}).scalars())
    found = connection.execute(_PARTS, {"order": order_id, "line": line_id}).first()
    part = None if found is None else _Part(*found)
    lists: list[int] = []
    along = 0
    if part is not None:
        supplies = _free(session, actor, order_id, line_id, product_id, part)
        wanted = min(left, _promisable(session, order_id, product_id, part, sum(one.free for one in supplies)))
        for supply in supplies:
            taken = min(supply.free, wanted - along)
            if taken > 0:
                lists += _go_along(session, actor, part, (line_id, product_id, supply.balance_id), taken, reason)
                along += taken
    left -= along
    begun = bool(states - {FulfillmentState.ALLOCATED.value})
    if left and states:
        open_stock_holds(session, actor, {order_id: {sku: left}})
    if left:
        refresh_orders(session, [order_id])
        session.expire_all()
        allocate_orders(session, actor, [order_id])
        allocate_waiting(session, actor, [product_id])
        connection.execute(_NEVER_HELD, {"order": order_id, "now": round(actor.now.timestamp() * 1000)})
    waiting = int(connection.execute(_OPEN, {"line": line_id}).one().units)
    if waiting and begun and not connection.execute(_MAY_PART, {"order": order_id}).scalar():
        raise ShortOfStockError(sku, waiting)
    return Grown(along, left - waiting, waiting, tuple(lists))


def _free(session: Session, actor: Actor, order_id: int, line_id: int, product_id: int, part: _Part) -> list[Supply]:
    """What of a product is free at the warehouse where the goods are, best first; locked for this transaction."""
    taken = session.connection().execute(_ELSEWHERE, {"line": line_id, "part": part.id}).scalars()
    avoid = frozenset(taken)
    demand = Demand(order_id, True, (Wanted(line_id, product_id, 1, "", avoid),))

    def here() -> list[Supply]:
        found = read_supplies(session, actor, [demand])
        return [one for one in found if one.warehouse_id == part.warehouse_id and one.balance_id not in avoid]

    lock_balances(session, [one.balance_id for one in here()])
    return sorted(here(), key=served_first)


def _promisable(session: Session, order_id: int, product_id: int, part: _Part, free: int) -> int:
    """What of the free units is not kept back from the order's channel."""
    channel_id = int(session.connection().execute(_CHANNEL, {"order": order_id}).scalar_one())
    return read_kept_back(session).promisable(free, channel_id, part.warehouse_id, product_id)


def _go_along(
    session: Session, actor: Actor, part: _Part, goods: tuple[int, int, int], quantity: int, reason: str
) -> list[int]:
    """Promises units to a fulfillment that is on the floor: a stop more in its walk, or told to its bench."""
    line_id, product_id, balance_id = goods
    allocation_id = ledger.promise(session, balance_id, line_id, part.id, quantity)
    connection = session.connection()
    place = int(connection.execute(_BALANCE_PLACE, {"balance": balance_id}).scalar_one())
    on_walk = part.state in (FulfillmentState.RELEASED, FulfillmentState.PICKING)
    walk = connection.execute(_LIST, {"part": part.id}).first() if on_walk else None
    if walk is None:
        told = Told(BenchChangeKind.MORE, product_id, place, quantity)
        bench_changes.tell(session, actor, [part.id], [told], reason)
        return []
    lock_pick_list(session, walk.pick_list_id)
    stop = {"list": walk.pick_list_id, "allocation": allocation_id, "quantity": quantity}
    if connection.execute(_MORE_OF_STOP, stop).rowcount != 1:
        more = {"part": part.id, "line": line_id, "product": product_id, "place": place, "slot": walk.slot}
        connection.execute(_NEW_STOP, {**stop, **more})
    return [int(walk.pick_list_id)]
