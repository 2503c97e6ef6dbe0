"""The devices of this station as the Devices screen watches them: each reports what it did, nobody is asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from app.domain.clock import Clock
from app.domain.device_ports import DeviceChange, DeviceNotice, DeviceState, Scale, Scan, Scanner
from app.domain.print_ports import PrinterState, PrinterStatus
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.states import PrintJobState
from app.domain.weights import WeightReading
from app.domain.words import say
from app.presenters.device_watch import (
    DeviceEvent,
    DeviceKind,
    DeviceLine,
    EventKind,
    EventLog,
    LastScan,
    Levels,
    PrinterOrder,
    SeenJob,
)
from app.presenters.gateway import JobEvent
from app.presenters.station_info import StationInfo

READINGS_KEPT = 60
OPENING_SECONDS = 3.0
"""A scale is opened while the station begins: it is no news that it was not there before that."""
_WAITS = (PrintJobState.QUEUED, PrintJobState.SENDING)


@dataclass(frozen=True, slots=True)
class NamedScanner:
    """A scanner, what people call it, and the station whose work it does (empty for this one)."""

    scanner: Scanner
    name: str
    station: str = ""


class Printers(Protocol):
    """What is known of this station's printers besides what they say of themselves; nothing here waits."""

    @property
    def uris(self) -> tuple[str, ...]:
        """Their addresses, the label printer first."""

    def name(self, uri: str) -> str:
        """What people call it."""

    def describe(self, uri: str) -> tuple[str, int]:
        """Language and dots an inch."""

    def jobs(self, uri: str) -> tuple[SeenJob, ...]:
        """Its newest print jobs as they were read last, newest first."""

    def levels(self, uri: str) -> Levels:
        """What it was told from here."""

    def look(self, then: Callable[[], None]) -> None:
        """Asks the printers and reads the jobs, behind; `then` is called when the jobs are there."""

    def order(self, uri: str, order: PrinterOrder, station: StationInfo, then: Callable[[str], None]) -> None:
        """Tells one something; `then` gets a sentence."""


class StationWatch:
    """Implements `presenters.device_watch.DeviceWatch`. All its methods are called on the presenter's thread."""

    def __init__(
        self,
        scanners: Sequence[NamedScanner],
        scale: Scale | None,
        printers: Printers,
        clock: Clock,
        monotonic: Callable[[], float],
        order_scale: Callable[[ScaleOrder, Callable[[ScaleAnswer], None]], None],
        log: EventLog,
        told: Callable[[str], None] = lambda _words: None,
    ) -> None:
        """`monotonic` gives seconds; `order_scale` has the scale zeroed or tared; `told` takes what the operator has
        to know at once of the scale, and nothing ("") once that is over; `log` outlives this watch.
        """
        self._scanners = {one.scanner.uri: one for one in scanners}
        self._scale, self._printers = scale, printers
        self._clock, self._monotonic, self._order_scale = clock, monotonic, order_scale
        self._log, self._told = log, told
        self._last: dict[str, LastScan] = {}
        self._why: dict[str, str] = {}
        self._readings: deque[WeightReading] = deque(maxlen=READINGS_KEPT)
        self._scale_was: tuple[DeviceState, ScaleTrouble | None] | None = None
        self._scale_gone = False
        self._scale_since = monotonic()
        self._status: dict[str, tuple[PrinterStatus, float]] = {}
        self._hearers: list[Callable[[], None]] = []

    def devices(self) -> tuple[DeviceLine, ...]:
        """Scanners, scale, printers."""
        lines = [*map(self._scanner_line, self._scanners.values())]
        lines += [self._scale_line(self._scale)] if self._scale is not None else []
        return (*lines, *map(self._printer_line, self._printers.uris))

    def events(self) -> tuple[DeviceEvent, ...]:
        """What happened last."""
        return self._log.events

    def note(self, event: DeviceEvent) -> None:
        """Keeps one more."""
        self._log.note(event)
        self._tell()

    def look(self) -> None:
        """Has the printers asked and the jobs read."""
        self._printers.look(self._tell)

    def order_printer(self, uri: str, order: PrinterOrder, station: StationInfo, then: Callable[[str], None]) -> None:
        """Tells a printer something."""
        self._note(self._printers.name(uri), EventKind.ORDERED, say(f"devices_screen.order.{order.value}"))
        self._printers.order(uri, order, station, then)

    def order_scale(self, order: ScaleOrder, then: Callable[[ScaleAnswer], None]) -> None:
        """Has the scale zeroed or tared."""
        self._order_scale(order, then)

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Until what this gives is called."""
        self._hearers.append(callback)

        def stop() -> None:
            if callback in self._hearers:
                self._hearers.remove(callback)

        return stop

    # -- what devices report

    def scanned(self, scan: Scan) -> None:
        """A code came in."""
        self._last[scan.device] = LastScan(scan.raw, scan.at, None, scan.data)
        self._note(self._name(scan.device), EventKind.SCANNED, scan.raw, scan.at)

    def answered(self, device: str, at: datetime, milliseconds: float) -> None:
        """The scan of that moment was answered, and painted after so long."""
        last = self._last.get(device)
        if last is not None and last.at == at:
            self._last[device] = replace(last, milliseconds=round(milliseconds))
            self._tell()

    def noticed(self, notice: DeviceNotice) -> None:
        """A scanner went, came back, can't be used, or lost something."""
        if notice.change is not DeviceChange.LOST:
            self._why[notice.device] = notice.detail if notice.change is DeviceChange.REFUSED else ""
        lost = notice.change is DeviceChange.LOST
        detail = say(f"devices_screen.loss.{notice.detail}") if lost else notice.detail
        self._note(self._name(notice.device), _CHANGES[notice.change], detail, notice.at)

    def weighed(self) -> None:
        """The scale is looked at some times a second."""
        if self._scale is None:
            return
        reading, now = self._scale.reading(), (self._scale.state, self._scale.trouble)
        if reading is not None and (not self._readings or self._readings[-1] != reading):
            self._readings.append(reading)
            self._tell()
        self._watch_scale(self._scale)
        before, self._scale_was = self._scale_was, now
        if before == now or ScaleTrouble.MOVING in (before and before[1], now[1]):
            return
        kind = EventKind.CHANGED if now[1] is None else EventKind.TROUBLE
        if now[0] is not DeviceState.DOWN:
            self._note(say("bench.scale"), kind, say(now[1].key if now[1] is not None else now[0].key))

    def _watch_scale(self, scale: Scale) -> None:
        """It went, or is back. At the start it has a moment to be opened."""
        down = scale.state is DeviceState.DOWN
        if down == self._scale_gone or (
            down and not self._readings and self._monotonic() - self._scale_since < OPENING_SECONDS
        ):
            return
        self._scale_gone = down
        self._note(say("bench.scale"), EventKind.GONE if down else EventKind.CAME)
        self._told(say("devices_screen.scale.gone") if down else "")

    def printer_said(self, uri: str, status: PrinterStatus) -> None:
        """A printer told its state."""
        before = self._status.get(uri)
        self._status[uri] = status, self._monotonic()
        if before is None or before[0] != status:
            kind = EventKind.CHANGED if status.can_print else EventKind.TROUBLE
            self._note(self._printers.name(uri), kind, say(f"printing.state.{status.state.value}"))

    def job(self, event: JobEvent) -> None:
        """A print job went on."""
        if event.state in (PrintJobState.PRINTED, PrintJobState.FAILED):
            kind = EventKind.PRINTED if event.state is PrintJobState.PRINTED else EventKind.FAILED
            words = say(f"document.{event.document}")
            name = self._printers.name(event.printer)
            self._note(name, kind, f"{words}: {event.reason}" if event.reason else words, event.at)
        self.look()

    # -- lines

    def _name(self, uri: str) -> str:
        known = self._scanners.get(uri)
        return known.name if known is not None else say("bench.scanner")

    def _scanner_line(self, one: NamedScanner) -> DeviceLine:
        uri, why = one.scanner.uri, self._why.get(one.scanner.uri, "")
        last = self._last.get(uri)
        return DeviceLine(uri, DeviceKind.SCANNER, one.name, one.scanner.state, why, scan=last, station=one.station)

    def _scale_line(self, scale: Scale) -> DeviceLine:
        return DeviceLine(
            scale.uri,
            DeviceKind.SCALE,
            say("bench.scale"),
            scale.state,
            reading=scale.reading(),
            recent=tuple(self._readings),
            trouble=scale.trouble,
        )

    def _printer_line(self, uri: str) -> DeviceLine:
        status, asked = self._status.get(uri, (None, None))
        language, dpi = self._printers.describe(uri)
        jobs = self._printers.jobs(uri)
        state = DeviceState.READY if status is None else _STATES.get(status.state, DeviceState.ATTENTION)
        return DeviceLine(
            uri,
            DeviceKind.PRINTER,
            self._printers.name(uri),
            state,
            printer=status,
            asked=asked,
            language=language,
            dpi=dpi,
            jobs=jobs,
            waiting=sum(job.state in _WAITS for job in jobs),
            levels=self._printers.levels(uri),
        )

    def _note(self, device: str, kind: EventKind, detail: str = "", at: datetime | None = None) -> None:
        self.note(DeviceEvent(at or self._clock(), device, kind, detail))

    def _tell(self) -> None:
        for hearer in tuple(self._hearers):
            hearer()


_CHANGES: Mapping[DeviceChange, EventKind] = {
    DeviceChange.CAME: EventKind.CAME,
    DeviceChange.GONE: EventKind.GONE,
    DeviceChange.LOST: EventKind.LOST,
    DeviceChange.REFUSED: EventKind.REFUSED,
}
_STATES: Mapping[PrinterState, DeviceState] = {
    PrinterState.READY: DeviceState.READY,
    PrinterState.UNKNOWN: DeviceState.READY,
    PrinterState.UNREACHABLE: DeviceState.DOWN,
}
