"""Carton choice: never 'fits' for goods that do not go in, the smallest first, each refusal with its reason."""

from __future__ import annotations

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.cartons import CartonType, FitReason, PackUnits, choose_carton, holds
from app.domain.words import catalogue

A = CartonType("A", 200, 150, 80, 90, 5_000)
B = CartonType("B", 250, 200, 150, 140, 10_000)
C = CartonType("C", 320, 240, 180, 180, 15_000)
E = CartonType("E", 400, 300, 250, 320, 25_000)
LIST = [A, B, C, E]


def verdicts(goods: list[PackUnits], cartons: list[CartonType] = LIST) -> list[tuple[str, int, FitReason]]:
    return [(fit.carton.code, fit.number, fit.reason) for fit in choose_carton(goods, cartons)]


def test_the_smallest_that_holds_is_best_and_keys_stay() -> None:
    goods = [PackUnits(2, 200, 150, 80, 300)]
    assert verdicts(goods) == [
        ("B", 2, FitReason.BEST),
        ("C", 3, FitReason.FITS),
        ("E", 4, FitReason.FITS),
        ("A", 1, FitReason.TOO_SMALL),
    ]
    assert [fit.fill_percent for fit in choose_carton(goods, LIST)] == [64, 35, 16, 200]


def test_exactly_full() -> None:
    assert verdicts([PackUnits(1, 80, 200, 150)])[0] == ("A", 1, FitReason.BEST)
    assert verdicts([PackUnits(8, 100, 75, 40)])[0] == ("A", 1, FitReason.BEST)


def test_a_long_item_never_fits_a_short_box() -> None:
    assert verdicts([PackUnits(1, 390, 10, 10)]) == [
        ("E", 4, FitReason.BEST),
        ("A", 1, FitReason.ITEM_TOO_LONG),
        ("B", 2, FitReason.ITEM_TOO_LONG),
        ("C", 3, FitReason.ITEM_TOO_LONG),
    ]
    assert {reason for _, _, reason in verdicts([PackUnits(100, 401, 5, 5)])} == {FitReason.ITEM_TOO_LONG}


def test_too_heavy() -> None:
    assert verdicts([PackUnits(3, 50, 50, 50, 4_000)])[-2:] == [
        ("A", 1, FitReason.TOO_HEAVY),
        ("B", 2, FitReason.TOO_HEAVY),
    ]


def test_without_sizes_nothing_is_recommended() -> None:
    goods = [PackUnits(1, 50, 50, 50), PackUnits(1, 50, None, 50, 6_000)]
    assert verdicts(goods)[:2] == [("A", 1, FitReason.TOO_HEAVY), ("B", 2, FitReason.SIZE_UNKNOWN)]
    assert choose_carton(goods, LIST)[1].fill_percent is None
    assert not any(fit.fits for fit in choose_carton([], LIST))
    assert choose_carton([PackUnits(1, 1, 1, 1)], []) == ()


def test_many_units_go_by_volume() -> None:
    fits = choose_carton([PackUnits(1_000, 20, 20, 20)], LIST)
    assert [(fit.carton.code, fit.fits, fit.estimated) for fit in fits][:2] == [("C", True, True), ("E", True, True)]
    assert fits[0].fill_percent == 58


def test_what_cannot_go_in_by_geometry_is_too_small() -> None:
    assert not holds([(60, 60, 60)] * 2, (100, 100, 60))
    assert holds([(60, 50, 60)] * 2, (100, 60, 60))


def test_every_reason_has_words() -> None:
    assert all(catalogue()[reason.key] for reason in FitReason)


_side = st.integers(10, 300)


@settings(max_examples=150)
@given(st.lists(st.tuples(_side, _side, _side), min_size=1, max_size=12))
def test_fits_never_breaks_what_geometry_allows(sizes: list[tuple[int, int, int]]) -> None:
    for fit in choose_carton([PackUnits(1, *size) for size in sizes], LIST):
        if fit.fits:
            box = sorted((fit.carton.length, fit.carton.width, fit.carton.height))
            assert sum(a * b * c for a, b, c in sizes) <= fit.carton.volume
            assert all(side <= room for size in sizes for side, room in zip(sorted(size), box, strict=True))
            thick = [size for size in sizes if min(size) * 2 > box[2]]
            assert len(thick) <= 1, "two cubes that each take more than half of every side"


def test_thirty_units_take_milliseconds() -> None:
    dice = random.Random(7)
    boxes = [CartonType(f"K{n}", 150 + 40 * n, 120 + 30 * n, 80 + 25 * n) for n in range(8)]
    orders = [
        [PackUnits(1, *(dice.randint(30, 140) for _ in range(3))) for _ in range(30)]
        for _ in range(20)
    ]  # fmt: skip
    spent = []
    for goods in orders:
        begun = time.perf_counter()
        choose_carton(goods, boxes)
        spent.append(time.perf_counter() - begun)
    assert sorted(spent)[len(spent) // 2] < 0.02
