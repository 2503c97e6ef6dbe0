"""A walk: totes, shelf, item, tote; what is right moves at once, what is wrong moves nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Place, Result, Sound
from app.domain.states import FulfillmentState, PickListState
from app.domain.work import PickWork, WrongItem
from app.models.catalogue import Identifier, Product
from app.models.database import Database
from app.models.fulfillment import Fulfillment, PickList
from app.models.people import Claim, Gesture
from app.models.stock import StockMovement
from app.services.allocate import allocate_ready
from app.services.release import release
from tests.services import floor_builders as floor
from tests.services import stock_builders as build
from tests.services.pick_site import moves, one_order, open_at_shelf, two_orders
from tests.services.pick_site import site as site

CASE = "40012345678905"


def state_of(database: Database, kind: type[Any], ident: int) -> object:
    return database.read(lambda s: s.get_one(kind, ident).state)


def test_a_walk_for_two_orders_from_the_totes_to_the_end(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: two_orders(s, site))
    bench = floor.pick_bench(database, site)
    opened = bench.scan(f"PL-{walk:04}")
    assert (opened.result, opened.code, opened.place) == (Result.NAVIGATE, "pick.opened_totes", Place.PICK)
    assert isinstance(opened.work, PickWork)
    assert (opened.work.step, [slot.slot for slot in opened.work.slots], len(opened.work.stops)) == ("totes", [1, 2], 3)
    assert bench.scan("T-1").code == "pick.tote_in_slot"
    ready = bench.scan("T-2")
    assert (ready.code, dict(ready.values)["location"]) == ("pick.totes_ready", "A-01-1")
    assert bench.scan("A-01-1").code == "pick.at_shelf"
    counted = bench.scan("CUP")
    assert (counted.code, counted.sound) == ("pick.counted", Sound.ACCEPTED)
    assert dict(counted.values) == {"sku": "CUP", "name": "Cup", "picked": 1, "quantity": 2, "tote": "T-1"}
    put = bench.scan("CUP")
    assert (put.code, dict(put.values)["slot"], dict(put.values)["in_hand"]) == ("pick.put_into", 1, 2)
    assert bench.step == "tote"
    following = bench.scan("T-1")
    assert (following.code, bench.step) == ("pick.stop_done", "item")  # the next stop is at the same shelf
    assert bench.scan("CUP").code == "pick.put_into"
    assert bench.scan("T-2").code == "pick.stop_done"
    assert bench.step == "shelf"
    bench.scans("A-02-1", "LAMP")
    ended = bench.scan("T-1")
    assert (ended.code, ended.sound) == ("pick.done", Sound.COMPLETE)
    assert dict(ended.values) == {"code": f"PL-{walk:04}", "units": 4, "totes": "T-1, T-2", "short": 0}
    assert isinstance(ended.work, PickWork)
    assert ended.work.step == "done"
    assert moves(database, "pick") == [
        ("CUP", 1, "A-01-1", "T-1"),
        ("CUP", 1, "A-01-1", "T-1"),
        ("CUP", 1, "A-01-1", "T-2"),
        ("LAMP", 1, "A-02-1", "T-1"),
    ]
    assert bench.work_kind == ""
    assert state_of(database, PickList, walk) is PickListState.DONE
    assert database.read(lambda s: s.scalars(select(Fulfillment.state)).all()) == [FulfillmentState.PICKED] * 2
    assert database.read(lambda s: s.scalars(select(Claim.id)).all()) == []
    assert database.read(lambda s: build.balance(s, site, "CUP", "T-1")) == (2, 2)
    assert database.read(lambda s: build.balance(s, site, "CUP", "A-01-1")) == (7, 0)


def test_with_one_tote_only_shelf_and_items_are_scanned(database: Database, site: build.Site) -> None:
    bench = open_at_shelf(database, site)
    assert bench.scans("CUP", "CUP", "CUP").code == "pick.done"
    assert moves(database, "pick") == [("CUP", 1, "A-01-1", "T-1")] * 3


def test_what_is_wrong_blocks_with_its_own_words_and_moves_nothing(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: two_orders(s, site))
    bench = floor.pick_bench(database, site)
    bench.scans(f"PL-{walk:04}", "T-1", "T-2")
    answers = [bench.scan("A-02-1"), bench.scan("PW-OK"), bench.scan("NOBODY"), bench.scan("PW-OK")]
    bench.scan("A-01-1")
    answers += [bench.scan("LAMP"), bench.scan("PW-OK"), bench.scan("#1000"), bench.scan("PW-OK")]
    bench.scans("CUP", "CUP")
    answers += [bench.scan("CUP"), bench.scan("PW-OK"), bench.scan("T-2"), bench.scan("PW-OK")]
    assert [(one.code, one.sound) for one in answers[::2]] == [
        ("pick.wrong_shelf", Sound.WRONG),
        ("pick.unknown_code", Sound.WRONG),
        ("pick.wrong_item", Sound.WRONG),
        ("pick.still_open", Sound.WRONG),
        ("pick.too_many", Sound.TOO_MANY),
        ("pick.wrong_tote", Sound.WRONG),
    ]
    assert [one.result for one in answers[::2]] == [Result.BLOCKED] * 6
    assert {one.code for one in answers[1::2]} == {"station.acknowledged"}
    assert len(moves(database, "pick")) == 2
    wrong = answers[4].delta
    assert isinstance(wrong, WrongItem)
    assert (wrong.item.sku if wrong.item else "", wrong.wanted_by) == ("LAMP", "A-02-1")
    assert dict(answers[10].values) == {"tote": "T-2", "wanted": "T-1", "slot": 1}


def test_an_item_before_its_shelf_is_asked_to_wait_without_blocking(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: one_order(s, site))
    bench = floor.pick_bench(database, site)
    bench.scans(f"PL-{walk:04}", "T-1")
    early = bench.scan("CUP")
    assert (early.result, early.code, dict(early.values)) == (
        Result.REFUSED,
        "pick.shelf_first",
        {"location": "A-01-1", "scan": "CUP"},
    )
    assert moves(database, "pick") == []


def test_case_codes_and_typed_quantities_count_many(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: one_order(s, site))
    database.write(
        lambda s: s.add(Identifier(product_id=site.products["CUP"], code=CASE, kind="case_gtin", quantity=2))
    )
    bench = floor.pick_bench(database, site)
    bench.scans(f"PL-{walk:04}", "T-1", "A-01-1")
    assert dict(bench.scan(CASE).values)["picked"] == 2
    assert dict(bench.scans("PW-QTY", "PW-2").values) == {"quantity": 2}
    over = bench.scan("CUP")
    assert (over.code, dict(over.values)["quantity"], dict(over.values)["over"]) == ("pick.too_many", 2, 1)
    assert bench.scans("PW-OK", "PW-QTY", "PW-1", "CUP").code == "pick.done"
    assert moves(database, "pick") == [("CUP", 2, "A-01-1", "T-1"), ("CUP", 1, "A-01-1", "T-1")]


def test_a_product_counted_unit_by_unit_takes_no_typed_quantity(database: Database, site: build.Site) -> None:
    database.write(lambda s: setattr(s.get_one(Product, site.products["CUP"]), "counted_by_unit", True))
    bench = open_at_shelf(database, site)
    assert bench.scans("PW-QTY", "PW-3", "CUP").code == "pick.unit_by_unit"
    assert bench.scan("CUP").code == "pick.counted"


def test_a_code_of_two_products_asks_and_never_guesses(database: Database, site: build.Site) -> None:
    def same_code(session: Session) -> None:
        for sku in ("CUP", "LAMP"):
            session.add(Identifier(product_id=site.products[sku], code="TWIN", kind="own"))

    database.write(same_code)
    bench = open_at_shelf(database, site)
    asked = bench.scan("TWIN")
    assert asked.result is Result.ASK
    which = next(choice.key for choice in asked.choices if choice.title == "LAMP")
    other = next(choice.key for choice in asked.choices if choice.title == "CUP")
    assert bench.scan(f"PW-{which}").code == "pick.wrong_item"
    bench.scans("PW-OK", "TWIN")
    assert bench.scan(f"PW-{other}").code == "pick.counted"


def test_the_same_gesture_twice_counts_once(database: Database, site: build.Site) -> None:
    bench = open_at_shelf(database, site)
    first = bench.scan("CUP", "same-id")
    again = bench.scan("CUP", "same-id")
    assert (again.code, dict(again.values), again.repeated) == (first.code, dict(first.values), True)
    assert moves(database, "pick") == [("CUP", 1, "A-01-1", "T-1")]


def test_undo_puts_the_last_unit_back_with_its_promise(database: Database, site: build.Site) -> None:
    bench = open_at_shelf(database, site)
    bench.scans("CUP", "CUP")
    undone = bench.scan("PW-UNDO")
    assert (undone.code, dict(undone.values)["picked"]) == ("pick.undone", 1)
    assert moves(database, "unpick") == [("CUP", 1, "T-1", "A-01-1")]
    assert database.read(lambda s: build.balance(s, site, "CUP", "A-01-1")) == (9, 2)
    assert bench.scan("PW-UNDO").code == "pick.undone"
    assert bench.scan("PW-UNDO").code == "pick.nothing_to_undo"
    assert bench.scans("CUP", "CUP", "CUP").code == "pick.done"
    assert database.read(lambda s: build.balance(s, site, "CUP", "T-1")) == (3, 3)


def test_undo_after_the_last_unit_of_a_stop_goes_back_to_it(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: two_orders(s, site))
    bench = floor.pick_bench(database, site)
    bench.scans(f"PL-{walk:04}", "T-1", "T-2", "A-01-1", "CUP", "CUP", "T-1", "CUP")
    undone = bench.scan("PW-UNDO")
    assert undone.code == "pick.undone"
    assert isinstance(undone.work, PickWork)
    current = next(stop for stop in undone.work.stops if stop.task_id == undone.work.current)
    assert (current.slot, current.picked, current.done, undone.work.step) == (2, 0, False, "item")
    assert database.read(lambda s: [one.state for one in s.scalars(select(Fulfillment).order_by(Fulfillment.id))]) == [
        FulfillmentState.PICKING,
        FulfillmentState.PICKING,
    ]


def test_skip_sends_a_stop_to_the_end_and_back_goes_one_step(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: two_orders(s, site))
    bench = floor.pick_bench(database, site)
    bench.scans(f"PL-{walk:04}", "T-1", "T-2")
    skipped = bench.scan("PW-SKIP")
    assert isinstance(skipped.work, PickWork)
    assert [(stop.location, stop.slot) for stop in skipped.work.stops] == [("A-01-1", 2), ("A-02-1", 1), ("A-01-1", 1)]
    assert (skipped.code, dict(skipped.values)) == ("pick.skipped", {"skipped": "A-01-1", "location": "A-01-1"})
    assert bench.scans("A-01-1", "PW-BACK").code == "pick.back"
    assert bench.step == "shelf"
    assert bench.scan("PW-BACK").code == "pick.first_stop"
    bench.scans("A-01-1", "CUP", "T-2")
    assert bench.scan("PW-BACK").code == "pick.stop_before"
    assert bench.scan("PW-NEXT").code == "pick.next_stop"
    bench.scans("A-02-1", "LAMP", "T-1")
    assert bench.scan("PW-SKIP").code == "pick.last_stop"
    assert bench.scan("PW-END").code == "pick.stops_left"


def test_every_gesture_is_one_row_and_every_movement_names_its_own(database: Database, site: build.Site) -> None:
    bench = open_at_shelf(database, site)
    bench.scans("CUP", "LAMP", "CUP", "PW-OK", "CUP", "CUP")
    assert database.read(lambda s: len(s.scalars(select(Gesture.id)).all())) == bench.done
    counted = database.read(lambda s: s.scalars(select(Gesture.id).where(Gesture.code == "pick.counted")).all())
    ended = database.read(lambda s: s.scalars(select(Gesture.id).where(Gesture.code == "pick.done")).all())
    moved = database.read(
        lambda s: s.scalars(select(StockMovement.gesture_id).where(StockMovement.reason == "pick")).all()
    )
    assert sorted(filter(None, moved)) == sorted([*counted, *ended])


def test_what_was_allocated_and_released_is_picked_in_walk_order(database: Database, site: build.Site) -> None:
    def make(session: Session) -> list[int]:
        build.stock(session, site, "LAMP", "A-02-1", 5)
        build.stock(session, site, "CUP", "A-01-1", 10)
        build.stock(session, site, "SOAP", "B-01-1", 10)
        orders = [build.add_order(session, site, [("SOAP", 1), ("CUP", 1)]) for _ in range(2)]
        orders.append(build.add_order(session, site, [("LAMP", 2)]))
        assert len(allocate_ready(session, site.actor, 10).allocated) == 3
        return list(release(session, site.actor, 10).pick_list_ids)

    (walk,) = database.write(make)
    bench = floor.pick_bench(database, site)
    bench.scan(f"PL-{walk:04}")
    opened = bench.scans("T-1", "T-2", "T-0003", "T-0003")
    assert isinstance(opened.work, PickWork)
    assert [stop.location for stop in opened.work.stops] == ["A-01-1", "A-01-1", "A-02-1", "B-01-1", "B-01-1"]
    while bench.work_kind:
        work = bench.scan(f"PL-{walk:04}").work
        assert isinstance(work, PickWork)
        stop = next(one for one in work.stops if one.task_id == work.current)
        tote = next(one.tote for one in work.slots if one.slot == stop.slot)
        bench.scan({"shelf": stop.location, "item": stop.item.sku, "tote": tote}[work.step])
    assert state_of(database, PickList, walk) is PickListState.DONE
    assert [to for *_, to in moves(database, "pick")] == ["T-1", "T-2", "T-0003", "T-0003", "T-1", "T-2"]
