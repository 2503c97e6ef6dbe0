"""`PW-QTY` and digits: how many units the next item scan stands for; and what OK means after a blocked scan."""

from __future__ import annotations

from app.domain.commands import Command
from app.domain.outcomes import Outcome, Result, Sound, refused
from app.services.desk import Desk

MOST = 99_999


def on_quantity(desk: Desk, command: Command) -> Outcome | None:
    """Begins, builds or drops the count of the next scan; None for a command that has nothing to do with it."""
    if command is Command.QUANTITY:
        desk.pending_quantity = 0
        return Outcome(Result.DONE, "quantity.wanted", Sound.ACCEPTED)
    if desk.pending_quantity is None:
        return None
    if command.number is not None:
        desk.pending_quantity = min(desk.pending_quantity * 10 + command.number, MOST)
        return Outcome(Result.DONE, "quantity.is", Sound.ACCEPTED, {"quantity": desk.pending_quantity})
    if command is Command.BACK:
        desk.pending_quantity = None
        return Outcome(Result.DONE, "quantity.dropped", Sound.ACCEPTED)
    return refused("quantity.first") if command is Command.OK and not desk.pending_quantity else None


def to_acknowledge(desk: Desk, outcome: Outcome) -> Outcome:
    """Remembers that the next OK only acknowledges this answer, where it blocks."""
    if outcome.result is Result.BLOCKED and desk.work_kind:
        desk.memory["blocked"] = True
    return outcome


def only_acknowledges(desk: Desk) -> bool:
    """Whether this OK answers a blocked scan, and so confirms nothing else."""
    return desk.memory.pop("blocked", False) is True
