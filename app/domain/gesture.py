"""One thing a person did, as it is carried to the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class GestureKind(StrEnum):
    """How it was done. A key means the command that stands beside it; both are judged alike."""

    SCAN = "scan"
    KEY = "key"  # `raw` is the command code of the key, or a digit typed as a choice
    TEXT = "text"  # `raw` is what was typed: a weight, a reason, a note


@dataclass(frozen=True, slots=True)
class Gesture:
    """A scan, key or typed text with its own id; doing it twice changes nothing.

    `weight_g` is the scale's reading at that moment, present only when it was stable and fresh. `label_id` is the
    number of the label that was printed for it while the database was away.
    """

    id: str
    kind: GestureKind
    raw: str
    at: datetime
    weight_g: int | None = None
    device: str = ""
    label_id: int | None = None
