"""`simulate-device` as a process of its own: its address, its events, its orders, and how it ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.commands.simulate_device import Wanted, run
from app.commands.simulate_device_flags import LANGUAGES, PROTOCOLS, STATES, SUFFIXES
from app.commands.simulated_devices import SUFFIXES as KNOWN_SUFFIXES
from app.devices.scale_opening import open_scale
from app.devices.simulated.scale import ScaleLanguage
from app.domain.device_ports import DeviceState, Scale
from app.domain.print_ports import PrintLanguage
from app.printing.simulated.conditions import TwinCondition
from tests.cli.running import ROOT, Cli, one_sentence

needs_terminals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
NETWORK = ("--listen", "127.0.0.1:0")


class Device:
    """One that runs."""

    def __init__(self, *words: str | Path) -> None:
        command = [sys.executable, str(ROOT / "main.py"), "simulate-device", *map(str, words), "--json"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self.ready = self.event()
        assert self.ready["event"] == "ready"

    def event(self) -> dict[str, object]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read() if self.process.stderr else ""
        return dict(json.loads(line))

    def order(self, *lines: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{line}\n" for line in lines))
        self.process.stdin.flush()

    def end(self) -> tuple[int, str]:
        self.order("quit")
        _, err = self.process.communicate(timeout=60)
        return self.process.returncode, err


@pytest.fixture
def begin() -> Iterator[Callable[..., Device]]:
    begun: list[Device] = []

    def one(*words: str | Path) -> Device:
        begun.append(Device(*words))
        return begun[-1]

    yield one
    for device in begun:
        if device.process.poll() is None:
            device.process.kill()
        device.process.wait()
        for pipe in (device.process.stdin, device.process.stdout, device.process.stderr):
            if pipe is not None:
                pipe.close()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def steady_at(scale: Scale, grams: int) -> Callable[[], bool]:
    def so() -> bool:
        reading = scale.reading()
        return reading is not None and (reading.grams, reading.stable) == (grams, True)

    return so


@pytest.mark.parametrize("where", [NETWORK, pytest.param((), marks=needs_terminals)])
def test_a_scale_weighs_what_it_is_told_and_is_unplugged(
    begin: Callable[..., Device], where: tuple[str, ...], tmp_path: Path
) -> None:
    link = () if where else ("--link", tmp_path / "scale")
    device = begin("scale", "--protocol", "nci", "--weight", "1250", "--settle", "0", *where, *link)
    assert (device.ready["kind"], str(device.ready["uri"]).endswith("?protocol=nci")) == ("scale", True)
    scale = open_scale(str(device.ready["uri"]), time.monotonic, list)
    scale.start()
    until(steady_at(scale, 1250))
    device.order("weight 800")
    assert device.event() == {"event": "done", "order": "weight 800"}
    until(steady_at(scale, 800))
    device.order("unplug")
    until(lambda: scale.state is DeviceState.DOWN)
    device.order("plug")
    until(steady_at(scale, 800))
    scale.stop()
    assert device.end() == (0, "")
    assert not (tmp_path / "scale").is_symlink()


def test_a_scanner_sends_the_codes_it_is_given(begin: Callable[..., Device]) -> None:
    device = begin("scanner", "T-0117", "--suffix", "crlf", "--gap", "0", "--wait", "3", *NETWORK)
    host, _, port = str(device.ready["port"]).rpartition(":")
    assert device.ready["uri"] == f"socket://{host}:{port}?suffix=crlf"
    with socket.create_connection((host, int(port))) as line, line.makefile("rb") as heard:
        assert heard.readline() == b"T-0117\r\n"
        device.order("scan 85123A", "22727", "half 4756", "scan  x", "burst 3")
        assert [heard.readline() for _ in range(6)] == [
            b"85123A\r\n", b"22727\r\n", b"475 x\r\n", b"T-0117\r\n", b"T-0117\r\n", b"T-0117\r\n",
        ]  # fmt: skip
    assert device.end() == (0, "")


def test_a_printer_takes_labels_and_says_that_its_paper_is_out(begin: Callable[..., Device], tmp_path: Path) -> None:
    device = begin("printer", "--out", tmp_path / "out", "--state", "paper-out", *NETWORK)
    host, _, port = str(device.ready["port"]).rpartition(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(b"~HS")
        answer = line.recv(1000)
        assert answer.split(b",")[1] == b"1"
        assert device.event() == {"event": "asked", "detail": ""}
        line.sendall(b"^XA^FDx^FS^XZ")
        assert device.event() == {"event": "waits", "detail": "paper_out"}
        assert list((tmp_path / "out").iterdir()) == []
        device.order("ready")
        events = [device.event() for _ in range(3)]
    assert {"event": "became", "detail": "ready"} in events
    assert {"event": "printed", "detail": "1"} in events
    assert [path.read_bytes() for path in (tmp_path / "out").iterdir()] == [b"^XA^FDx^FS^XZ"]
    assert device.end() == (0, "")


def test_orders_that_mean_nothing_are_said_and_counted(begin: Callable[..., Device]) -> None:
    device = begin("scale", *NETWORK)
    device.order("fly", "weight much", "", "weight 5")
    refused = [device.event(), device.event()]
    assert [event["order"] for event in refused] == ["fly", "weight much"]
    assert device.event() == {"event": "done", "order": "weight 5"}
    status, err = device.end()
    assert (status, err.count("\n")) == (1, 2)
    assert err.splitlines()[1] == "weight much: much is no whole number from -1000000 to 1000000."


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_goes_on_without_orders_until_it_is_told_to_end(
    begin: Callable[..., Device], tmp_path: Path, number: signal.Signals
) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("a shell that starts it in the background has its children ignore this signal")
    device = begin("scale", "--link", tmp_path / "scale")
    assert device.process.stdin is not None
    device.process.stdin.close()
    assert (tmp_path / "scale").is_symlink()
    device.process.send_signal(number)
    assert device.event() == {"event": "ended"}
    assert device.process.wait(60) == 0
    assert not (tmp_path / "scale").is_symlink()


def test_sentences_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Wanted("scale", "127.0.0.1:0", weight=7), False, ["weight 9", "quit"]) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith("The scale is at 127.0.0.1:")
    assert (second, third) == ("Done: weight 9", "The device is put away.")


def test_a_place_that_is_taken_is_said(cli: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = cli("simulate-device", "scale", "--listen", f"127.0.0.1:{taken.getsockname()[1]}")
    assert (ran.status, ran.out) == (3, "")
    assert one_sentence(ran.err.replace(". Choose", ", choose"))


@pytest.mark.parametrize(
    "words",
    [
        ("toaster",),
        ("scale", "--protocol", "morse"),
        ("scale", "--listen", "nowhere"),
        ("scale", "--listen", "127.0.0.1:99999"),
        ("scale", "--weight", "much"),
        ("scale", "--settle", "-1"),
        ("scanner", "--suffix", "xyz"),
        ("scanner", "--gap", "-1"),
        ("printer", "--state", "sad", *NETWORK),
    ],
)
def test_bad_use(cli: Cli, words: tuple[str, ...]) -> None:
    ran = cli("simulate-device", *words)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "Traceback" not in ran.err


def test_the_command_line_offers_what_there_is() -> None:
    assert tuple(ScaleLanguage) == PROTOCOLS
    assert tuple(PrintLanguage) == LANGUAGES
    assert tuple(TwinCondition) == STATES
    assert tuple(KNOWN_SUFFIXES) == SUFFIXES
