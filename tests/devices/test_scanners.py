"""The scanners of this build keep the contract; the wedge tells a scan from typing."""

from __future__ import annotations

import itertools

import pytest

from app.devices.opening import open_scale, open_scanner
from app.devices.scanners import KeyboardScanner, SimScanner
from app.devices.wedge import WedgeDetector
from app.domain.clock import IdMaker, utc_now
from app.domain.device_ports import DeviceState, Scan
from app.domain.errors import BadUseError
from app.domain.keys import Key, KeyKind
from app.domain.words import catalogue, say
from tests.devices.contracts import ScannerContract, ScannerHand


class SimHand:
    def __init__(self) -> None:
        self.scanner = SimScanner("sim:", IdMaker(), utc_now)

    def read(self, text: str) -> None:
        self.scanner.scan(text)


class WedgeHand:
    """Types as fast as a scanner does, with an Enter behind each code."""

    def __init__(self, *, suffix: bool = True) -> None:
        self.scanner = KeyboardScanner("keyboard:", IdMaker(), utc_now, WedgeDetector(ends_with_key=suffix))
        self.now = 0
        self.suffix = suffix

    def read(self, text: str) -> None:
        self.now += 500
        for sign in text:
            self.now += 4
            assert self.scanner.key(Key(sign, self.now)) == ()
        self.now += 4
        if self.suffix:
            assert self.scanner.key(Key("\r", self.now, KeyKind.END)) == ()
        else:
            deadline = self.scanner.deadline
            assert deadline is not None
            assert self.scanner.tick(deadline + 1) == ()


class TestSimScanner(ScannerContract):
    def hand(self) -> ScannerHand:
        return SimHand()

    def test_unplugged_it_sends_nothing(self) -> None:
        hand = SimHand()
        seen: list[Scan] = []
        hand.scanner.start(seen.append)
        hand.scanner.unplug()
        assert (hand.scanner.scan("22727"), hand.scanner.state) == (None, DeviceState.DOWN)
        hand.scanner.plug_in()
        assert hand.scanner.scan("22728") is seen[0]


class TestKeyboardScanner(ScannerContract):
    def hand(self) -> ScannerHand:
        return WedgeHand()


class TestKeyboardScannerWithoutSuffix(ScannerContract):
    def hand(self) -> ScannerHand:
        return WedgeHand(suffix=False)


@pytest.mark.parametrize("uri", ["sim:", "SIM:", "keyboard:", "keyboard:?suffix=none", "keyboard:?suffix=key"])
def test_uris_that_open(uri: str) -> None:
    assert open_scanner(uri, IdMaker(), utc_now).uri == uri


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("serial:///dev/ttyACM0?baud=9600", "device.scanner_not_yet"),
        ("hid://1234:5678", "device.scanner_not_yet"),
        ("bluetooth:1", "device.scanner_unknown"),
        ("keyboard", "device.no_scheme"),
        ("", "device.no_scheme"),
        ("keyboard:?suffix=maybe", "device.option_wrong"),
        ("sim:?speed=3", "device.option_unknown"),
    ],
)
def test_uris_that_do_not(uri: str, code: str) -> None:
    with pytest.raises(BadUseError) as caught:
        open_scanner(uri, IdMaker(), utc_now)
    assert caught.value.code == code
    assert uri in say(code, **caught.value.values) or "{uri}" not in catalogue()[code]


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("serial:///dev/ttyUSB0?protocol=mt-sics", "device.scale_not_yet"),
        ("ftp:x", "device.scale_unknown"),
        ("sim:?seed=x", "device.option_wrong"),
    ],
)
def test_scales_that_do_not_open(uri: str, code: str) -> None:
    with pytest.raises(BadUseError) as caught:
        open_scale(uri, iter(itertools.count()).__next__)
    assert caught.value.code == code
    assert say(code, **caught.value.values) != code


def test_every_state_has_a_word() -> None:
    assert all(catalogue()[state.key] for state in DeviceState)
