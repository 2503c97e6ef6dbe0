"""Where a scan leads while nothing is open, and what the commands of an idle station do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Place, Result, Sound
from app.domain.states import OrderState, PackageState, Role
from app.models.database import Database
from app.models.demand import Order
from app.models.fulfillment import Cart, PickList, ToteUse
from app.models.people import StationSession
from app.models.shipping import Package
from app.services.cancel import cancel_order
from app.services.desk import STOCK_KINDS
from app.services.hand_over import ship_packages
from app.services.opening import StationOpening, may_enter
from app.services.pack import PackDesk
from app.services.pack_open import PackOpening
from app.services.pick.desk import PickDesk
from app.services.returning.desk import ReturnDesk
from app.services.settings_store import AT_TRUCK, FloorSettings
from app.services.station import WorkDesk
from app.services.stock_desk import StockDesk
from tests.services import floor_builders as floor
from tests.services import stock_builders as build


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def bench_at(database: Database, site: build.Site, place: Place, name: str = "", role: Role = Role.LEAD) -> floor.Bench:
    """A whole station that stands at a place."""
    pick, returns, stock = PickDesk(), ReturnDesk(), StockDesk()
    desks: dict[str, WorkDesk] = {"fulfillment": PackDesk("own"), "pick_list": pick, "return": returns}
    desks |= dict.fromkeys(STOCK_KINDS, stock)
    opening = StationOpening(pick, PackOpening("own"), returns, stock)
    return floor.add_bench(database, site, desks, opening, name=name, role=role, place=place)


def a_walk(session: Session, site: build.Site) -> int:
    build.stock(session, site, "CUP", "A-01-1", 5)
    order = build.add_order(session, site, [("CUP", 1)])
    return floor.release(session, site, [floor.promise_all(session, site, order.id)])


def a_parcel(session: Session, site: build.Site) -> int:
    """A labelled parcel of order #1000 that has not left."""
    build.stock(session, site, "CUP", "A-01-1", 5)
    order = build.add_order(session, site, [("CUP", 2)])
    return build.pack_all(session, site, floor.promise_all(session, site, order.id)).id


def test_a_product_and_a_shelf_are_looked_up_in_stock(database: Database, site: build.Site) -> None:
    bench = bench_at(database, site, Place.PACK)
    product = bench.scan("CUP")
    assert (product.result, product.code, product.place) == (Result.NAVIGATE, "opening.product", Place.STOCK)
    assert dict(product.values) == {"product_id": site.products["CUP"], "sku": "CUP"}
    shelf = bench.scan("A-01-1")
    assert (shelf.code, shelf.place) == ("opening.location", Place.STOCK)
    assert dict(shelf.values) == {"location_id": site.places["A-01-1"], "location": "A-01-1"}
    assert bench.scan("NOBODY").code == "station.unknown_code"


def test_a_walk_is_picked_then_packed_whatever_is_scanned_of_it(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: a_walk(s, site))
    bench = bench_at(database, site, Place.ORDERS)
    opened = bench.scan(f"PL-{walk:04}")
    assert (opened.code, opened.place) == ("pick.opened_totes", Place.PICK)
    bench.scans("T-1", "A-01-1", "PW-ASIDE")
    assert bench.scan("T-1").code == "pick.resumed"
    bench.scan("PW-ASIDE")
    assert bench.scan("PW-RESUM").code == "opening.nothing_to_resume"
    bench.scans("T-1", "A-01-1")
    assert bench.scan("CUP").code == "pick.done"
    packing = bench.scan("T-1")
    assert (packing.result, packing.code, packing.place) == (Result.NAVIGATE, "pack.opened", Place.PACK)
    bench.scan("PW-BACK")
    assert bench.scan(f"PL-{walk:04}").code == "pack.opened"


def test_a_cart_opens_its_walk_and_later_what_it_brought(database: Database, site: build.Site) -> None:
    database.write(lambda s: a_walk(s, site))
    database.write(lambda s: s.add(Cart(warehouse_id=site.warehouse_id, code="C-03", slots=6)))
    bench = bench_at(database, site, Place.PICK)
    assert bench.scan("C-03").code == "pick.opened_totes"
    assert bench.scans("T-1", "A-01-1", "CUP").code == "pick.done"
    assert bench.scan("C-03").code == "pack.opened"


def test_an_order_goes_where_the_station_stands(database: Database, site: build.Site) -> None:
    package = database.write(lambda s: a_parcel(s, site))
    database.write(lambda s: ship_packages(s, site.actor, [package]))
    orders = bench_at(database, site, Place.ORDERS, "Ann")
    shown = orders.scan("#1000")
    order_id = database.read(lambda s: s.scalars(select(Order.id)).one())
    assert (shown.code, dict(shown.values)) == ("opening.order", {"order_id": order_id, "number": "#1000"})
    back = bench_at(database, site, Place.RETURNS, "Ben")
    for code in ("#1000", "F-0001", "P-0001", "PW0000000001", "RMA-0001"):
        opened = back.scan(code)
        assert (opened.code, opened.place) == ("returns.opened", Place.RETURNS), code
        back.scan("PW-ASIDE")
    bench = bench_at(database, site, Place.PACK, "Cid")
    assert bench.scan("#1000").code == "pack.already_shipped"
    assert bench.scan("RMA-0001").place is Place.RETURNS


def test_two_orders_of_the_same_number_are_asked_for(database: Database, site: build.Site) -> None:
    def twins(session: Session) -> None:
        build.stock(session, site, "CUP", "A-01-1", 5)
        for _ in range(2):
            order = build.add_order(session, site, [("CUP", 1)])
            order.number = "#77"
            session.flush()
            floor.promise_all(session, site, order.id)

    database.write(twins)
    bench = bench_at(database, site, Place.PACK)
    asked = bench.scan("#77")
    assert (asked.result, asked.code, asked.sound) == (Result.ASK, "station.which", Sound.ATTENTION)
    assert [(choice.key, choice.kind, choice.detail) for choice in asked.choices] == [
        ("1", "order", "Shop, Ada Stone, Leeds"),
        ("2", "order", "Shop, Ada Stone, Leeds"),
    ]
    assert bench.scan("PW-2").code == "pack.opened"


def test_a_tote_of_a_cancelled_order_is_put_back_first(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: a_walk(s, site))
    bench = bench_at(database, site, Place.PACK)
    bench.scans(f"PL-{walk:04}", "T-1", "A-01-1", "CUP")
    order_id = database.read(lambda s: s.scalars(select(Order.id)).one())
    database.write(lambda s: cancel_order(s, site.actor, order_id, "customer called"))
    back = bench.scan("T-1")
    assert (back.code, back.place) == ("stock_desk.put_back", Place.STOCK)
    assert bench.scans("CUP", "A-01-1").code == "stock_desk.all_put_back"
    assert database.read(lambda s: [use.closed_at is None for use in s.scalars(select(ToteUse))]) == [False]
    assert bench.scan("T-1").code == "opening.location"


def test_parcels_leave_by_cage_and_truck(database: Database, site: build.Site) -> None:
    package = database.write(lambda s: a_parcel(s, site))
    bench = bench_at(database, site, Place.PACK)
    bench.settings = replace(FloorSettings(), handover=AT_TRUCK)
    assert bench.scan("PW-TRUCK").code == "opening.cage_first"
    taken = bench.scan("PW0000000001")
    assert (taken.code, dict(taken.values)) == ("opening.parcel", {"number": "#1000", "parcel": 1})
    assert bench.scan("CAGE-1").code == "hand_over.in_cage"
    cage = bench.scan("CAGE-1")
    assert (cage.code, dict(cage.values)) == ("opening.cage", {"cage": "CAGE-1", "parcels": 1})
    assert bench.scan("PW-TRUCK").code == "hand_over.truck"
    assert database.read(lambda s: s.get_one(Package, package).state) is PackageState.HANDED_OVER
    assert database.read(lambda s: s.scalars(select(Order.state)).one()) is OrderState.SHIPPED
    assert bench.scan("PW-TRUCK").code == "opening.cage_first"


def test_one_parcel_leaves_without_a_cage(database: Database, site: build.Site) -> None:
    database.write(lambda s: a_parcel(s, site))
    bench = bench_at(database, site, Place.PACK)
    bench.settings = replace(FloorSettings(), handover=AT_TRUCK)
    assert bench.scans("P-0001", "PW-TRUCK").code == "hand_over.parcel"


def test_places_are_reached_by_their_codes_also_while_work_is_open(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: a_walk(s, site))
    bench = bench_at(database, site, Place.PACK)
    there = bench.scan("PW-STOCK")
    assert (there.result, there.code, there.place) == (Result.NAVIGATE, "opening.place", Place.STOCK)
    bench.scans(f"PL-{walk:04}", "PW-ORDER")
    assert (bench.work_kind, place_of(database, bench)) == ("pick_list", Place.ORDERS)
    assert bench.scan("PW-HOME").place is Place.PICK
    assert bench.scan("T-1").code == "pick.totes_ready"
    assert bench.scan("PW-FLOOR").place is Place.FLOOR


def place_of(database: Database, bench: floor.Bench) -> Place:
    return database.read(lambda s: s.get_one(StationSession, bench.floor.station_id).place)


def test_home_and_places_follow_the_role(database: Database, site: build.Site) -> None:
    packer = bench_at(database, site, Place.STOCK, "Tom", Role.PACKER)
    assert packer.scan("PW-HOME").place is Place.PACK
    assert packer.scan("PW-RTN").code == "opening.not_your_place"
    assert packer.scan("PW-FLOOR").code == "opening.not_your_place"
    assert [may_enter(Role.OFFICE, place) for place in (Place.PACK, Place.RETURNS, Place.OFFICE)] == [False, True, True]


def test_start_resume_and_stock_work_begin_by_command(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: a_walk(s, site))
    bench = bench_at(database, site, Place.PICK)
    assert dict(bench.scan("PW-START").values)["code"] == f"PL-{walk:04}"
    bench.scan("PW-OUT")
    database.write(
        lambda s: setattr(s.get_one(StationSession, bench.floor.station_id), "operator_id", site.actor.operator_id)
    )
    assert bench.scan("PW-RESUM").code == "pick.resumed"
    bench.scan("PW-ASIDE")
    assert [bench.scans(code, "PW-CLOSE").code for code in ("PW-MOVE", "PW-RECV", "PW-COUNT")] == [
        "stock_desk.ended"
    ] * 3
    assert bench.scan("PW-REPRINT").code == "pack.nothing_to_reprint"
    assert bench.scan("PW-GR-A").code == "station.no_meaning_here"


def test_a_list_that_everybody_packed_from_the_shelf_leads_to_the_bench(database: Database, site: build.Site) -> None:
    walk = database.write(lambda s: a_walk(s, site))
    bench = bench_at(database, site, Place.PACK)
    assert bench.scan("F-0001").code == "pack.opened"
    bench.scan("CUP")
    assert database.read(lambda s: s.get_one(PickList, walk).state) == "done"
    assert bench.scan("F-0001").place is Place.PACK
