"""Screens with presenters of their own, as the station enters, tells and leaves them."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.outcomes import Change, Outcome
from app.domain.words import say
from app.presenters.orders import LIST, OrdersPresenter
from app.presenters.station_info import StationInfo


class OrdersDesk:
    """Orders."""

    def __init__(self, presenter: OrdersPresenter) -> None:
        self._presenter = presenter

    def enter(self, station: StationInfo, outcome: Outcome | None) -> None:
        """The list, and the order that was scanned."""
        self._presenter.seat(station)
        self._presenter.show()
        if outcome is not None:
            self.answered(outcome)

    def leave(self) -> None:
        """Nothing runs on."""

    def answered(self, outcome: Outcome) -> None:
        """The order that was scanned is chosen; a refusal is said in the screen's own bar."""
        order_id = outcome.values.get("order_id")
        if isinstance(order_id, int):
            self._presenter.choose(LIST, str(order_id), False)
        elif outcome.refused:
            self._presenter.refused(outcome.code, say(outcome.code, **outcome.values))

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """The bar closes, or says what else is told."""
        self._presenter.over(told, instead)

    def changed(self, changes: Sequence[Change]) -> None:
        """Orders that changed are read again."""
        self._presenter.changed(changes)

    def minute(self) -> None:
        """The times that are left change."""
        self._presenter.tick()
