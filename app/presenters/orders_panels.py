"""The forms beside the queue and what they save: each deed asks first, for one letter on the keyboard opens it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.domain.outcomes import Outcome
from app.domain.states import HoldKind
from app.domain.words import say
from app.presenters import notices, orders_detail, orders_filters, orders_forms
from app.presenters.orders_deeds import OrderDeeds
from app.presenters.orders_model import OrdersModel, Panel
from app.presenters.orders_reading import OrdersReading, OrdersScreen
from app.presenters.state.sound import Sound
from app.queries.order_detail import OrderDetail

_ANYWHERE = (Panel.FILTERS, Panel.KEEP, Panel.RELEASE)
"""They concern no order."""


class OrderPanels:
    """What stands at the right in place of the detail, and the deeds of its buttons."""

    def __init__(self, screen: OrdersScreen, reading: OrdersReading) -> None:
        """Nothing is open yet."""
        self._screen, self._reading = screen, reading
        self._deeds = OrderDeeds(screen.database, screen.clock)

    def open(self, panel: Panel) -> None:
        """Opens a panel; the filters' own button closes them again."""
        model = self._screen.model
        if panel not in _ANYWHERE and (model.detail is None or (panel is Panel.LIFT and not model.detail.holds)):
            return
        if panel is model.panel is Panel.FILTERS:
            panel = Panel.NONE
        self._screen.model = replace(model.with_panel(panel), hold_kind=None, notice=None)
        self._screen.publish()

    def address(self) -> None:
        """Where the order goes, with what is wrong about it."""
        screen, known = self._screen, self._screen.model.detail
        if known is None:
            return
        texts = {name: str(getattr(known.address, name)) for name in orders_detail.ADDRESS_FIELDS}
        screen.model = screen.model.with_panel(Panel.ADDRESS, **texts)
        self._judge_address()
        screen.publish()

    def labels(self) -> None:
        """Which label is printed again; nothing for an order without any."""
        known = self._screen.model.detail
        labelled = [parcel for parcel in known.parcels if parcel.tracking_number] if known else []
        if labelled:
            self._screen.model = self._screen.model.with_panel(Panel.REPRINT, parcel=str(labelled[0].package_id))
            self._screen.publish()

    def typed(self, field: str, text: str, entered: bool) -> None:
        """A field of the open form; Enter in it saves."""
        screen = self._screen
        screen.model = replace(screen.model, typed={**screen.model.typed, field: text})
        if screen.model.panel is Panel.ADDRESS and screen.model.wrong:
            self._judge_address()
        screen.publish()
        if entered:
            self.save()

    def about(self, key: str) -> None:
        """What the form is about: which hold, or which parcel."""
        model = self._screen.model
        if model.panel is Panel.LIFT and model.detail is not None:
            self._screen.take(hold_kind=_hold_kind(model.detail, key))
        else:
            self._screen.take(typed={**model.typed, "parcel": key})

    def choose_filter(self, key: str, opened: bool) -> None:
        """A row of the filters; opened it takes the list's place."""
        screen = self._screen
        screen.model = replace(screen.model, filter_row=key)
        if opened:
            asked, name = orders_filters.chosen_filter(screen.model, key)
            screen.model = replace(screen.model, panel=Panel.NONE)
            self._reading.filter(asked, name)
        else:
            screen.publish()

    def drop_filter(self) -> None:
        """Forgets the kept filter that is chosen."""
        screen = self._screen
        what, _, key = screen.model.filter_row.partition(":")
        if what == "kept":
            screen.model = replace(screen.model, filter_row="")
            self._do(lambda: self._deeds.drop_filter(screen.station, int(key)), self._reading.choices)

    def back(self) -> bool:
        """Closes what is open, one step at a time; says whether anything was."""
        model = self._screen.model
        if model.sure:
            self._screen.take(sure=False)
        elif model.panel is Panel.KEEP:
            self._screen.take(panel=Panel.FILTERS, notice=None)
        elif model.panel is not Panel.NONE:
            self._screen.take(panel=Panel.NONE, notice=None, wrong={})
        else:
            return False
        return True

    # -- deeds

    def save(self) -> None:
        """Does what the open form asks for; what can't be taken back asks a second time."""
        screen, model, known = self._screen, self._screen.model, self._screen.model.detail
        if model.panel is Panel.KEEP:
            name, kept = model.typed.get("name", ""), model.asked.to_json()
            self._do(lambda: self._deeds.keep_filter(screen.station, name, kept), self._reading.choices)
        elif model.panel is Panel.RELEASE:
            self.release()
        elif known is None:
            return
        elif model.panel is Panel.REPRINT:
            self.reprint(int(model.typed.get("parcel", "0")))
        elif model.panel is not Panel.ADDRESS and not model.typed.get("reason", "").strip():
            screen.ring(Sound.WRONG)
            screen.take(wrong={"reason": say("orders.reason_missing")})
        elif orders_forms.asks_twice(model, known) and not model.sure:
            screen.take(sure=True, notice=None, wrong={})
        else:
            self._save_order(model, known)

    def _save_order(self, model: OrdersModel, known: OrderDetail) -> None:
        station, order_id, seen = self._screen.station, known.row.id, model.seen
        reason, deeds = model.typed.get("reason", "").strip(), self._deeds
        if model.panel is Panel.ADDRESS:
            fields = {name: model.typed.get(name, "") for name in orders_detail.ADDRESS_FIELDS}
            self._do(lambda: deeds.mend_address(station, order_id, fields, reason, seen))
        elif model.panel is Panel.HOLD:
            self._do(lambda: deeds.hold(station, order_id, reason))
        elif model.panel is Panel.CANCEL:
            self._do(lambda: deeds.cancel(station, order_id, reason, seen))
        elif model.panel is Panel.LIFT:
            kind = model.hold_kind or known.holds[0].kind
            self._do(lambda: deeds.lift(station, order_id, kind, reason))

    def priority(self) -> None:
        """First, or its normal turn again."""
        known = self._screen.model.detail
        if known is not None:
            order_id, priority = known.row.id, 5 if known.row.priority < 5 else 1
            self._do(lambda: self._deeds.priority(self._screen.station, order_id, priority))

    def reprint(self, package_id: int) -> None:
        """The label of a parcel again."""
        number = self._screen.model.detail.number if self._screen.model.detail else ""
        self._do(lambda: self._deeds.reprint(self._screen.station, package_id, number))

    def release(self) -> None:
        """Sends all that is ready to the pickers."""
        self._do(lambda: self._deeds.release(self._screen.station), lambda: self._reading.queue(keep=True))

    def _judge_address(self) -> None:
        model = self._screen.model
        if model.detail is not None:
            wrong = orders_forms.address_faults(model.detail, dict(model.typed))
            self._screen.model = replace(model, wrong=wrong)

    def _do(self, work: Callable[[], Outcome], then: Callable[[], None] | None = None) -> None:
        """One deed on the worker that keeps the order; its answer stays in sight."""
        screen = self._screen

        def answered(outcome: Outcome) -> None:
            sound = notices.ring_of(outcome)
            if sound is not None:
                screen.ring(sound)
            panel = screen.model.panel if outcome.refused else Panel.NONE
            screen.again = None
            screen.take(notice=notices.notice_of(outcome), panel=panel, sure=False, wrong={})
            if then is not None:
                then()
            self._reading.again([screen.model.chosen] if screen.model.chosen is not None else [])

        screen.runner.command(work, answered, lambda error: screen.failed(error, lambda: self._do(work, then)))


def _hold_kind(known: OrderDetail, key: str) -> HoldKind | None:
    return next((hold.kind for hold in known.holds if hold.kind.value == key), None)
