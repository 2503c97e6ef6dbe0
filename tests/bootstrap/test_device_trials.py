"""A found device is opened and asked before it is kept: in each protocol and language, and refused in words."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from app.bootstrap.device_trials import DeviceTrials
from app.devices.pan import Pan
from app.devices.serial_ports import LineSettings, open_port
from app.devices.simulated.lines import SocketLine
from app.devices.simulated.scale import ScaleFault, ScaleLanguage, SimSerialScale, voice_of
from app.devices.simulated.scanner import SimSerialScanner
from app.domain.print_ports import PrintLanguage
from app.presenters.found_devices import FoundUse, Use
from app.printing.simulated.conditions import TwinCondition
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from tests.devices.rated_line import RatedLine


@pytest.fixture
def pan() -> Pan:
    pan = Pan(lambda: 100.0)
    pan.put(250)
    return pan


def scale_of(pan: Pan, language: ScaleLanguage) -> SimSerialScale:
    return SimSerialScale(SocketLine(), pan, voice_of(language, pan))


@pytest.mark.parametrize("language", [ScaleLanguage.MT_SICS, ScaleLanguage.NCI])
def test_the_protocol_of_a_scale_is_found_by_asking(pan: Pan, language: ScaleLanguage) -> None:
    with closing(scale_of(pan, language)) as scale:
        tried = DeviceTrials().try_out(FoundUse(Use.SCALE, scale.line.uri))
        assert tried.uri == f"{scale.line.uri}?protocol={language.value}"
        assert tried.words.startswith("It weighs: ")


class Hurried:
    """Implements `Going`: time flies while what is tried is not what will answer, and waits for what will."""

    def __init__(self, answers: str, stop_at: str = "never") -> None:
        self.answers, self.stop_at, self.words, self.now = answers, stop_at, "", 0.0
        self.told: list[str] = []

    def over(self, seconds: float) -> bool:
        if self.answers in self.words:
            time.sleep(seconds)
        self.now += 0.01 if self.answers in self.words else 1.0
        return self.stop_at in self.words

    def tell(self, words: str) -> None:
        self.words = words
        self.told.append(words)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
@pytest.mark.parametrize(
    ("language", "rate", "protocol"),
    [
        (ScaleLanguage.NCI, 4800, "nci"),
        (ScaleLanguage.PLAIN, 2400, "plain"),
        (ScaleLanguage.MT_SICS, 19200, "mt-sics"),
    ],
)
def test_the_rate_of_a_scale_is_found_too(pan: Pan, language: ScaleLanguage, rate: int, protocol: str) -> None:
    with closing(SimSerialScale(RatedLine(rate), pan, voice_of(language, pan))) as scale:
        going = Hurried(f"{protocol} at {rate} baud")
        tried = DeviceTrials(now=lambda: going.now).try_out(FoundUse(Use.SCALE, scale.line.uri), going)
        assert tried.uri == f"{scale.line.uri}?protocol={protocol}&baud={rate}"
        assert going.told[0] == "Trying it in mt-sics at 9600 baud. Esc stops."
        assert going.told[-1] == f"Trying it in {protocol} at {rate} baud. Esc stops."


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
def test_trying_is_given_up_and_the_port_is_free_again(pan: Pan) -> None:
    with closing(SimSerialScale(RatedLine(300), pan, voice_of(ScaleLanguage.NCI, pan))) as scale:
        going = Hurried("nothing", stop_at="nci at 19200 baud")
        tried = DeviceTrials(now=lambda: going.now).try_out(FoundUse(Use.SCALE, scale.line.uri), going)
        assert (tried.uri, len(going.told)) == ("", 6)
        opened = open_port(scale.line.port, LineSettings())
        assert opened is not None
        opened.close()


def test_a_scale_at_a_till_is_known_and_its_unit_asked_for() -> None:
    now = [100.0]
    still = Pan(lambda: now[0])
    still.put(250)
    now[0] += 60  # the needle stands
    with closing(scale_of(still, ScaleLanguage.TOLEDO)) as scale:
        going = Hurried("toledo-8217")
        tried = DeviceTrials(now=lambda: going.now).try_out(FoundUse(Use.SCALE, scale.line.uri), going)
    assert tried.uri == ""
    assert tried.words.startswith("It answers and never says what its digits count. Write socket://")
    assert tried.words.endswith("?protocol=toledo-8217&unit=kg or &unit=lb in Office, Settings, Scale.")


def test_what_gives_no_weight_is_no_scale(pan: Pan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.bootstrap.device_trials.SCALE_SECONDS", 0.3)
    with closing(scale_of(pan, ScaleLanguage.NCI)) as scale:
        scale.fault = ScaleFault.SILENT
        tried = DeviceTrials().try_out(FoundUse(Use.SCALE, scale.line.uri))
    assert (tried.uri, tried.words[:27]) == ("", "No weight came from it in a")


def test_a_scanner_is_kept_when_its_port_opens() -> None:
    with closing(SimSerialScanner(SocketLine())) as gun:
        tried = DeviceTrials().try_out(FoundUse(Use.SCANNER, gun.uri))
        assert (tried.uri, tried.words) == (gun.uri, "It opened. Scan something: it is shown on its card.")


def test_a_scanner_that_is_gone_meanwhile_is_not_kept() -> None:
    tried = DeviceTrials().try_out(FoundUse(Use.SCANNER, "serial:///dev/no-such-port"))
    assert (tried.uri, tried.words) == ("", "It is not there any more. Plug it in again.")


@pytest.fixture(params=[PrintLanguage.ZPL, PrintLanguage.TSPL])
def twin(request: pytest.FixtureRequest) -> Iterator[tuple[PrinterTwin, str]]:
    made = PrinterTwin(request.param)
    with TcpDoor(made) as door:
        yield made, door.uri.partition("?")[0]


def test_the_language_of_a_printer_is_found_by_asking(twin: tuple[PrinterTwin, str]) -> None:
    printer, uri = twin
    printer.become(TwinCondition.PAPER_OUT)
    tried = DeviceTrials().try_out(FoundUse(Use.LABELS, uri))
    assert tried.uri == f"{uri}?language={printer.language.value}"
    assert tried.words == "It answers: Out of labels."


def test_a_printer_that_is_not_reached_is_not_kept() -> None:
    with TcpDoor(PrinterTwin()) as door:
        uri = door.uri.partition("?")[0]
    tried = DeviceTrials().try_out(FoundUse(Use.LABELS, uri))
    assert (tried.uri, tried.words) == ("", "There is no way to it. Is it switched on and plugged in?")


def test_a_printer_whose_language_is_known_is_asked_in_it() -> None:
    with TcpDoor(PrinterTwin()) as door:
        uri = f"{door.uri.partition('?')[0]}?language=zpl"
        assert DeviceTrials().try_out(FoundUse(Use.LABELS, uri)).words == "It answers: Ready."
