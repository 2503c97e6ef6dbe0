"""The status strip: lamps in their fixed order, quiet when all is well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from app.domain.device_ports import DeviceState
from app.domain.print_ports import PrinterState, PrinterStatus
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.weights import WeightReading
from app.domain.words import say
from app.presenters.state import shell, sign_in
from app.presenters.state.basics import Chip, Family, LampState
from app.presenters.times import clock_words, grams_words

_kept = lru_cache(64)
"""A lamp is asked for at each scan, and seldom changes."""


class BenchDevices(Protocol):
    """The devices of a bench as the screen looks at them: values that are at hand, never a question to a device."""

    def scanner(self) -> DeviceState:
        """How the scanner is."""

    def scale(self) -> DeviceState:
        """How the scale is; absent when there is none."""

    def reading(self) -> WeightReading | None:
        """What the scale showed last."""

    def trouble(self) -> ScaleTrouble | None:
        """Why the scale gives no weight."""

    def order(self, order: ScaleOrder, then: Callable[[ScaleAnswer], None]) -> None:
        """Has the scale zeroed or tared; `then` hears of it later, on the presenter's thread."""

    def printer(self) -> PrinterStatus | None:
        """What the label printer said last; None when there is none."""

    def monotonic(self) -> float:
        """Seconds of the clock by which readings are dated."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the way to the database is: milliseconds of the last write, scans that wait, jobs that wait."""

    milliseconds: float = 0.0
    gone: bool = False
    kept: int = 0


def strip(
    station: str, operator: str, devices: BenchDevices, health: Health, now: datetime, zone: ZoneInfo
) -> shell.Strip:
    """The whole strip."""
    lamps = (
        _scanner(devices.scanner()),
        _scale(devices.scale(), devices.reading(), devices.trouble()),
        _printer(devices.printer()),
        _database(health),
        _unsent(health),
    )
    return shell.Strip(station, operator or say("shell.nobody"), lamps, clock_words(now, zone))


def first_strip(now: datetime) -> shell.Strip:
    """The strip of a station that has no warehouse yet: its lamps keep their places, its clock is the computer's."""
    icons = {
        "scanner": "barcode", "scale": "scales", "printer": "printer", "database": "database",
        "unsent": "cloud-arrow-up",
    }  # fmt: skip
    lamps = tuple(shell.Lamp(n, icon, say(f"lamp.{n}.not_yet"), LampState.ABSENT) for n, icon in icons.items())
    return shell.Strip(say("shell.new_station"), say("shell.nobody"), lamps, f"{now.astimezone():%H:%M}")


@_kept
def _scanner(state: DeviceState) -> shell.Lamp:
    kind = {DeviceState.READY: LampState.OK, DeviceState.DOWN: LampState.DOWN, DeviceState.ABSENT: LampState.ABSENT}
    words = {
        DeviceState.DOWN: "lamp.scanner.down",
        DeviceState.ABSENT: "lamp.scanner.absent",
        DeviceState.ATTENTION: "lamp.scanner.attention",
    }
    return shell.Lamp(
        "scanner",
        "barcode",
        say(words.get(state, "lamp.scanner.ready")),
        kind.get(state, LampState.WARN),
        say("lamp.scanner.short"),
    )


@_kept
def _scale(state: DeviceState, reading: WeightReading | None, trouble: ScaleTrouble | None) -> shell.Lamp:
    if trouble is not None and trouble is not ScaleTrouble.MOVING:
        words = say("lamp.scale.trouble", why=say(trouble.short_key).lower())
        return shell.Lamp("scale", "scales", words, LampState.WARN, say("lamp.scale.short"))
    if state is DeviceState.ABSENT or (reading is None and state is DeviceState.READY):
        return shell.Lamp("scale", "scales", say("lamp.scale.absent"), LampState.ABSENT, say("lamp.scale.short"))
    if state is DeviceState.DOWN or reading is None:
        return shell.Lamp("scale", "scales", say("lamp.scale.down"), LampState.DOWN, say("lamp.scale.short"))
    words = say("lamp.scale.grams", grams=grams_words(reading.grams))
    return shell.Lamp("scale", "scales", words, LampState.OK, say("lamp.scale.short"))


@_kept
def _printer(status: PrinterStatus | None) -> shell.Lamp:
    short = say("lamp.printer.short")
    if status is None:
        return shell.Lamp("printer", "printer", say("lamp.printer.absent"), LampState.ABSENT, short)
    if status.state is PrinterState.UNREACHABLE:
        return shell.Lamp("printer", "printer", say("lamp.printer.down"), LampState.DOWN, short)
    if not status.can_print:
        words = say("lamp.printer.attention", why=say(f"printing.state.{status.state.value}").lower())
        return shell.Lamp("printer", "printer", words, LampState.WARN, short)
    return shell.Lamp("printer", "printer", say("lamp.printer.ready"), LampState.OK, short)


@_kept
def _database(health: Health) -> shell.Lamp:
    if health.gone:
        return shell.Lamp("database", "database", say("lamp.database.down"), LampState.DOWN)
    return shell.Lamp("database", "database", say("lamp.database.ready", ms=max(round(health.milliseconds), 1)))


@_kept
def _unsent(health: Health) -> shell.Lamp:
    if health.kept:
        words = say("lamp.unsent.some", count=health.kept)
        return shell.Lamp("unsent", "cloud-arrow-up", words, LampState.WARN)
    return shell.Lamp("unsent", "cloud-arrow-up", say("lamp.unsent.none"))


def bench_lines(devices: BenchDevices, health: Health) -> tuple[sign_in.DeviceLine, ...]:
    """The devices of the bench before the shift starts."""
    scale = _scale(devices.scale(), devices.reading(), devices.trouble())
    made = (_scanner(devices.scanner()), scale, _printer(devices.printer()))
    return tuple(_line(lamp) for lamp in (*made, _database(health), _unsent(health)))


def _line(lamp: shell.Lamp) -> sign_in.DeviceLine:
    chips = {
        LampState.OK: Chip(say("bench.ready"), Family.OK, "check"),
        LampState.WARN: Chip(say("bench.attention"), Family.WARN, "warning"),
        LampState.DOWN: Chip(say("bench.down"), Family.WRONG, "x-circle"),
        LampState.ABSENT: Chip(say("bench.absent"), Family.TODO),
    }
    return sign_in.DeviceLine(lamp.icon, say(f"bench.{lamp.name}"), lamp.words, chips[lamp.state])
