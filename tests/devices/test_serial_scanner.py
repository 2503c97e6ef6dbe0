"""Scanners on serial ports and sockets, over real terminals and sockets: nothing is lost but what was in the air."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest

from app.devices.simulated.lines import Line, PtyLine, SocketLine
from app.devices.simulated.scanner import SentAs
from app.domain.device_ports import DeviceChange, DeviceState
from tests.devices.contracts import ScannerContract, ScannerHand
from tests.devices.serial_bench import Bench, needs_terminals
from tests.devices.serial_bench import bench as bench
from tests.devices.serial_bench import line as line
from tests.devices.waiting import until


@pytest.fixture
def patient(line: Line) -> Iterator[Bench]:
    """One that gives up no code while a busy machine keeps the other half waiting."""
    made = Bench(line, "?timeout=60000")
    yield made
    made.close()


class SerialHand:
    """Pulls the trigger, and waits until the port has had its say."""

    def __init__(self, line: Line) -> None:
        self._bench = Bench(line)
        self.scanner = self._bench.scanner

    def read(self, text: str) -> None:
        scanner, before = self.scanner, self._bench.scanner.taken
        listening = scanner._on_scan is not None
        if listening:
            self._bench.ready()
        sent = self._bench.gun.scan(text)
        if listening:
            until(lambda: scanner.taken >= before + len(sent), text)


class SerialContract(ScannerContract):
    line: type[PtyLine] | type[SocketLine]

    @pytest.fixture(autouse=True)
    def _closed(self) -> Iterator[None]:
        self._hands: list[SerialHand] = []
        yield
        for hand in self._hands:
            hand._bench.close()

    def hand(self) -> ScannerHand:
        self._hands.append(SerialHand(self.line()))
        return self._hands[-1]

    def test_it_is_ready(self) -> None:
        hand = self.hand()
        assert hand.scanner.state is DeviceState.ABSENT
        hand.scanner.start(lambda _: None)
        until(lambda: hand.scanner.state is DeviceState.READY)


@needs_terminals
class TestSerialScanner(SerialContract):
    line = PtyLine


class TestNetworkScanner(SerialContract):
    line = SocketLine


del SerialContract


def test_pieces_several_in_one_read_and_the_bytes_themselves(patient: Bench) -> None:
    patient.start()
    patient.gun.in_pieces("T-0117")
    patient.gun.burst(["85123A", "22727"])
    assert patient.texts(3) == ["T-0117", "85123A", "22727"]
    assert b"".join(scan.data for scan in patient.scans) == b"T-0117\r85123A\r22727\r"


def test_two_guns_burst_fifty_codes_each_and_all_are_taken_whole() -> None:
    benches = [Bench(PtyLine() if sys.platform != "win32" else SocketLine()), Bench(SocketLine())]
    codes = [[f"{gun}-{number:04d}-ABCDEFGH" for number in range(50)] for gun in (1, 2)]
    try:
        for bench in benches:
            bench.start()
        hands = [
            threading.Thread(target=bench.gun.burst, args=(sent,)) for bench, sent in zip(benches, codes, strict=True)
        ]
        for hand in hands:
            hand.start()
        assert [bench.texts(50) for bench in benches] == codes
        assert [bench.notices for bench in benches] == [[], []]
        ids = {scan.gesture_id for bench in benches for scan in bench.scans}
        assert len(ids) == 100
    finally:
        for bench in benches:
            bench.close()


def test_half_a_code_is_told_and_the_next_one_stands_alone(bench: Bench) -> None:
    bench.start()
    bench.gun.half("85123A85123A")
    assert bench.told(DeviceChange.LOST).data == b"85123A"
    bench.gun.scan("22727")
    assert bench.texts(1) == ["22727"]
    assert bench.notices[0].detail == "unfinished"


def test_unplugged_in_the_middle_and_back_again(patient: Bench) -> None:
    patient.start()
    patient.gun.scan("85123A")
    patient.texts(1)
    taken = patient.scanner.taken
    patient.gun.send(b"2272")
    until(lambda: patient.scanner.taken == taken + 4)
    patient.gun.unplug()
    until(lambda: patient.scanner.state is DeviceState.DOWN, "down")
    patient.gun.plug_in()
    patient.told(DeviceChange.CAME)
    patient.ready()
    patient.gun.scan("22728")
    assert patient.texts(2) == ["85123A", "22728"]
    assert [(each.change, each.data) for each in patient.notices] == [
        (DeviceChange.LOST, b"2272"),
        (DeviceChange.GONE, b""),
        (DeviceChange.CAME, b""),
    ]
    assert patient.notices[0].detail == "unplugged"


def test_absent_at_the_start_it_comes_to_life(line: Line) -> None:
    bench = Bench(line)
    bench.gun.unplug()
    bench.scanner.start(bench.scans.append, bench.notices.append)
    bench.told(DeviceChange.GONE)
    assert bench.scanner.state is DeviceState.DOWN
    if isinstance(line, SocketLine):
        bench.gun.plug_in()
        bench.told(DeviceChange.CAME)
        bench.ready()
        bench.gun.scan("T-0117")
        assert bench.texts(1) == ["T-0117"]
    bench.close()


def test_a_lost_byte_and_a_wrong_parity_are_not_hidden(bench: Bench) -> None:
    bench.start()
    bench.gun.losing("85123A", 2)
    assert bench.texts(1) == ["8523A"]
    bench.gun.sent_as = SentAs(parity="even")
    bench.gun.scan("T-0117")
    assert bench.told(DeviceChange.LOST).detail == "parity"
