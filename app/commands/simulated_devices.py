"""The devices that `simulate-device` can be, each with the orders it obeys."""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.devices.pan import Pan
from app.devices.simulated.lines import Line
from app.devices.simulated.scale import ScaleFault, ScaleLanguage, SimSerialScale, voice_of
from app.devices.simulated.scanner import SentAs, SimSerialScanner
from app.domain.print_ports import PrintLanguage
from app.domain.weight_units import WeightUnit
from app.printing.simulated.conditions import TwinAnswers, TwinCondition
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin

if sys.platform != "win32":
    from app.printing.simulated.pty_door import PtyDoor

SUFFIXES = {"cr": b"\r", "lf": b"\n", "crlf": b"\r\n", "tab": b"\t", "etx": b"\x03", "none": b""}
MOST_GRAMS = 60_000
MOST_CODES = 100_000


class OrderRefusedError(Exception):
    """An order means nothing to this device; `code` and `values` are those of the sentence."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class Simulated(Protocol):
    """A device that obeys."""

    @property
    def port(self) -> str:
        """Path of the terminal, or host and port."""

    @property
    def uri(self) -> str:
        """The address to give to a station."""

    def begin(self) -> None:
        """Does what the command line asked for."""

    def obey(self, order: str) -> str:
        """Carries out one line; gives what was done. Raises OrderRefusedError and OSError."""

    def close(self) -> None:
        """Puts it away."""


class SimulatedScale:
    """Obeys `weight GRAMS`, `overload`, `unplug`, `plug`, `stick`, `unstick`, and how its answers go wrong."""

    ORDERS = ("weight GRAMS", "overload", "stick", "unstick", "unplug", "plug", *(str(fault) for fault in ScaleFault))

    def __init__(
        self, line: Line, language: ScaleLanguage, unit: WeightUnit | None, grams: int, settle_seconds: float
    ) -> None:
        self._language = language
        self._unit = unit
        pan = Pan(time.monotonic, settle_seconds=settle_seconds, most_grams=MOST_GRAMS)
        pan.put(grams)
        self._twin = SimSerialScale(line, pan, voice_of(language, pan, unit))

    @property
    def port(self) -> str:
        """Path of the terminal, or host and port."""
        return self._twin.line.port

    @property
    def uri(self) -> str:
        """With the protocol, and with the unit where the protocol does not tell it."""
        if self._language is ScaleLanguage.TOLEDO:
            return f"{self._twin.uri}?protocol=toledo-8217&unit={(self._unit or WeightUnit.KILOGRAM).value}"
        return f"{self._twin.uri}?protocol={'plain' if self._language is ScaleLanguage.BARE else self._language}"

    def begin(self) -> None:
        """It weighs already."""

    def obey(self, order: str) -> str:
        """Carries out one line."""
        word, _, rest = order.partition(" ")
        simple: dict[str, Callable[[], None]] = {
            "overload": lambda: self._twin.put(MOST_GRAMS + 1),
            "stick": self._twin.pan.stick,
            "unstick": self._twin.pan.unstick,
            "unplug": self._twin.unplug,
            "plug": self._twin.plug_in,
        }
        if word == "weight":
            self._twin.put(whole(rest.removesuffix("g").strip(), -1_000_000, 1_000_000))
        elif order in simple:
            simple[order]()
        elif order in tuple(ScaleFault):
            self._twin.fault = ScaleFault(order)
        else:
            raise OrderRefusedError("cli.device.unknown_order", known=", ".join(self.ORDERS))
        return order

    def close(self) -> None:
        """Puts it away."""
        self._twin.close()


class SimulatedScanner:
    """Obeys `scan CODE`, `burst COUNT`, `half CODE`, `unplug`, `plug`; every other line is a code."""

    def __init__(
        self, line: Line, codes: tuple[str, ...], suffix: str, prefix: str, gap_seconds: float, wait_seconds: float
    ) -> None:
        """`codes` are sent after `wait_seconds`, with the gap between them."""
        sent_as = SentAs(prefix=prefix.encode("utf-8"), suffix=SUFFIXES[suffix])
        self._twin = SimSerialScanner(line, sent_as)
        self._codes, self._suffix, self._prefix = codes, suffix, prefix
        self._gap_seconds, self._wait_seconds = gap_seconds, wait_seconds
        self._stopping = threading.Event()
        self._numbers = itertools.count(1)
        self._last_sent = float("-inf")

    @property
    def port(self) -> str:
        """Path of the terminal, or host and port."""
        return self._twin.line.port

    @property
    def uri(self) -> str:
        """With the suffix and the prefix."""
        prefix = f"&prefix={self._prefix}" if self._prefix else ""
        return f"{self._twin.uri}?suffix={self._suffix}{prefix}"

    def begin(self) -> None:
        """Sends the codes of the command line."""
        if self._codes:
            self._stopping.wait(self._wait_seconds)
        for code in self._codes:
            self._scan(code)

    def obey(self, order: str) -> str:
        """Carries out one line."""
        word, _, rest = order.partition(" ")
        if order == "unplug":
            self._twin.unplug()
        elif order == "plug":
            self._twin.plug_in()
        elif word == "burst" and rest:
            self._twin.burst(self._many(whole(rest, 1, MOST_CODES)))
        elif word == "half" and rest:
            self._twin.half(rest)
        else:
            self._scan(rest if word == "scan" and rest else order)
        return order

    def close(self) -> None:
        """Puts it away."""
        self._stopping.set()
        self._twin.close()

    def _scan(self, code: str) -> None:
        """Not sooner after the one before than a hand would."""
        self._stopping.wait(max(0.0, self._last_sent + self._gap_seconds - time.monotonic()))
        self._twin.scan(code)
        self._last_sent = time.monotonic()

    def _many(self, count: int) -> list[str]:
        """The codes of the command line over and over, or made ones that are all different."""
        if self._codes:
            return list(itertools.islice(itertools.cycle(self._codes), count))
        return [f"BURST-{next(self._numbers):06}" for _ in range(count)]


class SimulatedPrinter:
    """Obeys the names of its conditions (`paper-out`, `ready`, ...), `paper COUNT`, and how it answers."""

    ORDERS = (*TwinCondition, "paper COUNT", "unplug", "plug", *(f"answer {each}" for each in TwinAnswers))

    def __init__(
        self,
        language: PrintLanguage,
        folder: Path | None,
        condition: TwinCondition,
        paper: int | None,
        address: tuple[str, int] | None,
        link: Path | None,
        told: Callable[[str, str], None],
    ) -> None:
        """`address` is host and port; without one it is a pseudo terminal. Raises OSError."""
        at_first: list[bool] = [True]  # how it begins is no event
        self._twin = PrinterTwin(language, folder, lambda event, detail: None if at_first else told(event, detail))
        self._twin.paper = paper
        if condition is not TwinCondition.READY:
            self._twin.become(condition)
        at_first.clear()
        self._door: TcpDoor | PtyDoor
        if address is not None:
            self._door = TcpDoor(self._twin, *address)
            self.uri, self.port = self._door.uri, f"{address[0]}:{self._door.port}"
        else:
            self._door = PtyDoor(self._twin, link)
            self.uri, self.port = self._door.serial_uri, str(self._door.path)
        self._door.__enter__()

    def begin(self) -> None:
        """It prints already."""

    def obey(self, order: str) -> str:
        """Carries out one line."""
        word, _, rest = order.partition(" ")
        if order in ("unplug", "plug"):
            if not isinstance(self._door, TcpDoor):
                raise OrderRefusedError("cli.device.only_listening")
            self._twin.become(TwinCondition.REFUSES if order == "unplug" else TwinCondition.READY)
        elif order in tuple(TwinCondition):
            self._become(TwinCondition(order))
        elif word == "paper":
            self._twin.load_paper(whole(rest, 0, MOST_CODES))
        elif word == "answer" and rest in tuple(TwinAnswers):
            self._twin.answers = TwinAnswers(rest)
        else:
            raise OrderRefusedError("cli.device.unknown_order", known=", ".join(self.ORDERS))
        return order

    def close(self) -> None:
        """Puts it away."""
        self._door.close()

    def _become(self, condition: TwinCondition) -> None:
        """Ready means that somebody mended what was wrong: there is paper, too."""
        if condition is TwinCondition.READY and self._twin.paper == 0:
            self._twin.load_paper()
        else:
            self._twin.become(condition)


def whole(text: str, least: int, most: int) -> int:
    """A whole number. Raises OrderRefusedError for what is none, or too small or large."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9 and least <= int(text) <= most):
        raise OrderRefusedError("cli.device.no_number", number=text, least=str(least), most=str(most))
    return int(text)
