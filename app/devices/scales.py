"""The simulated scale that ships: it settles, trembles and can get stuck, the same for the same seed."""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable

from app.domain.device_ports import DeviceState
from app.domain.weights import WeightReading

Seconds = Callable[[], float]


class SimScale:
    """A scale without hardware. Weights are grams, times seconds of the monotonic clock that it is given."""

    def __init__(
        self, uri: str, now: Seconds, *, seed: int = 1, settle_seconds: float = 0.6, most_grams: int = 60_000
    ) -> None:
        self._uri = uri
        self._now = now
        self._noise = random.Random(seed)
        self._settle_seconds = settle_seconds
        self._most_grams = most_grams
        self._lock = threading.Lock()
        self._running = False
        self._plugged = True
        self._from = 0
        self._to = 0
        self._since = -math.inf
        self._stuck: WeightReading | None = None

    @property
    def uri(self) -> str:
        """How it is named in settings, on the command line and on screen."""
        return self._uri

    @property
    def state(self) -> DeviceState:
        """Absent before start, down while unplugged, attention while overloaded or stuck."""
        if not self._running:
            return DeviceState.ABSENT
        if not self._plugged:
            return DeviceState.DOWN
        return DeviceState.ATTENTION if self._stuck or self._to > self._most_grams else DeviceState.READY

    def start(self) -> None:
        """Begins to read."""
        self._running = True

    def stop(self) -> None:
        """Ends reading."""
        self._running = False

    def reading(self) -> WeightReading | None:
        """The newest reading; None when it is stopped, unplugged or overloaded."""
        with self._lock:
            if not self._running or not self._plugged:
                return None
            if self._stuck is not None:
                return self._stuck
            if self._to > self._most_grams:
                return None
            return self._read(self._now())

    def put(self, grams: int) -> None:
        """From now on this much lies on it, in all; it needs its time to settle."""
        with self._lock:
            now = self._now()
            self._from, self._to, self._since = round(self._shown(now)), grams, now

    def stick(self) -> None:
        """Keeps the reading of now for good, as a scale does whose cable has a loose contact."""
        with self._lock:
            self._stuck = self._read(self._now())

    def unstick(self) -> None:
        """Reads again."""
        with self._lock:
            self._stuck = None

    def unplug(self) -> None:
        """Pulls the cable."""
        self._plugged = False

    def plug_in(self) -> None:
        """Puts the cable back; no restart is needed."""
        self._plugged = True

    def _shown(self, now: float) -> float:
        """The needle: it nears what lies on it, and is there when the settling time is over."""
        passed = now - self._since
        if passed >= self._settle_seconds:
            return float(self._to)
        return self._to + (self._from - self._to) * math.exp(-5 * passed / self._settle_seconds)

    def _read(self, now: float) -> WeightReading:
        settled = now - self._since >= self._settle_seconds
        tremble = 0 if settled else self._noise.randint(-3, 3)
        return WeightReading(max(0, round(self._shown(now)) + tremble), settled, now)
