"""What tests of the desk screens share: a station in a world, a presenter that runs at once, and what it showed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from app.domain.states import Role
from app.presenters.state.sound import Sound
from app.presenters.station_info import StationInfo
from tests.builders import NOW, World

S = TypeVar("S")


def station_of(world: World, role: Role = Role.LEAD) -> StationInfo:
    """Bench 1 with Ada, in this role."""
    return StationInfo(
        world.station_id,
        "Bench 1",
        world.warehouse_id,
        "Test warehouse",
        "Europe/London",
        world.operator_id,
        "Ada",
        role,
    )  # fmt: skip


@dataclass
class Shown(Generic[S]):
    """All that a presenter showed, sent and rang."""

    states: list[S] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    rung: list[Sound] = field(default_factory=list)

    @property
    def now(self) -> S:
        """The newest state."""
        return self.states[-1]


def clock() -> datetime:
    """Monday, nine o'clock."""
    return NOW
