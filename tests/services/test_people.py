"""People, badges and the first run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.badges import badge_digest
from app.domain.errors import BadUseError
from app.domain.outcomes import Place
from app.domain.states import LocationKind, Role
from app.models.database import Database
from app.models.people import Operator, StationSession
from app.models.stock import Location
from app.models.system import Setting
from app.queries.people import people, sign_in_by_badge, stations, warehouses
from app.services.orders import set_priority
from app.services.people import (
    activate_operator,
    add_operator,
    deactivate_operator,
    rename_operator,
    renew_badge,
    set_role,
)
from app.services.settings_store import FloorSettings, floor_settings
from app.services.setup import (
    NewWarehouse,
    database_id,
    ensure_station,
    first_run,
    is_set_up,
    put_station_settings,
    station_settings,
)
from tests.builders import NOW, World, line, world
from tests.services import stock_builders as build
from tests.services.machine_floor import whole_bench

__all__ = ["world"]


def test_the_first_run_makes_all_that_work_needs(database: Database) -> None:
    assert database.read(is_set_up) is False
    made = database.write(
        lambda s: first_run(s, NOW, NewWarehouse("main", "Main", "Europe/Warsaw"), "Ruth Calloway", "Bench 1")
    )
    assert database.read(is_set_up) is True
    found = database.read(lambda s: sign_in_by_badge(s, made.badge.lower()))
    assert found is not None
    assert (found.operator_id, found.name, found.role) == (made.operator_id, "Ruth Calloway", Role.ADMIN)
    assert database.read(lambda s: [(w.code, w.zone) for w in warehouses(s)]) == [("MAIN", "Europe/Warsaw")]
    assert database.read(lambda s: [(p.station_id, p.name) for p in stations(s)]) == [(made.station_id, "Bench 1")]
    kinds = database.read(lambda s: {row.code: row.kind for row in s.execute(select(Location.code, Location.kind))})
    assert kinds == {
        "SUPPLIER": LocationKind.SUPPLIER,
        "CUSTOMER": LocationKind.CUSTOMER,
        "ADJUSTMENT": LocationKind.ADJUSTMENT,
        "SCRAP": LocationKind.SCRAP,
        "RECEIVING-01": LocationKind.RECEIVING,
        "RETURNS-01": LocationKind.RETURNS,
        "Q-01": LocationKind.QUARANTINE,
        "W-01": LocationKind.REFURBISH,
    }
    settings = database.read(lambda s: {row.key: row.value for row in s.execute(select(Setting.key, Setting.value))})
    assert len(str(settings["audit_salt"])) == 64
    assert settings["database_id"] == database.write(database_id)
    assert database.read(floor_settings) == FloorSettings()
    assert not any(
        made.badge in str(row) for row in database.read(lambda s: s.execute(select(Operator.badge_digest)).all())
    )


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc"])
def test_a_zone_that_nobody_knows_is_refused_and_leaves_nothing(database: Database, zone: str) -> None:
    with pytest.raises(BadUseError, match=r"setup\.zone_unknown"):
        database.write(lambda s: first_run(s, NOW, NewWarehouse("main", "Main", zone), "Ruth", "Bench 1"))
    assert database.read(warehouses) == []


def test_badges_are_told_once_and_work_until_renewed(world: World) -> None:
    added = world.write(lambda s: add_operator(s, world.actor(), "Anna Lindqvist", Role.PACKER))
    assert added.outcome.code == "person.added"
    assert added.operator_id is not None
    assert added.code.startswith("OP-")
    assert len(added.code) == 19
    anna = added.operator_id
    found = world.read(lambda s: sign_in_by_badge(s, added.code))
    assert found is not None
    assert found.operator_id == anna
    renewed = world.write(lambda s: renew_badge(s, world.actor(), anna))
    assert world.read(lambda s: sign_in_by_badge(s, added.code)) is None
    assert world.read(lambda s: sign_in_by_badge(s, renewed.code)) is not None
    digest = world.read(lambda s: s.execute(select(Operator.badge_digest).where(Operator.id == anna)).scalar_one())
    assert digest == badge_digest(renewed.code)


def test_who_leaves_can_no_longer_sign_in(world: World) -> None:
    added = world.write(lambda s: add_operator(s, world.actor(), "Jonas", Role.PICKER, "OP-JONAS"))
    jonas = added.operator_id or 0
    assert world.write(lambda s: add_operator(s, world.actor(), "Other", Role.PICKER, "op-jonas")).outcome.refused
    assert world.write(lambda s: deactivate_operator(s, world.actor(), jonas)).code == "person.deactivated"
    assert world.read(lambda s: sign_in_by_badge(s, "OP-JONAS")) is None
    assert [row.active for row in world.read(people)] == [True, False]
    back = world.write(lambda s: activate_operator(s, world.actor(), jonas))
    assert world.read(lambda s: sign_in_by_badge(s, back.code)) is not None


def test_who_leaves_is_signed_out_where_they_work(database: Database) -> None:
    site = database.write(build.build_site)
    bench = whole_bench(database, site, "Jonas", Place.STOCK)
    assert bench.scans("PW-MOVE", "A-01-1").code == "stock_desk.at_place"
    of_bench = StationSession.station_id == bench.floor.station_id
    jonas = database.read(lambda s: s.execute(select(StationSession.operator_id).where(of_bench)).scalar_one())
    administrator = replace(site.actor, role=Role.ADMIN)
    gone = database.write(lambda s: deactivate_operator(s, administrator, jonas or 0))
    assert gone.code == "person.deactivated"
    assert bench.scan("A-02-1").code == "station.sign_in_first"
    opened = select(StationSession.operator_id, StationSession.work_kind, StationSession.block).where(of_bench)
    assert database.read(lambda s: s.execute(opened).one()) == (None, "", None)


@pytest.mark.parametrize(("now", "code"), [(Role.PACKER, "office.not_permitted"), (Role.ADMIN, "order.priority_set"),
                                           (None, "office.not_permitted")])  # fmt: skip
def test_a_deed_asks_for_the_role_of_now_not_for_that_of_the_sign_in(world: World, now: Role | None, code: str) -> None:
    """`None`: they were deactivated since."""
    lead = world.operator("Greta", Role.LEAD)
    signed_in = replace(world.actor(Role.LEAD), operator_id=lead)  # what her screen knows
    world.product("CUP")
    order = world.order("#1", line("CUP", 1))
    if now is None:
        assert world.write(lambda s: deactivate_operator(s, world.actor(), lead)).code == "person.deactivated"
    else:
        assert world.write(lambda s: set_role(s, world.actor(), lead, now)).code == "person.role_set"
    assert world.write(lambda s: set_priority(s, signed_in, order, 1)).code == code


def test_a_role_that_was_given_since_is_not_that_of_the_screen(world: World) -> None:
    packer = world.operator("Pia", Role.LEAD)
    signed_in = replace(world.actor(Role.PACKER), operator_id=packer)
    world.product("CUP")
    order = world.order("#1", line("CUP", 1))
    assert world.write(lambda s: set_priority(s, signed_in, order, 1)).code == "office.not_permitted"


def test_the_last_administrator_stays(world: World) -> None:
    ada = world.operator_id
    assert world.write(lambda s: deactivate_operator(s, world.actor(), ada)).code == "person.not_oneself"
    assert world.write(lambda s: set_role(s, world.actor(), ada, Role.LEAD)).code == "person.last_administrator"
    world.operator("Second", Role.ADMIN)
    assert world.write(lambda s: set_role(s, world.actor(), ada, Role.LEAD)).code == "person.role_set"


def test_only_an_administrator_manages_people(world: World) -> None:
    lead = world.actor(Role.LEAD)
    assert world.write(lambda s: add_operator(s, lead, "X", Role.PACKER)).outcome.code == "office.not_permitted"
    assert world.write(lambda s: rename_operator(s, lead, world.operator_id, "X")).code == "office.not_permitted"
    assert world.write(lambda s: rename_operator(s, world.actor(), world.operator_id, "Ada B")).code == "person.renamed"
    assert [row.name for row in world.read(people)] == ["Ada B"]


def test_a_station_is_made_once_and_keeps_its_settings(world: World) -> None:
    made = world.write(lambda s: ensure_station(s, NOW, "Bench 7", world.warehouse_id))
    assert world.write(lambda s: ensure_station(s, NOW, "Bench 7", world.warehouse_id)) == made
    world.write(lambda s: put_station_settings(s, world.actor(), made, {"printer": "sim:", "theme": "dark"}))
    world.write(lambda s: put_station_settings(s, world.actor(), made, {"theme": None, "volume": 7}))
    assert world.read(lambda s: station_settings(s, made)) == {"printer": "sim:", "volume": 7}
