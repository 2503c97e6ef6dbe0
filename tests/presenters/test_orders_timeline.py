"""The time line in words: every kind of happening has its sentence, with all that it tells filled in."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.domain.words import catalogue
from app.presenters.orders_timeline import as_text, detail, row, title
from app.presenters.state.parts import Family
from app.queries.timeline import TOLD_OTHERWISE, Happening, Place
from app.queries.timeline_sources import SOURCES
from tests.builders import NOW

LONDON = ZoneInfo("Europe/London")
SERVICES = Path(__file__).resolve().parents[2] / "app" / "services"
RECORDED = re.compile(r'record\(\s*[\w.]+,\s*[\w.]+,\s*"([a-z_.]+)",\s*"(?:order|fulfillment|package)"')


def happened(kind: str, a: str = "", b: str = "", c: str = "", n: int = 0, who: str = "Anna Lindqvist") -> Happening:
    return Happening(kind, NOW, who, "Bench 4", a, b, c, n, Place(0, 0, 0, ""))


def test_each_action_of_services_on_an_order_has_its_sentence() -> None:
    actions = {
        action for path in SERVICES.rglob("*.py") for action in RECORDED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(actions) > 10
    silent = {one for one in actions - TOLD_OTHERWISE if f"timeline.audit.{one}" not in catalogue()}
    assert silent == set()


@pytest.mark.parametrize("kind", sorted({source.kind for source in SOURCES} | {"refused"}))
def test_each_kind_has_words(kind: str) -> None:
    some = {"held": "office", "lifted": "office", "noted": "packer", "sourced": "sourcing.why.only", "sealed": "450"}
    one = happened(kind, some.get(kind, "captured"), '{"number": "#1"}' if kind == "audit" else "GBP", "C", 2)
    words = title(one)
    assert not words.startswith("timeline."), words
    assert "{" not in words + detail(one)


@pytest.mark.parametrize(
    ("one", "words", "more"),
    [
        (happened("captured", "Shopify", "#1"), "Taken in from Shopify", ""),
        (happened("payment", "captured", "GBP", n=1250), "Paid: 12.50\u00a0GBP", ""),
        (happened("refunded", "settled", n=1698), "Refunded: 16.98", ""),
        (happened("payment", "captured", "GBP", "merged", n=1250),
         "12.50\u00a0GBP came over from an order that goes along", ""),
        (happened("payment", "captured", "GBP", "merged", n=-1250),
         "12.50\u00a0GBP went over to the order that this one goes along with", ""),
        (happened("payment", "refunded", "GBP", n=100), "The channel paid back 1.00\u00a0GBP", ""),
        (happened("held", "stock", "HEART 2"), "Held: stock", "2 × HEART"),
        (happened("lifted", "address", "verified", who=""), "Hold lifted: address", "Its cause is gone"),
        (happened("lifted", "office", "Checked"), "Hold lifted: office", "Checked"),
        (happened("allocated", "Ashford", "released", n=1), "Promised from Ashford, 1 unit now", ""),
        (happened("allocated", "Ashford", "cancelled"), "Promised from Ashford", ""),
        (
            happened("sourced", "sourcing.why.nearest", '{"km": 12, "had": 3, "wanted": 3, "given": 3}', "Ashford"),
            "Why Ashford",
            "Nearest: 12 km. Ashford had 3 of 3 and sends 3.",
        ),
        (
            happened("sourced", "sourcing.why.only", '{"had": 1, "wanted": 1, "given": 1}', "Leeds", 7),
            "Re-routed to Leeds",
            "Nobody else had any. Leeds had 1 of 1 and sends 1.",
        ),
        (happened("picked", "HEART RED", "A-01", "T-0117", 2), "Picked 2 × HEART RED", "from A-01 into T-0117"),
        (
            happened("short", "HEART RED", "A-01", "empty", 1),
            "Short: 1 × HEART RED not found",
            "at A-01, shelf is empty",
        ),
        (happened("sealed", "1794", "sealed", n=2), "Parcel 2 sealed", "1\u00a0794 g"),
        (happened("printed", "shipping-label", "", "tcp://10.0.0.5:9100", 1), "Printed: Shipping label", ""),
        (happened("left", "pack.put_aside", '{"values": {"reason": "damaged"}}'), "Put aside", "Item damaged"),
        (happened("noted", "packer", "Wrap it", n=1), "Note, packer, must be read", "Wrap it"),
        (happened("noted", "channel", "Gift for Bob"), "The channel changed its note. Before", "Gift for Bob"),
        (
            happened("refused", "pack.wrong_item", '{"values": {"sku": "LAMP"}}', "5012345678900"),
            "Refused: Wrong item. Put it aside.",
            "scanned 5012345678900",
        ),
        (happened("audit", "order.priority", '{"priority": 1}'), "Priority changed to 1", ""),
        (happened("audit", "order.cancelled", '{"reason": "asked to"}'), "Cancelled", "asked to"),
        (
            happened("audit", "order.merged", '{"number": "#7", "reason": "one parcel"}'),
            "Order #7 was merged into it",
            "one parcel",
        ),
        (happened("audit", "parcel.in_cage", '{"cage": "CAGE-2"}'), "Put into cage CAGE-2", ""),
        (happened("audit", "somebody.did_this", "{}"), "Changed", "somebody.did_this"),
        (happened("audit", "order.priority", "not json"), "Changed", ""),
    ],
)  # fmt: skip
def test_the_words(one: Happening, words: str, more: str) -> None:
    assert (title(one), detail(one)) == (words, more)


def test_a_row_tells_time_who_and_where() -> None:
    made = row(happened("refused", "pack.wrong_item", "{}", "X"), LONDON)
    assert [(cell.words, cell.second) for cell in made.cells] == [
        ("09:00:00", "Mon 2 Mar 2026"),
        ("Refused: Wrong item. Put it aside.", "scanned X"),
        ("Anna Lindqvist", "Bench 4"),
    ]
    assert made.cells[1].family is Family.WRONG
    assert row(happened("captured", "Shopify", who=""), LONDON).cells[2].words == "by itself"


def test_times_of_the_text_are_those_of_the_warehouse() -> None:
    text = as_text("#1", "Shop", [happened("captured", "Shop")], ZoneInfo("America/New_York"), cut=True).splitlines()
    assert text == [
        "Order #1, Shop. Times of America/New_York, newest first.",
        "",
        "2026-03-02 04:00:00-05:00\tTaken in from Shop\t\tAnna Lindqvist\tBench 4",
        "Older entries are left out: there are more than 1.",
    ]
