"""Where else the units lie that were not found, and the rows that a shortage leaves behind."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.states import AllocationState, PickTaskState
from app.services import ledger
from app.services.actor import Actor
from app.services.pick.rows import Task, stamp

# Free new goods of the same warehouse in another place that nobody doubts: one that waits to be counted is left out.
_FREE = (
    "FROM stock_balances b JOIN locations l ON l.id = b.location_id "
    "WHERE b.product_id = :product AND b.location_id <> :location AND b.condition = 'new' "
    "AND b.on_hand > b.allocated AND l.kind IN ('shelf', 'bulk') AND l.active "
    "AND l.warehouse_id = :warehouse AND NOT EXISTS (SELECT 1 FROM count_tasks c WHERE c.location_id = b.location_id "
    "AND c.product_id = b.product_id AND c.done_at IS NULL) "
)
_BALANCES = (
    "SELECT b.id, b.location_id, l.code, l.pick_sequence, b.on_hand - b.allocated AS free "
    + _FREE
    + "ORDER BY CASE WHEN b.on_hand - b.allocated >= :wanted THEN 0 ELSE 1 END, "
    "CASE l.kind WHEN 'shelf' THEN 0 ELSE 1 END, l.pick_sequence, b.id LIMIT 20"
)
_BALANCES_SQLITE = text(_BALANCES)
_BALANCES_POSTGRESQL = text(_BALANCES + " FOR UPDATE OF b")
_BEST = text(
    "SELECT l.code, b.on_hand - b.allocated AS free "
    "FROM pick_tasks t JOIN pick_lists pl ON pl.id = t.pick_list_id "
    "JOIN stock_balances b ON b.product_id = t.product_id AND b.location_id <> t.location_id "
    "JOIN locations l ON l.id = b.location_id AND l.warehouse_id = pl.warehouse_id "
    "WHERE t.id = :task AND b.condition = 'new' AND b.on_hand > b.allocated AND l.kind IN ('shelf', 'bulk') "
    "AND l.active AND NOT EXISTS (SELECT 1 FROM count_tasks c WHERE c.location_id = b.location_id "
    "AND c.product_id = b.product_id AND c.done_at IS NULL) "
    "ORDER BY CASE WHEN b.on_hand - b.allocated >= t.quantity - t.picked THEN 0 ELSE 1 END, "
    "CASE l.kind WHEN 'shelf' THEN 0 ELSE 1 END, l.pick_sequence, b.id LIMIT 1"
)
_SEQUENCE = text(
    "SELECT max(t.sequence) FROM pick_tasks t JOIN locations l ON l.id = t.location_id "
    "WHERE t.pick_list_id = :list AND t.state = 'open' AND t.sequence >= :here AND l.pick_sequence <= :pick_sequence"
)
_NEW_TASK = text(
    "INSERT INTO pick_tasks (pick_list_id, fulfillment_id, order_line_id, allocation_id, product_id, location_id, "
    "slot, sequence, quantity, picked, short, state) VALUES (:list, :fulfillment, :line, :allocation, :product, "
    ":location, :slot, :sequence, :quantity, 0, 0, 'open')"
)
_SHORT_PICK = text(
    "INSERT INTO short_picks (pick_task_id, location_id, product_id, quantity, reason, remedy, at, operator_id) "
    "VALUES (:task, :location, :product, :quantity, :reason, :remedy, :at, :operator)"
)
_COUNT_TASK = text(
    "INSERT INTO count_tasks (location_id, product_id, reason, ordered_at) VALUES (:location, :product, :reason, :at) "
    "ON CONFLICT (location_id, product_id) WHERE done_at IS NULL DO NOTHING"
)
_SET_SHORT = text("UPDATE pick_tasks SET short = :short, state = :state, done_at = :at WHERE id = :task")
_NOTHING_LEFT = text(
    "SELECT (SELECT count(*) FROM allocations WHERE fulfillment_id = :fulfillment AND state = :open) "
    "+ (SELECT count(*) FROM pick_tasks WHERE fulfillment_id = :fulfillment AND state = 'open')"
)
_FREE_TOTE = text("UPDATE tote_uses SET closed_at = :at WHERE fulfillment_id = :fulfillment AND closed_at IS NULL")
_CANCEL = text("UPDATE fulfillments SET state = 'cancelled' WHERE id = :fulfillment")
_PARK = text(
    "UPDATE fulfillments SET state_before_exception = state, state = 'exception', exception_reason = :reason "
    "WHERE id = :fulfillment AND state IN ('released', 'picking', 'picked')"
)


@dataclass(frozen=True, slots=True)
class Free:
    """A balance with free units of the product."""

    balance_id: int
    location_id: int
    location: str
    pick_sequence: int
    quantity: int


def best_elsewhere(session: Session, task_id: int) -> tuple[str, int]:
    """The best other place of a stop's product and how many are free there; ("", 0) where none are."""
    row = session.connection().execute(_BEST, {"task": task_id}).first()
    return ("", 0) if row is None else (str(row.code), int(row.free))


def free_elsewhere(session: Session, actor: Actor, task: Task, wanted: int) -> list[Free]:
    """Free units of the product in other places, locked: a place that has them all first, shelves before bulk."""
    connection = session.connection()
    statement = _BALANCES_SQLITE if connection.dialect.name == "sqlite" else _BALANCES_POSTGRESQL
    values = {
        "product": task.product_id,
        "location": task.location_id,
        "warehouse": actor.warehouse_id,
        "wanted": wanted,
    }
    return [Free(*row) for row in connection.execute(statement, values)]


def promise_elsewhere(session: Session, actor: Actor, task: Task, wanted: int) -> tuple[int, str]:
    """Promises the missing units from other places, each a new stop of the walk; how many, and the first place."""
    taken, first = 0, ""
    for free in free_elsewhere(session, actor, task, wanted):
        quantity = min(free.quantity, wanted - taken)
        allocation = ledger.promise(session, free.balance_id, task.line_id, task.fulfillment_id, quantity)
        _add_stop(session, task, free, allocation, quantity)
        taken, first = taken + quantity, first or free.location
        if taken == wanted:
            break
    return taken, first


def _add_stop(session: Session, task: Task, free: Free, allocation_id: int, quantity: int) -> None:
    """The new stop stands after the last open one that comes before it on the way; ties follow each other by id."""
    connection = session.connection()
    values = {"list": task.list_id, "here": task.sequence, "pick_sequence": free.pick_sequence}
    sequence = connection.execute(_SEQUENCE, values).scalar()
    connection.execute(
        _NEW_TASK,
        {
            "list": task.list_id,
            "fulfillment": task.fulfillment_id,
            "line": task.line_id,
            "allocation": allocation_id,
            "product": task.product_id,
            "location": free.location_id,
            "slot": task.slot,
            "sequence": task.sequence if sequence is None else sequence,
            "quantity": quantity,
        },
    )


def record(session: Session, actor: Actor, task: Task, missing: int, reason: str, remedy: str) -> None:
    """Writes the shortage down, closes the stop, and has the place counted where the goods ought to be within reach."""
    connection = session.connection()
    at = stamp(actor)
    place = {"location": task.location_id, "product": task.product_id, "reason": reason, "at": at}
    connection.execute(
        _SHORT_PICK,
        {**place, "task": task.id, "quantity": missing, "remedy": remedy, "operator": actor.operator_id},
    )
    if reason != "reach":
        connection.execute(_COUNT_TASK, {**place, "reason": "short_pick"})
    state = PickTaskState.SHORT.value
    connection.execute(_SET_SHORT, {"task": task.id, "short": task.short + missing, "state": state, "at": at})


def nothing_left(session: Session, fulfillment_id: int) -> bool:
    """Whether a fulfillment has neither promised units nor open stops any more."""
    values = {"fulfillment": fulfillment_id, "open": AllocationState.OPEN.value}
    return int(session.connection().execute(_NOTHING_LEFT, values).scalar_one()) == 0


def cancel_empty(session: Session, actor: Actor, fulfillment_id: int) -> None:
    """A fulfillment of which nothing was found ships nothing; its tote is free again."""
    connection = session.connection()
    connection.execute(_CANCEL, {"fulfillment": fulfillment_id})
    connection.execute(_FREE_TOTE, {"fulfillment": fulfillment_id, "at": stamp(actor)})


def park(session: Session, fulfillment_id: int, reason: str) -> None:
    """The fulfillment waits for a decision of the lead."""
    session.connection().execute(_PARK, {"fulfillment": fulfillment_id, "reason": reason})
