"""Release: allocated fulfillments become walks for pickers, a cart of totes at a time; and the way back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, text
from sqlalchemy.orm import Session

from app.domain.errors import BadUseError
from app.domain.outcomes import Change, Outcome, done, refused
from app.domain.states import FulfillmentState
from app.domain.walks import Part, Stop, Walk, plan_walks
from app.models.fulfillment import Wave
from app.models.locks import lock_fulfillments, lock_orders, lock_pick_list
from app.services import audit, claims
from app.services.actor import Actor
from app.services.allocate_rows import OPEN_QUANTITY, milliseconds
from app.services.bulk import among, id_list, insert_rows, is_sqlite
from app.services.changes import note_changes
from app.services.ids import new_ids
from app.services.order_states import refresh_orders
from app.services.settings_store import floor_settings

MOST_SLOTS = 12

# An order that may not ship in parts goes only whole: no hold of any kind, and nothing of it without a promise. What a
# bench has in hand stays there.
_RELEASABLE = f"""
SELECT f.id, f.order_id, f.priority, f.leaves_at FROM fulfillments f JOIN orders o ON o.id = f.order_id
WHERE f.warehouse_id = :warehouse AND f.state = 'allocated'
  AND f.warehouse_id NOT IN (SELECT id FROM warehouses WHERE kind = 'supplier')
  AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.order_id = o.id AND h.released_at IS NULL
                  AND (h.kind <> 'stock' OR NOT o.may_ship_in_parts))
  AND (o.may_ship_in_parts OR NOT EXISTS (
       SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.requires_shipping AND {OPEN_QUANTITY} > 0))
  AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.kind = 'fulfillment' AND c.ref_id = f.id AND c.expires_at >= :now)
ORDER BY f.priority, f.leaves_at, f.id LIMIT :limit
"""
_STOPS = """
SELECT a.fulfillment_id, a.id, a.order_line_id, b.product_id, b.location_id, p.zone, p.pick_sequence, a.quantity
FROM allocations a JOIN stock_balances b ON b.id = a.balance_id JOIN locations p ON p.id = b.location_id
WHERE {fulfillments} AND a.state = 'open' AND p.kind IN ('shelf', 'bulk') ORDER BY a.id
"""
_RELEASE = "UPDATE fulfillments SET state = 'released', wave_id = :wave WHERE {fulfillments}"
_LISTS = text(
    "SELECT l.id, l.state FROM pick_lists l WHERE l.id IN "
    "(SELECT pick_list_id FROM pick_tasks WHERE fulfillment_id = :fulfillment AND state = 'open') ORDER BY l.id"
)
_STATE = text(
    "SELECT f.state, f.order_id, o.number FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE f.id = :id"
)
_DROP = text("UPDATE pick_tasks SET state = 'dropped' WHERE fulfillment_id = :fulfillment AND state = 'open'")
_FREE_SLOTS = text(
    "DELETE FROM pick_list_slots WHERE fulfillment_id = :fulfillment AND pick_list_id IN :lists"
).bindparams(bindparam("lists", expanding=True))
_END_EMPTY = text(
    "UPDATE pick_lists SET state = 'cancelled', done_at = :now WHERE id IN :lists AND state = 'open' AND NOT EXISTS "
    "(SELECT 1 FROM pick_tasks t WHERE t.pick_list_id = pick_lists.id AND t.state = 'open')"
).bindparams(bindparam("lists", expanding=True))
_TAKE_BACK = text("UPDATE fulfillments SET state = 'allocated', wave_id = NULL WHERE id = :fulfillment")


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """What was released; `wave_id` is None when nothing was there to release."""

    wave_id: int | None = None
    pick_list_ids: tuple[int, ...] = ()
    fulfillment_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    fulfillment_id: int
    order_id: int
    priority: int
    leaves_at: int


def release(
    session: Session, actor: Actor, limit: int = 1000, slots: int | None = None, *, warehouse_id: int | None = None
) -> ReleaseResult:
    """Releases the most urgent allocated fulfillments of a warehouse (the actor's, unless another is named).

    `slots` are the totes of a cart, 1 to 12; the floor's setting when None. Raises BadUseError for other numbers.
    """
    session.flush()
    totes = floor_settings(session).cart_slots if slots is None else slots
    if not 1 <= totes <= MOST_SLOTS:
        raise BadUseError("release.bad_slots", slots=totes)
    warehouse = actor.warehouse_id if warehouse_id is None else warehouse_id
    found = _take(session, warehouse, limit, actor)
    walks = plan_walks(_parts(session, found), totes)
    if not walks:
        return ReleaseResult()
    released = sorted(ident for walk in walks for ident in walk.fulfillment_ids)
    wave = _write_wave(session, actor, warehouse, released)
    lists = _write_walks(session, actor, warehouse, wave, walks)
    orders = sorted({row.order_id for row in found if row.fulfillment_id in set(released)})
    refresh_orders(session, orders)
    audit.record(session, actor, "wave.released", "wave", wave, {"fulfillments": released, "pick_lists": lists})
    changes = [Change("order", ident) for ident in orders] + [Change("fulfillment", ident) for ident in released]
    note_changes(session, actor, changes + [Change("pick_list", ident) for ident in lists])
    return ReleaseResult(wave, tuple(lists), tuple(released))


def _take(session: Session, warehouse_id: int, limit: int, actor: Actor) -> list[_Found]:
    connection = session.connection()
    # Orders come before their fulfillments in the order of `models.locks`; what others hold is left, so nothing waits.
    lock = "" if is_sqlite(connection) else " FOR UPDATE OF o, f SKIP LOCKED"
    values = {"warehouse": warehouse_id, "limit": limit, "now": milliseconds(actor.now)}
    rows = connection.execute(text(_RELEASABLE + lock), values)
    return [_Found(*row) for row in rows]


def _parts(session: Session, found: Sequence[_Found]) -> list[Part]:
    connection = session.connection()
    stops: dict[int, list[Stop]] = defaultdict(list)
    statement = text(_STOPS.format(fulfillments=among(connection, "a.fulfillment_id")))
    for row in connection.execute(statement, {"ids": id_list(connection, [part.fulfillment_id for part in found])}):
        stops[row[0]].append(Stop(*row[1:]))
    return [
        Part(part.fulfillment_id, part.priority, part.leaves_at, tuple(stops.get(part.fulfillment_id, ())))
        for part in found
    ]


def _write_wave(session: Session, actor: Actor, warehouse_id: int, released: Sequence[int]) -> int:
    connection = session.connection()
    values = {"warehouse_id": warehouse_id, "released_at": actor.now, "released_by_id": actor.operator_id}
    wave = int(connection.execute(insert(Wave).returning(Wave.id), values).scalar_one())
    statement = text(_RELEASE.format(fulfillments=among(connection, "id")))
    connection.execute(statement, {"wave": wave, "ids": id_list(connection, released)})
    return wave


def _write_walks(session: Session, actor: Actor, warehouse_id: int, wave: int, walks: Sequence[Walk]) -> list[int]:
    """A batch and a pick list for each walk, its slots and its stops."""
    connection = session.connection()
    batches = new_ids(session, "batches", len(walks))
    insert_rows(connection, "batches", {"id": "bigint", "wave_id": "bigint"}, [(ident, wave) for ident in batches])
    lists = new_ids(session, "pick_lists", len(walks))
    now = milliseconds(actor.now)
    rows = [(ident, warehouse_id, batch, "open", now) for ident, batch in zip(lists, batches, strict=True)]
    insert_rows(connection, "pick_lists", _LIST, rows)
    both = list(zip(lists, walks, strict=True))
    slots = [(ident, slot, part) for ident, walk in both for slot, part in enumerate(walk.fulfillment_ids, start=1)]
    insert_rows(connection, "pick_list_slots", _SLOT, slots)
    insert_rows(
        connection,
        "pick_tasks",
        _TASK,
        [
            (
                ident,
                visit.fulfillment_id,
                visit.stop.line_id,
                visit.stop.allocation_id,
                visit.stop.product_id,
                visit.stop.location_id,
                visit.slot,
                visit.sequence,
                visit.stop.quantity,
                "open",
            )
            for ident, walk in both
            for visit in walk.visits
        ],
    )
    return lists


def unrelease(session: Session, actor: Actor, fulfillment_id: int, reason: str) -> Outcome:
    """Takes a released fulfillment back while nobody walks for it; its promises stay."""
    session.flush()
    connection = session.connection()
    row = connection.execute(_STATE, {"id": fulfillment_id}).first()
    if row is None:
        return refused("release.unknown")
    lock_orders(session, [row.order_id])
    lock_fulfillments(session, [fulfillment_id])
    row = connection.execute(_STATE, {"id": fulfillment_id}).one()
    if row.state != FulfillmentState.RELEASED:
        return refused("release.not_released", order=row.number)
    for ident, _state in connection.execute(_LISTS, {"fulfillment": fulfillment_id}).all():
        lock_pick_list(session, ident)
    lists = connection.execute(_LISTS, {"fulfillment": fulfillment_id}).all()  # a walk may have begun until now
    for ident, state in lists:
        if state != "open" or claims.holder(session, "pick_list", ident, actor.now) is not None:
            return refused("release.being_picked", order=row.number)
    ids = [ident for ident, _state in lists]
    connection.execute(_DROP, {"fulfillment": fulfillment_id})
    if ids:
        connection.execute(_FREE_SLOTS, {"fulfillment": fulfillment_id, "lists": ids})
        connection.execute(_END_EMPTY, {"lists": ids, "now": milliseconds(actor.now)})
    connection.execute(_TAKE_BACK, {"fulfillment": fulfillment_id})
    refresh_orders(session, [row.order_id])
    audit.record(session, actor, "fulfillment.unreleased", "fulfillment", fulfillment_id, {"reason": reason})
    changes = [Change("fulfillment", fulfillment_id), Change("order", row.order_id)]
    note_changes(session, actor, changes + [Change("pick_list", ident) for ident in ids])
    return done("release.taken_back", order=row.number)


_LIST = {"id": "bigint", "warehouse_id": "bigint", "batch_id": "bigint", "state": "text", "created_at": "bigint"}
_SLOT = {"pick_list_id": "bigint", "slot": "bigint", "fulfillment_id": "bigint"}
_TASK = {
    "pick_list_id": "bigint",
    "fulfillment_id": "bigint",
    "order_line_id": "bigint",
    "allocation_id": "bigint",
    "product_id": "bigint",
    "location_id": "bigint",
    "slot": "bigint",
    "sequence": "bigint",
    "quantity": "bigint",
    "state": "text",
}
