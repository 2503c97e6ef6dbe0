"""What a use case answers: never a sentence, always a code with values, a sound and what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Value = str | int | bool | None


class Result(StrEnum):
    """What became of a gesture. A refusal is an answer too; only faults raise."""

    DONE = "done"
    REFUSED = "refused"  # said on screen, changes nothing, does not block
    BLOCKED = "blocked"  # refused, and the station waits for the OK card or Enter
    NAVIGATE = "navigate"  # the station goes to another place, with or without work
    ASK = "ask"  # the code names several things: the operator chooses


class Sound(StrEnum):
    """The sounds of the floor; each outcome carries its own."""

    NONE = "none"
    ACCEPTED = "accepted"
    WRONG = "wrong"
    TOO_MANY = "too_many"
    COMPLETE = "complete"
    ATTENTION = "attention"


class Place(StrEnum):
    """A screen of the station."""

    SIGN_IN = "sign_in"
    ORDERS = "orders"
    PICK = "pick"
    PACK = "pack"
    RETURNS = "returns"
    STOCK = "stock"
    FLOOR = "floor"
    DEVICES = "devices"
    OFFICE = "office"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Change:
    """A row that this use case changed, for the change feed: `order` 17."""

    entity: str
    entity_id: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things that a scanned code can name, with the code or key that chooses it."""

    key: str
    kind: str
    ref: int
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one gesture.

    `code` is a key of the translation catalogue (`pack.counted`), `values` fill its sentence and are plain enough to be
    kept with the gesture as JSON. `work` is a frozen snapshot (`domain.work`) that replaces what the screen shows;
    `delta` is a small frozen value that changes one line of it. Neither is stored: a repeated gesture reads anew.
    `effects` name rows whose effect outside is carried out after the commit: a label to buy, a print job to print.
    """

    result: Result
    code: str
    sound: Sound = Sound.NONE
    values: Mapping[str, Value] = field(default_factory=dict)
    place: Place | None = None
    choices: tuple[Choice, ...] = ()
    changes: tuple[Change, ...] = ()
    effects: tuple[Change, ...] = ()
    work: object | None = None
    delta: object | None = None
    repeated: bool = False
    waits: bool = False

    @property
    def blocks(self) -> bool:
        """Whether the station waits for the OK card now: refused, or done with something to confirm (`waits`)."""
        return self.waits or self.result is Result.BLOCKED

    @property
    def refused(self) -> bool:
        """Whether nothing was done because it may not be."""
        return self.result in (Result.REFUSED, Result.BLOCKED)


def done(code: str, sound: Sound = Sound.ACCEPTED, /, **values: Value) -> Outcome:
    """A gesture that did what it should."""
    return Outcome(Result.DONE, code, sound, values)


def refused(code: str, sound: Sound = Sound.WRONG, /, **values: Value) -> Outcome:
    """A gesture that changed nothing, and why."""
    return Outcome(Result.REFUSED, code, sound, values)


def blocked(code: str, sound: Sound = Sound.WRONG, /, **values: Value) -> Outcome:
    """A gesture that changed nothing and must be acknowledged before anything else."""
    return Outcome(Result.BLOCKED, code, sound, values)
