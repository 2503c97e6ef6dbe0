"""What is counted reads right for one, too."""

from __future__ import annotations

import string

import pytest

from app.commands.opening import stock_promised
from app.domain.outcomes import Outcome, Result, Sound
from app.domain.words import COUNTS, catalogue, say, say_count
from app.presenters.notices import notice_of


@pytest.mark.parametrize(
    ("allocated", "backordered", "sentence"),
    [
        (0, 0, "0 orders have their stock, 0 wait for some."),
        (1, 1, "1 order has its stock, 1 waits for some."),
        (1, 2, "1 order has its stock, 2 wait for some."),
        (2, 1, "2 orders have their stock, 1 waits for some."),
    ],
)
def test_orders_with_and_without_stock_are_counted_each_by_itself(
    allocated: int, backordered: int, sentence: str
) -> None:
    assert stock_promised(allocated, backordered) == sentence


@pytest.mark.parametrize(
    ("key", "values", "one", "two"),
    [
        ("returns.units_left", {"count": 0}, "1 unit is still to decide", "2 units are still to decide"),
        ("pick.stops_left", {"count": 0}, "1 stop is left", "2 stops are left"),
        ("pick.done", {"code": "PL-7", "units": 0}, "PL-7 is done: 1 unit picked", "PL-7 is done: 2 units picked"),
        (
            "hand_over.truck",
            {"cage": "CAGE-A", "parcels": 0},
            "1 parcel of CAGE-A is on the truck",
            "2 parcels of CAGE-A are on the truck",
        ),
        ("time.days", {"days": 0}, "1 day", "2 days"),
        ("pack.still_picking.do", {"stops": 0}, "1 stop is left on its walk.", "2 stops are left on its walk."),
        ("lamp.unsent.some", {"count": 0}, "1 scan kept here", "2 scans kept here"),
    ],
)
def test_an_answer_says_one_in_the_singular(key: str, values: dict[str, object], one: str, two: str) -> None:
    counted = next(name for name in COUNTS if name in values)
    assert [say(key, **{**values, counted: n}) for n in (1, 2)] == [one, two]
    assert say(key, **{**values, counted: "1"}) == one  # a number that was written out already


def test_a_sentence_without_a_singular_is_the_same_for_one() -> None:
    assert say_count("devices_screen.log.count", 1) == "1 kept"


def test_a_notice_of_an_answer_is_in_the_singular_too() -> None:
    told = Outcome(Result.DONE, "transfer.sent", Sound.ACCEPTED, {"transfer": "TR-1", "target": "WEST", "units": 1})
    assert notice_of(told).words == "TR-1 is on its way to WEST: 1 unit"


def test_a_singular_fills_no_place_that_its_sentence_does_not() -> None:
    for key, sentence in catalogue().items():
        if key.endswith(".one"):
            assert _places(sentence) <= _places(catalogue()[key.removesuffix(".one")]), key


def _places(sentence: str) -> set[str]:
    return {name for _words, name, _spec, _conversion in string.Formatter().parse(sentence) if name}
