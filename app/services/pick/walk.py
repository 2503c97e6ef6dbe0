"""Going from stop to stop: where one is, what comes next, skipping, going back, taking out, and the end."""

from __future__ import annotations

from dataclasses import replace

from app.domain.barcodes import CodeKind, own_code
from app.domain.outcomes import Outcome, Result, Sound, Value, blocked, refused
from app.domain.states import FulfillmentState, MovementReason, PickListState, PickTaskState
from app.domain.walk_step import WalkStep
from app.domain.work import PickWork
from app.queries.pick_work import pick_work
from app.services import claims, gestures, ledger
from app.services.desk import PICK_LIST, Desk
from app.services.pick import rows, shortage
from app.services.pick.rows import COUNT, DONE, ITEM, REASON, SHELF, TOTE, TOTES, Task


def code_of(list_id: int) -> str:
    """The code that a pick list's papers carry."""
    return own_code(CodeKind.PICK_LIST, list_id)


def held_by(holder: claims.Holder, desk: Desk, code: str) -> dict[str, str | int | bool | None]:
    """The values that say who holds a piece of work: operator, station, since when, and for how long (`h:mm`)."""
    return {"code": code, **holder.words(desk.actor.now)}


def keep_hold(desk: Desk, task_id: int | None = None) -> tuple[Task | None, Outcome | None]:
    """Renews the lease once half of it is over, and reads a stop with it; a walk that somebody took over or ended is
    closed here, and that is said."""
    list_id, minutes = desk.work_id or 0, desk.settings.claim_minutes
    now = rows.standing(desk.session, desk.actor, list_id, minutes, task_id)
    if now is None or now.state in (PickListState.DONE, PickListState.CANCELLED):
        desk.close_work()
        return None, refused("pick.list_over", Sound.ATTENTION, code=code_of(list_id))
    holder = None if now.held else claims.take(desk.session, desk.actor, PICK_LIST, list_id, minutes)
    if holder is None:
        return now.task, None
    desk.close_work()
    return None, refused("pick.taken_over", Sound.ATTENTION, **held_by(holder, desk, code_of(list_id)))


def current(desk: Desk) -> Task | None:
    """The stop in hand, its rows locked; None when no stop is in hand."""
    task_id = desk.number("task")
    return None if task_id is None else rows.task(desk.session, task_id)


def enter(desk: Desk, task_id: int, *, same_place: bool = False) -> Task:
    """Goes to a stop: first its tote where the slot has none, then the shelf, or the item when one stands there.

    Reads it without a lock: the gesture that works at it takes the lock, in the order of `models.locks`.
    """
    task = rows.task(desk.session, task_id, lock=False)
    if task is None:
        raise LookupError(f"pick task {task_id}")
    desk.memory = {"task": task.id}
    desk.pending_quantity = None
    if task.tote_id is None:
        desk.step = TOTES
        desk.memory["slot"] = task.slot
    else:
        desk.step = ITEM if same_place else SHELF
    return task


def go_on(desk: Desk, left: Task) -> tuple[Task | None, int]:
    """To the stop after one that is finished, or to the end; with how many units the walk took at its end."""
    following = rows.next_open(desk.session, left.list_id, left)
    if following is None:
        return None, close(desk)
    before = desk.step
    there = enter(desk, following)
    if desk.step == SHELF and there.location_id == left.location_id and before != SHELF:
        desk.step = ITEM
    return there, 0


def close(desk: Desk) -> int:
    """The walk is over for everybody: its lease ends; gives how many units were taken in it."""
    list_id = desk.work_id or 0
    units = rows.end(desk.session, desk.actor, list_id)
    claims.end(desk.session, PICK_LIST, list_id)
    desk.changed(PICK_LIST, list_id)
    return units


def finished(desk: Desk, units: int) -> Outcome:
    """The answer at the end of a walk; nothing is open any more, the picture of the finished walk goes with it."""
    desk.step = DONE
    desk.memory = {}
    work = snapshot(desk)
    code = code_of(desk.work_id or 0)
    totes = ", ".join(slot.tote for slot in work.slots if slot.tote)
    desk.close_work()
    values: dict[str, Value] = {
        "code": code,
        "units": units,
        "totes": totes,
        "short": sum(stop.short for stop in work.stops),
    }
    return Outcome(Result.DONE, "pick.done", Sound.COMPLETE, values, work=work)


def skip(desk: Desk, task: Task) -> Outcome:
    """The stop goes to the end of the walk."""
    following = rows.next_open(desk.session, task.list_id, task)
    if task.state is not PickTaskState.OPEN or following is None or following == task.id:
        return refused("pick.last_stop", location=task.location)
    rows.send_to_the_end(desk.session, task)
    there = enter(desk, following)
    values: dict[str, Value] = {"skipped": task.location, "location": there.location}
    return Outcome(Result.DONE, "pick.skipped", Sound.ACCEPTED, values, work=snapshot(desk))


def back(desk: Desk, task: Task) -> Outcome:
    """One step back: from the reason to the count, from the item to the shelf, from the shelf to the stop before."""
    if desk.step == REASON:
        desk.step = COUNT
        desk.memory.pop("found", None)
    elif desk.step == COUNT:
        desk.step = ITEM
        for key in ("found", "remedy"):
            desk.memory.pop(key, None)
    elif desk.step in (ITEM, TOTE) and task.state is PickTaskState.OPEN:
        desk.step = SHELF
    else:
        return _stop_before(desk, task)
    return Outcome(Result.DONE, "pick.back", Sound.ACCEPTED, {"location": task.location}, work=snapshot(desk))


def _stop_before(desk: Desk, task: Task) -> Outcome:
    earlier = rows.stop_before(desk.session, task)
    if earlier is None or desk.step == TOTES:
        return refused("pick.first_stop", location=task.location)
    there = enter(desk, earlier)
    if there.state is not PickTaskState.OPEN:
        desk.step = ITEM
    values: dict[str, Value] = {"location": there.location}
    return Outcome(Result.DONE, "pick.stop_before", Sound.ACCEPTED, values, work=snapshot(desk))


def forward(desk: Desk, task: Task) -> Outcome:
    """From a stop that was looked at again to the next open one."""
    following = rows.next_open(desk.session, task.list_id, task)
    if task.state is PickTaskState.OPEN or following is None:
        return refused("pick.not_done_here", location=task.location)
    there = enter(desk, following)
    return Outcome(Result.DONE, "pick.next_stop", Sound.ACCEPTED, {"location": there.location}, work=snapshot(desk))


def to_end_of_list(desk: Desk, *, last: bool) -> Outcome:
    """To the first or the last open stop of the walk."""
    list_id = desk.work_id or 0
    found = rows.last_open(desk.session, list_id) if last else rows.next_open(desk.session, list_id)
    if found is None:
        return refused("pick.no_open_stop")
    there = enter(desk, found)
    code = "pick.last_of_walk" if last else "pick.first_of_walk"
    return Outcome(Result.DONE, code, Sound.ACCEPTED, {"location": there.location}, work=snapshot(desk))


def dropped(desk: Desk, task: Task) -> Outcome:
    """The stop in hand was dropped meanwhile: says why, and goes on to the next one."""
    following, units = go_on(desk, task)
    code = "pick.order_cancelled" if task.fulfillment_state is FulfillmentState.CANCELLED else "pick.stop_dropped"
    values: dict[str, Value] = {"order": task.order_number, "sku": task.sku, "location": task.location}
    answer = blocked(code, Sound.ATTENTION, **values)
    if following is None:
        work = finished(desk, units).work
    else:
        work = snapshot(desk)
    return Outcome(answer.result, answer.code, answer.sound, answer.values, work=work)


def undo(desk: Desk) -> Outcome:
    """Puts what the last pick scan took back on its shelf, its promise with it."""
    found = gestures.last_undoable(desk.session, desk.actor.station_id)
    what = found[1] if found is not None else {}
    if found is None or what.get("kind") != "pick" or what.get("list") != desk.work_id:
        return refused("pick.nothing_to_undo")
    task_id, allocation_id, quantity = (int(str(what[key])) for key in ("task", "allocation", "quantity"))
    task = rows.task(desk.session, task_id)
    if task is None or task.picked < quantity or task.fulfillment_state not in _UNDOABLE:
        return refused("pick.nothing_to_undo")
    if not rows.holds(desk.session, allocation_id, quantity):
        return refused("pick.nothing_to_undo")
    there = ledger.carry(desk.session, desk.actor, MovementReason.UNPICK, allocation_id, quantity, task.location_id)
    rows.take_back(desk.session, task.id, quantity, there)
    rows.picking_again(desk.session, task.fulfillment_id)
    gestures.mark_undone(desk.session, found[0], desk.gesture.id)
    note(desk, task)
    enter(desk, task.id, same_place=True)
    values: dict[str, Value] = {
        "sku": task.sku,
        "quantity": quantity,
        "location": task.location,
        "picked": task.picked - quantity,
    }
    return Outcome(Result.DONE, "pick.undone", Sound.ACCEPTED, values, work=snapshot(desk))


_UNDOABLE = (FulfillmentState.PICKING, FulfillmentState.PICKED, FulfillmentState.EXCEPTION)


def note(desk: Desk, task: Task) -> None:
    """Tells the change feed what a stop's count changed."""
    desk.changed(PICK_LIST, task.list_id)
    desk.changed("fulfillment", task.fulfillment_id)
    desk.changed("order", task.order_id)


def leave(desk: Desk) -> Outcome:
    """The walk is left where it is; it goes on when its code, its cart or a tote of it is scanned."""
    list_id = desk.work_id or 0
    left = rows.stops_left(desk.session, list_id)
    claims.let_go(desk.session, desk.actor, PICK_LIST, list_id)
    desk.changed(PICK_LIST, list_id)
    desk.close_work()
    return Outcome(Result.DONE, "pick.left", Sound.ACCEPTED, {"code": code_of(list_id), "count": left})


def end_walk(desk: Desk) -> Outcome:
    """Ends the walk by hand: only when what is left may not be picked now."""
    pickable = rows.stops_left(desk.session, desk.work_id or 0, held_too=False)
    if pickable:
        return refused("pick.stops_left", count=pickable)
    return leave(desk)


def one_step(desk: Desk, answer: Outcome, task: Task, *, taken: int = 0) -> Outcome:
    """An answer at the stop in hand, `task` as it is now, with what changed of the walk; the whole of it where more is
    shown than the stop itself: the stop after it brings what changed elsewhere."""
    if desk.step not in (ITEM, TOTE):
        return replace(answer, work=snapshot(desk))
    in_hand = desk.number("in_hand") or 0
    return replace(answer, delta=WalkStep(task.id, desk.step, task.picked, not task.remaining, taken, in_hand))


def snapshot(desk: Desk) -> PickWork:
    """The walk as its screen draws it."""
    list_id, task_id, elsewhere = desk.work_id or 0, desk.number("task"), ("", 0)
    if desk.step in (COUNT, REASON) and task_id is not None:
        elsewhere = shortage.best_elsewhere(desk.session, task_id)
    remedy = desk.memory.get("remedy")
    return pick_work(
        desk.session,
        list_id,
        code_of(list_id),
        desk.step,
        current=task_id,
        in_hand=desk.number("in_hand") or 0,
        found=desk.number("found"),
        elsewhere=elsewhere,
        reason=remedy if isinstance(remedy, str) else "",
    )
