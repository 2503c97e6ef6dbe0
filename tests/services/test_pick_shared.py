"""Walks that others change or share: taken over, cancelled, held, gone on after a restart."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Place, Result, Sound
from app.domain.states import FulfillmentState, HoldKind, PickTaskState, Role
from app.domain.work import PickWork
from app.models.database import Database
from app.models.demand import Hold
from app.models.fulfillment import Cart, Fulfillment, PickTask, ToteUse
from app.models.people import Claim, Operator
from app.models.stock import Location
from tests.services import floor_builders as floor
from tests.services import stock_builders as build
from tests.services.pick_site import moves, one_order, open_at_shelf, two_orders
from tests.services.pick_site import site as site


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
