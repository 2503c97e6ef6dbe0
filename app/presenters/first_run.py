"""The first run: sample warehouse, empty, or a shared database; then the warehouse and the first badge."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from uuid import uuid4
from zoneinfo import available_timezones

from app.domain.clock import Clock
from app.domain.documents import DocumentKind
from app.domain.errors import PickwickError
from app.domain.states import Role
from app.domain.words import say
from app.presenters import first_run_parts as made
from app.presenters import joining as joining_form
from app.presenters import notices
from app.presenters.first_run_parts import (
    BACK,
    EMPTY,
    FIELDS,
    GO_ON,
    JOIN,
    MAKE,
    PRINT,
    SAMPLE,
    THEME,
    TRY,
    UPDATE,
    VOLUME,
    FirstRunModel,
    Step,
)
from app.presenters.first_run_ports import DatabaseChoice, Looks, Opened, Ready
from app.presenters.joining import Joining
from app.presenters.runner import Runner
from app.presenters.state import first_run, parts
from app.presenters.state.form import Notice
from app.presenters.state.sound import Sound
from app.services import print_jobs, setup
from app.services.actor import Actor

LOOK = 0.2
"""Seconds between two looks at how far the sample has come."""
_WANTED = ("warehouse", "zone", "sender", "street", "town", "country", "operator")


_STEPS_BACK = (Step.NAMING, Step.STATION, Step.JOINING, Step.OUTDATED)


class FirstRunPresenter:
    """Implements Intents; calls `on_ready` once there is a database to work on."""

    def __init__(
        self,
        choice: DatabaseChoice,
        looks: Looks,
        runner: Runner,
        clock: Clock,
        on_state: Callable[[first_run.FirstRun], None],
        on_ready: Callable[[Ready], None],
        *,
        zone: str = "Europe/London",
        station: str = "Bench 1",
        ring: notices.Ring = notices.silent,
    ) -> None:
        """`zone` and `station` are what the form begins with."""
        self.choice, self.looks, self.runner, self.clock = choice, looks, runner, clock
        self._on_state, self._on_ready, self._ring = on_state, on_ready, ring
        self.model = FirstRunModel(typed={"zone": zone, "station": station, "country": "GB"})
        self._opened: Opened | None = None

    def show(self) -> None:
        """The three ways."""
        self._publish()

    # -- Intents

    def scan(self, raw: str) -> None:
        """The join code of another station is its database's address."""
        if self.model.step in (Step.CHOOSING, Step.JOINING) and "://" in raw:
            self._take(chosen=JOIN, joining=Joining.begun(raw.strip()))
            self._join()
        elif self.model.made is not None and raw.strip().upper() == self.model.made.badge:
            self._go_on()

    def refused(self, code: str, reason: str) -> None:
        """Says the reason again."""
        self._ring(Sound.WRONG)

    def key(self, name: str) -> None:
        """1 to 3 choose a way; Enter goes it; Esc steps back."""
        step = self.model.step
        if step is Step.CHOOSING and name in ("1", "2", "3"):
            self._choose((SAMPLE, EMPTY, JOIN)[int(name) - 1])
        elif step is Step.CHOOSING and name == "Enter":
            self.command(self.model.chosen)
        elif name == "Esc" and step in _STEPS_BACK:
            self._back()
        elif name == "Esc":
            self._take(notice=None)

    def typed(self, field: str, text: str, entered: bool) -> None:
        """The address of a shared database, or a field of the form."""
        if field == "url":
            told = Joining.begun(text)
            shown = told.shown if told.get(joining_form.PASSWORD) else text  # a password is hidden at once
            self._take(url=shown, joining=told.keeping(self.model.joining), chosen=JOIN, notice=None)
            if entered:
                self._join()
            return
        if self.model.step is Step.JOINING:
            self._take(joining=self.model.joining.put(field, text), notice=None)
            if entered:
                self._try()
            return
        wrong = {name: words for name, words in self.model.wrong.items() if name != field}
        self._take(typed={**self.model.typed, field: text}, wrong=wrong)
        if entered:
            self._make()

    def choose(self, what: str, key: str, opened: bool) -> None:
        """A way was pressed, or another protection of the connection."""
        if self.model.step is Step.JOINING:
            self._take(joining=self.model.joining.protected(key))
        elif self.model.step is Step.CHOOSING:
            self._choose(key)

    def more(self, what: str) -> None:
        """There are no lists."""

    def command(self, code: str) -> None:
        """A button."""
        acts: dict[str, Callable[[], None]] = {
            SAMPLE: self._sample,
            EMPTY: self._empty,
            JOIN: self._join,
            TRY: self._try,
            UPDATE: lambda: self._try(update=True),
            MAKE: self._make,
            BACK: self._back,
            GO_ON: self._go_on,
            PRINT: self._print,
            THEME: self._theme,
            VOLUME: self._volume,
            notices.DISMISS: lambda: self._take(notice=None),
        }
        if code in acts and (self.model.step is not Step.BUSY or code in (THEME, VOLUME)):
            acts[code]()

    # -- ways

    def _choose(self, way: str) -> None:
        """A number chooses; what needs nothing more begins at once."""
        self._take(chosen=way)
        if way != JOIN:
            self.command(way)

    def _sample(self) -> None:
        self._begin(SAMPLE)
        told = [(0, 0)]

        def progress(have: int, of: int) -> None:
            told[0] = (have, of)  # comes from the working thread: what it says is looked at from ours

        def look() -> None:
            if self.model.step is Step.BUSY:
                self._take(busy=first_run.Busy(say("first_run.busy.sample"), *told[0]))
                self.runner.later(LOOK, look)

        self.runner.later(LOOK, look)
        self.runner.command(lambda: self.choice.sample(progress), self._ready, self._failed)

    def _empty(self) -> None:
        self._begin(EMPTY)
        self.runner.command(self.choice.empty, self._opened_one, self._failed)

    def join_again(self, url: str, error: PickwickError) -> None:
        """The database that was joined does not let us in any more: its form, with what is wrong."""
        self._take(chosen=JOIN, joining=Joining.begun(url), again=True)
        self._not_joined(error)

    def _join(self) -> None:
        """What was typed is tried at once when it is whole; else there is a form for the rest, once it is begun."""
        if self.model.joining.lacks:
            self._ring(Sound.WRONG)
        elif self.model.joining.whole:
            self._try()
        else:
            self._take(step=Step.JOINING, chosen=JOIN, notice=None)

    def _try(self, update: bool = False) -> None:
        joining = self.model.joining.checked()
        self._take(joining=joining)
        if joining.wrong:
            self._ring(Sound.WRONG)
            self._take(step=Step.JOINING)
            return
        url = joining.address().url()
        self._begin(JOIN)
        self.runner.command(lambda: self.choice.join(url, update), self._opened_one, self._not_joined)

    def _not_joined(self, error: Exception) -> None:
        if not isinstance(error, PickwickError):
            self._failed(error, Step.JOINING)
            return
        self._ring(Sound.ATTENTION)
        if error.code == "database.older":
            self._take(step=Step.OUTDATED, busy=None)
        else:
            self._take(step=Step.JOINING, busy=None, joining=self.model.joining.failed(error))

    def _begin(self, way: str) -> None:
        busy = first_run.Busy(say(f"first_run.busy.{way}"))
        self._take(step=Step.BUSY, chosen=way, busy=busy, notice=None)

    def _opened_one(self, opened: Opened) -> None:
        self._opened = opened
        if opened.set_up and self.model.chosen == JOIN and not self.model.again:
            station = free_name(self.model.typed.get("station", ""), opened.stations)
            self._take(step=Step.STATION, busy=None, typed={**self.model.typed, "station": station}, wrong={})
        elif opened.set_up:
            self._ready(Ready(opened.url))
        else:
            self._take(step=Step.NAMING, busy=None)

    def _ready(self, ready: Ready) -> None:
        def keep() -> Ready:
            self.choice.keep(ready)
            return ready

        self.runner.command(keep, self._on_ready, self._failed)

    # -- a new warehouse

    def _join_as(self, opened: Opened) -> None:
        """Another workplace of a warehouse that already runs; a known name takes that one's place."""
        station = self.model.typed.get("station", "").strip()
        if not station:
            self._ring(Sound.WRONG)
            self._take(wrong={"station": say("first_run.wanted")})
            return
        self._ready(Ready(opened.url, "", station))

    def _make(self) -> None:
        if self._opened is not None and self.model.step is Step.STATION:
            self._join_as(self._opened)
        if self.model.step is not Step.NAMING or self._opened is None:
            return
        wrong = self._faults()
        if wrong:
            self._ring(Sound.WRONG)
            self._take(wrong=wrong)
            return
        told = {name: self.model.typed.get(name, "").strip() for name in FIELDS}
        sender = (
            ("name", ""),
            ("company", told["sender"]),
            ("address1", told["street"]),
            ("city", told["town"]),
            ("postcode", told["postcode"]),
            ("country", told["country"].upper()),
        )
        new = setup.NewWarehouse(_code_of(told["warehouse"]), told["warehouse"], told["zone"], sender)
        database, now = self._opened.database, self.clock()
        self._take(step=Step.BUSY, busy=first_run.Busy(say("first_run.busy.making")), notice=None)
        self.runner.command(
            lambda: database.write(
                lambda session: setup.first_run(session, now, new, told["operator"], told["station"])
            ),
            lambda made: self._take(step=Step.DONE, busy=None, made=made),
            lambda error: self._failed(error, Step.NAMING),
        )

    def _faults(self) -> dict[str, str]:
        typed = self.model.typed
        wrong = {name: say("first_run.wanted") for name in _WANTED if not typed.get(name, "").strip()}
        zone = typed.get("zone", "").strip()
        if zone and zone not in available_timezones():
            wrong["zone"] = say("first_run.zone_unknown")
        return wrong

    def _back(self) -> None:
        if self.model.step in _STEPS_BACK:
            self._take(step=Step.CHOOSING, url=self.model.joining.shown, notice=None)

    def _print(self) -> None:
        opened, made = self._opened, self.model.made
        if opened is None or made is None:
            return
        actor = Actor(self.clock(), setup.WRITER, made.warehouse_id, made.operator_id, Role.ADMIN, made.station_id)
        content = {
            "name": self.model.typed["operator"].strip(), "code": made.badge, "role": say("role.admin"),
            "warehouse": self.model.typed["warehouse"].strip(),
        }  # fmt: skip
        key = f"badge:{uuid4().hex}"
        self.runner.command(
            lambda: opened.database.write(
                lambda session: print_jobs.queue(session, actor, key, DocumentKind.BADGE.value, content)
            ),
            lambda _job: self._take(printed=True),
            lambda error: self._failed(error, Step.DONE),
        )

    def _go_on(self) -> None:
        if self._opened is not None and self.model.made is not None:
            self._ready(Ready(self._opened.url, self.model.made.badge, self.model.typed.get("station", "").strip()))

    # -- looks

    def _theme(self) -> None:
        self.looks.next_theme()
        self._publish()

    def _volume(self) -> None:
        self.looks.next_volume()
        self._ring(Sound.ACCEPTED)
        self._publish()

    # -- state

    def _failed(self, error: Exception, back_to: Step = Step.CHOOSING) -> None:
        known = isinstance(error, PickwickError)
        words = say(error.code, **error.values) if isinstance(error, PickwickError) else say("crash.order")
        self._ring(Sound.ATTENTION)
        self._take(
            step=back_to,
            busy=None,
            notice=Notice(
                words, parts.Family.WRONG, "warning-octagon", say(f"first_run.failed.{self.model.chosen}"),
                (parts.Command(notices.DISMISS, say("first_run.close"), "Esc"),),
            ),
        )  # fmt: skip
        if not known:
            raise error  # for the log; the screen stands where one can go on

    def _take(self, **values: object) -> None:
        self.model = replace(self.model, **values)  # type: ignore[arg-type]
        self._publish()

    def _publish(self) -> None:
        self._on_state(self.state())

    def state(self) -> first_run.FirstRun:
        """What the screen shows now."""
        return made.shown(self.model, self.looks.volume, self._opened.stations if self._opened is not None else ())


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """The wanted name of a workplace, or the next one that no other has: `Bench 3` beside Bench 1 and Bench 2."""
    known = {name.casefold() for name in taken}
    if wanted.strip() and wanted.strip().casefold() not in known:
        return wanted.strip()
    return next(name for number in count(1) if (name := say("first_run.bench", number=number)).casefold() not in known)


def _code_of(name: str) -> str:
    """A short code of a warehouse's name: its letters and digits, at most eight."""
    return "".join(sign for sign in name.upper() if sign.isascii() and sign.isalnum())[:8] or "MAIN"
