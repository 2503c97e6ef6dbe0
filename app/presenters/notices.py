"""Answers and failures in words, for screens that say them in a bar which stays."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.errors import PickwickError
from app.domain.outcomes import Outcome, Value
from app.domain.outcomes import Sound as OutcomeSound
from app.domain.words import say
from app.presenters.state import parts
from app.presenters.state.form import Notice
from app.presenters.state.parts import Family
from app.presenters.state.sound import Sound

Ring = Callable[[Sound], None]
RETRY = "retry"
DISMISS = "dismiss"


def silent(sound: Sound) -> None:
    """Rings nothing."""


def notice_of(outcome: Outcome) -> Notice:
    """The answer of a use case: green when done, red or yellow when refused."""
    words = say(outcome.code, **{name: _word(name, value) for name, value in outcome.values.items()})
    detail = say(f"{outcome.code}.do", **outcome.values)
    more = "" if detail.startswith(outcome.code) else detail
    if outcome.refused:
        return Notice(words, Family.WRONG, "prohibit", more, (dismiss(),))
    if outcome.sound is OutcomeSound.ATTENTION:
        return Notice(words, Family.WARN, "warning", more, (dismiss(),))
    return Notice(words, Family.OK, "check-circle", more, (dismiss(),))


def without(notice: Notice | None, told: Outcome, instead: Outcome | None) -> Notice | None:
    """A notice that stays, unless it says what was told and holds no more: then `instead`, if any."""
    if notice is None or notice.words != notice_of(told).words:
        return notice
    return notice_of(instead) if instead is not None else None


def done(key: str, **values: object) -> Notice:
    """Something that worked, in words of the screen's own."""
    return Notice(say(key, **values), Family.OK, "check-circle", "", (dismiss(),))


def refused(key: str, **values: object) -> Notice:
    """Something that may not be, in words of the screen's own."""
    return Notice(say(key, **values), Family.WRONG, "prohibit", "", (dismiss(),))


def failure(error: Exception) -> Notice:
    """What the surroundings failed at, with the way to try it again. Faults of ours are raised on."""
    if not isinstance(error, PickwickError):
        raise error
    again = parts.Command(RETRY, say("orders.retry"), "Enter", icon="arrow-clockwise")
    return Notice(say(error.code, **error.values), Family.WRONG, "warning-octagon", "", (again,))


def ring_of(outcome: Outcome) -> Sound | None:
    """The sound of an answer."""
    return None if outcome.sound is OutcomeSound.NONE else Sound(outcome.sound.value)


def dismiss() -> parts.Command:
    """The button that closes a notice."""
    return parts.Command(DISMISS, say("orders.dismiss"), "Esc")


_WORDS = {
    "kind": "orders.hold.{}",
    "state": "orders.state.{}",
    "permission": "permission.{}",
    "role": "role.{}",
    "fault": "orders.fault.{}",
}


def _word(name: str, value: Value) -> Value:
    """A code inside a sentence in its own words, where it has some."""
    pattern = _WORDS.get(name)
    if pattern is None:
        return value
    key = pattern.format(value)
    found = say(key)
    return value if found == key else found
