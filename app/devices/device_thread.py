"""One thread a device: it alone opens, reads and closes it, and opens it again when it comes back."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from app.devices.frames import Code, Frame, Loss, Lost
from app.devices.reading import Reading
from app.devices.sender import Sender
from app.domain.clock import Clock
from app.domain.device_ports import DeviceChange, DeviceState, OnNotice, OnScan

LOG = logging.getLogger(__name__)
POLL_SECONDS = 0.4
"""While a device is away it is looked for so often."""
WAIT_SECONDS = 0.1
"""A read waits at most so long, so that a stop is soon heard where nothing can wake it."""
STOP_SECONDS = 5.0


class RefusedError(Exception):
    """The device is there and can't be opened: no permission, or somebody else has it. The message says which."""


class OpenDevice(Protocol):
    """A device that is open."""

    @property
    def name(self) -> str:
        """Where it was found: a port, a path."""

    def read(self, seconds: float) -> bytes:
        """What has come, waiting at most so long; empty when nothing came. Raises OSError when the device is gone."""

    def wake(self) -> None:
        """Ends a wait, from another thread, where the system can do that."""

    def close(self) -> None:
        """Gives it free."""


class Source(Protocol):
    """Where a device is found."""

    def open(self) -> OpenDevice | None:
        """The open device; None while it is not there. Raises RefusedError."""


class Decoder(Protocol):
    """Makes codes of what a device sends; pure, with the time given (app/devices/frames.py has the first)."""

    @property
    def deadline(self) -> float | None:
        """When `tick` should be called next."""

    def feed(self, data: bytes, now: float) -> list[Frame]:
        """Takes what one read gave."""

    def tick(self, now: float) -> list[Frame]:
        """Decides about what is held when its time has run out."""

    def flush(self, why: Loss) -> list[Frame]:
        """Gives up what is held."""


class ThreadScanner(Sender):
    """A scanner that is read by a thread of its own, from `start` to `stop`."""

    def __init__(
        self,
        uri: str,
        make_id: Callable[[], str],
        clock: Clock,
        source: Source,
        decoder: Decoder,
        reading: Reading,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`now` is a steady clock, in seconds."""
        super().__init__(uri, make_id, clock)
        self._source, self._decoder, self._reading, self._now = source, decoder, reading, now
        self._state = DeviceState.ABSENT
        self._taken = 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._device: OpenDevice | None = None

    @property
    def state(self) -> DeviceState:
        """Ready; down while it is away; attention while it is there and can't be used; absent before `start`."""
        return self._state

    @property
    def taken(self) -> int:
        """So many bytes came since it was made, and were dealt with."""
        return self._taken

    def start(self, on_scan: OnScan, on_notice: OnNotice | None = None) -> None:
        """Begins to read, or replaces who listens."""
        super().start(on_scan, on_notice)
        if self._thread is not None and not self._stopping.is_set():
            return
        before, self._stopping = self._thread, threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(self._stopping, before), name=f"scanner {self.uri}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Ends reading and gives the device free; a receiver may call it."""
        super().stop()
        self._stopping.set()
        device, thread = self._device, self._thread
        if device is not None:
            device.wake()
        if thread is not None and thread is not threading.current_thread():
            thread.join(STOP_SECONDS)

    def _run(self, stopping: threading.Event, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
        told: DeviceChange | None = None
        while not stopping.is_set():
            try:
                device = self._source.open()
            except RefusedError as error:
                told = self._away(told, DeviceChange.REFUSED, str(error))
            except Exception as fault:
                LOG.error("the scanner %s could not be opened", self.uri, exc_info=fault)
                told = self._away(told, DeviceChange.REFUSED, str(fault))
            else:
                if device is not None:
                    reason = self._use(device, stopping, again=told is not None)
                    told = None
                    if stopping.is_set():
                        break
                    told = self._away(told, DeviceChange.GONE, reason)
                else:
                    told = self._away(told, DeviceChange.GONE, "")
            stopping.wait(POLL_SECONDS)
        self._state = DeviceState.ABSENT

    def _away(self, told: DeviceChange | None, change: DeviceChange, detail: str) -> DeviceChange:
        """It can't be used now; that is told once."""
        if change is not told:
            self._state = DeviceState.DOWN if change is DeviceChange.GONE else DeviceState.ATTENTION
            self._tell(change, detail)
        return change

    def _use(self, device: OpenDevice, stopping: threading.Event, *, again: bool) -> str:
        """Reads an open device until it is gone, or until stopped; gives the system's reason."""
        self._device = device
        self._state = DeviceState.READY
        if again:
            self._tell(DeviceChange.CAME, device.name)
        reason = ""
        try:
            while not stopping.is_set():
                self._step(device)
        except OSError as error:
            reason = error.strerror or ""
        except Exception as fault:
            LOG.error("the scanner %s could not be read", self.uri, exc_info=fault)
            reason = str(fault)
        finally:
            self._device = None
            device.close()
        held = self._decoder.flush(Loss.UNPLUGGED)
        if not stopping.is_set():
            self._deliver(held)
        return reason

    def _step(self, device: OpenDevice) -> None:
        deadline = self._decoder.deadline
        wait = WAIT_SECONDS if deadline is None else max(min(deadline - self._now(), WAIT_SECONDS), 0.0)
        data = device.read(wait)
        now = self._now()
        self._deliver(self._decoder.feed(data, now) if data else self._decoder.tick(now))
        self._taken += len(data)

    def _deliver(self, frames: list[Frame]) -> None:
        for frame in frames:
            match frame:
                case Code(body=body, data=data):
                    self._send(self._reading.text(body), data)
                case Lost(why=why, data=data):
                    self._tell(DeviceChange.LOST, why.value, data)
