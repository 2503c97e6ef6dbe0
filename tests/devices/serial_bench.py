"""A scanner at the end of a line, and its bench."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from app.devices.device_thread import ThreadScanner
from app.devices.opening import open_scanner
from app.devices.serial_ports import FoundPort
from app.devices.simulated.lines import Line, PtyLine, SocketLine
from app.devices.simulated.scanner import SimSerialScanner
from app.domain.clock import IdMaker, utc_now
from app.domain.device_ports import DeviceChange, DeviceNotice, DeviceState, Scan
from tests.devices.waiting import until

needs_terminals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")


LINES = [pytest.param(PtyLine, id="terminal", marks=needs_terminals), pytest.param(SocketLine, id="socket")]


class Ports:
    """The list of serial ports as a test wants it."""

    def __init__(self) -> None:
        self.found: list[FoundPort] = []

    def __call__(self) -> list[FoundPort]:
        return self.found


class Bench:
    """A station's end of a line, with everything that came over it."""

    def __init__(self, line: Line, options: str = "", *, uri: str = "", ports: Ports | None = None) -> None:
        self.gun = SimSerialScanner(line)
        self.scans: list[Scan] = []
        self.notices: list[DeviceNotice] = []
        made = open_scanner(uri or line.uri + options, IdMaker(), utc_now, ports or Ports())
        assert isinstance(made, ThreadScanner)
        self.scanner = made

    def start(self) -> None:
        self.scanner.start(self.scans.append, self.notices.append)
        self.ready()

    def ready(self) -> None:
        until(lambda: self.scanner.state is DeviceState.READY, "ready")
        line = self.gun.line
        until(lambda: not isinstance(line, SocketLine) or line.connected, "connected")

    def texts(self, count: int) -> list[str]:
        until(lambda: len(self.scans) >= count, f"{count} scans, came {len(self.scans)}")
        return [scan.raw for scan in self.scans]

    def told(self, change: DeviceChange) -> DeviceNotice:
        until(lambda: any(each.change is change for each in self.notices), change.value)
        return next(each for each in self.notices if each.change is change)

    def close(self) -> None:
        self.scanner.stop()
        self.gun.close()


@pytest.fixture(params=LINES)
def line(request: pytest.FixtureRequest) -> Line:
    made: Line = request.param()
    return made


@pytest.fixture
def bench(line: Line) -> Iterator[Bench]:
    made = Bench(line)
    yield made
    made.close()
