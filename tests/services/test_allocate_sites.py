"""Allocation over several warehouses: who sends what and why, what is kept back, and that nothing is oversold."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.sourcing_rules import RuleKind
from app.domain.states import OrderState, Role, WarehouseKind
from app.models.database import Database
from app.models.demand import Customer, Order
from app.models.sourcing import ChannelBuffer, ChannelWarehouse, SafetyStock, SourcingChoice, SourcingRule
from app.models.warehouses import Warehouse
from app.services.allocate import allocate_ready, allocate_waiting
from app.services.allocate_rows import ids_to_allocate
from app.services.keep_back import set_safety
from app.services.warehouses import Supply, change_supply
from tests.databases import Databases, assert_sound
from tests.services import site_builders as sites
from tests.services import stock_builders as build


@dataclass(frozen=True, slots=True)
class Two:
    """Leeds, where the actor works, and London."""

    leeds: build.Site
    london: build.Site


@pytest.fixture
def two(database: Database) -> Two:
    def make(session: Session) -> Two:
        leeds = build.build_site(session)
        sites.put_at(session, leeds, "LS9 8AG")
        sites.know_towns(session)
        return Two(leeds, sites.add_site(session, leeds, "LON", "E16 2AA"))

    return database.write(make)


def stock(database: Database, site: build.Site, sku: str, quantity: int, place: str = "A-01-1") -> None:
    database.write(lambda session: build.stock(session, site, sku, place, quantity))


def order(database: Database, two: Two, *lines: tuple[str, int], to: str = "LS1 1AA", **more: object) -> int:
    def make(session: Session) -> int:
        made = build.add_order(session, two.leeds, lines, **more).id  # type: ignore[arg-type]
        sites.goes_to(session, made, to)
        return made

    return database.write(make)


def allocate(database: Database, two: Two) -> None:
    database.write(lambda session: allocate_ready(session, two.leeds.actor, 100))


def sent(database: Database, order_id: int) -> dict[tuple[str, str], int]:
    """Promised units by warehouse and SKU; the warehouse of the promise is that of its fulfillment."""
    rows = database.read(
        lambda session: session.execute(
            text(
                "SELECT w.code, i.sku, SUM(a.quantity), COUNT(DISTINCT a.fulfillment_id), MIN(p.warehouse_id - w.id) "
                "FROM allocations a JOIN fulfillments f ON f.id = a.fulfillment_id "
                "JOIN warehouses w ON w.id = f.warehouse_id JOIN order_lines i ON i.id = a.order_line_id "
                "JOIN stock_balances b ON b.id = a.balance_id JOIN locations p ON p.id = b.location_id "
                "WHERE f.order_id = :order AND a.state = 'open' GROUP BY w.code, i.sku"
            ),
            {"order": order_id},
        ).all()
    )
    assert all((row[3], row[4]) == (1, 0) for row in rows)
    return {(row[0], row[1]): int(row[2]) for row in rows}


def why(database: Database, order_id: int) -> list[tuple[str, dict[str, object]]]:
    statement = (
        select(SourcingChoice.code, SourcingChoice.facts)
        .where(
            SourcingChoice.fulfillment_id.in_(
                select(text("id")).select_from(text("fulfillments")).where(text(f"order_id = {order_id}"))
            )
        )
        .order_by(SourcingChoice.id)
    )
    return database.read(lambda session: [(code, facts) for code, facts in session.execute(statement)])


def state(database: Database, order_id: int) -> OrderState:
    return database.read(lambda session: session.get_one(Order, order_id).state)


def test_the_usual_rules_send_one_parcel_from_the_nearest(database: Database, two: Two) -> None:
    for site in (two.leeds, two.london):
        stock(database, site, "CUP", 5)
    north, south = order(database, two, ("CUP", 2)), order(database, two, ("CUP", 2), to="E1 6AN")
    allocate(database, two)
    assert sent(database, north) == {("W1", "CUP"): 2}
    assert sent(database, south) == {("LON", "CUP"): 2}
    assert why(database, south) == [
        ("sourcing.why.nearest", {"warehouse": "Hall LON", "had": 2, "wanted": 2, "given": 2, "km": 0})
    ]
    assert_sound(database)


def test_a_split_order_has_a_fulfillment_and_a_reason_for_each_site(database: Database, two: Two) -> None:
    stock(database, two.leeds, "CUP", 3)
    stock(database, two.london, "CUP", 9)
    stock(database, two.london, "LAMP", 1)
    database.write(lambda session: sites.rule_list(session, RuleKind.NEAREST))
    split = order(database, two, ("CUP", 5), ("LAMP", 1), to="YO1 7HH")
    allocate(database, two)
    assert sent(database, split) == {("W1", "CUP"): 3, ("LON", "CUP"): 2, ("LON", "LAMP"): 1}
    assert why(database, split) == [
        ("sourcing.why.nearest", {"warehouse": "Hall", "had": 3, "wanted": 6, "given": 3, "km": 36}),
        ("sourcing.why.nearest", {"warehouse": "Hall LON", "had": 6, "wanted": 6, "given": 3, "km": 279}),
    ]
    assert state(database, split) is OrderState.ALLOCATED
    assert_sound(database)


def test_safety_stock_is_promised_to_nobody_and_a_buffer_not_to_its_channel(database: Database, two: Two) -> None:
    stock(database, two.leeds, "CUP", 6)
    cup = two.leeds.products["CUP"]

    def keep(session: Session) -> None:
        session.add(SafetyStock(warehouse_id=two.leeds.warehouse_id, product_id=cup, quantity=2))
        session.add(ChannelBuffer(channel_id=two.leeds.channel_id, quantity=1, product_id=cup))

    database.write(keep)
    first, second = order(database, two, ("CUP", 3)), order(database, two, ("CUP", 1))
    allocate(database, two)
    assert sent(database, first) == {("W1", "CUP"): 3}
    assert (sent(database, second), state(database, second)) == ({}, OrderState.BACKORDERED)
    assert database.read(ids_to_allocate) == []
    assert not database.write(lambda s: allocate_waiting(s, two.leeds.actor, [cup])).taken
    stock(database, two.leeds, "CUP", 1, "B-01-1")
    assert database.read(ids_to_allocate) == [second]
    assert database.write(lambda s: allocate_waiting(s, two.leeds.actor, [cup])).allocated == (second,)
    assert_sound(database)


def test_one_warehouse_keeps_its_safety_stock_too(database: Database) -> None:
    site = database.write(build.build_site)
    stock(database, site, "CUP", 3)
    database.write(lambda session: session.add(SafetyStock(quantity=2)))
    both = [database.write(lambda session: build.add_order(session, site, [("CUP", 1)]).id) for _ in range(2)]
    result = database.write(lambda session: allocate_ready(session, site.actor, 10))
    assert (result.allocated, result.backordered) == (tuple(both[:1]), tuple(both[1:]))


def test_a_site_out_of_use_or_barred_for_a_channel_gives_nothing(database: Database, two: Two) -> None:
    stock(database, two.leeds, "CUP", 5)
    stock(database, two.london, "LAMP", 5)
    waiting = [order(database, two, ("CUP", 1)), order(database, two, ("LAMP", 1))]

    def bar(session: Session) -> None:
        session.get_one(Warehouse, two.leeds.warehouse_id).active = False
        session.add(ChannelWarehouse(channel_id=two.leeds.channel_id, warehouse_id=two.leeds.warehouse_id))

    database.write(bar)
    allocate(database, two)
    assert [sent(database, one) for one in waiting] == [{}, {}]
    assert database.read(ids_to_allocate) == []

    def allow(session: Session) -> None:
        session.get_one(Warehouse, two.leeds.warehouse_id).active = True

    database.write(allow)
    assert database.read(ids_to_allocate) == [waiting[0]]


def test_who_waits_is_served_when_a_site_opens_or_less_is_kept_back(database: Database, two: Two) -> None:
    admin = replace(two.leeds.actor, role=Role.ADMIN)
    stock(database, two.leeds, "CUP", 3)
    stock(database, two.london, "LAMP", 1)
    database.write(lambda session: set_safety(session, admin, 3, two.leeds.warehouse_id))
    closed = Supply(WarehouseKind.WAREHOUSE, False)
    database.write(lambda session: change_supply(session, admin, two.london.warehouse_id, closed))
    cup, lamp = order(database, two, ("CUP", 2)), order(database, two, ("LAMP", 1))
    allocate(database, two)
    assert (sent(database, cup), sent(database, lamp)) == ({}, {})
    database.write(lambda session: set_safety(session, admin, 1, two.leeds.warehouse_id))
    assert (sent(database, cup), sent(database, lamp)) == ({("W1", "CUP"): 2}, {})
    database.write(lambda session: change_supply(session, admin, two.london.warehouse_id, replace(closed, active=True)))
    assert sent(database, lamp) == {("LON", "LAMP"): 1}
    assert_sound(database)


def test_what_is_collected_comes_from_its_store_and_what_a_customer_prefers_from_there(
    database: Database, two: Two
) -> None:
    for site in (two.leeds, two.london):
        stock(database, site, "CUP", 2)
    collected, preferred, late = (order(database, two, ("CUP", 1)) for _ in range(3))

    def tell(session: Session) -> None:
        customer = Customer(channel_id=two.leeds.channel_id, channel_ref="c-1", name="Bo")
        customer.preferred_warehouse_id = two.london.warehouse_id
        session.add(customer)
        session.flush()
        session.get_one(Order, collected).pick_up_at_id = two.london.warehouse_id
        session.get_one(Order, preferred).customer_id = customer.id
        session.get_one(Order, late).pick_up_at_id = two.london.warehouse_id
        sites.rule_list(session, RuleKind.CUSTOMER_PREFERENCE, RuleKind.NEAREST)

    database.write(tell)
    allocate(database, two)
    assert [sent(database, one) for one in (collected, preferred, late)] == [
        {("LON", "CUP"): 1}, {("LON", "CUP"): 1}, {},
    ]  # fmt: skip
    assert [code for one in (collected, preferred) for code, _ in why(database, one)] == [
        "sourcing.why.collected", "sourcing.why.customer_preference",
    ]  # fmt: skip


def test_rules_with_conditions_parameters_cut_off_and_capacity(database: Database, two: Two) -> None:
    for site in (two.leeds, two.london):
        stock(database, site, "CUP", 9)

    def tell(session: Session) -> None:
        leeds = session.get_one(Warehouse, two.leeds.warehouse_id)
        leeds.daily_capacity = 1
        session.add(SourcingRule(position=1, kind=RuleKind.CAPACITY))
        session.add(
            SourcingRule(
                position=2, kind=RuleKind.CHANNEL_PREFERENCE, parameters={"warehouses": ["LON"], "unknown": 3},
                conditions={"channels": ["SHOP-w1"], "groups": ["Glass"]},
            )
        )  # fmt: skip
        session.add(SourcingRule(position=3, kind=RuleKind.NEAREST))
        session.execute(text("UPDATE products SET group_name = 'glass' WHERE sku = 'CUP'"))

    database.write(tell)
    glass = order(database, two, ("CUP", 1))
    allocate(database, two)
    assert [code for code, _ in why(database, glass)] == ["sourcing.why.channel_preference"]
    database.write(lambda session: session.execute(text("UPDATE products SET group_name = ''")))
    near, over = order(database, two, ("CUP", 1)), order(database, two, ("CUP", 1))
    allocate(database, two)
    assert (sent(database, near), sent(database, over)) == ({("W1", "CUP"): 1}, {("LON", "CUP"): 1})
    after = order(database, two, ("CUP", 1))
    allocate(database, two)
    assert sent(database, after) == {("LON", "CUP"): 1}
    assert [code for code, _ in why(database, after)] == ["sourcing.why.capacity"]


def test_a_site_whose_truck_is_gone_is_late(database: Database, two: Two) -> None:
    for site in (two.leeds, two.london):
        stock(database, site, "CUP", 9)

    def tell(session: Session) -> None:
        session.get_one(Warehouse, two.leeds.warehouse_id).cut_off = 8 * 60
        session.get_one(Warehouse, two.london.warehouse_id).cut_off = 17 * 60
        sites.rule_list(session, RuleKind.CUT_OFF, RuleKind.NEAREST)

    database.write(tell)
    urgent, patient = order(database, two, ("CUP", 1)), order(database, two, ("CUP", 1), leaves_minutes=3000)
    allocate(database, two)
    assert (sent(database, urgent), sent(database, patient)) == ({("LON", "CUP"): 1}, {("W1", "CUP"): 1})


def test_our_own_stock_goes_before_a_suppliers(database: Database, two: Two) -> None:
    maker = database.write(lambda s: sites.add_site(s, two.leeds, "MAKER", "LS1 1AA", kind=WarehouseKind.SUPPLIER))
    stock(database, maker, "CUP", 50)
    stock(database, two.london, "CUP", 1)
    own, theirs = order(database, two, ("CUP", 1)), order(database, two, ("CUP", 1))
    allocate(database, two)
    assert (sent(database, own), sent(database, theirs)) == ({("LON", "CUP"): 1}, {("MAKER", "CUP"): 1})


@pytest.mark.parametrize("kept", [0, 5])
def test_who_allocate_at_once_over_sites_never_promise_a_unit_twice(databases: Databases, kept: int) -> None:
    database = databases.fresh()

    def make(session: Session) -> Two:
        leeds = build.build_site(session)
        found = Two(leeds, sites.add_site(session, leeds, "LON", "E16 2AA"))
        for site in (found.leeds, found.london):
            for place in ("A-01-1", "B-01-1"):
                build.stock(session, site, "CUP", place, 10)
        if kept:
            session.add(SafetyStock(quantity=kept))
        for _ in range(50):
            build.add_order(session, leeds, [("CUP", 1)])
        return found

    two = database.write(make)

    def work(number: int) -> None:
        site = (two.leeds, two.london)[number % 2]
        for _ in range(10):
            database.write(lambda session: allocate_ready(session, site.actor, 3))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    totals = database.read(
        lambda session: session.execute(
            text(
                "SELECT p.warehouse_id, SUM(b.allocated) FROM stock_balances b "
                "JOIN locations p ON p.id = b.location_id GROUP BY p.warehouse_id"
            )
        ).all()
    )
    promised: Counter[int] = Counter({site: int(units) for site, units in totals})
    assert promised == Counter(dict.fromkeys((two.leeds.warehouse_id, two.london.warehouse_id), 20 - kept))
    assert_sound(database)
