"""The pan of a simulated scale: what lies on it, how the needle nears it, and what zero and tare do."""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.scale_words import ScaleAnswer, ScaleTrouble

Seconds = Callable[[], float]
ZERO_SHARE = 50
"""A scale takes for zero what is within a fiftieth of its capacity, as the weights and measures office demands."""


@dataclass(frozen=True, slots=True)
class Needle:
    """What the scale shows at a moment: grams less tare, or why it shows none."""

    grams: int
    stable: bool
    at: float
    trouble: ScaleTrouble | None = None
    at_zero: bool = False
    net: bool = False


class Pan:
    """Weights are grams, times seconds of the monotonic clock that it is given. All methods may run on any thread."""

    def __init__(
        self,
        now: Seconds,
        *,
        seed: int = 1,
        settle_seconds: float = 0.6,
        most_grams: int = 60_000,
        least_grams: int = -200,
    ) -> None:
        """The same seed trembles the same; beyond `most_grams` and below `least_grams` it shows no weight."""
        self._now = now
        self._noise = random.Random(seed)
        self._settle_seconds = settle_seconds
        self._most_grams, self._least_grams = most_grams, least_grams
        self._lock = threading.RLock()
        self._from = self._to = 0
        self._since = -math.inf
        self._zero = self._tare = 0
        self._stuck: Needle | None = None

    def put(self, grams: int) -> None:
        """From now on this much lies on it, in all; it needs its time to settle."""
        with self._lock:
            now = self._now()
            self._from, self._to, self._since = round(self._shown(now)), grams, now

    def stick(self) -> None:
        """Keeps the reading of now for good, as a scale does whose cable has a loose contact."""
        with self._lock:
            self._stuck = self.needle()

    def unstick(self) -> None:
        """Reads again."""
        with self._lock:
            self._stuck = None

    def needle(self) -> Needle:
        """What it shows now."""
        with self._lock:
            if self._stuck is not None:
                return self._stuck
            now = self._now()
            gross = round(self._shown(now)) - self._zero
            settled = now - self._since >= self._settle_seconds
            if gross > self._most_grams:
                return Needle(0, settled, now, ScaleTrouble.OVERLOAD)
            if gross < self._least_grams:
                return Needle(0, settled, now, ScaleTrouble.UNDERLOAD)
            tremble = 0 if settled else self._noise.randint(-3, 3)
            return Needle(
                gross - self._tare + tremble, settled, now, at_zero=settled and gross == 0, net=bool(self._tare)
            )

    def zero(self) -> ScaleAnswer:
        """Takes what it shows for nothing, where that is allowed."""
        with self._lock:
            needle = self.needle()
            if not needle.stable:
                return ScaleAnswer.IN_MOTION
            if abs(self._to) * ZERO_SHARE > self._most_grams or self._stuck is not None:
                return ScaleAnswer.OUT_OF_RANGE
            self._zero, self._tare = self._to, 0
            return ScaleAnswer.DONE

    def tare(self) -> ScaleAnswer:
        """Weighs from here on what is added; an empty pan ends that."""
        with self._lock:
            needle = self.needle()
            if not needle.stable:
                return ScaleAnswer.IN_MOTION
            if needle.trouble is not None or self._to < self._zero or self._stuck is not None:
                return ScaleAnswer.OUT_OF_RANGE
            self._tare = self._to - self._zero
            return ScaleAnswer.DONE

    @property
    def stuck(self) -> bool:
        """Whether it shows what it showed then, whatever lies on it."""
        return self._stuck is not None

    def _shown(self, now: float) -> float:
        """The needle nears what lies on the pan, and is there when the settling time is over."""
        passed = now - self._since
        if passed >= self._settle_seconds:
            return float(self._to)
        return self._to + (self._from - self._to) * math.exp(-5 * passed / self._settle_seconds)
