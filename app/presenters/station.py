"""The station: sends what people do, hears the answers, and decides which screen shows what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from app.domain.clock import Clock
from app.domain.commands import Command, command_of
from app.domain.errors import EnvironmentFailure
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Change, Outcome, Place, Result, Sound
from app.domain.scale_words import ScaleAnswer
from app.domain.states import PrintJobState, Role
from app.domain.words import say
from app.models.database import Database
from app.presenters import lamps, places
from app.presenters.desk_page import DeskPage
from app.presenters.floor_page import FloorPage
from app.presenters.gateway import LABEL_HELD, Gateway, JobEvent
from app.presenters.lamps import BenchDevices, Health
from app.presenters.runner import Runner
from app.presenters.scale_orders import scale_order, scale_outcome
from app.presenters.state import shell, sign_in
from app.presenters.state.basics import Family
from app.presenters.station_info import StationInfo

STORING_AFTER = 0.15
TICK = 1.0
_LISTED = frozenset({"fulfillment", "pick_list", "order", "return"})


class Screen(Protocol):
    """The window, as the presenter speaks to it."""

    def show(self, page: str, state: object) -> None:
        """Draws a page's state."""

    def frame(self, state: shell.Shell) -> None:
        """Draws the rail, the strip and which page is shown."""

    def ring(self, sound: Sound) -> None:
        """Makes a sound, or ends a repeating one with `NONE`."""

    def more(self) -> bool:
        """Shows the commands of the page that had no room; False where all are shown."""

    def crash(self, error: Exception) -> None:
        """Says that something of ours failed, with the work safe."""


class StationPresenter:
    """One station. All its methods are called on one thread; answers come back on it."""

    def __init__(
        self,
        station: StationInfo,
        gateway: Gateway,
        runner: Runner,
        database: Database,
        devices: BenchDevices,
        screen: Screen,
        clock: Clock,
        new_id: Callable[[], str],
        floor_pages: Mapping[Place, FloorPage],
        desk_pages: Mapping[Place, DeskPage],
        local: Mapping[Place, Callable[[str], bool]] | None = None,
    ) -> None:
        """`local` are screens that do some codes themselves; those make no gesture."""
        self.info = station
        self._gateway, self._runner, self._database = gateway, runner, database
        self._devices, self._screen, self._clock, self._new_id = devices, screen, clock, new_id
        self._floor_pages, self._desk_pages = floor_pages, desk_pages
        self._local = local or {}
        self.place = Place.SIGN_IN
        self.health = Health()
        self._milliseconds = 0.0
        self._in_flight = 0
        self._wrong_badge = ""
        self._blocked_at: Place | None = None
        self._minute = -1
        self._weight_shown: object = None
        self._unprinted: set[int] = set()
        self._to_read: set[FloorPage] = set()
        self._ailing: dict[str, Outcome] = {}
        self._told_at: set[Place] = set()
        self._cancel_storing: Callable[[], None] | None = None
        self._settled: Callable[[Outcome], None] = _nothing

    def on_settled(self, then: Callable[[Outcome], None]) -> None:
        """Calls `then` with each answer once it is drawn: the demo and the bench follow the station by it."""
        self._settled = then

    def start(self) -> None:
        """Asks where this station stood, and draws it."""
        self._draw()
        self._gateway.look(self._answered, self._failed)
        self._tick()

    # -- what people do ----------------------------------------------------------------------------------------------

    def scan(self, raw: str, gesture_id: str = "", device: str = "", at: datetime | None = None) -> None:
        """A code was scanned."""
        if self._more(raw):
            return
        local = self._local.get(self.place)
        if local is not None and self.info.operator_id is not None and local(raw):
            return
        if self._scale_order(raw):
            return
        self._send(GestureKind.SCAN, raw, gesture_id, device, at)

    def command(self, code: str) -> None:
        """A command's key or button."""
        if self._more(code):
            return
        page = self._floor_pages.get(self.place)
        if page is not None and page.local(code):
            self._draw()
            return
        if self._scale_order(code):
            return
        self._send(GestureKind.KEY, code)

    def text(self, words: str) -> None:
        """Something was typed and entered for the work in hand."""
        self._send(GestureKind.TEXT, words)

    def replayed(self, outcome: Outcome) -> None:
        """A scan of an earlier run was applied now: its answer is drawn as if it had just been scanned."""
        self._answered(outcome)

    def go(self, place: Place) -> None:
        """To another place; it is a gesture like any other, so that a restart comes back there."""
        command = places.command_to(place)
        reason = places.reason_against(place, self.info.role)
        if command is not None and not reason:
            self.command(command.code)
        elif reason:
            self._screen.ring(Sound.WRONG)

    def refused(self, code: str, reason: str) -> None:
        """Something that may not be used was asked for: its reason is said."""
        self._screen.ring(Sound.WRONG)
        page = self._floor_pages.get(self.place)
        if page is not None:
            page.take(Outcome(Result.REFUSED, "station.not_now", Sound.WRONG, {"reason": reason}), self._clock())
            self._draw()

    def weighed(self) -> None:
        """The scale is looked at some times a second: what it shows is drawn where it changed."""
        reading = self._devices.reading()
        shown = (None if reading is None else (reading.grams, reading.stable), self._devices.trouble())
        if shown != self._weight_shown:
            self._weight_shown = shown
            if self.place is Place.PACK:
                self._draw()

    def _more(self, code: str) -> bool:
        """The commands that do not fit are a matter of the screen alone."""
        if command_of(code) is not Command.MORE or self.info.operator_id is None:
            return False
        shown = self._screen.more()
        self._screen.ring(Sound.ACCEPTED if shown else Sound.WRONG)
        if not shown:
            self.tell(say("station.no_more"))
        return True

    def _scale_order(self, code: str) -> bool:
        """Zero and tare at the bench go to the scale alone, and are no gesture: they change no row."""
        order = scale_order(code) if self.place is Place.PACK else None
        if order is None or self.info.operator_id is None:
            return False

        def answered(answer: ScaleAnswer) -> None:
            outcome, page = scale_outcome(order, answer), self._floor_pages.get(self.place)
            if page is not None and self.place is Place.PACK:
                page.take(outcome, self._clock())
                self._draw()
            self._screen.ring(outcome.sound)

        self._devices.order(order, answered)
        return True

    def tell(self, words: str, device: str = "") -> None:
        """Something that the operator has to know now, besides the work: it is said where the station stands.

        What ails a `device` counts until it is `well`.
        """
        told = Outcome(Result.REFUSED, "station.not_now", Sound.ATTENTION, {"reason": words})
        if device:
            self._ailing.pop(device, None)
            self._ailing[device] = told
            self._told_at.add(self.place)
        page, desk = self._floor_pages.get(self.place), self._desk_pages.get(self.place)
        if self.info.operator_id is None:
            self._wrong_badge = words
        elif page is not None:
            page.take(told, self._clock())
        elif desk is not None:
            desk.answered(told)
        self._draw()
        self._screen.ring(told.sound)

    def well(self, device: str) -> None:
        """A device is well again: where its trouble was told and still stands, the newest other one stands, if any."""
        over = self._ailing.pop(device, None)
        if over is None:
            return
        instead = next(reversed(self._ailing.values()), None)
        if self._wrong_badge == over.values["reason"]:
            self._wrong_badge = str(instead.values["reason"]) if instead is not None else ""
        for place in self._told_at:
            page = self._floor_pages.get(place) or self._desk_pages.get(place)
            if page is not None:
                page.over(over, instead)
        if not self._ailing:
            self._told_at.clear()
        self._draw()

    def _send(
        self, kind: GestureKind, raw: str, gesture_id: str = "", device: str = "", at: datetime | None = None
    ) -> None:
        reading = self._devices.reading()
        usable = reading is not None and reading.grams > 0 and reading.usable(self._devices.monotonic())
        gesture = Gesture(
            gesture_id or self._new_id(),
            kind,
            raw,
            at or self._clock(),
            reading.grams if usable and reading is not None else None,
            device,
        )
        self._in_flight += 1
        self._gateway.send(gesture, self._arrived, self._not_taken)
        if self._in_flight and self._cancel_storing is None:  # once it is on its way: nobody waits for a timer
            self._cancel_storing = self._runner.later(STORING_AFTER, self._show_storing)

    def _show_storing(self) -> None:
        page = self._floor_pages.get(self.place)
        if self._in_flight and page is not None:
            page.storing()
            self._draw()

    # -- what comes back ---------------------------------------------------------------------------------------------

    def _arrived(self, outcome: Outcome) -> None:
        self._landed()
        self._answered(outcome)

    def _not_taken(self, error: Exception) -> None:
        self._landed()
        self._failed(error)

    def _landed(self) -> None:
        """A gesture is on its way no more."""
        self._in_flight = max(self._in_flight - 1, 0)
        if not self._in_flight and self._cancel_storing is not None:
            self._cancel_storing()
            self._cancel_storing = None

    def _answered(self, outcome: Outcome) -> None:
        self._take_operator(outcome)
        before = self.place
        self.place = self._place_of(outcome)
        page = self._floor_pages.get(self.place)
        if page is not None:
            page.take(outcome, self._clock())
            if outcome.result is Result.NAVIGATE or outcome.code in page.refreshing:
                self._refresh(page)
        self._enter(before, outcome)
        self._draw()
        self._screen.ring(outcome.sound)
        self._settled(outcome)

    def _enter(self, before: Place, outcome: Outcome) -> None:
        if before is not self.place and before in self._desk_pages:
            self._desk_pages[before].leave()
        page = self._desk_pages.get(self.place)
        if page is None:
            return
        if before is not self.place or outcome.result is Result.NAVIGATE:
            page.enter(self.info, outcome)
        else:
            page.answered(outcome)

    def _looked_at_operator(self, outcome: Outcome) -> None:
        """Who was deactivated is signed out at once; another role or name is shown, and the work stays as it is."""
        if outcome.values.get("operator_id") is None:
            self._forget_operator()
            self._answered(outcome)
        else:
            self._take_operator(outcome)
            self._draw()

    def _forget_operator(self) -> None:
        self.info = replace(self.info, operator_id=None, operator="", role=None)
        for page in self._floor_pages.values():
            page.clear()

    def _take_operator(self, outcome: Outcome) -> None:
        self._wrong_badge = ""
        if self.place is Place.SIGN_IN and outcome.refused:
            self._wrong_badge = say(outcome.code, **outcome.values)
        if outcome.code == "sign_in.signed_out":
            self._forget_operator()
            return
        operator_id = outcome.values.get("operator_id")
        if isinstance(operator_id, int):
            role = outcome.values.get("role")
            name = str(outcome.values.get("operator_name", outcome.values.get("name", "")))
            self.info = replace(self.info, operator_id=operator_id, operator=name, role=Role(str(role)))

    def _place_of(self, outcome: Outcome) -> Place:
        """Where an answer is shown. What blocks is shown where its work is, which alone says how to go on."""
        owner = outcome.code.partition(".")[0]
        if outcome.blocks:
            found = self._blocked_at if owner == "station" else self._owner(owner)
            self._blocked_at = found
            if found is not None:
                return found
        else:
            self._blocked_at = None
        return outcome.place or self._owner(owner) or self.place

    def _owner(self, owner: str) -> Place | None:
        if owner == "stock_desk":
            return Place.STOCK
        pages = self._floor_pages.items()
        return next((place for place, page in pages if owner in page.owns and page.has_work), None)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, EnvironmentFailure):
            self.health = replace(self.health, gone=True)
            self._draw()
            return
        self._screen.crash(error)

    def _refresh(self, page: FloorPage) -> None:
        """Reads what waits besides the work in hand: totes, lists; off this thread. Who asks while a reading waits for
        its turn is answered by that one.
        """
        if page in self._to_read:
            return
        self._to_read.add(page)
        since, now = self._midnight(), self._clock()
        info = self.info

        def read() -> object:
            self._to_read.discard(page)
            return self._database.read(lambda session: page.look_around(session, info, now, since))

        self._runner.read(read, lambda found: self._looked(page, found), self._not_read)

    def _looked(self, page: FloorPage, found: object) -> None:
        page.looked(found)
        self._draw()

    def _not_read(self, error: Exception) -> None:
        if not isinstance(error, EnvironmentFailure):
            self._screen.crash(error)

    def _midnight(self) -> datetime:
        local = self._clock().astimezone(self.info.clock_zone)
        return local.replace(hour=0, minute=0, second=0, microsecond=0)

    # -- what happens behind -----------------------------------------------------------------------------------------

    def job(self, event: JobEvent) -> None:
        """A print job went on."""
        for page in self._floor_pages.values():
            page.job(event)
        self._draw()
        if event.doubtful:  # somebody has to look: the question is read, and heard
            here = self._floor_pages.get(self.place)
            if here is not None:
                self._refresh(here)
        if self._news(event):
            self._screen.ring(Sound.ATTENTION)
        if event.instead:
            document = say(f"document.{event.document}")
            self.tell(say("pack.printed_at.banner", document=document, station=event.instead))

    def _news(self, event: JobEvent) -> bool:
        """Whether a job does not come out, and that was not heard yet."""
        if not event.reason:
            if event.state is not PrintJobState.SENDING:
                self._unprinted.discard(event.job_id)
            return False
        heard = event.job_id in self._unprinted and not event.doubtful
        self._unprinted.add(event.job_id)
        return not heard

    def label(self, change: Change) -> None:
        """A label was bought, refused, held or is in doubt: what is shown of its parcel is read again."""
        page = self._floor_pages.get(self.place)
        held = change.entity == LABEL_HELD
        if page is not None and (page.has_work or held):
            self._refresh(page)
        if held:
            self._screen.ring(Sound.ATTENTION)

    def changed(self, changes: Sequence[Change]) -> None:
        """Rows changed somewhere: lists are read again where nothing is open, and what stops the work is said.

        Where the operator here was changed, the station asks who they are now.
        """
        if self.info.operator_id is not None and Change("operator", self.info.operator_id) in changes:
            self._gateway.look(self._looked_at_operator, self._failed)
        desk = self._desk_pages.get(self.place)
        if desk is not None:
            desk.changed(changes)
        page = self._floor_pages.get(self.place)
        if page is None:
            return
        if not page.has_work and any(c.entity in _LISTED for c in changes):
            self._refresh(page)
        elif not self._in_flight and not page.stands_on.isdisjoint(changes):
            self._gateway.interrupted(self._answered, self._failed)

    def ahead(self, outcome: Outcome) -> None:
        """What the bench itself says to a scan while the database is away, or of a label that it printed then."""
        self._answered(outcome)

    def gone(self, failure: EnvironmentFailure, kept: int) -> None:
        """The database does not answer; gestures are kept."""
        self.health = Health(self.health.milliseconds, True, kept)
        self._draw()

    def back(self, milliseconds: float, kept: int) -> None:
        """A gesture was stored."""
        changed = self.health.gone or bool(self.health.kept) != bool(kept)
        self._milliseconds = milliseconds  # shown with the next tick: a number that flickers at each scan helps nobody
        self.health = Health(self.health.milliseconds or milliseconds, False, kept if self.health.gone else 0)
        if changed:
            self._draw()

    def _tick(self) -> None:
        self.health = replace(self.health, milliseconds=self._milliseconds)
        minute = self._clock().minute
        desk = self._desk_pages.get(self.place)
        if desk is not None and minute != self._minute:
            desk.minute()
        self._minute = minute
        self._draw()
        self._runner.later(TICK, self._tick)

    # -- drawing -----------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        now, family = self._clock(), None
        page = self._floor_pages.get(self.place)
        if self.place is Place.SIGN_IN or self.info.operator_id is None:
            self._screen.show(Place.SIGN_IN.value, self._sign_in())
        elif page is not None:
            state, family = page.state(now, self.info, self._devices)
            self._screen.show(self.place.value, state)
        self._screen.frame(self._shell(now, family))

    def _shell(self, now: datetime, family: Family | None) -> shell.Shell:
        signed_in = self.info.operator_id is not None
        strip = lamps.strip(
            self.info.station, self.info.operator, self._devices, self.health, now, self.info.clock_zone
        )
        page = self.place if signed_in else Place.SIGN_IN
        rail = places.rail(page, self.info.role) if signed_in else None
        return shell.Shell(page.value, strip, rail, family, say("shell.title", station=self.info.station))

    def _sign_in(self) -> sign_in.SignIn:
        return sign_in.SignIn(
            say("sign_in.order"),
            say("sign_in.detail"),
            self.info.station,
            self.info.warehouse,
            (sign_in.KeyHint("F1", say("sign_in.hint.help"), Command.GO_HELP.code),),
            lamps.bench_lines(self._devices, self.health),
            wrong=self._wrong_badge,
        )


def _nothing(_: Outcome) -> None:
    """Nobody follows."""
