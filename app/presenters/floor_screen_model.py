"""What the floor screen knows; the state that is drawn follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.outcomes import Outcome
from app.models.database import Session
from app.presenters.floor_screen_needs import Item
from app.presenters.state.form import Notice
from app.queries.floor import FloorDay, FloorMoment, floor_day
from app.queries.floor_needs import FloorNeeds, floor_needs
from app.queries.floor_people import PersonAtWork, people_at_work


@dataclass(frozen=True, slots=True)
class FloorLook:
    """What one reading saw, and when."""

    at: FloorMoment
    day: FloorDay
    people: tuple[PersonAtWork, ...]
    needs: FloorNeeds


@dataclass(frozen=True, slots=True)
class FloorModel:
    """Everything the screen follows from. `slots` gives each need its digit; `asked` is the one being decided.

    `which` is what the station asks about a code that names several things.
    """

    look: FloorLook | None = None
    items: tuple[Item, ...] = ()
    slots: Mapping[str, int] = field(default_factory=dict)
    asked: Item | None = None
    which: Outcome | None = None
    notice: Notice | None = None


def look_at_floor(session: Session, at: FloorMoment) -> FloorLook:
    """One reading, in one snapshot."""
    return FloorLook(at, floor_day(session, at), people_at_work(session, at), floor_needs(session, at))
