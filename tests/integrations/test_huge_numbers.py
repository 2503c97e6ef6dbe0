"""Numbers that no warehouse has are refused with their row, so that no database chokes on them with the whole file."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.integrations.channels.tabular.amounts import read_decimal, read_quantity


@pytest.mark.parametrize("text", ["1000001", "-1000001", "99999999999999999999", "1,000,000,000", "9" * 300])
def test_more_units_than_a_warehouse_holds_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no whole number|no amount|Exceeds"):
        read_quantity(text)


@pytest.mark.parametrize("text", ["10000000001", "99999999999999999999999.00", "9" * 300])
def test_more_money_than_an_order_comes_to_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        read_decimal(text)


def test_what_is_large_and_possible_is_read() -> None:
    assert read_quantity("80,995") == 80_995
    assert read_quantity("1000000") == 1_000_000
    assert read_decimal("10,000,000,000.00") == Decimal("10000000000")
