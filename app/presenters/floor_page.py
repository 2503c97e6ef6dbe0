"""A screen of the floor, as the station handles it: a pure model, what it reads around, and how it is drawn."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Protocol

from app.domain.outcomes import Change, Outcome
from app.models.database import Session
from app.presenters.gateway import JobEvent
from app.presenters.lamps import BenchDevices
from app.presenters.state.basics import Family
from app.presenters.station_info import StationInfo


class FloorPage(Protocol):
    """Pack, Pick and Returns."""

    @property
    def owns(self) -> AbstractSet[str]:
        """The beginnings of codes whose answers it draws."""

    @property
    def refreshing(self) -> AbstractSet[str]:
        """Codes after which what waits is read again."""

    @property
    def has_work(self) -> bool:
        """Whether it shows open or just finished work."""

    @property
    def stands_on(self) -> AbstractSet[Change]:
        """The rows by which somebody else may stop the open work."""

    def take(self, outcome: Outcome, now: datetime) -> None:
        """Takes an answer."""

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """What was told does not hold any more: where it still stands, `instead` stands."""

    def storing(self) -> None:
        """A gesture is on its way for longer than a glance."""

    def clear(self) -> None:
        """Nobody is signed in any more."""

    def job(self, event: JobEvent) -> None:
        """A print job went on."""

    def look_around(self, session: Session, station: StationInfo, now: datetime, since: datetime) -> object:
        """Reads what waits besides the work in hand; `since` is when the day began."""

    def local(self, code: str) -> bool:
        """Does what concerns the screen alone, such as opening its map; False when the code is none of that."""

    def looked(self, found: object) -> None:
        """Takes what was read."""

    def state(self, now: datetime, station: StationInfo, devices: BenchDevices) -> tuple[object, Family | None]:
        """What is drawn, and the family of the blocking frame."""
