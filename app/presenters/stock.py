"""The Stock screen: what lies where, what moved last, and stock in hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.domain.clock import Clock
from app.domain.commands import Command, command_of
from app.domain.outcomes import Change, Outcome, Result
from app.domain.words import say
from app.domain.work import StockWork
from app.models.database import Database
from app.presenters import notices, stock_channels
from app.presenters import stock_parts as made
from app.presenters import stock_whole as whole
from app.presenters.orders_detail import CLOSE, SAVE
from app.presenters.runner import Runner
from app.presenters.state import parts, stock
from app.presenters.state.form import Notice
from app.presenters.state.sound import Sound
from app.presenters.station_info import StationInfo
from app.presenters.stock_deeds import StockDeeds
from app.presenters.stock_looks import StockLooks, StockScreen
from app.presenters.stock_model import CHANNELS, PLACES, StockModel
from app.queries.stock import Holding

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
        self._on_state, self._send, self._send_text = on_state, send, send_text
        self._screen = StockScreen(StockModel(), database, runner, station, clock, self._publish, ring)
        self._looks = StockLooks(self._screen)
        self._deeds = StockDeeds(self._screen, self._looks)

    @property
    def model(self) -> StockModel:
        """What the screen knows."""
        return self._screen.model

    # -- what the station tells

    def show(self) -> None:
        """The screen is entered."""
        self._publish()

    def seat(self, station: StationInfo) -> None:
        """Who works here now."""
        self._screen.station = station
        self._publish()

    def enter(self, station: StationInfo, outcome: Outcome | None) -> None:
        """The screen is shown, because of an answer: a product or place that was scanned, or stock in hand."""
        self._screen.station = station
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
            self._screen.take(blocked=self.model.blocked or outcome, refused_since=since, work=work or self.model.work)
            return
        self._screen.model = replace(self.model, blocked=None, refused_since=0, said=outcome)
        product, place = outcome.values.get("product_id"), outcome.values.get("location_id")
        if work is not None:
            self._screen.take(work=work)
        elif outcome.code == "stock_desk.ended":
            self._screen.take(work=None, said=None)
            self._looks.again()
        elif outcome.code in made.FINISHED:
            self._screen.take(work=None, product=None, place=None)
        elif isinstance(product, int):
            self._screen.take(work=None, said=None)
            self._looks.at_product(product)
        elif isinstance(place, int):
            self._screen.take(work=None, said=None)
            self._looks.at_place(place)
        else:
            self._publish()

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """What was told does not hold any more."""
        if self.model.said == told:
            self._screen.take(said=instead)

    def minute(self) -> None:
        """Nothing here counts minutes."""

    def changed(self, changes: Sequence[Change]) -> None:
        """What is shown may have changed: it is read again."""
        self._looks.changed(changes)

    # -- Intents

    def scan(self, raw: str) -> None:
        """A code typed on purpose goes the way of a scan."""
        self._send(raw)

    def refused(self, code: str, reason: str) -> None:
        """Says why again, loudly."""
        self._screen.ring(Sound.WRONG)
        self._screen.take(notice=Notice(reason, parts.Family.WRONG, "prohibit"))

    def key(self, name: str) -> None:
        """Digits count while something is counted; Esc steps back."""
        if self.model.blocked is not None:
            if name == "Enter":
                self._send(Command.OK.code)
        elif self.model.work is not None and name.isdecimal():
            self._send(f"PW-{name}")
        elif name in ("1", "2") and self.model.product is not None:
            self._screen.take(view=PLACES if name == "1" else CHANNELS, chosen="")
        elif name == "Esc":
            self._step_back()

    def typed(self, field: str, text: str, entered: bool) -> None:
        """The search, or a field of the form."""
        if field != "search":
            self._screen.model = replace(self.model, typed={**self.model.typed, field: text}, wrong={})
            self._publish()
            if entered:
                self._deeds.adjust()
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
            self._looks.up(text)

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A row: a product that was found, a place of the product, a product at the place; or a tab."""
        if what == "tabs":
            self._screen.take(view=key, chosen="")
            return
        self._screen.model = replace(self.model, chosen=key)
        model = self.model
        if not opened or model.work is not None or (model.product is not None and model.view == CHANNELS):
            self._publish()
        elif model.product is not None:
            self._look_into(lambda holding: self._looks.at_place(holding.location_id))
        elif model.place is not None:
            self._look_into(lambda holding: self._looks.at_product(holding.product_id))
        else:
            self._looks.at_product(int(key))

    def more(self, what: str) -> None:
        """Lists here end by themselves."""

    def command(self, code: str) -> None:
        """A button of this screen; what the floor knows goes to the station."""
        acts: dict[str, Callable[[], None]] = {
            Command.SHELF_LABEL.code: self._deeds.print_label,
            Command.ADJUST.code: self._deeds.begin_adjusting,
            SAVE: self._deeds.adjust,
            CLOSE: self._step_back,
            notices.DISMISS: lambda: self._screen.take(notice=None),
            notices.RETRY: self._screen.retry,
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

    def _look_into(self, look: Callable[[Holding], None]) -> None:
        holding = self._deeds.chosen()
        if holding is not None:
            look(holding)

    # -- state

    def _step_back(self) -> None:
        model = self.model
        if model.adjusting is not None or model.notice is not None:
            self._screen.take(adjusting=None, notice=None)
        elif model.work is not None:
            self._send(Command.BACK.code)
        else:
            self._screen.take(product=None, place=None, found=(), asked="", said=None)

    def _publish(self) -> None:
        self._on_state(self.state())

    def state(self) -> stock.Stock:
        """What the screen shows now."""
        model, now, zone = self.model, self._screen.clock(), self._screen.station.clock_zone
        moved = model.product.movements if model.product is not None and model.work is None else ()
        return stock.Stock(
            made.banner(model),
            whole.shown_table(model),
            made.commands(model, self._screen.station),
            whole.subject(model),
            parts.CardHead(say("stock_screen.movements"), "clock"),
            tuple(made.movement(one, now, zone) for one in moved),
            whole.adjust_form(model),
            model.notice,
            whole.ack_bar(model),
            stock_channels.tabs(model) if model.product is not None and model.work is None else (),
        )
