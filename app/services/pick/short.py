"""Too few at the shelf: how many were found, why the others are missing, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.commands import Command
from app.domain.outcomes import Outcome, Result, Sound, Value, refused
from app.domain.states import PickTaskState
from app.services import ledger, order_states, reroute
from app.services.desk import Desk
from app.services.pick import rows, scans, shortage, walk
from app.services.pick.rows import COUNT, ITEM, REASON, SHELF, TOTE, Task
from app.services.stock_holds import open_stock_holds

ELSEWHERE, LATER = "elsewhere", "later"
REASONS = {
    Command.EMPTY: "empty",
    Command.DAMAGED: "damaged",
    Command.OTHER_GOODS: "other",
    Command.OUT_OF_REACH: "reach",
}
_BY_NUMBER = dict(enumerate(REASONS.values(), start=1))


@dataclass(frozen=True, slots=True)
class Remedy:
    """What became of the missing units: fetched at another place, sent by another site, else parked or for later."""

    missing: int
    fetched: int
    place: str
    sent: int
    parked: bool

    @property
    def code(self) -> str:
        """What the picker is told."""
        if self.fetched == self.missing:
            return "pick.short_fetch"
        if self.parked:
            return "pick.short_parked"
        return "pick.short_sent" if self.fetched + self.sent >= self.missing else "pick.short_later"


def begin(desk: Desk, task: Task) -> Outcome:
    """Asks how many were found; nothing is written down yet."""
    if desk.step not in (SHELF, ITEM) or task.state is not PickTaskState.OPEN:
        return refused("pick.not_short_here", location=task.location)
    desk.step = COUNT
    desk.memory["found"] = task.picked
    return _show(desk, "pick.how_many", location=task.location, picked=task.picked, quantity=task.quantity)


def on_command(desk: Desk, task: Task, command: Command) -> Outcome | None:
    """A command while it is asked how many were found, or why the others are missing; None when it means nothing."""
    if command is Command.FOUND:
        desk.step = ITEM
        desk.memory = {"task": task.id, "in_hand": desk.number("in_hand") or 0}
        return _show(desk, "pick.found_after_all", location=task.location, remaining=task.remaining)
    if desk.step == COUNT:
        return _while_counting(desk, task, command)
    if command in REASONS:
        return settle(desk, task, REASONS[command])
    if command in (Command.ELSEWHERE, Command.LATER):
        return _choose(desk, task, LATER if command is Command.LATER else ELSEWHERE)
    if command.number in _BY_NUMBER:
        return settle(desk, task, _BY_NUMBER[command.number])
    return None


def _while_counting(desk: Desk, task: Task, command: Command) -> Outcome | None:
    if command is Command.OK:
        return found(desk, task, max(desk.number("found") or 0, task.picked))
    if command.number is None:
        return None
    if task.quantity < 10:
        return found(desk, task, command.number)
    typed = desk.number("typed") or 0
    desk.memory["typed"] = typed * 10 + command.number
    desk.memory["found"] = desk.memory["typed"]
    return _show(desk, "pick.counting", found=typed * 10 + command.number, quantity=task.quantity)


def typed(desk: Desk, task: Task, text: str) -> Outcome | None:
    """A number typed as the count; None when no number is wanted."""
    if desk.step not in (COUNT, REASON):
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        return refused("pick.number_wanted", quantity=task.quantity)
    return found(desk, task, int(text))


def found(desk: Desk, task: Task, count: int) -> Outcome:
    """So many were found at the shelf; next is the reason, unless it was all of them."""
    desk.memory.pop("typed", None)
    if count < task.picked:
        return refused("pick.fewer_than_scanned", found=count, picked=task.picked)
    if count > task.quantity:
        return refused("pick.more_than_wanted", found=count, quantity=task.quantity)
    if count == task.quantity:
        desk.step = ITEM
        desk.memory = {"task": task.id, "in_hand": desk.number("in_hand") or 0}
        return _show(desk, "pick.found_after_all", location=task.location, remaining=task.remaining)
    desk.step = REASON
    desk.memory["found"] = count
    values: dict[str, Value] = {
        "found": count,
        "quantity": task.quantity,
        "missing": task.quantity - count,
        "location": task.location,
    }
    return _show(desk, "pick.why_missing", **values)


def _choose(desk: Desk, task: Task, remedy: str) -> Outcome:
    if remedy == ELSEWHERE and not shortage.best_elsewhere(desk.session, task.id)[1]:
        return refused("pick.none_elsewhere", sku=task.sku)
    desk.memory["remedy"] = remedy
    code = "pick.will_fetch_elsewhere" if remedy == ELSEWHERE else "pick.will_leave_short"
    return _show(desk, code, sku=task.sku, order=task.order_number)


def settle(desk: Desk, task: Task, reason: str) -> Outcome:
    """Writes the shortage down: what was found goes into the tote, the rest is given back and tried elsewhere."""
    session = desk.session
    count = max(desk.number("found") or 0, task.picked)
    extra, missing = count - task.picked, task.quantity - task.short - count
    if extra:
        scans.carry(desk, task, extra)
    ledger.give_back(session, task.allocation_id, missing)
    remedy = LATER if desk.memory.get("remedy") == LATER else ELSEWHERE
    shortage.record(session, desk.actor, task, missing, reason, remedy)
    fetched, place = (0, "")
    if remedy == ELSEWHERE:
        fetched, place = shortage.promise_elsewhere(session, desk.actor, task, missing)
    sent = 0
    if remedy == ELSEWHERE and missing > fetched:
        sent = reroute.send_missing_from_elsewhere(session, desk.actor, task.fulfillment_id).get(task.line_id, 0)
    parked = _leave_open(desk, task, max(0, missing - fetched - sent))
    order_states.refresh_orders(session, [task.order_id])
    walk.note(desk, task)
    desk.changed("location", task.location_id)
    after = replace(task, picked=count, short=task.short + missing, state=PickTaskState.SHORT)
    return _after(desk, after, extra, Remedy(missing, fetched, place, sent, parked))


def _leave_open(desk: Desk, task: Task, missing: int) -> bool:
    """What was not found anywhere: an order that may ship in parts goes on and its rest waits for stock, any other
    waits for the lead."""
    if missing:  # what comes in later is promised to it, whatever the lead decides
        open_stock_holds(desk.session, desk.actor, {task.order_id: {task.sku: missing}})
    if missing and not task.in_parts:
        shortage.park(desk.session, task.fulfillment_id, "short_pick")
        rows.picked_if_all(desk.session, task.fulfillment_id)
        return True
    if shortage.nothing_left(desk.session, task.fulfillment_id):
        shortage.cancel_empty(desk.session, desk.actor, task.fulfillment_id)
    else:
        rows.picked_if_all(desk.session, task.fulfillment_id)
    return False


def _after(desk: Desk, task: Task, extra: int, remedy: Remedy) -> Outcome:
    in_hand = (desk.number("in_hand") or 0) + extra
    if in_hand and task.slots > 1:
        desk.memory = {"task": task.id, "in_hand": in_hand}
        desk.step = TOTE
        following: Task | None = task
        units = 0
    else:
        desk.step = ITEM
        following, units = walk.go_on(desk, task)
    values: dict[str, Value] = {
        "missing": remedy.missing,
        "fetched": remedy.fetched,
        "elsewhere": remedy.place,
        "order": task.order_number,
        "sku": task.sku,
        "from": task.location,
    }
    code = remedy.code
    if following is None:
        ended = walk.finished(desk, units)
        return replace(ended, values={**ended.values, **values})
    return Outcome(Result.DONE, code, Sound.ACCEPTED, values, work=walk.snapshot(desk))


def _show(desk: Desk, code: str, **values: Value) -> Outcome:
    return Outcome(Result.DONE, code, Sound.ACCEPTED, values, work=walk.snapshot(desk))
