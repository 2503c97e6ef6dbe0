"""How a presenter's gestures get to the database, and how it hears of what happens behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.errors import EnvironmentFailure
from app.domain.gesture import Gesture
from app.domain.outcomes import Outcome
from app.domain.states import PrintJobState

LABEL_HELD = "label_held"
"""The entity of a change that says: this label is not bought yet, because its printer can't print."""


@dataclass(frozen=True, slots=True)
class JobEvent:
    """What became of a print job; `doubtful` that nobody knows, so that somebody has to look.

    `instead` names the neighbour at whose printer it came out, because the station's own could not print.
    """

    job_id: int
    package_id: int | None
    document: str
    state: PrintJobState
    reason: str
    printer: str
    at: datetime
    doubtful: bool = False
    instead: str = ""


class Gateway(Protocol):
    """Carries gestures, in order, each applied exactly once; keeps them while the database is away."""

    def send(self, gesture: Gesture, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None:
        """Applies a gesture; `then` gets its answer, `failed` what was our own fault."""

    def look(self, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None:
        """Where this station stands now."""

    def interrupted(self, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None:
        """Whether somebody else stopped the open work; `then` is called only when it is so."""


class Trouble(Protocol):
    """Hears when the database goes away and comes back."""

    def gone(self, failure: EnvironmentFailure, kept: int) -> None:
        """It does not answer; so many gestures are kept here."""

    def back(self, milliseconds: float, kept: int) -> None:
        """A gesture was stored, in so many milliseconds; so many wait behind it."""
