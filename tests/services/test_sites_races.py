"""Two people do the same with a transfer, a supplier's request or what is collected, at the same moment."""

from __future__ import annotations

from app.domain.outcomes import Outcome
from app.models.database import Database
from app.services import drop_ship, pick_up, transfers
from app.services import transfers_goods as goods
from app.services.allocate import allocate_ready
from app.services.release import release
from tests.services import floor_builders as floor
from tests.services import stock_builders as build
from tests.services.test_drop_ship import with_supplier
from tests.services.test_pick_up import Shop, picked_order, walk
from tests.services.test_pick_up import bench as counter
from tests.services.test_races import Beside
from tests.services.test_races import shared as shared
from tests.services.test_transfers import planned, two_sites


def code_of(second: Beside) -> str:
    assert isinstance(second.answer, Outcome)
    return second.answer.code


def test_the_last_unit_that_a_transfer_wants_is_picked_once(shared: Database) -> None:
    two = shared.write(two_sites)
    number = planned(shared, two, CUP=1)
    cup, shelf = two.here.products["CUP"], two.here.places["A-01-1"]
    with shared.writing() as first:
        one = goods.pick_into(first, two.here.actor, number, cup, shelf, 1)
        second = Beside(lambda: shared.write(lambda s: goods.pick_into(s, two.here.actor, number, cup, shelf, 1)))
        second.waits_for_a_lock(shared)
    assert (one.code, code_of(second)) == ("transfer.all_in", "transfer.too_many")
    assert shared.read(lambda s: build.balance(s, two.here, "CUP", "A-01-1")) == (7, 0)


def test_a_transfer_leaves_once(shared: Database) -> None:
    two = shared.write(two_sites)
    number = planned(shared, two, CUP=2)
    cup, shelf = two.here.products["CUP"], two.here.places["A-01-1"]
    shared.write(lambda s: goods.pick_into(s, two.here.actor, number, cup, shelf, 2))
    with shared.writing() as first:
        one = transfers.send_transfer(first, two.here.actor, number)
        second = Beside(lambda: shared.write(lambda s: transfers.send_transfer(s, two.here.actor, number)))
        second.waits_for_a_lock(shared)
    assert (one.code, code_of(second)) == ("transfer.sent", "transfer.is.sent")


def test_what_the_supplier_shipped_is_not_refused_at_the_same_moment(shared: Database) -> None:
    house = shared.write(with_supplier)

    shared.write(lambda s: build.add_order(s, house.site, [("CUP", 2)]).id)
    shared.write(lambda s: allocate_ready(s, house.site.actor, 10))
    (request,) = shared.write(lambda s: drop_ship.ask_suppliers(s, house.site.actor))
    with shared.writing() as first:
        one = drop_ship.request_shipped(first, house.site.actor, request, "Van", "T-1")
        second = Beside(
            lambda: shared.write(lambda s: drop_ship.request_refused(s, house.site.actor, request, "Sold out"))
        )
        second.waits_for_a_lock(shared)
    assert (one.code, code_of(second)) == ("supplier.shipped", "supplier.is.shipped")


def test_an_order_is_handed_out_once(shared: Database) -> None:
    shop: Shop = shared.write(picked_order)
    station: floor.Bench = counter(shared, shop)
    walk(shared, shop, station)
    station.scans("T-1", "B-01-1")
    with shared.writing() as first:
        one = pick_up.hand_out(first, shop.site.actor, shop.fulfillment_id, "")
        second = Beside(lambda: shared.write(lambda s: pick_up.hand_out(s, shop.site.actor, shop.fulfillment_id, "")))
        second.waits_for_a_lock(shared)
    assert (one.code, code_of(second)) == ("pick_up.fetched", "pick_up.not_ready")


def test_two_who_ask_suppliers_ask_once(shared: Database) -> None:
    house = shared.write(with_supplier)
    shared.write(lambda s: build.add_order(s, house.site, [("CUP", 2)]).id)
    shared.write(lambda s: allocate_ready(s, house.site.actor, 10))
    with shared.writing() as first:
        one = drop_ship.ask_suppliers(first, house.site.actor)
        second = Beside(lambda: shared.write(lambda s: drop_ship.ask_suppliers(s, house.site.actor)))
        second.waits_for_a_lock(shared)
    assert (len(one), second.answer) == (1, ())
    assert shared.write(lambda s: release(s, house.site.actor, warehouse_id=house.supplier_id)).wave_id is None
