"""What a bench decides of the order in its hand while nobody can be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ahead import InHand, Judged, Kit, Verdict, begin, judge
from app.domain.weights import ExpectedWeight
from app.domain.work import ItemRef, OrderHead, PackLine, PackWork

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CUP, LAMP = ItemRef(1, "CUP", "Cup", weight_g=300), ItemRef(2, "LAMP", "Lamp", weight_g=900)
HEAD = OrderHead(7, "#1042", ("Ada Stone",), "Ada Stone, Leeds", "standard", NOW)
CODES = {
    "CUP": ((1, 1),), "LAMP": ((2, 1),), "04006381333931": ((1, 1),), "04006381333948": ((1, 2),),
    "SHARED": ((1, 1), (2, 1)),
}  # fmt: skip


def kit(*lines: tuple[ItemRef, int, int]) -> Kit:
    """Lines as (item, required, packed)."""
    made = tuple(PackLine(n, item, required, packed) for n, (item, required, packed) in enumerate(lines, start=1))
    work = PackWork(5, HEAD, made, (), expected=ExpectedWeight(1500, 50))
    return Kit(work, CODES, NOW + timedelta(minutes=10), 10, True, 99, {"tracking_number": "PWD"})


def scans(one: Kit, *codes: str, weight_g: int | None = None, at: datetime = NOW) -> list[Judged]:
    """All of them, one after the other."""
    now, told = begin(one.work), []
    for code in codes:
        told.append(judge(one, now, code, weight_g, at))
        now = told[-1].after
    return told


def verdicts(told: list[Judged]) -> list[str]:
    return [one.verdict.value for one in told]


def test_items_are_counted_by_any_of_their_codes_until_all_are_in() -> None:
    told = scans(kit((CUP, 3, 0), (LAMP, 1, 0)), "4006381333931", "LAMP", "4006381333948")
    assert verdicts(told) == ["counted", "counted", "complete"]
    assert [(one.counted.item.sku, one.counted.packed, one.counted.total_packed) for one in told if one.counted] == [
        ("CUP", 1, 1), ("LAMP", 1, 2), ("CUP", 3, 4),
    ]  # fmt: skip
    assert told[-1].weight_g == 1500


def test_what_is_wrong_or_too_much_blocks_until_the_ok_card() -> None:
    told = scans(kit((CUP, 1, 0), (LAMP, 2, 1)), "4006381333948", "CUP", "PW-OK", "5901234123457", "PW-OK", "CUP")
    assert verdicts(told) == ["too_many", "locked", "acknowledged", "wrong", "acknowledged", "counted"]
    assert (told[0].product, told[0].over) == (1, 1)
    assert told[1].after.refused == 1


@pytest.mark.parametrize("code", ["PW-UNDO", "#1043", "T-1", "F-12", "OP-ANNA", "PW-QTY", "PW-OK", ""])
def test_after_what_only_the_database_can_decide_everything_waits(code: str) -> None:
    assert verdicts(scans(kit((CUP, 2, 0)), "CUP", code, "CUP")) == ["counted", "parked", "parked"]


def test_a_code_of_two_products_that_are_both_open_waits_for_somebody_to_be_asked() -> None:
    told = scans(kit((CUP, 2, 0), (LAMP, 1, 0)), "SHARED", "CUP")
    assert verdicts(told) == ["parked", "parked"]
    assert [one.counted for one in told] == [None, None]


def test_a_code_of_two_products_counts_the_one_that_is_still_open() -> None:
    told = scans(kit((CUP, 2, 0), (LAMP, 1, 0)), "LAMP", "SHARED", "SHARED", "SHARED")
    assert verdicts(told) == ["counted", "counted", "complete", "parked"]
    assert [one.counted.item.sku for one in told if one.counted] == ["LAMP", "CUP", "CUP"]


def test_a_code_of_two_products_that_are_all_in_is_too_much() -> None:
    told = scans(kit((CUP, 1, 1), (LAMP, 1, 1), (ItemRef(3, "MUG", "Mug"), 1, 0)), "SHARED")
    assert verdicts(told) == ["too_many"]
    assert (told[0].product, told[0].over) == (1, 1)


def test_nothing_is_judged_after_the_lease() -> None:
    assert verdicts(scans(kit((CUP, 2, 0)), "CUP", at=NOW + timedelta(minutes=10))) == ["parked"]


@pytest.mark.parametrize(("weight", "verdict"), [(1510, "complete"), (2100, "counted")])
def test_a_weight_that_differs_closes_nothing(weight: int, verdict: str) -> None:
    told = scans(kit((CUP, 1, 0)), "CUP", "CUP", weight_g=weight)
    assert verdicts(told) == [verdict, "parked"]


def test_without_a_label_ahead_nothing_is_closed() -> None:
    assert verdicts(scans(replace(kit((CUP, 1, 0)), label_id=None), "CUP")) == ["counted"]


@given(st.lists(st.sampled_from(["CUP", "LAMP", "4006381333948", "PW-OK", "5901234123457", "PW-UNDO", "#1"])))
def test_no_line_is_ever_counted_beyond_what_is_wanted(codes: list[str]) -> None:
    one = kit((CUP, 3, 1), (LAMP, 2, 0))
    for told in scans(one, *codes):
        assert all(told.after.packed[line.line_id] <= line.required for line in one.work.lines)
        if told.verdict is Verdict.COMPLETE:
            assert sum(told.after.packed.values()) == one.work.required


def test_a_changed_order_is_not_judged() -> None:
    assert judge(kit((CUP, 1, 0)), InHand({1: 0}, clean=False), "CUP", None, NOW).verdict is Verdict.PARKED
