"""Orders that are collected: set aside and handed out by scan, with the name checked; who does not come is listed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Place, Result, Sound
from app.domain.states import FulfillmentState, OrderState, PickUpState, Role, WarehouseKind
from app.domain.work import StockWork
from app.models.database import Database
from app.models.demand import Order
from app.models.fulfillment import Fulfillment
from app.models.shipping import Label
from app.models.supply import PickUp
from app.models.warehouses import Warehouse
from app.queries.pick_ups import coming, waiting
from app.services import pick_up
from app.services.allocate import allocate_ready
from app.services.desk import PICK_UP_KINDS
from app.services.holds import place_hold
from app.services.opening import StationOpening
from app.services.pack_open import PackOpening
from app.services.pick.desk import PickDesk
from app.services.pick_up_desk import PickUpDesk
from app.services.release import release
from app.services.returning.desk import ReturnDesk
from app.services.stock_desk import StockDesk
from tests.services import floor_builders as floor
from tests.services import stock_builders as build
from tests.services.test_pick import moves


@dataclass(frozen=True, slots=True)
class Shop:
    """A store with cups, and an order that is collected there."""

    site: build.Site
    order_id: int
    fulfillment_id: int


def picked_order(session: Session) -> Shop:
    """One order of two cups, released; the walk is not begun yet."""
    site = build.build_site(session, ("CUP",))
    session.get_one(Warehouse, site.warehouse_id).kind = WarehouseKind.STORE
    other = build.build_site(session, ("X",), "W2")
    build.stock(session, site, "CUP", "A-01-1", 5)
    build.stock(session, replace(other, products=site.products), "CUP", "A-01-1", 5)
    order = build.add_order(session, site, [("CUP", 2)])
    order.pick_up_at_id = site.warehouse_id
    session.flush()
    made = allocate_ready(session, site.actor, 10)
    assert len(made.fulfillment_ids) == 1
    return Shop(site, order.id, made.fulfillment_ids[0])


@pytest.fixture
def shop(database: Database) -> Shop:
    return database.write(picked_order)


def bench(database: Database, shop: Shop) -> floor.Bench:
    pick, collect = PickDesk(), PickUpDesk()
    opening = StationOpening(pick, PackOpening("own"), ReturnDesk(), StockDesk(), pick_ups=collect)
    desks = {"pick_list": pick, **dict.fromkeys(PICK_UP_KINDS, collect)}
    return floor.add_bench(database, shop.site, desks, opening, place=Place.STOCK)


def walk(database: Database, shop: Shop, station: floor.Bench) -> None:
    """Picks it into tote T-1."""
    made = database.write(lambda s: release(s, shop.site.actor, slots=1))
    station.scans(f"PL-{made.pick_list_ids[0]}", "T-1", "A-01-1", "CUP", "CUP")
    assert station.work_kind == ""


def state(database: Database, shop: Shop) -> FulfillmentState:
    return database.read(lambda s: s.get_one(Fulfillment, shop.fulfillment_id).state)


def test_it_is_set_aside_and_handed_out_by_scan_alone(database: Database, shop: Shop) -> None:
    station = bench(database, shop)
    walk(database, shop, station)
    assert state(database, shop) is FulfillmentState.PICKED
    (row,) = database.read(lambda s: coming(s, shop.site.warehouse_id))
    assert (row.number, row.who, row.ready) == ("#1000", "Ada Stone", False)
    opened = station.scan("T-1")
    assert (opened.result, opened.code, opened.place) == (Result.NAVIGATE, "pick_up.set_aside", Place.STOCK)
    assert isinstance(opened.work, StockWork)
    assert [(line.item.sku, line.on_hand) for line in opened.work.lines] == [("CUP", 2)]
    assert station.scan("T-2").code == "stock.not_a_shelf"
    aside = station.scan("B-01-1")
    assert (aside.code, aside.sound, dict(aside.values)["location"]) == ("pick_up.ready", Sound.COMPLETE, "B-01-1")
    assert state(database, shop) is FulfillmentState.PACKED
    assert database.read(lambda s: build.balance(s, shop.site, "CUP", "B-01-1")) == (2, 2)
    (row,) = database.read(lambda s: waiting(s, shop.site.warehouse_id))
    assert (row.place, row.fetch_by) == ("B-01-1", station.now + timedelta(days=pick_up.DAYS))

    ask = station.scan("#1000")
    assert (ask.result, ask.code, dict(ask.values)["name"]) == (Result.NAVIGATE, "pick_up.hand_out", "Ada Stone")
    assert station.scan("CUP").code == "stock_desk.still_open"
    station.scan("PW-OK")  # answers the scan that was refused, and gives nothing
    assert state(database, shop) is FulfillmentState.PACKED
    given = station.scan("PW-OK")
    assert (given.code, given.sound, station.work_kind) == ("pick_up.fetched", Sound.COMPLETE, "")
    assert state(database, shop) is FulfillmentState.SHIPPED
    assert database.read(lambda s: s.get_one(Order, shop.order_id).state) is OrderState.SHIPPED
    number = database.read(lambda s: s.scalars(select(PickUp.id)).one())
    assert moves(database, "ship") == [("CUP", 2, f"PU-{number}", "CUSTOMER")]
    label = database.read(lambda s: s.execute(select(Label.carrier, Label.tracking_number)).one())
    assert tuple(label) == ("collected", "")
    fetched = database.read(lambda s: s.execute(select(PickUp.state, PickUp.fetched_by)).one())
    assert tuple(fetched) == (PickUpState.FETCHED, "Ada Stone")
    assert database.read(lambda s: waiting(s, shop.site.warehouse_id)) == ()


def test_somebody_else_fetches_it_under_his_own_name(database: Database, shop: Shop) -> None:
    station = bench(database, shop)
    walk(database, shop, station)
    station.scans("T-1", "B-01-1", f"F-{shop.fulfillment_id:04d}")
    assert station.type("Ben Hill").code == "pick_up.fetched"
    assert database.read(lambda s: s.scalars(select(PickUp.fetched_by)).one()) == "Ben Hill"


def test_what_is_on_hold_is_not_handed_out(database: Database, shop: Shop) -> None:
    station = bench(database, shop)
    walk(database, shop, station)
    station.scans("T-1", "B-01-1")
    database.write(lambda s: place_hold(s, shop.site.actor, shop.order_id, "Card was stolen"))
    held = station.scans("#1000", "PW-OK")
    assert (held.result, held.code) == (Result.REFUSED, "pick_up.held")
    assert state(database, shop) is FulfillmentState.PACKED


def test_who_does_not_come_is_listed_may_come_later_or_loses_it(database: Database, shop: Shop) -> None:
    station = bench(database, shop)
    walk(database, shop, station)
    station.scans("T-1", "B-01-1")
    until = database.read(lambda s: waiting(s, shop.site.warehouse_id))[0].fetch_by
    assert until is not None
    actor = replace(shop.site.actor, now=until + timedelta(days=1))
    longer = database.write(lambda s: pick_up.wait_longer(s, actor, shop.fulfillment_id))
    assert longer.code == "pick_up.longer"
    assert database.read(lambda s: waiting(s, shop.site.warehouse_id))[0].fetch_by == actor.now + timedelta(days=7)
    back = database.write(lambda s: pick_up.take_back(s, actor, shop.fulfillment_id, "Never came"))
    assert (back.code, dict(back.values)["location"]) == ("pick_up.taken_back", "B-01-1")
    assert database.read(lambda s: s.get_one(Order, shop.order_id).state) is OrderState.CANCELLED
    assert database.read(lambda s: build.balance(s, shop.site, "CUP", "B-01-1")) == (2, 0)
    assert database.read(lambda s: waiting(s, shop.site.warehouse_id)) == ()


def test_an_order_is_collected_where_somebody_says_until_it_is_picked(database: Database, shop: Shop) -> None:
    def to(store: int | None, role: Role = Role.OFFICE) -> str:
        actor = replace(shop.site.actor, role=role)
        return database.write(lambda s: pick_up.collect_at(s, actor, shop.order_id, store)).code

    def sites() -> list[tuple[str, FulfillmentState]]:
        rows = select(Warehouse.code, Fulfillment.state).join(Warehouse, Warehouse.id == Fulfillment.warehouse_id)
        return [(row[0], row[1]) for row in database.read(lambda s: s.execute(rows.order_by(Fulfillment.id)).all())]

    other = database.read(lambda s: s.scalars(select(Warehouse.id).where(Warehouse.code == "W2")).one())
    assert to(other, Role.PACKER) == "office.not_permitted"
    assert to(999) == "pick_up.no_store"
    assert to(other) == "pick_up.at"
    assert sites() == [("W1", FulfillmentState.CANCELLED), ("W2", FulfillmentState.ALLOCATED)]
    assert to(None) == "pick_up.sent"
    assert to(shop.site.warehouse_id) == "pick_up.at"
    assert sites()[-1] == ("W1", FulfillmentState.ALLOCATED)
    database.write(lambda s: release(s, shop.site.actor))
    assert to(other) == "pick_up.too_late"
