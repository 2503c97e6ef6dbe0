"""Scales that follow the USB tables for points of sale (usage page 0x8D): one report is one weight. Pure."""

from __future__ import annotations

from decimal import Decimal

from app.devices.scale_protocols import NoWeight, ScaleEvent, Weighed
from app.domain.scale_words import ScaleOrder, ScaleTrouble
from app.domain.weight_units import WeightUnit, to_grams

SCALE_PAGE = 0x8D
REPORT_BYTES = 64
_CONTROL_REPORT, _DATA_REPORT = 2, 3
_ZERO_SCALE = 0x02
_LARGEST_EXPONENT = 6
_UNITS = {2: WeightUnit.GRAM, 3: WeightUnit.KILOGRAM, 11: WeightUnit.OUNCE, 12: WeightUnit.POUND}
_NAMES = {1: "mg", 4: "ct", 5: "tael", 6: "gr", 7: "dwt", 8: "t", 9: "ton", 10: "ozt"}
_AT_ZERO, _IN_MOTION, _STEADY, _UNDER_ZERO = 2, 3, 4, 5
_TROUBLES = {
    1: ScaleTrouble.FAULT,
    6: ScaleTrouble.OVERLOAD,
    7: ScaleTrouble.FAULT,
    8: ScaleTrouble.NEEDS_ZERO,
}


class HidScale:
    """Implements `ScaleProtocol`: it reports by itself, is zeroed by a report to it, and knows no tare."""

    def hello(self) -> bytes:
        """Nothing has to be said first."""
        return b""

    def question(self) -> bytes:
        """It reports by itself."""
        return b""

    def order(self, order: ScaleOrder) -> bytes:
        """The control report; the next weight shows what became of it."""
        return bytes([_CONTROL_REPORT, _ZERO_SCALE]) if order is ScaleOrder.ZERO else b""

    def feed(self, data: bytes) -> list[ScaleEvent]:
        """Takes one report: its number 3, status, unit, exponent with its sign, and the weight, lower byte first."""
        if not data or data[0] != _DATA_REPORT:
            return []
        if len(data) < 6:
            return [NoWeight(ScaleTrouble.GARBLED, data.hex(" "))]
        status, unit, exponent = data[1], data[2], data[3] - 256 if data[3] > 127 else data[3]
        if status in _TROUBLES:
            return [NoWeight(_TROUBLES[status])]
        if status not in (_AT_ZERO, _IN_MOTION, _STEADY, _UNDER_ZERO) or abs(exponent) > _LARGEST_EXPONENT:
            return [NoWeight(ScaleTrouble.GARBLED, data[:6].hex(" "))]
        if unit not in _UNITS:
            return [NoWeight(ScaleTrouble.UNIT, _NAMES.get(unit, ""))]
        amount = Decimal(int.from_bytes(data[4:6], "little")).scaleb(exponent)
        if status == _UNDER_ZERO:
            amount = -amount
        grams = to_grams(amount, _UNITS[unit])
        return [Weighed(grams, status != _IN_MOTION, _UNITS[unit], f"{amount:f} {_UNITS[unit].value}")]


def report_of(status: int, unit: int, exponent: int, amount: int) -> bytes:
    """The report in which a scale sends a weight: for simulated ones."""
    return bytes([_DATA_REPORT, status, unit, exponent % 256]) + amount.to_bytes(2, "little")
