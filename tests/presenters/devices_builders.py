"""Devices in several states, for the tests of the devices screen and for its pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.domain.device_ports import DeviceState
from app.domain.print_ports import PrinterState, PrinterStatus, PrinterWarning
from app.domain.scale_words import ScaleAnswer, ScaleOrder
from app.domain.states import PrintJobState, Role
from app.domain.weights import WeightReading
from app.models.database import Database
from app.presenters.device_setup import DeviceSetup
from app.presenters.device_watch import (
    DeviceEvent,
    DeviceKind,
    DeviceLine,
    EventKind,
    EventLog,
    LastScan,
    Level,
    Levels,
    PrinterOrder,
    SeenJob,
)
from app.presenters.devices import DevicesPresenter
from app.presenters.found_devices import FoundDevice, FoundUse, Tried, Use
from app.presenters.runner import AtOnce
from app.presenters.state import devices
from app.presenters.station_info import StationInfo

NOW = datetime(2026, 11, 23, 14, 18, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
MONOTONIC = 1000.0
GS1 = "]C1010501234567890010L42\x1d17260331"
SCANNER = DeviceLine(
    "keyboard:", DeviceKind.SCANNER, "Scanner", DeviceState.READY, scan=LastScan(GS1, NOW - timedelta(seconds=8), 21)
)
BADGE = DeviceLine(
    "sim:2",
    DeviceKind.SCANNER,
    "Simulated scanner",
    DeviceState.READY,
    scan=LastScan("OP-BCDFGHJK", NOW - timedelta(minutes=20), 64),
)
GRAMS = (0, 0, 0, 5, 600, 1180, 1190, 1195, 1190, 1192, 1700, 1810, 1794, 1794, 1794)
SCALE = DeviceLine(
    "sim:",
    DeviceKind.SCALE,
    "Scale",
    DeviceState.READY,
    reading=WeightReading(1794, True, MONOTONIC - 0.2),
    recent=tuple(WeightReading(g, True, MONOTONIC - 3 + i / 5) for i, g in enumerate(GRAMS)),
)
PRINTER = DeviceLine(
    "tcp://10.0.4.31:9100?language=zpl",
    DeviceKind.PRINTER,
    "Label printer",
    DeviceState.READY,
    printer=PrinterStatus(PrinterState.READY),
    asked=MONOTONIC - 1.2,
    language="zpl",
    dpi=203,
    levels=Levels(Level(0, 30), Level(1, 14, 6)),
    jobs=(
        SeenJob(88213, "Label #1042, parcel 1", PrintJobState.PRINTED, NOW),
        SeenJob(88212, "Label #1040, parcel 2", PrintJobState.PRINTED, NOW),
        SeenJob(88211, "Label #1040, parcel 1", PrintJobState.PRINTED, NOW, again=True),
    ),
)
PAPER = replace(
    PRINTER,
    state=DeviceState.ATTENTION,
    printer=PrinterStatus(PrinterState.PAPER_OUT, 2, (PrinterWarning.RIBBON_LOW,)),
    waiting=1,
    jobs=(SeenJob(88214, "Label #1043, parcel 1", PrintJobState.QUEUED, NOW, "Out of labels"), *PRINTER.jobs[:2]),
)
RAW = b"]C1010501234567890010L42\x1d17260331\r\n"
CABLE = DeviceLine(
    "serial:///dev/ttyACM0?baud=9600",
    DeviceKind.SCANNER,
    "Ring 1",
    DeviceState.READY,
    scan=LastScan(GS1, NOW - timedelta(seconds=3), 9, RAW),
)
GONE = DeviceLine("serial:///dev/ttyACM1", DeviceKind.SCANNER, "Scanner 3", DeviceState.DOWN)
REFUSED = DeviceLine(
    "evdev:?vid=0c2e", DeviceKind.SCANNER, "Scanner 4", DeviceState.ATTENTION, "Permission denied", station="Bench 5"
)
PAPER_PRINTER = DeviceLine(
    "spool://Office?language=pdf",
    DeviceKind.PRINTER,
    "Paper printer",
    DeviceState.READY,
    printer=PrinterStatus(PrinterState.UNKNOWN),
    language="pdf",
    dpi=203,
)
FOUND = (
    FoundDevice("Zebra ZD420", "USB printer", (FoundUse(Use.LABELS, "usb:?vid=0a5f&pid=0120&serial=X1&language=zpl"),)),
    FoundDevice(
        "USB Serial",
        "Serial port /dev/ttyUSB0",
        tuple(FoundUse(use, "serial:///dev/ttyUSB0") for use in (Use.SCANNER, Use.SCALE, Use.LABELS)),
    ),
    FoundDevice(
        "Honeywell 1950",
        "Serial port /dev/ttyACM2",
        (FoundUse(Use.SCANNER, "serial:///dev/ttyACM2"),),
        "This user may not open /dev/ttyACM2. Run: sudo usermod -aG dialout $USER, then sign out of the computer "
        "and in again.",
    ),
)
BENCH = StationInfo(4, "Bench 4", 1, "Main", "Europe/London", 7, "Anna Lindqvist", Role.PACKER)
LEAD = replace(BENCH, role=Role.LEAD)
EVENTS = tuple(
    DeviceEvent(NOW - timedelta(seconds=i * 37), *what)
    for i, what in enumerate(
        (
            ("Scanner", EventKind.SCANNED, GS1),
            ("Label printer", EventKind.PRINTED, "Label #1042, parcel 1"),
            ("Label printer", EventKind.CHANGED, "Ready"),
            ("Label printer", EventKind.FAILED, "Out of labels"),
            ("Simulated scanner", EventKind.SCANNED, "OP-BCDFGHJK"),
            ("Scanner", EventKind.SCANNED, "85123A"),
            ("Ring 1", EventKind.GONE, ""),
            ("Ring 1", EventKind.CAME, "/dev/ttyACM0"),
        )
    )
)


class Watch:
    """A watch over devices that a test sets, with a log like the real one."""

    def __init__(self, *lines: DeviceLine) -> None:
        self.lines: tuple[DeviceLine, ...] = lines
        self.log = EventLog(5)
        self.printer_orders: list[tuple[str, PrinterOrder]] = []
        self.orders: list[ScaleOrder] = []
        self.callbacks: list[Callable[[], None]] = []
        self.looks = 0

    def devices(self) -> tuple[DeviceLine, ...]:
        return self.lines

    def events(self) -> tuple[DeviceEvent, ...]:
        return self.log.events

    def note(self, event: DeviceEvent) -> None:
        self.log.note(event)

    def look(self) -> None:
        self.looks += 1

    def order_printer(self, uri: str, order: PrinterOrder, station: StationInfo, then: Callable[[str], None]) -> None:
        self.printer_orders.append((uri, order))

    def order_scale(self, order: ScaleOrder, then: Callable[[ScaleAnswer], None]) -> None:
        self.orders.append(order)
        then(ScaleAnswer.DONE)

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    def change(self, *lines: DeviceLine) -> None:
        self.lines = lines
        for callback in tuple(self.callbacks):
            callback()


def devices_screen(
    database: Database, station: StationInfo, on_state: Callable[[devices.Devices], None], watch: Watch, exports: Path
) -> DevicesPresenter:
    """A devices screen that finds nothing."""
    runner = AtOnce()
    setup = DeviceSetup(Finder(), watch, database, runner, lambda: NOW, lambda _: None, {})
    return DevicesPresenter(
        watch,
        setup,
        runner,
        on_state,
        station=station,
        clock=lambda: NOW,
        monotonic=lambda: MONOTONIC,
        exports=exports,
    )


class Finder:
    """A finder that answers at once with what a test set."""

    def __init__(self, *found: FoundDevice) -> None:
        self.found: tuple[FoundDevice, ...] = found
        self.tried: list[FoundUse] = []
        self.slow = False
        self.answer = Tried("serial:///dev/ttyUSB0?protocol=nci", "It weighs: 12 g now.")

    def look(self, then: Callable[[tuple[FoundDevice, ...]], None]) -> None:
        then(self.found)

    def try_out(self, use: FoundUse, then: Callable[[Tried], None], told: Callable[[str], None]) -> Callable[[], None]:
        self.tried.append(use)
        if self.slow:
            told("Trying it in nci at 2400 baud. Esc stops.")
            return lambda: then(Tried("", "Stopped. Nothing was changed."))
        then(self.answer)
        return lambda: None
