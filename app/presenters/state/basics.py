"""What the states of all parts are made of: families, stages, kinds, lamps, chips."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What a colour means. `TODO` is the quiet one, without a colour of its own."""

    ACCENT = "accent"
    OK = "ok"
    COMPLETE = "complete"
    WARN = "warn"
    WRONG = "wrong"
    OVER = "over"
    TODO = "todo"


class Stage(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


class Kind(StrEnum):
    """How a button looks."""

    PLAIN = "plain"
    PRIMARY = "primary"
    COMPLETE = "complete"
    DANGER = "danger"


class LampState(StrEnum):
    """Health of a device: a tick, a whole lamp in yellow, a whole lamp in red, or nothing there."""

    OK = "ok"
    WARN = "warn"
    DOWN = "down"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Chip:
    """A short fixed word with its family and icon. `solid` fills it, `large` is for headers."""

    words: str
    family: Family = Family.TODO
    icon: str = ""
    solid: bool = False
    large: bool = False
