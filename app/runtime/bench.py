"""The devices of a bench, as values at hand: whoever owns a device puts its state here."""

from __future__ import annotations

import time

from app.domain.device_ports import DeviceState, Scale, Scanner
from app.domain.print_ports import PrinterStatus
from app.domain.weights import WeightReading


class Bench:
    """Implements `presenters.lamps.BenchDevices`. Any of the devices may be missing."""

    def __init__(self, scanner: Scanner | None, scale: Scale | None) -> None:
        self._scanner, self._scale = scanner, scale
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

    def printer(self) -> PrinterStatus | None:
        """What the label printer said last."""
        return self._printer

    def monotonic(self) -> float:
        """Seconds of the clock by which readings are dated."""
        return time.monotonic()

    def printer_said(self, status: PrinterStatus | None) -> None:
        """The print worker heard from the printer."""
        self._printer = status
