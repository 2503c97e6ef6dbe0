"""Too few at the shelf: what was found goes on, what is missing is fetched elsewhere, waits, or parks the order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Result, Sound
from app.domain.states import FulfillmentState, OrderState, PickListState, PickTaskState
from app.domain.work import PickWork
from app.models.database import Database
from app.models.demand import Hold, Order
from app.models.fulfillment import Fulfillment, PickList, PickTask, ShortPick, ToteUse
from app.models.stock import CountTask
from app.services.allocate import allocate_waiting
from tests.services import floor_builders as floor
from tests.services import stock_builders as build
from tests.services.pick_site import moves


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def at_shelf(
    database: Database, site: build.Site, wanted: int = 3, elsewhere: int = 0, *, in_parts: bool = False
) -> floor.Bench:
    """A bench at A-01-1 for an order of CUP; `elsewhere` units are free at B-01-1."""

    def make(session: Session) -> int:
        build.stock(session, site, "CUP", "A-01-1", wanted)
        order = build.add_order(session, site, [("CUP", wanted)], in_parts=in_parts)
        walk = floor.release(session, site, [floor.promise_all(session, site, order.id)])
        if elsewhere:
            build.stock(session, site, "CUP", "B-01-1", elsewhere)
        return walk

    bench = floor.pick_bench(database, site)
    bench.scans(f"PL-{database.write(make):04}", "T-1", "A-01-1")
    return bench


def tasks(database: Database) -> list[tuple[int, int, int, PickTaskState]]:
    """(quantity, picked, short, state) of each stop."""
    return database.read(
        lambda s: [(t.quantity, t.picked, t.short, t.state) for t in s.scalars(select(PickTask).order_by(PickTask.id))]
    )


def fulfillment(database: Database) -> Fulfillment:
    def one(session: Session) -> Fulfillment:
        found = session.scalars(select(Fulfillment)).one()
        session.expunge(found)
        return found

    return database.read(one)


def short_picks(database: Database) -> list[tuple[int, str, str]]:
    return database.read(lambda s: [(x.quantity, x.reason, x.remedy) for x in s.scalars(select(ShortPick))])


def test_count_then_reason_and_the_missing_one_is_fetched_elsewhere(database: Database, site: build.Site) -> None:
    bench = at_shelf(database, site, elsewhere=14)
    bench.scan("CUP")
    asked = bench.scan("PW-SHORT")
    assert (asked.code, dict(asked.values)) == ("pick.how_many", {"location": "A-01-1", "picked": 1, "quantity": 3})
    why = bench.scan("PW-2")
    assert (why.code, dict(why.values)) == (
        "pick.why_missing",
        {"found": 2, "quantity": 3, "missing": 1, "location": "A-01-1"},
    )
    assert isinstance(why.work, PickWork)
    assert (why.work.step, why.work.found, why.work.elsewhere, why.work.elsewhere_free) == ("reason", 2, "B-01-1", 14)
    assert len(moves(database, "pick")) == 1  # nothing is written down yet
    short = bench.scan("PW-EMPTY")
    assert (short.result, short.code, short.sound) == (Result.DONE, "pick.short_fetch", Sound.ACCEPTED)
    assert dict(short.values) == {
        "missing": 1,
        "fetched": 1,
        "elsewhere": "B-01-1",
        "order": "#1000",
        "sku": "CUP",
        "from": "A-01-1",
    }
    assert moves(database, "pick") == [("CUP", 1, "A-01-1", "T-1")] * 2
    assert short_picks(database) == [(1, "empty", "elsewhere")]
    assert tasks(database) == [(3, 2, 1, PickTaskState.SHORT), (1, 0, 0, PickTaskState.OPEN)]
    assert database.read(lambda s: build.balance(s, site, "CUP", "A-01-1")) == (1, 0)
    assert database.read(lambda s: build.balance(s, site, "CUP", "B-01-1")) == (14, 1)
    counts = database.read(lambda s: [(c.location_id, c.product_id, c.reason) for c in s.scalars(select(CountTask))])
    assert counts == [(site.places["A-01-1"], site.products["CUP"], "short_pick")]
    assert fulfillment(database).state is FulfillmentState.PICKING
    assert bench.scans("B-01-1", "CUP").code == "pick.done"
    assert fulfillment(database).state is FulfillmentState.PICKED
    assert database.read(lambda s: build.balance(s, site, "CUP", "T-1")) == (3, 3)


def test_what_is_nowhere_else_parks_the_order_for_the_lead(database: Database, site: build.Site) -> None:
    bench = at_shelf(database, site)
    bench.scans("CUP", "CUP", "PW-SHORT", "PW-OK")
    ended = bench.scan("PW-DAMAGED")
    assert (ended.code, dict(ended.values)["missing"], dict(ended.values)["short"]) == ("pick.done", 1, 1)
    parked = fulfillment(database)
    assert (parked.state, parked.exception_reason) == (FulfillmentState.EXCEPTION, "short_pick")
    assert parked.state_before_exception == "picked"
    assert short_picks(database) == [(1, "damaged", "elsewhere")]
    assert database.read(lambda s: s.scalars(select(Order.state)).one()) is OrderState.IN_FULFILLMENT
    assert database.read(lambda s: s.scalars(select(PickList.state)).one()) is PickListState.DONE


def test_the_picker_may_leave_it_short_although_there_is_some_elsewhere(database: Database, site: build.Site) -> None:
    bench = at_shelf(database, site, elsewhere=14)
    bench.scans("CUP", "CUP", "PW-SHORT", "PW-OK")
    assert bench.scan("PW-LATER").code == "pick.will_leave_short"
    assert bench.scan("PW-REACH").code == "pick.done"
    assert short_picks(database) == [(1, "reach", "later")]
    assert database.read(lambda s: s.scalars(select(CountTask.id)).all()) == []  # the goods are there, only too high
    assert fulfillment(database).state is FulfillmentState.EXCEPTION
    assert database.read(lambda s: build.balance(s, site, "CUP", "B-01-1")) == (14, 0)


def test_an_order_that_may_ship_in_parts_goes_on_and_its_rest_waits_for_stock(
    database: Database, site: build.Site
) -> None:
    bench = at_shelf(database, site, in_parts=True)
    bench.scans("CUP", "CUP", "PW-SHORT", "PW-OK", "PW-EMPTY")
    assert fulfillment(database).state is FulfillmentState.PICKED
    holds = database.read(lambda s: [(h.kind, h.detail) for h in s.scalars(select(Hold))])
    assert holds == [("stock", "CUP 1")]
    database.write(lambda s: build.stock(s, site, "CUP", "B-01-1", 5))
    served = database.write(lambda s: allocate_waiting(s, site.at(60), [site.products["CUP"]]))
    assert len(served.allocated) == 1
    assert database.read(lambda s: build.balance(s, site, "CUP", "B-01-1")) == (5, 1)


def test_when_nothing_at_all_is_found_of_a_part_it_ships_nothing_and_frees_its_tote(
    database: Database, site: build.Site
) -> None:
    bench = at_shelf(database, site, in_parts=True)
    bench.scans("PW-SHORT", "PW-0")
    assert bench.scan("PW-1").code == "pick.done"  # key 1 is the first reason
    assert short_picks(database) == [(3, "empty", "elsewhere")]
    assert fulfillment(database).state is FulfillmentState.CANCELLED
    assert database.read(lambda s: s.scalars(select(Order.state)).one()) is OrderState.BACKORDERED
    assert database.read(lambda s: s.scalars(select(ToteUse.closed_at)).all()) != [None]


def test_part_of_what_is_missing_is_elsewhere(database: Database, site: build.Site) -> None:
    bench = at_shelf(database, site, elsewhere=1)
    bench.scans("PW-SHORT", "PW-1")
    short = bench.scan("PW-OTHER")
    assert (short.code, dict(short.values)["missing"], dict(short.values)["fetched"]) == ("pick.short_parked", 2, 1)
    assert bench.scans("B-01-1", "CUP").code == "pick.done"
    assert (fulfillment(database).state, fulfillment(database).state_before_exception) == (
        FulfillmentState.EXCEPTION,
        "picked",
    )


def test_found_after_all_changes_nothing(database: Database, site: build.Site) -> None:
    bench = at_shelf(database, site)
    bench.scans("PW-SHORT", "PW-2")
    assert bench.scan("PW-FOUND").code == "pick.found_after_all"
    assert bench.step == "item"
    bench.scans("PW-SHORT", "PW-2", "PW-BACK")
    assert bench.step == "count"
    bench.scan("PW-BACK")
    assert bench.step == "item"
    assert short_picks(database) == []
    assert bench.scans("CUP", "CUP", "CUP").code == "pick.done"


def test_the_item_scanned_again_corrects_the_count(database: Database, site: build.Site) -> None:
    bench = at_shelf(database, site)
    bench.scans("PW-SHORT", "PW-0")
    counted = bench.scan("CUP")
    assert isinstance(counted.work, PickWork)
    assert (counted.code, counted.work.step, counted.work.found) == ("pick.counted", "reason", 1)
    bench.scans("CUP", "CUP")
    assert short_picks(database) == []
    assert database.read(lambda s: s.scalars(select(PickList.state)).one()) is PickListState.DONE


def test_counts_that_cannot_be_are_refused(database: Database, site: build.Site) -> None:
    bench = at_shelf(database, site)
    bench.scans("CUP", "CUP", "PW-SHORT")
    assert bench.scan("PW-1").code == "pick.fewer_than_scanned"
    assert bench.scan("PW-9").code == "pick.more_than_wanted"
    assert bench.type("two").code == "pick.number_wanted"
    assert bench.type("2").code == "pick.why_missing"
    assert bench.scan("PW-ELSE").code == "pick.none_elsewhere"
    assert bench.scan("PW-3").code == "pick.done"
    assert short_picks(database) == [(1, "other", "elsewhere")]


def test_many_are_counted_digit_by_digit(database: Database, site: build.Site) -> None:
    bench = at_shelf(database, site, wanted=25, elsewhere=30)
    bench.scans("PW-SHORT", "PW-1")
    assert dict(bench.scan("PW-2").values) == {"found": 12, "quantity": 25}
    assert dict(bench.scan("PW-OK").values)["missing"] == 13
    assert dict(bench.scan("PW-EMPTY").values)["fetched"] == 13
    assert moves(database, "pick") == [("CUP", 12, "A-01-1", "T-1")]


def test_a_short_stop_of_several_totes_asks_for_the_tote_of_what_was_found(
    database: Database, site: build.Site
) -> None:
    def make(session: Session) -> int:
        build.stock(session, site, "CUP", "A-01-1", 5)
        orders = [build.add_order(session, site, [("CUP", count)]) for count in (3, 2)]
        walk = floor.release(session, site, [floor.promise_all(session, site, order.id) for order in orders])
        build.stock(session, site, "CUP", "A-02-1", 5)
        return walk

    bench = floor.pick_bench(database, site)
    bench.scans(f"PL-{database.write(make):04}", "T-1", "T-2", "A-01-1", "PW-SHORT", "PW-2")
    short = bench.scan("PW-EMPTY")
    assert (short.code, bench.step) == ("pick.short_fetch", "tote")
    assert bench.scan("T-2").code == "pick.wrong_tote"
    assert bench.scans("PW-OK", "T-1").code == "pick.stop_done"
    bench.scans("PW-SHORT", "PW-0", "PW-EMPTY")
    assert bench.step == "shelf"
    assert bench.scans("A-02-1", "CUP").code == "pick.put_into"
    assert bench.scans("T-1", "CUP", "CUP").code == "pick.put_into"
    assert bench.scan("T-2").code == "pick.done"
    assert database.read(lambda s: build.balance(s, site, "CUP", "T-1")) == (3, 3)
    assert database.read(lambda s: build.balance(s, site, "CUP", "T-2")) == (2, 2)


def test_a_place_that_waits_to_be_counted_is_not_offered(database: Database, site: build.Site) -> None:
    bench = at_shelf(database, site, elsewhere=14)
    doubtful = CountTask(
        location_id=site.places["B-01-1"], product_id=site.products["CUP"], reason="short_pick", ordered_at=build.NOW
    )
    database.write(lambda s: s.add(doubtful))
    shown = bench.scans("PW-SHORT", "PW-2")
    assert isinstance(shown.work, PickWork)
    assert (shown.work.elsewhere, shown.work.elsewhere_free) == ("", 0)


def test_acknowledging_a_wrong_scan_does_not_confirm_the_count(database: Database, site: build.Site) -> None:
    bench = at_shelf(database, site)
    bench.scans("PW-SHORT", "LAMP")
    assert bench.scan("PW-OK").code == "station.acknowledged"
    assert bench.step == "count"
    assert bench.scan("PW-OK").code == "pick.why_missing"


def test_two_pickers_never_get_the_same_last_unit(database: Database, site: build.Site) -> None:
    def make(session: Session) -> list[int]:
        walks = []
        for place in ("A-01-1", "A-02-1"):
            build.stock(session, site, "CUP", place, 1)
            order = build.add_order(session, site, [("CUP", 1)])
            walks.append(floor.release(session, site, [floor.promise_all(session, site, order.id)]))
        build.stock(session, site, "CUP", "B-01-1", 1)
        return walks

    walks = database.write(make)
    benches = [floor.pick_bench(database, site, name) for name in ("Ann", "Ben")]
    for bench, walk, tote in zip(benches, walks, ("T-1", "T-2"), strict=True):
        bench.scans(f"PL-{walk:04}", tote, "PW-SHORT", "PW-0")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda bench: bench.scan("PW-EMPTY"), benches))
    assert sorted(answer.code for answer in answers) == ["pick.done", "pick.short_fetch"]
    assert database.read(lambda s: build.balance(s, site, "CUP", "B-01-1")) == (1, 1)
    states = database.read(lambda s: sorted(s.scalars(select(Fulfillment.state)).all()))
    assert states == [FulfillmentState.EXCEPTION, FulfillmentState.RELEASED]


def test_undo_of_what_was_found_opens_the_stop_again(database: Database, site: build.Site) -> None:
    def make(session: Session) -> int:
        build.stock(session, site, "CUP", "A-01-1", 2)
        build.stock(session, site, "LAMP", "A-02-1", 1)
        order = build.add_order(session, site, [("CUP", 2)])
        other = build.add_order(session, site, [("LAMP", 1)])
        return floor.release(session, site, [floor.promise_all(session, site, one.id) for one in (order, other)])

    bench = floor.pick_bench(database, site)
    bench.scans(f"PL-{database.write(make):04}", "T-1", "T-2", "A-01-1", "CUP", "PW-SHORT", "PW-OK", "PW-EMPTY")
    assert tasks(database)[0] == (2, 1, 1, PickTaskState.SHORT)
    assert bench.scan("PW-UNDO").code == "pick.undone"
    assert tasks(database)[0] == (2, 0, 1, PickTaskState.OPEN)
    states = database.read(
        lambda s: s.execute(
            select(Fulfillment.state, Fulfillment.state_before_exception).order_by(Fulfillment.id)
        ).all()
    )
    assert [tuple(row) for row in states] == [("exception", "picking"), ("released", "")]
    assert bench.scan("CUP").code == "pick.put_into"
    assert tasks(database)[0] == (2, 1, 1, PickTaskState.SHORT)
