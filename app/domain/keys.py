"""Key presses as a keyboard scanner is told from a person by them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, unique


@unique
class KeyKind(Enum):
    """What a key press is to the detector."""

    CHARACTER = "character"
    END = "end"  # Enter or Tab
    MODIFIER = "modifier"  # Shift and its like, which scanners press for capitals
    OTHER = "other"  # arrows, function keys, Ctrl with a letter


@dataclass(frozen=True, slots=True)
class Key:
    """One key press. `at_ms` is the time of the event, of any steady clock; `reference` is the caller's own.

    A group separator that arrives as Ctrl and ] is a CHARACTER with the text `\\x1d`.
    """

    text: str
    at_ms: int
    kind: KeyKind = KeyKind.CHARACTER
    repeat: bool = False
    reference: int = 0
