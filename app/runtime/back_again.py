"""Says that the database answers, no oftener than somebody wants to know it."""

from __future__ import annotations

import time
from collections.abc import Callable

EVERY_SECONDS = 1.0
"""As often as a screen shows how long the database took: telling takes the processor from an answer's picture."""


class BackAgain:
    """Passes on what the worker says of each gesture that was stored: at once after the database was gone and while
    gestures wait, else now and then. Any thread may call it.
    """

    def __init__(self, tell: Callable[[float, int], None], clock: Callable[[], float] = time.monotonic) -> None:
        """`tell` takes milliseconds, and how many gestures wait behind."""
        self._tell, self._clock = tell, clock
        self._at_once, self._told_at = True, 0.0

    def gone(self) -> None:
        """The database does not answer, whoever found out."""
        self._at_once = True

    def stored(self, milliseconds: float, kept: int) -> None:
        """A gesture was stored; so many wait behind it."""
        wanted, self._at_once = self._at_once or kept > 0, kept > 0
        now = self._clock()
        if wanted or now - self._told_at >= EVERY_SECONDS:
            self._told_at = now
            self._tell(milliseconds, kept)
