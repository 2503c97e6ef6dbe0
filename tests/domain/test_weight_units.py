"""Weights as scales write them become whole grams exactly, halves away from zero; a foreign unit is never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.weight_units import UnknownUnitError, WeightUnit, from_grams, read_amount, to_grams

G, KG, LB, OZ, LB_OZ = WeightUnit


@pytest.mark.parametrize(
    ("text", "grams", "unit"),
    [
        ("100.00 g", 100, G),
        ("0.5 g", 1, G),
        ("0.4999 g", 0, G),
        ("-0.5 g", -1, G),
        ("1.234 kg", 1234, KG),
        ("+  1.2345KG", 1235, KG),
        ("-  12.5 kg", -12_500, KG),
        ("1 lb", 454, LB),
        ("2.205LBS", 1000, LB),
        ("3.5 oz", 99, OZ),
        ("1 lb 3.5 oz", 553, LB_OZ),
        ("-2lb0oz", -907, LB_OZ),
        ("12 lb, 15.9 oz", 5894, LB_OZ),
        (".5 kg", 500, KG),
        ("5. kg", 5000, KG),
    ],
)
def test_units(text: str, grams: int, unit: WeightUnit) -> None:
    assert read_amount(text) == (grams, unit)


@pytest.mark.parametrize("text", ["", "kg", "1.2.3 kg", "1,234 kg", "1 kg 2", "--5 g", "1e3 g", "0x12 g", "1.234 kg "])
def test_what_is_no_weight(text: str) -> None:
    assert read_amount(text) is None


@pytest.mark.parametrize(
    ("text", "unit"), [("12.5", ""), ("1.2 ozt", "ozt"), ("5 pcs", "pcs"), ("3 %", "%"), ("7 mg", "mg")]
)
def test_an_unknown_unit_is_said(text: str, unit: str) -> None:
    with pytest.raises(UnknownUnitError) as caught:
        read_amount(text)
    assert str(caught.value) == unit


def test_the_unit_of_a_scale_that_writes_none() -> None:
    assert read_amount("12.5", OZ) == (354, OZ)
    assert read_amount("12.5 kg", OZ) == (12_500, KG)


@given(st.text(max_size=40))
def test_any_text_is_a_weight_or_none(text: str) -> None:
    try:
        amount = read_amount(text, KG)
    except UnknownUnitError:
        return
    assert amount is None or isinstance(amount[0], int)


@given(st.integers(-200_000, 200_000), st.sampled_from([G, KG, LB, OZ]))
def test_there_and_back(grams: int, unit: WeightUnit) -> None:
    assert to_grams(from_grams(grams, unit, 5), unit) == grams


def test_exactness() -> None:
    assert to_grams(Decimal("2.2046226218"), LB) == 1000
    assert from_grams(1000, LB, 3) == Decimal("2.205")
