"""Totes into the slots of the cart, and each item into the right one."""

from __future__ import annotations

from sqlalchemy import text

from app.domain.barcodes import CodeKind, ScannedCode
from app.domain.outcomes import Outcome, Result, Sound, Value, blocked, refused
from app.domain.states import LocationKind
from app.services.desk import PICK_LIST, Desk
from app.services.identify import Named, NamedKind
from app.services.pick import rows, walk
from app.services.pick.rows import SHELF, Task, stamp

LONGEST_CODE = 64  # what the column of a place's code holds
_STATE = text(
    "SELECT l.code, l.active, "
    "(SELECT o.number FROM tote_uses u JOIN fulfillments f ON f.id = u.fulfillment_id "
    "JOIN orders o ON o.id = f.order_id WHERE u.tote_id = l.id AND u.closed_at IS NULL) AS used_by, "
    "(SELECT coalesce(sum(b.on_hand), 0) FROM stock_balances b WHERE b.location_id = l.id) AS units "
    "FROM locations l WHERE l.id = :tote"
)
_USE = text(
    "INSERT INTO tote_uses (tote_id, fulfillment_id, opened_at) VALUES (:tote, :fulfillment, :at) "
    "ON CONFLICT (tote_id) WHERE closed_at IS NULL DO NOTHING"
)
_INTO_SLOT = text("UPDATE pick_list_slots SET tote_id = :tote WHERE pick_list_id = :list AND slot = :slot")
_NEW_TOTE = text(
    "INSERT INTO locations (warehouse_id, code, kind) VALUES (:warehouse, :code, :kind) "
    "ON CONFLICT (warehouse_id, code) DO NOTHING RETURNING id"
)
_WITHOUT_TOTE = text(
    "SELECT t.id FROM pick_tasks t JOIN pick_list_slots s ON s.pick_list_id = t.pick_list_id AND s.slot = t.slot "
    "WHERE t.pick_list_id = :list AND t.state = 'open' AND s.tote_id IS NULL ORDER BY t.slot, t.sequence, t.id LIMIT 1"
)


def is_tote(one: Named) -> bool:
    """Whether a code names a tote."""
    return one.kind is NamedKind.LOCATION and one.sub == LocationKind.TOTE.value


def first_stop(desk: Desk) -> Task | None:
    """Where the walk begins or goes on: at the slots that have no tote yet, then at the first open stop."""
    list_id = desk.work_id or 0
    waiting = desk.session.connection().execute(_WITHOUT_TOTE, {"list": list_id}).scalar()
    task_id = waiting if waiting is not None else rows.next_open(desk.session, list_id)
    return None if task_id is None else walk.enter(desk, task_id)


def put(desk: Desk, task: Task, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
    """A scan while a slot waits for its tote."""
    tote = next((one for one in named if is_tote(one)), None)
    if tote is not None:
        return _assign(desk, task, tote.ref, tote.title)
    if code.kind is CodeKind.TOTE and not named and len(code.keys[0]) <= LONGEST_CODE:
        return _new_tote(desk, task, code.keys[0])
    if not named:
        return blocked("pick.unknown_code", scan=code.text[:60])
    return refused("pick.tote_wanted", slot=task.slot, order=task.order_number)


def _new_tote(desk: Desk, task: Task, code: str) -> Outcome:
    if desk.memory.get("new_tote") != code:
        desk.memory["new_tote"] = code
        return refused("pick.new_tote", Sound.ATTENTION, tote=code)
    values: dict[str, Value] = {"warehouse": desk.actor.warehouse_id, "code": code, "kind": LocationKind.TOTE.value}
    made = desk.session.connection().execute(_NEW_TOTE, values).scalar()
    if made is None:
        return refused("pick.tote_elsewhere", tote=code)
    desk.changed("location", made)
    return _assign(desk, task, made, code)


def _assign(desk: Desk, task: Task, tote_id: int, code: str) -> Outcome:
    connection = desk.session.connection()
    row = connection.execute(_STATE, {"tote": tote_id}).one()
    if row.used_by is not None:
        return blocked("pick.tote_in_use", tote=code, order=row.used_by)
    if row.units:
        return blocked("pick.tote_not_empty", tote=code, units=int(row.units))
    used = {"tote": tote_id, "fulfillment": task.fulfillment_id, "at": stamp(desk.actor)}
    if connection.execute(_USE, used).rowcount != 1:
        return blocked("pick.tote_in_use", tote=code, order="")
    connection.execute(_INTO_SLOT, {"tote": tote_id, "list": task.list_id, "slot": task.slot})
    desk.changed(PICK_LIST, task.list_id)
    desk.changed("location", tote_id)
    desk.changed("fulfillment", task.fulfillment_id)
    following = first_stop(desk)
    if following is None:
        return walk.finished(desk, walk.close(desk))
    values: dict[str, Value] = {
        "tote": code,
        "slot": task.slot,
        "next_slot": following.slot,
        "location": following.location,
    }
    answer = "pick.totes_ready" if desk.step == SHELF else "pick.tote_in_slot"
    return Outcome(Result.DONE, answer, Sound.ACCEPTED, values, work=walk.snapshot(desk))


def confirm(desk: Desk, task: Task, tote: Named) -> Outcome:
    """The tote scanned after its items: the right one, or a stop."""
    if tote.ref != task.tote_id:
        return blocked("pick.wrong_tote", tote=tote.title, wanted=task.tote, slot=task.slot)
    desk.memory["in_hand"] = 0
    if task.remaining:
        values: dict[str, Value] = {"tote": task.tote, "slot": task.slot, "remaining": task.remaining}
        return walk.one_step(desk, Outcome(Result.DONE, "pick.tote_confirmed", Sound.ACCEPTED, values), task)
    return stop_done(desk, task)


def stop_done(desk: Desk, task: Task) -> Outcome:
    """Everything of a stop lies in its tote: on to the next one, or the walk is done."""
    following, units = walk.go_on(desk, task)
    if following is None:
        return walk.finished(desk, units)
    values: dict[str, Value] = {"location": following.location, "sku": following.sku, "quantity": following.remaining}
    return Outcome(Result.DONE, "pick.stop_done", Sound.ACCEPTED, values, work=walk.snapshot(desk))
