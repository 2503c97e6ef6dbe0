"""When an order must leave, what its money means, and how its lines changed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.capture import CapturedLine, CapturedOrder, Financial, Totals
from app.domain.deadlines import next_cut_off, read_cut_off
from app.domain.line_changes import StoredLine, line_changes
from app.domain.order_payments import Money, money_of
from app.domain.storable import sku_key, storable

HALF_PAST_FOUR = time(16, 30)


@pytest.mark.parametrize(
    ("now", "zone", "leaves"),
    [
        (datetime(2026, 1, 5, 9, tzinfo=UTC), "Europe/London", datetime(2026, 1, 5, 16, 30, tzinfo=UTC)),
        (datetime(2026, 1, 5, 16, 30, tzinfo=UTC), "Europe/London", datetime(2026, 1, 6, 16, 30, tzinfo=UTC)),
        (datetime(2026, 7, 5, 15, tzinfo=UTC), "Europe/London", datetime(2026, 7, 5, 15, 30, tzinfo=UTC)),
        (datetime(2026, 7, 5, 15, 31, tzinfo=UTC), "Europe/Warsaw", datetime(2026, 7, 6, 14, 30, tzinfo=UTC)),
        (datetime(2026, 3, 28, 18, tzinfo=UTC), "Europe/London", datetime(2026, 3, 29, 15, 30, tzinfo=UTC)),
        (datetime(2026, 1, 5, 2, tzinfo=UTC), "America/New_York", datetime(2026, 1, 5, 21, 30, tzinfo=UTC)),
    ],
)
def test_the_next_cut_off_is_by_the_clocks_of_the_zone(now: datetime, zone: str, leaves: datetime) -> None:
    assert next_cut_off(now, zone, HALF_PAST_FOUR) == leaves


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)),
    st.sampled_from(["Europe/London", "Pacific/Apia", "Asia/Kolkata"]),
    st.times(),
)
def test_the_next_cut_off_is_ahead_and_within_about_a_day(now: datetime, zone: str, cut_off: time) -> None:
    moment = now.replace(tzinfo=UTC)
    ahead = next_cut_off(moment, zone, cut_off.replace(microsecond=0)) - moment
    assert timedelta(hours=-1) <= ahead <= timedelta(hours=50)


@pytest.mark.parametrize(
    ("text", "at"), [("16:30", time(16, 30)), (" 7:05 ", time(7, 5)), ("²:0", HALF_PAST_FOUR), ("", HALF_PAST_FOUR)]
)
def test_a_cut_off_is_read_or_the_usual_one(text: str, at: time) -> None:
    assert read_cut_off(text) == at


def order(financial: Financial, total: int | None = 1000, refunded: int | None = None) -> CapturedOrder:
    lines = (CapturedLine("A", "a", 2, unit_price=300),)
    return CapturedOrder("x", "1", None, lines, financial=financial, totals=Totals(total=total, refunded=refunded))


@pytest.mark.parametrize(
    ("told", "money"),
    [
        (order(Financial.NOT_REPORTED), Money(captured=1000)),
        (order(Financial.NOT_REPORTED, None), Money(captured=600)),
        (order(Financial.PAID), Money(captured=1000)),
        (order(Financial.PENDING), Money()),
        (order(Financial.PARTIALLY_PAID), Money()),
        (order(Financial.AUTHORIZED), Money(authorized=1000)),
        (order(Financial.REFUNDED, 1000, 1000), Money(captured=1000, refunded=1000)),
        (order(Financial.REFUNDED, 1000), Money(captured=1000, refunded=1000)),
        (order(Financial.PARTIALLY_REFUNDED, 1000, 250), Money(captured=1000, refunded=250)),
        (order(Financial.PARTIALLY_REFUNDED, 100, 250), Money(captured=250, refunded=250)),
        (order(Financial.VOIDED, 1000, 0), Money()),
    ],
)
def test_what_the_channel_says_of_the_money(told: CapturedOrder, money: Money) -> None:
    assert money_of(told) == money


def stored(line_id: int, sku: str, quantity: int, ref: str = "", cancelled: int = 0, shipped: int = 0) -> StoredLine:
    return StoredLine(line_id, ref, sku, sku, quantity, cancelled, 0, 0, shipped)


def told(sku: str, quantity: int, ref: str = "", elsewhere: int = 0) -> CapturedLine:
    return CapturedLine(sku, sku, quantity, line_ref=ref, elsewhere=elsewhere)


def test_lines_are_paired_by_reference_else_by_sku_in_order() -> None:
    changes = line_changes(
        [stored(1, "A", 2), stored(2, "A", 3), stored(3, "B", 1, "r9"), stored(4, "C", 1)],
        [told("a ", 2), told("A", 4), told("B2", 1, "r9"), told("D", 1)],
    )
    assert [(c.stored.line_id if c.stored else None, c.place, c.difference, c.other_goods) for c in changes] == [
        (1, 0, 0, False),
        (2, 1, 1, False),
        (3, 2, 0, True),
        (None, 3, 1, False),
        (4, -1, -1, False),
    ]


def test_what_was_cancelled_here_stays_cancelled() -> None:
    (change,) = line_changes([stored(1, "A", 5, cancelled=2)], [told("A", 6)])
    assert (change.due, change.difference) == (4, 1)


def test_what_the_channel_reports_as_gone_and_we_have_shipped_is_no_change() -> None:
    (same,) = line_changes([stored(1, "A", 5, shipped=5)], [told("A", 5, elsewhere=5)])
    (less,) = line_changes([stored(1, "A", 5, shipped=2)], [told("A", 5, elsewhere=5)])
    assert (same.settled, less.settled) == (True, False)


@given(st.text(max_size=200), st.integers(2, 50))
def test_any_text_becomes_storable(text: str, longest: int) -> None:
    kept = storable(text, longest)
    kept.encode("utf-8")
    assert "\0" not in kept
    assert len(kept) <= longest
    assert storable(kept, longest) == kept


def test_skus_match_without_case_and_outer_blanks() -> None:
    assert sku_key(" 85123a ") == "85123A"
