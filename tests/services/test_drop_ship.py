"""Suppliers ship for us: asked once, answered, shipped without touching our stock; a refusal is sourced anew."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.outcomes import Outcome
from app.domain.states import FulfillmentState, OrderState, Role, SupplierRequestState, WarehouseKind
from app.models.database import Database
from app.models.demand import Order
from app.models.fulfillment import Fulfillment
from app.models.outbox import OutboxMessage
from app.models.shipping import Label
from app.models.supply import SupplierRequest
from app.models.warehouses import Warehouse
from app.queries.search import search_orders
from app.queries.supplier_requests import (
    request_lines,
    supplier_request,
    supplier_requests,
    suppliers_wait,
    waits_to_be_asked,
)
from app.services import drop_ship
from app.services.allocate import allocate_ready
from app.services.cancel import cancel_order
from app.services.holds import place_hold
from app.services.release import release
from tests.services import stock_builders as build
from tests.services.pick_site import moves


@dataclass(frozen=True, slots=True)
class House:
    """Our site, and a supplier who has cups."""

    site: build.Site
    supplier_id: int


def with_supplier(session: Session) -> House:
    site = build.build_site(session, ("CUP", "LAMP"))
    supplier = Warehouse(code="SUP", name="Potter & Sons", kind=WarehouseKind.SUPPLIER)
    session.add(supplier)
    session.flush()
    told = drop_ship.tell_stock(session, site.actor, supplier.id, site.products["CUP"], 10)
    assert (told.code, told.values["quantity"]) == ("supplier.stock", 10)
    return House(site, supplier.id)


@pytest.fixture
def house(database: Database) -> House:
    return database.write(with_supplier)


def ordered(database: Database, house: House, *lines: tuple[str, int], in_parts: bool = False) -> int:
    """An order that was allocated; its id."""

    def work(session: Session) -> int:
        order = build.add_order(session, house.site, list(lines) or [("CUP", 3)], in_parts=in_parts)
        allocate_ready(session, house.site.actor, 10)
        session.execute(text("INSERT INTO order_search (order_id, words) VALUES (:id, '')"), {"id": order.id})
        return order.id

    return database.write(work)


def asked(database: Database, house: House) -> tuple[int, ...]:
    return database.write(lambda s: drop_ship.ask_suppliers(s, house.site.actor))


def order_state(database: Database, order_id: int) -> OrderState:
    return database.read(lambda s: s.get_one(Order, order_id).state)


def parts(database: Database, order_id: int) -> list[tuple[int, FulfillmentState]]:
    rows = select(Fulfillment.warehouse_id, Fulfillment.state).where(Fulfillment.order_id == order_id)
    return [(row[0], row[1]) for row in database.read(lambda s: s.execute(rows.order_by(Fulfillment.id)).all())]


def messages(database: Database) -> list[tuple[str, str]]:
    rows = select(OutboxMessage.key, OutboxMessage.topic).order_by(OutboxMessage.id)
    return [(row[0], row[1]) for row in database.read(lambda s: s.execute(rows).all())]


def test_a_supplier_is_asked_once_with_what_he_must_know(database: Database, house: House) -> None:
    order_id = ordered(database, house)
    assert parts(database, order_id) == [(house.supplier_id, FulfillmentState.ALLOCATED)]
    assert database.read(waits_to_be_asked) == 1
    released = database.write(lambda s: release(s, house.site.actor, warehouse_id=house.supplier_id))
    assert released.wave_id is None  # nobody walks there
    (request_id,) = asked(database, house)
    assert asked(database, house) == ()
    assert parts(database, order_id) == [(house.supplier_id, FulfillmentState.RELEASED)]
    assert order_state(database, order_id) is OrderState.IN_FULFILLMENT
    assert messages(database) == [(f"supplier.request:{request_id}", "supplier.request")]
    payload = database.read(lambda s: s.scalars(select(OutboxMessage.payload)).one())
    assert payload["lines"] == [{"sku": "CUP", "name": "Cup", "quantity": 3}]
    assert (payload["supplier"], payload["order"]) == ("SUP", "#1000")
    assert isinstance(payload["ship_to"], dict)
    assert payload["ship_to"]["postcode"] == "LS1 1AA"
    (row,) = database.read(supplier_requests)
    assert (row.state, row.supplier, row.number, row.told) == (
        SupplierRequestState.ASKED, "Potter & Sons", "#1000", False,
    )  # fmt: skip
    assert database.write(lambda s: drop_ship.mark_told(s, house.site.actor, [request_id])) == 1
    assert database.read(supplier_requests)[0].told is True


def test_what_he_ships_ends_the_order_and_leaves_our_stock_alone(database: Database, house: House) -> None:
    database.write(lambda s: build.stock(s, house.site, "LAMP", "A-01-1", 4))
    order_id = ordered(database, house)
    (request_id,) = asked(database, house)

    def ships(session: Session) -> list[str]:
        actor = house.site.at(5)
        return [
            drop_ship.confirm_request(session, actor, request_id).code,
            drop_ship.confirm_request(session, actor, request_id).code,
            drop_ship.request_shipped(session, actor, request_id, "Parcels4U", " ").code,
            drop_ship.request_shipped(session, actor, request_id, "Parcels4U", "P4U-77").code,
            drop_ship.request_shipped(session, actor, request_id, "Parcels4U", "P4U-78").code,
        ]

    assert database.write(ships) == [
        "supplier.confirmed", "supplier.is.confirmed", "supplier.tracking_wanted", "supplier.shipped",
        "supplier.is.shipped",
    ]  # fmt: skip
    assert order_state(database, order_id) is OrderState.SHIPPED
    assert parts(database, order_id) == [(house.supplier_id, FulfillmentState.SHIPPED)]
    assert moves(database, "ship") == [("CUP", 3, f"SR-{request_id}", "CUSTOMER")]
    assert database.read(lambda s: build.balance(s, house.site, "LAMP", "A-01-1")) == (4, 0)
    label = database.read(lambda s: s.execute(select(Label.carrier, Label.tracking_number, Label.state)).one())
    assert tuple(label) == ("Parcels4U", "P4U-77", "handed_over")
    part = database.read(lambda s: s.scalars(select(Fulfillment.id)).one())
    assert messages(database)[-1] == (f"channel.shipped:{part}", "channel.shipped")
    assert list(database.read(lambda s: search_orders(s, "P4U-77"))) == [order_id]


def test_a_refusal_is_sourced_from_somebody_else(database: Database, house: House) -> None:
    order_id = ordered(database, house)
    (request_id,) = asked(database, house)
    database.write(lambda s: build.stock(s, house.site, "CUP", "A-01-1", 3))
    refused = database.write(lambda s: drop_ship.request_refused(s, house.site.actor, request_id, "Sold out"))
    assert refused.code == "supplier.refused_resourced"
    assert parts(database, order_id) == [
        (house.supplier_id, FulfillmentState.CANCELLED), (house.site.warehouse_id, FulfillmentState.ALLOCATED),
    ]  # fmt: skip
    assert order_state(database, order_id) is OrderState.ALLOCATED
    assert moves(database, "adjustment")[-1] == ("CUP", 10, "STOCK", "ADJUSTMENT")
    row = database.read(lambda s: s.get_one(SupplierRequest, request_id).reason)
    assert row == "Sold out"
    assert asked(database, house) == ()


def test_a_refusal_that_nobody_can_mend_waits_for_stock(database: Database, house: House) -> None:
    order_id = ordered(database, house)
    (request_id,) = asked(database, house)

    def refuse(session: Session, why: str) -> Outcome:
        return drop_ship.request_refused(session, house.site.actor, request_id, why)

    assert database.write(lambda s: refuse(s, " ")).code == "supplier.reason_wanted"
    assert database.write(lambda s: refuse(s, "Sold out")).code == "supplier.refused"
    assert order_state(database, order_id) is OrderState.BACKORDERED
    again = database.write(
        lambda s: drop_ship.tell_stock(s, house.site.actor, house.supplier_id, house.site.products["CUP"], 5)
    )
    assert again.values["served"] == 1
    assert len(asked(database, house)) == 1


def test_our_own_goods_come_first_and_an_order_may_come_from_both(database: Database, house: House) -> None:
    database.write(lambda s: build.stock(s, house.site, "LAMP", "A-01-1", 1))
    order_id = ordered(database, house, ("LAMP", 1), ("CUP", 2))
    assert sorted(parts(database, order_id)) == [
        (house.site.warehouse_id, FulfillmentState.ALLOCATED), (house.supplier_id, FulfillmentState.ALLOCATED),
    ]  # fmt: skip
    (request_id,) = asked(database, house)
    shown = database.read(lambda s: supplier_request(s, request_id))
    assert shown is not None
    lines = database.read(lambda s: request_lines(s, shown))
    assert [(line.sku, line.quantity) for line in lines] == [("CUP", 2)]
    database.write(lambda s: drop_ship.request_shipped(s, house.site.actor, request_id, "", "T1"))
    assert order_state(database, order_id) is OrderState.PARTLY_SHIPPED


def test_what_is_on_hold_is_not_asked_for_nor_shipped(database: Database, house: House) -> None:
    order_id = ordered(database, house)
    database.write(lambda s: place_hold(s, house.site.actor, order_id, "Look at it"))
    assert asked(database, house) == ()
    database.write(lambda s: s.execute(text("UPDATE holds SET released_at = 1")))
    (request_id,) = asked(database, house)
    database.write(lambda s: place_hold(s, house.site.actor, order_id, "Look at it again"))
    held = database.write(lambda s: drop_ship.request_shipped(s, house.site.actor, request_id, "", "T1"))
    assert held.code == "supplier.held"


def test_what_was_cancelled_meanwhile_is_told_to_the_supplier(database: Database, house: House) -> None:
    order_id = ordered(database, house)
    (request_id,) = asked(database, house)
    database.write(lambda s: cancel_order(s, house.site.actor, order_id, "Changed his mind"))
    assert database.read(supplier_requests)[0].ended is True
    late = database.write(lambda s: drop_ship.request_shipped(s, house.site.actor, request_id, "", "T1"))
    assert late.code == "supplier.is.cancelled"
    assert database.read(suppliers_wait) is True
    asked(database, house)
    assert database.read(suppliers_wait) is False
    assert messages(database)[-1] == (f"supplier.cancelled:{request_id}", "supplier.cancelled")
    assert database.read(supplier_requests) == ()


def test_his_stock_is_never_less_than_is_promised_and_not_for_everybody_to_tell(
    database: Database, house: House
) -> None:
    ordered(database, house)
    packer = replace(house.site.actor, role=Role.PACKER)

    def tell(session: Session) -> list[str]:
        cup, own = house.site.products["CUP"], house.site.warehouse_id
        return [
            drop_ship.tell_stock(session, house.site.actor, house.supplier_id, cup, 2).code,
            drop_ship.tell_stock(session, house.site.actor, own, cup, 2).code,
            drop_ship.tell_stock(session, packer, house.supplier_id, cup, 9).code,
            drop_ship.tell_stock(session, house.site.actor, house.supplier_id, cup, 3).code,
        ]

    assert database.write(tell) == [
        "supplier.promised", "supplier.no_supplier", "office.not_permitted", "supplier.stock",
    ]  # fmt: skip
