"""What the Orders screen reads: the queue as it is filtered, its figures, and the order that is chosen in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from app.domain.outcomes import Change
from app.presenters.desk_screen import DeskScreen
from app.presenters.orders_list import OrderList
from app.presenters.orders_model import OrdersModel, Panel, day_begins, queue_moment
from app.queries.figures import queue_figures
from app.queries.order_detail import OrderDetail, order_detail
from app.queries.order_queue import PAGE, QueueFilter
from app.queries.queue_filters import FilterChoices, filter_choices

OrdersScreen: TypeAlias = DeskScreen[OrdersModel]
AWHILE = 0.5
"""Seconds between two readings because of what others changed."""
_SHOWN = ("order", "fulfillment", "pick_list", "package", "claim")


class OrdersReading:
    """Reads for one screen; what is read is drawn at once."""

    def __init__(self, screen: OrdersScreen) -> None:
        """Reads nothing yet."""
        self._screen = screen
        self.list = OrderList(
            screen.database, screen.runner, screen.clock, self._listed, lambda error: screen.failed(error, self.all)
        )
        self._touched: set[int] = set()
        self._waiting = False
        self._then: Callable[[], None] | None = None

    def all(self) -> None:
        """The list first, then the figures and the filters beside it."""
        self.queue()
        self.figures()
        self.choices()

    def changed(self, changes: Sequence[Change]) -> None:
        """Rows changed somewhere. However many there are, what is shown is read again at most once a while."""
        self._touched |= {change.entity_id for change in changes if change.entity == "order"}
        if not self._waiting and any(change.entity in _SHOWN for change in changes):
            self._waiting = True
            self._screen.runner.later(AWHILE, self._look_again)

    def _look_again(self) -> None:
        touched, self._touched, self._waiting = sorted(self._touched), set(), False
        self.again(touched)

    def again(self, order_ids: Sequence[int]) -> None:
        """What is shown of these orders is read again, and the first page when it is in sight."""
        if len(self.list.rows) <= 2 * PAGE:
            self.queue(keep=True)
        else:
            known = [order_id for order_id in order_ids if self.list.index_of(order_id) >= 0]
            if known:
                self.list.refresh(known[:PAGE], self._screen.station)
        if self._screen.model.chosen in order_ids:
            self._detail()
        self.figures()

    # -- the list

    def filter(self, asked: QueueFilter, name: str = "") -> None:
        """Another list, under the name that it was kept by."""
        screen = self._screen
        screen.model = replace(screen.model, asked=asked, kept_name=name, chosen=None, detail=None, opened=False)
        self.list.clear()
        self.queue()

    def search(self, text: str) -> None:
        """What a text finds."""
        if text.strip() != self._screen.model.asked.text:
            self.filter(replace(QueueFilter(), text=text.strip()))

    def queue(self, *, keep: bool = False) -> None:
        """The first page; `keep` leaves what is shown until it is there."""
        screen = self._screen
        self.list.read(screen.model.asked, screen.station, keep=keep)
        screen.publish()

    def end(self) -> None:
        """The very last page."""
        screen = self._screen
        screen.model = replace(screen.model, chosen=None)
        self.list.to_end(screen.model.asked, screen.station)

    def home(self) -> None:
        """The first page, with its first order chosen."""
        self._screen.model = replace(self._screen.model, chosen=None)
        self.queue()

    def more(self, *, earlier: bool) -> None:
        """The page after what is shown, or the one before."""
        read = self.list.before if earlier else self.list.more
        read(self._screen.model.asked, self._screen.station)

    def _listed(self) -> None:
        """Rows came: the first is chosen when none is yet, the last at the end. What is chosen stays in sight."""
        screen = self._screen
        if screen.model.chosen is None and not self.list.loading:
            rows = self.list.rows
            at = -1 if self.list.earlier is not None else 0
            screen.model = replace(screen.model, chosen=rows[at].id if rows else None, detail=None)
            self._detail()
        screen.publish()

    # -- beside the list

    def figures(self) -> None:
        """The figures above it."""
        screen, now = self._screen, self._screen.clock()
        moment, begins = queue_moment(screen.station, now), day_begins(now, screen.station.clock_zone)
        screen.runner.read(
            lambda: screen.database.read(lambda session: queue_figures(session, moment, begins)),
            lambda figures: screen.take(figures=figures),
            lambda error: screen.failed(error, self.all),
        )

    def choices(self) -> None:
        """The filters there are."""
        screen, operator = self._screen, self._screen.station.operator_id

        def put(found: FilterChoices) -> None:
            screen.take(choices=found)

        screen.runner.read(
            lambda: screen.database.read(lambda session: filter_choices(session, operator)),
            put,
            lambda error: screen.failed(error, self.all),
        )

    def choose(self, order_id: int, then: Callable[[], None] | None = None) -> None:
        """Another order; `then` is done once it is there."""
        screen = self._screen
        screen.model = replace(screen.model, chosen=order_id, panel=Panel.NONE)
        self._then = None
        screen.publish()
        self._detail(then)

    def once_there(self, then: Callable[[], None]) -> None:
        """Done when the order that was chosen is read: the one before may still be on the screen."""
        self._then = then

    def _detail(self, first: Callable[[], None] | None = None) -> None:
        screen = self._screen
        chosen, now = screen.model.chosen, screen.clock()
        if chosen is None:
            screen.take(detail=None)
            return

        def put(found: OrderDetail | None) -> None:
            if screen.model.chosen != chosen:
                return
            screen.take(detail=found)
            waited, self._then = self._then, None
            then = first or waited
            if then is not None:
                then()

        screen.runner.read(
            lambda: screen.database.read(lambda session: order_detail(session, chosen, now)),
            put,
            lambda error: screen.failed(error, self.all),
        )
