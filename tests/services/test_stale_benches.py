"""A bench that has something open which others finished, took or cancelled meanwhile: it may not touch it any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.gesture import GestureKind
from app.domain.outcomes import Outcome, Place, Result
from app.models.database import Database
from app.services.cancel import cancel_line, cancel_order
from app.services.receive import receive
from app.services.settings_store import FloorSettings, put_setting
from tests.services import floor_builders as floor
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench
from tests.services.machine_floor import whole_bench

LATER = timedelta(hours=1)


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def facts(database: Database) -> list[tuple[object, ...]]:
    """All states, and what lies where."""
    statements = (
        "SELECT state, exception_reason FROM fulfillments ORDER BY id",
        "SELECT state, weight_g FROM packages ORDER BY id",
        "SELECT state FROM labels ORDER BY id",
        "SELECT state FROM orders ORDER BY id",
        "SELECT product_id, location_id, on_hand, allocated FROM stock_balances ORDER BY id",
        "SELECT state, picked, short FROM pick_tasks ORDER BY id",
        "SELECT slot, tote_id FROM pick_list_slots ORDER BY id",
        "SELECT tote_id, closed_at FROM tote_uses ORDER BY id",
        "SELECT kind, ref_id FROM claims ORDER BY id",
    )
    return database.read(lambda s: [tuple(row) for sql in statements for row in s.execute(text(sql))])


def does(bench: Bench, deeds: tuple[str, ...]) -> list[Outcome]:
    """Scans, and typed texts that begin with a colon."""
    return [bench.type(deed[1:]) if deed.startswith(":") else bench.scan(deed) for deed in deeds]


ANY_DEED = (
    ("PW-OK", "PW-OK"),
    ("PW-CLOSE",),
    ("PW-PARCEL",),
    ("PW-ASIDE", "PW-1"),
    ("PW-ASIDE", ":broken"),
    ("PW-MISSING",),
    ("PW-UNDO",),
    ("PW-WEIGH", "PW-5", "PW-OK"),
    ("PW-WEIGH", ":500"),
    ("PW-BACK",),
    ("CUP",),
)


@pytest.mark.parametrize("deeds", ANY_DEED, ids="+".join)
def test_a_bench_left_open_changes_nothing_of_an_order_that_another_bench_shipped(
    database: Database, site: build.Site, deeds: tuple[str, ...]
) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2))
    left, other = whole_bench(database, site, "Ada", Place.PACK), whole_bench(database, site, "Bob", Place.PACK)
    left.scans(number, "CUP")
    other.now += LATER
    packing.carry_out(database, site, other.scans(number, "CUP"))
    before = facts(database)
    left.now += 2 * LATER
    answers = does(left, deeds)
    assert facts(database) == before
    assert left.work_kind == ""
    assert answers[0].code == ("pack.left" if deeds == ("PW-BACK",) else "pack.finished_elsewhere")


@pytest.mark.parametrize("deeds", ANY_DEED, ids="+".join)
def test_a_bench_whose_last_parcel_was_cancelled_under_it_seals_nothing(
    database: Database, site: build.Site, deeds: tuple[str, ...]
) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1), ("LAMP", 2))
    bench = whole_bench(database, site, "Ada", Place.PACK)
    bench.scans(number, "CUP")
    packing.carry_out(database, site, bench.scan("PW-PARCEL"))
    assert [bench.scan(code).code for code in ("LAMP", "PW-UNDO")] == ["pack.counted", "pack.undone"]
    lamp = database.read(lambda s: s.execute(text("SELECT MAX(id) FROM order_lines")).scalar_one())
    cancelled = database.write(lambda s: cancel_line(s, site.actor, lamp, 2, "not wanted"))
    assert cancelled.code == "cancel.line"
    assert facts(database)[0:3] == [("shipped", ""), ("handed_over", None), ("void", None)]
    before = facts(database)
    does(bench, deeds)
    assert facts(database) == before


def test_a_parked_order_is_resumed_by_scanning_it_not_by_a_bench_that_was_left_open(
    database: Database, site: build.Site
) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2))
    left, other = whole_bench(database, site, "Ada", Place.PACK), whole_bench(database, site, "Bob", Place.PACK)
    left.scans(number, "CUP")
    other.now += LATER
    other.scans(number, "PW-ASIDE", "PW-2")
    left.now += 2 * LATER
    assert left.scan("CUP").code == "pack.finished_elsewhere"
    left.scan("PW-OK")
    assert left.scan(number).code == "pack.resumed"


def test_what_was_cancelled_out_of_a_parcel_is_not_undone(database: Database, site: build.Site) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2), ("LAMP", 1))
    bench = whole_bench(database, site, "Ada", Place.PACK)
    bench.scans(number, "CUP", "CUP")
    cup = database.read(lambda s: s.execute(text("SELECT MIN(id) FROM order_lines")).scalar_one())
    assert database.write(lambda s: cancel_line(s, site.actor, cup, 2, "not wanted")).code == "cancel.line_put_back"
    codes = [bench.scan(code).code for code in ("PW-UNDO", "LAMP", "CUP", "A-01-1", "CUP", "A-01-1")]
    assert codes[:2] == ["pack.changed", "pack.changed_wrong.take_out"]
    assert codes[2:] == ["pack.changed_where", "pack.changed", "pack.changed_where", "pack.changed_done"]
    answer = bench.scan("PW-UNDO")
    assert (answer.result, answer.code) == (Result.REFUSED, "pack.nothing_to_undo")


def a_walk(session: Session, site: build.Site) -> int:
    build.stock(session, site, "CUP", "A-01-1", 5)
    order = build.add_order(session, site, [("CUP", 2)])
    return floor.release(session, site, [floor.promise_all(session, site, order.id)])


@pytest.mark.parametrize("before", [(), ("T-1",), ("T-1", "A-01-1", "CUP")], ids=len)
@pytest.mark.parametrize("deed", ["T-2", "CUP", "PW-UNDO", "PW-SHORT", "PW-SKIP", "PW-END", "A-01-1"])
def test_a_picker_left_behind_changes_nothing_of_a_walk_that_another_ended(
    database: Database, site: build.Site, before: tuple[str, ...], deed: str
) -> None:
    walk = f"PL-{database.write(lambda s: a_walk(s, site)):04}"
    left, other = whole_bench(database, site, "Ada", Place.PICK), whole_bench(database, site, "Bob", Place.PICK)
    does(left, (walk, *before))
    other.now += LATER
    rest = (() if before else ("T-1",)) + ("A-01-1", "CUP") + (() if len(before) == 3 else ("CUP",))
    assert does(other, (walk, *rest))[-1].code == "pick.done"
    ended = facts(database)
    left.now += 2 * LATER
    assert left.scan(deed).code == "pick.list_over"
    assert facts(database) == ended
    assert left.work_kind == ""


BAD = (
    "\0", "A\0B", "\ud800", "x\udfff", "T-" + "A" * 100, "T-" + "A" * 5000, "x" * 100_000, "OP-\0", "T-\ud800X",
    "'; DROP TABLE orders; --", "%", "_", "*", '"', "²", "F-²", "P-٣", "PL-99999999999999999999", "F-999999999999999",
    "]C1", "(01)09506000134352(37)99999999", "PW-²", "\u202e", "0" * 20, "\x1d" * 40,
)  # fmt: skip
OPENINGS = ((), ("#1000",), ("PL-0001",), ("PL-0001", "T-1"), ("PW-MOVE",), ("PW-RECV",), ("PW-COUNT", "A-01-1"))


@pytest.mark.parametrize("opening", OPENINGS, ids=" ".join)
def test_nothing_that_is_scanned_or_typed_is_a_fault(
    database: Database, site: build.Site, opening: tuple[str, ...]
) -> None:
    packing.order_on_shelf(database, site, ("LAMP", 2))
    database.write(lambda s: a_walk(s, site))
    bench = whole_bench(database, site, "Ada", Place.PACK)
    does(bench, opening)
    for raw in BAD:
        for kind in GestureKind:
            for _ in range(2):
                bench.do(kind, raw)  # each is stored as one gesture and has its sentence, or this raises
            bench.scan("PW-OK")


@pytest.mark.parametrize("leaves", [("PW-BACK",), ("PW-ASIDE",), ("PW-OUT",)], ids="".join)
@pytest.mark.parametrize("parcels", [1, 2])
def test_a_label_is_still_scanned_on_its_box_after_the_bench_was_left(
    database: Database, site: build.Site, leaves: tuple[str, ...], parcels: int
) -> None:
    database.write(lambda s: put_setting(s, "label_scan_back", True))
    number = packing.order_on_shelf(database, site, ("CUP", parcels))
    bench = whole_bench(database, site, "Ada", Place.PACK)
    bench.settings = FloorSettings(label_scan_back=True)
    packing.carry_out(database, site, bench.scans(number, "CUP", *(["PW-PARCEL"] if parcels == 2 else [])))
    if parcels == 2:
        assert bench.scan("PWD0000000017").code == "pack.label_applied"
        packing.carry_out(database, site, bench.scan("CUP"))
    assert facts(database)[0] == ("packed", "")
    does(bench, leaves)
    tracking = database.read(lambda s: s.execute(text("SELECT MAX(tracking_number) FROM labels")).scalar_one())
    other = whole_bench(database, site, "Bob", Place.PACK)
    other.settings = bench.settings
    assert other.scan(tracking).code == "pack.label_applied"
    assert facts(database)[0] == ("shipped", "")
    assert other.scan(tracking).code == "pack.already_shipped"


def test_what_a_parked_order_lacks_is_promised_to_it_when_goods_come_in(database: Database, site: build.Site) -> None:
    def two_are_promised(session: Session) -> int:
        build.stock(session, site, "CUP", "A-01-1", 2)
        order = build.add_order(session, site, [("CUP", 2)])
        return floor.release(session, site, [floor.promise_all(session, site, order.id)])

    walk = database.write(two_are_promised)
    bench = whole_bench(database, site, "Ada", Place.PICK)
    bench.scans(f"PL-{walk:04}", "T-1", "A-01-1", "CUP", "PW-SHORT", "PW-1", "PW-EMPTY")
    assert facts(database)[0] == ("exception", "short_pick")
    bench.scans("PW-PACK", "#1000")
    packing.carry_out(database, site, bench.scan("CUP"))
    assert database.read(lambda s: s.execute(text("SELECT state FROM orders")).scalar_one()) == "partly_shipped"
    came = database.write(lambda s: receive(s, site.actor, site.products["CUP"], 5, site.places["A-02-1"]))
    assert came.values["served"] == 1
    states = database.read(lambda s: list(s.execute(text("SELECT state FROM fulfillments ORDER BY id")).scalars()))
    assert states == ["shipped", "allocated"]


@pytest.mark.parametrize("closed", [False, True])
def test_a_parcel_is_not_closed_over_what_was_cancelled_out_of_it(
    database: Database, site: build.Site, closed: bool
) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2), ("LAMP", 1))
    bench = whole_bench(database, site, "Ada", Place.PACK)
    bench.scans(number, "CUP", "CUP")
    if closed:
        packing.carry_out(database, site, bench.scan("PW-PARCEL"))
    cup = database.read(lambda s: s.execute(text("SELECT MIN(id) FROM order_lines")).scalar_one())
    database.write(lambda s: cancel_line(s, site.actor, cup, 1, "one is enough"))
    if closed:
        bench.scans("PW-BACK")
    else:
        assert bench.scan("LAMP").code == "pack.changed"
        refused = [bench.scan(code).code for code in ("PW-CLOSE", "PW-OK", "PW-PARCEL", "PW-BACK")]
        assert refused == ["pack.changed_wrong.take_out"] * 4
        bench.scan("PW-ASIDE")
    opened = bench.scan(number)
    assert (opened.code, opened.place) == ("stock_desk.put_back", Place.STOCK)
    assert bench.scans("CUP", "A-01-1").code == "stock_desk.all_put_back"
    assert bench.scan(number).code == ("pack.changed" if closed else "pack.resumed")
    if closed:  # its label is void, and its paper out there
        assert bench.scan("LAMP").code == "pack.changed_wrong.label"
        assert bench.scan("PWD0000000017").code == "pack.changed_done"
    packing.carry_out(database, site, bench.scan("LAMP"))
    assert facts(database)[0] == ("shipped", "")
    assert packing.movements(database)[-2:] == [("ship", 1), ("ship", 1)]


@pytest.mark.parametrize("scanned", ["#1000", "F-0001", "P-0001"])
def test_what_lies_in_a_cancelled_parcel_is_put_back_by_scan(
    database: Database, site: build.Site, scanned: str
) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2))
    bench = whole_bench(database, site, "Ada", Place.PACK)
    bench.scans(number, "CUP", "PW-BACK")
    order = database.read(lambda s: s.execute(text("SELECT id FROM orders")).scalar_one())
    assert database.write(lambda s: cancel_order(s, site.actor, order, "changed their mind")).values["units"] == 1
    assert bench.scan(scanned).code == "stock_desk.put_back"
    assert bench.scans("CUP", "A-02-1").code == "stock_desk.all_put_back"
    assert database.read(lambda s: build.balance(s, site, "CUP", "A-02-1")) == (1, 0)
    assert bench.scan(scanned).code == "pack.cancelled"
