"""Learns how fast the scanner at a keyboard port types, so that typing and scans are told apart ever better."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import pairwise

PAUSE_MS = 300
"""After so long a silence something new begins."""
_SEEN = 20
_ENOUGH = 5
_LEAST_KEYS = 8
_EVEN = 0.3


class GapLearner:
    """The longest silence inside a code, in milliseconds: at first as set, then as the scanners here need it.

    It falls when the scanners are fast, so that quick typing is no scan. It rises when keys come too slowly for a
    scan and too evenly for a hand: that first code is still typed, the next one is a scan.
    """

    def __init__(self, start_ms: int, least_ms: int, most_ms: int) -> None:
        """It stays within `least_ms` and `most_ms`."""
        self._limit, self._least, self._most = start_ms, least_ms, most_ms
        self._slowest: deque[int] = deque(maxlen=_SEEN)
        self._trail: list[int] = []
        self._last_scan: Sequence[int] = ()

    @property
    def limit(self) -> int:
        """Keys further apart than this are no one code."""
        if self._last_scan:
            scan, self._last_scan = self._last_scan, ()
            self._learn(max(gaps(scan), default=0))
        return self._limit

    def pressed(self, at_ms: int) -> None:
        """A character came."""
        if self._trail and at_ms - self._trail[-1] > PAUSE_MS:
            self.ended()
        self._trail.append(at_ms)

    def ended(self) -> None:
        """What was typed is over: by an ending key, or a silence."""
        trail = self._trail
        self._trail = []
        slowest = max(gaps(trail), default=0)
        if len(trail) >= _LEAST_KEYS and slowest > self.limit and even(trail) and slowest * 3 // 2 <= self._most:
            self._learn(slowest)

    def broken(self) -> None:
        """A key that no scanner presses came."""
        self._trail = []

    def scanned(self, times: Sequence[int]) -> None:
        """Characters pressed at these times were a scan. What it teaches is asked for with the next key only."""
        self._trail, self._last_scan = [], times

    def _learn(self, slowest: int) -> None:
        self._slowest.append(slowest)
        most = max(self._slowest)
        limit = min(max(most * 3 // 2, most + 40, self._least), self._most)
        if limit > self._limit or len(self._slowest) >= _ENOUGH:
            self._limit = limit


def gaps(times: Sequence[int]) -> list[int]:
    """The silences between keys, in milliseconds."""
    return [after - before for before, after in pairwise(times)]


def even(times: Sequence[int]) -> bool:
    """Whether keys came as evenly as no hand presses them."""
    silences = gaps(times)
    return bool(silences) and max(silences) - min(silences) <= max(10, _EVEN * sum(silences) / len(silences))
