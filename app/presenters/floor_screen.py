"""The lead's floor: how the day stands, who works at what, and what needs a decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.domain.clock import Clock
from app.domain.commands import Command, command_of
from app.domain.outcomes import Change, Outcome, Result
from app.domain.words import say
from app.models.database import Database
from app.presenters import floor_screen_needs as needs_of
from app.presenters import floor_screen_parts as made
from app.presenters import floor_screen_people as people_of
from app.presenters import notices
from app.presenters.floor_screen_deeds import LOOKS, Deed, DeedKind, FloorDeeds, FloorLooks
from app.presenters.floor_screen_model import FloorLook, FloorModel, look_at_floor
from app.presenters.floor_screen_needs import Act, Item
from app.presenters.orders_model import day_begins
from app.presenters.runner import Runner
from app.presenters.state import floor, parts
from app.presenters.state.form import Notice
from app.presenters.state.sound import Sound
from app.presenters.station_info import StationInfo
from app.queries.floor import FloorMoment

AWHILE = 0.7
"""Seconds between two readings because of what others changed."""
_SHOWN = frozenset({"order", "fulfillment", "pick_list", "package", "label", "print_job", "claim", "return",
                    "import_run", "operator"})  # fmt: skip
_FIRST_OF = {Command.LIFT_HOLD: "hold:", Command.RESUME: "parked:", Command.TAKE_OVER: "left:"}


class FloorPresenter:
    """Implements Intents and DeskPage. `send` hands a code to the station as if it had been scanned."""

    def __init__(
        self,
        database: Database,
        runner: Runner,
        station: StationInfo,
        clock: Clock,
        on_state: Callable[[floor.Floor], None],
        send: Callable[[str], None],
        looks: FloorLooks,
        ring: notices.Ring = notices.silent,
    ) -> None:
        """Reads nothing until it is entered."""
        self.database, self.runner, self.station, self.clock = database, runner, station, clock
        self._on_state, self._send, self._looks, self._ring = on_state, send, looks, ring
        self.model = FloorModel()
        self._deeds = FloorDeeds(database, clock)
        self._again: Callable[[], None] | None = None
        self._waiting = self._shown = False
        self._turn = 0

    # -- what the station tells

    def enter(self, station: StationInfo, outcome: Outcome | None) -> None:
        """The screen is shown: all is read, the most urgent need gets the first digit."""
        self.station, self._shown = station, True
        self.model = replace(self.model, slots={}, asked=None, notice=None)
        self._publish()
        self.read()

    def leave(self) -> None:
        """What was asked for is not drawn any more."""
        self._shown = False

    def answered(self, outcome: Outcome) -> None:
        """A refusal of the station is said in the screen's own bar, and what it asks takes the place of the needs."""
        asks = outcome.result is Result.ASK
        self._take(which=outcome if asks else None, asked=None if asks else self.model.asked)
        if outcome.refused:
            self._take(notice=notices.notice_of(outcome))

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """What was told does not hold any more."""
        self._take(notice=notices.without(self.model.notice, told, instead))

    def changed(self, changes: Sequence[Change]) -> None:
        """Rows changed somewhere. However many there are, all is read again at most once a while."""
        if not self._waiting and any(change.entity in _SHOWN for change in changes):
            self._waiting = True
            self.runner.later(AWHILE, self._look_again)

    def minute(self) -> None:
        """Times and what should be out by now go on; who is idle shows by nothing that changes."""
        self.read()

    def _look_again(self) -> None:
        self._waiting = False
        if self._shown:
            self.read()

    def read(self) -> None:
        """Reads all of it off this thread; an answer that a later one overtook is not drawn."""
        self._turn += 1
        turn, now, zone = self._turn, self.clock(), self.station.clock_zone
        at = FloorMoment(self.station.warehouse_id, now, day_begins(now, zone), day_begins(now, zone, 1))

        def put(found: FloorLook) -> None:
            if turn == self._turn:
                self._found(found)

        self.runner.read(
            lambda: self.database.read(lambda session: look_at_floor(session, at)),
            put,
            lambda error: self._failed(error, self.read),
        )

    def _found(self, found: FloorLook) -> None:
        items = needs_of.items(found.needs, found.people, self.station, found.at.now)
        slots = needs_of.slots(items, self.model.slots)
        asked, notice = self.model.asked, self.model.notice
        if asked is not None and asked.key not in {item.key for item in items}:
            notice, asked = notices.done("floor_screen.settled_meanwhile", title=asked.title), None
        self._take(look=found, items=items, slots=slots, asked=asked, notice=notice)

    # -- Intents

    def scan(self, raw: str) -> None:
        """A code typed on purpose goes the way of a scan."""
        self._send(raw)

    def refused(self, code: str, reason: str) -> None:
        """Says why again, loudly."""
        self._ring(Sound.WRONG)
        self._take(notice=Notice(reason, parts.Family.WRONG, "prohibit", "", (notices.dismiss(),)))

    def key(self, name: str) -> None:
        """A digit chooses a need, then its decision; Esc steps back."""
        if name == "Esc":
            self._step_back()
        elif name.isdecimal():
            self._number(int(name))

    def typed(self, field: str, text: str, entered: bool) -> None:
        """Nothing is typed here."""

    def choose(self, what: str, key: str, opened: bool) -> None:
        """Rows of people are only looked at."""

    def more(self, what: str) -> None:
        """Lists here are short."""

    def command(self, code: str) -> None:
        """A button of this screen; what the floor knows goes to the station."""
        if code == notices.DISMISS:
            self._take(notice=None)
        elif code == notices.RETRY:
            again, self._again = self._again, None
            self._take(notice=None)
            if again is not None:
                again()
        elif not self.local(code):
            self._send(code)

    def local(self, raw: str) -> bool:
        """Does a scanned command that concerns this screen alone; False for every other code."""
        command = command_of(raw)
        if command is None:
            return False
        if command.number is not None:
            self._number(command.number)
        elif command is Command.BACK:
            self._step_back()
        elif command in _FIRST_OF:
            self._first_of(_FIRST_OF[command])
        else:
            return False
        return True

    # -- deciding

    def _number(self, digit: int) -> None:
        asked = self.model.asked
        if self.model.which is not None:
            self._take(which=None)
            self._send(f"PW-{digit}")
            return
        if asked is not None:
            act = asked.acts[digit - 1] if 1 <= digit <= len(asked.acts) else None
            if act is None:
                self.refused("", say("floor_screen.no_such_answer", count=len(asked.acts)))
            else:
                self._do(act)
            return
        item = next((one for one in self.model.items if self.model.slots.get(one.key) == digit), None)
        if item is None:
            self.refused("", say("floor_screen.no_such_need"))
        else:
            self._ask(item)

    def _first_of(self, kind: str) -> None:
        item = next((one for one in self.model.items if one.key.startswith(kind)), None)
        if item is None:
            self.refused("", say("floor_screen.no_such_need"))
        else:
            self._ask(item)

    def _ask(self, item: Item) -> None:
        if len(item.acts) == 1:
            self._do(item.acts[0])
        else:
            self._take(asked=item, notice=None)

    def _do(self, act: Act) -> None:
        if act.reason:
            self.refused("", act.reason)
        elif act.deed.kind in LOOKS:
            self._go(act.deed)
        elif act.deed.kind is DeedKind.TAKE:
            self._take_over(act.deed)
        else:
            self._decide(act.deed)

    def _go(self, deed: Deed) -> None:
        self.model = replace(self.model, asked=None)
        ways = {
            DeedKind.LOOK_ORDER: self._looks.order,
            DeedKind.LOOK_OFFICE: self._looks.office,
            DeedKind.LOOK_STOCK: self._looks.stock,
        }
        ways[deed.kind](deed.what)

    def _take_over(self, deed: Deed) -> None:
        """Opens it here. Where somebody still holds it the station asks why, and writes that down."""
        self._take(asked=None)
        self._send(Command.GO_PICK.code if deed.work == "pick_list" else Command.GO_PACK.code)
        self._send(deed.what)
        if self._is_held(deed):
            self._send(Command.TAKE_OVER.code)

    def _is_held(self, deed: Deed) -> bool:
        look = self.model.look
        left = look.needs.left if look is not None else ()
        return all((one.work.kind, one.work.ref_id) != (deed.work, deed.ref) for one in left)

    def _decide(self, deed: Deed) -> None:
        station = self.station

        def answered(outcome: Outcome) -> None:
            sound = notices.ring_of(outcome)
            if sound is not None:
                self._ring(sound)
            self._again = None
            self._take(asked=None if not outcome.refused else self.model.asked, notice=notices.notice_of(outcome))
            self.read()

        self.runner.command(
            lambda: self._deeds.do(station, deed),
            answered,
            lambda error: self._failed(error, lambda: self._decide(deed)),
        )

    def _step_back(self) -> None:
        if self.model.which is not None:
            self._take(which=None)
            self._send(Command.BACK.code)
        elif self.model.asked is not None:
            self._take(asked=None)
        else:
            self._take(notice=None)

    def _failed(self, error: Exception, again: Callable[[], None]) -> None:
        self._again = again
        self._ring(Sound.ATTENTION)
        self._take(notice=notices.failure(error))

    # -- state

    def _take(self, **values: object) -> None:
        self.model = replace(self.model, **values)  # type: ignore[arg-type]
        self._publish()

    def _publish(self) -> None:
        if self._shown:
            self._on_state(self.state())

    def state(self) -> floor.Floor:
        """What the screen shows now."""
        model, look = self.model, self.model.look
        if look is None:
            return floor.Floor(no_needs=say("floor_screen.reading"), notice=model.notice)
        at, day, zone = look.at, look.day, self.station.clock_zone
        return floor.Floor(
            made.figures(day, at.now),
            made.hours_head(day, at, zone),
            made.hours(day, at, zone),
            parts.CardHead(say("floor_screen.truck.title"), "truck", say("floor_screen.truck.legend")),
            made.trucks(day, at, zone),
            say("floor_screen.truck.none"),
            people_of.head(look.people, at),
            people_of.columns(),
            people_of.people(look.people, day, at, needs_of.asking(look.needs)),
            say("floor_screen.people.none"),
            self._needs_head(),
            self._rows(),
            say("floor_screen.need.none"),
            self._question(),
            model.notice,
        )

    def _question(self) -> floor.Decision | None:
        if self.model.which is not None:
            return needs_of.which(self.model.which)
        return needs_of.decision(self.model.asked) if self.model.asked is not None else None

    def _needs_head(self) -> parts.CardHead:
        count = len(self.model.items)
        shown = min(count, needs_of.MOST)
        right = (
            "" if not count else str(count) if count == shown else say("floor_screen.need.of", shown=shown, all=count)
        )
        return parts.CardHead(say("floor_screen.need.title"), "warning-circle", right)

    def _rows(self) -> tuple[floor.Need, ...]:
        slots = self.model.slots
        placed = sorted((item for item in self.model.items if item.key in slots), key=lambda item: slots[item.key])
        return tuple(needs_of.row(item, slots[item.key]) for item in placed)
