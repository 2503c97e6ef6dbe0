"""Returns that go back a step, meet others, or are refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Result
from app.domain.states import Condition, LocationKind, ReturnState, Role
from app.models.database import Database
from app.models.demand import OrderLine, Payment
from app.models.people import Claim
from app.models.returns import Refund, RefundLine, ReturnAuthorization, ReturnUnit
from app.models.stock import Location, StockBalance
from app.services.allocate import allocate_ready
from app.services.hand_over import ship_packages
from tests.services import floor_builders as floor
from tests.services import stock_builders as build
from tests.services.returns_site import all_of, bench_of, moves, open_return
from tests.services.returns_site import site as site


def test_undo_takes_back_the_decision_then_the_scan(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    bench.scans("CUP", "PW-GR-B", "PW-FAULT", "PW-QUAR")
    assert bench.scan("PW-UNDO").code == "returns.undone"
    assert bench.step == "where"
    bench.scans("PW-BACK", "PW-BACK")
    assert bench.step == "grade"
    assert bench.scan("PW-BACK").code == "returns.first_step"
    assert bench.scan("PW-UNDO").code == "returns.undone"
    assert bench.scan("PW-UNDO").code == "returns.nothing_to_undo"
    assert all_of(database, ReturnUnit, "id") == []
    assert moves(database, "return", "disposition") == [
        ("return", "CUP", "CUSTOMER", "RETURNS", "new"),
        ("disposition", "CUP", "RETURNS", "Q-1", "opened"),
        ("disposition", "CUP", "Q-1", "RETURNS", "new"),
        ("return", "CUP", "RETURNS", "CUSTOMER", "new"),
    ]
    assert bench.scan("CUP").code == "returns.received"


def test_a_restocked_unit_that_was_promised_meanwhile_stays(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    bench.scans("LAMP", "PW-GR-A", "PW-MIND", "PW-RESTOCK")
    taken = database.write(lambda s: build.add_order(s, site, [("LAMP", 5)]).id)
    database.write(lambda s: floor.promise_all(s, site, taken))
    answer = bench.scan("PW-UNDO")
    assert (answer.result, answer.code) == (Result.REFUSED, "returns.used_already")


def test_a_restocked_unit_goes_to_the_order_that_waits_for_it(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)

    def wait(session: Session) -> None:
        for balance in session.scalars(select(StockBalance).join(Location).where(Location.kind == LocationKind.SHELF)):
            if balance.product_id == site.products["LAMP"]:
                supplier = build.counterparty(session, site.warehouse_id, LocationKind.SUPPLIER)
                goods = build.ledger.Goods(balance.product_id, balance.on_hand)
                build.ledger.move(
                    session, site.actor, build.MovementReason.ADJUSTMENT, goods, balance.location_id, supplier
                )
        build.add_order(session, site, [("LAMP", 1)])
        build_allocate(session, site)

    database.write(wait)
    bench.scans("LAMP", "PW-GR-A", "PW-MIND", "PW-RESTOCK")
    assert database.read(lambda s: build.balance(s, site, "LAMP", "B-01-1")) == (1, 1)


def build_allocate(session: Session, site: build.Site) -> None:
    assert len(allocate_ready(session, site.actor, 10).backordered) == 1


def test_decisions_without_a_unit_and_out_of_turn_are_refused(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    assert bench.scan("PW-GR-A").code == "returns.no_unit_in_hand"
    assert bench.scan("PW-REFUND").code == "returns.nothing_received"
    assert bench.scan("PW-FOREIGN").code == "returns.no_foreign_unit"
    bench.scan("CUP")
    assert bench.scan("PW-SCRAP").code == "returns.grade_first"
    bench.scan("PW-1")  # the first grade, by its number
    assert bench.scan("PW-SCRAP").code == "returns.reason_first"
    bench.scan("PW-3")
    assert bench.scan("PW-9").code == "station.no_meaning_here"
    assert bench.scan("NOBODY").code == "returns.unknown_code"
    assert all_of(database, ReturnUnit, "grade", "reason") == [(Condition.NEW, "unwanted")]


def test_another_order_waits_and_what_was_never_shipped_is_no_return(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    database.write(lambda s: build.add_order(s, site, [("SOAP", 1)]).id)
    other = bench.scan("#1001")
    assert (other.result, other.code) == (Result.BLOCKED, "returns.still_open")
    bench.scans("PW-OK", "PW-ASIDE")
    assert bench.scan("#1001").code == "returns.nothing_shipped"


def test_a_packer_opens_no_return_and_two_clerks_never_the_same(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    packer = bench_of(database, site, "Tom", Role.PACKER)
    assert packer.scan("#1000").code == "returns.not_permitted"
    clerk = bench_of(database, site, "Una", Role.RETURNS)
    held = clerk.scan("#1000")
    assert (held.code, dict(held.values)["operator"]) == ("returns.held", "Ines Falk")
    assert clerk.scan("PW-TAKE").code == "returns.take_over_not_permitted"
    lead = bench_of(database, site, "Vic", Role.LEAD)
    lead.scan("#1000")
    assert lead.scans("PW-TAKE", "PW-1").code == "returns.opened"
    assert bench.scan("CUP").code == "returns.taken_over"


def test_lines_are_found_by_what_is_still_out(database: Database, site: build.Site) -> None:
    def twice(session: Session) -> None:
        build.stock(session, site, "SOAP", "A-01-1", 5)
        order = build.add_order(session, site, [("SOAP", 1), ("SOAP", 1)])
        package = build.pack_all(session, site, floor.promise_all(session, site, order.id))
        ship_packages(session, site.actor, [package.id])

    database.write(twice)
    bench = bench_of(database, site)
    bench.scans("#1000", "SOAP", "SOAP")
    lines = database.read(lambda s: s.scalars(select(OrderLine.id).order_by(OrderLine.line_no)).all())
    assert [row[0] for row in all_of(database, ReturnUnit, "order_line_id")] == lines


def test_a_proposed_refund_falls_when_its_units_change(database: Database, site: build.Site) -> None:
    bench = open_return(database, site, Role.RETURNS)
    bench.scans("CUP", "PW-GR-A", "PW-MIND", "PW-RESTOCK")
    assert bench.scan("PW-REFUND").code == "returns.refund_proposed"
    assert len(all_of(database, Refund, "amount")) == 1
    assert bench.scan("#1000").code == "returns.resumed"
    assert [bench.scan(code).code for code in ("PW-UNDO", "PW-UNDO")] == ["returns.undone", "returns.undone"]
    assert all_of(database, Refund, "amount") == all_of(database, RefundLine, "amount") == []
    bench.scans("LAMP", "PW-GR-C", "PW-MIND", "PW-SCRAP", "PW-REFUND")
    assert all_of(database, Refund, "amount", "state") == [(550, "proposed")]
    assert all_of(database, RefundLine, "amount") == [(550,)]


@pytest.mark.parametrize("deed", ["LAMP", "PW-UNDO", "PW-REFUND", "PW-FOREIGN", "PW-GR-A"])
def test_a_clerk_left_behind_changes_nothing_of_a_return_that_another_closed(
    database: Database, site: build.Site, deed: str
) -> None:
    left = open_return(database, site)
    left.scan("CUP")
    other = bench_of(database, site, "Bob")
    other.now += timedelta(hours=1)
    other.scans("#1000", "PW-GR-A", "PW-MIND", "PW-RESTOCK")
    assert other.scan("PW-REFUND").code == "returns.refunded"
    before = [all_of(database, table, "id") for table in (ReturnUnit, Refund, RefundLine, Payment, Claim)]
    left.now += timedelta(hours=2)
    assert left.scan(deed).code == "returns.over"
    assert [all_of(database, table, "id") for table in (ReturnUnit, Refund, RefundLine, Payment, Claim)] == before
    assert all_of(database, ReturnAuthorization, "state") == [(ReturnState.CLOSED,)]
