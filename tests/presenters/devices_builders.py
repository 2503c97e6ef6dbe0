"""Devices in several states, for the tests of the devices screen and for its pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.device_ports import DeviceState
from app.domain.print_ports import PrinterState, PrinterStatus
from app.domain.scale_words import ScaleAnswer, ScaleOrder
from app.domain.states import PrintJobState
from app.domain.weights import WeightReading
from app.presenters.device_watch import (
    DeviceEvent,
    DeviceKind,
    DeviceLine,
    EventKind,
    EventLog,
    LastScan,
    SeenJob,
)

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
    language="zpl",
    dpi=203,
    jobs=(
        SeenJob(88213, "Label #1042, parcel 1", PrintJobState.PRINTED, NOW),
        SeenJob(88212, "Label #1040, parcel 2", PrintJobState.PRINTED, NOW),
        SeenJob(88211, "Label #1040, parcel 1", PrintJobState.PRINTED, NOW, again=True),
    ),
)
PAPER = replace(
    PRINTER,
    state=DeviceState.ATTENTION,
    printer=PrinterStatus(PrinterState.PAPER_OUT, 2),
    jobs=(SeenJob(88214, "Label #1043, parcel 1", PrintJobState.QUEUED, NOW, "Out of labels"), *PRINTER.jobs[:2]),
)
FOUND = DeviceLine("file:///home/anna/labels?language=pdf", DeviceKind.PRINTER, "Folder", DeviceState.READY, used=False)
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
            ("Scale", EventKind.STARTED, "sim:"),
            ("Scanner", EventKind.STARTED, "keyboard:"),
        )
    )
)


class Watch:
    """A watch over devices that a test sets, with a log like the real one."""

    def __init__(self, *lines: DeviceLine) -> None:
        self.lines: tuple[DeviceLine, ...] = lines
        self.log = EventLog(5)
        self.tested: list[str] = []
        self.orders: list[ScaleOrder] = []
        self.callbacks: list[Callable[[], None]] = []

    def devices(self) -> tuple[DeviceLine, ...]:
        return self.lines

    def events(self) -> tuple[DeviceEvent, ...]:
        return self.log.events

    def test_print(self, uri: str) -> None:
        self.tested.append(uri)

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
