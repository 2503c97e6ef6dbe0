"""USB scales that follow the tables for points of sale: their reports, and one at a device file that can be pulled."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.hid_devices import HidApiSource
from app.devices.scale_hid import REPORT_BYTES, SCALE_PAGE, HidScale, report_of
from app.devices.scale_ports import HidFileSource
from app.devices.scale_protocols import NoWeight, Weighed
from app.devices.scale_thread import ScaleSource, ThreadScale
from app.devices.serial_ports import FoundPort, PortSeeker, UsbIdentity
from app.domain.device_ports import DeviceState
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.weight_units import WeightUnit

G, KG, LB, OZ, _ = WeightUnit
ZERO, MOVING, STEADY, UNDER = 2, 3, 4, 5


@pytest.mark.parametrize(
    ("report", "event"),
    [
        (report_of(STEADY, 2, 0, 1250), Weighed(1250, True, G, "1250 g")),
        (report_of(STEADY, 11, -1, 175), Weighed(496, True, OZ, "17.5 oz")),
        (report_of(MOVING, 12, -2, 250), Weighed(1134, False, LB, "2.50 lb")),
        (report_of(STEADY, 3, -3, 1234), Weighed(1234, True, KG, "1.234 kg")),
        (report_of(STEADY, 2, 1, 500), Weighed(5000, True, G, "5000 g")),
        (report_of(ZERO, 2, 0, 0), Weighed(0, True, G, "0 g")),
        (report_of(UNDER, 2, 0, 30), Weighed(-30, True, G, "-30 g")),
        (report_of(STEADY, 2, 0, 7) + bytes(58), Weighed(7, True, G, "7 g")),
        (report_of(1, 2, 0, 7), NoWeight(ScaleTrouble.FAULT)),
        (report_of(6, 2, 0, 0), NoWeight(ScaleTrouble.OVERLOAD)),
        (report_of(7, 2, 0, 0), NoWeight(ScaleTrouble.FAULT)),
        (report_of(8, 2, 0, 0), NoWeight(ScaleTrouble.NEEDS_ZERO)),
        (report_of(9, 2, 0, 0), NoWeight(ScaleTrouble.GARBLED, "03 09 02 00 00 00")),
        (report_of(STEADY, 10, 0, 5), NoWeight(ScaleTrouble.UNIT, "ozt")),
        (report_of(STEADY, 99, 0, 5), NoWeight(ScaleTrouble.UNIT, "")),
        (report_of(STEADY, 2, 100, 5), NoWeight(ScaleTrouble.GARBLED, "03 04 02 64 05 00")),
        (b"\x03\x04\x02", NoWeight(ScaleTrouble.GARBLED, "03 04 02")),
    ],
)
def test_reports(report: bytes, event: object) -> None:
    assert HidScale().feed(report) == [event]


@given(st.binary(max_size=70))
def test_any_report_is_taken(report: bytes) -> None:
    assert len(HidScale().feed(report)) <= 1


def test_it_is_zeroed_and_knows_no_tare() -> None:
    assert [HidScale().order(order) for order in ScaleOrder] == [b"\x02\x02", b""]


class FakeLibrary:
    """What hidapi gives, over a socket."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand

    def enumerate(self) -> list[dict[str, object]]:
        facts: dict[str, object] = {"vendor_id": 0x0922, "product_id": 0x8003, "serial_number": "7", "path": b"x"}
        return [{**facts, "usage_page": 0x8C}, {**facts, "usage_page": SCALE_PAGE}] if self._hand.plugged else []

    def device(self) -> FakeDevice:
        return FakeDevice(self._hand)


class FakeDevice:
    def __init__(self, hand: Hand) -> None:
        self._hand = hand
        self._near: socket.socket | None = None

    def open_path(self, _path: bytes) -> None:
        self._near = self._hand.connect()

    def read(self, most: int, milliseconds: int) -> list[int]:
        assert self._near is not None
        self._near.settimeout(milliseconds / 1000)
        try:
            data = self._near.recv(most)
        except TimeoutError:
            return []
        if not data:
            raise ValueError("not open")
        return list(data)

    def write(self, data: bytes) -> int:
        assert self._near is not None
        return self._near.send(data)

    def close(self) -> None:
        assert self._near is not None
        self._near.close()


class Hand:
    """A scale at a device file: each report is a datagram, and an order to it is answered by the next report."""

    def __init__(self, source: Callable[[Hand], ScaleSource]) -> None:
        self.plugged = True
        self.report = report_of(STEADY, 2, 0, 1250)
        self.heard: list[bytes] = []
        self._far: socket.socket | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._say, daemon=True)
        self._thread.start()
        self.scale = ThreadScale("hid://0922:8003", source(self), HidScale())

    def ports(self) -> list[FoundPort]:
        return [FoundPort("/dev/hidraw3", 0x0922, 0x8003, "7")] if self.plugged else []

    def open(self, path: str) -> int:
        assert path == "/dev/hidraw3"
        return self.connect().detach()

    def connect(self) -> socket.socket:
        if not self.plugged:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        near, self._far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        return near

    def unplug(self) -> None:
        self.plugged = False
        far, self._far = self._far, None
        if far is not None:
            far.close()

    def until(self, condition: Callable[[], bool]) -> None:
        end, pause = time.monotonic() + 30, threading.Event()
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            pause.wait(0.005)

    def close(self) -> None:
        self.scale.stop()
        self._stopping.set()
        self._thread.join()
        self.unplug()

    def _say(self) -> None:
        while not self._stopping.wait(0.02):
            far = self._far
            if far is None:
                continue
            try:
                far.send(self.report)
                self.heard.append(far.recv(64, socket.MSG_DONTWAIT))
                self.report = report_of(ZERO, 2, 0, 0)
            except OSError:
                continue


def file_source(hand: Hand) -> ScaleSource:
    return HidFileSource(PortSeeker("", UsbIdentity(0x0922, 0x8003), hand.ports), REPORT_BYTES, hand.open)


def library_source(hand: Hand) -> ScaleSource:
    return HidApiSource(UsbIdentity(0x0922, 0x8003), SCALE_PAGE, REPORT_BYTES, lambda: FakeLibrary(hand))


@pytest.fixture(params=[file_source, library_source])
def hand(request: pytest.FixtureRequest) -> Iterator[Hand]:
    if sys.platform != "linux":
        pytest.skip("other systems have no packets over local sockets")
    made = Hand(request.param)
    yield made
    made.close()


def test_a_usb_scale_weighs_is_zeroed_and_comes_back(hand: Hand) -> None:
    hand.scale.start()
    hand.until(lambda: (reading := hand.scale.reading()) is not None and reading.grams == 1250)
    assert hand.scale.tare().result(10) is ScaleAnswer.UNSUPPORTED
    assert hand.scale.zero().result(10) is ScaleAnswer.DONE
    assert hand.heard == [b"\x02\x02"]
    hand.unplug()
    hand.until(lambda: hand.scale.state is DeviceState.DOWN)
    assert hand.scale.reading() is None
    hand.report = report_of(STEADY, 11, -1, 175)
    hand.plugged = True
    hand.until(lambda: (reading := hand.scale.reading()) is not None and reading.grams == 496)
