"""The Orders screen: finds, shows and opens orders, and does what the lead and the office do with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.barcodes import CodeKind, own_code
from app.domain.clock import Clock
from app.domain.commands import Command, command_of
from app.domain.outcomes import Change, Outcome
from app.domain.words import say
from app.models.database import Database
from app.presenters import notices, orders_detail, orders_filters
from app.presenters.orders_list import OrderList
from app.presenters.orders_model import OrdersModel, Panel
from app.presenters.orders_panels import OrderPanels
from app.presenters.orders_reading import OrdersReading, OrdersScreen
from app.presenters.orders_state import EARLIER, orders_state
from app.presenters.orders_state import LIST as LIST
from app.presenters.runner import Runner
from app.presenters.state import orders, parts
from app.presenters.state.form import Notice
from app.presenters.state.sound import Sound
from app.presenters.station_info import StationInfo
from app.queries.order_queue import QueueFilter, QueueView

_OWN = (
    Command.OPEN,
    Command.TAKE_OVER,
    Command.STOP_ORDER,
    Command.LIFT_HOLD,
    Command.PRIORITY,
    Command.CANCEL_ORDER,
    Command.REPRINT,
    Command.RELEASE,
)
_OF_AN_ORDER = frozenset({orders_detail.ADDRESS, *(one.code for one in _OWN if one is not Command.RELEASE)})
OnState = Callable[[orders.Orders], None]


class OrdersPresenter:
    """Implements Intents. `send` hands a code to the station as if it had been scanned: opening goes that way."""

    def __init__(
        self,
        database: Database,
        runner: Runner,
        station: StationInfo,
        clock: Clock,
        on_state: OnState,
        send: Callable[[str], None],
        ring: notices.Ring = notices.silent,
    ) -> None:
        """Reads nothing until `show`."""
        self.database = database
        self._on_state, self._send = on_state, send
        self._screen = OrdersScreen(OrdersModel(), database, runner, station, clock, self._publish, ring)
        self._reading = OrdersReading(self._screen)
        self._panels = OrderPanels(self._screen, self._reading)

    @property
    def model(self) -> OrdersModel:
        """What the screen knows."""
        return self._screen.model

    @property
    def list(self) -> OrderList:
        """The rows of the queue."""
        return self._reading.list

    # -- what the station tells

    def show(self) -> None:
        """The screen is entered: the list first, then the figures and the filters beside it."""
        self._reading.all()

    def seat(self, station: StationInfo) -> None:
        """Somebody else is signed in, or the station moved."""
        self._screen.station = station
        self._publish(rows=True)

    def tick(self) -> None:
        """A minute has passed: times left change, and so may figures."""
        self._publish(rows=True)
        self._reading.figures()

    def show_order(self, number: str) -> None:
        """Shows one order by its number; those that changed at their channel for an empty number."""
        self._reading.filter(QueueFilter(text=number) if number else QueueFilter(QueueView.CHANGED))
        self._reading.figures()
        self._reading.choices()

    def changed(self, changes: Sequence[Change]) -> None:
        """Rows changed somewhere. However many there are, what is shown is read again at most once a while."""
        self._reading.changed(changes)

    # -- Intents

    def scan(self, raw: str) -> None:
        """A code typed on purpose goes the way of a scan."""
        self._send(raw)

    def refused(self, code: str, reason: str) -> None:
        """Says why again, loudly."""
        self._screen.ring(Sound.WRONG)
        known = self.model.detail if code == Command.OPEN.code else None
        then = "" if known is None else orders_detail.what_then(known, self._screen.station)
        self._screen.take(notice=Notice(reason, parts.Family.WRONG, "prohibit", then))

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """What was told does not hold any more."""
        self._screen.take(notice=notices.without(self.model.notice, told, instead))

    def key(self, name: str) -> None:
        """Esc steps back; End goes to the very last row, Home to the first."""
        if name == "Esc":
            self._step_back()
        elif name == "End":
            self._reading.end()
        elif name == "Home":
            self._reading.home()
        elif name == "Enter" and self._screen.again is not None:
            self._screen.retry()

    def typed(self, field: str, text: str, entered: bool) -> None:
        """The search, or a field of the open form."""
        if field != "search":
            self._panels.typed(field, text, entered)
        elif entered or not text.strip() or len(text.strip()) >= 3:
            self._reading.search(text)

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A row of the list, a figure, a tab, a filter, or what a form is about."""
        if what == LIST:
            self._choose_order(int(key), opened)
        elif what in ("figures", "tabs"):
            if key != "other":
                self._reading.filter(QueueFilter(QueueView(key)))
        elif what == orders_filters.TABLE:
            self._panels.choose_filter(key, opened)
        elif what == "form":
            self._panels.about(key)

    def more(self, what: str) -> None:
        """The next page is wanted."""
        if what in (LIST, EARLIER):
            self._reading.more(earlier=what == EARLIER)

    def command(self, code: str) -> None:
        """A button of this screen, or a command that was scanned here.

        What concerns an order waits for the one that was just chosen: the one before may still be on the screen.
        """
        detail, chosen = self.model.detail, self.model.chosen
        if code in _OF_AN_ORDER and detail is not None and chosen is not None and detail.row.id != chosen:
            self._reading.once_there(lambda: self.command(code))
            return
        panels = self._panels
        acts: dict[str, Callable[[], None]] = {
            Command.OPEN.code: self._open,
            Command.TAKE_OVER.code: self._take_over,
            Command.STOP_ORDER.code: lambda: panels.open(Panel.HOLD),
            Command.LIFT_HOLD.code: lambda: panels.open(Panel.LIFT),
            Command.CANCEL_ORDER.code: lambda: panels.open(Panel.CANCEL),
            orders_detail.ADDRESS: panels.address,
            Command.REPRINT.code: panels.labels,
            Command.PRIORITY.code: panels.priority,
            Command.RELEASE.code: lambda: panels.open(Panel.RELEASE),
            "filter": lambda: panels.open(Panel.FILTERS),
            orders_detail.KEEP_FILTER: lambda: panels.open(Panel.KEEP),
            orders_detail.DROP_FILTER: panels.drop_filter,
            orders_detail.SAVE: panels.save,
            orders_detail.CLOSE: self._step_back,
            notices.DISMISS: lambda: self._screen.take(notice=None),
            notices.RETRY: self._screen.retry,
        }
        act = acts.get(code)
        if act is None:
            self._send(code)
            return
        act()

    def local(self, raw: str) -> bool:
        """Does a scanned command that concerns this screen alone; False for every other code.

        Who scans `PW-REL` means it: only a key, which a finger may hit, asks whether to release.
        """
        command = command_of(raw)
        if command not in _OWN:
            return False
        detail, station = self.state().detail, self._screen.station
        shown = () if detail is None else (detail.open, *detail.commands)
        button = next(
            (one for one in (orders_detail.release_command(station), *shown) if one.code == command.code), None
        )
        if button is None or button.reason:
            self.refused(command.code, button.reason if button is not None else say("orders.not.here"))
        elif command is Command.RELEASE:
            self._panels.release()
        else:
            self.command(command.code)
        return True

    # -- the chosen order

    def _choose_order(self, order_id: int, opened: bool) -> None:
        if order_id != self.model.chosen:
            self._reading.choose(order_id, self._enter if opened else None)
        elif opened:
            self._enter()

    def look_at(self, order_id: int) -> None:
        """Chooses an order and shows its detail where the list has the room alone; nothing is opened to pack."""
        self._choose_order(order_id, opened=False)
        self._screen.take(opened=True)

    def _enter(self) -> None:
        """Enter opens; where the list has the room alone, the first Enter shows the detail."""
        detail, screen = self.model.detail, self._screen
        if detail is None or (reason := orders_detail.why_not_open(detail, screen.station, screen.clock())):
            screen.take(opened=True)
            if detail is not None:
                self.refused(Command.OPEN.code, reason)
            return
        self._open()

    def _open(self) -> None:
        detail = self.model.detail
        if detail is None:
            return
        reason = orders_detail.why_not_open(detail, self._screen.station, self._screen.clock())
        if reason:
            self.refused(Command.OPEN.code, reason)
        elif detail.row.fulfillment_id is not None:
            self._send(own_code(CodeKind.FULFILLMENT, detail.row.fulfillment_id))
        else:
            self._send(detail.number)

    def _take_over(self) -> None:
        """Opens what somebody else has, then takes it: the station asks who may, and writes it down."""
        detail = self.model.detail
        if detail is None or detail.row.held_by is None or detail.row.fulfillment_id is None:
            return
        walk = detail.row.held_by.cart
        self._send(walk or own_code(CodeKind.FULFILLMENT, detail.row.fulfillment_id))
        self._send(Command.TAKE_OVER.code)

    # -- state

    def _step_back(self) -> None:
        self._screen.again = None
        if self._panels.back():
            return
        if self.model.notice is not None:
            self._screen.take(notice=None)
        elif self.model.opened:
            self._screen.take(opened=False)
        elif self.model.asked != QueueFilter():
            self._reading.filter(QueueFilter())

    def _publish(self, *, rows: bool = False) -> None:
        if rows:
            self.list.redraw(self._screen.station)
        self._on_state(self.state())

    def state(self) -> orders.Orders:
        """What the screen shows now."""
        return orders_state(self.model, self.list, self._screen.station, self._screen.clock())
