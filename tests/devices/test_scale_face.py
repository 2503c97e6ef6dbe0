"""What a scale shows, by a clock that the test holds: ages, troubles, and orders that nobody answers."""

from __future__ import annotations

import pytest

from app.devices.scale_face import ORDER_SECONDS, ScaleFace
from app.devices.scale_protocols import Answered, NoWeight, Weighed
from app.domain.device_ports import DeviceState
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.weight_units import WeightUnit
from app.domain.weights import WeightReading


class Faced:
    def __init__(self) -> None:
        self.now = 100.0
        self.face = ScaleFace(lambda: self.now)
        self.face.opened()

    def weigh(self, grams: int, *, stable: bool = True) -> None:
        self.face.show(Weighed(grams, stable, WeightUnit.GRAM))


@pytest.fixture
def faced() -> Faced:
    return Faced()


def test_a_weight_ages_and_then_the_scale_is_silent(faced: Faced) -> None:
    faced.weigh(500)
    faced.now += 1.9
    reading = faced.face.reading()
    assert reading == WeightReading(500, True, 100.0)
    assert (reading.usable(faced.now), faced.face.trouble, faced.face.state) == (True, None, DeviceState.READY)
    faced.now += 0.2
    assert not reading.usable(faced.now)
    assert (faced.face.trouble, faced.face.state) == (ScaleTrouble.SILENT, DeviceState.ATTENTION)
    faced.face.heard()
    assert faced.face.trouble is ScaleTrouble.GARBLED


@pytest.mark.parametrize("trouble", list(ScaleTrouble))
def test_no_trouble_leaves_a_weight_that_may_be_used(faced: Faced, trouble: ScaleTrouble) -> None:
    faced.weigh(500)
    faced.face.show(NoWeight(trouble))
    reading = faced.face.reading()
    assert reading is None or not reading.usable(faced.now)
    assert faced.face.trouble is trouble
    faced.weigh(501)
    assert (faced.face.reading(), faced.face.trouble) == (WeightReading(501, True, 100.0), None)


@pytest.mark.parametrize(
    ("grams", "stable", "waited", "answer"),
    [
        (500, True, 0.0, ScaleAnswer.OUT_OF_RANGE),
        (500, False, 0.0, ScaleAnswer.IN_MOTION),
        (500, True, 3.0, ScaleAnswer.NO_ANSWER),
    ],
)
def test_an_order_without_an_answer_is_judged_by_what_is_shown(
    faced: Faced, grams: int, stable: bool, waited: float, answer: ScaleAnswer
) -> None:
    faced.weigh(500)
    done = faced.face.order(ScaleOrder.ZERO)
    assert faced.face.to_send() is ScaleOrder.ZERO
    assert faced.face.to_send() is None
    faced.now += ORDER_SECONDS - 0.1
    faced.weigh(grams, stable=stable)
    faced.face.tick()
    assert not done.done()
    faced.now += 0.2 + waited
    faced.face.tick()
    assert done.result(0) is answer


def test_an_order_is_done_when_the_scale_says_so_or_shows_nothing(faced: Faced) -> None:
    for event in (Answered(ScaleAnswer.DONE), Weighed(0, True, WeightUnit.GRAM)):
        faced.weigh(500)
        done = faced.face.order(ScaleOrder.TARE)
        faced.face.show(event)
        assert not done.done(), "it was not sent yet"
        faced.weigh(500)
        faced.face.to_send()
        faced.face.show(event)
        assert done.result(0) is ScaleAnswer.DONE


def test_an_order_ends_with_the_cable_and_two_at_once_are_refused(faced: Faced) -> None:
    faced.weigh(500)
    done = faced.face.order(ScaleOrder.ZERO)
    assert faced.face.order(ScaleOrder.ZERO).result(0) is ScaleAnswer.NO_ANSWER
    faced.face.away(DeviceState.DOWN)
    assert done.result(0) is ScaleAnswer.NOT_THERE
    assert faced.face.order(ScaleOrder.TARE).result(0) is ScaleAnswer.NOT_THERE


def test_too_much_is_not_tared_and_under_zero_may_be_zeroed(faced: Faced) -> None:
    faced.face.show(NoWeight(ScaleTrouble.OVERLOAD))
    assert faced.face.order(ScaleOrder.TARE).result(0) is ScaleAnswer.OUT_OF_RANGE
    faced.face.show(NoWeight(ScaleTrouble.UNDERLOAD))
    assert faced.face.order(ScaleOrder.TARE).result(0) is ScaleAnswer.OUT_OF_RANGE
    done = faced.face.order(ScaleOrder.ZERO)
    faced.face.to_send()
    faced.face.unknown_order()
    assert done.result(0) is ScaleAnswer.UNSUPPORTED


def test_the_reason_of_the_system_is_kept(faced: Faced) -> None:
    faced.face.away(DeviceState.ATTENTION, "Permission denied")
    assert (faced.face.state, faced.face.detail, faced.face.trouble) == (
        DeviceState.ATTENTION, "Permission denied", None,
    )  # fmt: skip
