"""Tells benches what the office changed of their orders, and takes their answers: what came out, what was found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, insert, text
from sqlalchemy.orm import Session

from app.domain.states import MovementReason
from app.domain.storable import LINE, storable
from app.models.edits import BenchChange, BenchChangeKind
from app.services import ledger
from app.services.actor import Actor
from app.services.stock_rows import holdings

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_MARK = text("UPDATE fulfillments SET changed = :yes WHERE id IN :ids").bindparams(_IDS)
_SEEN = text(
    "UPDATE bench_changes SET seen_at = :now, seen_by_id = :operator "
    "WHERE fulfillment_id = :fulfillment AND seen_at IS NULL"
)
_CLEAR = text("UPDATE fulfillments SET changed = :no WHERE id = :fulfillment")
_TASKS = text(
    "SELECT t.id, t.location_id, t.quantity - t.done AS units FROM put_back_tasks t "
    "JOIN locations l ON l.id = t.location_id AND l.kind = 'package' "
    "WHERE t.fulfillment_id = :fulfillment AND t.product_id = :product AND t.quantity > t.done ORDER BY t.id"
)
_DONE = text("UPDATE put_back_tasks SET done = done + :quantity WHERE id = :task")
_NEW_TASK = text(
    "INSERT INTO put_back_tasks (fulfillment_id, location_id, product_id, quantity, done, created_at) "
    "VALUES (:fulfillment, :place, :product, :quantity, 0, :now)"
)
_TOTE = text(
    "SELECT tote_id FROM tote_uses WHERE fulfillment_id = :fulfillment AND closed_at IS NULL ORDER BY id LIMIT 1"
)
# Of which lines the units are that lie in a parcel and are promised to nobody any more. By the few movements of the
# parcel, never by all of the product: the sum keeps the planner from its index.
_EXCESS = text(
    "SELECT m.order_line_id, sum(CASE WHEN m.to_location_id = :place THEN m.quantity ELSE -m.quantity END) "
    "- (SELECT coalesce(sum(a.quantity), 0) FROM allocations a JOIN stock_balances b ON b.id = a.balance_id "
    "WHERE a.order_line_id = m.order_line_id AND a.state = 'open' AND b.location_id = :place) AS units "
    "FROM stock_movements m WHERE m.product_id + 0 = :product AND m.order_line_id IS NOT NULL "
    "AND (m.to_location_id = :place OR m.from_location_id = :place) GROUP BY m.order_line_id ORDER BY m.order_line_id"
)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell a bench: how many of what, and where it lies or lay."""

    kind: BenchChangeKind
    product_id: int | None = None
    place_id: int | None = None
    quantity: int = 0


def tell(session: Session, actor: Actor, fulfillment_ids: Collection[int], told: Collection[Told], reason: str) -> None:
    """Writes down for each fulfillment what was changed; a bench that has it open stops there, the next one hears it
    as it opens it."""
    ids = sorted(set(fulfillment_ids))
    if not ids or not told:
        return
    rows = [
        {
            "fulfillment_id": ident,
            "kind": one.kind,
            "product_id": one.product_id,
            "place_id": one.place_id,
            "quantity": one.quantity,
            "reason": storable(reason.strip(), LINE),
            "at": actor.now,
            "operator_id": actor.operator_id,
        }
        for ident in ids
        for one in told
    ]
    connection = session.connection()
    connection.execute(insert(BenchChange), rows)
    connection.execute(_MARK, {"ids": ids, "yes": True})


def seen(session: Session, actor: Actor, fulfillment_id: int) -> None:
    """A bench has answered all of it."""
    now = round(actor.now.timestamp() * 1000)
    connection = session.connection()
    connection.execute(_SEEN, {"fulfillment": fulfillment_id, "now": now, "operator": actor.operator_id})
    connection.execute(_CLEAR, {"fulfillment": fulfillment_id, "no": False})


def to_take_out(session: Session, fulfillment_id: int, product_id: int) -> int:
    """How many units of a product must come out of this fulfillment's parcels."""
    rows = session.connection().execute(_TASKS, {"fulfillment": fulfillment_id, "product": product_id})
    return sum(row.units for row in rows)


def tote_of(session: Session, fulfillment_id: int) -> int | None:
    """The tote in which the rest of a fulfillment lies."""
    found = session.connection().execute(_TOTE, {"fulfillment": fulfillment_id}).scalar()
    return None if found is None else int(found)


def take_out(
    session: Session, actor: Actor, fulfillment_id: int, product_id: int, quantity: int, to_id: int, *, is_tote: bool
) -> None:
    """Units come out of their parcel: into a tote, from which they are put back later, or straight to a shelf."""
    connection = session.connection()
    given = {"fulfillment": fulfillment_id, "product": product_id}
    left = quantity
    for task in connection.execute(_TASKS, given).all():
        units = min(task.units, left)
        if units:
            _carry(session, actor, fulfillment_id, product_id, units, task.location_id, to_id)
            connection.execute(_DONE, {"task": task.id, "quantity": units})
            left -= units
    if left:
        raise ledger.NotEnoughError
    if is_tote:
        now = round(actor.now.timestamp() * 1000)
        connection.execute(_NEW_TASK, {**given, "place": to_id, "quantity": quantity, "now": now})


def _carry(
    session: Session, actor: Actor, fulfillment_id: int, product_id: int, quantity: int, from_id: int, to_id: int
) -> None:
    """Moves free units out of a parcel, lot by lot and line by line, so that its slip tells what is still inside."""
    rows = session.connection().execute(_EXCESS, {"place": from_id, "product": product_id})
    lines = {row.order_line_id: int(row.units) for row in rows if row.units > 0}
    left = quantity
    for holding in holdings(session, product_id, from_id):
        free = min(holding.free, left)
        left -= max(free, 0)
        while free > 0:
            line = next((ident for ident, units in lines.items() if units > 0), None)
            units = free if line is None else min(free, lines[line])
            goods = ledger.Goods(product_id, units, holding.lot_id)
            ledger.move(
                session, actor, MovementReason.UNPACK, goods, from_id, to_id,
                order_line_id=line, fulfillment_id=fulfillment_id,
            )  # fmt: skip
            free -= units
            if line is not None:
                lines[line] -= units
    if left:
        raise ledger.NotEnoughError
