"""The scale and the parcel: stale and unsteady readings never count."""

from __future__ import annotations

import pytest

from app.domain.weights import (
    ExpectedWeight,
    WeightReading,
    WeightState,
    WeightVerdict,
    expected_weight,
    judge_grams,
    judge_weight,
)
from app.domain.words import catalogue

EXPECTED = ExpectedWeight(1788, 60)


def test_carton_and_units() -> None:
    assert expected_weight(180, [(150, 3), (420, 1), (95, 4)]) == ExpectedWeight(1430, 51)
    assert expected_weight(40, []) == ExpectedWeight(40, 20)


def test_units_without_a_weight_make_it_unknown() -> None:
    expected = expected_weight(180, [(None, 2), (0, 1), (100, 1)])
    assert expected == ExpectedWeight(280, 20, unknown=3)
    assert judge_grams(expected, 9000) == WeightVerdict(WeightState.UNKNOWN, 9000)


@pytest.mark.parametrize(
    ("grams", "state", "difference"),
    [
        (1794, WeightState.AGREES, 6),
        (1848, WeightState.AGREES, 60),
        (1728, WeightState.AGREES, -60),
        (1849, WeightState.DIFFERS, 61),
        (1727, WeightState.DIFFERS, -61),
    ],
)
def test_the_window(grams: int, state: WeightState, difference: int) -> None:
    verdict = judge_weight(EXPECTED, WeightReading(grams, stable=True, taken_at=10.0), now=10.2)
    assert verdict == WeightVerdict(state, grams, difference)
    assert verdict.blocks == (state is WeightState.DIFFERS)


def test_what_never_counts() -> None:
    assert judge_weight(EXPECTED, None, 0.0) == WeightVerdict(WeightState.NO_SCALE)
    unsteady = WeightReading(1788, stable=False, taken_at=10.0)
    assert judge_weight(EXPECTED, unsteady, 10.1) == WeightVerdict(WeightState.SETTLING, 1788)
    stale = WeightReading(1788, stable=True, taken_at=10.0)
    assert judge_weight(EXPECTED, stale, 12.01) == WeightVerdict(WeightState.TOO_OLD, 1788)
    assert stale.usable(12.0)
    assert not stale.usable(12.01)
    assert not unsteady.usable(10.0)


def test_every_state_has_a_word() -> None:
    assert all(catalogue()[state.key] for state in WeightState)
