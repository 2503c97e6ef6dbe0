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
from app.presenters.station_info import StationInfo

EVENTS_KEPT = 1000


class DeviceKind(StrEnum):
    """What a device is for."""

    SCANNER = "scanner"
    SCALE = "scale"
    PRINTER = "printer"


@dataclass(frozen=True, slots=True)
class LastScan:
    """The newest code of a scanner; `milliseconds` from there to the painted answer, where measured.

    `data` are its bytes as they arrived; empty for a scanner that types.
    """

    raw: str
    at: datetime
    milliseconds: int | None = None
    data: bytes = b""

    @property
    def arrived(self) -> bytes:
        """The bytes on the wire; of a scanner that types, those of its characters."""
        return self.data or self.raw.encode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class SeenJob:
    """A print job of a printer. `title` names its document for people; `reason` says why it failed or waits.

    `again` is a reprint; of a doubtful one nobody knows whether it came out.
    """

    job_id: int
    title: str
    state: PrintJobState
    at: datetime
    reason: str = ""
    again: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A setting in whole steps; `now` is what the printer was told last from here, None for never."""

    least: int
    most: int
    now: int | None = None

    def stepped(self, by: int) -> int:
        """The next step up or down; from the middle where nobody knows where it stands."""
        begin = self.now if self.now is not None else (self.least + self.most) // 2
        return min(max(begin + by, self.least), self.most)


@dataclass(frozen=True, slots=True)
class Levels:
    """How dark and how fast a printer may be told to print; None where its language has no such command."""

    darkness: Level | None = None
    speed: Level | None = None


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One device of this station as it is now.

    Scanners fill `scan` and `station` (of another one whose work they do); scales `reading`, `recent` (oldest first)
    and `trouble`; printers `printer`, `asked` (when it answered last, monotonic seconds), `language`, `dpi`, `jobs`
    (newest first), `waiting` (of those) and `levels`. `uri` tells devices apart; `detail` says why it can't be used.
    """

    uri: str
    kind: DeviceKind
    name: str
    state: DeviceState
    detail: str = ""
    scan: LastScan | None = None
    station: str = ""
    reading: WeightReading | None = None
    recent: tuple[WeightReading, ...] = ()
    trouble: ScaleTrouble | None = None
    printer: PrinterStatus | None = None
    asked: float | None = None
    language: str = ""
    dpi: int = 0
    jobs: tuple[SeenJob, ...] = ()
    waiting: int = 0
    levels: Levels = Levels()


class EventKind(StrEnum):
    """What happened to a device; its sentence stands under `devices_screen.event.<value>`."""

    CHANGED = "changed"
    TROUBLE = "trouble"
    GONE = "gone"
    CAME = "came"
    REFUSED = "refused"
    LOST = "lost"
    SCANNED = "scanned"
    PRINTED = "printed"
    FAILED = "failed"
    ORDERED = "ordered"
    SET_UP = "set_up"


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """Something that happened to the device of a name; `detail` is the code, the state, the document or the reason."""

    at: datetime
    device: str
    kind: EventKind
    detail: str = ""


class EventLog:
    """The last events, as many as were asked for; older ones are forgotten."""

    def __init__(self, most: int = EVENTS_KEPT) -> None:
        self._events: deque[DeviceEvent] = deque(maxlen=most)

    def note(self, event: DeviceEvent) -> None:
        """Keeps one more."""
        self._events.append(event)

    @property
    def events(self) -> tuple[DeviceEvent, ...]:
        """The kept events, newest first."""
        return tuple(reversed(self._events))


class PrinterOrder(StrEnum):
    """What a printer can be told from the devices screen; its words stand under `devices_screen.order.<value>`."""

    FEED = "feed"
    CALIBRATE = "calibrate"
    SETTINGS = "settings"
    DARKER = "darker"
    LIGHTER = "lighter"
    FASTER = "faster"
    SLOWER = "slower"
    CLEAR = "clear"
    TEST = "test"
    REPRINT = "reprint"

    @property
    def step(self) -> int:
        """Of darkness and speed: one up or one down."""
        return 1 if self in (PrinterOrder.DARKER, PrinterOrder.FASTER) else -1


class DeviceWatch(Protocol):
    """The devices of this station. Everything answers at once, from what is known; no device is waited for."""

    def devices(self) -> tuple[DeviceLine, ...]:
        """All devices, in an order that does not change."""

    def events(self) -> tuple[DeviceEvent, ...]:
        """What happened last, newest first, at most a thousand."""

    def note(self, event: DeviceEvent) -> None:
        """Keeps what the screen itself did."""

    def look(self) -> None:
        """Asks the printers how they are, and reads the print jobs of this station; heard of by `subscribe`."""

    def order_printer(self, uri: str, order: PrinterOrder, station: StationInfo, then: Callable[[str], None]) -> None:
        """Tells a printer something; `then` gets a sentence about what became of it, on the presenter's thread."""

    def order_scale(self, order: ScaleOrder, then: Callable[[ScaleAnswer], None]) -> None:
        """Has the scale zeroed or tared; `then` hears of it later, on the presenter's thread."""

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Calls back on the presenter's thread whenever something changed; gives what ends that."""
