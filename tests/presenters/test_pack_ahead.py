"""The Pack screen while the database is away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.outcomes import Outcome, Result, Sound, blocked
from app.domain.work import ItemRef, LineCounted, OrderHead, PackLine, PackWork
from app.presenters import pack_ahead
from app.presenters.pack_model import PackModel, after
from app.presenters.state.parts import Family

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CUP = ItemRef(1, "CUP", "Cup")
HEAD = OrderHead(7, "#1042", ("Ada Stone",), "Ada Stone, Leeds", "standard", NOW)
MODEL = PackModel(work=PackWork(5, HEAD, (PackLine(1, CUP, 2, 0),), ()))


def told(code: str, result: Result = Result.DONE, **values: int | str) -> Outcome:
    return Outcome(result, code, Sound.NONE, {"number": "#1042", **values})


def test_what_the_bench_counts_itself_is_shown_with_how_many_scans_wait() -> None:
    counted = LineCounted(1, CUP, 2, 1, 0, 1, 2, 1)
    outcome = Outcome(Result.DONE, "pack.counted_ahead", Sound.ACCEPTED, {"kept": 2}, delta=counted)
    model = after(MODEL, outcome, NOW)
    assert model.work is not None
    assert model.work.lines[0].packed == 1
    assert model.said is outcome
    banner = pack_ahead.banner(outcome, None)
    assert (banner.order, banner.family) == ("Scan the next item", Family.WARN)
    assert banner.detail == "The database is away; go on with this order. 2 scans are kept here."


@pytest.mark.parametrize(
    ("outcome", "order", "family"),
    [
        (told("pack.complete_ahead", kept=1), "Order #1042 is packed", Family.OK),
        (told("pack.label_printed_ahead"), "Put the label on order #1042", Family.OK),
        (told("pack.parked", Result.REFUSED, kept=1), "This waits for the database", Family.WARN),
        (
            told("pack.label_not_printed_ahead", Result.REFUSED, reason="no paper"),
            "The label of order #1042 did not come out", Family.WARN,
        ),
        (
            told("pack.label_void_ahead", Result.REFUSED, tracking="PWD1", reason="cancelled"),
            "Do not send the parcel with label PWD1", Family.WRONG,
        ),
    ],
)  # fmt: skip
def test_each_thing_that_it_says_has_its_words_and_colour(outcome: Outcome, order: str, family: Family) -> None:
    banner = pack_ahead.banner(outcome, None)
    assert (banner.order, banner.family) == (order, family)
    assert "{" not in banner.detail
    assert after(MODEL, outcome, NOW).said is outcome


def test_what_blocks_is_acknowledged_here_too() -> None:
    model = after(MODEL, blocked("pack.wrong_ahead", number="#1042"), NOW)
    assert model.block is not None
    assert after(model, told("pack.go_on_ahead"), NOW).block is None
