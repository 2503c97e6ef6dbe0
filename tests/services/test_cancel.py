"""Cancelling, at each step of an order's way; nothing is lost and nothing leaves that was cancelled."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Outcome
from app.domain.states import HoldKind, LabelState, MovementReason, PackageState, Role
from app.models.database import Database
from app.models.demand import Hold
from app.services import ledger
from app.services.allocate import allocate_ready
from app.services.cancel import cancel_line, cancel_order
from app.services.hand_over import ship_packages
from app.services.move_stock import put_back
from app.services.release import release
from tests.services import stock_builders as build


@dataclass(frozen=True, slots=True)
class Case:
    """An order of 3 CUP and 2 LAMP on its way."""

    database: Database
    site: build.Site
    order_id: int
    line_ids: tuple[int, ...]
    fulfillment_id: int

    def rows(self, sql: str, **values: object) -> list[tuple[object, ...]]:
        return self.database.read(lambda session: [tuple(row) for row in session.execute(text(sql), values)])

    def cancel(self, reason: str = "customer asked") -> Outcome:
        return self.database.write(lambda session: cancel_order(session, self.site.actor, self.order_id, reason))

    def cancel_line(self, line: int, quantity: int) -> Outcome:
        ident = self.line_ids[line]
        return self.database.write(lambda session: cancel_line(session, self.site.actor, ident, quantity, "too many"))

    def states(self) -> tuple[object, ...]:
        """(order, fulfillment)"""
        sql = "SELECT o.state, f.state FROM orders o JOIN fulfillments f ON f.order_id = o.id WHERE o.id = :id"
        return self.rows(sql, id=self.order_id)[0]

    def at(self, sku: str, place: str) -> tuple[int, int]:
        return self.database.read(lambda session: build.balance(session, self.site, sku, place))

    def release(self) -> None:
        self.database.write(lambda session: release(session, self.site.actor))

    def pick(self, *, all_of_it: bool = True) -> None:
        """From the shelf into the tote, by the ledger, with the stops ticked off."""

        def work(session: Session) -> None:
            tote = self.site.places["T-1"]
            for allocation in build.open_allocations(session, self.fulfillment_id)[: None if all_of_it else 1]:
                ledger.carry(session, self.site.actor, MovementReason.PICK, allocation.id, allocation.quantity, tote)
                session.execute(
                    text("UPDATE pick_tasks SET picked = quantity, state = 'picked' WHERE allocation_id = :id"),
                    {"id": allocation.id},
                )
            session.execute(
                text("INSERT INTO tote_uses (tote_id, fulfillment_id, opened_at) VALUES (:tote, :fulfillment, 0)"),
                {"tote": tote, "fulfillment": self.fulfillment_id},
            )
            session.execute(
                text("UPDATE fulfillments SET state = :state"), {"state": "picked" if all_of_it else "picking"}
            )
            session.execute(text("UPDATE pick_lists SET state = 'picking'"))

        self.database.write(work)

    def pack(self) -> int:
        return self.database.write(lambda session: build.pack_all(session, self.site, self.fulfillment_id).id)


@pytest.fixture
def case(database: Database) -> Case:
    def make(session: Session) -> Case:
        site = build.build_site(session)
        build.stock(session, site, "CUP", "A-01-1", 10)
        build.stock(session, site, "LAMP", "B-01-1", 2)
        order = build.add_order(session, site, [("CUP", 3), ("LAMP", 2)])
        result = allocate_ready(session, site.actor, 1)
        lines = tuple(line.id for line in build.lines_of(session, order.id))
        return Case(database, site, order.id, lines, result.fulfillment_ids[0])

    return database.write(make)


def test_an_allocated_order_gives_its_promises_back_and_serves_others(case: Case) -> None:
    other = case.database.write(lambda session: build.add_order(session, case.site, [("LAMP", 1)]).id)
    assert case.database.write(lambda s: allocate_ready(s, case.site.actor, 9)).backordered == (other,)
    outcome = case.cancel()
    assert (outcome.code, outcome.values) == ("cancel.order", {"order": "#1000", "units": 0})
    assert case.states() == ("cancelled", "cancelled")
    assert (case.at("CUP", "A-01-1"), case.at("LAMP", "B-01-1")) == ((10, 0), (2, 1))
    assert case.rows("SELECT state FROM orders WHERE id = :id", id=other) == [("allocated",)]
    assert case.rows("SELECT cancelled FROM order_lines WHERE order_id = :id ORDER BY id", id=case.order_id) == [
        (3,),
        (2,),
    ]
    assert case.cancel().code == "cancel.nothing_open"
    entry = case.rows("SELECT detail FROM audit_entries WHERE action = 'order.cancelled'")
    assert entry == [('{"put_back":0,"reason":"customer asked"}',)]


def test_who_may_not_or_says_no_reason_is_refused(case: Case) -> None:
    assert case.cancel(" ").code == "cancel.reason_wanted"
    packer = replace(case.site.actor, role=Role.PACKER)
    outcome = case.database.write(lambda session: cancel_order(session, packer, case.order_id, "x"))
    assert outcome.code == "office.not_permitted"
    assert case.database.write(lambda s: cancel_order(s, case.site.actor, 99, "x")).code == "cancel.unknown"
    assert case.database.write(lambda s: cancel_line(s, case.site.actor, 99, 1, "x")).code == "cancel.unknown_line"
    assert case.states() == ("allocated", "allocated")


def test_a_released_order_drops_its_stops(case: Case) -> None:
    case.release()
    case.database.write(lambda s: s.add(Hold(order_id=case.order_id, kind=HoldKind.OFFICE, opened_at=build.NOW)))
    assert case.cancel().code == "cancel.order"
    assert case.rows("SELECT DISTINCT state FROM pick_tasks") == [("dropped",)]
    assert case.rows("SELECT state FROM pick_lists") == [("cancelled",)]
    assert case.rows("SELECT release_reason FROM holds") == [("cancelled",)]
    assert case.at("CUP", "A-01-1") == (10, 0)


def test_what_lies_in_a_tote_stays_there_until_it_is_put_back(case: Case) -> None:
    case.release()
    case.pick(all_of_it=False)
    other = case.database.write(lambda session: build.add_order(session, case.site, [("CUP", 9)]).id)
    assert case.database.write(lambda s: allocate_ready(s, case.site.actor, 9)).backordered == (other,)
    outcome = case.cancel()
    assert (outcome.code, outcome.values["units"]) == ("cancel.order_put_back", 3)
    assert (case.at("CUP", "T-1"), case.at("LAMP", "B-01-1")) == ((3, 0), (2, 0))
    tote, cup, shelf = case.site.places["T-1"], case.site.products["CUP"], case.site.places["A-02-1"]
    assert case.rows("SELECT location_id, product_id, quantity, done FROM put_back_tasks") == [(tote, cup, 3, 0)]
    assert case.rows("SELECT state FROM orders WHERE id = :id", id=other) == [("backordered",)]
    actor = case.site.actor

    def back(quantity: int, product: str = "CUP", place: str = "T-1") -> Outcome:
        ids = case.site.places[place], case.site.products[product]
        return case.database.write(lambda session: put_back(session, actor, *ids, shelf, quantity))

    assert back(1, "LAMP").code == "stock.nothing_to_put_back"
    assert back(1, "CUP", "A-01-1").code == "stock.nothing_to_put_back"
    assert back(4).code == "stock.put_back_too_many"
    outcome = back(2)
    assert (outcome.code, outcome.values["left"], outcome.values["served"]) == ("stock.put_back", 1, 1)
    assert case.rows("SELECT state FROM orders WHERE id = :id", id=other) == [("allocated",)]
    assert case.rows("SELECT closed_at IS NULL FROM tote_uses") == [(True,)]
    assert back(1).values["left"] == 0
    assert case.rows("SELECT closed_at IS NULL FROM tote_uses") == [(False,)]
    assert back(1).code == "stock.nothing_to_put_back"
    assert (case.at("CUP", "T-1"), case.at("CUP", "A-02-1")) == ((0, 0), (3, 2))


def test_a_labelled_parcel_is_void_and_its_label_is_taken_back(case: Case) -> None:
    case.release()
    case.pick()
    case.pack()
    outcome = case.cancel()
    assert (outcome.code, outcome.values["units"]) == ("cancel.order_put_back", 5)
    assert case.states() == ("cancelled", "cancelled")
    assert case.rows("SELECT p.state, l.state FROM packages p JOIN labels l ON l.package_id = p.id") == [
        ("void", "voiding")
    ]
    label = case.rows("SELECT id FROM labels")[0][0]
    assert case.rows("SELECT topic, key FROM outbox") == [("label.void", f"label.void:{label}")]
    assert case.rows("SELECT SUM(quantity) FROM put_back_tasks") == [(5,)]
    assert case.rows("SELECT closed_at IS NULL FROM tote_uses") == [(False,)]


def test_while_nobody_knows_of_the_label_nothing_is_cancelled(case: Case) -> None:
    case.pack()
    for state in (LabelState.INTENDED, LabelState.UNKNOWN):
        case.database.write(lambda s, v=state.value: s.execute(text("UPDATE labels SET state = :v"), {"v": v}))
        assert case.cancel().code == "cancel.label_unsettled"
        assert case.cancel_line(0, 1).code == "cancel.label_unsettled"
    case.database.write(lambda s: s.execute(text("UPDATE labels SET state = 'refused'")))
    assert case.cancel().code == "cancel.order_put_back"


def test_what_has_left_is_a_return(case: Case) -> None:
    package = case.pack()
    case.database.write(lambda session: ship_packages(session, case.site.actor, [package]))
    assert case.cancel().code == "cancel.left"
    assert case.cancel_line(0, 1).code == "cancel.line_left"


def test_the_rest_of_a_partly_shipped_order_is_cancelled(case: Case) -> None:
    """The cups have left in the first parcel; the lamps lie in the second, which is open."""

    def two_parcels(session: Session) -> None:
        first = build.add_package(session, case.site, case.fulfillment_id, PackageState.LABELLED)
        second = build.add_package(session, case.site, case.fulfillment_id)
        cups, lamps = build.open_allocations(session, case.fulfillment_id)
        for allocation, package in ((cups, first), (lamps, second)):
            place, reason = package.location_id, MovementReason.PACK
            ledger.carry(session, case.site.actor, reason, allocation.id, allocation.quantity, place)
        session.execute(text("UPDATE fulfillments SET state = 'packing'"))
        build.add_label(session, first)
        assert ship_packages(session, case.site.actor, [first.id]) == (first.id,)

    case.database.write(two_parcels)
    assert case.states() == ("partly_shipped", "packing")
    outcome = case.cancel()
    assert (outcome.code, outcome.values["units"]) == ("cancel.rest", 2)
    assert case.states() == ("shipped", "shipped")
    assert case.rows("SELECT state FROM packages ORDER BY id") == [("handed_over",), ("void",)]
    assert case.rows("SELECT topic FROM outbox") == [("channel.shipped",)]


def test_units_of_a_line_give_up_the_shelf_before_the_tote(case: Case) -> None:
    case.release()

    def pick_two(session: Session) -> None:
        cups = build.open_allocations(session, case.fulfillment_id)[0]
        ledger.carry(session, case.site.actor, MovementReason.PICK, cups.id, 2, case.site.places["T-1"])
        session.execute(text("UPDATE pick_tasks SET picked = 2 WHERE allocation_id = :id"), {"id": cups.id})
        session.execute(text("UPDATE fulfillments SET state = 'picking'"))

    case.database.write(pick_two)
    outcome = case.cancel_line(0, 2)
    assert (outcome.code, outcome.values["quantity"], outcome.values["units"]) == ("cancel.line_put_back", 2, 1)
    assert (case.at("CUP", "A-01-1"), case.at("CUP", "T-1")) == ((8, 0), (2, 1))
    assert case.rows("SELECT quantity, picked, state FROM pick_tasks ORDER BY id") == [(2, 2, "picked"), (2, 0, "open")]
    assert case.states() == ("in_fulfillment", "picking")
    assert case.cancel_line(0, 2).code == "cancel.too_many"
    assert case.cancel_line(1, 2).code == "cancel.line"
    assert case.states() == ("in_fulfillment", "picked")
    outcome = case.cancel_line(0, 1)
    assert (outcome.code, case.states()) == ("cancel.order_put_back", ("cancelled", "cancelled"))
    assert case.rows("SELECT SUM(quantity) FROM put_back_tasks") == [(2,)]


def test_a_line_of_a_closed_parcel_opens_it_again(case: Case) -> None:
    case.pack()
    outcome = case.cancel_line(0, 1)
    assert (outcome.code, outcome.values["units"]) == ("cancel.line_put_back", 1)
    assert case.states() == ("in_fulfillment", "packing")
    assert case.rows("SELECT p.state, l.state FROM packages p JOIN labels l ON l.package_id = p.id") == [
        ("open", "voiding")
    ]


def test_cancelling_what_is_missing_lets_the_rest_go(database: Database) -> None:
    def make(session: Session) -> tuple[build.Site, int]:
        site = build.build_site(session)
        build.stock(session, site, "CUP", "A-01-1", 3)
        order = build.add_order(session, site, [("CUP", 3), ("LAMP", 2)])
        assert allocate_ready(session, site.actor, 1).backordered == (order.id,)
        return site, build.lines_of(session, order.id)[1].id

    site, lamp = database.write(make)
    assert database.write(lambda session: cancel_line(session, site.actor, lamp, 2, "not made")).code == "cancel.line"
    sql = "SELECT o.state, h.released_at IS NULL FROM orders o JOIN holds h ON h.order_id = o.id"
    assert database.read(lambda session: tuple(session.execute(text(sql)).one())) == ("allocated", False)


def test_a_parcel_that_was_waiting_for_a_cancelled_unit_leaves(case: Case) -> None:
    def one_parcel(session: Session) -> None:
        package = build.add_package(session, case.site, case.fulfillment_id, PackageState.LABELLED)
        cups = build.open_allocations(session, case.fulfillment_id)[0]
        ledger.carry(session, case.site.actor, MovementReason.PACK, cups.id, 3, package.location_id)
        build.add_label(session, package)
        session.execute(text("UPDATE fulfillments SET state = 'packing'"))

    case.database.write(one_parcel)
    assert case.cancel_line(1, 2).code == "cancel.line"
    assert case.states() == ("shipped", "shipped")
