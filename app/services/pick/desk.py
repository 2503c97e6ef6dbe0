"""The desk of a walk: gives each gesture to the step that it belongs to."""

from __future__ import annotations

from app.domain.barcodes import ScannedCode
from app.domain.commands import Command
from app.domain.outcomes import Outcome
from app.domain.states import PickTaskState
from app.domain.work import PickWork
from app.models import locks
from app.services.desk import Desk
from app.services.identify import Named
from app.services.pick import begin, rows, scans, sheet, short, totes, walk
from app.services.pick.quantity import on_quantity, only_acknowledges, to_acknowledge
from app.services.pick.rows import COUNT, ITEM, REASON, TOTES, Task


class PickDesk:
    """What a walk does with gestures (`station.WorkDesk`), and the ways to open one."""

    def open_list(self, desk: Desk, pick_list_id: int) -> Outcome:
        """Opens a walk by its code."""
        return begin.open_list(desk, pick_list_id)

    def open_cart(self, desk: Desk, cart_id: int) -> Outcome:
        """Opens the walk of a cart, or the next one for it."""
        return begin.open_cart(desk, cart_id)

    def start_next(self, desk: Desk) -> Outcome:
        """Goes on with this station's walk, or takes the most urgent open one."""
        return begin.start_next(desk)

    def take_over(self, desk: Desk, pick_list_id: int, reason: str = "") -> Outcome:
        """Takes a walk from whoever holds it, if the operator may; without a reason it asks for one."""
        return begin.take_over(desk, pick_list_id, reason)

    def on_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        """A scanned code with all that it names."""
        task, answer = _here(desk)
        if answer is not None or task is None:
            return answer or walk.finished(desk, walk.close(desk))
        put = desk.step == TOTES
        return to_acknowledge(desk, (totes.put if put else scans.judge)(desk, task, code, named))

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        """A command during the walk; None when it means nothing now."""
        if command is Command.OK and only_acknowledges(desk):
            return None
        if command is Command.ASIDE:
            return walk.leave(desk)
        if command not in _MEANT and command.number is None:
            return None
        task, answer = _here(desk)
        if answer is not None or task is None:
            return answer or walk.finished(desk, walk.close(desk))
        if desk.pending_quantity is not None or command is Command.QUANTITY:
            typed = on_quantity(desk, command)
            if typed is not None:
                return typed
        if desk.step in (COUNT, REASON):
            within = short.on_command(desk, task, command)
            if within is not None:
                return within
        return _on_walk(desk, task, command)

    def on_text(self, desk: Desk, text: str) -> Outcome | None:
        """A typed number, where one is asked for."""
        task, answer = _here(desk)
        if answer is not None:
            return answer
        return None if task is None else short.typed(desk, task, text)

    def takes_items(self, desk: Desk) -> bool:
        """Only once the shelf is known: before, its code is waited for."""
        return desk.step == ITEM

    def stopped(self, desk: Desk) -> Outcome | None:
        """The order of the stop in hand was cancelled, or another station has the walk now."""
        if walk.current(desk) is None:
            return None
        _, answer = _here(desk)
        return answer if answer is None else to_acknowledge(desk, answer)

    def snapshot(self, desk: Desk) -> PickWork:
        """The walk as its screen draws it."""
        return walk.snapshot(desk)


_MEANT = frozenset(
    {
        Command.QUANTITY,
        Command.TOO_FEW,
        Command.SKIP,
        Command.BACK,
        Command.PREVIOUS,
        Command.NEXT,
        Command.UNDO,
        Command.END_WALK,
        Command.FIRST,
        Command.LAST,
        Command.PICK_SHEET,
        Command.FOUND,
        Command.OK,
        Command.ELSEWHERE,
        Command.LATER,
        *short.REASONS,
    }
)


def _here(desk: Desk) -> tuple[Task | None, Outcome | None]:
    """The stop in hand, or the answer where there is none to go on with."""
    task_id, short_of = desk.number("task"), desk.step in (COUNT, REASON)
    task, lost = walk.keep_hold(desk, None if short_of else task_id)
    if lost is not None:
        return None, lost
    if short_of and task_id is not None:
        # A shortage changes its order too, and orders are locked before their fulfillments.
        order_id = rows.order_of(desk.session, task_id)
        locks.lock_orders(desk.session, [] if order_id is None else [order_id])
        task = walk.current(desk)
    if task is None and totes.first_stop(desk) is not None:
        task = walk.current(desk)
    if task is not None and task.state is PickTaskState.DROPPED:
        return None, walk.dropped(desk, task)
    return task, None


def _on_walk(desk: Desk, task: Task, command: Command) -> Outcome | None:
    if command is Command.TOO_FEW:
        return short.begin(desk, task)
    if command is Command.SKIP:
        return walk.skip(desk, task)
    if command in (Command.BACK, Command.PREVIOUS):
        return walk.back(desk, task)
    if command is Command.NEXT:
        return walk.forward(desk, task)
    if command is Command.UNDO:
        return walk.undo(desk)
    if command in (Command.FIRST, Command.LAST):
        return walk.to_end_of_list(desk, last=command is Command.LAST)
    if command is Command.PICK_SHEET:
        return sheet.print_sheet(desk)
    return walk.end_walk(desk) if command is Command.END_WALK else None
