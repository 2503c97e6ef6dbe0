"""Taking over work that somebody else holds: the one who may says why, and that is written down."""

from __future__ import annotations

from app.domain.commands import Command
from app.domain.outcomes import Outcome, Result, Sound, refused
from app.services import audit, claims
from app.services.desk import Desk

REASONS = ("left", "urgent", "station_down", "other")
_KEY = "taking"


def ask_why(desk: Desk, kind: str, ref_id: int, holder: claims.Holder) -> Outcome:
    """Asks for the reason; the digit that answers takes the work over. The caller checked that the operator may."""
    desk.memory[_KEY] = [kind, ref_id]
    return refused("claims.why", Sound.ATTENTION, **holder.words(desk.actor.now))


def answered(desk: Desk, command: Command) -> tuple[str, int, str] | Outcome | None:
    """The work that was asked about, with the reason; an answer where it is none; None where nothing was asked."""
    asked = desk.memory.get(_KEY)
    if not isinstance(asked, list):
        return None
    if command is Command.BACK:
        forget(desk)
        return Outcome(Result.DONE, "station.choice_dropped")
    if command.number is None:
        forget(desk)
        return None
    if not 1 <= command.number <= len(REASONS):
        return refused("station.no_such_choice", count=len(REASONS))
    forget(desk)
    return str(asked[0]), int(asked[1]), REASONS[command.number - 1]


def forget(desk: Desk) -> None:
    """No reason is waited for any more."""
    desk.memory.pop(_KEY, None)


def write_down(desk: Desk, kind: str, ref_id: int, reason: str) -> None:
    """The audit entry, in the transaction that takes the work and before it is taken."""
    before = claims.holder(desk.session, kind, ref_id, desk.actor.now)
    if before is None:
        return
    detail: dict[str, object] = {
        "from_operator": before.operator_id,
        "from_station": before.station_id,
        "since": before.since.isoformat(),
        "reason": reason,
    }
    audit.record(desk.session, desk.actor, "claim.taken_over", kind, ref_id, detail)
