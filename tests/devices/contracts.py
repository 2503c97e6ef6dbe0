"""What every scanner and every scale must do, however it is connected.

A test of an adapter inherits from one of these and gives the fixture: the device, and a hand that does to its far
end what a person does (pull a trigger, lay something on it, pull the cable).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol

from app.domain.device_ports import DeviceState, Scale, Scan, Scanner
from app.domain.weights import WeightReading


class ScannerHand(Protocol):
    """The person at the far end of a scanner; each returns when the port has had its say."""

    scanner: Scanner

    def read(self, text: str) -> None: ...


class ScaleHand(Protocol):
    """The person at the far end of a scale."""

    scale: Scale

    def put(self, grams: int) -> None: ...
    def wait(self, seconds: float) -> None: ...
    def unplug(self) -> None: ...
    def plug_in(self) -> None: ...


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
    @abstractmethod
    def hand(self) -> ScaleHand: ...

    def test_no_reading_before_start_and_after_stop(self) -> None:
        hand = self.hand()
        assert hand.scale.reading() is None
        hand.scale.start()
        assert hand.scale.reading() is not None
        hand.scale.stop()
        hand.scale.stop()
        assert hand.scale.reading() is None

    def test_it_settles_on_what_lies_on_it(self) -> None:
        hand = self.hand()
        hand.scale.start()
        hand.put(1794)
        first = self._reading(hand.scale.reading)
        assert not first.stable
        hand.wait(5)
        settled = self._reading(hand.scale.reading)
        assert (settled.grams, settled.stable) == (1794, True)
        assert settled.taken_at > first.taken_at

    def test_unplugged_and_plugged_in_again_without_a_restart(self) -> None:
        hand = self.hand()
        hand.scale.start()
        assert hand.scale.state is DeviceState.READY
        hand.unplug()
        assert (hand.scale.reading(), hand.scale.state) == (None, DeviceState.DOWN)
        hand.plug_in()
        hand.put(250)
        hand.wait(5)
        assert self._reading(hand.scale.reading).grams == 250

    @staticmethod
    def _reading(read: Callable[[], WeightReading | None]) -> WeightReading:
        reading = read()
        assert reading is not None
        return reading
