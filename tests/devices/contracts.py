"""What every scanner and every scale must do, however it is connected.

A test of an adapter inherits from one of these and gives the fixture: the device, and a hand that does to its far
end what a person does (pull a trigger, lay something on it, pull the cable).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Protocol

import pytest

from app.domain.device_ports import DeviceState, Scale, Scan, Scanner
from app.domain.scale_words import ScaleAnswer, ScaleTrouble
from app.domain.weights import WeightReading


class ScannerHand(Protocol):
    """The person at the far end of a scanner; each returns when the port has had its say."""

    scanner: Scanner

    def read(self, text: str) -> None: ...


class ScaleHand(Protocol):
    """The person at the far end of a scale, whose pan settles when `wait` says so."""

    scale: Scale

    def put(self, grams: int) -> None: ...
    def wait(self, seconds: float) -> None: ...
    def unplug(self) -> None: ...
    def plug_in(self) -> None: ...
    def usable(self) -> bool: ...
    def until(self, condition: Callable[[], bool]) -> None: ...
    def close(self) -> None: ...


class ScannerContract(ABC):
    @abstractmethod
    def hand(self) -> ScannerHand: ...

    def test_scans_arrive_in_order_once_each_with_ids_of_their_own(self) -> None:
        hand = self.hand()
        seen: list[Scan] = []
        hand.scanner.start(seen.append)
        texts = [f"85123{letter}" for letter in "ABCDEFGHIJ"] + ["T-0117", "T-0117"]
        for text in texts:
            hand.read(text)
        assert [scan.raw for scan in seen] == texts
        assert len({scan.gesture_id for scan in seen}) == len(texts)
        assert {scan.device for scan in seen} == {hand.scanner.uri}
        assert all(scan.at.utcoffset() is not None for scan in seen)

    def test_nothing_arrives_before_start_and_after_stop(self) -> None:
        hand = self.hand()
        seen: list[Scan] = []
        hand.read("85123A")
        hand.scanner.start(seen.append)
        hand.read("22727")
        hand.scanner.stop()
        hand.scanner.stop()
        hand.read("22728")
        hand.scanner.start(seen.append)
        hand.read("47566")
        assert [scan.raw for scan in seen] == ["22727", "47566"]

    def test_a_second_start_replaces_the_receiver(self) -> None:
        hand = self.hand()
        first: list[Scan] = []
        second: list[Scan] = []
        hand.scanner.start(first.append)
        hand.scanner.start(second.append)
        hand.read("22727")
        assert (first, [scan.raw for scan in second]) == ([], ["22727"])

    def test_a_receiver_may_stop_it(self) -> None:
        hand = self.hand()
        seen: list[Scan] = []

        def once(scan: Scan) -> None:
            seen.append(scan)
            hand.scanner.stop()

        hand.scanner.start(once)
        hand.read("22727")
        hand.read("22728")
        assert [scan.raw for scan in seen] == ["22727"]

    def test_a_long_code_comes_whole(self) -> None:
        hand = self.hand()
        seen: list[Scan] = []
        hand.scanner.start(seen.append)
        text = "01070320698049881003291234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 3
        hand.read(text)
        assert [scan.raw for scan in seen] == [text]

    def test_it_is_ready(self) -> None:
        assert self.hand().scanner.state is DeviceState.READY


class ScaleContract(ABC):
    """`NEGATIVE` is false for a language that has no sign."""

    NEGATIVE = True

    @abstractmethod
    def make(self) -> ScaleHand: ...

    @pytest.fixture
    def hand(self) -> Iterator[ScaleHand]:
        hand = self.make()
        yield hand
        hand.scale.stop()
        hand.close()

    def test_no_reading_before_start_and_after_stop(self, hand: ScaleHand) -> None:
        assert (hand.scale.reading(), hand.scale.state) == (None, DeviceState.ABSENT)
        hand.scale.start()
        hand.until(lambda: hand.scale.reading() is not None)
        assert hand.scale.state is DeviceState.READY
        hand.scale.stop()
        hand.scale.stop()
        assert (hand.scale.reading(), hand.scale.state) == (None, DeviceState.ABSENT)
        hand.scale.start()
        hand.until(lambda: hand.scale.reading() is not None)

    def test_it_settles_on_what_lies_on_it(self, hand: ScaleHand) -> None:
        self.started(hand)
        hand.put(1794)
        hand.until(lambda: not self.reading(hand).stable)
        assert not hand.usable()
        moving = self.reading(hand)
        hand.wait(5)
        settled = self.still(hand, 1794)
        assert settled.taken_at > moving.taken_at
        assert hand.usable()

    def test_unplugged_and_plugged_in_again_without_a_restart(self, hand: ScaleHand) -> None:
        self.started(hand)
        hand.unplug()
        hand.until(lambda: hand.scale.state is DeviceState.DOWN)
        assert (hand.scale.reading(), hand.scale.trouble) == (None, None)
        assert hand.scale.zero().result(10) is ScaleAnswer.NOT_THERE
        hand.plug_in()
        hand.put(250)
        hand.wait(5)
        self.still(hand, 250)

    def test_too_much_is_no_weight(self, hand: ScaleHand) -> None:
        self.started(hand)
        hand.put(60_001)
        hand.wait(5)
        hand.until(lambda: hand.scale.trouble is ScaleTrouble.OVERLOAD)
        assert (hand.scale.reading(), hand.scale.state) == (None, DeviceState.ATTENTION)
        hand.put(500)
        hand.wait(5)
        self.still(hand, 500)
        assert (hand.scale.trouble, hand.scale.state) == (None, DeviceState.READY)

    def test_far_below_zero_is_no_weight(self, hand: ScaleHand) -> None:
        self.started(hand)
        hand.put(-900)
        hand.wait(5)
        hand.until(lambda: hand.scale.trouble is ScaleTrouble.UNDERLOAD)
        assert hand.scale.reading() is None

    def test_a_little_below_zero_is_shown_and_never_usable(self, hand: ScaleHand) -> None:
        self.started(hand)
        hand.put(-60)
        hand.wait(5)
        if self.NEGATIVE:
            self.still(hand, -60)
        else:
            hand.until(lambda: hand.scale.trouble is ScaleTrouble.UNDERLOAD)
        assert not hand.usable()

    def test_zero(self, hand: ScaleHand) -> None:
        self.started(hand)
        hand.put(40)
        hand.wait(5)
        self.still(hand, 40)
        assert hand.scale.zero().result(30) is ScaleAnswer.DONE
        self.still(hand, 0)
        hand.put(100)
        hand.wait(5)
        self.still(hand, 60)

    def test_tare(self, hand: ScaleHand) -> None:
        self.started(hand)
        hand.put(2000)
        hand.wait(5)
        self.still(hand, 2000)
        assert hand.scale.tare().result(30) is ScaleAnswer.DONE
        self.still(hand, 0)
        hand.put(2450)
        hand.wait(5)
        self.still(hand, 450)

    def test_a_moving_pan_is_neither_zeroed_nor_tared(self, hand: ScaleHand) -> None:
        self.started(hand)
        hand.put(30)
        hand.until(lambda: not self.reading(hand).stable)
        assert hand.scale.zero().result(30) is ScaleAnswer.IN_MOTION
        assert hand.scale.tare().result(30) is ScaleAnswer.IN_MOTION
        hand.wait(5)
        self.still(hand, 30)

    def test_without_a_scale_there_is_nothing_to_zero(self, hand: ScaleHand) -> None:
        assert hand.scale.zero().result(1) is ScaleAnswer.NOT_THERE
        assert hand.scale.tare().result(1) is ScaleAnswer.NOT_THERE

    def started(self, hand: ScaleHand) -> None:
        hand.scale.start()
        self.still(hand, 0)

    def still(self, hand: ScaleHand, grams: int) -> WeightReading:
        def shown() -> bool:
            reading = hand.scale.reading()
            return reading is not None and (reading.grams, reading.stable) == (grams, True)

        hand.until(shown)
        return self.reading(hand)

    @staticmethod
    def reading(hand: ScaleHand) -> WeightReading:
        reading = hand.scale.reading()
        assert reading is not None
        return reading
