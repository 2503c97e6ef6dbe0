"""What the station asks of a scanner and of a scale, however they are connected."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, unique
from typing import Protocol

from app.domain.scale_words import ScaleAnswer, ScaleTrouble
from app.domain.weights import WeightReading


@unique
class DeviceState(Enum):
    """What the lamp of a device shows."""

    READY = "ready"
    ATTENTION = "attention"
    DOWN = "down"
    ABSENT = "absent"

    @property
    def key(self) -> str:
        """Key of its word in the translation catalogue."""
        return f"device.state.{self.value}"


@dataclass(frozen=True, slots=True)
class Scan:
    """One code as one device sent it. `gesture_id` is given here, once, and carried to the database.

    `data` are the bytes as they arrived, for the devices screen; empty where a device sends keys, and after a crash.
    """

    gesture_id: str
    raw: str
    device: str
    at: datetime
    data: bytes = b""


OnScan = Callable[[Scan], None]


@unique
class DeviceChange(Enum):
    """What a device has to tell besides its codes."""

    CAME = "came"
    GONE = "gone"
    LOST = "lost"
    REFUSED = "refused"

    @property
    def key(self) -> str:
        """Key of its sentence in the translation catalogue; it takes `device` and `detail`."""
        return f"device.notice.{self.value}"


@dataclass(frozen=True, slots=True)
class DeviceNotice:
    """Something that the operator is told at once: a device is gone or back, or bytes came that are no whole code.

    `detail` is the port where it was found, the system's reason, or the key of the loss; `data` are the lost bytes.
    """

    device: str
    change: DeviceChange
    at: datetime
    detail: str = ""
    data: bytes = b""


OnNotice = Callable[[DeviceNotice], None]


class Scanner(Protocol):
    """Anything that sends codes."""

    @property
    def uri(self) -> str:
        """How it is named in settings, on the command line and on screen."""

    @property
    def state(self) -> DeviceState:
        """How it is now."""

    def start(self, on_scan: OnScan, on_notice: OnNotice | None = None) -> None:
        """From now on every scan goes to `on_scan`, in order, once each, on whatever thread reads the device.

        `on_notice` hears on the same thread when it goes away, comes back, or loses something. A second start
        replaces both. An absent device is no error: its state says so, and it comes to life when it is plugged in.
        """

    def stop(self) -> None:
        """No scan is sent any more after this returns. May be called twice, and start may be called again."""


class Scale(Protocol):
    """Anything that weighs."""

    @property
    def uri(self) -> str:
        """How it is named in settings, on the command line and on screen."""

    @property
    def state(self) -> DeviceState:
        """How it is now."""

    def start(self) -> None:
        """Begins to read. An absent device is no error."""

    def stop(self) -> None:
        """Ends reading; `reading` is None from then on. May be called twice."""

    def reading(self) -> WeightReading | None:
        """The newest reading, at once and without waiting; None when there is none.

        It may be unsteady or old: `WeightReading.usable` says whether it may be written down.
        """

    @property
    def trouble(self) -> ScaleTrouble | None:
        """Why it gives no weight, where it is there and gives none."""

    def zero(self) -> Future[ScaleAnswer]:
        """Asks it to take what lies on it for nothing. Done, never failed, when it has answered, on any thread."""

    def tare(self) -> Future[ScaleAnswer]:
        """Asks it to weigh only what is added from now on. Done, never failed, when it has answered, on any thread."""
