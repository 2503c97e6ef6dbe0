"""Units in which scales speak, and grams in which everything else is counted."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum, unique

_GRAMS_A_POUND = Decimal("453.59237")
_GRAMS_AN_OUNCE = Decimal("28.349523125")


@unique
class WeightUnit(Enum):
    """A unit that a scale shows; the value is how it is written in addresses of devices and on screen."""

    GRAM = "g"
    KILOGRAM = "kg"
    POUND = "lb"
    OUNCE = "oz"
    POUND_OUNCE = "lb-oz"


_GRAMS = {
    WeightUnit.GRAM: Decimal(1),
    WeightUnit.KILOGRAM: Decimal(1000),
    WeightUnit.POUND: _GRAMS_A_POUND,
    WeightUnit.OUNCE: _GRAMS_AN_OUNCE,
    WeightUnit.POUND_OUNCE: _GRAMS_A_POUND,
}
_WORDS = {
    "g": WeightUnit.GRAM,
    "kg": WeightUnit.KILOGRAM,
    "lb": WeightUnit.POUND,
    "lbs": WeightUnit.POUND,
    "oz": WeightUnit.OUNCE,
}
_AMOUNT = re.compile(r"([+-]?) *(\d{1,9}(?:\.\d{0,6})?|\.\d{1,6}) *([A-Za-z./%]*)", re.ASCII)
_POUNDS_AND_OUNCES = re.compile(r"([+-]?) *(\d{1,6}) *lbs?[ :,]*(\d{1,2}(?:\.\d{0,6})?) *oz", re.ASCII | re.IGNORECASE)


class UnknownUnitError(Exception):
    """A weight in a unit that we cannot turn into grams; the message is the unit, empty where there was none."""


def to_grams(amount: Decimal, unit: WeightUnit) -> int:
    """Whole grams, halves away from zero. Pounds and ounces together are given as pounds."""
    return int((amount * _GRAMS[unit]).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_grams(grams: int, unit: WeightUnit, places: int) -> Decimal:
    """The amount that a scale with so many places behind the point shows for it."""
    return (Decimal(grams) / _GRAMS[unit]).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def unit_of(word: str) -> WeightUnit | None:
    """The unit that a scale writes so, in capitals or not; None when it is none of ours."""
    return _WORDS.get(word.lower())


def read_amount(text: str, default: WeightUnit | None = None) -> tuple[int, WeightUnit] | None:
    """Grams and unit of a weight as scales write it (`1.234 kg`, `-  12.5oz`, `1 lb 3.5 oz`); None when it is none.

    `default` is the unit of a scale that writes none. Raises UnknownUnitError when the unit is not known.
    """
    both = _POUNDS_AND_OUNCES.fullmatch(text)
    if both is not None:
        grams = to_grams(Decimal(both[2]) * 16 + Decimal(both[3]), WeightUnit.OUNCE)
        return (-grams if both[1] == "-" else grams), WeightUnit.POUND_OUNCE
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return None
    unit = unit_of(found[3]) if found[3] else default
    if unit is None:
        raise UnknownUnitError(found[3])
    grams = to_grams(Decimal(found[2]), unit)
    return (-grams if found[1] == "-" else grams), unit
