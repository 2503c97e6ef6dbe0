"""Goods that come back: one scan a unit, three decisions each, and money that adds up."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Place, Result, Sound
from app.domain.states import Condition, Disposition, ReturnState, Role
from app.domain.work import ReturnWork
from app.models.database import Database
from app.models.demand import Order, Payment
from app.models.people import Claim
from app.models.returns import Refund, RefundLine, ReturnAuthorization, ReturnReceipt, ReturnUnit
from tests.services import stock_builders as build
from tests.services.returns_site import all_of, bench_of, moves, open_return, shipped_order
from tests.services.returns_site import site as site


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
