"""Zero and tare by command: which code is which order, and what is said of the scale's answer."""

from __future__ import annotations

from app.domain.commands import Command, command_of
from app.domain.outcomes import Outcome, Result, Sound
from app.domain.scale_words import ScaleAnswer, ScaleOrder

SCALE_COMMANDS = {Command.ZERO_SCALE: ScaleOrder.ZERO, Command.TARE_SCALE: ScaleOrder.TARE}


def scale_order(code: str) -> ScaleOrder | None:
    """The order that a scanned code or a key means for the scale; None when it means none."""
    command = command_of(code)
    return SCALE_COMMANDS.get(command) if command is not None else None


def scale_outcome(order: ScaleOrder, answer: ScaleAnswer) -> Outcome:
    """The scale's answer, as a screen takes answers."""
    if answer is ScaleAnswer.DONE:
        return Outcome(Result.DONE, answer.key(order), Sound.ACCEPTED)
    return Outcome(Result.REFUSED, answer.key(order), Sound.ATTENTION)
