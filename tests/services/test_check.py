"""Every invariant: a violation of it is planted, and exactly that is found."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from app.domain.outcomes import Result
from app.domain.words import say
from app.models.database import Database
from app.services import audit
from app.services.check import seal_chains, violations
from tests.services import stock_builders as build
from tests.services.planted import (
    CASES,
    World,
    after,
    gesture,
    named,
    plant_beyond_order,
    plant_changed_audit,
    plant_lost_unit,
    plant_refund,
    plant_tracking,
    small_world,
)


@pytest.mark.plants_violations
@pytest.mark.parametrize(("plant", "expected"), CASES, ids=[plant.__name__ for plant, _expected in CASES])
def test_a_planted_violation_is_found_and_nothing_else(
    database: Database, plant: Callable[[World], None], expected: list[tuple[str, str]]
) -> None:
    assert named(after(database, plant)) == expected


def test_what_is_wrong_is_told_with_its_numbers(database: Database) -> None:
    (found,) = after(database, plant_lost_unit)
    numbers = {key: value for key, value in found.detail.items() if key != "location_id"}
    assert numbers == {"lot_id": 0, "condition": "new", "moved": 8, "on_hand": 7}
    (found,) = after(database, plant_refund)
    assert found.detail == {"captured": 1000, "refunded": 1001}


def test_an_acknowledged_scan_that_is_not_stored_is_found(database: Database) -> None:
    with database.writing() as session:
        gesture(small_world(session), "known", Result.DONE)
    journal = [*(f"lost-{number}" for number in range(700)), "known"]
    found = database.read(lambda session: violations(session, journal))
    assert [violation.detail["gesture_id"] for violation in found] == journal[:-1]
    assert {violation.code for violation in found} == {"check.gesture_lost"}
    assert database.read(lambda session: violations(session, ["known"])) == []


def test_seals_are_made_only_when_something_was_written(database: Database) -> None:
    with database.writing() as session:
        world = small_world(session)
        assert seal_chains(session, world.site.at(5).now) is True
        assert seal_chains(session, world.site.at(10).now) is False
        audit.record(session, world.site.actor, "test.fourth", "order", None)
        assert seal_chains(session, world.site.at(15).now) is True
    assert database.read(lambda session: session.execute(text("SELECT COUNT(*) FROM audit_seals")).scalar_one()) == 3


@pytest.mark.plants_violations
def test_each_violation_has_its_sentence(database: Database) -> None:
    for plant in (plant_lost_unit, plant_beyond_order, plant_tracking, plant_changed_audit):
        for violation in after(database, plant):
            sentence = say(violation.code, subject_id=violation.subject_id, **violation.detail)
            assert sentence != violation.code


def test_stations_that_seal_at_once_make_one_chain(database: Database) -> None:
    """Several sealers begin together, again and again, while others write; the seals still follow each other."""
    site = database.write(build.build_site)

    def station(number: int) -> None:
        actor = replace(site.actor, writer=f"station:{number}")
        for _round in range(8):
            database.write(lambda s: audit.record(s, actor, "tested", "order", number))
            database.write(lambda s: seal_chains(s, site.actor.now))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(station, range(4)))
    assert database.read(violations) == []
    assert database.read(lambda s: s.execute(text("SELECT COUNT(*) FROM audit_seals")).scalar_one()) >= 8
