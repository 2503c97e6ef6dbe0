"""A scale that is read by a thread of its own, over whatever port and in whatever language."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from app.devices.device_thread import POLL_SECONDS as SEEK_SECONDS
from app.devices.device_thread import STOP_SECONDS, RefusedError
from app.devices.scale_face import ScaleFace
from app.devices.scale_protocols import ScaleProtocol
from app.domain.device_ports import DeviceState
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.weights import WeightReading

ASK_SECONDS = 0.2
UNANSWERED_SECONDS = 1.0
"""A question is asked again when it was answered, or after so long."""
QUIET_SECONDS = 1.0
"""A scale that was told once to send without end is told again when it has been silent for so long."""
WAIT_SECONDS = 0.05


class ScalePort(Protocol):
    """A port that is open, in both directions."""

    @property
    def name(self) -> str:
        """Where it was found."""

    def read(self, seconds: float) -> bytes:
        """What has come, waiting at most so long; empty when nothing came. Raises OSError when the device is gone."""

    def write(self, data: bytes) -> None:
        """Sends bytes. Raises OSError when the device is gone, or takes nothing."""

    def close(self) -> None:
        """Gives it free."""


class ScaleSource(Protocol):
    """Where the scale is found."""

    def open(self) -> ScalePort | None:
        """The open port; None while it is not there. Raises RefusedError."""


class ThreadScale:
    """Implements `device_ports.Scale`. The thread alone opens, asks and reads, from `start` to `stop`."""

    def __init__(
        self,
        uri: str,
        source: ScaleSource,
        protocol: ScaleProtocol,
        now: Callable[[], float] = time.monotonic,
        ask_seconds: float = ASK_SECONDS,
    ) -> None:
        """`now` is a steady clock, in seconds; a scale that has to be asked is asked every `ask_seconds`."""
        self._uri, self._source, self._protocol, self._now = uri, source, protocol, now
        self._ask_seconds = ask_seconds
        self._face = ScaleFace(now)
        self._stopping = threading.Event()
        self._stopping.set()
        self._thread: threading.Thread | None = None

    @property
    def uri(self) -> str:
        """How it is named in settings, on the command line and on screen."""
        return self._uri

    @property
    def state(self) -> DeviceState:
        """Down while it is away; attention while it is there and gives no weight; absent before `start`."""
        return self._face.state

    @property
    def trouble(self) -> ScaleTrouble | None:
        """Why it gives no weight."""
        return self._face.trouble

    @property
    def detail(self) -> str:
        """What belongs to that."""
        return self._face.detail

    def start(self) -> None:
        """Begins to read."""
        if not self._stopping.is_set():
            return
        before, self._stopping = self._thread, threading.Event()
        self._face.away(DeviceState.DOWN)
        self._thread = threading.Thread(
            target=self._run, args=(self._stopping, before), name=f"scale {self.uri}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Ends reading and gives the port free."""
        self._stopping.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(STOP_SECONDS)
        self._face.away(DeviceState.ABSENT)

    def reading(self) -> WeightReading | None:
        """The newest weight."""
        return self._face.reading()

    def zero(self) -> Future[ScaleAnswer]:
        """Asks the scale to take what lies on it for nothing; done when it has answered, in some seconds at most."""
        return self._face.order(ScaleOrder.ZERO)

    def tare(self) -> Future[ScaleAnswer]:
        """Asks the scale to weigh only what is added from now on."""
        return self._face.order(ScaleOrder.TARE)

    def _run(self, stopping: threading.Event, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
        while not stopping.is_set():
            try:
                port = self._source.open()
            except RefusedError as error:
                self._face.away(DeviceState.ATTENTION, str(error))
            else:
                reason = self._use(port, stopping) if port is not None else ""
                if not stopping.is_set():
                    self._face.away(DeviceState.DOWN, reason)
            stopping.wait(SEEK_SECONDS)

    def _use(self, port: ScalePort, stopping: threading.Event) -> str:
        """Reads an open port until it is gone, or until stopped; gives the system's reason."""
        try:
            self._face.opened()
            talk = _Talk(port, self._protocol, self._face, self._now, self._ask_seconds)
            while not stopping.is_set():
                talk.step()
        except OSError as error:
            return error.strerror or str(error)
        finally:
            port.close()
        return ""


class _Talk:
    """One conversation, from the opening of the port on."""

    def __init__(
        self,
        port: ScalePort,
        protocol: ScaleProtocol,
        face: ScaleFace,
        now: Callable[[], float],
        ask_seconds: float,
    ) -> None:
        self._port, self._protocol, self._face, self._now = port, protocol, face, now
        self._ask_seconds = ask_seconds
        self._asked_at = float("-inf")
        self._answered = True
        self._greet()

    def step(self) -> None:
        """Says what is to be said, hears what has come."""
        self._order()
        self._ask()
        data = self._port.read(min(WAIT_SECONDS, self._ask_seconds))
        if data:
            self._face.heard()
            for event in self._protocol.feed(data):
                self._answered = True
                self._face.show(event)
        self._face.tick()

    def _greet(self) -> None:
        self._greeted_at = self._now()
        self._say(self._protocol.hello())

    def _order(self) -> None:
        order = self._face.to_send()
        if order is None:
            return
        words = self._protocol.order(order)
        if words:
            self._say(words)
            self._asked_at = self._now()  # it may answer first
        else:
            self._face.unknown_order()

    def _ask(self) -> None:
        now = self._now()
        question = self._protocol.question()
        if not question:
            if self._face.silent_for() > QUIET_SECONDS and now - self._greeted_at > QUIET_SECONDS:
                self._greet()
            return
        if now - self._asked_at >= (self._ask_seconds if self._answered else UNANSWERED_SECONDS):
            self._asked_at, self._answered = now, False
            self._say(question)

    def _say(self, words: bytes) -> None:
        if words:
            self._port.write(words)
