"""The pages of the station: who draws what, and which presenter stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtWidgets import QWidget

from app.bootstrap.core import StationCore
from app.domain.clock import Clock
from app.domain.outcomes import Change, Place, Sound
from app.presenters.desk_pages import PlainDesk
from app.presenters.floor_page import FloorPage
from app.presenters.orders import OrdersPresenter
from app.presenters.pack_page import PackPage
from app.presenters.pick_page import PickPage
from app.presenters.runner import Runner
from app.presenters.state.intents import Intents
from app.presenters.station import DeskPage, Screen
from app.views.kit import Look
from app.views.orders import OrdersView
from app.views.pack import PackView
from app.views.pick import PickView
from app.views.sign_in import SignInView


class DeskPages:
    """The screens with presenters of their own."""

    def __init__(
        self,
        core: StationCore,
        runner: Runner,
        clock: Clock,
        send: Callable[[str], None],
        ring: Callable[[Sound], None],
    ) -> None:
        """`send` hands a code to the station."""
        self._screen: Screen | None = None
        self.orders = OrdersPresenter(
            core.database, runner, core.info, clock, lambda state: self._draw(Place.ORDERS, state), send, ring
        )

    def draw_on(self, screen: Screen) -> None:
        """Where their states are drawn."""
        self._screen = screen

    def pages(self) -> Mapping[Place, DeskPage]:
        """By place, for the station."""
        return {Place.ORDERS: PlainDesk(self.orders)}

    def changed(self, changes: Iterable[Change]) -> None:
        """Rows changed: what shows them reads them again."""
        orders = [change.entity_id for change in changes if change.entity == "order"]
        if orders:
            self.orders.changed(orders)

    def _draw(self, place: Place, state: object) -> None:
        if self._screen is not None:
            self._screen.show(place.value, state)


def floor_pages() -> Mapping[Place, FloorPage]:
    """The screens of the floor."""
    return {Place.PACK: PackPage(), Place.PICK: PickPage()}


def page_builders(intents: Intents, desks: DeskPages) -> Mapping[str, Callable[[Look], QWidget]]:
    """How each page is built when it is first shown."""
    return {
        Place.SIGN_IN.value: lambda look: SignInView(look, intents),
        Place.PACK.value: lambda look: PackView(look, intents),
        Place.PICK.value: lambda look: PickView(look, intents),
        Place.ORDERS.value: lambda look: OrdersView(look, desks.orders),
    }
