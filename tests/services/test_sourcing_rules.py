"""The rules of sourcing and what sites can give, as the office changes them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.outcomes import Outcome, Result
from app.domain.sourcing_rules import USUAL_RULES, Conditions, Rule, RuleKind
from app.domain.states import Role, WarehouseKind
from app.models.database import Database
from app.models.system import AuditEntry
from app.services import sourcing, warehouses
from app.services.actor import Actor
from app.services.sourcing import RuleFacts
from app.services.sourcing_rows import read_rules, site_codes
from app.services.warehouses import Supply
from tests.services import stock_builders as build

WAREHOUSE = WarehouseKind.WAREHOUSE


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


@pytest.fixture
def admin(site: build.Site) -> Actor:
    return replace(site.actor, role=Role.ADMIN)


def save(database: Database, actor: Actor, told: RuleFacts) -> Outcome:
    return database.write(lambda session: sourcing.save_rule(session, actor, told))


def kinds(database: Database) -> list[tuple[RuleKind, bool]]:
    return [(rule.kind, rule.enabled) for rule in database.read(sourcing.rules)]


def in_force(database: Database) -> tuple[Rule, ...]:
    return database.read(lambda session: read_rules(session, site_codes(session)))


USUAL = [(RuleKind.OWN_FIRST, True), (RuleKind.FEWEST_PARCELS, True), (RuleKind.NEAREST, True)]


def test_the_usual_rules_hold_until_one_is_written(database: Database, site: build.Site, admin: Actor) -> None:
    assert (kinds(database), in_force(database)) == (USUAL, USUAL_RULES)
    assert database.read(sourcing.rules)[2] == RuleFacts(None, RuleKind.NEAREST, numbers={"step_km": 1})
    told = RuleFacts(
        None, RuleKind.CHANNEL_PREFERENCE, name=" Shop first ", warehouses=("W1",),
        conditions={"channels": ("Shop", " ", "Shop"), "other": ("x",)},
    )  # fmt: skip
    assert save(database, admin, told).code == "sourcing.rule_saved"
    assert kinds(database) == [*USUAL, (RuleKind.CHANNEL_PREFERENCE, True)]
    last = database.read(sourcing.rules)[3]
    assert (last.name, last.warehouses, last.conditions) == ("Shop first", ("W1",), {"channels": ("Shop",)})
    assert in_force(database)[3] == Rule(
        RuleKind.CHANNEL_PREFERENCE, {}, (site.warehouse_id,), Conditions(frozenset({"shop"}))
    )
    audits = database.read(lambda s: s.scalars(select(AuditEntry.action)).all())
    assert audits == ["sourcing.rule_saved"]


def test_rules_are_changed_moved_switched_off_and_removed(database: Database, admin: Actor) -> None:
    moved = database.write(lambda s: sourcing.move_rule(s, admin, 2, 0))
    assert (moved.code, kinds(database)) == ("sourcing.rule_moved", [USUAL[2], USUAL[0], USUAL[1]])
    first, second, third = database.read(sourcing.rules)
    save(database, admin, replace(first, numbers={"step_km": 50}))
    assert in_force(database)[0] == Rule(RuleKind.NEAREST, {"step_km": 50})
    off = database.write(lambda s: sourcing.enable_rule(s, admin, second.rule_id or 0, False))
    assert (off.code, [rule.kind for rule in in_force(database)]) == (
        "sourcing.rule_off", [RuleKind.NEAREST, RuleKind.FEWEST_PARCELS],
    )  # fmt: skip
    for rule in (first, second, third):
        removed = database.write(lambda s, rule=rule: sourcing.remove_rule(s, admin, rule.rule_id or 0))  # type: ignore[misc]
        assert removed.code == "sourcing.rule_removed"
    assert kinds(database) == USUAL
    gone = database.write(lambda s: sourcing.remove_rule(s, admin, first.rule_id or 0))
    assert (gone.result, gone.code) == (Result.REFUSED, "sourcing.rule_gone")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (RuleFacts(None, RuleKind.NEAREST, numbers={"most": 1}), "sourcing.bad_number"),
        (RuleFacts(None, RuleKind.NEAREST, numbers={"step_km": -1}), "sourcing.bad_number"),
        (RuleFacts(None, RuleKind.CHANNEL_PREFERENCE, warehouses=("W1", "W7")), "sourcing.site_unknown"),
        (RuleFacts(4711, RuleKind.NEAREST), "sourcing.rule_gone"),
    ],
)
def test_what_no_rule_can_be_is_refused(database: Database, admin: Actor, told: RuleFacts, code: str) -> None:
    outcome = save(database, admin, told)
    assert (outcome.result, outcome.code) == (Result.REFUSED, code)


def test_only_who_may_change_settings_changes_rules_and_sites(database: Database, site: build.Site) -> None:
    packer = replace(site.actor, role=Role.PACKER)
    supply = Supply(WAREHOUSE, True)
    refused = [
        save(database, packer, RuleFacts(None, RuleKind.NEAREST)),
        database.write(lambda s: sourcing.move_rule(s, packer, 0, 1)),
        database.write(lambda s: sourcing.remove_rule(s, packer, 1)),
        database.write(lambda s: sourcing.enable_rule(s, packer, 1, True)),
        database.write(lambda s: warehouses.change_supply(s, packer, site.warehouse_id, supply)),
    ]
    assert {(outcome.result, outcome.code) for outcome in refused} == {(Result.REFUSED, "office.not_permitted")}
    assert kinds(database) == USUAL


def test_what_a_site_can_give(database: Database, site: build.Site, admin: Actor) -> None:
    told = Supply(WarehouseKind.STORE, False, 990, 40, 53_800_000, -1_550_000, 350, 20)
    changed = database.write(lambda s: warehouses.change_supply(s, admin, site.warehouse_id, told))
    assert changed.code == "warehouse.changed"
    assert database.read(lambda s: warehouses.supply(s, site.warehouse_id)) == told


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Supply(WAREHOUSE, True, cut_off=1440), "warehouse.cut_off_wrong"),
        (Supply(WAREHOUSE, True, capacity=-1), "warehouse.capacity_wrong"),
        (Supply(WAREHOUSE, True, latitude_e6=1), "warehouse.place_incomplete"),
        (Supply(WAREHOUSE, True, latitude_e6=91_000_000, longitude_e6=0), "warehouse.place_wrong"),
        (Supply(WAREHOUSE, True, unit_cost=-1), "warehouse.cost_wrong"),
    ],
)
def test_what_no_site_can_give_is_refused(
    database: Database, site: build.Site, admin: Actor, told: Supply, code: str
) -> None:
    outcome = database.write(lambda s: warehouses.change_supply(s, admin, site.warehouse_id, told))
    assert (outcome.result, outcome.code) == (Result.REFUSED, code)
