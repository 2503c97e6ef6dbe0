"""Another site sends what one can't: by a lead's decision, and by itself when a picker finds too few."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.outcomes import Outcome, Result
from app.domain.states import FulfillmentState, HoldKind, OrderState, PickTaskState, Role
from app.models.database import Database
from app.models.demand import Hold, Order
from app.models.fulfillment import Fulfillment, PickTask
from app.models.sourcing import SourcingChoice
from app.models.system import AuditEntry
from app.models.warehouses import Warehouse
from app.services.allocate import allocate_ready
from app.services.release import release
from app.services.reroute import reroute
from tests.databases import assert_sound
from tests.services import floor_builders as floor
from tests.services import site_builders as sites
from tests.services import stock_builders as build
from tests.services.test_allocate_sites import Two, order, sent, stock


@pytest.fixture
def two(database: Database) -> Two:
    def make(session: Session) -> Two:
        leeds = build.build_site(session)
        sites.put_at(session, leeds, "LS9 8AG")
        sites.know_towns(session)
        return Two(leeds, sites.add_site(session, leeds, "LON", "E16 2AA"))

    return database.write(make)


def allocated(database: Database, two: Two, *lines: tuple[str, int], in_parts: bool = False) -> tuple[int, int]:
    """An order that Leeds sends: its id and its fulfillment's."""
    made = order(database, two, *lines, in_parts=in_parts)
    result = database.write(lambda session: allocate_ready(session, two.leeds.actor, 10))
    assert result.allocated == (made,)
    return made, result.fulfillment_ids[0]


def move(database: Database, two: Two, fulfillment_id: int, reason: str = "flood") -> Outcome:
    return database.write(lambda session: reroute(session, two.leeds.at(5), fulfillment_id, reason))


def states(database: Database, order_id: int) -> list[tuple[str, FulfillmentState]]:
    statement = (
        select(Warehouse.code, Fulfillment.state)
        .join(Fulfillment, Fulfillment.warehouse_id == Warehouse.id)
        .where(Fulfillment.order_id == order_id)
        .order_by(Fulfillment.id)
    )
    return database.read(lambda session: [(code, state) for code, state in session.execute(statement)])


def history(database: Database) -> list[tuple[str, int | None, str]]:
    """Why fulfillments were made that took over from others, and what the audit says."""

    def look(session: Session) -> list[tuple[str, int | None, str]]:
        audits = session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "fulfillment.rerouted")).all()
        choices = session.execute(
            select(SourcingChoice.code, SourcingChoice.rerouted_from_id).where(
                SourcingChoice.rerouted_from_id.is_not(None)
            )
        ).all()
        return [(code, origin, detail) for (code, origin), detail in zip(choices, audits, strict=True)]

    return database.read(look)


def open_holds(database: Database) -> list[tuple[HoldKind, str]]:
    statement = select(Hold).where(Hold.released_at.is_(None))
    return database.read(lambda session: [(hold.kind, hold.detail) for hold in session.scalars(statement)])


def test_all_of_a_fulfillment_goes_to_another_site(database: Database, two: Two) -> None:
    stock(database, two.leeds, "CUP", 3)
    stock(database, two.london, "CUP", 3)
    made, part = allocated(database, two, ("CUP", 3))
    assert sent(database, made) == {("W1", "CUP"): 3}
    outcome = move(database, two, part, " flood ")
    assert (outcome.code, dict(outcome.values)["to"]) == ("sourcing.rerouted_all", "Hall LON")
    assert sent(database, made) == {("LON", "CUP"): 3}
    assert states(database, made) == [("W1", FulfillmentState.CANCELLED), ("LON", FulfillmentState.ALLOCATED)]
    assert history(database) == [
        ("sourcing.why.only", part, f'{{"reason":"flood","to":[{two.london.warehouse_id}],"units":3}}')
    ]
    assert database.read(lambda s: build.balance(s, two.leeds, "CUP", "A-01-1")) == (3, 0)
    assert database.read(lambda s: s.get_one(Order, made).state) is OrderState.ALLOCATED
    assert move(database, two, part).code == "sourcing.too_late"
    assert_sound(database)


def test_an_order_in_parts_keeps_here_what_nobody_else_has(database: Database, two: Two) -> None:
    stock(database, two.leeds, "CUP", 3)
    stock(database, two.leeds, "LAMP", 1)
    stock(database, two.london, "CUP", 2)
    made, part = allocated(database, two, ("CUP", 3), ("LAMP", 1), in_parts=True)
    assert move(database, two, part).code == "sourcing.rerouted"
    assert sent(database, made) == {("W1", "CUP"): 1, ("W1", "LAMP"): 1, ("LON", "CUP"): 2}
    assert states(database, made) == [("W1", FulfillmentState.ALLOCATED), ("LON", FulfillmentState.ALLOCATED)]
    assert open_holds(database) == []
    assert_sound(database)


def test_a_whole_order_moves_whole_or_not_at_all(database: Database, two: Two) -> None:
    stock(database, two.leeds, "CUP", 3)
    stock(database, two.london, "CUP", 2)
    made, part = allocated(database, two, ("CUP", 3))
    outcome = move(database, two, part)
    assert (outcome.code, dict(outcome.values)["missing"]) == ("sourcing.nowhere_else", "CUP 1")
    assert (sent(database, made), states(database, made)) == (
        {("W1", "CUP"): 3}, [("W1", FulfillmentState.ALLOCATED)],
    )  # fmt: skip
    assert database.read(lambda s: build.balance(s, two.london, "CUP", "A-01-1")) == (2, 0)


def test_who_may_and_when(database: Database, two: Two) -> None:
    stock(database, two.leeds, "CUP", 3)
    stock(database, two.london, "CUP", 3)
    made, part = allocated(database, two, ("CUP", 3))
    picker = replace(two.leeds.actor, role=Role.PICKER)
    refused: list[tuple[Callable[[Session], Outcome], str]] = [
        (lambda s: reroute(s, picker, part, "flood"), "office.not_permitted"),
        (lambda s: reroute(s, two.leeds.actor, part, "  "), "sourcing.reason_wanted"),
        (lambda s: reroute(s, two.leeds.actor, 99, "flood"), "sourcing.unknown_fulfillment"),
    ]
    for work, code in refused:
        outcome = database.write(work)
        assert (outcome.result, outcome.code) == (Result.REFUSED, code)
    database.write(lambda s: s.add(Hold(order_id=made, kind=HoldKind.ADDRESS, detail="", opened_at=build.NOW)))
    assert move(database, two, part).code == "sourcing.held"
    assert sent(database, made) == {("W1", "CUP"): 3}


def walking(database: Database, two: Two) -> floor.Bench:
    """A picker of Leeds who stands at the first shelf of the only walk."""
    made = database.write(lambda session: release(session, two.leeds.actor, 10))
    bench = floor.pick_bench(database, two.leeds)
    bench.scans(f"PL-{made.pick_list_ids[0]}", "T-1")
    bench.scan("A-01-1")
    return bench


def test_what_a_picker_does_not_find_another_site_sends(database: Database, two: Two) -> None:
    stock(database, two.leeds, "CUP", 3)
    made, part = allocated(database, two, ("CUP", 3))
    stock(database, two.london, "CUP", 5)
    bench = walking(database, two)
    bench.scans("CUP", "PW-SHORT", "PW-1")
    short = bench.scan("PW-EMPTY")
    assert (short.result, dict(short.values)["missing"]) == (Result.DONE, 2)
    assert states(database, made) == [("W1", FulfillmentState.PICKED), ("LON", FulfillmentState.ALLOCATED)]
    assert sent(database, made) == {("W1", "CUP"): 1, ("LON", "CUP"): 2}
    assert history(database) == [
        ("sourcing.why.only", part, f'{{"reason":"short_pick","to":[{two.london.warehouse_id}],"units":2}}')
    ]
    assert open_holds(database) == []
    assert_sound(database)


def test_when_nothing_is_found_here_the_whole_order_comes_from_there(database: Database, two: Two) -> None:
    stock(database, two.leeds, "CUP", 3)
    made, _ = allocated(database, two, ("CUP", 3))
    stock(database, two.london, "CUP", 5)
    bench = walking(database, two)
    bench.scans("PW-SHORT", "PW-0")
    assert bench.scan("PW-EMPTY").result is Result.DONE
    assert states(database, made) == [("W1", FulfillmentState.CANCELLED), ("LON", FulfillmentState.ALLOCATED)]
    assert sent(database, made) == {("LON", "CUP"): 3}
    assert_sound(database)


def test_a_parked_order_goes_on_once_another_site_sends_the_rest(database: Database, two: Two) -> None:
    stock(database, two.leeds, "CUP", 3)
    made, part = allocated(database, two, ("CUP", 3))
    bench = walking(database, two)
    bench.scans("CUP", "PW-SHORT", "PW-1", "PW-EMPTY")
    assert states(database, made) == [("W1", FulfillmentState.EXCEPTION)]
    assert open_holds(database) == [(HoldKind.STOCK, "CUP 2")]
    assert move(database, two, part).code == "sourcing.nowhere_else"
    stock(database, two.london, "CUP", 2)
    assert move(database, two, part).code == "sourcing.rerouted"
    assert states(database, made) == [("W1", FulfillmentState.PICKED), ("LON", FulfillmentState.ALLOCATED)]
    assert (sent(database, made), open_holds(database)) == ({("W1", "CUP"): 1, ("LON", "CUP"): 2}, [])
    assert_sound(database)


def test_stops_that_nobody_need_walk_to_any_more_are_dropped(database: Database, two: Two) -> None:
    stock(database, two.leeds, "CUP", 2)
    stock(database, two.leeds, "LAMP", 1, "B-01-1")
    made, part = allocated(database, two, ("CUP", 2), ("LAMP", 1))
    stock(database, two.london, "CUP", 5)
    stock(database, two.london, "LAMP", 5)
    bench = walking(database, two)
    bench.scan("CUP")
    assert move(database, two, part).code == "sourcing.rerouted"
    tasks = database.read(
        lambda s: [
            (task.quantity, task.picked, task.state) for task in s.scalars(select(PickTask).order_by(PickTask.id))
        ]
    )
    assert tasks == [(1, 1, PickTaskState.PICKED), (0, 0, PickTaskState.DROPPED)]
    assert sent(database, made) == {("W1", "CUP"): 1, ("LON", "CUP"): 1, ("LON", "LAMP"): 1}
    assert states(database, made)[0] == ("W1", FulfillmentState.PICKED)
    assert (
        database.read(lambda s: s.execute(text("SELECT count(*) FROM holds WHERE released_at IS NULL")).scalar()) == 0
    )
    assert_sound(database)
