"""What is awaited is known, and what was drawn is told of; nobody on the way notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Outcome, Result
from app.runtime.measured import PAINT_SECONDS, MeasuredGateway

NOON = datetime(2031, 5, 5, 12, 0, tzinfo=UTC)
DONE = Outcome(Result.DONE, "pack.counted")


class Slow:
    """A gateway that answers when it is told to."""

    def __init__(self) -> None:
        self.answers: list[Callable[[Outcome], None]] = []
        self.faults: list[Callable[[Exception], None]] = []

    def send(self, gesture: Gesture, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None:
        self.answers.append(then)
        self.faults.append(failed)

    def look(self, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None:
        then(DONE)

    def interrupted(self, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None:
        """Nobody stopped it."""


class Station:
    """A gateway with its surroundings, on a clock that is moved by hand."""

    def __init__(self) -> None:
        self.slow, self.now = Slow(), 100.0
        self.drawn: list[Gesture] = []
        self.outcomes: list[Outcome] = []
        self.errors: list[Exception] = []
        self.gateway = MeasuredGateway(self.slow, self.drawn.append, lambda: self.now)

    def send(self, kind: GestureKind = GestureKind.SCAN) -> Gesture:
        gesture = Gesture("1", kind, "SKU-1", NOON)
        self.gateway.send(gesture, self.outcomes.append, self.errors.append)
        return gesture


def test_it_is_quiet_until_something_is_sent() -> None:
    station = Station()
    assert station.gateway.quiet
    station.gateway.look(station.outcomes.append, station.errors.append)
    assert (station.outcomes, station.gateway.quiet) == ([DONE], True)


def test_it_is_quiet_again_once_every_answer_had_time_to_be_painted() -> None:
    station = Station()
    scanned = station.send()
    station.send(GestureKind.KEY)
    station.slow.answers[0](DONE)
    station.now += 10 * PAINT_SECONDS
    assert not station.gateway.quiet, "the second is awaited"
    station.slow.answers[1](DONE)
    assert not station.gateway.quiet, "it is being painted"
    station.now += 2 * PAINT_SECONDS
    assert station.gateway.quiet
    assert (station.outcomes, station.drawn) == ([DONE, DONE], [scanned])


def test_a_fault_is_passed_on_and_nothing_is_awaited_any_more() -> None:
    station = Station()
    station.send()
    fault = ValueError("no such thing")
    station.slow.faults[0](fault)
    station.now += 2 * PAINT_SECONDS
    assert (station.errors, station.drawn, station.gateway.quiet) == ([fault], [], True)


def test_an_answer_that_could_not_be_drawn_is_not_awaited_any_more() -> None:
    station = Station()

    def broken(_: Outcome) -> None:
        raise ValueError("no such picture")

    station.gateway.send(Gesture("1", GestureKind.SCAN, "SKU-1", NOON), broken, station.errors.append)
    with pytest.raises(ValueError, match="no such picture"):
        station.slow.answers[0](DONE)
    station.now += 2 * PAINT_SECONDS
    assert (station.drawn, station.gateway.quiet) == ([], True)
