"""Holds placed and released by people, addresses mended, priorities set."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.capture import Financial
from app.domain.outcomes import Change, Outcome, Result
from app.domain.roles import Permission, may
from app.domain.states import HoldKind, OrderState, Role
from app.models.demand import Address, Hold, Order
from app.models.system import AuditEntry, ChangeLog
from app.queries.search import search_orders
from app.services.capture.orders import capture_orders
from app.services.holds import place_hold, release_hold
from app.services.orders import mend_address, set_may_ship_in_parts, set_note, set_priority
from app.services.search_words import add_search_words
from tests.builders import World, address, captured, line, world

__all__ = ["world"]


@pytest.fixture
def order_id(world: World) -> int:
    world.product("A1")
    return world.order("#1", line("A1", 2))


def state_of(world: World, order_id: int) -> OrderState:
    return world.read(lambda s: s.execute(select(Order.state).where(Order.id == order_id)).scalar_one())


def open_holds(world: World, order_id: int) -> dict[HoldKind, str]:
    chosen = select(Hold).where(Hold.order_id == order_id, Hold.released_at.is_(None))
    return world.read(lambda s: {hold.kind: hold.detail for hold in s.execute(chosen).scalars()})


def release(world: World, order_id: int, kind: HoldKind, reason: str = "checked", role: Role = Role.ADMIN) -> Outcome:
    return world.write(lambda s: release_hold(s, world.actor(role), order_id, kind, reason))


def take_bad(world: World, number: str = "#9") -> int:
    world.product("B1")
    bad = captured(number, line("B1"), ship_to=replace(address(), postcode="NOPE"), financial=Financial.PENDING)
    return world.write(lambda s: capture_orders(s, world.actor(), "shopify", [bad])).new_ids[0]


def test_a_hold_of_the_office_stops_an_order_until_it_is_released(world: World, order_id: int) -> None:
    placed = world.write(lambda s: place_hold(s, world.actor(), order_id, "ask about colour"))
    assert (placed.result, placed.code) == (Result.DONE, "hold.placed")
    assert placed.changes == (Change("order", order_id),)
    assert state_of(world, order_id) is OrderState.CAPTURED
    assert open_holds(world, order_id) == {HoldKind.OFFICE: "ask about colour"}
    again = world.write(lambda s: place_hold(s, world.actor(), order_id, "again"))
    assert again.code == "hold.stands_already"
    assert release(world, order_id, HoldKind.OFFICE).code == "hold.released"
    assert state_of(world, order_id) is OrderState.READY
    assert release(world, order_id, HoldKind.OFFICE).code == "hold.none"


def test_each_hold_is_audited_once_and_told(world: World, order_id: int) -> None:
    world.write(lambda s: place_hold(s, world.actor(), order_id, "why"))
    actions = world.read(lambda s: list(s.execute(select(AuditEntry.action).order_by(AuditEntry.id)).scalars()))
    assert actions == ["capture.orders", "hold.place"]
    told = world.read(lambda s: list(s.execute(select(ChangeLog.entity, ChangeLog.entity_id)).all()))
    assert told == [("order", order_id), ("order", order_id)]


def test_a_reason_is_needed(world: World, order_id: int) -> None:
    assert world.write(lambda s: place_hold(s, world.actor(), order_id, " ")).code == "hold.reason_missing"
    bad = take_bad(world)
    assert release(world, bad, HoldKind.ADDRESS, "  ").code == "hold.reason_missing"
    assert set(open_holds(world, bad)) == {HoldKind.ADDRESS, HoldKind.PAYMENT}


@pytest.mark.parametrize(
    ("kind", "role", "code"),
    [
        (HoldKind.ADDRESS, Role.PACKER, "office.not_permitted"),
        (HoldKind.ADDRESS, Role.LEAD, "hold.released"),
        (HoldKind.PAYMENT, Role.LEAD, "office.not_permitted"),
        (HoldKind.PAYMENT, Role.OFFICE, "hold.released"),
    ],
)
def test_only_those_who_may_release(world: World, kind: HoldKind, role: Role, code: str) -> None:
    assert release(world, take_bad(world), kind, role=role).code == code


def test_an_order_goes_on_when_its_last_hold_is_released(world: World) -> None:
    bad = take_bad(world)
    release(world, bad, HoldKind.ADDRESS)
    assert state_of(world, bad) is OrderState.CAPTURED
    release(world, bad, HoldKind.PAYMENT)
    assert state_of(world, bad) is OrderState.READY


def test_what_a_person_released_does_not_come_back_for_the_same_cause(world: World) -> None:
    bad = take_bad(world)
    release(world, bad, HoldKind.ADDRESS)
    told = captured("#9", line("B1", 4), ship_to=replace(address(), postcode="NOPE"), financial=Financial.PENDING)
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", [told]))
    assert open_holds(world, bad) == {HoldKind.PAYMENT: "pending"}
    worse = replace(told, ship_to=replace(told.ship_to, city=""))
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", [worse]))
    assert open_holds(world, bad)[HoldKind.ADDRESS] == "city_missing, postcode_wrong"


def test_mending_an_address_lifts_its_hold_alone(world: World) -> None:
    bad = take_bad(world)
    still = world.write(lambda s: mend_address(s, world.actor(), bad, {"city": ""}))
    assert (still.code, still.values["fault"], still.values["more"]) == ("order.address_still_bad", "city_missing", 1)
    mended = world.write(lambda s: mend_address(s, world.actor(), bad, {"city": "York", "postcode": "yo1 7hh"}))
    assert mended.code == "order.address_mended"
    assert open_holds(world, bad) == {HoldKind.PAYMENT: "pending"}
    chosen = select(Address.city, Address.postcode).join(Order, Order.ship_to_id == Address.id).where(Order.id == bad)
    assert tuple(world.read(lambda s: s.execute(chosen).one())) == ("York", "YO1 7HH")
    assert world.read(lambda s: search_orders(s, "york")) == [bad]
    assert world.read(lambda s: search_orders(s, "leeds")) == []


def test_the_channel_telling_the_same_again_does_not_undo_a_mended_address(world: World) -> None:
    bad = take_bad(world)
    world.write(lambda s: mend_address(s, world.actor(), bad, {"postcode": "LS1 4AP"}))
    told = captured("#9", line("B1", 3), ship_to=replace(address(), postcode="NOPE"))
    assert world.write(lambda s: capture_orders(s, world.actor(), "shopify", [told])).updated == 1
    assert open_holds(world, bad) == {}
    chosen = select(Address.postcode).join(Order, Order.ship_to_id == Address.id).where(Order.id == bad)
    assert world.read(lambda s: s.execute(chosen).scalar_one()) == "LS1 4AP"
    moved = replace(told, ship_to=replace(address(), postcode="M1 1AE"))
    world.write(lambda s: capture_orders(s, world.actor(), "shopify", [moved]))
    assert world.read(lambda s: s.execute(chosen).scalar_one()) == "M1 1AE"


def test_a_packer_mends_no_address(world: World, order_id: int) -> None:
    answer = world.write(lambda s: mend_address(s, world.actor(Role.PACKER), order_id, {"city": "York"}))
    assert (answer.code, answer.values) == ("office.not_permitted", {"permission": "mend_order"})


def test_priority_note_and_parts(world: World, order_id: int) -> None:
    assert world.write(lambda s: set_priority(s, world.actor(), order_id, 1)).code == "order.priority_set"
    assert world.write(lambda s: set_priority(s, world.actor(), order_id, 10)).code == "order.bad_priority"
    assert world.write(lambda s: set_note(s, world.actor(), order_id, " ring twice ")).code == "order.note_set"
    assert world.write(lambda s: set_may_ship_in_parts(s, world.actor(), order_id, True)).code == "order.ships_in_parts"
    order = world.read(lambda s: s.execute(select(Order).where(Order.id == order_id)).scalar_one())
    assert (order.priority, order.note, order.may_ship_in_parts) == (1, "ring twice", True)
    assert world.write(lambda s: set_priority(s, world.actor(), 999, 1)).code == "order.unknown"


def test_a_tracking_number_is_a_word_to_find_an_order_by(world: World, order_id: int) -> None:
    world.write(lambda s: add_search_words(s, order_id, "PWX 0001 7788 991"))
    for asked in ("PWX00017788991", "8991", "7788", "pwx"):
        assert world.read(lambda s, asked=asked: search_orders(s, asked)) == [order_id]


def test_the_administrator_may_do_everything_and_nobody_nothing() -> None:
    assert all(may(Role.ADMIN, permission) for permission in Permission)
    assert not any(may(None, permission) for permission in Permission)
    assert may(Role.PACKER, Permission.PACK)
    assert not may(Role.PACKER, Permission.RELEASE_HOLD)
