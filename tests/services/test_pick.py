"""A walk: totes, shelf, item, tote; what is right moves at once, what is wrong moves nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.outcomes import Place, Result, Sound
from app.domain.states import FulfillmentState, HoldKind, PickListState, PickTaskState, Role
from app.domain.work import PickWork, WrongItem
from app.models.catalogue import Identifier, Product
from app.models.database import Database
from app.models.demand import Hold
from app.models.fulfillment import Cart, Fulfillment, PickList, PickTask, ToteUse
from app.models.people import Claim, Gesture, Operator
from app.models.stock import Location, StockMovement
from app.services.allocate import allocate_ready
from app.services.release import release
from tests.services import floor_builders as floor
from tests.services import stock_builders as build

CASE = "40012345678905"


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def two_orders(session: Session, site: build.Site) -> int:
    """A walk over two shelves for two orders: 2 CUP and 1 LAMP, 1 CUP."""
    build.stock(session, site, "CUP", "A-01-1", 10)
    build.stock(session, site, "LAMP", "A-02-1", 5)
    first = build.add_order(session, site, [("CUP", 2), ("LAMP", 1)])
    second = build.add_order(session, site, [("CUP", 1)])
    return floor.release(session, site, [floor.promise_all(session, site, order.id) for order in (first, second)])


def one_order(session: Session, site: build.Site, *, in_parts: bool = False) -> int:
    """A walk for one order of 3 CUP."""
    build.stock(session, site, "CUP", "A-01-1", 10)
    order = build.add_order(session, site, [("CUP", 3)], in_parts=in_parts)
    return floor.release(session, site, [floor.promise_all(session, site, order.id)])


def moves(database: Database, reason: str) -> list[tuple[str, int, str, str]]:
    """(SKU, quantity, from, to) of the movements of a reason, in order."""
    statement = text(
        "SELECT p.sku, m.quantity, a.code, b.code FROM stock_movements m JOIN products p ON p.id = m.product_id "
        "JOIN locations a ON a.id = m.from_location_id JOIN locations b ON b.id = m.to_location_id "
        "WHERE m.reason = :reason ORDER BY m.id"
    )
    return [tuple(row) for row in database.read(lambda s: s.execute(statement, {"reason": reason}).all())]


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


def open_at_shelf(database: Database, site: build.Site, **more: bool) -> floor.Bench:
    """A bench at the only shelf of a walk for 3 CUP into T-1."""
    walk = database.write(lambda s: one_order(s, site, **more))
    bench = floor.pick_bench(database, site)
    bench.scans(f"PL-{walk:04}", "T-1", "A-01-1")
    return bench


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


def test_a_tote_must_be_free_and_a_new_one_is_confirmed_by_scanning_it_again(
    database: Database, site: build.Site
) -> None:
    walk = database.write(lambda s: two_orders(s, site))
    bench = floor.pick_bench(database, site)
    bench.scans(f"PL-{walk:04}", "T-1")
    assert bench.scan("T-1").code == "pick.tote_in_use"
    bench.scan("PW-OK")
    asked = bench.scan("T-0117")
    assert (asked.result, asked.code, asked.sound) == (Result.REFUSED, "pick.new_tote", Sound.ATTENTION)
    assert bench.scan("T-0118").code == "pick.new_tote"
    assert bench.scan("CUP").code == "pick.tote_wanted"
    assert bench.scan("T-0118").code == "pick.totes_ready"
    assert database.read(
        lambda s: s.execute(select(Location.code, Location.kind).where(Location.code.like("T-01%"))).all()
    ) == [("T-0118", "tote")]
    assert len(database.read(lambda s: s.scalars(select(ToteUse)).all())) == 2


def test_a_tote_with_goods_of_another_order_is_not_free(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: one_order(s, site))
    database.write(lambda s: build.stock(s, site, "SOAP", "T-1", 2))
    bench = floor.pick_bench(database, site)
    answer = bench.scans(f"PL-{walk:04}", "T-1")
    assert (answer.code, dict(answer.values)) == ("pick.tote_not_empty", {"tote": "T-1", "units": 2})


def test_two_stations_never_have_the_same_walk(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: one_order(s, site))
    ines, tom = floor.pick_bench(database, site), floor.pick_bench(database, site, "Tom", Role.PICKER)
    ines.scan(f"PL-{walk:04}")
    tom.now = ines.now.replace(minute=5)
    held = tom.scan(f"PL-{walk:04}")
    assert (held.result, held.code) == (Result.REFUSED, "pick.held")
    values = dict(held.values)
    assert (values["operator"], values["station"], values["held"]) == ("Ines Falk", "Bench W1", "0:05")
    assert tom.scan("PW-TAKE").code == "pick.take_over_not_permitted"
    assert tom.scan("PW-START").code == "pick.nothing_to_pick"


def test_a_lead_takes_a_walk_over_and_the_first_station_is_told(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: one_order(s, site))
    ines, tom = floor.pick_bench(database, site), floor.pick_bench(database, site, "Tom", Role.LEAD)
    ines.scans(f"PL-{walk:04}", "T-1", "A-01-1", "CUP")
    tom.now = ines.now
    tom.scan(f"PL-{walk:04}")
    taken = tom.scans("PW-TAKE", "PW-3")
    assert (taken.code, taken.place) == ("pick.resumed", Place.PICK)
    lost = ines.scan("CUP")
    assert (lost.result, lost.code, ines.work_kind) == (Result.REFUSED, "pick.taken_over", "")
    assert tom.scans("A-01-1", "CUP", "CUP").code == "pick.done"
    assert len(moves(database, "pick")) == 3


def test_start_takes_the_most_urgent_walk_that_nobody_has(database: Database, site: build.Site) -> None:
    def make(session: Session) -> list[int]:
        build.stock(session, site, "CUP", "A-01-1", 10)
        urgent = ((5, 600), (5, 60), (1, 900))
        orders = [build.add_order(session, site, [("CUP", 1)], priority=p, leaves_minutes=m) for p, m in urgent]
        return [floor.release(session, site, [floor.promise_all(session, site, order.id)]) for order in orders]

    walks = database.write(make)
    benches = [floor.pick_bench(database, site, name) for name in ("Ann", "Ben", "Cid")]
    codes = [dict(bench.scan("PW-START").values)["code"] for bench in benches]
    assert codes == [f"PL-{walk:04}" for walk in (walks[2], walks[1], walks[0])]
    assert benches[0].scan("PW-ASIDE").code == "pick.left"
    assert benches[0].scan("PW-START").code == "pick.nothing_to_pick"  # begun walks wait for their own code
    assert benches[0].scan(codes[0]).code == "pick.resumed"


def test_an_empty_cart_takes_the_next_walk_it_has_slots_for_and_keeps_it(database: Database, site: build.Site) -> None:
    big = database.write(lambda s: two_orders(s, site))
    database.write(lambda s: s.add(Cart(warehouse_id=site.warehouse_id, code="C-01", slots=1)))
    bench = floor.pick_bench(database, site)
    assert bench.scan("C-01").code == "pick.nothing_to_pick"
    database.write(lambda s: s.add(Cart(warehouse_id=site.warehouse_id, code="C-02", slots=6, columns=3)))
    opened = bench.scan("C-02")
    assert isinstance(opened.work, PickWork)
    assert (opened.work.pick_list_id, opened.work.cart, opened.work.columns) == (big, "C-02", 3)
    bench.scan("PW-ASIDE")
    assert bench.scan("C-02").code == "pick.resumed"


def test_where_one_was_is_remembered_over_a_restart(database: Database, site: build.Site) -> None:
    bench = open_at_shelf(database, site)
    bench.scan("CUP")
    restarted = floor.Bench(database, replace(bench.floor), now=bench.now, done=100)
    gesture = floor.Gesture("look", floor.GestureKind.SCAN, "", bench.now)
    here = database.write(lambda s: restarted.floor.look(s, gesture, restarted.settings, bench.now))
    assert isinstance(here.work, PickWork)
    assert (here.place, here.work.step, here.work.stops[0].picked) == (Place.PICK, "item", 1)
    assert restarted.scans("CUP", "CUP").code == "pick.done"


def test_who_stands_at_a_station_that_is_found_blocked_is_not_named_as_the_wrong_item(
    database: Database, site: build.Site
) -> None:
    bench = open_at_shelf(database, site)
    wrong = bench.scan("LAMP")
    assert wrong.code == "pick.wrong_item"
    gesture = floor.Gesture("look", floor.GestureKind.SCAN, "", bench.now)
    here = database.write(lambda s: bench.floor.look(s, gesture, bench.settings, bench.now))
    who = database.read(lambda s: s.get_one(Operator, int(str(here.values["operator_id"]))).name)
    assert (here.code, here.values["name"], here.values["operator_name"]) == (wrong.code, wrong.values["name"], who)
    assert wrong.values["name"] != who


def test_a_stop_of_a_cancelled_order_is_said_and_left_out(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: two_orders(s, site))
    bench = floor.pick_bench(database, site)
    bench.scans(f"PL-{walk:04}", "T-1", "T-2", "A-01-1")

    def cancel(session: Session) -> None:
        first = session.scalars(select(Fulfillment).order_by(Fulfillment.id)).first()
        assert first is not None
        for allocation in build.open_allocations(session, first.id):
            build.ledger.give_back(session, allocation.id)
        for task in session.scalars(select(PickTask).where(PickTask.fulfillment_id == first.id)):
            task.state = PickTaskState.DROPPED
        first.state = FulfillmentState.CANCELLED

    database.write(cancel)
    told = bench.scan("CUP")
    assert (told.result, told.code, told.sound) == (Result.BLOCKED, "pick.order_cancelled", Sound.ATTENTION)
    assert dict(told.values)["order"] == "#1000"
    assert moves(database, "pick") == []
    assert bench.scans("PW-OK", "LAMP").code == "pick.order_cancelled"
    assert bench.scans("PW-OK", "CUP").code == "pick.put_into"
    assert bench.scan("T-2").code == "pick.done"


def test_an_order_on_hold_is_not_picked_and_its_walk_can_be_left(database: Database, site: build.Site) -> None:
    bench = open_at_shelf(database, site)
    order_id = database.read(lambda s: s.scalars(select(Fulfillment.order_id)).one())
    database.write(lambda s: s.add(Hold(order_id=order_id, kind=HoldKind.OFFICE, opened_at=build.NOW)))
    held = bench.scan("CUP")
    assert (held.result, held.code, dict(held.values)["order"]) == (Result.BLOCKED, "pick.on_hold", "#1000")
    assert moves(database, "pick") == []
    assert bench.scans("PW-OK", "PW-END").code == "pick.left"
    assert database.read(lambda s: s.scalars(select(Claim.id)).all()) == []


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
