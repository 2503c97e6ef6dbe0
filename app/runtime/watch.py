"""The devices of this station as the Devices screen watches them: each reports what it did, nobody is asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from app.domain.clock import Clock
from app.domain.device_ports import DeviceState, Scale, Scan, Scanner
from app.domain.print_ports import PrinterState, PrinterStatus
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.states import PrintJobState
from app.domain.weights import WeightReading
from app.domain.words import say
from app.presenters.device_watch import DeviceEvent, DeviceKind, DeviceLine, EventKind, EventLog, LastScan, SeenJob
from app.presenters.gateway import JobEvent

JOBS_KEPT = 20
READINGS_KEPT = 60


class StationWatch:
    """Implements `presenters.device_watch.DeviceWatch`. All its methods are called on the presenter's thread."""

    def __init__(
        self,
        scanner: Scanner | None,
        scale: Scale | None,
        printers: Sequence[str],
        describe: Callable[[str], tuple[str, int]],
        test_print: Callable[[str], None],
        clock: Clock,
        order_scale: Callable[[ScaleOrder, Callable[[ScaleAnswer], None]], None],
    ) -> None:
        """`printers` are addresses; `describe` gives language and dots an inch of one; `test_print` queues a label;
        `order_scale` has the scale zeroed or tared.
        """
        self._scanner, self._scale, self._printers = scanner, scale, tuple(dict.fromkeys(printers))
        self._describe, self._test_print, self._clock = describe, test_print, clock
        self._last: LastScan | None = None
        self._order_scale = order_scale
        self._readings: deque[WeightReading] = deque(maxlen=READINGS_KEPT)
        self._scale_was: tuple[DeviceState, ScaleTrouble | None] | None = None
        self._status: dict[str, PrinterStatus] = {}
        self._jobs: dict[str, deque[SeenJob]] = {uri: deque(maxlen=JOBS_KEPT) for uri in self._printers}
        self._log = EventLog()
        self._hearers: list[Callable[[], None]] = []

    def devices(self) -> tuple[DeviceLine, ...]:
        """Scanner, scale, printers."""
        lines = [self._scanner_line(), self._scale_line()]
        return tuple(line for line in lines if line is not None) + tuple(map(self._printer_line, self._printers))

    def events(self) -> tuple[DeviceEvent, ...]:
        """What happened last."""
        return self._log.events

    def test_print(self, uri: str) -> None:
        """Queues a test label for a printer."""
        self._test_print(uri)

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
        self._last = LastScan(scan.raw, scan.at)
        self._note(say("bench.scanner"), EventKind.SCANNED, scan.raw[:60], scan.at)

    def answered(self, milliseconds: float) -> None:
        """The last scan was answered and painted after so long."""
        if self._last is not None:
            self._last = LastScan(self._last.raw, self._last.at, round(milliseconds))
            self._tell()

    def weighed(self) -> None:
        """The scale is looked at some times a second."""
        if self._scale is None:
            return
        reading, now = self._scale.reading(), (self._scale.state, self._scale.trouble)
        if reading is not None and (not self._readings or self._readings[-1] != reading):
            self._readings.append(reading)
            self._tell()
        before, self._scale_was = self._scale_was, now
        if before != now and ScaleTrouble.MOVING not in (before and before[1], now[1]):
            detail = say(now[1].key if now[1] is not None else now[0].key)
            self._note(say("bench.scale"), EventKind.CHANGED, detail)

    def printer_said(self, uri: str, status: PrinterStatus) -> None:
        """A printer told its state."""
        if self._status.get(uri) != status:
            self._status[uri] = status
            self._note(uri, EventKind.CHANGED, say(f"printing.state.{status.state.value}"))

    def job(self, event: JobEvent) -> None:
        """A print job went on."""
        jobs = self._jobs.get(event.printer)
        if jobs is None:
            return
        seen = SeenJob(event.job_id, say(f"document.{event.document}"), event.state, event.at, event.reason)
        kept = [job for job in jobs if job.job_id != event.job_id]
        jobs.clear()
        jobs.extend([seen, *kept])
        if event.state in (PrintJobState.PRINTED, PrintJobState.FAILED):
            kind = EventKind.PRINTED if event.state is PrintJobState.PRINTED else EventKind.FAILED
            self._note(event.printer, kind, event.reason or seen.title, event.at)
        else:
            self._tell()

    # -- lines

    def _scanner_line(self) -> DeviceLine | None:
        if self._scanner is None:
            return None
        name = say("bench.scanner")
        return DeviceLine(self._scanner.uri, DeviceKind.SCANNER, name, self._scanner.state, scan=self._last)

    def _scale_line(self) -> DeviceLine | None:
        if self._scale is None:
            return None
        return DeviceLine(
            self._scale.uri,
            DeviceKind.SCALE,
            say("bench.scale"),
            self._scale.state,
            reading=self._scale.reading(),
            recent=tuple(self._readings),
            trouble=self._scale.trouble,
        )

    def _printer_line(self, uri: str) -> DeviceLine:
        status = self._status.get(uri, PrinterStatus(PrinterState.UNKNOWN))
        language, dpi = self._describe(uri)
        return DeviceLine(
            uri,
            DeviceKind.PRINTER,
            say("bench.printer"),
            _STATES.get(status.state, DeviceState.ATTENTION),
            printer=status,
            language=language,
            dpi=dpi,
            jobs=tuple(self._jobs[uri]),
        )

    def _note(self, device: str, kind: EventKind, detail: str, at: datetime | None = None) -> None:
        self._log.note(DeviceEvent(at or self._clock(), device, kind, detail))
        self._tell()

    def _tell(self) -> None:
        for hearer in tuple(self._hearers):
            hearer()


_STATES: Mapping[PrinterState, DeviceState] = {
    PrinterState.READY: DeviceState.READY,
    PrinterState.UNKNOWN: DeviceState.READY,
    PrinterState.UNREACHABLE: DeviceState.DOWN,
}
