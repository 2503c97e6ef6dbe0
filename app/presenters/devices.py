"""The devices screen: every device live, a test print, a test scan, and what happened last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.domain.commands import Command
from app.domain.device_ports import DeviceState
from app.domain.words import say
from app.presenters import devices_parts as made
from app.presenters.device_watch import DeviceEvent, DeviceKind, DeviceLine, DeviceWatch, LastScan
from app.presenters.devices_parts import EXPORT, LOG_SHOWN, TEST_CODE, TEST_PRINT
from app.presenters.scale_orders import scale_order
from app.presenters.state import devices, parts
from app.presenters.state.parts import Family

NEEDS_A_HAND = (DeviceState.ATTENTION, DeviceState.DOWN)


class DevicesPresenter:
    """Shows what the port knows, whenever it changes, while the screen is open.

    `exports` is the folder for written logs; `clock` gives aware UTC, `monotonic` seconds as readings carry them.
    """

    def __init__(
        self,
        port: DeviceWatch,
        on_state: Callable[[devices.Devices], None],
        *,
        station: str,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        exports: Path,
    ) -> None:
        self._port, self._on_state = port, on_state
        self._station, self._zone = station, zone
        self._clock, self._monotonic = clock, monotonic
        self._exports = exports
        self._said = ""
        self._stop: Callable[[], None] | None = None

    def show(self) -> None:
        """The screen is opened: from now on each change is shown."""
        if self._stop is None:
            self._stop = self._port.subscribe(self.refresh)
        self._said = ""
        self.refresh()

    def hide(self) -> None:
        """The screen is left."""
        if self._stop is not None:
            self._stop()
            self._stop = None

    def refresh(self) -> None:
        """Shows how everything is now."""
        self._on_state(self.state())

    def state(self) -> devices.Devices:
        """The whole screen, from what the port knows."""
        return devices_state(
            self._port.devices(),
            self._port.events(),
            self._clock(),
            self._monotonic(),
            station=self._station,
            zone=self._zone,
            said=self._said,
        )

    def command(self, code: str) -> bool:
        """Does what a button, its key or its printed code orders; says whether it meant something here."""
        if code == EXPORT:
            self._export()
        elif code.startswith(TEST_PRINT):
            self._test(code.removeprefix(TEST_PRINT))
        elif code == Command.TEST_PRINT.code:
            printer = next((line for line in self._port.devices() if _prints(line)), None)
            if printer is None:
                self._said = say("devices_screen.said.no_printer")
            else:
                self._test(printer.uri)
        elif (order := scale_order(code)) is not None:
            self._said = say(f"scale.{order.value}.asked")
            self._port.order_scale(order, lambda answer: self._scale_answered(answer.key(order)))
        else:
            return False
        self.refresh()
        return True

    def _scale_answered(self, key: str) -> None:
        self._said = say(key)
        if self._stop is not None:
            self.refresh()

    def _test(self, uri: str) -> None:
        name = next((line.name for line in self._port.devices() if line.uri == uri), uri)
        self._port.test_print(uri)
        self._said = say("devices_screen.said.test", printer=name)

    def _export(self) -> None:
        now = self._clock()
        path = self._exports / f"devices-{now:%Y%m%d-%H%M%S}.txt"
        try:
            self._exports.mkdir(parents=True, exist_ok=True)
            path.write_text(export_text(self._port.devices(), self._port.events(), self._zone), encoding="utf-8")
        except OSError as error:
            self._said = say("devices_screen.said.not_written", reason=error.strerror or type(error).__name__)
            return
        self._said = say("devices_screen.said.written", path=path)


def _prints(line: DeviceLine) -> bool:
    return line.kind is DeviceKind.PRINTER and line.used and line.state is not DeviceState.ABSENT


def devices_state(
    lines: tuple[DeviceLine, ...],
    events: tuple[DeviceEvent, ...],
    now: datetime,
    monotonic: float,
    *,
    station: str,
    zone: ZoneInfo,
    said: str = "",
) -> devices.Devices:
    """The whole screen; pure."""
    first = next((line.uri for line in lines if _prints(line)), "")
    needy = sum(line.used and line.state in NEEDS_A_HAND for line in lines)
    chip = parts.Chip(say("devices_screen.all_well"), Family.OK, "check")
    if not lines:
        chip = parts.Chip(say("devices_screen.no_device"), Family.TODO)
    elif needy:
        chip = parts.Chip(say("devices_screen.needs", count=needy), Family.WARN, "warning")
    return devices.Devices(
        say("devices_screen.title", station=station),
        chip,
        (
            parts.Command(
                "", say("devices_screen.find"), "F", icon="magnifying-glass", reason=say("devices_screen.find.reason")
            ),
        ),
        tuple(made.card(line, now, monotonic, zone, first_printer=line.uri == first) for line in lines),
        _test_scan(lines),
        parts.Command(Command.DOCTOR.code, say("devices_screen.doctor"), "D", icon="barcode"),
        parts.CardHead(say("devices_screen.log"), "list-dashes", say("devices_screen.log.count", count=len(events))),
        tuple(made.event(entry, now, zone) for entry in events[:LOG_SHOWN]),
        parts.Command(
            EXPORT,
            say("devices_screen.export"),
            "X",
            icon="export",
            reason="" if events else say("devices_screen.export.reason"),
        ),
        said,
        "" if lines else say("devices_screen.none"),
    )


def _test_scan(lines: tuple[DeviceLine, ...]) -> devices.TestScan:
    newest: LastScan | None = None
    for line in lines:
        if line.scan is not None and (newest is None or line.scan.at > newest.at):
            newest = line.scan
    return devices.TestScan(
        parts.CardHead(say("devices_screen.test"), "barcode"),
        TEST_CODE,
        say("devices_screen.test.order"),
        say("devices_screen.test.detail"),
        made.checks(newest),
        say("devices_screen.test.waits"),
    )


def export_text(lines: tuple[DeviceLine, ...], events: tuple[DeviceEvent, ...], zone: ZoneInfo) -> str:
    """Devices and events as plain text, one a line, oldest event first; badges are left out."""
    rows = [f"{line.kind.value}\t{line.uri}\t{line.name}\t{line.state.value}" for line in lines]
    rows.append("")
    for entry in reversed(events):
        at = entry.at.astimezone(zone).isoformat(timespec="milliseconds")
        rows.append(f"{at}\t{entry.device}\t{entry.kind.value}\t{made.hidden(entry)}")
    return "\n".join(rows) + "\n"
