"""The office changes an order that is on a bench: the bench stops, is told what to do now, and goes on by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select, text

from app.domain.changed_work import ToDo
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Outcome, Place, Result
from app.domain.work import PackWork
from app.models.database import Database
from app.models.demand import OrderLine
from app.services import labels
from app.services.cancel import cancel_line
from app.services.check import violations
from app.services.orders import mend_address, set_service
from app.services.settings_store import FloorSettings, put_setting
from tests.services import floor_builders as floor
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench
from tests.services.machine_floor import Hand, next_pick, whole_bench


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


@pytest.fixture(autouse=True)
def clean_at_the_end(database: Database) -> Iterator[None]:
    yield
    assert database.read(violations) == []


def bench_of(database: Database, site: build.Site, name: str = "Ada", *, label_scan_back: bool = False) -> Bench:
    bench = whole_bench(database, site, name, Place.PACK)
    if label_scan_back:
        database.write(lambda s: put_setting(s, "label_scan_back", True))
    bench.settings = FloorSettings(label_scan_back=label_scan_back)
    return bench


def line_id(database: Database, sku: str) -> int:
    find = select(OrderLine.id).where(OrderLine.sku == sku)
    return database.read(lambda s: s.execute(find).scalar_one())


def office(
    database: Database, site: build.Site, deed: Callable[..., Outcome], *args: object, **named: object
) -> Outcome:
    return database.write(lambda s: deed(s, site.actor, *args, **named))


def feed(bench: Bench) -> Outcome | None:
    """What the station asks once the change feed names its order."""
    look = Gesture("feed", GestureKind.SCAN, "", bench.now)
    return bench.database.write(lambda s: bench.floor.interrupted(s, look, bench.settings, bench.now))


def to_do(outcome: Outcome | None) -> list[tuple[ToDo, str, int, int, str]]:
    assert outcome is not None
    assert isinstance(outcome.work, PackWork)
    assert outcome.work.changed is not None
    found = outcome.work.changed.to_do
    return [(one.kind, one.item.sku if one.item else "", one.quantity, one.done, one.place) for one in found]


def rows(database: Database, sql: str) -> list[tuple[object, ...]]:
    return database.read(lambda s: [tuple(row) for row in s.execute(text(sql))])


def tote_order(database: Database, site: build.Site, *lines: tuple[str, int]) -> str:
    """An order whose goods were picked into tote T-1."""
    number = packing.order_on_shelf(database, site, *lines)
    database.write(lambda s: floor.release(s, site, [1]))
    picker = whole_bench(database, site, "Pia", Place.PICK)
    hand = Hand(picker)
    picker.scans("PL-1", "T-1")
    while rows(database, "SELECT state FROM fulfillments") != [("picked",)]:
        picker.scan(next_pick(database, hand.work))
    return number


def test_a_unit_that_is_packed_is_scanned_back_into_its_tote(database: Database, site: build.Site) -> None:
    number = tote_order(database, site, ("CUP", 2), ("LAMP", 1))
    bench = bench_of(database, site)
    bench.scans(number, "CUP", "CUP")
    assert office(database, site, cancel_line, line_id(database, "CUP"), 1, "too many").code == "cancel.line_put_back"
    stopped = feed(bench)
    assert stopped is not None
    assert (stopped.result, stopped.code) == (Result.BLOCKED, "pack.changed")
    assert {key: stopped.values[key] for key in ("number", "who", "reason")} == {
        "number": number,
        "who": "Ines Falk",
        "reason": "too many",
    }
    assert to_do(stopped) == [(ToDo.TAKE_OUT, "CUP", 1, 0, "PARCEL-1-1")]
    wrong = bench.scan("LAMP")
    assert (wrong.code, wrong.values["what"]) == ("pack.changed_wrong.take_out", "CUP")
    assert bench.scan("PW-OK").code == "pack.changed_wrong.take_out"
    assert bench.scan("PW-CLOSE").code == "pack.changed_wrong.take_out"
    back = bench.scan("CUP")
    assert (back.result, back.code) == (Result.DONE, "pack.changed_done")
    tote, cup = site.places["T-1"], site.products["CUP"]
    lying = f"SELECT on_hand, allocated FROM stock_balances WHERE location_id = {tote} AND product_id = {cup}"
    assert rows(database, lying) == [(1, 0)]
    assert rows(database, f"SELECT quantity - done FROM put_back_tasks WHERE location_id = {tote}") == [(1,)]
    last = bench.scan("LAMP")
    assert last.code == "pack.complete"
    packing.carry_out(database, site, last)
    assert rows(database, "SELECT state FROM orders") == [("shipped",)]


def test_without_a_tote_the_shelf_is_scanned_after_the_unit(database: Database, site: build.Site) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 3))
    bench = bench_of(database, site)
    bench.scans(number, "CUP", "CUP")
    office(database, site, cancel_line, line_id(database, "CUP"), 2, "one will do")
    assert to_do(feed(bench)) == [
        (ToDo.TAKE_OUT, "CUP", 1, 0, "PARCEL-1-1"),
        (ToDo.LESS, "CUP", 1, 0, "A-01-1"),
    ]
    out = bench.scan("CUP")
    assert (out.code, out.blocks) == ("pack.changed_where", True)
    assert bench.scan("LAMP").code == "pack.changed_wrong.where"
    assert bench.scan("CAGE-1").code == "pack.changed_no_place"
    done = bench.scan("A-02-1")
    assert done.code == "pack.complete"  # what is left is all there: it seals by itself
    shelf = site.places["A-02-1"]
    assert rows(database, f"SELECT on_hand, allocated FROM stock_balances WHERE location_id = {shelf}") == [(1, 0)]
    slip = database.read(lambda s: labels.slip_of(s, 1))
    assert slip["lines"] == [{"sku": "CUP", "name": "Cup", "quantity": 1, "unit_price": 0}]


def test_a_change_without_anything_to_scan_only_wants_to_be_seen(database: Database, site: build.Site) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1), ("LAMP", 2))
    bench = bench_of(database, site)
    bench.scans(number, "CUP")
    office(database, site, cancel_line, line_id(database, "LAMP"), 1, "one will do")
    assert bench.scan("LAMP").code == "pack.changed"  # the scan came before the feed: nothing is counted
    assert bench.scan("LAMP").code == "pack.changed_wrong.seen"
    assert bench.scan("PW-OK").code == "pack.changed_done"
    assert bench.scan("LAMP").code == "pack.complete"


def test_a_new_address_before_the_label_is_seen_and_used(database: Database, site: build.Site) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2))
    bench = bench_of(database, site)
    bench.scans(number, "CUP")
    given = {"address1": "2 Hill Road", "city": "York", "postcode": "YO1 7HH"}
    assert office(database, site, mend_address, 1, given, reason="moved").code == "order.address_mended"
    stopped = feed(bench)
    assert to_do(stopped) == [(ToDo.ADDRESS, "", 0, 0, "")]
    assert bench.scan("PW-OK").code == "pack.changed_done"
    packing.carry_out(database, site, bench.scan("CUP"))
    (content,) = rows(database, "SELECT content FROM labels")
    assert "2 Hill Road" in str(content)


def test_a_label_with_the_old_address_is_voided_scanned_and_bought_anew(database: Database, site: build.Site) -> None:
    bench = bench_of(database, site, label_scan_back=True)
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    packing.carry_out(database, site, bench.scans(number, "CUP"))
    (old,) = rows(database, "SELECT tracking_number FROM labels")[0]
    outcome = office(database, site, mend_address, 1, {"address1": "2 Hill Road"}, reason="moved")
    assert (outcome.code, outcome.values["labels"]) == ("order.address_mended_label", 1)
    assert to_do(feed(bench)) == [(ToDo.LABEL, "", 1, 0, old), (ToDo.ADDRESS, "", 0, 0, "")]
    assert rows(database, "SELECT state FROM labels") == [("voiding",)]
    packing.carry_out(database, site, bench.scan("CUP"))  # wrong; meanwhile the carrier agrees, and sells another
    states = rows(database, "SELECT state, tracking_number FROM labels ORDER BY id")
    assert [state for state, _tracking in states] == ["voided", "printed"]
    new = str(states[1][1])
    assert bench.scan(new).code == "pack.changed_wrong.label"
    assert bench.scan(str(old)).code == "pack.changed_done"
    assert rows(database, "SELECT changed FROM fulfillments") in ([(False,)], [(0,)])
    assert bench.scan(new).code == "pack.label_applied"
    assert rows(database, "SELECT state FROM orders") == [("shipped",)]


def test_a_parcel_stays_while_the_paper_of_its_old_label_is_not_found(database: Database, site: build.Site) -> None:
    bench = bench_of(database, site, label_scan_back=True)
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    packing.carry_out(database, site, bench.scans(number, "CUP"))
    (old,) = rows(database, "SELECT tracking_number FROM labels")[0]
    bench.scan("PW-BACK")
    office(database, site, set_service, 1, "Express", reason="urgent")
    packing.carry_out(database, site, bench.scan("nonsense"))
    new = str(rows(database, "SELECT tracking_number FROM labels ORDER BY id DESC LIMIT 1")[0][0])
    assert rows(database, "SELECT service FROM labels ORDER BY id DESC LIMIT 1") == [("Express",)]
    bench.scan(new)
    assert rows(database, "SELECT state FROM orders") == [("in_fulfillment",)]
    bench.scan(str(old))
    assert rows(database, "SELECT state FROM orders") == [("shipped",)]


def test_who_opens_a_changed_order_hears_of_it_first(database: Database, site: build.Site) -> None:
    number = tote_order(database, site, ("CUP", 2), ("LAMP", 1))
    office(database, site, cancel_line, line_id(database, "CUP"), 1, "one will do")
    bench = bench_of(database, site)
    opened = bench.scan(number)
    assert (opened.result, opened.code, opened.blocks) == (Result.NAVIGATE, "pack.changed", True)
    assert to_do(opened) == [(ToDo.LEAVE, "CUP", 1, 0, "T-1")]
    assert bench.scan("PW-OK").code == "pack.changed_done"
    assert [bench.scan(code).code for code in ("CUP", "LAMP")] == ["pack.counted", "pack.complete"]


def test_a_bench_that_can_not_do_it_puts_the_order_aside(database: Database, site: build.Site) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 3))
    bench = bench_of(database, site)
    bench.scans(number, "CUP", "CUP")
    office(database, site, cancel_line, line_id(database, "CUP"), 2, "one will do")
    assert bench.scan("CUP").code == "pack.changed"
    assert bench.scan("PW-ASIDE").code == "pack.put_aside"
    assert bench.work_kind == ""
    assert bench.scans(number, "CUP", "A-01-1").code == "stock_desk.all_put_back"
    assert bench.scans(number, "PW-CLOSE").code == "pack.complete"


def test_two_people_can_not_overwrite_each_other(database: Database, site: build.Site) -> None:
    packing.order_on_shelf(database, site, ("CUP", 3))
    assert office(database, site, set_service, 1, "Express", seen=0).code == "order.service_set"
    late = office(database, site, mend_address, 1, {"city": "York"}, seen=0)
    assert (late.code, late.values["who"]) == ("edit.changed_meanwhile_by", "Ines Falk")
    assert office(database, site, cancel_line, 1, 1, "x", seen=0).code == "edit.changed_meanwhile_by"
    assert office(database, site, cancel_line, 1, 1, "x", seen=1).code == "cancel.line"
