"""Orders that are typed in: taken once from their draft, with numbers that neither skip nor repeat."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.domain.capture import Financial, PostalAddress
from app.domain.manual_order import ManualLine, ManualOrder
from app.domain.outcomes import Outcome
from app.domain.states import Role
from app.models.database import Database
from app.services import manual
from app.services.check import violations
from tests.services import stock_builders as build
from tests.services.test_bench_changes import rows

HOME = PostalAddress("Ada Stone", "", "1 Mill Lane", "", "Leeds", "LS1 1AA", "", "GB")
ORDER = ManualOrder(
    HOME, (ManualLine("CUP", "Cup", 2, 450),), "ada@stone.example", tax=180, shipping=300, service="Express", priority=1
)


@pytest.fixture
def site(database: Database) -> Iterator[build.Site]:
    made = database.write(build.build_site)
    database.write(lambda s: build.stock(s, made, "CUP", "A-01-1", 9) and None)
    yield made
    assert database.read(violations) == []


def draft(database: Database, site: build.Site) -> int:
    return database.write(lambda s: manual.save_draft(s, site.actor, None, {"name": "Ada"}))


def enter(database: Database, site: build.Site, draft_id: int, order: ManualOrder = ORDER) -> Outcome:
    return database.write(lambda s: manual.enter_order(s, site.actor, draft_id, order))


def test_it_is_captured_verified_and_promised_like_any_other(database: Database, site: build.Site) -> None:
    outcome = enter(database, site, draft(database, site))
    assert (outcome.code, outcome.values["number"]) == ("entry.taken", "M1001")
    sql = "SELECT c.key, o.number, o.state, o.total, o.tax, o.shipping, o.priority, o.service FROM orders o "
    found = rows(database, sql + "JOIN channels c ON c.id = o.channel_id")
    assert found == [("manual", "M1001", "allocated", 1380, 180, 300, 1, "Express")]
    assert rows(database, "SELECT sku, quantity, unit_price, line_total FROM order_lines") == [("CUP", 2, 450, 900)]
    assert rows(database, "SELECT kind, amount FROM payments") == [("captured", 1380)]


def test_asked_twice_it_is_one_order(database: Database, site: build.Site) -> None:
    one = draft(database, site)
    assert enter(database, site, one).code == "entry.taken"
    again = enter(database, site, one)
    assert (again.code, again.values["number"]) == ("entry.taken_already", "M1001")
    assert rows(database, "SELECT count(*) FROM orders") == [(1,)]


def test_what_is_wrong_with_it_is_said_or_holds_it(database: Database, site: build.Site) -> None:
    one = draft(database, site)
    assert enter(database, site, one, replace(ORDER, lines=())).code == "entry.no_lines"
    assert enter(database, site, one, replace(ORDER, ship_to=replace(HOME, name=""))).code == "entry.no_name"
    assert enter(database, site, one, replace(ORDER, discount=99_999)).code == "entry.below_nothing"
    packer = replace(site.actor, role=Role.PACKER)
    refusal = database.write(lambda s: manual.enter_order(s, packer, one, ORDER))
    assert refusal.code == "office.not_permitted"
    held = enter(database, site, one, replace(ORDER, financial=Financial.PENDING))
    assert (held.code, held.values["kind"], held.values["number"]) == ("entry.taken_held", "payment", "M1001")
    many = replace(ORDER, lines=(ManualLine("CUP", "Cup", 50, 450),))
    waits = enter(database, site, draft(database, site), many)
    assert (waits.code, waits.values["number"]) == ("entry.taken_waits", "M1002")


def test_a_draft_is_found_again_and_thrown_away(database: Database, site: build.Site) -> None:
    one = draft(database, site)
    database.write(lambda s: manual.save_draft(s, site.actor, one, {"name": "Ada Stone"}))
    found = database.read(lambda s: manual.last_draft(s, site.actor.operator_id))
    assert found is not None
    assert (found.id, dict(found.content)) == (one, {"name": "Ada Stone"})
    assert database.read(lambda s: manual.last_draft(s, 99)) is None
    database.write(lambda s: manual.drop_draft(s, one))
    assert database.read(lambda s: manual.last_draft(s, site.actor.operator_id)) is None


def test_numbers_follow_each_other_without_gap_or_double_whoever_types(database: Database, site: build.Site) -> None:
    """Eight people, of whom some are refused or fail half way: a number is used or was never given."""
    drafts = [draft(database, site) for _ in range(24)]
    begin = threading.Barrier(8)

    class HalfwayError(Exception):
        pass

    def one(session: build.Session, draft_id: int, at: int) -> Outcome:
        outcome = manual.enter_order(session, site.actor, draft_id, replace(ORDER, email=f"c{draft_id}@x.example"))
        if at % 4 == 3:
            raise HalfwayError
        return outcome

    def type_in(mine: list[int]) -> None:
        begin.wait()
        for draft_id in mine:
            try:
                database.write(lambda s, i=draft_id: one(s, i, i))
            except HalfwayError:
                continue

    with ThreadPoolExecutor(8) as people:
        for person in [people.submit(type_in, drafts[at::8]) for at in range(8)]:
            person.result()
    taken = sorted(int(str(number)[1:]) for (number,) in rows(database, "SELECT number FROM orders"))
    assert taken == list(range(1001, 1001 + 24 - 6))
