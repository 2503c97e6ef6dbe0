"""`simulate-device`: one scanner, scale or printer without hardware, which stands alone and obeys lines of text."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from app.commands.simulated_devices import (
    OrderRefusedError,
    Simulated,
    SimulatedPrinter,
    SimulatedScale,
    SimulatedScanner,
)
from app.devices.simulated.lines import Line, PtyLine, SocketLine
from app.devices.simulated.scale import ScaleLanguage
from app.domain.errors import BadUseError, EnvironmentFailure
from app.domain.print_ports import PrintLanguage
from app.domain.weight_units import WeightUnit
from app.domain.words import say
from app.printing.simulated.conditions import TwinCondition

QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is simulated, as the command line said it; words of other kinds of device are not looked at.

    `listen` is empty for a pseudo terminal. `weight` is grams, `settle` milliseconds, `gap` and `wait` seconds.
    """

    kind: str
    listen: str = ""
    link: Path | None = None
    protocol: str = ScaleLanguage.MT_SICS
    unit: str = ""
    weight: int = 0
    settle: int = 600
    codes: tuple[str, ...] = ()
    suffix: str = "cr"
    prefix: str = ""
    gap: float = 0.3
    wait: float = 1.0
    language: str = PrintLanguage.ZPL
    out: Path | None = None
    state: str = TwinCondition.READY
    paper: int | None = None


class Reporter:
    """Says what happens, as sentences or as one JSON object a line; from any thread."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._lock = threading.Lock()
        self.refused = 0

    def tell(self, event: str, **values: str | int) -> None:
        """Something happened."""
        with self._lock:
            if self._as_json:
                print(json.dumps({"event": event, **values}, ensure_ascii=False), flush=True)
            else:
                print(say(f"cli.device.{event}", **values), flush=True)

    def refuse(self, order: str, code: str, **values: str) -> None:
        """An order was not carried out."""
        message = say(code, order=order, **values)
        with self._lock:
            self.refused += 1
            print(message, file=sys.stderr, flush=True)
            if self._as_json:
                print(json.dumps({"event": "refused", "order": order, "message": message}, ensure_ascii=False))
                sys.stdout.flush()


def run(wanted: Wanted, as_json: bool, orders: Iterable[str] | None = None) -> int:
    """Simulates until `quit`, Ctrl-C or a signal to end; the end of the orders alone ends nothing.

    Exit status 1 when an order was refused. Raises BadUseError and EnvironmentFailure where it can't begin.
    """
    reporter = Reporter(as_json)
    with _ends_well(), _made(wanted, reporter) as device:
        try:
            reporter.tell("ready", kind=wanted.kind, port=device.port, uri=device.uri)
            device.begin()
            for line in sys.stdin if orders is None else orders:
                order = line.strip()
                if order == QUIT:
                    break
                if order:
                    _obey(device, order, reporter)
            else:
                threading.Event().wait()
        except KeyboardInterrupt:
            pass
    reporter.tell("ended")
    return 1 if reporter.refused else 0


def _obey(device: Simulated, order: str, reporter: Reporter) -> None:
    port = device.port
    try:
        done = device.obey(order)
    except OrderRefusedError as error:
        reporter.refuse(order, error.code, **error.values)
        return
    except OSError as error:
        reporter.refuse(order, "cli.device.failed", reason=error.strerror or str(error))
        return
    reporter.tell("done", order=done)
    if device.port != port:  # a terminal that is plugged in again may be another one
        reporter.tell("moved", port=device.port, uri=device.uri)


@contextmanager
def _made(wanted: Wanted, reporter: Reporter) -> Iterator[Simulated]:
    """The device, which is put away at the end."""
    try:
        device = _make(wanted, reporter)
    except OSError as error:
        at = wanted.listen or str(wanted.link or say("cli.device.terminal"))
        reason = error.strerror or str(error)
        raise EnvironmentFailure("cli.device.not_begun", at=at, reason=reason) from error
    try:
        yield device
    finally:
        device.close()


def _make(wanted: Wanted, reporter: Reporter) -> Simulated:
    address = _address(wanted.listen) if wanted.listen else None
    if address is None and sys.platform == "win32":
        raise BadUseError("cli.device.no_terminals")
    if wanted.kind == "printer":
        if wanted.out is not None:
            wanted.out.mkdir(parents=True, exist_ok=True)
        return SimulatedPrinter(
            PrintLanguage(wanted.language),
            wanted.out,
            TwinCondition(wanted.state),
            wanted.paper,
            address,
            wanted.link,
            lambda event, detail: reporter.tell(event, detail=detail),
        )
    line: Line = SocketLine(*address) if address is not None else PtyLine(wanted.link)
    if wanted.kind == "scanner":
        return SimulatedScanner(line, wanted.codes, wanted.suffix, wanted.prefix, wanted.gap, wanted.wait)
    unit = WeightUnit(wanted.unit) if wanted.unit else None
    return SimulatedScale(line, ScaleLanguage(wanted.protocol), unit, wanted.weight, wanted.settle / 1000)


def _address(text: str) -> tuple[str, int]:
    """Host and port; port 0 is any that is free. Raises BadUseError."""
    host, colon, port = text.rpartition(":")
    if not (colon and port.isascii() and port.isdigit() and int(port) < 65536):
        raise BadUseError("cli.device.bad_listen", listen=text)
    return host or "127.0.0.1", int(port)


@contextmanager
def _ends_well() -> Iterator[None]:
    """A signal to end ends it as Ctrl-C does, so that no name of a terminal is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
