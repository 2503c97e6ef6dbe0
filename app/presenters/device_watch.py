"""What the devices screen asks of whoever runs the devices: how each is, what it sent last, what happened."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.domain.device_ports import DeviceState
from app.domain.print_ports import PrinterStatus
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.states import PrintJobState
from app.domain.weights import WeightReading


class DeviceKind(StrEnum):
    """What a device is for."""

    SCANNER = "scanner"
    SCALE = "scale"
    PRINTER = "printer"


@dataclass(frozen=True, slots=True)
class LastScan:
    """The newest code of a scanner as it arrived; `milliseconds` from there to the painted answer, where measured."""

    raw: str
    at: datetime
    milliseconds: int | None = None


@dataclass(frozen=True, slots=True)
class SeenJob:
    """A print job of a printer. `title` names its document for people; `reason` says why it failed or waits."""

    job_id: int
    title: str
    state: PrintJobState
    at: datetime
    reason: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One device as it is now. `used` is false for one that was found and that this station does not use.

    Scanners fill `scan`; scales `reading`, `recent` (oldest first) and `trouble`; printers `printer`, `language`,
    `dpi`, `jobs` (newest first). `uri` tells devices apart.
    """

    uri: str
    kind: DeviceKind
    name: str
    state: DeviceState
    used: bool = True
    scan: LastScan | None = None
    reading: WeightReading | None = None
    recent: tuple[WeightReading, ...] = ()
    trouble: ScaleTrouble | None = None
    printer: PrinterStatus | None = None
    language: str = ""
    dpi: int = 0
    jobs: tuple[SeenJob, ...] = ()


class EventKind(StrEnum):
    """What happened to a device; its sentence stands under `devices_screen.event.<value>`."""

    STARTED = "started"
    STOPPED = "stopped"
    CHANGED = "changed"
    SCANNED = "scanned"
    PRINTED = "printed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """Something that happened to the device of a name; `detail` is the code, the state, the document or the reason."""

    at: datetime
    device: str
    kind: EventKind
    detail: str = ""


class EventLog:
    """The last events, as many as were asked for; older ones are forgotten."""

    def __init__(self, most: int = 500) -> None:
        self._events: deque[DeviceEvent] = deque(maxlen=most)

    def note(self, event: DeviceEvent) -> None:
        """Keeps one more."""
        self._events.append(event)

    @property
    def events(self) -> tuple[DeviceEvent, ...]:
        """The kept events, newest first."""
        return tuple(reversed(self._events))


class DeviceWatch(Protocol):
    """The devices of this station. Everything answers at once, from what is known; no device is waited for."""

    def devices(self) -> tuple[DeviceLine, ...]:
        """All devices, in an order that does not change."""

    def events(self) -> tuple[DeviceEvent, ...]:
        """What happened last, newest first, at most some hundred."""

    def test_print(self, uri: str) -> None:
        """Puts a test label into the print queue, for this printer."""

    def order_scale(self, order: ScaleOrder, then: Callable[[ScaleAnswer], None]) -> None:
        """Has the scale zeroed or tared; `then` hears of it later, on the presenter's thread."""

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Calls back on the presenter's thread whenever something changed; gives what ends that."""
