"""The simulated scale keeps the contract; what is stuck or trembling is never usable."""

from __future__ import annotations

from collections.abc import Callable

from app.devices.scales import SimScale
from app.domain.device_ports import DeviceState
from app.domain.scale_words import ScaleAnswer
from tests.devices.contracts import ScaleContract, ScaleHand


class SimHand:
    def __init__(self, seed: int = 1) -> None:
        self.now = 100.0
        self.scale = SimScale("sim:", lambda: self.now, seed=seed)

    def put(self, grams: int) -> None:
        self.scale.put(grams)

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def unplug(self) -> None:
        self.scale.unplug()

    def plug_in(self) -> None:
        self.scale.plug_in()

    def usable(self) -> bool:
        reading = self.scale.reading()
        return reading is not None and reading.usable(self.now)

    def until(self, condition: Callable[[], bool]) -> None:
        assert condition()

    def close(self) -> None:
        pass


class TestSimScale(ScaleContract):
    def make(self) -> ScaleHand:
        return SimHand()


def _course(seed: int) -> list[tuple[int, bool]]:
    hand = SimHand(seed)
    hand.scale.start()
    hand.put(1000)
    course = []
    for _ in range(8):
        hand.wait(0.125)
        reading = hand.scale.reading()
        assert reading is not None
        course.append((reading.grams, reading.stable))
    return course


def test_settling_is_the_same_for_the_same_seed() -> None:
    assert _course(3) == _course(3)
    assert _course(3) != _course(4)
    assert [stable for _, stable in _course(3)] == [False] * 4 + [True] * 4
    assert [grams for grams, _ in _course(3)][-2:] == [1000, 1000]


def test_a_stuck_scale_grows_old() -> None:
    hand = SimHand()
    hand.scale.start()
    hand.put(500)
    hand.wait(1)
    hand.scale.stick()
    hand.put(900)
    hand.wait(3)
    reading = hand.scale.reading()
    assert reading is not None
    assert (reading.grams, reading.stable, reading.usable(hand.now)) == (500, True, False)
    assert hand.scale.state is DeviceState.ATTENTION
    hand.scale.unstick()
    hand.wait(1)
    after = hand.scale.reading()
    assert after is not None
    assert (after.grams, after.usable(hand.now)) == (900, True)


def test_what_is_too_heavy_is_not_taken_for_zero() -> None:
    hand = SimHand()
    hand.scale.start()
    hand.put(1201)
    hand.wait(1)
    assert hand.scale.zero().result() is ScaleAnswer.OUT_OF_RANGE
