"""A fault at every statement of an allocation over sites and of sending a rest elsewhere: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.database import Database
from app.models.sourcing import SafetyStock
from app.services.allocate import allocate_ready
from app.services.reroute import reroute
from tests.databases import Databases, assert_sound
from tests.services import site_builders as sites
from tests.services import stock_builders as build
from tests.services.faulty_day import Faults

_TRACES = text(
    "SELECT (SELECT count(*) FROM allocations), (SELECT count(*) FROM fulfillments), "
    "(SELECT count(*) FROM sourcing_choices), (SELECT count(*) FROM audit_entries), "
    "(SELECT SUM(allocated) FROM stock_balances)"
)
Work = Callable[[], object]


def ground(database: Database) -> build.Site:
    """Two sites that each could send an order whole, and keep one of each product back."""

    def make(session: Session) -> build.Site:
        leeds = build.build_site(session)
        sites.put_at(session, leeds, "LS9 8AG")
        sites.know_towns(session)
        london = sites.add_site(session, leeds, "LON", "E16 2AA")
        build.stock(session, leeds, "CUP", "A-01-1", 2)
        build.stock(session, leeds, "LAMP", "A-01-1", 4)
        build.stock(session, london, "CUP", "A-01-1", 4)
        build.stock(session, london, "LAMP", "A-01-1", 4)
        session.add(SafetyStock(quantity=1))
        build.add_order(session, leeds, [("CUP", 1), ("LAMP", 2)])
        return leeds

    return database.write(make)


def allocating(database: Database) -> Work:
    site = ground(database)
    return lambda: database.write(lambda session: allocate_ready(session, site.actor, 10))


def rerouting(database: Database) -> Work:
    site = ground(database)
    made = database.write(lambda session: allocate_ready(session, site.actor, 10))
    (part,) = made.fulfillment_ids
    return lambda: database.write(lambda session: reroute(session, site.at(5), part, "flood"))


@pytest.mark.parametrize("begin", [allocating, rerouting])
def test_a_fault_at_any_statement_leaves_nothing_half_done(
    databases: Databases, begin: Callable[[Database], Work]
) -> None:
    plain = databases.fresh()
    work = begin(plain)
    faults = Faults(plain)
    with faults.listening():
        count = faults.count(work)
    wanted = plain.read(lambda session: tuple(session.execute(_TRACES).one()))

    database = databases.fresh()
    work = begin(database)
    before = database.read(lambda session: tuple(session.execute(_TRACES).one()))
    faults = Faults(database)
    with faults.listening():
        for at in range(1, count + 1):
            faults.strike(work, at)
            assert database.read(lambda session: tuple(session.execute(_TRACES).one())) == before, at
        assert_sound(database)
        work()
    assert_sound(database)
    assert database.read(lambda session: tuple(session.execute(_TRACES).one())) == wanted != before
    assert count > 20
