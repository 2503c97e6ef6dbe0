"""Knows which answers are awaited and how long a scan took until its own was drawn; nobody on its way notices."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Outcome
from app.presenters.gateway import Gateway

PAINT_SECONDS = 0.05
"""So long at most an answer is painted that was drawn."""


class MeasuredGateway:
    """Implements `presenters.gateway.Gateway`: passes everything on, and tells of each scan whose answer was drawn.

    All but `quiet` is for the presenter's thread.
    """

    def __init__(
        self, gateway: Gateway, drawn: Callable[[Gesture], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._gateway, self._drawn, self._clock = gateway, drawn, clock
        self.look, self.interrupted = gateway.look, gateway.interrupted
        self._awaited, self._drawn_at = 0, float("-inf")

    @property
    def quiet(self) -> bool:
        """Whether no answer is awaited and the last one had time to be painted; any thread may ask."""
        return not self._awaited and self._clock() - self._drawn_at >= PAINT_SECONDS

    def send(self, gesture: Gesture, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None:
        """Applies a gesture."""

        def answered(outcome: Outcome) -> None:
            try:
                then(outcome)
            finally:
                self._done()
            if gesture.kind is GestureKind.SCAN:
                self._drawn(gesture)

        def refused(error: Exception) -> None:
            self._done()
            failed(error)

        self._awaited += 1
        self._gateway.send(gesture, answered, refused)

    def _done(self) -> None:
        self._awaited -= 1
        self._drawn_at = self._clock()
