"""Scanners that Linux shows as files: key devices taken for us alone, and HID devices; byte for byte over pipes."""

from __future__ import annotations

import errno
import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.device_files import (
    FileSource,
    Prepare,
    grab,
    has_usage_page,
    leave,
    list_hid_devices,
    list_key_devices,
)
from app.devices.device_thread import OpenDevice, RefusedError, ThreadScanner
from app.devices.frames import Code, Ends, Frame, Framer, Framing, Loss, Lost
from app.devices.hid_devices import HidApiSource
from app.devices.hid_reports import REPORT_BYTES, SCANNER_PAGE, ReportDecoder, reports_of
from app.devices.input_keys import EVENT, EventDecoder, press
from app.devices.opening import open_scanner
from app.devices.reading import Reading
from app.devices.serial_ports import FoundPort, PortSeeker, UsbIdentity
from app.devices.simulated.keys import PipeLine, SimHidScanner, SimKeyScanner
from app.domain.clock import IdMaker, utc_now
from app.domain.device_ports import DeviceChange, DeviceNotice, DeviceState, Scan
from app.extras import MissingExtraError
from tests.devices.contracts import ScannerContract, ScannerHand
from tests.devices.waiting import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no device files")
PRINTABLE = "".join(map(chr, range(32, 127)))


def codes(frames: list[Frame]) -> list[bytes]:
    return [frame.body for frame in frames if isinstance(frame, Code)]


def key(code: int, value: int) -> bytes:
    return EVENT.pack(1, 2, 1, code, value)


def typed(*events: bytes) -> bytes:
    frames = EventDecoder(Framer(Framing(Ends.CR))).feed(b"".join(events) + key(28, 1), 1.0)
    assert len(frames) == 1
    assert isinstance(frames[0], Code)
    return frames[0].body


# -- keys


def test_an_event_is_as_long_as_the_kernel_writes_it() -> None:
    assert EVENT.size == (24 if sys.maxsize > 2**32 else 16)


def test_every_printable_sign_comes_as_a_us_scanner_types_it() -> None:
    decoder = EventDecoder(Framer())
    assert codes(decoder.feed(press(PRINTABLE, ends="\r"), 1.0)) == [PRINTABLE.encode()]
    assert codes(decoder.feed(press("]C110LOT\x1d21SN", ends="\t"), 2.0)) == [b"]C110LOT\x1d21SN"]


@given(st.lists(st.integers(0, 4000), max_size=20))
def test_any_cut_of_the_events_gives_the_same_codes(cuts: list[int]) -> None:
    data = press("T-0117", ends="\r") + press("aB{3", ends="\t")
    edges = sorted({0, len(data), *(cut % len(data) for cut in cuts)})
    decoder = EventDecoder(Framer())
    frames = [frame for a, b in itertools.pairwise(edges) for frame in decoder.feed(data[a:b], 1.0)]
    assert codes(frames) == [b"T-0117", b"aB{3"]


def test_capitals_keypad_and_repeats() -> None:
    caps = key(58, 1) + key(58, 0)
    assert (
        typed(caps, key(30, 1), key(30, 0), key(42, 1), key(30, 1), key(2, 1), key(42, 0), caps, key(30, 1)) == b"Aa!a"
    )
    assert typed(key(79, 1), key(80, 1), key(83, 1), key(82, 1), key(55, 1)) == b"12.0*"
    assert typed(key(30, 1), key(30, 2), key(30, 2), key(30, 0), key(48, 1)) == b"ab"
    assert typed(key(30, 1), key(59, 1), key(103, 1), key(125, 1), key(30, 0)) == b"a"


@pytest.mark.parametrize(
    ("digits", "text"), [("029", "\x1d"), ("065", "A"), ("0128", "€"), ("129", "ü"), ("0252", "ü"), ("8364", "€")]
)
def test_alt_and_the_keypad(digits: str, text: str) -> None:
    pad = dict(zip("0123456789", (82, 79, 80, 81, 75, 76, 77, 71, 72, 73), strict=True))
    events = [key(30, 1), key(30, 0), key(56, 1), *(key(pad[digit], 1) + key(pad[digit], 0) for digit in digits)]
    assert typed(*events, key(56, 0), key(48, 1)).decode() == f"a{text}b"


def test_events_that_the_kernel_dropped_spoil_the_code_they_were_in() -> None:
    decoder = EventDecoder(Framer())
    dropped = EVENT.pack(0, 0, 0, 3, 0)
    frames = decoder.feed(press("851") + dropped + press("23A\r") + press("22727\r"), 1.0)
    assert frames == [Lost(Loss.OVERRUN, b"851"), Code(b"22727", b"22727\r")]


# -- reports


def test_a_short_and_a_long_code_in_reports() -> None:
    decoder = ReportDecoder()
    long = b"M1GATHERGOOD/MICHAEL  YABCDEF LHRDURAK 3542 052Y003D23456789" * 2
    reports = reports_of(long, "]Q0")
    assert [len(report) for report in reports] == [64, 64, 64]
    assert [report[63] for report in reports] == [1, 1, 0]
    assert (reports[0][:5], reports[2][1]) == (b"\x02\x38]Q0", len(long) - 112)
    frames = [frame for report in reports for frame in decoder.feed(report, 1.0)]
    assert frames == [Code(b"]Q0" + long, b"".join(reports))]
    assert codes(decoder.feed(reports_of(b"85123A", "]C0")[0], 2.0)) == [b"]C085123A"]
    assert decoder.deadline is None


def test_reports_without_identifier_and_those_of_other_kinds() -> None:
    decoder = ReportDecoder()
    assert codes(decoder.feed(b"\x02\x06\0\0\0" + b"85123A".ljust(59, b"\0"), 1.0)) == [b"85123A"]
    assert codes(decoder.feed(b"\x02\x06" + b"85123A".ljust(62, b"\0"), 1.0)) == [b"85123A"]
    assert decoder.feed(b"\x05\x06]C085123A".ljust(64, b"\0"), 1.0) == []
    assert decoder.feed(b"\x02\x00]C0".ljust(64, b"\0"), 1.0) == []


def test_a_code_whose_next_report_does_not_come_is_a_loss() -> None:
    decoder = ReportDecoder()
    first, second = reports_of(b"x" * 60)
    assert decoder.feed(first, 1.0) == []
    assert decoder.tick(1.29) == []
    assert decoder.tick(1.31) == [Lost(Loss.UNFINISHED, first)]
    decoder.feed(first, 2.0)
    alone = reports_of(b"85123A")[0]
    assert decoder.feed(alone, 3.0) == [Lost(Loss.UNFINISHED, first), Code(b"]C085123A", alone)]
    assert decoder.feed(b"\x02\xff" + bytes(62), 4.0) == [Lost(Loss.UNFINISHED, b"\x02\xff" + bytes(62))]
    assert second[63] == 0


@given(st.lists(st.binary(max_size=70), max_size=6))
def test_no_report_whatever_raises(reports: list[bytes]) -> None:
    decoder = ReportDecoder()
    for number, report in enumerate(reports):
        decoder.feed(report, float(number))
    decoder.flush(Loss.UNPLUGGED)


# -- over a pipe


class FileBench:
    def __init__(self, path: Path, *, hid: bool = False, prepare: Prepare = grab) -> None:
        self.line = PipeLine(path)
        self.ports = [FoundPort(str(path), 0x05F9, 0x2204, "A1")]
        seeker = PortSeeker(str(path), None, lambda: self.ports)
        self.gun = SimHidScanner(self.line, "\0\0\0") if hid else SimKeyScanner(self.line)
        source = FileSource(seeker, REPORT_BYTES if hid else 8 * EVENT.size, leave if hid else prepare)
        decoder = ReportDecoder() if hid else EventDecoder(Framer())
        self.scanner = ThreadScanner(f"evdev:{path}", IdMaker(), utc_now, source, decoder, Reading())
        self.scans: list[Scan] = []
        self.notices: list[DeviceNotice] = []

    def start(self) -> None:
        self.scanner.start(self.scans.append, self.notices.append)
        until(lambda: self.scanner.state is DeviceState.READY, "ready")

    def read(self, text: str) -> None:
        before, listening = self.scanner.taken, self.scanner._on_scan is not None
        if listening:
            until(lambda: self.scanner.state is DeviceState.READY, "ready")
        sent = self.gun.scan(text)
        if listening:
            until(lambda: self.scanner.taken >= before + len(sent), text)

    def told(self, change: DeviceChange) -> DeviceNotice:
        until(lambda: any(each.change is change for each in self.notices), change.value)
        return next(each for each in self.notices if each.change is change)

    def close(self) -> None:
        self.scanner.stop()
        self.line.close()


class FileContract(ScannerContract):
    hid: bool

    @pytest.fixture(autouse=True)
    def _closed(self, tmp_path: Path) -> Iterator[None]:
        self._benches: list[FileBench] = []
        self._path = tmp_path
        yield
        for bench in self._benches:
            bench.close()

    def hand(self) -> ScannerHand:
        self._benches.append(FileBench(self._path / f"event{len(self._benches)}", hid=self.hid))
        return self._benches[-1]

    def test_it_is_ready(self) -> None:
        hand = self.hand()
        hand.scanner.start(lambda _: None)
        until(lambda: hand.scanner.state is DeviceState.READY)


class TestKeyDevice(FileContract):
    hid = False


class TestHidDevice(FileContract):
    hid = True


del FileContract


@pytest.mark.parametrize("hid", [False, True])
def test_pulled_in_the_middle_and_found_at_another_place(tmp_path: Path, hid: bool) -> None:
    bench = FileBench(tmp_path / "event7", hid=hid)
    bench.start()
    bench.read("85123A")
    before = bench.scanner.taken
    bench.gun.half("T-0117" * 20)
    until(lambda: bench.scanner.taken > before)
    bench.ports = []
    bench.line.unplug()
    bench.told(DeviceChange.GONE)
    other = PipeLine(tmp_path / "event9")
    bench.ports = [FoundPort(other.port, 0x05F9, 0x2204, "A1")]
    assert bench.told(DeviceChange.CAME).detail == other.port
    bench.gun.line = other
    bench.read("22727")
    assert [scan.raw for scan in bench.scans] == ["85123A", "22727"]
    assert [each.change for each in bench.notices] == [DeviceChange.LOST, DeviceChange.GONE, DeviceChange.CAME]
    bench.close()
    other.close()


def test_each_gun_is_taken_for_us_alone_and_given_back(tmp_path: Path) -> None:
    taken: list[int] = []

    def busy(node: int) -> None:
        taken.append(node)
        if len(taken) == 1:
            raise OSError(errno.EBUSY, "Device or resource busy")

    bench = FileBench(tmp_path / "event7", prepare=busy)
    bench.scanner.start(bench.scans.append, bench.notices.append)
    assert bench.told(DeviceChange.REFUSED).detail == "Device or resource busy"
    bench.told(DeviceChange.CAME)
    bench.read("85123A")
    assert [scan.raw for scan in bench.scans] == ["85123A"]
    bench.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(taken[-1])


def test_twins_without_a_number_are_not_taken_for_each_other(tmp_path: Path) -> None:
    bench, other = FileBench(tmp_path / "event7"), PipeLine(tmp_path / "event8")
    second = FoundPort(other.port, 0x05F9, 0x2204)
    bench.ports = [FoundPort(bench.line.port, 0x05F9, 0x2204), second]
    bench.start()
    bench.ports = [second]
    bench.line.unplug()
    bench.told(DeviceChange.GONE)
    bench.line.plug_in()
    bench.ports = [second, FoundPort(bench.line.port, 0x05F9, 0x2204)]
    assert bench.told(DeviceChange.CAME).detail == bench.line.port
    bench.close()
    other.close()


def test_an_address_opens_a_simulated_key_device(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("key devices are files on Linux only")
    line = PipeLine(tmp_path / "gun")
    scans: list[Scan] = []
    scanner = open_scanner(f"{line.uri}?fnc1=~", IdMaker(), utc_now)
    scanner.start(scans.append)
    until(lambda: scanner.state is DeviceState.READY)
    SimKeyScanner(line).scan("]C110LOT~21SN")
    until(lambda: len(scans) == 1)
    assert (scans[0].raw, scans[0].data) == ("]C110LOT\x1d21SN", b"]C110LOT~21SN\r")
    scanner.stop()
    line.close()


# -- what is plugged in


def put(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_key_devices_are_listed_from_what_the_kernel_says(tmp_path: Path) -> None:
    gun = {"device/capabilities/key": "e080ffdf01cfffff fffffffffffffffe\n", "device/name": "Gun\n"}
    usb = {"device/id/vendor": "05f9\n", "device/id/product": "2204\n"}
    put(tmp_path / "event3", {**gun, **usb, "device/uniq": "A1\n"})
    put(tmp_path / "event4", {"device/capabilities/key": "10000000000000 0\n", "device/name": "Power Button\n", **usb})
    put(tmp_path / "event5", {**gun, "device/uniq": "\n"})
    (tmp_path / "mice").mkdir()
    assert list_key_devices(tmp_path, Path("/dev/input")) == [
        FoundPort("/dev/input/event3", 0x05F9, 0x2204, "A1", "Gun"),
        FoundPort("/dev/input/event5", None, None, None, "Gun"),
    ]
    assert list_key_devices(tmp_path / "none") == []


def test_hid_devices_are_listed_by_what_their_reports_speak_of(tmp_path: Path) -> None:
    facts = "DRIVER=hid-generic\nHID_ID=0003:000005F9:00004204\nHID_NAME=Gun\nHID_UNIQ=A1\n"
    put(tmp_path / "hidraw0", {"device/uevent": facts, "device/report_descriptor": b"\x05\x01\x09\x06\xa1\x01\xc0"})
    put(tmp_path / "hidraw1", {"device/uevent": facts, "device/report_descriptor": b"\x05\x8c\x09\x02\xa1\x01\xc0"})
    put(tmp_path / "hidraw2", {"device/uevent": "", "device/report_descriptor": b"\x06\x8c\x00"})
    put(tmp_path / "hidraw3", {"device/uevent": facts, "device/report_descriptor": b"\x06\x8d\x00\xa1\x01"})
    assert list_hid_devices(SCANNER_PAGE, tmp_path) == [FoundPort("/dev/hidraw1", 0x05F9, 0x4204, "A1", "Gun")]
    assert [port.device for port in list_hid_devices(0x8D, tmp_path)] == ["/dev/hidraw3"]
    assert not has_usage_page(b"\x09\x05\x8c", SCANNER_PAGE)


@given(st.binary(max_size=40))
def test_any_descriptor_is_read_to_its_end(descriptor: bytes) -> None:
    assert has_usage_page(descriptor, SCANNER_PAGE) in (True, False)


class LibraryDevice:
    def __init__(self, reports: list[list[int]]) -> None:
        self.reports, self.path, self.closed = reports, b"", False

    def open_path(self, path: bytes) -> None:
        self.path = path

    def read(self, max_length: int, timeout_ms: int = 0) -> list[int]:
        if not self.reports:
            raise OSError("read error")
        return self.reports.pop(0)[:max_length]

    def close(self) -> None:
        self.closed = True


class Library:
    """hidapi as it answers on Windows: one gun with two interfaces."""

    def __init__(self, opened: LibraryDevice) -> None:
        self._opened = opened

    def enumerate(self) -> list[dict[str, object]]:
        gun = {"vendor_id": 0x05F9, "product_id": 0x4204, "serial_number": "A1"}
        return [{**gun, "usage_page": 1, "path": b"keys"}, {**gun, "usage_page": SCANNER_PAGE, "path": b"codes"}]

    def device(self) -> LibraryDevice:
        return self._opened


def test_where_devices_are_no_files_the_library_reads_them() -> None:
    opened = LibraryDevice([list(reports_of(b"85123A")[0]), []])
    device = HidApiSource(UsbIdentity(0x05F9, 0x4204), SCANNER_PAGE, 64, lambda: Library(opened)).open()
    assert device is not None
    assert (opened.path, device.name) == (b"codes", "codes")
    assert codes(ReportDecoder().feed(device.read(0.1), 1.0)) == [b"]C085123A"]
    assert device.read(0.1) == b""
    with pytest.raises(OSError, match="read error"):
        device.read(0.1)
    device.close()
    assert opened.closed
    assert HidApiSource(UsbIdentity(0x1234), SCANNER_PAGE, 64, lambda: Library(opened)).open() is None


def test_a_missing_library_is_said_in_words() -> None:
    def missing() -> Library:
        raise MissingExtraError("hidapi")

    def opened() -> OpenDevice | None:
        return HidApiSource(UsbIdentity(1), SCANNER_PAGE, 64, missing).open()

    with pytest.raises(RefusedError, match="hidapi is not installed"):
        opened()
