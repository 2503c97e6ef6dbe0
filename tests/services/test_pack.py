"""A bench, scan by scan: what is counted, what is refused, and what has left when the last item is in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from app.domain.outcomes import Result, Sound
from app.domain.states import FulfillmentState, LabelState, OrderState, PackageState, PrintJobState, Role
from app.domain.work import LineCounted, PackWork, WrongItem
from app.integrations.carriers.own_delivery import tracking_number
from app.models.database import Database
from app.models.demand import Order
from app.models.fulfillment import Fulfillment
from app.models.people import Gesture
from app.models.shipping import Label, Package
from app.services import label_voids
from app.services.cancel import cancel_order
from app.services.settings_store import FloorSettings, put_setting
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


@pytest.fixture
def bench(database: Database, site: build.Site) -> Iterator[Bench]:
    yield packing.pack_bench(database, site)


def test_three_items_take_one_scan_and_three_more(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2), ("LAMP", 1))

    opened = bench.scan(number)
    assert (opened.result, opened.code) == (Result.NAVIGATE, "pack.opened")
    assert isinstance(opened.work, PackWork)
    assert [(line.item.sku, line.required, line.packed) for line in opened.work.lines] == [
        ("CUP", 2, 0),
        ("LAMP", 1, 0),
    ]

    first = bench.scan("CUP")
    assert (first.code, first.sound) == ("pack.counted", Sound.ACCEPTED)
    assert isinstance(first.delta, LineCounted)
    assert (first.delta.packed, first.delta.required, first.delta.total_packed, first.delta.total_required) == (
        1,
        2,
        1,
        3,
    )
    bench.scan("CUP")
    last = bench.scan("LAMP")
    assert (last.code, last.sound) == ("pack.complete", Sound.COMPLETE)
    assert [effect.entity for effect in last.effects] == ["label"]

    packing.carry_out(database, site, last)
    with database.reading() as session:
        assert session.execute(select(Order.state)).scalar_one() is OrderState.SHIPPED
        assert session.execute(select(Fulfillment.state)).scalar_one() is FulfillmentState.SHIPPED
        assert session.execute(select(Package.state)).scalar_one() is PackageState.HANDED_OVER
        label = session.execute(select(Label)).scalar_one()
        assert (label.state, label.tracking_number) == (LabelState.HANDED_OVER, tracking_number(label.id))
    assert packing.jobs(database) == [
        ("shipping-label", PrintJobState.PRINTED),
        ("packing-slip", PrintJobState.PRINTED),
    ]
    assert packing.movements(database) == [("pack", 1), ("pack", 1), ("pack", 1), ("ship", 2), ("ship", 1)]


def test_a_wrong_item_blocks_until_it_is_acknowledged(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    bench.scan(number)

    wrong = bench.scan("LAMP")
    assert (wrong.result, wrong.code, wrong.sound) == (Result.BLOCKED, "pack.wrong_item", Sound.WRONG)
    assert isinstance(wrong.delta, WrongItem)
    again = bench.scan("CUP")
    assert (again.result, again.code, again.values["count"]) == (Result.BLOCKED, "station.blocked", 1)
    assert bench.scan("PW-OK").code == "station.acknowledged"
    assert bench.scan("CUP").code == "pack.complete"


def test_one_too_many_has_a_sound_of_its_own_and_counts_nothing(
    database: Database, site: build.Site, bench: Bench
) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1), ("LAMP", 1))
    bench.scans(number, "CUP")

    over = bench.scan("CUP")
    assert (over.result, over.code, over.sound) == (Result.BLOCKED, "pack.too_many", Sound.TOO_MANY)
    assert (over.values["required"], over.values["packed"], over.values["over"]) == (1, 1, 1)
    assert packing.movements(database) == [("pack", 1)]


def test_an_unknown_code_says_so(database: Database, site: build.Site, bench: Bench) -> None:
    bench.scan(packing.order_on_shelf(database, site, ("CUP", 1)))
    assert bench.scan("9999999").code == "pack.unknown_code"


def test_another_order_closes_nothing(database: Database, site: build.Site, bench: Bench) -> None:
    first = packing.order_on_shelf(database, site, ("CUP", 1))
    second = packing.order_on_shelf(database, site, ("LAMP", 1))
    bench.scan(first)

    answer = bench.scan(second)
    assert (answer.result, answer.code, answer.values["number"]) == (Result.BLOCKED, "pack.still_open", first)


def test_the_same_gesture_twice_counts_once(database: Database, site: build.Site, bench: Bench) -> None:
    bench.scan(packing.order_on_shelf(database, site, ("CUP", 2)))
    first = bench.scan("CUP", "one-gesture")
    again = bench.scan("CUP", "one-gesture")

    assert (first.code, again.code, again.repeated) == ("pack.counted", "pack.counted", True)
    assert isinstance(again.work, PackWork)
    assert again.work.packed == 1
    with database.reading() as session:
        assert session.execute(select(func.count()).where(Gesture.id == "one-gesture")).scalar_one() == 1


def test_the_last_scan_is_taken_back(database: Database, site: build.Site, bench: Bench) -> None:
    bench.scan(packing.order_on_shelf(database, site, ("CUP", 2), ("LAMP", 1)))
    bench.scans("CUP", "LAMP")

    undone = bench.scan("PW-UNDO")
    assert undone.code == "pack.undone"
    assert isinstance(undone.work, PackWork)
    assert [(line.item.sku, line.packed) for line in undone.work.lines] == [("CUP", 1), ("LAMP", 0)]
    assert bench.scan("PW-UNDO").code == "pack.undone"
    assert bench.scan("PW-UNDO").code == "pack.nothing_to_undo"
    assert packing.movements(database) == [("pack", 1), ("pack", 1), ("unpack", 1), ("unpack", 1)]


def test_a_quantity_counts_at_once_or_not_at_all(database: Database, site: build.Site, bench: Bench) -> None:
    bench.scan(packing.order_on_shelf(database, site, ("CUP", 12), ("LAMP", 1)))

    assert bench.scans("PW-QTY", "PW-1", "PW-3", "CUP").code == "pack.too_many"
    bench.scan("PW-OK")
    counted = bench.scans("PW-QTY", "PW-1", "PW-2", "CUP")
    assert isinstance(counted.delta, LineCounted)
    assert counted.delta.packed == 12


def test_a_quantity_that_comes_as_fast_as_a_scan_is_a_quantity(
    database: Database, site: build.Site, bench: Bench
) -> None:
    bench.scan(packing.order_on_shelf(database, site, ("CUP", 120), ("LAMP", 1)))

    assert dict(bench.scans("PW-QTY", "120").values) == {"quantity": 120}
    counted = bench.scan("CUP")
    assert isinstance(counted.delta, LineCounted)
    assert counted.delta.packed == 120


def test_a_code_is_no_quantity(database: Database, site: build.Site, bench: Bench) -> None:
    bench.scan(packing.order_on_shelf(database, site, ("CUP", 2), ("LAMP", 1)))

    answers = [bench.scan(code).code for code in ("PW-QTY", "CUP", "12345", "ABC", "PW-2")]

    assert answers[1:4] == ["station.quantity_first"] * 3
    assert dict(bench.scan("PW-0").values) == {"quantity": 20}


def test_two_parcels_leave_together(database: Database, site: build.Site, bench: Bench) -> None:
    bench.scan(packing.order_on_shelf(database, site, ("CUP", 1), ("LAMP", 1)))
    bench.scan("CUP")
    closed = bench.scan("PW-PARCEL")
    assert closed.code == "pack.parcel_closed"
    packing.carry_out(database, site, closed)
    with database.reading() as session:
        assert session.execute(select(Fulfillment.state)).scalar_one() is FulfillmentState.PACKING
    packing.carry_out(database, site, bench.scan("LAMP"))

    with database.reading() as session:
        rows = session.execute(select(Label.id, Label.tracking_number, Label.state).order_by(Label.id)).all()
        assert [row.state for row in rows] == [LabelState.HANDED_OVER, LabelState.HANDED_OVER]
        assert [row.tracking_number for row in rows] == [tracking_number(row.id) for row in rows]
        assert session.execute(select(Order.state)).scalar_one() is OrderState.SHIPPED


def test_an_order_put_aside_goes_on_where_it_was(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1), ("LAMP", 1))
    bench.scans(number, "CUP", "PW-ASIDE")
    assert bench.scan("PW-2").code == "pack.put_aside"
    with database.reading() as session:
        row = session.execute(select(Fulfillment)).scalar_one()
        assert (row.state, row.exception_reason) == (FulfillmentState.EXCEPTION, "damaged")

    resumed = bench.scan(number)
    assert (resumed.code, resumed.values["packed"], resumed.values["required"]) == ("pack.resumed", 1, 2)
    assert bench.scan("LAMP").code == "pack.complete"


def test_who_holds_it_is_said_and_a_lead_takes_it_over(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    anna = packing.pack_bench(database, site, "Anna", Role.PACKER)
    anna.scan(number)

    held = bench.scan(number)
    assert (held.code, held.values["operator"], held.values["station"]) == ("pack.held_by", "Anna", "Bench of Anna")
    assert bench.scan("PW-TAKE").code == "claims.why"
    assert bench.scan("PW-2").code == "pack.opened"


def test_a_weight_that_differs_must_be_confirmed(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    with database.writing() as session:
        session.get_one(build.Product, site.products["CUP"]).weight_g = 300
    bench.scan(number)
    bench.weight_g = 900
    differs = bench.scan("CUP")
    assert (differs.result, differs.code, differs.blocks) == (Result.DONE, "pack.weight_differs", True)
    assert (differs.values["grams"], differs.values["difference"]) == (900, 600)

    assert bench.scan("PW-OK").code == "pack.complete"
    with database.reading() as session:
        package = session.execute(select(Package)).scalar_one()
        assert (package.weight_g, package.weight_source) == (900, "scale")


def test_with_scan_back_the_right_label_ends_the_order(database: Database, site: build.Site, bench: Bench) -> None:
    bench.settings = FloorSettings(label_scan_back=True)
    with database.writing() as session:
        put_setting(session, "label_scan_back", True)
    bench.scan(packing.order_on_shelf(database, site, ("CUP", 1)))
    packing.carry_out(database, site, bench.scan("CUP"))

    assert bench.scan("LAMP").code == "pack.scan_the_label"
    bench.scan("PW-OK")
    with database.reading() as session:
        number = session.execute(select(Label.tracking_number)).scalar_one()
    applied = bench.scan(number)
    assert (applied.code, applied.values["whole"]) == ("pack.label_applied", True)
    with database.reading() as session:
        assert session.execute(select(Order.state)).scalar_one() is OrderState.SHIPPED


def test_a_reprint_is_the_same_label_and_free(database: Database, site: build.Site, bench: Bench) -> None:
    bench.scan(packing.order_on_shelf(database, site, ("CUP", 1)))
    packing.carry_out(database, site, bench.scan("CUP"))

    assert bench.scan("PW-REPRINT").code == "pack.reprinted"
    assert packing.jobs(database)[-1] == ("shipping-label", PrintJobState.QUEUED)
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(Label)).scalar_one() == 1


def test_the_same_product_on_two_lines_is_counted_on_both(database: Database, site: build.Site, bench: Bench) -> None:
    bench.scan(packing.order_on_shelf(database, site, ("CUP", 1), ("CUP", 2)))
    counts = [bench.scan("CUP") for _ in range(2)]
    assert [outcome.delta.packed for outcome in counts if isinstance(outcome.delta, LineCounted)] == [1, 1]
    assert bench.scan("CUP").code == "pack.complete"


def test_nobody_packs_before_signing_in(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    bench.scan("PW-OUT")
    assert bench.scan(number).code == "station.sign_in_first"


def test_a_bench_whose_order_was_taken_over_is_told(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2))
    anna = packing.pack_bench(database, site, "Anna", Role.PACKER)
    anna.scans(number, "CUP")
    bench.scans(number, "PW-TAKE", "PW-1")

    lost = anna.scan("CUP")
    assert (lost.result, lost.code, lost.sound) == (Result.BLOCKED, "pack.taken_over", Sound.ATTENTION)
    assert lost.values["operator"] == "Ines Falk"
    assert anna.scan("PW-OK").code == "station.acknowledged"
    assert bench.scan("CUP").code == "pack.complete"


def test_a_hold_stops_the_bench_in_the_middle(database: Database, site: build.Site, bench: Bench) -> None:
    bench.scans(packing.order_on_shelf(database, site, ("CUP", 2)), "CUP")
    with database.writing() as session:
        order = session.execute(select(Order)).scalar_one()
        session.add(build.Hold(order_id=order.id, kind=build.HoldKind.OFFICE, opened_at=build.NOW))

    stopped = bench.scan("CUP")
    assert (stopped.result, stopped.code, stopped.values["kind"]) == (Result.BLOCKED, "pack.stopped", "office")
    assert packing.movements(database) == [("pack", 1)]
    bench.scan("PW-OK")
    assert bench.scans("PW-ASIDE", "PW-3").code == "pack.put_aside"


def test_a_cancelled_order_freezes_its_bench(database: Database, site: build.Site, bench: Bench) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 2))
    bench.scans(number, "CUP")
    database.write(lambda s: cancel_order(s, site.actor, s.execute(select(Order.id)).scalar_one(), "ordered twice"))

    frozen = bench.scan("CUP")
    assert (frozen.result, frozen.code, frozen.values["number"]) == (Result.BLOCKED, "pack.cancelled", number)
    bench.scan("PW-OK")
    assert bench.work_kind == ""


def test_redo_takes_the_label_back_and_buys_another(database: Database, site: build.Site, bench: Bench) -> None:
    bench.settings = FloorSettings(handover="at_truck")
    with database.writing() as session:
        put_setting(session, "handover", "at_truck")
    bench.scan(packing.order_on_shelf(database, site, ("CUP", 1)))
    packing.carry_out(database, site, bench.scan("CUP"))

    assert bench.scan("PW-REDO").code == "pack.redone"
    packing.carry_out(database, site, bench.scan("PW-OUT"))
    with database.reading() as session:
        rows = session.execute(select(Label.id, Label.tracking_number, Label.state).order_by(Label.id)).all()
    assert [row.state for row in rows] == [LabelState.VOIDED, LabelState.PRINTED]
    assert [row.tracking_number for row in rows] == [tracking_number(row.id) for row in rows]
    assert [document for document, _ in packing.jobs(database)].count("shipping-label") == 2


def test_a_label_that_its_carrier_keeps_waits_for_a_decision(
    database: Database, site: build.Site, bench: Bench
) -> None:
    bench.settings = FloorSettings(handover="at_truck")
    with database.writing() as session:
        put_setting(session, "handover", "at_truck")
    bench.scan(packing.order_on_shelf(database, site, ("CUP", 1)))
    packing.carry_out(database, site, bench.scan("CUP"))
    bench.scan("PW-REDO")

    request = database.read(label_voids.waiting)[0]
    assert database.write(lambda s: label_voids.settled(s, site.actor, request, False)) is None
    with database.reading() as session:
        assert session.execute(select(Label.state)).scalar_one() is LabelState.VOID_REFUSED
    assert database.read(label_voids.waiting) == []


def test_the_slip_alone_is_printed_again_by_our_code_and_by_odoos(
    database: Database, site: build.Site, bench: Bench
) -> None:
    number = packing.order_on_shelf(database, site, ("CUP", 1))
    assert bench.scan("PW-SLIP").code == "pack.nothing_to_reprint"
    packing.carry_out(database, site, bench.scans(number, "CUP"))
    for code in ("PW-SLIP", "O-BTN.print-slip"):
        assert bench.scan(code).code == "pack.slip_again"
    kinds = [kind for kind, _ in packing.jobs(database)]
    assert kinds == ["shipping-label", "packing-slip", "packing-slip", "packing-slip"]
