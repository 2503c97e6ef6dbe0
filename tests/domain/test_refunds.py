"""The money of a return: parts that add up exactly, and never more than there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.refunds import Proposal, SoldAmounts, next_unit, propose, split, unit_values

AMOUNTS = st.integers(0, 10_000_000)
LINES = st.lists(
    st.tuples(st.integers(0, 100_000), st.integers(1, 40), st.integers(0, 200_000)), min_size=1, max_size=8
).map(lambda rows: [SoldAmounts(number, *row) for number, row in enumerate(rows)])


def test_an_amount_is_split_by_weights_with_the_largest_remainders_first() -> None:
    assert split(100, [1, 1, 1]) == (34, 33, 33)
    assert split(10, [5, 3, 2]) == (5, 3, 2)
    assert split(7, [0, 0]) == (4, 3)
    assert split(7, []) == ()
    with pytest.raises(ValueError, match="at least 0"):
        split(-1, [1])


@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=30))
def test_the_parts_add_up_and_none_is_off_by_a_whole_unit(amount: int, weights: list[int]) -> None:
    parts = split(amount, weights)
    assert sum(parts) == amount
    total = sum(weights)
    if total:
        assert all(abs(part * total - amount * weight) < total for part, weight in zip(parts, weights, strict=True))


def test_a_unit_is_worth_its_price_less_its_share_of_both_discounts() -> None:
    lines = [SoldAmounts(1, 1000, 3, 100), SoldAmounts(2, 500, 2)]
    assert unit_values(lines, 0) == {1: (967, 967, 966), 2: (500, 500)}
    assert unit_values(lines, 390) == {1: (870, 870, 870), 2: (450, 450)}
    assert unit_values(lines, 99_999) == {1: (0, 0, 0), 2: (0, 0)}


@given(LINES, AMOUNTS)
def test_all_units_together_are_what_the_order_came_to(lines: list[SoldAmounts], discount: int) -> None:
    values = unit_values(lines, discount)
    net = sum(line.net for line in lines)
    assert sum(map(sum, values.values())) == net - min(discount, net)
    assert all(amount >= 0 for units in values.values() for amount in units)


@given(LINES, AMOUNTS)
def test_units_that_come_back_one_by_one_add_up(lines: list[SoldAmounts], discount: int) -> None:
    for values in unit_values(lines, discount).values():
        granted: list[int] = []
        for _ in values:
            granted.append(next_unit(values, len(granted), sum(granted)))
        assert sum(granted) == sum(values)


@given(st.dictionaries(st.integers(1, 99), st.integers(0, 50_000), max_size=10), st.integers(0, 5_000), AMOUNTS)
def test_never_more_than_is_left_and_all_of_it_when_there_is_enough(
    units: dict[int, int], post: int, available: int
) -> None:
    made = propose(units, post, available)
    wanted = sum(units.values()) + post
    assert made.amount == min(wanted, available)
    assert 0 <= made.post <= post
    assert all(0 <= made.units[unit] <= amount for unit, amount in units.items())


def test_the_post_is_cut_before_the_goods() -> None:
    assert propose({1: 600, 2: 300}, 200, 1000) == Proposal({1: 600, 2: 300}, 100)
    assert propose({1: 600, 2: 300}, 200, 300) == Proposal({1: 200, 2: 100}, 0)
    assert propose({1: 600}, 200, -5) == Proposal({1: 0}, 0)
