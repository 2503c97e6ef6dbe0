"""Measures how long a scan took until its answer was drawn, without anybody on its way knowing."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Outcome
from app.presenters.gateway import Gateway


class MeasuredGateway:
    """Implements `presenters.gateway.Gateway`: passes everything on, and tells of each scan whose answer was drawn."""

    def __init__(self, gateway: Gateway, drawn: Callable[[Gesture], None]) -> None:
        self._gateway, self._drawn = gateway, drawn
        self.look, self.interrupted = gateway.look, gateway.interrupted

    def send(self, gesture: Gesture, then: Callable[[Outcome], None], failed: Callable[[Exception], None]) -> None:
        """Applies a gesture."""

        def answered(outcome: Outcome) -> None:
            then(outcome)
            if gesture.kind is GestureKind.SCAN:
                self._drawn(gesture)

        self._gateway.send(gesture, answered, failed)
