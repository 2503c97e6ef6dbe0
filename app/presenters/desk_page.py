"""A screen with a presenter of its own, as the station enters, tells and leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.outcomes import Change, Outcome
from app.presenters.station_info import StationInfo


class DeskPage(Protocol):
    """A screen with a presenter of its own: Orders, Stock, Office, Devices."""

    def enter(self, station: StationInfo, outcome: Outcome | None) -> None:
        """It is shown now; `outcome` is what led there."""

    def leave(self) -> None:
        """It is not shown any more."""

    def answered(self, outcome: Outcome) -> None:
        """An answer of the station while it is shown."""

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """What was told does not hold any more: where it still stands, `instead` stands."""

    def changed(self, changes: Sequence[Change]) -> None:
        """Rows changed somewhere, while it is shown."""

    def minute(self) -> None:
        """Another minute has begun, while it is shown."""
