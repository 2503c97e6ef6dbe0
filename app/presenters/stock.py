"""The Stock screen: what lies where, what moved last, and stock in hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import uuid4

from app.domain.barcodes import read_code
from app.domain.clock import Clock
from app.domain.commands import Command, command_of
from app.domain.documents import DocumentKind
from app.domain.outcomes import Change, Outcome, Result, done
from app.domain.words import say
from app.domain.work import StockWork
from app.models.database import Database, Session
from app.presenters import notices, stock_channels
from app.presenters import stock_parts as made
from app.presenters import stock_whole as whole
from app.presenters.orders_detail import CLOSE, SAVE
from app.presenters.runner import Runner
from app.presenters.state import parts, stock
from app.presenters.state.form import Notice
from app.presenters.state.sound import Sound
from app.presenters.station_info import StationInfo
from app.presenters.stock_model import CHANNELS, PLACES, ProductLook, StockModel
from app.queries.stock import (
    FoundProduct,
    Holding,
    PlaceStock,
    find_products,
    place_stock,
    product_stock,
)
from app.services import adjust, print_jobs
from app.services.identify import Named, NamedKind, identify
from app.services.promise import available_of

Looked = ProductLook | PlaceStock | tuple[FoundProduct, ...]
OnState = Callable[[stock.Stock], None]


class StockPresenter:
    """Implements Intents. `send` hands a code to the station, `send_text` a typed number or lot for what is in hand."""

    def __init__(
        self,
        database: Database,
        runner: Runner,
        station: StationInfo,
        clock: Clock,
        on_state: OnState,
        send: Callable[[str], None],
        send_text: Callable[[str], None],
        ring: notices.Ring = notices.silent,
    ) -> None:
        """Reads nothing until something is looked up."""
        self.database, self.runner, self.station, self.clock = database, runner, station, clock
        self._on_state, self._send, self._send_text, self._ring = on_state, send, send_text, ring
        self.model = StockModel()
        self._turn = 0
        self._again: Callable[[], None] | None = None

    # -- what the station tells

    def show(self) -> None:
        """The screen is entered."""
        self._publish()

    def seat(self, station: StationInfo) -> None:
        """Who works here now."""
        self.station = station
        self._publish()

    def enter(self, station: StationInfo, outcome: Outcome | None) -> None:
        """The screen is shown, because of an answer: a product or place that was scanned, or stock in hand."""
        self.station = station
        if outcome is not None:
            self.answered(outcome)
        self._publish()

    def leave(self) -> None:
        """Nothing runs on."""

    def answered(self, outcome: Outcome) -> None:
        """Every answer of the station while this screen is shown."""
        work = outcome.work if isinstance(outcome.work, StockWork) else None
        if outcome.result is Result.BLOCKED:
            again = self.model.blocked is not None
            since = self.model.refused_since + 1 if again else 0
            self._take(blocked=self.model.blocked or outcome, refused_since=since, work=work or self.model.work)
            return
        self.model = replace(self.model, blocked=None, refused_since=0, said=outcome)
        product, place = outcome.values.get("product_id"), outcome.values.get("location_id")
        if work is not None:
            self._take(work=work)
        elif outcome.code == "stock_desk.ended":
            self._take(work=None, said=None)
            self._look_again()
        elif outcome.code in made.FINISHED:
            self._take(work=None, product=None, place=None)
        elif isinstance(product, int):
            self._take(work=None, said=None)
            self.look_at_product(product)
        elif isinstance(place, int):
            self._take(work=None, said=None)
            self.look_at_place(place)
        else:
            self._publish()

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """What was told does not hold any more."""
        if self.model.said == told:
            self._take(said=instead)

    def minute(self) -> None:
        """Nothing here counts minutes."""

    def changed(self, changes: Sequence[Change]) -> None:
        """What is shown may have changed: it is read again."""
        product, place = self.model.product, self.model.place
        for change in changes:
            if product is not None and change == Change("product", product.product_id):
                self.look_at_product(product.product_id)
                return
            if place is not None and change.entity in ("product", "location"):
                self.look_at_place(place.location_id)
                return

    # -- looking up

    def look_at_product(self, product_id: int) -> None:
        """Shows a product."""
        warehouse, now = self.station.warehouse_id, self.clock()

        def look(session: Session) -> ProductLook | None:
            found = product_stock(session, product_id, warehouse)
            return None if found is None else ProductLook(found, available_of(session, product_id, now))

        self._read(lambda: self.database.read(look))

    def look_at_place(self, location_id: int) -> None:
        """Shows a place."""
        self._read(lambda: self.database.read(lambda session: place_stock(session, location_id)))

    def _look_again(self) -> None:
        if self.model.product is not None:
            self.look_at_product(self.model.product.product_id)
        elif self.model.place is not None:
            self.look_at_place(self.model.place.location_id)

    def _look_up(self, asked: str) -> None:
        code, warehouse = read_code(asked), self.station.warehouse_id

        def find() -> tuple[tuple[Named, ...], tuple[FoundProduct, ...]]:
            return self.database.read(
                lambda session: (identify(session, code, warehouse), find_products(session, asked))
            )

        def found(answer: tuple[tuple[Named, ...], tuple[FoundProduct, ...]]) -> None:
            named, products = answer
            for one in named:
                if one.kind is NamedKind.PRODUCT:
                    self.look_at_product(one.ref)
                    return
                if one.kind is NamedKind.LOCATION:
                    self.look_at_place(one.ref)
                    return
            if len(products) == 1:
                self.look_at_product(products[0].product_id)
            else:
                self._take(product=None, place=None, found=products, chosen="")

        self.model = replace(self.model, asked=asked, said=None, adjusting=None)
        self.runner.read(find, found, lambda error: self._failed(error, lambda: self._look_up(asked)))

    def _read(self, work: Callable[[], Looked | None]) -> None:
        self._turn += 1
        turn = self._turn

        def put(found: Looked | None) -> None:
            if turn != self._turn:
                return
            look = found if isinstance(found, ProductLook) else None
            place = found if isinstance(found, PlaceStock) else None
            self._take(
                product=look.stock if look else None, channels=look.channels if look else (), place=place, found=()
            )

        self.runner.read(work, put, lambda error: self._failed(error, lambda: self._read(work)))

    # -- Intents

    def scan(self, raw: str) -> None:
        """A code typed on purpose goes the way of a scan."""
        self._send(raw)

    def refused(self, code: str, reason: str) -> None:
        """Says why again, loudly."""
        self._ring(Sound.WRONG)
        self._take(notice=Notice(reason, parts.Family.WRONG, "prohibit"))

    def key(self, name: str) -> None:
        """Digits count while something is counted; Esc steps back."""
        if self.model.blocked is not None:
            if name == "Enter":
                self._send(Command.OK.code)
        elif self.model.work is not None and name.isdecimal():
            self._send(f"PW-{name}")
        elif name in ("1", "2") and self.model.product is not None:
            self._take(view=PLACES if name == "1" else CHANNELS, chosen="")
        elif name == "Esc":
            self._step_back()

    def typed(self, field: str, text: str, entered: bool) -> None:
        """The search, or a field of the form."""
        if field != "search":
            self.model = replace(self.model, typed={**self.model.typed, field: text}, wrong={})
            self._publish()
            if entered:
                self._adjust()
            return
        text = text.strip()
        if not entered or not text:
            return
        work = self.model.work
        if work is not None and text.isdecimal() and len(text) <= 6 and work.item is not None:
            self._send_text(text)
        elif work is not None:
            self._send(text)
        else:
            self._look_up(text)

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A row: a product that was found, a place of the product, a product at the place; or a tab."""
        if what == "tabs":
            self._take(view=key, chosen="")
            return
        self.model = replace(self.model, chosen=key)
        model = self.model
        if not opened or model.work is not None or (model.product is not None and model.view == CHANNELS):
            self._publish()
        elif model.product is not None:
            self._look_into(lambda holding: self.look_at_place(holding.location_id))
        elif model.place is not None:
            self._look_into(lambda holding: self.look_at_product(holding.product_id))
        else:
            self.look_at_product(int(key))

    def more(self, what: str) -> None:
        """Lists here end by themselves."""

    def command(self, code: str) -> None:
        """A button of this screen; what the floor knows goes to the station."""
        acts: dict[str, Callable[[], None]] = {
            Command.SHELF_LABEL.code: self._print_label,
            Command.ADJUST.code: self._begin_adjusting,
            SAVE: self._adjust,
            CLOSE: self._step_back,
            notices.DISMISS: lambda: self._take(notice=None),
            notices.RETRY: self._retry,
        }
        act = acts.get(code)
        if act is None:
            self._send(code)
        else:
            act()

    def local(self, raw: str) -> bool:
        """Does a scanned command that concerns this screen alone; False for every other code."""
        command = command_of(raw)
        if command not in (Command.SHELF_LABEL, Command.ADJUST) or self.model.work is not None:
            return False
        button = next(one for one in self.state().commands.commands if one.code == command.code)
        if button.reason:
            self.refused(command.code, button.reason)
        else:
            self.command(command.code)
        return True

    # -- deeds

    def _print_label(self) -> None:
        place = self._place_in_sight()
        if place is None:
            return
        code, caption = place
        actor = self.station.actor(self.clock())
        key, content = f"location-label:{uuid4().hex}", {"code": code, "caption": caption}

        def work() -> Outcome:
            self.database.write(
                lambda session: print_jobs.queue(session, actor, key, DocumentKind.LOCATION.value, content)
            )
            return done("stock_screen.label_queued", location=code)

        self._do(work)

    def _place_in_sight(self) -> tuple[str, str] | None:
        if self.model.place is not None:
            return self.model.place.code, made.kind_words(self.model.place.kind)
        holding = self._chosen_holding()
        return None if holding is None else (holding.location, made.kind_words(holding.kind))

    def _chosen_holding(self) -> Holding | None:
        model = self.model
        rows = model.product.places if model.product else model.place.goods if model.place else ()
        return next((one for one in rows if one.key == model.chosen), rows[0] if rows else None)

    def _look_into(self, look: Callable[[Holding], None]) -> None:
        holding = self._chosen_holding()
        if holding is not None:
            look(holding)

    def _begin_adjusting(self) -> None:
        holding = self._chosen_holding()
        if holding is not None:
            self._take(adjusting=holding, chosen=holding.key, typed={}, wrong={}, notice=None)

    def _adjust(self) -> None:
        holding = self.model.adjusting
        if holding is None:
            return
        told = self.model.typed.get("delta", "").strip().replace("−", "-")
        reason = self.model.typed.get("reason", "")
        if not (told[1:] if told[:1] in ("+", "-") else told).isdecimal() or len(told) > 7:
            self._take(wrong={"delta": say("stock_screen.adjust.bad_delta")})
            return
        if not reason.strip():
            self._take(wrong={"reason": say("orders.reason_missing")})
            return
        actor, delta = self.station.actor(self.clock()), int(told)
        self._do(
            lambda: self.database.write(
                lambda session: adjust.adjust(
                    session,
                    actor,
                    holding.product_id,
                    holding.location_id,
                    delta,
                    reason,
                    lot_id=holding.lot_id,
                    condition=holding.condition,
                )
            )
        )

    def _do(self, work: Callable[[], Outcome]) -> None:
        def answered(outcome: Outcome) -> None:
            sound = notices.ring_of(outcome)
            if sound is not None:
                self._ring(sound)
            self._take(notice=notices.notice_of(outcome), adjusting=self.model.adjusting if outcome.refused else None)
            self._look_again()

        self.runner.command(work, answered, lambda error: self._failed(error, lambda: self._do(work)))

    # -- state

    def _step_back(self) -> None:
        model = self.model
        if model.adjusting is not None or model.notice is not None:
            self._take(adjusting=None, notice=None)
        elif model.work is not None:
            self._send(Command.BACK.code)
        else:
            self._take(product=None, place=None, found=(), asked="", said=None)

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

    def _publish(self) -> None:
        self._on_state(self.state())

    def state(self) -> stock.Stock:
        """What the screen shows now."""
        model, now, zone = self.model, self.clock(), self.station.clock_zone
        moved = model.product.movements if model.product is not None and model.work is None else ()
        return stock.Stock(
            made.banner(model),
            whole.shown_table(model),
            made.commands(model, self.station),
            whole.subject(model),
            parts.CardHead(say("stock_screen.movements"), "clock"),
            tuple(made.movement(one, now, zone) for one in moved),
            whole.adjust_form(model),
            model.notice,
            whole.ack_bar(model),
            stock_channels.tabs(model) if model.product is not None and model.work is None else (),
        )
