"""The statements of cancelling: what of an order is where, and how each of it is brought to its end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, text
from sqlalchemy.orm import Session

from app.domain.states import LocationKind, PackageState
from app.models.locks import lock_balances, lock_fulfillments, lock_orders, lock_package, lock_pick_list
from app.models.prepared import Prepared
from app.services import label_voids, spoiled_labels
from app.services.actor import Actor

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_ORDER = text("SELECT number, state FROM orders WHERE id = :order")
_LINES = text(
    "SELECT l.id, l.product_id, l.sku, l.quantity, l.cancelled, l.elsewhere, (SELECT COALESCE(SUM(m.quantity), 0) "
    "FROM stock_movements m WHERE m.order_line_id = l.id AND m.reason = 'ship') AS shipped "
    "FROM order_lines l WHERE l.order_id = :order ORDER BY l.line_no"
)
_FULFILLMENTS = text(
    "SELECT id FROM fulfillments WHERE order_id = :order AND state NOT IN ('shipped', 'cancelled') ORDER BY id"
)
_LISTS = text(
    "SELECT DISTINCT pick_list_id FROM pick_tasks WHERE fulfillment_id IN :ids AND state = 'open' ORDER BY pick_list_id"
).bindparams(_IDS)
_PACKAGES = text(
    "SELECT p.id, p.fulfillment_id, p.location_id, p.state, l.id AS label_id, l.state AS label_state FROM packages p "
    "LEFT JOIN labels l ON l.package_id = p.id AND l.state NOT IN ('refused', 'voided') "
    "WHERE p.fulfillment_id IN :ids AND p.state NOT IN ('handed_over', 'void') ORDER BY p.id"
).bindparams(_IDS)
_PROMISES = text(
    "SELECT a.id, a.order_line_id, a.fulfillment_id, a.quantity, a.balance_id, b.product_id, b.location_id, p.kind "
    "FROM allocations a JOIN stock_balances b ON b.id = a.balance_id JOIN locations p ON p.id = b.location_id "
    "WHERE a.fulfillment_id IN :ids AND a.state = 'open' ORDER BY a.id"
).bindparams(_IDS)
_CANCEL_LINE = text("UPDATE order_lines SET cancelled = cancelled + :quantity WHERE id = :line")
_CANCEL_MERGED = text(
    "UPDATE order_lines SET elsewhere = elsewhere - :quantity, cancelled = cancelled + :quantity "
    "WHERE id = (SELECT merged_from_id FROM order_lines WHERE id = :line) AND elsewhere >= :quantity"
)
_MERGED_ORDERS = text("SELECT id FROM orders WHERE merged_into_id = :order ORDER BY id")
_PUT_BACK = text(
    "INSERT INTO put_back_tasks (fulfillment_id, location_id, product_id, quantity, done, created_at) "
    "VALUES (:fulfillment, :place, :product, :quantity, 0, :now)"
)
_TASKS = text(
    "SELECT id, quantity - picked - short AS open_quantity FROM pick_tasks "
    "WHERE allocation_id = :allocation AND state = 'open' ORDER BY id"
)
_SHRINK_TASK = text(
    "UPDATE pick_tasks SET quantity = quantity - :quantity, done_at = CASE WHEN quantity - :quantity > picked + short "
    "THEN done_at ELSE CAST(:now AS BIGINT) END, state = CASE WHEN quantity - :quantity > picked + short THEN 'open' "
    "WHEN short > 0 THEN 'short' WHEN picked > 0 THEN 'picked' ELSE 'dropped' END WHERE id = :task"
)
_DROP_TASKS = text(
    "UPDATE pick_tasks SET state = 'dropped', done_at = :now WHERE fulfillment_id = :fulfillment AND state = 'open'"
)
_END_LISTS = text(
    "UPDATE pick_lists SET state = 'cancelled', done_at = :now WHERE id IN :ids AND state = 'open' AND NOT EXISTS "
    "(SELECT 1 FROM pick_tasks t WHERE t.pick_list_id = pick_lists.id AND t.state = 'open')"
).bindparams(_IDS)
_SET_PACKAGE = text("UPDATE packages SET state = :state WHERE id = :package")
_VOIDING = text("UPDATE labels SET state = 'voiding' WHERE id = :label AND state IN ('bought', 'printed', 'applied')")
_SET_FULFILLMENT = text("UPDATE fulfillments SET state = :state WHERE id = :fulfillment")
_LEFT_ALREADY = text("SELECT COUNT(*) FROM packages WHERE fulfillment_id = :fulfillment AND state = 'handed_over'")
_FREE_TOTES = Prepared(
    text(
        "UPDATE tote_uses SET closed_at = :now WHERE fulfillment_id = :fulfillment AND closed_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM stock_balances b WHERE b.location_id = tote_uses.tote_id AND b.on_hand > 0)"
    )
)
_END_HOLDS = text(
    "UPDATE holds SET released_at = :now, released_by_id = :operator, release_reason = 'cancelled' "
    "WHERE order_id = :order AND released_at IS NULL"
)
_STATE = text("SELECT state FROM fulfillments WHERE id = :fulfillment")
_OPEN_TASKS = text("SELECT COUNT(*) FROM pick_tasks WHERE fulfillment_id = :fulfillment AND state = 'open'")


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line with what was shipped of it."""

    id: int
    product_id: int | None
    sku: str
    quantity: int
    cancelled: int
    elsewhere: int
    shipped: int

    @property
    def open(self) -> int:
        """Units that can still be cancelled."""
        return self.quantity - self.cancelled - self.elsewhere - self.shipped


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel that has not left, with its live label."""

    id: int
    fulfillment_id: int
    location_id: int
    state: str
    label_id: int | None
    label_state: str | None


@dataclass(frozen=True, slots=True)
class Promise:
    """An open allocation and where its goods lie."""

    id: int
    line_id: int
    fulfillment_id: int
    quantity: int
    balance_id: int
    product_id: int
    location_id: int
    kind: str

    @property
    def in_hand(self) -> bool:
        """Whether somebody has taken the goods from their shelf."""
        return self.kind in (LocationKind.TOTE, LocationKind.PACKAGE)


@dataclass(frozen=True, slots=True)
class Work:
    """All that is under way for an order, locked for this transaction."""

    number: str
    lines: tuple[LineFacts, ...]
    fulfillment_ids: tuple[int, ...]
    list_ids: tuple[int, ...]
    parcels: tuple[Parcel, ...]
    promises: tuple[Promise, ...]

    @property
    def unsettled(self) -> bool:
        """Whether a label is being bought or nobody knows whether it was."""
        return any(parcel.label_state in ("intended", "unknown") for parcel in self.parcels)


def stamp(actor: Actor) -> int:
    """The moment as it is stored."""
    return round(actor.now.timestamp() * 1000)


def lock_floor(session: Session, order_ids: Collection[int]) -> None:
    """Locks orders with their fulfillments, walks and parcels, each kind of all of them before the next."""
    connection = session.connection()
    lock_orders(session, order_ids)
    fulfillments: list[int] = []
    for order_id in sorted(order_ids):
        fulfillments += connection.execute(_FULFILLMENTS, {"order": order_id}).scalars()
    if not fulfillments:
        return
    lock_fulfillments(session, fulfillments)
    for list_id in connection.execute(_LISTS, {"ids": fulfillments}).scalars().all():
        lock_pick_list(session, list_id)
    for package_id in connection.execute(_PACKAGES, {"ids": fulfillments}).scalars().all():
        lock_package(session, package_id)


def locked_work(session: Session, order_id: int) -> Work | None:
    """Locks an order with all that is under way for it; None when there is no such order."""
    connection = session.connection()
    lock_floor(session, [order_id])
    order = connection.execute(_ORDER, {"order": order_id}).first()
    if order is None:
        return None
    fulfillments = tuple(connection.execute(_FULFILLMENTS, {"order": order_id}).scalars())
    given = {"ids": fulfillments}
    lists = tuple(connection.execute(_LISTS, given).scalars()) if fulfillments else ()
    parcels = tuple(Parcel(*row) for row in connection.execute(_PACKAGES, given)) if fulfillments else ()
    promises = tuple(Promise(*row) for row in connection.execute(_PROMISES, given)) if fulfillments else ()
    lock_balances(session, {promise.balance_id for promise in promises})
    rows = connection.execute(_LINES, {"order": order_id})
    lines = tuple(LineFacts(row[0], row[1], row[2], row[3], row[4], row[5], int(row[6])) for row in rows)
    return Work(order.number, lines, fulfillments, lists, parcels, promises)


def cancel_units(session: Session, line_id: int, quantity: int) -> None:
    """Counts units of a line as cancelled, and of the line that it stands for where its order was merged."""
    connection = session.connection()
    connection.execute(_CANCEL_LINE, {"line": line_id, "quantity": quantity})
    connection.execute(_CANCEL_MERGED, {"line": line_id, "quantity": quantity})


def merged_orders(session: Session, order_id: int) -> list[int]:
    """The orders that were merged into this one."""
    return list(session.connection().execute(_MERGED_ORDERS, {"order": order_id}).scalars())


def order_put_back(session: Session, actor: Actor, units: Collection[tuple[Promise, int]]) -> int:
    """Writes a task for each place and product whose units must go back to a shelf; gives how many units."""
    wanted: dict[tuple[int, int, int], int] = {}
    for promise, quantity in units:
        if promise.in_hand:
            key = (promise.fulfillment_id, promise.location_id, promise.product_id)
            wanted[key] = wanted.get(key, 0) + quantity
    for (fulfillment, place, product), quantity in wanted.items():
        values = {"fulfillment": fulfillment, "place": place, "product": product, "quantity": quantity}
        session.connection().execute(_PUT_BACK, {**values, "now": stamp(actor)})
    return sum(wanted.values())


def shrink_tasks(session: Session, actor: Actor, allocation_id: int, quantity: int) -> None:
    """Nobody need fetch so many units of a promise any more."""
    connection = session.connection()
    for task_id, open_quantity in connection.execute(_TASKS, {"allocation": allocation_id}).all():
        taken = min(open_quantity, quantity)
        if taken:
            connection.execute(_SHRINK_TASK, {"task": task_id, "quantity": taken, "now": stamp(actor)})
            quantity -= taken


def drop_tasks(session: Session, actor: Actor, fulfillment_id: int) -> None:
    """Nobody need walk for a fulfillment any more."""
    session.connection().execute(_DROP_TASKS, {"fulfillment": fulfillment_id, "now": stamp(actor)})


def end_lists(session: Session, actor: Actor, list_ids: Sequence[int]) -> None:
    """Walks that nobody has begun and that have no stop left are cancelled."""
    if list_ids:
        session.connection().execute(_END_LISTS, {"ids": list(list_ids), "now": stamp(actor)})


def set_package(session: Session, actor: Actor, parcel: Parcel, state: PackageState) -> None:
    """Gives a parcel another state; the carrier is asked, after the commit, to take its label back."""
    connection = session.connection()
    connection.execute(_SET_PACKAGE, {"package": parcel.id, "state": state.value})
    if parcel.label_id is None:
        return
    spoiled_labels.spoil(session, actor, parcel.label_id)
    if connection.execute(_VOIDING, {"label": parcel.label_id}).rowcount == 1:
        label_voids.write_down(session, actor, parcel.label_id, parcel.id, redo=False)


def left_already(session: Session, fulfillment_id: int) -> bool:
    """Whether a parcel of it has been handed over."""
    return bool(session.connection().execute(_LEFT_ALREADY, {"fulfillment": fulfillment_id}).scalar_one())


def set_fulfillment(session: Session, fulfillment_id: int, state: str) -> None:
    """Gives a fulfillment another state."""
    session.connection().execute(_SET_FULFILLMENT, {"fulfillment": fulfillment_id, "state": state})


def state_of(session: Session, fulfillment_id: int) -> tuple[str, int]:
    """The state of a fulfillment and how many stops are still open for it."""
    connection = session.connection()
    values = {"fulfillment": fulfillment_id}
    return str(connection.execute(_STATE, values).scalar_one()), int(
        connection.execute(_OPEN_TASKS, values).scalar_one()
    )


def free_totes(session: Session, actor: Actor, fulfillment_id: int) -> None:
    """Totes in which nothing lies any more may be used for another fulfillment."""
    _FREE_TOTES.later(session, {"fulfillment": fulfillment_id, "now": stamp(actor)})


def end_holds(session: Session, actor: Actor, order_id: int) -> None:
    """Nothing is held of an order that is cancelled."""
    session.connection().execute(_END_HOLDS, {"order": order_id, "now": stamp(actor), "operator": actor.operator_id})
