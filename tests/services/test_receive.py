"""Stock comes in, is corrected and counted; what waits for it is served at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.domain.outcomes import Result
from app.domain.states import Condition, Role
from app.domain.words import say
from app.models.database import Database
from app.models.stock import CountTask
from app.services.adjust import adjust, count
from app.services.allocate import allocate_ready
from app.services.receive import receive
from tests.services import stock_builders as build


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def waiting_order(database: Database, site: build.Site, sku: str, quantity: int) -> int:
    """A backorder."""

    def make(session: build.Session) -> int:
        order = build.add_order(session, site, [(sku, quantity)])
        assert allocate_ready(session, site.actor, 10).backordered == (order.id,)
        return order.id

    return database.write(make)


def at(database: Database, site: build.Site, sku: str, place: str) -> tuple[int, int]:
    return database.read(lambda session: build.balance(session, site, sku, place))


def rows(database: Database, sql: str) -> list[tuple[object, ...]]:
    return database.read(lambda session: [tuple(row) for row in session.execute(text(sql))])


def test_a_receipt_serves_the_backorders_that_wait_for_it(database: Database, site: build.Site) -> None:
    waiting_order(database, site, "CUP", 4)
    cup, shelf = site.products["CUP"], site.places["A-01-1"]
    outcome = database.write(
        lambda s: receive(s, site.actor, cup, 10, shelf, reference="PO-0455", supplier="Mills Ltd")
    )
    assert (outcome.result, outcome.code) == (Result.DONE, "stock.received")
    assert outcome.values == {"sku": "CUP", "quantity": 10, "location": "A-01-1", "served": 1}
    assert say(outcome.code, **outcome.values) == "10 × CUP taken in at A-01-1"
    assert at(database, site, "CUP", "A-01-1") == (10, 4)
    database.write(lambda s: receive(s, site.actor, cup, 2, shelf, reference="PO-0455", supplier="Mills Ltd"))
    assert rows(database, "SELECT reference, supplier FROM receipts") == [("PO-0455", "Mills Ltd")]
    assert rows(database, "SELECT reason, quantity, note FROM stock_movements ORDER BY id") == [
        ("receipt", 10, "PO-0455"),
        ("receipt", 2, "PO-0455"),
    ]
    assert rows(database, "SELECT state FROM orders") == [("allocated",)]


def test_lots_are_kept_where_the_product_wants_them(database: Database, site: build.Site) -> None:
    database.write(lambda s: s.execute(text("UPDATE products SET lot_tracked = (1 = 1) WHERE sku = 'SOAP'")))
    soap, shelf = site.products["SOAP"], site.places["A-01-1"]
    assert database.write(lambda s: receive(s, site.actor, soap, 1, shelf)).code == "stock.lot_wanted"
    later = build.NOW + timedelta(days=50)
    for _time in range(2):
        database.write(lambda s: receive(s, site.actor, soap, 3, shelf, lot="L42", expires_on=later))
    database.write(lambda s: receive(s, site.actor, soap, 1, shelf, lot="L45"))
    assert rows(
        database, "SELECT t.code, b.on_hand FROM stock_balances b JOIN lots t ON t.id = b.lot_id ORDER BY 1"
    ) == [
        ("L42", 6),
        ("L45", 1),
    ]
    outcome = database.write(lambda s: adjust(s, site.actor, soap, shelf, -1, "broken"))
    assert (outcome.code, outcome.values["lots"]) == ("stock.which_lot", "L42, L45")


@pytest.mark.parametrize(
    ("quantity", "place", "code"),
    [
        (0, "A-01-1", "stock.bad_quantity"),
        (1_000_001, "A-01-1", "stock.bad_quantity"),
        (1, "T-1", "stock.not_a_shelf"),
    ],
)
def test_what_can_not_be_taken_in_is_refused(
    database: Database, site: build.Site, quantity: int, place: str, code: str
) -> None:
    outcome = database.write(
        lambda s: receive(s, site.actor, site.products["CUP"], quantity, site.places[place], reference="X")
    )
    assert (outcome.result, outcome.code) == (Result.REFUSED, code)
    assert rows(database, "SELECT id FROM stock_movements") == []


def test_who_may_not_is_refused(database: Database, site: build.Site) -> None:
    nobody = replace(site.actor, role=None)
    packer = replace(site.actor, role=Role.PACKER)
    cup, shelf = site.products["CUP"], site.places["A-01-1"]
    assert database.write(lambda s: receive(s, nobody, cup, 1, shelf)).code == "office.not_permitted"
    assert database.write(lambda s: adjust(s, packer, cup, shelf, 1, "found")).code == "office.not_permitted"


def test_a_correction_needs_a_reason_and_never_takes_what_is_promised(database: Database, site: build.Site) -> None:
    cup, shelf = site.products["CUP"], site.places["A-01-1"]
    database.write(lambda s: build.stock(s, site, "CUP", "A-01-1", 10))
    database.write(lambda s: build.add_order(s, site, [("CUP", 7)]))
    database.write(lambda s: allocate_ready(s, site.actor, 1))
    assert database.write(lambda s: adjust(s, site.actor, cup, shelf, -1, " ")).code == "stock.reason_wanted"
    assert database.write(lambda s: adjust(s, site.actor, cup, shelf, 0, "x")).code == "stock.nothing_to_change"
    outcome = database.write(lambda s: adjust(s, site.actor, cup, shelf, -4, "broken"))
    assert outcome.code == "stock.promised"
    assert outcome.values == {"sku": "CUP", "location": "A-01-1", "free": 3, "promised": 7, "on_hand": 10}
    assert database.write(lambda s: adjust(s, site.actor, cup, shelf, -11, "broken")).code == "stock.not_that_many"
    outcome = database.write(lambda s: adjust(s, site.actor, cup, shelf, -3, "broken"))
    assert (outcome.code, outcome.values["on_hand"]) == ("stock.adjusted", 7)
    assert say(outcome.code, **outcome.values) == "CUP at A-01-1: -3, now 7"
    assert at(database, site, "CUP", "A-01-1") == (7, 7)
    waiting_order(database, site, "CUP", 2)
    outcome = database.write(lambda s: adjust(s, site.actor, cup, site.places["B-01-1"], 2, "found"))
    assert outcome.values == {"sku": "CUP", "delta": 2, "location": "B-01-1", "on_hand": 2, "served": 1}
    notes = rows(database, "SELECT note FROM stock_movements WHERE reason = 'adjustment' ORDER BY id")
    assert notes == [("broken",), ("found",)]


def test_what_is_not_sellable_serves_nobody(database: Database, site: build.Site) -> None:
    waiting_order(database, site, "CUP", 1)
    cup = site.products["CUP"]
    for place, condition in (("Q-1", Condition.NEW), ("A-01-1", Condition.OPENED)):
        outcome = database.write(
            lambda s, p=place, c=condition: adjust(s, site.actor, cup, site.places[p], 1, "found", condition=c)
        )
        assert (outcome.code, outcome.values["served"]) == ("stock.adjusted", 0)


def test_a_place_that_waits_to_be_counted_promises_nothing(database: Database, site: build.Site) -> None:
    cup, shelf = site.products["CUP"], site.places["A-01-1"]
    database.write(lambda s: build.stock(s, site, "CUP", "A-01-1", 5))
    task = CountTask(location_id=shelf, product_id=cup, reason="short_pick", ordered_at=build.NOW)
    database.write(lambda s: s.add(task))
    waiting_order(database, site, "CUP", 2)
    outcome = database.write(lambda s: count(s, site.actor, shelf, cup, 3))
    assert (outcome.code, outcome.values["before"], outcome.values["served"]) == ("stock.counted", 5, 1)
    assert at(database, site, "CUP", "A-01-1") == (3, 2)
    assert rows(database, "SELECT counted, done_at IS NULL FROM count_tasks") == [(3, False)]
    outcome = database.write(lambda s: count(s, site.actor, shelf, cup, 1))
    assert (outcome.code, outcome.values["promised"]) == ("stock.count_below_promised", 2)
    assert database.write(lambda s: count(s, site.actor, shelf, cup, 3)).code == "stock.counted_agrees"
    assert rows(database, "SELECT counted FROM count_tasks ORDER BY id") == [(3,), (3,)]
