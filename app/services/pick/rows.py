"""The statements of a walk, built once, and what they find."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.states import FulfillmentState, PickListState, PickTaskState
from app.models.prepared import Prepared, Row, rows_together
from app.services.actor import Actor

TOTES, SHELF, ITEM, TOTE, COUNT, REASON, DONE = "totes", "shelf", "item", "tote", "count", "reason", "done"

_TASK = (
    "SELECT t.id, t.pick_list_id, t.fulfillment_id, t.order_line_id, t.allocation_id, t.product_id, t.location_id, "
    "t.slot, t.sequence, t.quantity, t.picked, t.short, t.state, l.code AS location, p.sku, p.name, "
    "p.counted_by_unit, f.state AS fulfillment_state, f.order_id, o.number AS order_number, o.may_ship_in_parts, "
    "s.tote_id, c.code AS tote, lot.code AS lot, "
    "(SELECT count(*) FROM pick_list_slots x WHERE x.pick_list_id = t.pick_list_id) AS slots, "
    "EXISTS (SELECT 1 FROM holds h WHERE h.order_id = f.order_id AND h.released_at IS NULL AND h.kind <> 'stock') "
    "AS held "
    "FROM pick_tasks t JOIN fulfillments f ON f.id = t.fulfillment_id JOIN orders o ON o.id = f.order_id "
    "JOIN products p ON p.id = t.product_id JOIN locations l ON l.id = t.location_id "
    "LEFT JOIN pick_list_slots s ON s.pick_list_id = t.pick_list_id AND s.slot = t.slot "
    "LEFT JOIN locations c ON c.id = s.tote_id "
    "LEFT JOIN allocations a ON a.id = t.allocation_id LEFT JOIN stock_balances b ON b.id = a.balance_id "
    "LEFT JOIN lots lot ON lot.id = b.lot_id "
    "WHERE t.id = :task"
)
_LOOK = Prepared(text(_TASK))
_LOCK = Prepared(text(_TASK + " FOR UPDATE OF f, t"))
_ORDER_OF = Prepared(
    text("SELECT f.order_id FROM pick_tasks t JOIN fulfillments f ON f.id = t.fulfillment_id WHERE t.id = :task")
)
_NEXT = Prepared(
    text("SELECT id FROM pick_tasks WHERE pick_list_id = :list AND state = 'open' ORDER BY sequence, id LIMIT 1")
)
_LAST = Prepared(
    text(
        "SELECT id FROM pick_tasks WHERE pick_list_id = :list AND state = 'open' "
        "ORDER BY sequence DESC, id DESC LIMIT 1"
    )
)
_AFTER = Prepared(
    text(
        "SELECT id FROM pick_tasks WHERE pick_list_id = :list AND state = 'open' "
        "AND (sequence > :sequence OR (sequence = :sequence AND id > :id)) ORDER BY sequence, id LIMIT 1"
    )
)
_BEFORE = Prepared(
    text(
        "SELECT id FROM pick_tasks WHERE pick_list_id = :list AND state <> 'dropped' "
        "AND (sequence < :sequence OR (sequence = :sequence AND id < :id)) ORDER BY sequence DESC, id DESC LIMIT 1"
    )
)
_LEFT = Prepared(text("SELECT count(*) FROM pick_tasks WHERE pick_list_id = :list AND state = 'open'"))
_LEFT_TO_PICK = Prepared(
    text(
        "SELECT count(*) FROM pick_tasks t JOIN fulfillments f ON f.id = t.fulfillment_id WHERE t.pick_list_id = :list "
        "AND t.state = 'open' AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.order_id = f.order_id "
        "AND h.released_at IS NULL AND h.kind <> 'stock')"
    )
)
_TO_THE_END = Prepared(
    text(
        "UPDATE pick_tasks SET sequence = (SELECT max(sequence) FROM pick_tasks WHERE pick_list_id = :list) + 1 "
        "WHERE id = :task"
    )
)
_COUNT = Prepared(
    text(
        "UPDATE pick_tasks SET picked = picked + CAST(:quantity AS BIGINT), "
        "state = CASE WHEN picked + CAST(:quantity AS BIGINT) + short < quantity THEN 'open' "
        "WHEN short > 0 THEN 'short' ELSE 'picked' END, "
        "done_at = CASE WHEN picked + CAST(:quantity AS BIGINT) + short < quantity THEN NULL "
        "ELSE CAST(:now AS BIGINT) END WHERE id = :task"
    )
)
_TAKE_BACK = Prepared(
    text(
        "UPDATE pick_tasks SET picked = picked - :quantity, state = 'open', done_at = NULL, "
        "allocation_id = :allocation WHERE id = :task"
    )
)
_HOLDS = Prepared(text("SELECT 1 FROM allocations WHERE id = :allocation AND state = 'open' AND quantity >= :quantity"))
_PICKING = Prepared(text("UPDATE fulfillments SET state = 'picking' WHERE id = :fulfillment AND state = 'released'"))
_PICKED = Prepared(
    text(
        "UPDATE fulfillments SET state = CASE WHEN state = 'picking' THEN 'picked' ELSE state END, "
        "state_before_exception = CASE WHEN state = 'exception' THEN 'picked' ELSE state_before_exception END "
        "WHERE id = :fulfillment AND state IN ('picking', 'exception') AND NOT EXISTS "
        "(SELECT 1 FROM pick_tasks t WHERE t.fulfillment_id = fulfillments.id AND t.state = 'open')"
    )
)
_PICKING_AGAIN = Prepared(
    text(
        "UPDATE fulfillments SET state = CASE WHEN state = 'picked' THEN 'picking' ELSE state END, "
        "state_before_exception = CASE WHEN state = 'exception' THEN 'picking' ELSE state_before_exception END "
        "WHERE id = :fulfillment AND (state = 'picked' OR (state = 'exception' AND state_before_exception = 'picked'))"
    )
)
_LIST_STATE = Prepared(
    text(
        "SELECT id, state, warehouse_id, cart_id, (SELECT count(*) FROM pick_list_slots s WHERE s.pick_list_id = l.id) "
        "AS slots FROM pick_lists l WHERE l.id = :list"
    )
)
_STANDING = Prepared(
    text(
        "SELECT l.state, CASE WHEN EXISTS (SELECT 1 FROM claims c WHERE c.kind = 'pick_list' AND c.ref_id = l.id "
        "AND c.station_id = :station AND c.operator_id = :operator AND c.expires_at >= :half) THEN 1 ELSE 0 END "
        "FROM pick_lists l WHERE l.id = :list"
    )
)
_START = Prepared(
    text("UPDATE pick_lists SET state = 'picking', started_at = :now WHERE id = :list AND state = 'open'")
)
_END = Prepared(
    text("UPDATE pick_lists SET state = 'done', done_at = :now WHERE id = :list AND state IN ('open', 'picking')")
)
_UNITS = Prepared(text("SELECT coalesce(sum(picked), 0) FROM pick_tasks WHERE pick_list_id = :list"))


@dataclass(frozen=True, slots=True)
class Task:
    """One stop with all that a scan is judged by."""

    id: int
    list_id: int
    fulfillment_id: int
    line_id: int
    allocation_id: int
    product_id: int
    location_id: int
    slot: int
    sequence: int
    quantity: int
    picked: int
    short: int
    state: PickTaskState
    location: str
    sku: str
    name: str
    by_unit: bool
    fulfillment_state: FulfillmentState
    order_id: int
    order_number: str
    in_parts: bool
    tote_id: int | None
    tote: str
    lot: str
    slots: int
    held: bool

    @property
    def remaining(self) -> int:
        """Units still to take."""
        return self.quantity - self.picked - self.short


def _locking(session: Session) -> Prepared:
    return _LOOK if session.get_bind().dialect.name == "sqlite" else _LOCK


def stamp(actor: Actor) -> int:
    """The moment as it is stored."""
    return round(actor.now.timestamp() * 1000)


def task(session: Session, task_id: int, *, lock: bool = True) -> Task | None:
    """A stop, its row and its fulfillment's locked for this transaction where asked; None for one that is not there."""
    row = (_locking(session) if lock else _LOOK).first(session, {"task": task_id})
    return None if row is None else _task(row)


def _task(row: Row) -> Task:
    *numbers, state, location, sku, name, by_unit, part, order, number, in_parts, tote_id, tote, lot, slots, held = row
    cells = (
        *numbers, PickTaskState(state), location, sku, name, bool(by_unit), FulfillmentState(part), order, number,
        bool(in_parts), tote_id, tote or "", lot or "", slots, bool(held),
    )  # fmt: skip
    return Task(*cells)


def _one(session: Session, statement: Prepared, **values: object) -> int | None:
    found = statement.first(session, values)
    return None if found is None or found[0] is None else int(found[0])


def order_of(session: Session, task_id: int) -> int | None:
    """The order that a stop is for."""
    return _one(session, _ORDER_OF, task=task_id)


def next_open(session: Session, list_id: int, after: Task | None = None) -> int | None:
    """The next open stop of a walk: the first one, or the first after another, then from the beginning again."""
    if after is not None:
        found = _one(session, _AFTER, list=list_id, sequence=after.sequence, id=after.id)
        if found is not None:
            return found
    return _one(session, _NEXT, list=list_id)


def last_open(session: Session, list_id: int) -> int | None:
    """The last open stop of a walk."""
    return _one(session, _LAST, list=list_id)


def stop_before(session: Session, here: Task) -> int | None:
    """The stop before this one in the walk."""
    return _one(session, _BEFORE, list=here.list_id, sequence=here.sequence, id=here.id)


def stops_left(session: Session, list_id: int, *, held_too: bool = True) -> int:
    """How many stops are still open; without those of orders on hold, where asked."""
    return _one(session, _LEFT if held_too else _LEFT_TO_PICK, list=list_id) or 0


def send_to_the_end(session: Session, here: Task) -> None:
    """The stop becomes the last one of its walk."""
    _TO_THE_END.run(session, {"list": here.list_id, "task": here.id})


def count(session: Session, actor: Actor, task_id: int, quantity: int) -> None:
    """So many units more were taken at a stop; it is done when none are left."""
    _COUNT.later(session, {"task": task_id, "quantity": quantity, "now": stamp(actor)})


def take_back(session: Session, task_id: int, quantity: int, allocation_id: int) -> None:
    """So many units lie on the shelf again, under this promise; the stop is open again."""
    values = {"task": task_id, "quantity": quantity, "allocation": allocation_id}
    _TAKE_BACK.run(session, values)


def holds(session: Session, allocation_id: int, quantity: int) -> bool:
    """Whether a promise still holds so many units: part of its line may have been cancelled meanwhile."""
    return _one(session, _HOLDS, allocation=allocation_id, quantity=quantity) is not None


def begin_fulfillment(session: Session, fulfillment_id: int) -> None:
    """The first unit of a released fulfillment was taken."""
    _PICKING.later(session, {"fulfillment": fulfillment_id})


def picked_if_all(session: Session, fulfillment_id: int) -> None:
    """A fulfillment without open stops is picked; one that is parked will be when it is resumed."""
    _PICKED.later(session, {"fulfillment": fulfillment_id})


def picking_again(session: Session, fulfillment_id: int) -> None:
    """A fulfillment of which something lies on the shelf again is not picked any more."""
    _PICKING_AGAIN.run(session, {"fulfillment": fulfillment_id})


@dataclass(frozen=True, slots=True)
class ListRow:
    """A pick list as opening it judges it."""

    id: int
    state: PickListState
    warehouse_id: int
    cart_id: int | None
    slots: int


def pick_list(session: Session, list_id: int) -> ListRow | None:
    """A pick list; None when there is none."""
    row = _LIST_STATE.first(session, {"list": list_id})
    return None if row is None else ListRow(row[0], PickListState(row[1]), row[2], row[3], row[4])


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a walk; whether this station and operator have it for half of a lease at least; the stop in hand."""

    state: PickListState
    held: bool
    task: Task | None


def standing(session: Session, actor: Actor, list_id: int, minutes: int, task_id: int | None) -> Standing | None:
    """How a walk stands, with the stop in hand locked as `task` does it; None where there is no such walk."""
    values = {"list": list_id, "station": actor.station_id, "operator": actor.operator_id,
              "half": stamp(actor) + minutes * 30_000}  # fmt: skip
    if task_id is None:
        rows, tasks = _STANDING.rows(session, values), []
    else:
        rows, tasks = rows_together(session, (_STANDING, values), (_locking(session), {"task": task_id}))
    if not rows:
        return None
    state, held = rows[0]
    return Standing(PickListState(state), bool(held), _task(tasks[0]) if tasks else None)


def start(session: Session, actor: Actor, list_id: int) -> bool:
    """The walk begins; False when it began before."""
    return _START.run(session, {"list": list_id, "now": stamp(actor)}) == 1


def end(session: Session, actor: Actor, list_id: int) -> int:
    """The walk is over; gives how many units were taken in it."""
    _END.run(session, {"list": list_id, "now": stamp(actor)})
    return _one(session, _UNITS, list=list_id) or 0
