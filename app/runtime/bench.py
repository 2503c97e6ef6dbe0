"""The devices of a bench, as values at hand: whoever owns a device puts its state here."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.domain.device_ports import DeviceState, Scale, Scanner
from app.domain.print_ports import PrinterStatus
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.weights import WeightReading


class Bench:
    """Implements `presenters.lamps.BenchDevices`. Any of the devices may be missing."""

    def __init__(
        self, scanner: Scanner | None, scale: Scale | None, post: Callable[[Callable[[], None]], None]
    ) -> None:
        """`post` runs something on the presenter's thread."""
        self._scanner, self._scale, self._post = scanner, scale, post
        self._printer: PrinterStatus | None = None

    def scanner(self) -> DeviceState:
        """How the scanner is."""
        return self._scanner.state if self._scanner is not None else DeviceState.ABSENT

    def scale(self) -> DeviceState:
        """How the scale is."""
        return self._scale.state if self._scale is not None else DeviceState.ABSENT

    def reading(self) -> WeightReading | None:
        """What the scale showed last."""
        return self._scale.reading() if self._scale is not None else None

    def trouble(self) -> ScaleTrouble | None:
        """Why the scale gives no weight."""
        return self._scale.trouble if self._scale is not None else None

    def order(self, order: ScaleOrder, then: Callable[[ScaleAnswer], None]) -> None:
        """Has the scale zeroed or tared."""
        if self._scale is None:
            self._post(lambda: then(ScaleAnswer.NOT_THERE))
            return
        answer = self._scale.zero() if order is ScaleOrder.ZERO else self._scale.tare()
        answer.add_done_callback(lambda done: self._post(lambda: then(done.result())))

    def printer(self) -> PrinterStatus | None:
        """What the label printer said last."""
        return self._printer

    def monotonic(self) -> float:
        """Seconds of the clock by which readings are dated."""
        return time.monotonic()

    def printer_said(self, status: PrinterStatus | None) -> None:
        """The print worker heard from the printer."""
        self._printer = status
