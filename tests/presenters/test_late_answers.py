"""A bench says that it stores where an answer is late, and sets no timer where none is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import cast

from app.domain.errors import EnvironmentFailure
from app.domain.gesture import Gesture
from app.domain.outcomes import Change, Outcome, Sound, refused
from app.models.database import Database
from app.presenters.gateway import Gateway
from app.presenters.runner import AtOnce
from app.presenters.state import shell
from app.presenters.station import STORING_AFTER, StationPresenter
from app.presenters.station_info import StationInfo
from app.runtime.bench import Bench
from tests.services import stock_builders as build


@dataclass
class Waiting:
    """A way to the database that answers when the test says so, or at once."""

    at_once: bool = False
    sent: list[Callable[[Outcome], None]] = field(default_factory=list)
    failing: list[Callable[[Exception], None]] = field(default_factory=list)
    looks: list[Callable[[Exception], None]] = field(default_factory=list)

    def look(self, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None:
        self.looks.append(failed)

    def send(self, gesture: Gesture, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None:
        self.sent.append(then)
        self.failing.append(failed)
        if self.at_once:
            self.answer()

    def answer(self) -> None:
        self.sent.pop(0)(refused("station.sign_in_first"))


class Blank:
    """A screen that nobody looks at."""

    def show(self, page: str, state: object) -> None:
        """Nothing is drawn."""

    def frame(self, state: shell.Shell) -> None:
        """Nothing is drawn."""

    def ring(self, sound: Sound) -> None:
        """Nothing is heard."""

    def more(self) -> bool:
        return False

    def crash(self, error: Exception) -> None:
        raise error


def station_on(gateway: Waiting, runner: AtOnce) -> StationPresenter:
    info = StationInfo(1, "Bench 1", 1, "Hall", "UTC")
    bench = Bench(None, None, lambda call: call())
    return StationPresenter(
        info,
        cast(Gateway, gateway),
        runner,
        cast(Database, None),
        bench,
        Blank(),
        lambda: build.NOW,
        lambda: "g",
        {},
        {},
    )


def test_one_timer_runs_while_answers_are_awaited() -> None:
    gateway, runner = Waiting(), AtOnce()
    station = station_on(gateway, runner)
    for _ in range(2):
        station.scan("CUP")
        assert [seconds for seconds, _ in runner.timers] == [STORING_AFTER]
    gateway.answer()
    assert len(runner.timers) == 1, "another one is awaited"
    gateway.answer()
    assert runner.timers == []


def test_no_timer_is_set_for_what_is_answered_at_once() -> None:
    gateway, runner = Waiting(at_once=True), AtOnce()
    station_on(gateway, runner).scan("CUP")
    assert (gateway.sent, runner.timers) == ([], [])


def test_a_gesture_that_failed_is_waited_for_no_more() -> None:
    gateway, runner = Waiting(), AtOnce()
    station = station_on(gateway, runner)
    station.scan("CUP")
    gateway.failing.pop()(EnvironmentFailure("database.gone"))
    assert runner.timers == []


def test_a_look_that_failed_ends_the_wait_for_no_gesture() -> None:
    gateway, runner = Waiting(), AtOnce()
    station = station_on(gateway, runner)
    station.info = replace(station.info, operator_id=7, operator="Anna")
    station.scan("CUP")
    station.changed([Change("operator", 7)])
    gateway.looks.pop()(EnvironmentFailure("database.gone"))
    assert [seconds for seconds, _ in runner.timers] == [STORING_AFTER]
