"""The Orders place: its list, and the full pages of orders and customers that take its room while they are open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from app.domain.clock import Clock
from app.domain.commands import Command, command_of
from app.domain.outcomes import Change, Outcome
from app.domain.roles import Permission
from app.domain.words import say
from app.models.database import Database
from app.presenters import notices
from app.presenters.desk_pages import OrdersDesk
from app.presenters.office_desk import OfficeDesk
from app.presenters.orders import OrdersPresenter
from app.presenters.orders_customer import CustomerPage, CustomersFound
from app.presenters.orders_detail import CUSTOMER, EDIT, PAGE
from app.presenters.orders_edit import EditSheet
from app.presenters.orders_entry import NEW_ORDER, EntrySheet
from app.presenters.orders_page import OrderPage
from app.presenters.orders_sheet import BACK, WRITE, Sheet
from app.presenters.orders_state import LIST
from app.presenters.runner import Runner
from app.presenters.state import orders, orders_sheet, parts
from app.presenters.state.form import Notice
from app.presenters.state.sound import Sound
from app.presenters.station_info import StationInfo

FOUND = "customers-found"
AWHILE = 0.5
"""Seconds between two readings because of what others changed."""
Draw = Callable[[orders.Orders | orders_sheet.Sheet], None]


MakeOrders = Callable[[Callable[[orders.Orders], None]], OrdersPresenter]
"""Makes the presenter of the list, which draws where it is told to."""


class OrdersRoom:
    """Implements Intents and `desk_page.DeskPage`: what is on top hears what is pressed. Esc closes the top page."""

    def __init__(
        self,
        make_orders: MakeOrders,
        database: Database,
        runner: Runner,
        station: StationInfo,
        clock: Clock,
        draw: Draw,
        send: Callable[[str], None],
        exports: Path,
        ring: notices.Ring = notices.silent,
    ) -> None:
        """Reads nothing until it is entered."""
        self._draw, self._exports = draw, exports
        self._list: orders.Orders | None = None
        self.orders = make_orders(self._listed)
        self._orders_desk = OrdersDesk(self.orders)
        self.desk = OfficeDesk(database, runner, station, clock, self._publish, ring, send)
        self.sheets: list[Sheet] = []
        self._waiting = False

    @property
    def top(self) -> Sheet | None:
        """The page that is on top; None while the list is shown."""
        return self.sheets[-1] if self.sheets else None

    # -- what opens and closes pages

    def open_order(self, order_id: int, tab: str = "timeline") -> OrderPage:
        """The full page of an order, on top of what is shown."""
        page = OrderPage(self.desk, order_id, self.open_customer, self._exports, tab)
        self._push(page)
        return page

    def open_customer(self, customer_id: int) -> None:
        """The page of a customer."""
        self._push(CustomerPage(self.desk, customer_id, self.open_order_page, self.open_customer))

    def open_order_page(self, order_id: int) -> None:
        """An order of a customer."""
        self.open_order(order_id)

    def _push(self, page: Sheet) -> None:
        self.desk.notice = None
        self.sheets.append(page)
        page.show()
        self._publish()

    def _close(self) -> None:
        """The page below comes back, read anew; the list stands as it was left."""
        self.desk.notice = None
        self.sheets.pop()
        if self.top is not None:
            self.top.show()
        self._publish()

    def show_order(self, number: str) -> None:
        """The list with one order, or those that changed at their channel."""
        self.sheets.clear()
        self.orders.show_order(number)

    # -- DeskPage

    def enter(self, station: StationInfo, outcome: Outcome | None) -> None:
        """The page that was left open is read again; an order that was scanned is shown in the list."""
        self.desk.station = station
        if outcome is not None and isinstance(outcome.values.get("order_id"), int):
            self.sheets.clear()
        self._orders_desk.enter(station, outcome)
        if self.top is not None:
            self.top.show()
            self._publish()

    def leave(self) -> None:
        """Nothing runs on."""
        self._orders_desk.leave()

    def answered(self, outcome: Outcome) -> None:
        """The order that was scanned is shown in the list; a refusal is said where one looks."""
        if self.top is not None and not isinstance(outcome.values.get("order_id"), int):
            if outcome.refused:
                self.desk.notice = notices.notice_of(outcome)
                self._publish()
            return
        self.sheets.clear()
        self._orders_desk.answered(outcome)

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """What was told does not hold any more."""
        self.desk.notice = notices.without(self.desk.notice, told, instead)
        self._orders_desk.over(told, instead)
        if self.top is not None:
            self._publish()

    def changed(self, changes: Sequence[Change]) -> None:
        """Rows changed somewhere: what concerns the page on top is read again, at most once a while."""
        self._orders_desk.changed(changes)
        if self.top is not None and not self._waiting and self.top.concerns(changes):
            self._waiting = True
            self.desk.runner.later(AWHILE, self._look_again)

    def _look_again(self) -> None:
        self._waiting = False
        if self.top is not None:
            self.top.show()

    def minute(self) -> None:
        """The times that are left change."""
        self._orders_desk.minute()

    # -- Intents

    def scan(self, raw: str) -> None:
        """A code typed on purpose goes the way of a scan."""
        self.desk.send(raw)

    def refused(self, code: str, reason: str) -> None:
        """Says why again, loudly."""
        if self.top is None:
            self.orders.refused(code, reason)
            return
        self.desk.ring(Sound.WRONG)
        self.desk.notice = Notice(reason, parts.Family.WRONG, "prohibit", "", (notices.dismiss(),))
        self._publish()

    def key(self, name: str) -> None:
        """Esc steps back, a digit goes to a tab; the rest is the list's."""
        top = self.top
        if top is None:
            self.orders.key(name)
        elif name == "Esc":
            self._step_back(top)
        elif name.isdecimal():
            top.turn(int(name))
            self._publish()

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A field of what is on top."""
        if self.top is None:
            self.orders.typed(field, text, entered)
        else:
            self.top.typed(field, text, entered)
            self._publish()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A row, a tab of what is on top."""
        top = self.top
        if top is None and what == LIST and opened and not self.desk.station.may(Permission.PACK):
            self.orders.look_at(int(key))
            self.open_order(int(key))
        elif top is None:
            self.orders.choose(what, key, opened)
        else:
            top.choose(what, key, opened)
            self._publish()

    def more(self, what: str) -> None:
        """The next page of what is on top."""
        if self.top is None:
            self.orders.more(what)
        else:
            self.top.more()

    def command(self, code: str) -> None:
        """A button: pages open from the list, the page on top takes its own, the station the rest."""
        top = self.top
        if top is None:
            if not self._opens(code):
                self.orders.command(code)
        elif code in (BACK, Command.BACK.code):
            self._step_back(top)
        elif code == notices.DISMISS:
            self.desk.notice = None
            self._publish()
        elif code == notices.RETRY:
            again, self.desk.again, self.desk.notice = self.desk.again, None, None
            self._publish()
            if again is not None:
                again()
        elif code == EDIT and isinstance(top, OrderPage):
            self._push(EditSheet(self.desk, top.order_id))
        elif top.command(code):
            self._publish()
        else:
            self.desk.send(code)

    def local(self, raw: str) -> bool:
        """Does a scanned command that concerns this place alone; False for every other code."""
        if self.top is None:
            return self.orders.local(raw)
        if command_of(raw) is None and isinstance(self.top, EditSheet | EntrySheet):
            return self.top.scanned(raw)
        if command_of(raw) is not Command.BACK:
            return False
        self._step_back(self.top)
        return True

    def _opens(self, code: str) -> bool:
        """Opens a page for what is chosen in the list."""
        chosen, asked = self.orders.model.chosen, self.orders.model.asked.text.strip()
        if code == FOUND and asked:
            self._push(CustomersFound(self.desk, asked, self.open_customer))
        elif code in (PAGE, WRITE) and chosen is not None:
            page = self.open_order(chosen, "notes" if code == WRITE else "timeline")
            if code == WRITE:
                page.command(WRITE)
                self._publish()
        elif code == NEW_ORDER:
            self._push(EntrySheet(self.desk, self._entered))
        elif code == EDIT and chosen is not None:
            self._push(EditSheet(self.desk, chosen))
        elif code == CUSTOMER and self.orders.model.detail is not None:
            customer_id = self.orders.model.detail.customer_id
            if customer_id is None:
                self.orders.refused(code, say("customers.of_nobody"))
            else:
                self.open_customer(customer_id)
        else:
            return code in (PAGE, WRITE, CUSTOMER, FOUND, EDIT, NEW_ORDER)
        return True

    def _entered(self, number: str) -> None:
        """An order was typed in and taken: the list stands at it once the page is closed."""
        self.orders.show_order(number)

    def _step_back(self, top: Sheet) -> None:
        if top.back() or self._dismissed():
            self._publish()
        else:
            self._close()

    def _dismissed(self) -> bool:
        was, self.desk.notice = self.desk.notice, None
        return was is not None

    # -- state

    def _listed(self, state: orders.Orders) -> None:
        """A state of the list is kept while a page is on top, and drawn as soon as it is not."""
        self._list = state
        if self.top is None:
            self._draw(self._with_customers(state))

    def _with_customers(self, state: orders.Orders) -> orders.Orders:
        """A search has one more button: who stands behind what was found."""
        why = "" if self.desk.station.may(Permission.ENTER_ORDER) else say("orders.not.permitted")
        new = parts.Command(NEW_ORDER, say("entry.command"), "W", icon="plus", reason=why)
        state = replace(state, buttons=(new, *state.buttons))
        if not self.orders.model.asked.text.strip():
            return state
        found = parts.Command(FOUND, say("customers.found.command"), "U", icon="users")
        return replace(state, buttons=(*state.buttons, found))

    def _publish(self) -> None:
        top = self.top
        if top is not None:
            self._draw(top.state())
        elif self._list is not None:
            self._draw(self._with_customers(self._list))
