"""Screens with presenters of their own, as the station enters and leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.outcomes import Change, Outcome
from app.presenters.station_info import StationInfo


class Desk(Protocol):
    """A presenter of Orders, Stock, Office or Devices."""

    def show(self) -> None:
        """The screen is entered."""

    def seat(self, station: StationInfo) -> None:
        """Who works here now."""


class PlainDesk:
    """Implements `station.DeskPage` for a presenter that needs to know nothing of what led to it."""

    def __init__(self, presenter: Desk) -> None:
        self._presenter = presenter

    def enter(self, station: StationInfo, outcome: Outcome | None) -> None:
        """It is shown now."""
        self._presenter.seat(station)
        self._presenter.show()

    def leave(self) -> None:
        """Nothing runs on."""

    def changed(self, changes: Sequence[Change]) -> None:
        """What it shows is read when it is entered."""
