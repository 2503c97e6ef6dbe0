"""Toledo 8217: the scale at the till, which tells digits without a unit, or why it tells none."""

from __future__ import annotations

import re

from app.devices.scale_protocols import LONGEST, Answered, NoWeight, ScaleEvent, printable, weight_event
from app.domain.scale_words import ScaleAnswer, ScaleOrder, ScaleTrouble
from app.domain.weight_units import WeightUnit

_BEGIN, _END = b"\x02", b"\r"
_WEIGHT = re.compile(r" *(\d{1,6}(?:\.\d{1,4})?) ?N?", re.ASCII)
_ORDERS = {ScaleOrder.ZERO: b"Z", ScaleOrder.TARE: b"T"}
# The status byte. Makers differ about bits 5 and 6, so those are not looked at.
_MOTION, _OVER, _UNDER, _NO_ZERO, _AT_ZERO = 0x01, 0x02, 0x04, 0x08, 0x10


class Toledo8217:
    """`W` is answered with STX, digits, CR when the pan stands still, else with STX, `?`, status, CR."""

    def __init__(self, *, unit: WeightUnit | None) -> None:
        """`unit` is what its digits count, which it never says itself: without it no weight is given."""
        self._unit = unit
        self._held = b""
        self._ordered: ScaleOrder | None = None

    def hello(self) -> bytes:
        """Nothing has to be said first."""
        self._held, self._ordered = b"", None
        return b""

    def question(self) -> bytes:
        """The weight."""
        return b"W"

    def order(self, order: ScaleOrder) -> bytes:
        """Zero or tare; some scales answer with their status, some not at all."""
        self._ordered = order
        return _ORDERS[order]

    def feed(self, data: bytes) -> list[ScaleEvent]:
        """Takes what came; the highest bit is parity and left out."""
        self._held += bytes(byte & 0x7F for byte in data)
        *frames, rest = self._held.split(_END)
        self._held = b"".join(rest.rpartition(_BEGIN)[1:]) if _BEGIN in rest else b""
        if len(self._held) > LONGEST:
            self._held = b""
        # What stands before the last STX is noise, or an answer that broke off.
        events = (self._event(frame.rpartition(_BEGIN)[2]) for frame in frames if _BEGIN in frame)
        return [event for event in events if event is not None]

    def _event(self, body: bytes) -> ScaleEvent | None:
        if body[:1] == b"?" and len(body) == 2:
            return self._status(body[1])
        found = _WEIGHT.fullmatch(printable(body))
        if found is None:
            return NoWeight(ScaleTrouble.GARBLED, printable(body)[:40])
        return weight_event(found[1], True, self._unit)

    def _status(self, status: int) -> ScaleEvent | None:
        order, self._ordered = self._ordered, None
        trouble = _trouble(status)
        if order is None:
            return NoWeight(trouble or ScaleTrouble.NOT_READY)
        if status & _MOTION:
            return Answered(ScaleAnswer.IN_MOTION)
        if trouble is not None:
            return Answered(ScaleAnswer.OUT_OF_RANGE)
        return Answered(ScaleAnswer.DONE) if order is ScaleOrder.ZERO and status & _AT_ZERO else None


def _trouble(status: int) -> ScaleTrouble | None:
    if status & _OVER:
        return ScaleTrouble.OVERLOAD
    if status & _MOTION:
        return ScaleTrouble.MOVING
    if status & _UNDER:
        return ScaleTrouble.UNDERLOAD
    return ScaleTrouble.NEEDS_ZERO if status & _NO_ZERO else None
