"""Weights in grams and lengths in millimetres, from numbers whose unit stands in the heading, a column or the cell."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from app.integrations.channels.tabular.amounts import read_decimal
from app.integrations.channels.tabular.headings import plain_heading

GRAMS = {
    "g": Decimal(1), "gr": Decimal(1), "gram": Decimal(1), "grams": Decimal(1), "gramm": Decimal(1),
    "kg": Decimal(1000), "kgs": Decimal(1000), "kilo": Decimal(1000), "lb": Decimal("453.59237"),
    "lbs": Decimal("453.59237"), "oz": Decimal("28.349523125"), "mg": Decimal("0.001"), "t": Decimal(1_000_000),
}  # fmt: skip
MILLIMETRES = {
    "mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000), "in": Decimal("25.4"), "inch": Decimal("25.4"),
    "inches": Decimal("25.4"), "ft": Decimal("304.8"), "yd": Decimal("914.4"), '"': Decimal("25.4"),
}  # fmt: skip
_UNIT_IN_HEADING = re.compile(r"[(\[_\s]+(?:in\s+)?([A-Za-z]{1,6})[)\]]?\s*$")
_UNIT_IN_CELL = re.compile(r"([A-Za-z\"]+)\.?\s*$")


def unit_in_heading(heading: str, units: dict[str, Decimal]) -> str:
    """The unit that a heading names: `Weight (kg)`, `weight_g`, `Gewicht in kg`; '' for none."""
    if plain_heading(heading).endswith("grams"):
        return "g" if units is GRAMS else ""
    found = _UNIT_IN_HEADING.search(heading)
    unit = found.group(1).lower() if found else ""
    return unit if unit in units else ""


def without_unit(heading: str) -> str:
    """A heading without the unit at its end."""
    for units in (GRAMS, MILLIMETRES):
        if unit_in_heading(heading, units):
            return _UNIT_IN_HEADING.sub("", heading)
    return heading


def measure(text: str, unit: str, units: dict[str, Decimal], decimal: str = "") -> int | None:
    """The whole number of grams or millimetres (never 0 for something that is more), None for an empty cell.

    A unit in the cell goes before the given one. Raises ValueError for what is no measure.
    """
    if not text.strip():
        return None
    found = _UNIT_IN_CELL.search(text)
    if found and found.group(1).lower() in units:
        unit, text = found.group(1).lower(), text[: found.start()]
    factor = units.get(unit.strip().lower())
    if factor is None:
        raise ValueError(f"unknown unit: {unit!r}")
    value = read_decimal(text, decimal) * factor
    if value < 0:
        raise ValueError(f"no measure: {text!r}")
    whole = int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return max(whole, 1) if value else 0
