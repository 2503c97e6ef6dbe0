"""The office's Collected: who is late stands first; an order is sent to a store, waits longer, or is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.states import LocationKind, OrderState, Role, WarehouseKind
from app.models.demand import Order
from app.models.fulfillment import Fulfillment
from app.models.stock import Location
from app.models.supply import PickUp
from app.models.warehouses import Warehouse
from app.services.allocate import allocate_ready
from tests.builders import NOW, World, line
from tests.builders import world as world
from tests.presenters.office_world import make_office
from tests.presenters.test_office_sourcing import cells, fill, words


@pytest.fixture
def york(world: World) -> int:
    """A store with a shelf."""

    def add(session: Session) -> int:
        made = Warehouse(code="YORK", name="York shop", kind=WarehouseKind.STORE)
        session.add(made)
        session.flush()
        session.add(Location(warehouse_id=made.id, code="L-1", kind=LocationKind.SHELF))
        return made.id

    return world.write(add)


def ready(world: World, late: bool) -> None:
    """The one order waits at A-1, as the floor would have set it aside."""

    def work(session: Session) -> None:
        part = session.scalars(select(Fulfillment).where(Fulfillment.state == "allocated")).one()
        until = NOW - timedelta(hours=1) if late else NOW + timedelta(days=2)
        session.add(PickUp(fulfillment_id=part.id, place_id=world.places["A-1"], ready_at=NOW, fetch_by=until))
        session.execute(text("UPDATE fulfillments SET state = 'packed' WHERE id = :id"), {"id": part.id})

    world.write(work)


def test_an_order_is_collected_waits_and_is_taken_back(world: World, york: int) -> None:
    cup = world.product("CUP")
    world.stock(cup, "A-1", 5)
    world.order("#1001", line("CUP", 2))
    world.write(lambda s: allocate_ready(s, world.actor(), 10))
    presenter, shown, asked = make_office(world, Role.ADMIN)
    presenter.key("0")
    presenter.command("part:collect")
    assert shown.now.section.table.empty == "Nothing is collected at a store"
    presenter.command("collect-at")
    form = shown.now.section.form
    assert form is not None
    assert [(tab.words, tab.chosen) for tab in form.tabs] == [("Test warehouse", False), ("York shop", True)]
    fill(presenter, order_number="77")
    presenter.command("form-save")
    assert words(shown) == "There is no order 77."
    fill(presenter, order_number="1001", store="W1")
    presenter.command("form-save")
    assert words(shown) == "#1001 is collected at Test warehouse"
    assert cells(shown) == [["#1001", "Ada Example", "Test warehouse", "–", "–", "To be picked"]]
    ready(world, late=True)
    presenter.command("part:collect")
    assert cells(shown)[0][3:] == ["A-1", "08:00", "Not fetched"]
    assert shown.now.section.head.right == "1 not fetched in time"
    presenter.command("collect-longer")
    assert words(shown) == "#1001 waits 7 days longer"
    assert cells(shown)[0][5] == "Ready"
    presenter.choose("collected", shown.now.section.table.chosen, True)
    assert asked.orders == ["#1001"]
    presenter.command("collect-back")
    fill(presenter, reason="Never came")
    presenter.command("form-save")
    assert words(shown) == "#1001 is cancelled: what waited at A-1 may be sold again"
    assert cells(shown) == []
    assert world.read(lambda s: s.scalars(select(Order.state)).one()) is OrderState.CANCELLED


def test_who_may_not_sees_why(world: World, york: int) -> None:
    presenter, shown, _ = make_office(world, Role.PACKER)
    presenter.key("0")
    presenter.command("part:collect")
    reasons = {one.code: one.reason for one in shown.now.section.commands}
    assert (reasons["collect-at"], reasons["collect-back"]) == ("Not your role", "Not your role")
