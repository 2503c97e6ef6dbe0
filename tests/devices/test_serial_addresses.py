"""Serial scanners by their addresses: moved, named, taken by others, set over the wire, failing in their own ways."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest
import serial
from serial import rfc2217

from app.devices.device_thread import ThreadScanner
from app.devices.frames import Framer
from app.devices.opening import open_scanner
from app.devices.reading import Reading
from app.devices.serial_ports import FoundPort
from app.devices.simulated.lines import PtyLine, SocketLine
from app.devices.simulated.scanner import SentAs
from app.domain.clock import IdMaker, utc_now
from app.domain.device_ports import DeviceChange, DeviceNotice, DeviceState, Scan
from tests.devices.serial_bench import Bench, Ports, needs_terminals
from tests.devices.serial_bench import bench as bench
from tests.devices.serial_bench import line as line
from tests.devices.waiting import until


@needs_terminals
def test_at_another_port_it_is_found_by_maker_kind_and_number() -> None:
    line, ports = PtyLine(), Ports()
    first = line.port
    ports.found = [FoundPort("/dev/ttyOTHER", 0x05F9, 0x4204, "B2"), FoundPort(first, 0x05F9, 0x4204, "A1")]
    bench = Bench(line, ports=ports)
    bench.start()
    bench.gun.scan("85123A")
    bench.texts(1)
    held = PtyLine()  # so that the next terminal has another number
    bench.gun.unplug()
    bench.told(DeviceChange.GONE)
    decoy = PtyLine()
    ports.found = [FoundPort(first, 0x1234, 0x0001, "C3"), FoundPort("/dev/ttyOTHER", 0x05F9, 0x4204, "B2")]
    bench.gun.plug_in()
    moved = line.port
    ports.found = [*ports.found, FoundPort(moved, 0x05F9, 0x4204, "A1")]
    assert bench.told(DeviceChange.CAME).detail == moved != first
    bench.ready()
    bench.gun.scan("22727")
    assert bench.texts(2) == ["85123A", "22727"]
    bench.close()
    held.close()
    decoy.close()


@needs_terminals
@pytest.mark.parametrize("query", ["?vid=05f9&pid=4204&serial=A1", "?vid=0x05F9&pid=4204", "?vid=5f9"])
def test_an_address_may_name_the_device_instead_of_a_port(query: str) -> None:
    line, ports = PtyLine(), Ports()
    ports.found = [FoundPort("/dev/ttyS0"), FoundPort(line.port, 0x05F9, 0x4204, "A1")]
    bench = Bench(line, uri=f"serial:{query}", ports=ports)
    bench.start()
    bench.gun.scan("85123A")
    assert bench.texts(1) == ["85123A"]
    bench.close()


@needs_terminals
def test_a_stable_name_is_a_path_like_any_other(tmp_path: Path) -> None:
    line = PtyLine(tmp_path / "usb-gun")
    bench = Bench(line, "?baud=115200&suffix=cr")
    assert bench.scanner.uri == f"serial://{tmp_path}/usb-gun?baud=115200&suffix=cr"
    bench.start()
    bench.gun.unplug()
    bench.told(DeviceChange.GONE)
    bench.gun.plug_in()
    bench.told(DeviceChange.CAME)
    bench.ready()
    bench.gun.scan("T-0117")
    assert bench.texts(1) == ["T-0117"]
    bench.close()


@needs_terminals
def test_a_port_that_somebody_else_has_is_told_and_taken_when_it_is_free() -> None:
    line = PtyLine()
    first, second = Bench(line), Bench(line)
    first.start()
    second.scanner.start(second.scans.append, second.notices.append)
    assert second.told(DeviceChange.REFUSED).detail != ""
    assert second.scanner.state is DeviceState.ATTENTION
    first.scanner.stop()
    second.told(DeviceChange.CAME)
    second.ready()
    second.gun.scan("85123A")
    assert second.texts(1) == ["85123A"]
    assert first.scans == []
    second.close()


@pytest.mark.parametrize(
    ("options", "sent_as", "code", "text"),
    [
        ("?suffix=lf", SentAs(suffix=b"\n"), "85123A", "85123A"),
        ("?suffix=crlf", SentAs(suffix=b"\r\n"), "851\r23A", "851\r23A"),
        ("?suffix=tab", SentAs(suffix=b"\t"), "85123A", "85123A"),
        ("?suffix=etx", SentAs(suffix=b"\x03"), "85123A", "85123A"),
        ("?suffix=stx-etx", SentAs(prefix=b"\x02", suffix=b"\x03"), "851\t23A", "851\t23A"),
        ("?suffix=none&timeout=30", SentAs(suffix=b""), "85123A", "85123A"),
        ("?prefix=%23%3E", SentAs(prefix=b"#>", aim="]C1"), "10LOT", "]C110LOT"),
        ("?fnc1=~", SentAs(fnc1=b"~", aim="]C1"), "10LOT\x1d21SN", "]C110LOT\x1d21SN"),
        ("?fnc1={GS}", SentAs(fnc1=b"{GS}", aim="]d2"), "10LOT\x1d21SN", "]d210LOT\x1d21SN"),
        ("?encoding=cp437", SentAs(encoding="cp437"), "Größe", "Größe"),
        ("?bits=7&parity=even", SentAs(parity="even"), "85123A", "85123A"),
        ("?case=swap", SentAs(), "t-0117", "T-0117"),
    ],
)
def test_each_setting_over_the_wire(options: str, sent_as: SentAs, code: str, text: str) -> None:
    bench = Bench(SocketLine(), options)
    bench.gun.sent_as = sent_as
    bench.start()
    bench.gun.scan(code)
    assert bench.texts(1) == [text]
    bench.gun.scan(code)
    assert bench.texts(2) == [text, text]
    assert bench.notices == []
    bench.close()


class Rfc2217Gun:
    """A serial server on the network as they are sold: it negotiates, and passes on what its port gets."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"rfc2217://127.0.0.1:{self._listener.getsockname()[1]}"
        self._port = serial.serial_for_url("loop://", timeout=0)
        self._threads = threading.Thread(target=self._serve, daemon=True)
        self._threads.start()

    def _serve(self) -> None:
        self._call, _ = self._listener.accept()
        self._manager = rfc2217.PortManager(self._port, self)
        while data := self._call.recv(1024):
            b"".join(self._manager.filter(data))

    def write(self, data: bytes) -> None:
        self._call.sendall(data)

    def send(self, data: bytes) -> None:
        self.write(b"".join(self._manager.escape(data)))

    def close(self) -> None:
        self._call.shutdown(socket.SHUT_RDWR)
        self._call.close()
        self._listener.close()


def test_a_serial_server_on_the_network_speaks_rfc_2217() -> None:
    gun = Rfc2217Gun()
    scans: list[Scan] = []
    scanner = open_scanner(f"{gun.url}?baud=19200&parity=even", IdMaker(), utc_now)
    scanner.start(scans.append)
    until(lambda: scanner.state is DeviceState.READY, "negotiated")
    gun.send(b"85123A\r\xff\xe4\r")
    until(lambda: len(scans) == 2)
    assert [scan.raw for scan in scans] == ["85123A", "ÿä"]
    assert (gun._port.baudrate, gun._port.parity) == (19200, "E")
    gun.close()
    until(lambda: scanner.state is DeviceState.DOWN, "gone")
    scanner.stop()


class MoodyDevice:
    """A driver that fails in a way that nobody foresaw, once."""

    name = "moody"

    def __init__(self) -> None:
        self.pieces: list[bytes | Exception] = [b"85123A\r227", RuntimeError("the driver is in a mood"), b"22728\r"]

    def read(self, seconds: float) -> bytes:
        if not self.pieces:
            time.sleep(seconds)
            return b""
        piece = self.pieces.pop(0)
        if isinstance(piece, Exception):
            raise piece
        return piece

    def wake(self) -> None: ...

    def close(self) -> None: ...


class MoodySource:
    def __init__(self) -> None:
        self.device, self.refusals = MoodyDevice(), 1

    def open(self) -> MoodyDevice:
        if self.refusals:
            self.refusals -= 1
            raise KeyError("no such thing")
        return self.device


def test_a_driver_that_fails_in_its_own_way_is_told_and_opened_anew() -> None:
    scans: list[Scan] = []
    notices: list[DeviceNotice] = []
    scanner = ThreadScanner("serial:moody", IdMaker(), utc_now, MoodySource(), Framer(), Reading())
    scanner.start(scans.append, notices.append)
    until(lambda: len(scans) == 2)
    scanner.stop()
    assert [scan.raw for scan in scans] == ["85123A", "22728"]
    assert [(each.change, each.detail, each.data) for each in notices] == [
        (DeviceChange.REFUSED, "'no such thing'", b""),
        (DeviceChange.CAME, "moody", b""),
        (DeviceChange.LOST, "unplugged", b"227"),
        (DeviceChange.GONE, "the driver is in a mood", b""),
        (DeviceChange.CAME, "moody", b""),
    ]
