"""The Orders screen: finds, shows and opens orders, and does what the lead and the office do with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.domain.barcodes import CodeKind, own_code
from app.domain.clock import Clock
from app.domain.commands import Command, command_of
from app.domain.outcomes import Change, Outcome
from app.domain.words import say
from app.models.database import Database
from app.presenters import notices, orders_detail, orders_filters
from app.presenters.orders_deeds import OrderDeeds
from app.presenters.orders_list import OrderList
from app.presenters.orders_model import OrdersModel, Panel, day_begins, queue_moment
from app.presenters.orders_state import EARLIER, orders_state
from app.presenters.orders_state import LIST as LIST
from app.presenters.runner import Runner
from app.presenters.state import orders, parts
from app.presenters.state.form import Notice
from app.presenters.state.sound import Sound
from app.presenters.station_info import StationInfo
from app.queries.figures import queue_figures
from app.queries.order_detail import OrderDetail, order_detail
from app.queries.order_queue import PAGE, QueueFilter, QueueView
from app.queries.queue_filters import FilterChoices, filter_choices

AWHILE = 0.5
"""Seconds between two readings because of what others changed."""
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
_SHOWN = ("order", "fulfillment", "pick_list", "package", "claim")
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
        self.database, self.runner, self.station, self.clock = database, runner, station, clock
        self._on_state, self._send, self._ring = on_state, send, ring
        self.model = OrdersModel()
        self._deeds = OrderDeeds(database, clock)
        self.list = OrderList(database, runner, clock, self._listed, lambda error: self._failed(error, self.show))
        self._again: Callable[[], None] | None = None
        self._touched: set[int] = set()
        self._waiting = False
        self._early = ""

    # -- what the station tells

    def show(self) -> None:
        """The screen is entered: the list first, then the figures and the filters beside it."""
        self._read_list()
        self._read_figures()
        self._read_choices()

    def seat(self, station: StationInfo) -> None:
        """Somebody else is signed in, or the station moved."""
        self.station = station
        self._publish(rows=True)

    def tick(self) -> None:
        """A minute has passed: times left change, and so may figures."""
        self._publish(rows=True)
        self._read_figures()

    def show_order(self, number: str) -> None:
        """Shows one order by its number; those that changed at their channel for an empty number."""
        self._filter(QueueFilter(text=number) if number else QueueFilter(QueueView.CHANGED))
        self._read_figures()
        self._read_choices()

    def changed(self, changes: Sequence[Change]) -> None:
        """Rows changed somewhere. However many there are, what is shown is read again at most once a while."""
        self._touched |= {change.entity_id for change in changes if change.entity == "order"}
        if not self._waiting and any(change.entity in _SHOWN for change in changes):
            self._waiting = True
            self.runner.later(AWHILE, self._look_again)

    def _look_again(self) -> None:
        touched, self._touched, self._waiting = sorted(self._touched), set(), False
        self._reread(touched)

    def _reread(self, order_ids: Sequence[int]) -> None:
        """What is shown of these orders is read again, and the first page when it is in sight."""
        if len(self.list.rows) <= 2 * PAGE:
            self._read_list(keep=True)
        else:
            known = [order_id for order_id in order_ids if self.list.index_of(order_id) >= 0]
            if known:
                self.list.refresh(known[:PAGE], self.station)
        if self.model.chosen in order_ids:
            self._read_detail()
        self._read_figures()

    # -- Intents

    def scan(self, raw: str) -> None:
        """A code typed on purpose goes the way of a scan."""
        self._send(raw)

    def refused(self, code: str, reason: str) -> None:
        """Says why again, loudly."""
        self._ring(Sound.WRONG)
        known = self.model.detail if code == Command.OPEN.code else None
        then = "" if known is None else orders_detail.what_then(known, self.station)
        self._take(notice=Notice(reason, parts.Family.WRONG, "prohibit", then))

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """What was told does not hold any more."""
        self._take(notice=notices.without(self.model.notice, told, instead))

    def key(self, name: str) -> None:
        """Esc steps back; End goes to the very last row, Home to the first."""
        if name == "Esc":
            self._step_back()
        elif name == "End":
            self.model = replace(self.model, chosen=None)
            self.list.to_end(self.model.asked, self.station)
        elif name == "Home":
            self.model = replace(self.model, chosen=None)
            self._read_list()
        elif name == "Enter" and self._again is not None:
            self._retry()

    def typed(self, field: str, text: str, entered: bool) -> None:
        """The search, or a field of the open form."""
        if field == "search":
            if entered or not text.strip() or len(text.strip()) >= 3:
                self._search(text)
            else:
                self.model = replace(self.model, asked=replace(self.model.asked, text=self.model.asked.text))
            return
        self.model = replace(self.model, typed={**self.model.typed, field: text})
        if self.model.panel is Panel.ADDRESS and self.model.wrong:
            self._judge_address()
        self._publish()
        if entered:
            self._save()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A row of the list, a figure, a tab, a filter, or what a form is about."""
        if what == LIST:
            self._choose_order(int(key), opened)
        elif what in ("figures", "tabs"):
            if key != "other":
                self._filter(QueueFilter(QueueView(key)))
        elif what == orders_filters.TABLE:
            self._choose_filter(key, opened)
        elif what == "form" and self.model.panel is Panel.LIFT and self.model.detail is not None:
            kind = next((hold.kind for hold in self.model.detail.holds if hold.kind.value == key), None)
            self._take(hold_kind=kind)
        elif what == "form":
            self._take(typed={**self.model.typed, "parcel": key})

    def more(self, what: str) -> None:
        """The next page is wanted."""
        if what == LIST:
            self.list.more(self.model.asked, self.station)
        elif what == EARLIER:
            self.list.before(self.model.asked, self.station)

    def command(self, code: str) -> None:
        """A button of this screen, or a command that was scanned here.

        What concerns an order waits for the one that was just chosen: the one before may still be on the screen.
        """
        detail, chosen = self.model.detail, self.model.chosen
        if code in _OF_AN_ORDER and detail is not None and chosen is not None and detail.row.id != chosen:
            self._early = code
            return
        acts: dict[str, Callable[[], None]] = {
            Command.OPEN.code: self._open,
            Command.TAKE_OVER.code: self._take_over,
            Command.STOP_ORDER.code: lambda: self._panel(Panel.HOLD),
            Command.LIFT_HOLD.code: lambda: self._panel(Panel.LIFT),
            Command.CANCEL_ORDER.code: lambda: self._panel(Panel.CANCEL),
            orders_detail.ADDRESS: self._edit_address,
            Command.REPRINT.code: self._reprint,
            Command.PRIORITY.code: self._priority,
            Command.RELEASE.code: self._release,
            "filter": lambda: self._panel(Panel.FILTERS),
            orders_detail.KEEP_FILTER: lambda: self._panel(Panel.KEEP),
            orders_detail.DROP_FILTER: self._drop_filter,
            orders_detail.SAVE: self._save,
            orders_detail.CLOSE: self._step_back,
            notices.DISMISS: lambda: self._take(notice=None),
            notices.RETRY: self._retry,
        }
        act = acts.get(code)
        if act is None:
            self._send(code)
            return
        act()

    def local(self, raw: str) -> bool:
        """Does a scanned command that concerns this screen alone; False for every other code."""
        command = command_of(raw)
        if command not in _OWN:
            return False
        detail = self.state().detail
        shown = () if detail is None else (detail.open, *detail.commands)
        everywhere = orders_detail.release_command(self.station)
        button = next((one for one in (everywhere, *shown) if one.code == command.code), None)
        if button is not None and not button.reason:
            self.command(command.code)
        else:
            self.refused(command.code, button.reason if button is not None else say("orders.not.here"))
        return True

    # -- the list

    def _filter(self, asked: QueueFilter, name: str = "") -> None:
        self.model = replace(self.model, asked=asked, kept_name=name, chosen=None, detail=None, opened=False)
        self.list.clear()
        self._read_list()

    def _search(self, text: str) -> None:
        if text.strip() != self.model.asked.text:
            self._filter(replace(QueueFilter(), text=text.strip()))

    def _read_list(self, *, keep: bool = False) -> None:
        self.list.read(self.model.asked, self.station, keep=keep)
        self._publish()

    def _listed(self) -> None:
        """Rows came: the first is chosen when none is yet, the last at the end. What is chosen stays in sight."""
        if self.model.chosen is None and not self.list.loading:
            rows = self.list.rows
            at = -1 if self.list.earlier is not None else 0
            self.model = replace(self.model, chosen=rows[at].id if rows else None, detail=None)
            self._read_detail()
        self._publish()

    def _read_figures(self) -> None:
        now = self.clock()
        moment, begins = queue_moment(self.station, now), day_begins(now, self.station.clock_zone)
        self.runner.read(
            lambda: self.database.read(lambda session: queue_figures(session, moment, begins)),
            lambda figures: self._take(figures=figures),
            lambda error: self._failed(error, self.show),
        )

    def _read_choices(self) -> None:
        operator = self.station.operator_id

        def put(found: FilterChoices) -> None:
            self._take(choices=found)

        self.runner.read(
            lambda: self.database.read(lambda session: filter_choices(session, operator)),
            put,
            lambda error: self._failed(error, self.show),
        )

    # -- the chosen order

    def _choose_order(self, order_id: int, opened: bool) -> None:
        if order_id != self.model.chosen:
            self.model = replace(self.model, chosen=order_id, panel=Panel.NONE)
            self._early = ""
            self._publish()
            self._read_detail(open_then=opened)
        elif opened:
            self._enter()

    def look_at(self, order_id: int) -> None:
        """Chooses an order and shows its detail where the list has the room alone; nothing is opened to pack."""
        self._choose_order(order_id, opened=False)
        self._take(opened=True)

    def _enter(self) -> None:
        """Enter opens; where the list has the room alone, the first Enter shows the detail."""
        detail = self.model.detail
        if detail is None or (reason := orders_detail.why_not_open(detail, self.station, self.clock())):
            self._take(opened=True)
            if detail is not None:
                self.refused(Command.OPEN.code, reason)
            return
        self._open()

    def _read_detail(self, *, open_then: bool = False) -> None:
        chosen, now = self.model.chosen, self.clock()
        if chosen is None:
            self._take(detail=None)
            return

        def put(found: OrderDetail | None) -> None:
            if self.model.chosen == chosen:
                self._take(detail=found)
                early, self._early = self._early, ""
                if open_then:
                    self._enter()
                elif early:
                    self.command(early)

        self.runner.read(
            lambda: self.database.read(lambda session: order_detail(session, chosen, now)),
            put,
            lambda error: self._failed(error, self.show),
        )

    def _open(self) -> None:
        detail = self.model.detail
        if detail is None:
            return
        reason = orders_detail.why_not_open(detail, self.station, self.clock())
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

    # -- deeds

    def _panel(self, panel: Panel) -> None:
        model = self.model
        keeps = panel in (Panel.FILTERS, Panel.KEEP)
        if not keeps and (model.detail is None or (panel is Panel.LIFT and not model.detail.holds)):
            return
        if panel is model.panel is Panel.FILTERS:
            panel = Panel.NONE
        self.model = replace(model.with_panel(panel), hold_kind=None, notice=None)
        self._publish()

    def _edit_address(self) -> None:
        detail = self.model.detail
        if detail is None:
            return
        texts = {name: str(getattr(detail.address, name)) for name in orders_detail.ADDRESS_FIELDS}
        self.model = self.model.with_panel(Panel.ADDRESS, **texts)
        self._judge_address()
        self._publish()

    def _judge_address(self) -> None:
        if self.model.detail is not None:
            wrong = orders_detail.address_faults(self.model.detail, dict(self.model.typed))
            self.model = replace(self.model, wrong=wrong)

    def _save(self) -> None:
        model, detail = self.model, self.model.detail
        if model.panel is Panel.KEEP:
            name, kept = model.typed.get("name", ""), model.asked.to_json()
            self._do(lambda: self._deeds.keep_filter(self.station, name, kept), self._read_choices)
            return
        if detail is None:
            return
        order_id, reason = detail.row.id, model.typed.get("reason", "").strip()
        if model.panel is Panel.REPRINT:
            self._reprint_parcel(int(model.typed.get("parcel", "0")))
        elif model.panel is Panel.ADDRESS:
            fields = {name: model.typed.get(name, "") for name in orders_detail.ADDRESS_FIELDS}
            seen = self.model.seen
            self._do(lambda: self._deeds.mend_address(self.station, order_id, fields, reason, seen))
        elif not reason:
            self._ring(Sound.WRONG)
            self._take(wrong={"reason": say("orders.reason_missing")})
        elif model.panel is Panel.HOLD:
            self._do(lambda: self._deeds.hold(self.station, order_id, reason))
        elif model.panel is Panel.CANCEL:
            seen = self.model.seen
            self._do(lambda: self._deeds.cancel(self.station, order_id, reason, seen))
        elif model.panel is Panel.LIFT:
            kind = model.hold_kind or detail.holds[0].kind
            self._do(lambda: self._deeds.lift(self.station, order_id, kind, reason))

    def _priority(self) -> None:
        detail = self.model.detail
        if detail is not None:
            order_id, priority = detail.row.id, 5 if detail.row.priority < 5 else 1
            self._do(lambda: self._deeds.priority(self.station, order_id, priority))

    def _reprint(self) -> None:
        detail = self.model.detail
        labelled = [parcel for parcel in detail.parcels if parcel.tracking_number] if detail else []
        if len(labelled) == 1:
            self._reprint_parcel(labelled[0].package_id)
        elif labelled:
            self.model = self.model.with_panel(Panel.REPRINT, parcel=str(labelled[0].package_id))
            self._publish()

    def _reprint_parcel(self, package_id: int) -> None:
        number = self.model.detail.number if self.model.detail else ""
        self._do(lambda: self._deeds.reprint(self.station, package_id, number))

    def _release(self) -> None:
        self._do(lambda: self._deeds.release(self.station), lambda: self._read_list(keep=True))

    def _drop_filter(self) -> None:
        what, _, key = self.model.filter_row.partition(":")
        if what == "kept":
            self.model = replace(self.model, filter_row="")
            self._do(lambda: self._deeds.drop_filter(self.station, int(key)), self._read_choices)

    def _choose_filter(self, key: str, opened: bool) -> None:
        self.model = replace(self.model, filter_row=key)
        if opened:
            asked, name = orders_filters.chosen_filter(self.model, key)
            self.model = replace(self.model, panel=Panel.NONE)
            self._filter(asked, name)
        else:
            self._publish()

    def _do(self, work: Callable[[], Outcome], then: Callable[[], None] | None = None) -> None:
        """One deed on the worker that keeps the order; its answer stays in sight."""

        def answered(outcome: Outcome) -> None:
            sound = notices.ring_of(outcome)
            if sound is not None:
                self._ring(sound)
            panel = self.model.panel if outcome.refused else Panel.NONE
            self._again = None
            self._take(notice=notices.notice_of(outcome), panel=panel, wrong={})
            if then is not None:
                then()
            self._reread([self.model.chosen] if self.model.chosen is not None else [])

        self.runner.command(work, answered, lambda error: self._failed(error, lambda: self._do(work, then)))

    # -- state

    def _step_back(self) -> None:
        model = self.model
        self._again = None
        if model.panel is Panel.KEEP:
            self._take(panel=Panel.FILTERS, notice=None)
        elif model.panel is not Panel.NONE:
            self._take(panel=Panel.NONE, notice=None, wrong={})
        elif model.notice is not None:
            self._take(notice=None)
        elif model.opened:
            self._take(opened=False)
        elif model.asked != QueueFilter():
            self._filter(QueueFilter())

    def _failed(self, error: Exception, again: Callable[[], None]) -> None:
        self._again = again
        self._ring(Sound.ATTENTION)
        self._take(notice=notices.failure(error))

    def _retry(self) -> None:
        again, self._again = self._again, None
        self._take(notice=None)
        if again is not None:
            again()

    def _take(self, **values: object) -> None:
        self.model = replace(self.model, **values)  # type: ignore[arg-type]
        self._publish()

    def _publish(self, *, rows: bool = False) -> None:
        if rows:
            self.list.redraw(self.station)
        self._on_state(self.state())

    def state(self) -> orders.Orders:
        """What the screen shows now."""
        return orders_state(self.model, self.list, self.station, self.clock())
