"""Goods that come back: one scan a unit, three decisions each, and money that adds up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.barcodes import ScannedCode
from app.domain.commands import Command
from app.domain.outcomes import Outcome, Place, Result, Sound
from app.domain.states import Condition, Disposition, LocationKind, ReturnState, Role
from app.domain.work import ReturnWork
from app.models.database import Database
from app.models.demand import Order, OrderLine, Payment
from app.models.people import Claim
from app.models.returns import Refund, RefundLine, ReturnAuthorization, ReturnReceipt, ReturnUnit
from app.models.stock import Location, StockBalance
from app.services import take_over as taking
from app.services.allocate import allocate_ready
from app.services.desk import Desk
from app.services.hand_over import ship_packages
from app.services.identify import Named, NamedKind
from app.services.returning.desk import ReturnDesk
from tests.services import floor_builders as floor
from tests.services import stock_builders as build


class ReturnsOnly:
    """Opens returns, nothing else."""

    def __init__(self, returns: ReturnDesk) -> None:
        self.returns = returns

    def open_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        one = named[0]
        if one.kind is NamedKind.LABEL:
            return self.returns.open_package(desk, int(one.sub))
        if one.kind is NamedKind.PACKAGE:
            return self.returns.open_package(desk, one.ref)
        if one.kind is NamedKind.RETURN:
            return self.returns.open_return(desk, one.ref)
        return self.returns.open_order(desk, one.ref)

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        held = desk.memory.get("held")
        if command is Command.TAKE_OVER and isinstance(held, list):
            return self.returns.take_over(desk, held[1])
        why = taking.answered(desk, command)
        if isinstance(why, tuple):
            return self.returns.take_over(desk, why[1], why[2])
        return None


def bench_of(database: Database, site: build.Site, name: str = "", role: Role = Role.LEAD) -> floor.Bench:
    desk = ReturnDesk()
    return floor.add_bench(
        database, site, {"return": desk}, ReturnsOnly(desk), name=name, role=role, place=Place.RETURNS
    )


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def shipped_order(session: Session, site: build.Site, *, shipping: int = 210, total: int = 3000) -> int:
    """Order #1000: 2 CUP at 10.00 less 0.01, 1 LAMP at 5.50, shipped in one parcel as PW0000000001."""
    build.stock(session, site, "CUP", "A-02-1", 10)
    build.stock(session, site, "LAMP", "B-01-1", 5)
    order = build.add_order(session, site, [("CUP", 2), ("LAMP", 1)], total=total)
    order.shipping = shipping
    cup, lamp = build.lines_of(session, order.id)
    cup.unit_price, cup.discount, lamp.unit_price = 1000, 1, 550
    fulfillment = floor.promise_all(session, site, order.id)
    package = build.pack_all(session, site, fulfillment)
    ship_packages(session, site.actor, [package.id])
    return order.id


def moves(database: Database, *reasons: str) -> list[tuple[str, str, str, str, str]]:
    """(reason, SKU, from, to, condition after) of the movements of these reasons, in order."""
    statement = text(
        "SELECT m.reason, p.sku, a.code, b.code, m.to_condition FROM stock_movements m "
        "JOIN products p ON p.id = m.product_id JOIN locations a ON a.id = m.from_location_id "
        "JOIN locations b ON b.id = m.to_location_id ORDER BY m.id"
    )
    rows = database.read(lambda s: s.execute(statement).all())
    return [tuple(row) for row in rows if row[0] in reasons]


def all_of(database: Database, table: type[Any], *columns: str) -> list[tuple[Any, ...]]:
    return database.read(
        lambda s: [tuple(getattr(row, name) for name in columns) for row in s.scalars(select(table).order_by(table.id))]
    )


def open_return(database: Database, site: build.Site, role: Role = Role.LEAD, **more: int) -> floor.Bench:
    """A bench at which the return of order #1000 is open."""
    database.write(lambda s: shipped_order(s, site, **more))
    bench = bench_of(database, site, "" if role is Role.LEAD else "Priya", role)
    bench.scan("#1000")
    return bench


def test_an_order_its_label_and_its_rma_open_the_same_return(database: Database, site: build.Site) -> None:
    database.write(lambda s: shipped_order(s, site))
    bench = bench_of(database, site)
    opened = bench.scan("#1000")
    assert (opened.result, opened.code, opened.place) == (Result.NAVIGATE, "returns.opened", Place.RETURNS)
    assert dict(opened.values) == {"code": "RMA-0001", "number": "#1000", "units": 0}
    work = opened.work
    assert isinstance(work, ReturnWork)
    assert [(line.item.sku, line.shipped, line.back, line.unit_price) for line in work.sold] == [
        ("CUP", 2, 0, 1000),
        ("LAMP", 1, 0, 550),
    ]
    assert (work.step, work.captured, work.refunded_before, work.shipped_by) == ("unit", 3000, 0, "PW0000000001")
    assert bench.scan("#1000").code == "returns.this_is_open"
    for code in ("PW0000000001", "P-0001", "RMA-0001"):
        assert bench.scan("PW-ASIDE").code == "returns.left"
        assert dict(bench.scan(code).values)["code"] == "RMA-0001"
    assert all_of(database, ReturnAuthorization, "code", "state") == [("RMA-0001", ReturnState.AUTHORIZED)]


def test_a_unit_is_received_at_once_decided_in_three_scans_and_free_again(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    received = bench.scan("CUP")
    assert (received.code, received.sound) == ("returns.received", Sound.ACCEPTED)
    assert dict(received.values) == {"sku": "CUP", "name": "Cup", "number": 1, "back": 1, "shipped": 2}
    assert moves(database, "return") == [("return", "CUP", "CUSTOMER", "RETURNS", "new")]
    assert all_of(database, ReturnAuthorization, "state") == [(ReturnState.RECEIVED,)]
    assert bench.step == "grade"
    assert bench.scan("PW-GR-A").code == "returns.graded"
    asked = bench.scan("PW-MIND")
    assert isinstance(asked.work, ReturnWork)
    assert (asked.work.step, dict(asked.work.places)) == (
        "where",
        {
            "restock": "A-02-1",
            "quarantine": "Q-1",
            "refurbish": "REFURBISH",
            "scrap": "SCRAP",
            "vendor": "SUPPLIER",
        },
    )
    decided = bench.scan("PW-RESTOCK")
    assert (decided.code, decided.sound) == ("returns.all_decided", Sound.COMPLETE)
    assert dict(decided.values) == {"number": 1, "disposition": "restock", "place": "A-02-1"}
    assert moves(database, "disposition") == [("disposition", "CUP", "RETURNS", "A-02-1", "new")]
    assert database.read(lambda s: build.balance(s, site, "CUP", "A-02-1")) == (9, 0)
    assert all_of(database, ReturnUnit, "grade", "reason", "disposition", "refund") == [
        (Condition.NEW, "unwanted", Disposition.RESTOCK, 1000)
    ]
    assert all_of(database, ReturnAuthorization, "state") == [(ReturnState.INSPECTED,)]
    assert len(all_of(database, ReturnReceipt, "id")) == 1


def test_disposition_is_for_one_unit_never_for_all_lines(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    bench.scans("CUP", "CUP", "LAMP")
    bench.scans("PW-GR-A", "PW-MIND", "PW-RESTOCK")
    assert [row[0] for row in all_of(database, ReturnUnit, "disposition")] == [Disposition.RESTOCK, None, None]
    decided = bench.scans("PW-GR-B", "PW-FAULT", "PW-QUAR")
    assert (decided.code, dict(decided.values)["next_number"]) == ("returns.decided", 3)
    bench.scans("PW-GR-D", "PW-TRANS", "PW-SCRAP")
    assert moves(database, "disposition") == [
        ("disposition", "CUP", "RETURNS", "A-02-1", "new"),
        ("disposition", "CUP", "RETURNS", "Q-1", "opened"),
        ("disposition", "LAMP", "RETURNS", "SCRAP", "broken"),
    ]


def test_the_whole_order_back_gives_back_what_was_paid_with_the_post(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    bench.scans("CUP", "CUP", "LAMP", "PW-GR-A", "PW-MIND", "PW-RESTOCK", "PW-GR-B", "PW-FAULT", "PW-QUAR")
    early = bench.scan("PW-REFUND")
    assert (early.code, dict(early.values)) == ("returns.units_left", {"count": 1})
    asked = bench.scans("PW-GR-C", "PW-WRONG", "PW-VENDOR")
    assert isinstance(asked.work, ReturnWork)
    assert (asked.work.step, asked.work.proposed) == ("done", 2000 - 1 + 550 + 210)
    paid = bench.scan("PW-REFUND")
    assert (paid.code, paid.sound) == ("returns.refunded", Sound.COMPLETE)
    assert dict(paid.values) == {"code": "RMA-0001", "number": "#1000", "amount": 2759, "currency": "GBP"}
    assert isinstance(paid.work, ReturnWork)  # what it gave back itself was not given before
    assert (paid.work.proposed, paid.work.refunded_before) == (2759, 0)
    assert all_of(database, Refund, "amount", "state", "decided_by_id") == [(2759, "settled", site.actor.operator_id)]
    assert all_of(database, RefundLine, "what", "amount") == [
        ("goods", 1000),
        ("goods", 999),
        ("goods", 550),
        ("post", 210),
    ]
    assert all_of(database, Payment, "kind", "amount", "currency") == [("refunded", 2759, "GBP")]
    assert all_of(database, ReturnAuthorization, "state") == [(ReturnState.CLOSED,)]
    assert (bench.work_kind, all_of(database, Claim, "id")) == ("", [])
    assert bench.scan("#1000").code == "returns.all_back"
    assert bench.scan("RMA-0001").code == "returns.over"


def test_a_clerk_proposes_and_a_lead_settles(database: Database, site: build.Site) -> None:
    bench = open_return(database, site, Role.RETURNS)
    bench.scans("LAMP", "PW-GR-A", "PW-MIND", "PW-RESTOCK")
    assert bench.scan("PW-REFUND").code == "returns.refund_proposed"
    assert all_of(database, Refund, "amount", "state") == [(550, "proposed")]
    assert all_of(database, Payment, "amount") == []
    assert all_of(database, ReturnAuthorization, "state") == [(ReturnState.INSPECTED,)]
    lead = bench_of(database, site)
    assert lead.scan("RMA-0001").code == "returns.resumed"
    assert lead.scan("PW-REFUND").code == "returns.refunded"
    assert all_of(database, Refund, "amount", "state", "decided_by_id") == [(550, "settled", site.actor.operator_id)]
    assert len(all_of(database, RefundLine, "id")) == 1
    assert all_of(database, ReturnAuthorization, "state") == [(ReturnState.CLOSED,)]


def test_no_more_is_given_back_than_was_captured_less_what_was_given_before(
    database: Database, site: build.Site
) -> None:
    database.write(lambda s: shipped_order(s, site))

    def pay(session: Session) -> None:
        order_id = session.scalars(select(Order.id)).one()
        for kind, amount in (("captured", 1500), ("refunded", 300)):
            session.add(Payment(order_id=order_id, kind=kind, amount=amount, currency="GBP", at=build.NOW))

    database.write(pay)
    bench = bench_of(database, site)
    bench.scans("#1000", "CUP", "CUP", "PW-GR-A", "PW-MIND", "PW-RESTOCK", "PW-GR-A", "PW-FAULT", "PW-FIX")
    paid = bench.scan("PW-REFUND")
    assert dict(paid.values)["amount"] == 1200
    assert [row[1] for row in all_of(database, RefundLine, "what", "amount")] == [600, 600]


def test_two_returns_of_one_order_give_the_post_back_once(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    bench.scans("CUP", "PW-GR-B", "PW-FAULT", "PW-QUAR", "PW-REFUND")
    assert dict(bench.scan("#1000").values)["code"] == "RMA-0002"
    bench.scans("CUP", "PW-GR-B", "PW-FAULT", "PW-QUAR", "PW-REFUND")
    assert all_of(database, Refund, "amount") == [(1210,), (999,)]


def test_faulty_goods_and_grades_below_a_are_never_restocked(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    bench.scans("CUP", "PW-GR-A", "PW-FAULT")
    refusal = bench.scan("PW-RESTOCK")
    assert (refusal.result, refusal.code) == (Result.REFUSED, "returns.restock_faulty")
    assert bench.scan("A-01-1").code == "returns.restock_faulty"
    bench.scans("PW-GR-B", "PW-MIND")
    assert bench.scan("PW-RESTOCK").code == "returns.restock_grade"
    assert moves(database, "disposition") == []
    assert bench.scan("Q-1").code == "returns.all_decided"
    assert moves(database, "disposition") == [("disposition", "CUP", "RETURNS", "Q-1", "opened")]


def test_a_scanned_shelf_restocks_there(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    bench.scans("LAMP", "PW-GR-A", "PW-MIND")
    assert bench.scan("CAGE-1").code == "returns.no_place_for_goods"
    assert dict(bench.scan("A-01-1").values)["place"] == "A-01-1"
    assert database.read(lambda s: build.balance(s, site, "LAMP", "A-01-1")) == (1, 0)


def test_more_than_was_shipped_is_too_many(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    bench.scan("LAMP")
    many = bench.scan("LAMP")
    assert (many.result, many.code, many.sound) == (Result.BLOCKED, "returns.too_many", Sound.TOO_MANY)
    assert dict(many.values) == {"sku": "LAMP", "shipped": 1, "name": "Lamp"}
    assert len(moves(database, "return")) == 1


def test_what_is_not_from_this_order_goes_to_quarantine_as_found(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    refusal = bench.scan("SOAP")
    assert (refusal.result, refusal.code) == (Result.BLOCKED, "returns.not_from_order")
    assert bench.scan("PW-FOREIGN").code == "station.blocked"
    found = bench.scans("PW-OK", "PW-FOREIGN")
    assert (found.code, dict(found.values)) == ("returns.foreign", {"sku": "SOAP", "place": "Q-1"})
    assert moves(database, "foreign_return") == [("foreign_return", "SOAP", "ADJUSTMENT", "Q-1", "new")]
    assert all_of(database, ReturnUnit, "order_line_id", "disposition", "refund") == [(None, Disposition.QUARANTINE, 0)]
    assert bench.scan("PW-REFUND").code == "returns.closed_without_refund"


def test_a_unit_in_hand_can_turn_out_to_be_another_ones(database: Database, site: build.Site) -> None:
    bench = open_return(database, site)
    bench.scans("LAMP", "PW-GR-B")
    assert bench.scan("PW-FOREIGN").code == "returns.foreign"
    assert moves(database, "return", "foreign_return") == [
        ("return", "LAMP", "CUSTOMER", "RETURNS", "new"),
        ("return", "LAMP", "RETURNS", "CUSTOMER", "new"),
        ("foreign_return", "LAMP", "ADJUSTMENT", "Q-1", "new"),
    ]
    assert bench.scan("LAMP").code == "returns.received"  # the customer's own one may still come


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
