"""The scanners of this build keep the contract; the wedge tells a scan from typing."""

from __future__ import annotations

import pytest

from app.devices.opening import open_scanner, open_scanners
from app.devices.scanner_group import ScannerGroup, name_of, scanners_of, station_of
from app.devices.scanners import KeyboardScanner, SimScanner
from app.devices.wedge import WedgeDetector
from app.domain.clock import IdMaker, utc_now
from app.domain.device_ports import DeviceChange, DeviceNotice, DeviceState, Scan
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


@pytest.mark.parametrize(
    "uri",
    [
        "sim:",
        "SIM:",
        "keyboard:",
        "keyboard:?suffix=none",
        "keyboard:?suffix=key",
        "keyboard:?station=Pack%202",
        "serial:///dev/ttyACM0?baud=9600",
        "serial://COM3?parity=even&bits=7&stop=2&flow=rtscts",
        "serial:?vid=05f9&pid=4204&serial=S%2F1",
        "socket://127.0.0.1:4001?suffix=none&timeout=80",
        "evdev:/dev/input/by-id/usb-gun-event-kbd?suffix=tab",
        "evdev:?vid=05f9&pid=2204",
        "hid://05f9:4204",
        "hid://05f9:4204:S-1?fnc1=~",
        "rfc2217://gun.example:4001?encoding=cp1252&fnc1=~&prefix=%02&case=upper",
    ],
)
def test_uris_that_open(uri: str) -> None:
    scanner = open_scanner(uri, IdMaker(), utc_now)
    assert scanner.uri == uri
    scanner.stop()


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("bluetooth:1", "device.scanner_unknown"),
        ("keyboard", "device.no_scheme"),
        ("", "device.no_scheme"),
        ("keyboard:?suffix=maybe", "device.option_wrong"),
        ("sim:?speed=3", "device.option_unknown"),
        ("serial:", "device.no_port"),
        ("serial:?serial=A1", "device.no_port"),
        ("socket://127.0.0.1", "device.no_port"),
        ("socket://:4001", "device.no_port"),
        ("rfc2217://gun:99999", "device.no_port"),
        ("serial://COM3?speed=9600", "device.option_unknown"),
        ("serial://COM3?baud=fast", "device.option_wrong"),
        ("serial://COM3?baud=0", "device.option_wrong"),
        ("serial://COM3?bits=9", "device.option_wrong"),
        ("serial://COM3?parity=maybe", "device.option_wrong"),
        ("serial://COM3?suffix=bell", "device.option_wrong"),
        ("serial://COM3?encoding=ebcdic", "device.option_wrong"),
        ("evdev:", "device.no_port"),
        ("evdev:/dev/input/event3?speed=1", "device.option_unknown"),
        ("hid://", "device.option_wrong"),
        ("hid://05f9:gun", "device.option_wrong"),
        ("hid://05f9:4204?suffix=cr", "device.option_unknown"),
        ("serial:?vid=gun", "device.option_wrong"),
        ("serial:?vid=05f9&pid=12345", "device.option_wrong"),
    ],
)
def test_uris_that_do_not(uri: str, code: str) -> None:
    with pytest.raises(BadUseError) as caught:
        open_scanner(uri, IdMaker(), utc_now)
    assert caught.value.code == code
    assert uri in say(code, **caught.value.values) or "{uri}" not in catalogue()[code]


def test_every_state_has_a_word() -> None:
    assert all(catalogue()[state.key] for state in DeviceState)


def test_several_addresses_are_one_scanner_to_the_station() -> None:
    group = open_scanners("sim:?name=One  sim:?name=Two&station=Pack+2\nkeyboard:", IdMaker(), utc_now)
    assert isinstance(group, ScannerGroup)
    one, two, wedge = scanners_of(group)
    assert isinstance(one, SimScanner)
    assert isinstance(two, SimScanner)
    assert [name_of(each.uri) for each in group.scanners] == ["One", "Two", "keyboard:"]
    assert [station_of(each.uri) for each in group.scanners] == ["", "Pack 2", ""]
    seen: list[Scan] = []
    notices: list[DeviceNotice] = []
    group.start(seen.append, notices.append)
    one.scan("22727")
    two.scan("22728")
    assert [(scan.raw, scan.device) for scan in seen] == [("22727", one.uri), ("22728", two.uri)]
    assert group.state is DeviceState.READY
    two.unplug()
    assert group.state is DeviceState.ATTENTION
    assert [(each.device, each.change) for each in notices] == [(two.uri, DeviceChange.GONE)]
    group.stop()
    one.scan("22727")
    assert len(seen) == 2
    assert wedge.state is DeviceState.READY


def test_one_address_is_that_scanner_and_none_is_none() -> None:
    assert isinstance(open_scanners(" sim: ", IdMaker(), utc_now), SimScanner)
    assert open_scanners("", IdMaker(), utc_now) is None
    assert scanners_of(None) == ()
    with pytest.raises(BadUseError) as caught:
        open_scanners("sim: keyboard: sim:", IdMaker(), utc_now)
    assert caught.value.code == "device.twice"


def test_every_notice_has_a_sentence() -> None:
    for change in DeviceChange:
        assert "Ring 1" in say(change.key, device="Ring 1", detail="no permission")
