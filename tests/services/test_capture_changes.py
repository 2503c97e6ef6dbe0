"""A channel tells an order differently once stock is promised to it, or once somebody picks it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, text, update

from app.domain.capture import CapturedLine, CapturedOrder, Financial
from app.domain.states import FulfillmentState, HoldKind, LocationKind, MovementReason, OrderState
from app.models.demand import Hold, Order, OrderLine
from app.models.fulfillment import Fulfillment, PickTask
from app.models.locks import lock_fulfillments
from app.models.stock import Allocation
from app.services.allocate import allocate_ready
from app.services.capture.orders import CaptureCounts, capture_orders
from app.services.holds import release_hold
from app.services.ledger import carry
from app.services.release import release
from tests.builders import World, address, captured, line, world

__all__ = ["world"]


@pytest.fixture
def stocked(world: World) -> World:
    for sku, shelf in (("A1", "A-01"), ("B2", "A-02"), ("C3", "A-03")):
        world.stock(world.product(sku), shelf, 20)
    return world


def take(world: World, order: CapturedOrder) -> CaptureCounts:
    return world.write(lambda s: capture_orders(s, world.actor(), "shopify", [order]))


def allocated(world: World, *lines: CapturedLine) -> CapturedOrder:
    order = captured("#1", *lines, total=900)
    take(world, order)
    world.write(lambda s: allocate_ready(s, world.actor(), 100))
    return order


def released(world: World, *lines: CapturedLine) -> CapturedOrder:
    order = allocated(world, *lines)
    world.write(lambda s: release(s, world.actor()))
    return order


def promised(world: World) -> dict[str, int]:
    chosen = select(OrderLine.sku, Allocation.quantity).join(OrderLine, OrderLine.id == Allocation.order_line_id)
    return world.read(lambda s: {r.sku: r.quantity for r in s.execute(chosen.where(Allocation.state == "open"))})


def parts(world: World) -> list[FulfillmentState]:
    return world.read(lambda s: list(s.execute(select(Fulfillment.state).order_by(Fulfillment.id)).scalars()))


def order_row(world: World) -> Order:
    return world.read(lambda s: s.execute(select(Order)).scalar_one())


def open_holds(world: World) -> dict[HoldKind, str]:
    chosen = select(Hold).where(Hold.released_at.is_(None))
    return world.read(lambda s: {hold.kind: hold.detail for hold in s.execute(chosen).scalars()})


def pick_one(world: World) -> None:
    """One unit goes into a tote, as a pick scan does it."""
    tote = world.location("T-1", LocationKind.TOTE)

    def work(session):
        allocation = (
            session.execute(select(Allocation.id).where(Allocation.state == "open").order_by(Allocation.id))
            .scalars()
            .first()
        )
        carry(session, world.actor(), MovementReason.PICK, allocation, 1, tote)
        session.execute(text("UPDATE fulfillments SET state = 'picking' WHERE state = 'released'"))

    world.write(work)


def test_fewer_units_give_back_only_what_is_too_many(stocked: World) -> None:
    order = allocated(stocked, line("A1", 5), line("B2", 2))
    assert promised(stocked) == {"A1": 5, "B2": 2}
    take(stocked, replace(order, lines=(line("A1", 3), line("B2", 2))))
    assert promised(stocked) == {"A1": 3, "B2": 2}
    assert parts(stocked) == [FulfillmentState.ALLOCATED]
    assert order_row(stocked).state is OrderState.ALLOCATED


def test_more_units_are_promised_anew(stocked: World) -> None:
    order = allocated(stocked, line("A1", 5))
    take(stocked, replace(order, lines=(line("A1", 7), line("C3", 1))))
    assert promised(stocked) == {}
    assert order_row(stocked).state is OrderState.READY
    stocked.write(lambda s: allocate_ready(s, stocked.actor(), 100))
    assert promised(stocked) == {"A1": 7, "C3": 1}
    assert parts(stocked) == [FulfillmentState.CANCELLED, FulfillmentState.ALLOCATED]


def test_a_released_order_that_nobody_picked_is_taken_off_its_walk(stocked: World) -> None:
    order = released(stocked, line("A1", 5), line("B2", 2))
    assert order_row(stocked).state is OrderState.IN_FULFILLMENT
    counts = take(stocked, replace(order, lines=(line("A1", 5),)))
    assert (counts.changed, counts.updated) == (1, 1)
    assert promised(stocked) == {}
    assert parts(stocked) == [FulfillmentState.CANCELLED]
    tasks = stocked.read(lambda s: set(s.execute(select(PickTask.state)).scalars()))
    assert {task.value for task in tasks} == {"dropped"}
    assert order_row(stocked).state is OrderState.READY


@pytest.mark.parametrize("financial", [Financial.REFUNDED, Financial.VOIDED])
def test_an_order_that_the_channel_called_off_is_not_shipped(stocked: World, financial: Financial) -> None:
    order = released(stocked, line("A1", 5))
    take(stocked, replace(order, financial=financial, cancelled=True, lines=(line("A1", 5, elsewhere=5),)))
    assert promised(stocked) == {}
    assert parts(stocked) == [FulfillmentState.CANCELLED]
    assert order_row(stocked).state is OrderState.CLOSED


def test_once_picked_the_order_is_frozen_and_shown(stocked: World) -> None:
    order = released(stocked, line("A1", 5))
    pick_one(stocked)
    told = replace(order, lines=(line("A1", 2),))
    counts = take(stocked, told)
    assert (counts.changed, counts.updated) == (1, 0)
    assert open_holds(stocked) == {HoldKind.OFFICE: "changed_at_channel"}
    assert order_row(stocked).changed_after_pick is True
    assert promised(stocked)["A1"] in (1, 4)
    assert stocked.read(lambda s: s.execute(select(OrderLine.quantity)).scalar_one()) == 5
    assert take(stocked, told).same == 1
    order_id = order_row(stocked).id
    stocked.write(lambda s: release_hold(s, stocked.actor(), order_id, HoldKind.OFFICE, "customer agreed"))
    assert order_row(stocked).changed_after_pick is False


def test_a_new_address_freezes_a_picked_order_too(stocked: World) -> None:
    order = released(stocked, line("A1", 5))
    pick_one(stocked)
    take(stocked, replace(order, ship_to=replace(address(), address1="2 New Road")))
    assert open_holds(stocked) == {HoldKind.OFFICE: "changed_at_channel"}


def test_words_of_the_channel_alone_do_not_stop_a_picked_order(stocked: World) -> None:
    order = released(stocked, line("A1", 5))
    pick_one(stocked)
    counts = take(stocked, replace(order, fulfilment="in_progress", tags="vip"))
    assert (counts.changed, counts.updated) == (1, 1)
    assert open_holds(stocked) == {}
    assert order_row(stocked).fulfilment == "in_progress"


def test_a_line_that_was_taken_away_comes_back_whole(stocked: World) -> None:
    order = captured("#1", line("A1", 2))
    take(stocked, order)
    for lines in ((line("B2"),), (line("POST", requires_shipping=False),), (line("A1", 2),)):
        take(stocked, replace(order, lines=lines))
    row = stocked.read(lambda s: s.execute(select(OrderLine).where(OrderLine.sku == "A1")).scalar_one())
    assert (row.quantity, row.cancelled, row.line_no) == (2, 0, 1)
    assert order_row(stocked).state is OrderState.READY


def test_a_pick_that_begins_while_the_channel_tells_a_change_is_seen(stocked: World) -> None:
    """The scan holds the fulfillment, the change waits for it, and then finds the order begun."""
    if stocked.database.is_sqlite:
        pytest.skip("SQLite has one writer: the change waits before it looks at anything")
    order = released(stocked, line("A1", 3))
    tote = stocked.location("T-1", LocationKind.TOTE)
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND state = 'active'")
    with ThreadPoolExecutor(1) as pool:
        with stocked.database.writing() as scan:
            lock_fulfillments(scan, scan.execute(select(Fulfillment.id)).scalars())
            carry(scan, stocked.actor(), MovementReason.PICK, scan.execute(select(Allocation.id)).scalar_one(), 1, tote)
            scan.execute(update(Fulfillment).values(state=FulfillmentState.PICKING))
            telling = pool.submit(take, stocked, replace(order, lines=(line("A1", 1),)))
            while not telling.done() and not stocked.read(lambda s: s.execute(waiting).scalar_one()):
                pass
        telling.result()
    assert parts(stocked) == [FulfillmentState.PICKING]
    assert list(open_holds(stocked)) == [HoldKind.OFFICE]
    assert stocked.read(lambda s: s.execute(select(OrderLine.quantity)).scalar_one()) == 3
