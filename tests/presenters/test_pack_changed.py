"""What a bench shows while it stands still for a change: from real answers of a real bench."""

from __future__ import annotations

import pytest

from app.domain.outcomes import Outcome
from app.models.database import Database
from app.presenters.pack import pack_state
from app.presenters.pack_around import Surroundings
from app.presenters.pack_model import PackModel, after
from app.presenters.state import pack
from app.presenters.state.parts import Family, Stage
from app.services.cancel import cancel_line, cancel_order
from app.services.edit_lines import edit_lines
from app.services.orders import mend_address
from tests.presenters.pack_samples import UTC_ZONE
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench
from tests.services.test_bench_changes import bench_of, feed, line_id, office, tote_order
from tests.services.test_edit_lines import LineWish, NewLine


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


class Screen:
    """The model of a bench and what is drawn of it."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.model = bench, PackModel()

    def take(self, outcome: Outcome | None) -> pack.Pack:
        assert outcome is not None
        self.model = after(self.model, outcome, self.bench.now)
        return self.shown

    @property
    def shown(self) -> pack.Pack:
        return pack_state(self.model, Surroundings(self.bench.now, UTC_ZONE))

    def scans(self, *codes: str) -> pack.Pack:
        return [self.take(self.bench.scan(code)) for code in codes][-1]


def told(shown: pack.Pack) -> tuple[str, str, list[tuple[str, str, str]], list[tuple[str, str, Stage]]]:
    assert isinstance(shown.body, pack.Stopped)
    rows = [(row.name, row.sku, row.remaining) for row in shown.body.lines.rows]
    steps = [(step.title, step.detail, step.stage) for step in shown.body.steps]
    return shown.banner.order, shown.banner.detail, rows, steps


def test_a_unit_to_take_out_is_asked_for_until_it_is_scanned(database: Database, site: build.Site) -> None:
    number = tote_order(database, site, ("CUP", 2), ("LAMP", 1))
    screen = Screen(bench_of(database, site))
    screen.scans(number, "CUP", "CUP")
    office(database, site, cancel_line, line_id(database, "CUP"), 2, "rang")
    first = screen.take(feed(screen.bench))
    assert told(first) == (
        "Stop. #1000 was changed.",
        "Ines Falk, 09:00: “rang”",
        [("Cup", "CUP", "0 of 2")],
        [("Take 2 out of the parcel", "Scan each one; it goes into T-1", Stage.NOW)],
    )
    assert (first.banner.blocking, first.banner.family, first.frame) == (True, Family.WRONG, Family.WRONG)
    assert first.ack is None
    assert [command.code for command in first.commands.commands] == ["PW-ASIDE"]
    wrong = screen.scans("LAMP")
    assert told(wrong)[:2] == ("Not LAMP: take out CUP", "Take out CUP and scan it")
    one = screen.scans("CUP")
    assert told(one)[0] == "Stop. #1000 was changed."
    assert told(one)[2:] == (
        [("Cup", "CUP", "1 of 2")],
        [("Take 1 out of the parcel", "Scan each one; it goes into T-1", Stage.NOW)],
    )
    on = screen.scans("CUP")
    assert isinstance(on.body, pack.Packing)
    assert (screen.model.counted, screen.model.recent_line) == (None, None)  # nothing says that cups were counted
    assert (screen.model.block, screen.model.work is not None and screen.model.work.packed) == (None, 0)
    assert isinstance(screen.scans("LAMP").body, pack.Complete)


def test_a_swap_at_the_bench_shows_both_and_the_shelf(database: Database, site: build.Site) -> None:
    database.write(lambda s: build.stock(s, site, "SOAP", "B-01-1", 3))
    number = packing.order_on_shelf(database, site, ("CUP", 1), ("LAMP", 1))
    screen = Screen(bench_of(database, site))
    screen.scans(number, "CUP")
    lines = [LineWish(line_id(database, "CUP"), 0)]
    soap = [NewLine(site.products["SOAP"], 2)]
    office(database, site, edit_lines, 1, lines, soap, "swapped")
    _words, _detail, rows, steps = told(screen.take(feed(screen.bench)))
    assert rows == [("Cup", "CUP", "0 of 1"), ("Soap: more", "SOAP", "2")]
    assert steps == [
        ("Take 1 out of the parcel", "Scan each one, then its shelf", Stage.NOW),
        ("2 more of SOAP", "Take it from B-01-1", Stage.LATER),
    ]
    out = screen.scans("CUP")
    assert told(out)[0] == "Now scan the shelf that you put it on"
    assert isinstance(screen.scans("A-02-1").body, pack.Packing)


def test_a_new_address_wants_to_be_seen(database: Database, site: build.Site) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2))
    screen = Screen(bench_of(database, site))
    screen.scans(number, "CUP")
    office(database, site, mend_address, 1, {"city": "York", "postcode": "YO1 7HH"}, reason="moved")
    shown = screen.take(feed(screen.bench))
    assert told(shown)[2:] == (
        [("Another address", "Ada Stone, York YO1 7HH, GB", "")],
        [("It goes to another address", "Ada Stone, York YO1 7HH, GB", Stage.NOW)],
    )
    assert shown.ack is not None
    assert shown.ack.order == "Seen? Then go on."
    assert told(screen.scans("CUP"))[0] == "Not CUP: scan the OK card first"
    assert isinstance(screen.scans("PW-OK").body, pack.Packing)


def test_a_void_label_is_asked_for_where_its_parcel_is(database: Database, site: build.Site) -> None:
    screen = Screen(bench_of(database, site, label_scan_back=True))
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    complete = [screen.bench.scan(code) for code in (number, "CUP")]
    for outcome in complete:
        screen.take(outcome)
    packing.carry_out(database, site, complete[-1])
    office(database, site, mend_address, 1, {"address1": "2 Hill Road"}, reason="moved")
    shown = screen.take(feed(screen.bench))
    assert told(shown)[3][0] == (
        "The label is void: scan its paper",
        "PWD0000000017. The new one comes out by itself.",
        Stage.NOW,
    )
    assert screen.scans("PWD0000000017").banner.blocking is False


def test_what_is_put_aside_is_not_shown_any_more(database: Database, site: build.Site) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 3))
    screen = Screen(bench_of(database, site))
    screen.scans(number, "CUP", "CUP")
    office(database, site, cancel_line, line_id(database, "CUP"), 2, "one will do")
    screen.take(feed(screen.bench))
    assert isinstance(screen.scans("PW-ASIDE").body, pack.Idle)
    assert screen.model.block is None


def test_a_cancelled_order_shows_what_goes_back_and_who_said_so(database: Database, site: build.Site) -> None:
    number = tote_order(database, site, ("CUP", 2), ("LAMP", 1))
    screen = Screen(bench_of(database, site))
    screen.scans(number, "CUP")
    office(database, site, cancel_order, 1, "Ordered twice")
    shown = screen.take(feed(screen.bench))
    assert told(shown) == (
        "Stop. #1000 is cancelled.",
        "Ines Falk, 09:00: “Ordered twice”",
        [("Cup", "CUP", "0 of 1"), ("Cup: stays in the tote", "CUP", "1"), ("Lamp: stays in the tote", "LAMP", "1")],
        [
            ("Take 1 out of the parcel", "Then scan #1000: each goes back to a shelf", Stage.NOW),
            ("Scan tote T-1 after that", "What lies in it is put back too", Stage.LATER),
        ],
    )
    assert shown.ack is not None
    assert shown.ack.order == "Seen? Then take the items out."
    assert isinstance(screen.scans("PW-OK").body, pack.Idle)
    assert screen.bench.scans(number, "CUP", "A-01-1").code == "stock_desk.all_put_back"
    assert screen.bench.scans("T-1", "CUP", "A-01-1", "LAMP", "A-01-1").code == "stock_desk.all_put_back"
