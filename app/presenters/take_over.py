"""The commands with which somebody says why work of another is taken over."""

from __future__ import annotations

from app.domain.commands import Command
from app.domain.outcomes import Outcome
from app.domain.words import say
from app.presenters.state import parts
from app.services.take_over import REASONS

WHY = "claims.why"


def commands(said: Outcome | None, held: str) -> tuple[parts.Command, ...]:
    """The reasons while they are asked for; taking over once `held` was said; nothing else."""
    if said is None:
        return ()
    if said.code == held:
        hint = say("claims.command.lead")
        return (parts.Command(Command.TAKE_OVER.code, say("claims.command.take_over"), "T", hint, icon="hand"),)
    if said.code != WHY:
        return ()
    reasons = tuple(
        parts.Command(f"PW-{number}", say(f"claims.reason.{reason}"), str(number))
        for number, reason in enumerate(REASONS, start=1)
    )
    return (*reasons, parts.Command(Command.BACK.code, say("claims.command.back"), "Esc", right=True))
