"""Allocation on a database: who is served, what waits, and that nobody is promised the same unit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.states import Condition, FulfillmentState, HoldKind, OrderState
from app.models.database import Database
from app.models.demand import Hold, Order
from app.models.fulfillment import Fulfillment
from app.models.stock import Location, StockBalance
from app.models.system import AuditEntry, ChangeLog
from app.services.allocate import AllocationResult, allocate_orders, allocate_ready, allocate_waiting
from app.services.order_states import refresh_orders
from tests.services import stock_builders as build

T = TypeVar("T")


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def allocate(database: Database, site: build.Site, limit: int = 100) -> AllocationResult:
    return database.write(lambda session: allocate_ready(session, site.actor, limit))


def order(database: Database, site: build.Site, *lines: tuple[str, int], **more: object) -> int:
    return database.write(lambda session: build.add_order(session, site, lines, **more).id)  # type: ignore[arg-type]


def put(database: Database, site: build.Site, sku: str, place: str, quantity: int, **more: object) -> int:
    return database.write(lambda session: build.stock(session, site, sku, place, quantity, **more))  # type: ignore[arg-type]


def see(database: Database, work: Callable[[Session], T]) -> T:
    return database.read(work)


def state(database: Database, order_id: int) -> OrderState:
    return see(database, lambda session: session.get_one(Order, order_id).state)


def holds(database: Database, order_id: int) -> list[tuple[HoldKind, str, bool]]:
    statement = select(Hold).where(Hold.order_id == order_id).order_by(Hold.id)
    return see(
        database, lambda session: [(h.kind, h.detail, h.released_at is None) for h in session.scalars(statement)]
    )


def promised(database: Database, order_id: int) -> list[tuple[str, int]]:
    """Where the promises of an order lie: (place, quantity)."""
    statement = text(
        "SELECT p.code, a.quantity FROM allocations a JOIN fulfillments f ON f.id = a.fulfillment_id "
        "JOIN stock_balances b ON b.id = a.balance_id JOIN locations p ON p.id = b.location_id "
        "WHERE f.order_id = :order AND a.state = 'open' ORDER BY a.id"
    )
    return see(database, lambda session: [tuple(row) for row in session.execute(statement, {"order": order_id})])


def test_a_whole_order_is_promised_in_one_fulfillment(database: Database, site: build.Site) -> None:
    put(database, site, "CUP", "A-01-1", 5)
    put(database, site, "LAMP", "B-01-1", 5)
    first = order(database, site, ("CUP", 2), ("LAMP", 1))
    result = allocate(database, site)
    assert (result.allocated, result.backordered, result.taken) == ((first,), (), 1)
    assert state(database, first) is OrderState.ALLOCATED
    assert promised(database, first) == [("A-01-1", 2), ("B-01-1", 1)]
    (row,) = see(database, lambda session: session.execute(select(*Fulfillment.__table__.columns)).all())
    assert (row.id, row.order_id, row.warehouse_id) == (result.fulfillment_ids[0], first, site.warehouse_id)
    assert (row.state, row.priority) == (FulfillmentState.ALLOCATED, 5)
    assert (row.leaves_at, row.created_at) == (build.NOW + timedelta(minutes=600), build.NOW)
    assert see(database, lambda session: build.balance(session, site, "CUP", "A-01-1")) == (5, 2)
    entry = see(database, lambda session: session.execute(select(AuditEntry.action, AuditEntry.detail)).one())
    assert tuple(entry) == ("orders.allocated", f'{{"allocated":[{first}],"backordered":[]}}')
    noted = see(database, lambda session: [(c.entity, c.entity_id) for c in session.scalars(select(ChangeLog))])
    assert noted == [("order", first), ("fulfillment", row.id)]
    assert allocate(database, site) == AllocationResult()


def test_priority_then_leaving_time_then_age(database: Database, site: build.Site) -> None:
    put(database, site, "CUP", "A-01-1", 3)
    late = order(database, site, ("CUP", 1), leaves_minutes=900)
    young = order(database, site, ("CUP", 1), leaves_minutes=300)
    urgent = order(database, site, ("CUP", 1), priority=1, leaves_minutes=900)
    same = order(database, site, ("CUP", 1), leaves_minutes=300)
    assert allocate(database, site, 1).allocated == (urgent,)
    result = allocate(database, site)
    assert (result.allocated, result.backordered) == ((young, same), (late,))


def test_only_what_may_be_sold_is_promised(database: Database, site: build.Site) -> None:
    with database.writing() as session:
        old = build.add_lot(session, site, "CUP", "OLD", build.NOW - timedelta(days=1))
        soon = build.add_lot(session, site, "CUP", "SOON", build.NOW + timedelta(days=9))
        late = build.add_lot(session, site, "CUP", "LATE", build.NOW + timedelta(days=90))
        session.add(Location(warehouse_id=site.warehouse_id, code="OFF", kind="shelf", active=False))
        session.flush()
        off = replace(site, places={**site.places, "OFF": session.scalar(select(Location.id).filter_by(code="OFF"))})
        build.stock(session, off, "CUP", "OFF", 9)
        build.stock(session, site, "CUP", "REC-1", 9)
        build.stock(session, site, "CUP", "Q-1", 9)
        build.stock(session, site, "CUP", "A-01-1", 9, condition=Condition.OPENED)
        build.stock(session, site, "CUP", "A-01-1", 9, lot_id=old)
        build.stock(session, site, "CUP", "A-01-1", 2, lot_id=late)
        build.stock(session, site, "CUP", "B-01-1", 2, lot_id=soon)
        build.stock(session, site, "CUP", "BULK-1", 1)
    first = order(database, site, ("CUP", 5))
    second = order(database, site, ("CUP", 1))
    result = allocate(database, site)
    assert (result.allocated, result.backordered) == ((first,), (second,))
    assert promised(database, first) == [("B-01-1", 2), ("A-01-1", 2), ("BULK-1", 1)]
    assert holds(database, second) == [(HoldKind.STOCK, "CUP 1", True)]
    assert state(database, second) is OrderState.BACKORDERED


def test_a_held_order_and_lines_that_need_no_shipping_are_left_alone(database: Database, site: build.Site) -> None:
    put(database, site, "CUP", "A-01-1", 5)
    held = order(database, site, ("CUP", 1), hold=HoldKind.PAYMENT)
    mixed = order(database, site, ("CUP", 1), ("SOAP", 1))
    database.write(lambda session: session.execute(text("UPDATE orders SET state = 'ready'")))
    database.write(lambda session: session.execute(text("UPDATE order_lines SET requires_shipping = (sku <> 'SOAP')")))
    assert allocate(database, site).allocated == (mixed,)
    assert promised(database, held) == []


def test_a_backorder_is_served_when_its_stock_comes(database: Database, site: build.Site) -> None:
    put(database, site, "CUP", "A-01-1", 5)
    waiting = order(database, site, ("CUP", 2), ("LAMP", 2), ("SOAP", 1))
    assert allocate(database, site).backordered == (waiting,)
    assert holds(database, waiting) == [(HoldKind.STOCK, "LAMP 2, SOAP 1", True)]
    assert promised(database, waiting) == []
    assert allocate(database, site) == AllocationResult()
    put(database, site, "SOAP", "A-01-1", 5)
    put(database, site, "LAMP", "A-01-1", 1)
    lamp = [site.products["LAMP"]]
    assert database.write(lambda session: allocate_waiting(session, site.actor, lamp)) == AllocationResult()
    put(database, site, "LAMP", "A-01-1", 1)
    result = database.write(lambda session: allocate_waiting(session, site.at(5), lamp))
    assert result.allocated == (waiting,)
    assert holds(database, waiting) == [(HoldKind.STOCK, "LAMP 2, SOAP 1", False)]
    assert state(database, waiting) is OrderState.ALLOCATED


def test_a_backorder_whose_stock_came_unseen_is_served_by_the_next_round(database: Database, site: build.Site) -> None:
    waiting = order(database, site, ("CUP", 2))
    allocate(database, site)
    put(database, site, "CUP", "A-01-1", 2)
    assert allocate(database, site).allocated == (waiting,)


def test_an_order_in_parts_grows_while_nobody_picks_it(database: Database, site: build.Site) -> None:
    put(database, site, "CUP", "A-01-1", 2)
    parts = order(database, site, ("CUP", 5), in_parts=True)
    first = allocate(database, site)
    assert (first.backordered, holds(database, parts)) == ((parts,), [(HoldKind.STOCK, "CUP 3", True)])
    put(database, site, "CUP", "A-01-1", 1)
    second = allocate(database, site)
    assert (second.backordered, second.fulfillment_ids) == ((parts,), first.fulfillment_ids)
    assert (promised(database, parts), holds(database, parts)[0][1]) == ([("A-01-1", 3)], "CUP 2")
    database.write(lambda session: session.execute(text("UPDATE fulfillments SET state = 'picking'")))
    put(database, site, "CUP", "A-01-1", 1)
    put(database, site, "CUP", "B-01-1", 1)
    third = allocate(database, site)
    assert third.fulfillment_ids[0] != first.fulfillment_ids[0]
    assert promised(database, parts) == [("A-01-1", 3), ("B-01-1", 1)]


def test_each_warehouse_gets_its_own_fulfillment(database: Database, site: build.Site) -> None:
    far = database.write(lambda session: build.build_site(session, ("FAR",), code="W2"))
    far = replace(far, products=site.products)
    put(database, site, "CUP", "A-01-1", 1)
    put(database, far, "LAMP", "A-01-1", 1)
    both = order(database, site, ("CUP", 1), ("LAMP", 1))
    result = allocate(database, site)
    assert (result.allocated, len(result.fulfillment_ids)) == ((both,), 2)
    statement = select(Fulfillment.warehouse_id).order_by(Fulfillment.id)
    assert see(database, lambda session: list(session.scalars(statement))) == [site.warehouse_id, far.warehouse_id]


def test_workers_beside_each_other_never_promise_a_unit_twice(database: Database, site: build.Site) -> None:
    put(database, site, "CUP", "A-01-1", 30)
    put(database, site, "LAMP", "B-01-1", 25)
    for _number in range(40):
        order(database, site, ("CUP", 1), ("LAMP", 1))
    results: list[AllocationResult] = []

    def work(number: int) -> None:
        actor = replace(site.actor, writer=f"worker:{number}")
        while (done := database.write(lambda session: allocate_ready(session, actor, 3))).taken:
            results.append(done)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    served = [order_id for result in results for order_id in result.allocated]
    assert (len(served), len(set(served))) == (25, 25)
    rows = see(database, lambda session: session.execute(select(StockBalance.on_hand, StockBalance.allocated)).all())
    assert sorted(tuple(row) for row in rows) == [(25, 25), (30, 25)]


def test_an_order_whose_hold_is_lifted_is_served_alone(database: Database, site: build.Site) -> None:
    put(database, site, "CUP", "A-01-1", 2)
    held = order(database, site, ("CUP", 1), hold=HoldKind.PAYMENT)
    other = order(database, site, ("CUP", 1))
    assert database.write(lambda session: allocate_orders(session, site.actor, [held])) == AllocationResult()
    lift = text("UPDATE holds SET released_at = 1")
    database.write(lambda session: (session.execute(lift), refresh_orders(session, [held])))
    assert database.write(lambda session: allocate_orders(session, site.actor, [held])).allocated == (held,)
    assert (state(database, held), state(database, other)) == (OrderState.ALLOCATED, OrderState.READY)
