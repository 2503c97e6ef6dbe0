"""The whole devices screen from what is known; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, unique

from app.domain.commands import Command
from app.domain.device_ports import DeviceState
from app.domain.roles import Permission
from app.domain.words import say
from app.presenters import devices_panels as panels
from app.presenters import devices_parts as made
from app.presenters.device_watch import DeviceEvent, DeviceKind, DeviceLine, LastScan
from app.presenters.found_devices import FoundDevice, FoundUse
from app.presenters.state import devices, parts
from app.presenters.state.parts import Family
from app.presenters.station_info import StationInfo

FIND, PRINTER, EXPORT = "DV-FIND", "DV-PRINTER", "DV-EXPORT"
"""Shown on this screen, and of meaning on it alone."""
NEEDS_A_HAND = (DeviceState.ATTENTION, DeviceState.DOWN)


@unique
class Side(Enum):
    """What stands at the right."""

    LOG = "log"
    FOUND = "found"
    PRINTER = "printer"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the operator did on the screen so far, and what is known of found devices (None: nobody looked yet).

    `printer` is the address of the printer that keys speak to; `trying` what is being tried.
    """

    side: Side = Side.LOG
    said: str = ""
    chosen: str = ""
    printer: str = ""
    found: tuple[FoundDevice, ...] | None = None
    page: int = 0
    trying: FoundUse | None = None
    replaces: Callable[[FoundUse], str] = lambda _use: ""


def prints(line: DeviceLine) -> bool:
    """Whether it is a printer."""
    return line.kind is DeviceKind.PRINTER


def reasons(station: StationInfo) -> tuple[str, str]:
    """Why who is signed in may not test, and may not set a printer; empty where they may."""
    tests = "" if station.may(Permission.REPRINT) else say("office_screen.not_permitted")
    return tests, "" if station.may(Permission.MANAGE_STATION) else say("devices_screen.leads_only")


def devices_state(
    lines: tuple[DeviceLine, ...],
    events: tuple[DeviceEvent, ...],
    station: StationInfo,
    now: datetime,
    monotonic: float,
    shown: Shown,
) -> devices.Devices:
    """The whole screen."""
    zone = station.clock_zone
    several = sum(map(prints, lines)) > 1
    return devices.Devices(
        say("devices_screen.title", station=station.station),
        _chip(lines),
        tuple(
            made.card(
                line,
                now,
                monotonic,
                zone,
                chosen=line.uri == (shown.chosen or (shown.printer if several else "")),
                keys=line.uri == shown.printer,
            )
            for line in lines
        ),
        _test_scan(lines),
        parts.CardHead(say("devices_screen.log"), "list-dashes", say("devices_screen.log.count", count=len(events))),
        tuple(made.event(entry, now, zone) for entry in events[: made.LOG_SHOWN]),
        _commands(lines, events, shown),
        _panel(lines, station, monotonic, shown),
        shown.said or _found_words(shown),
        "" if lines else say("devices_screen.none"),
    )


def _chip(lines: tuple[DeviceLine, ...]) -> parts.Chip:
    needy = sum(line.state in NEEDS_A_HAND for line in lines)
    if not lines:
        return parts.Chip(say("devices_screen.no_device"), Family.TODO)
    if needy:
        key = "devices_screen.needs.one" if needy == 1 else "devices_screen.needs"
        return parts.Chip(say(key, count=needy), Family.WARN, "warning")
    return parts.Chip(say("devices_screen.all_well"), Family.OK, "check")


def _found_words(shown: Shown) -> str:
    """A quiet word that something waits to be set up."""
    if shown.side is Side.FOUND or not shown.found:
        return ""
    key = "devices_screen.found.some.one" if len(shown.found) == 1 else "devices_screen.found.some"
    return say(key, count=len(shown.found))


def _panel(lines: tuple[DeviceLine, ...], station: StationInfo, monotonic: float, shown: Shown) -> devices.Panel | None:
    tests, sets = reasons(station)
    if shown.side is Side.FOUND:
        return panels.found_panel(shown.found, shown.page, shown.trying, sets, shown.replaces)
    printer = next((line for line in lines if line.uri == shown.printer), None)
    if shown.side is Side.PRINTER and printer is not None:
        return panels.printer_panel(printer, monotonic, tests, sets)
    return None


def _commands(lines: tuple[DeviceLine, ...], events: tuple[DeviceEvent, ...], shown: Shown) -> parts.CommandBar:
    no_printer = "" if any(map(prints, lines)) else say("devices_screen.said.no_printer")
    found = len(shown.found or ())
    hint = say("devices_screen.find.new", count=found) if found else ""
    return parts.CommandBar(
        (
            parts.Command(FIND, say("devices_screen.find"), "F", hint),
            parts.Command(PRINTER, say("devices_screen.printer"), "M", reason=no_printer),
            parts.Command(Command.DOCTOR.code, say("devices_screen.doctor"), "D"),
            parts.Command(
                EXPORT,
                say("devices_screen.export"),
                "X",
                reason="" if events else say("devices_screen.export.reason"),
                right=True,
            ),
        )
    )


def _test_scan(lines: tuple[DeviceLine, ...]) -> devices.TestScan:
    newest: LastScan | None = None
    for line in lines:
        if line.scan is not None and (newest is None or line.scan.at > newest.at):
            newest = line.scan
    return devices.TestScan(
        parts.CardHead(say("devices_screen.test"), "barcode"),
        made.TEST_CODE,
        say("devices_screen.test.order"),
        say("devices_screen.test.detail"),
        made.checks(newest),
        say("devices_screen.test.waits"),
    )
