"""The NCI standard (SCP-01): scales of Weigh-Tronix, Brecknell, Ohaus, Adam and many postal ones."""

from __future__ import annotations

from app.devices.scale_protocols import LONGEST, Answered, NoWeight, ScaleEvent, printable, weight_event
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.weight_units import WeightUnit

_END = 0x03
_ORDERS = {ScaleOrder.ZERO: b"Z\r", ScaleOrder.TARE: b"T\r"}
# First status byte; bits 4 and 5 of each are always set, bit 6 says that another follows, but never in the first.
_MOTION, _AT_ZERO, _MEMORY_BROKEN = 0x01, 0x02, 0x0C
# Second status byte.
_UNDER, _OVER, _BROKEN = 0x01, 0x02, 0x0C
_ZERO_ERROR = 0x08
_FIXED, _FOLLOWS = 0x30, 0x40


class Nci:
    """`W` asks for weight and status; `Z` and `T` are answered with the status alone."""

    def __init__(self, *, unit: WeightUnit | None = None) -> None:
        """`unit`: of a scale that is set to write none."""
        self._unit = unit
        self._held = b""
        self._ordered: ScaleOrder | None = None

    def hello(self) -> bytes:
        """Nothing has to be said first."""
        self._held, self._ordered = b"", None
        return b""

    def question(self) -> bytes:
        """Weight and status."""
        return b"W\r"

    def order(self, order: ScaleOrder) -> bytes:
        """Zero or tare."""
        self._ordered = order
        return _ORDERS[order]

    def feed(self, data: bytes) -> list[ScaleEvent]:
        """Takes what came; the highest bit is parity and left out."""
        self._held += bytes(byte & 0x7F for byte in data)
        *frames, self._held = self._held.split(bytes([_END]))
        if len(self._held) > LONGEST:
            self._held = b""
            return [NoWeight(ScaleTrouble.GARBLED)]
        events: list[ScaleEvent] = []
        for frame in frames:
            event = self._event(frame)
            if event is not None:
                events.append(event)
        return events

    def _event(self, frame: bytes) -> ScaleEvent | None:
        parts = [part for part in frame.replace(b"\r", b"\n").split(b"\n") if part]
        if parts == [b"?"]:
            return self._not_understood()
        status = _status(parts[-1].removeprefix(b"S")) if parts else None  # tills' scales write an S before it
        if status is None or len(parts) > 2 or not frame.startswith(b"\n"):
            return NoWeight(ScaleTrouble.GARBLED, printable(frame)[:40])
        if len(parts) == 1:
            return self._answered(status)
        return _weight(printable(parts[0]).strip(), status, self._unit)

    def _not_understood(self) -> ScaleEvent:
        if self._ordered is not None:
            self._ordered = None
            return Answered(ScaleAnswer.UNSUPPORTED)
        return NoWeight(ScaleTrouble.GARBLED, "?")

    def _answered(self, status: tuple[int, int, int]) -> ScaleEvent | None:
        """The status alone answers an order; after a tare only the next weight shows what became of it."""
        trouble = _trouble(status)
        order, self._ordered = self._ordered, None
        if order is None:
            return NoWeight(trouble) if trouble is not None else None
        if status[0] & _MOTION:
            return Answered(ScaleAnswer.IN_MOTION)
        if trouble is not None:
            return Answered(ScaleAnswer.OUT_OF_RANGE)
        if order is ScaleOrder.ZERO:
            return Answered(ScaleAnswer.DONE if status[0] & _AT_ZERO else ScaleAnswer.OUT_OF_RANGE)
        return None


def _weight(text: str, status: tuple[int, int, int], unit: WeightUnit | None) -> ScaleEvent:
    trouble = _trouble(status)
    if trouble is not None:
        return NoWeight(trouble)
    if "^" in text:
        return NoWeight(ScaleTrouble.OVERLOAD)
    if "_" in text:
        return NoWeight(ScaleTrouble.UNDERLOAD)
    if "--" in text:
        return NoWeight(ScaleTrouble.NEEDS_ZERO)
    return weight_event(text, not status[0] & _MOTION, unit)


def _status(data: bytes) -> tuple[int, int, int] | None:
    """The first three status bytes, 0 for a third that is not sent; None when these are no status bytes."""
    if not 2 <= len(data) <= 4 or any(byte & _FIXED != _FIXED for byte in data):
        return None
    if data[0] & _FOLLOWS or data[-1] & _FOLLOWS or not all(byte & _FOLLOWS for byte in data[1:-1]):
        return None
    return data[0], data[1], data[2] if len(data) > 2 else 0


def _trouble(status: tuple[int, int, int]) -> ScaleTrouble | None:
    first, second, third = status
    if first & _MEMORY_BROKEN or second & _BROKEN:
        return ScaleTrouble.FAULT
    if second & _OVER:
        return ScaleTrouble.OVERLOAD
    if second & _UNDER:
        return ScaleTrouble.UNDERLOAD
    return ScaleTrouble.NEEDS_ZERO if third & _ZERO_ERROR else None
