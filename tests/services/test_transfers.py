"""Transfers between warehouses: planned, picked, sent and received by scan; the ledger is whole at each step."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Outcome, Place, Result, Sound
from app.domain.states import Role, TransferState
from app.domain.work import StockWork
from app.models.database import Database
from app.models.supply import Transfer
from app.queries.transfers import transfer, transfer_lines, transfers
from app.services import transfers as service
from app.services import transfers_goods as goods
from app.services.allocate import allocate_ready
from app.services.check import violations
from app.services.desk import TRANSFER_KINDS
from app.services.opening import StationOpening
from app.services.pack_open import PackOpening
from app.services.pick.desk import PickDesk
from app.services.returning.desk import ReturnDesk
from app.services.stock_desk import StockDesk
from app.services.transfers_desk import TransferDesk
from tests.services import floor_builders as floor
from tests.services import stock_builders as build
from tests.services.pick_site import moves

SKUS = ("CUP", "LAMP")


@dataclass(frozen=True, slots=True)
class Two:
    """Two warehouses with the same products: `here` sends, `there` receives."""

    here: build.Site
    there: build.Site


def two_sites(session: Session) -> Two:
    here = build.build_site(session, SKUS, "W1")
    there = build.build_site(session, ("X",), "W2")
    build.stock(session, here, "CUP", "A-01-1", 8)
    build.stock(session, here, "LAMP", "A-02-1", 2)
    return Two(
        here,
        build.Site(there.warehouse_id, there.channel_id, there.address_id, there.actor, here.products, there.places),
    )


@pytest.fixture
def two(database: Database) -> Two:
    return database.write(two_sites)


def planned(database: Database, two: Two, **lines: int) -> int:
    """A transfer from here to there that wants these."""

    def plan(session: Session) -> int:
        made = service.plan_transfer(session, two.here.actor, two.here.warehouse_id, two.there.warehouse_id)
        transfer_id = made.values["id"]
        assert isinstance(transfer_id, int)
        assert (made.code, made.values["transfer"]) == ("transfer.planned", paper_of(transfer_id))
        for sku, quantity in lines.items():
            answer = service.set_line(session, two.here.actor, transfer_id, two.here.products[sku], quantity)
            assert answer.code == "transfer.line"
        return transfer_id

    return database.write(plan)


def paper_of(transfer_id: int) -> str:
    """The code on its paper; numbers need not begin with one."""
    return f"TR-{transfer_id:04d}"


def bench(database: Database, site: build.Site, role: Role = Role.LEAD) -> floor.Bench:
    stock, transfer_desk = StockDesk(), TransferDesk()
    opening = StationOpening(PickDesk(), PackOpening("own"), ReturnDesk(), stock, transfer_desk)
    desks = dict.fromkeys(TRANSFER_KINDS, transfer_desk)
    name = "" if role is Role.LEAD else f"Nia {site.warehouse_id}"
    return floor.add_bench(database, site, desks, opening, name=name, role=role, place=Place.STOCK)


def lines(database: Database, transfer_id: int) -> dict[str, tuple[int, int, int, int, int, int]]:
    """By SKU: wanted, picked, sent, received, missing, surplus."""

    def look(session: Session) -> dict[str, tuple[int, int, int, int, int, int]]:
        head = transfer(session, transfer_id)
        assert head is not None
        return {
            one.sku: (one.quantity, one.picked, one.sent, one.received, one.missing, one.surplus)
            for one in transfer_lines(session, head)
        }

    return database.read(look)


def state(database: Database, transfer_id: int) -> TransferState:
    return database.read(lambda s: s.get_one(Transfer, transfer_id).state)


def to_do(outcome: Outcome) -> list[tuple[str, int, int, int]]:
    assert isinstance(outcome.work, StockWork)
    return [(line.item.sku, line.on_hand, line.promised, line.to_do) for line in outcome.work.lines]


def balance(database: Database, site: build.Site, sku: str, place: str) -> tuple[int, int]:
    return database.read(lambda s: build.balance(s, site, sku, place))


def test_a_transfer_goes_from_shelf_to_shelf_by_scan_alone(database: Database, two: Two) -> None:
    number = planned(database, two, CUP=3, LAMP=1)
    paper = paper_of(number)
    here, there = bench(database, two.here, Role.PACKER), bench(database, two.there, Role.PACKER)

    opened = here.scan(paper)
    assert (opened.result, opened.code, opened.place) == (Result.NAVIGATE, "transfer.transfer_send", Place.STOCK)
    assert to_do(opened) == [("CUP", 3, 0, 3), ("LAMP", 1, 0, 1)]
    assert here.scan("CUP").code == "stock_desk.place_first"
    assert here.scan("A-01-1").code == "stock_desk.at_place"
    assert to_do(here.scan("CUP")) == [("CUP", 3, 1, 2), ("LAMP", 1, 0, 1)]
    assert here.scans("PW-QTY", "PW-2", "CUP").code == "transfer.in"
    over = here.scan("CUP")
    assert (over.result, over.code, over.sound) == (Result.BLOCKED, "transfer.too_many", Sound.TOO_MANY)
    here.scan("PW-OK")
    last = here.scans("A-02-1", "LAMP")
    assert (last.code, last.sound, to_do(last)) == (
        "transfer.all_in",
        Sound.COMPLETE,
        [("CUP", 3, 3, 0), ("LAMP", 1, 1, 0)],
    )
    assert state(database, number) is TransferState.PICKED
    assert balance(database, two.here, "CUP", "A-01-1") == (5, 0)
    assert there.scan(paper).code == "transfer.sent_elsewhere"
    sent = here.scan("PW-TRUCK")
    assert (sent.code, sent.sound, dict(sent.values)["units"]) == ("transfer.sent", Sound.COMPLETE, 4)
    assert here.work_kind == ""
    assert here.scan(paper).code == "transfer.received_elsewhere"
    assert lines(database, number) == {"CUP": (3, 3, 3, 0, 0, 0), "LAMP": (1, 1, 1, 0, 0, 0)}

    arrived = there.scan(paper)
    assert (arrived.code, to_do(arrived)) == ("transfer.transfer_receive", [("CUP", 3, 0, 3), ("LAMP", 1, 0, 1)])
    assert there.scan("A-01-1").code == "stock_desk.item_first"
    assert there.scans("CUP", "CUP", "CUP").code == "stock_desk.item"
    assert there.scan("CUP").code == "transfer.not_that_many"
    there.scan("PW-OK")
    assert there.scan("A-01-1").code == "transfer.arrived"
    done = there.scans("LAMP", "A-02-1")
    assert (done.code, done.sound, there.work_kind) == ("transfer.all_arrived", Sound.COMPLETE, "")
    assert state(database, number) is TransferState.CLOSED
    assert lines(database, number) == {"CUP": (3, 3, 3, 3, 0, 0), "LAMP": (1, 1, 1, 1, 0, 0)}
    assert balance(database, two.there, "CUP", "A-01-1") == (3, 0)
    assert moves(database, "transfer") == [
        ("CUP", 1, "A-01-1", paper), ("CUP", 2, "A-01-1", paper), ("LAMP", 1, "A-02-1", paper),
        ("CUP", 3, paper, paper), ("LAMP", 1, paper, paper),
        ("CUP", 3, paper, "A-01-1"), ("LAMP", 1, paper, "A-02-1"),
    ]  # fmt: skip
    assert there.scan(paper).code == "transfer.is.closed"


def test_less_than_was_wanted_is_sent_when_it_is_said_twice(database: Database, two: Two) -> None:
    number = planned(database, two, LAMP=5)
    paper = paper_of(number)
    here = bench(database, two.here, Role.PACKER)
    here.scans(paper, "A-02-1", "PW-QTY", "PW-2", "LAMP")
    assert here.scan("LAMP").code == "stock.not_that_many"
    asked = here.scan("PW-TRUCK")
    assert (asked.result, asked.code, dict(asked.values)["left"]) == (Result.REFUSED, "transfer.send_short", 3)
    assert state(database, number) is TransferState.DRAFT
    assert here.scan("PW-TRUCK").code == "transfer.sent"
    assert lines(database, number) == {"LAMP": (5, 2, 2, 0, 0, 0)}


def test_what_was_picked_comes_out_again_and_then_it_may_be_cancelled(database: Database, two: Two) -> None:
    number = planned(database, two, CUP=2)
    paper = paper_of(number)
    here = bench(database, two.here)
    here.scans(paper, "A-01-1", "CUP", "CUP")
    kept = database.write(lambda s: service.cancel_transfer(s, two.here.actor, number))
    assert (kept.code, dict(kept.values)["units"]) == ("transfer.put_back_first", 2)
    out = here.scans("PW-UNDO", "CUP", "CUP", "A-02-1")
    assert (out.code, dict(out.values)["quantity"]) == ("transfer.out", 2)
    assert state(database, number) is TransferState.DRAFT
    assert balance(database, two.here, "CUP", "A-02-1") == (2, 0)
    assert database.write(lambda s: service.cancel_transfer(s, two.here.actor, number)).code == "transfer.cancelled"
    assert here.scans("PW-BACK", "A-01-1", "CUP").code == "transfer.is.cancelled"


def test_what_never_came_is_written_off_with_its_reason(database: Database, two: Two) -> None:
    number = planned(database, two, CUP=3)
    paper = paper_of(number)
    bench(database, two.here).scans(paper, "A-01-1", "PW-QTY", "PW-3", "CUP", "PW-TRUCK")
    there = bench(database, two.there)
    there.scans(paper, "CUP", "A-01-1")
    asked = there.scan("PW-MISSING")
    assert (asked.code, dict(asked.values)["left"]) == ("transfer.why", 2)
    assert there.scan("PW-7").code == "station.no_such_choice"
    closed = there.scan("PW-2")
    assert (closed.code, dict(closed.values)["missing"]) == ("transfer.closed_short", 2)
    assert lines(database, number) == {"CUP": (3, 3, 3, 1, 2, 0)}
    assert moves(database, "adjustment") == [("CUP", 2, paper, "ADJUSTMENT")]
    assert database.read(lambda s: s.scalar(text("SELECT reason FROM transfer_lines"))) == "broken"


def test_who_may_not_correct_stock_leaves_the_rest_to_a_lead(database: Database, two: Two) -> None:
    number = planned(database, two, CUP=2)
    paper = paper_of(number)
    bench(database, two.here).scans(paper, "A-01-1", "CUP", "CUP", "PW-TRUCK")
    packer = bench(database, two.there, Role.PACKER)
    packer.scans(paper, "CUP", "A-01-1")
    answer = packer.scans("PW-MISSING", "PW-1")
    assert (answer.code, answer.sound, dict(answer.values)["missing"]) == ("transfer.received", Sound.ATTENTION, 1)
    assert state(database, number) is TransferState.RECEIVED
    wanted = database.write(lambda s: service.close_transfer(s, two.there.actor, number, " "))
    assert wanted.code == "transfer.reason_wanted"
    closed = database.write(lambda s: service.close_transfer(s, two.there.actor, number, "Lost by the carrier"))
    assert (closed.code, state(database, number)) == ("transfer.closed_short", TransferState.CLOSED)
    assert lines(database, number) == {"CUP": (2, 2, 2, 1, 1, 0)}


def test_more_than_was_sent_is_taken_in_with_its_reason(database: Database, two: Two) -> None:
    number = planned(database, two, CUP=1)
    paper = paper_of(number)
    bench(database, two.here).scans(paper, "A-01-1", "CUP", "PW-TRUCK")
    place = two.there.places["A-01-1"]

    def more(session: Session, why: str) -> Outcome:
        return goods.found_more(session, two.there.actor, number, two.here.products["CUP"], place, 2, why)

    assert database.write(lambda s: more(s, "")).code == "transfer.reason_wanted"
    taken = database.write(lambda s: more(s, "Counted wrong"))
    assert (taken.code, dict(taken.values)["quantity"]) == ("transfer.found_more", 2)
    assert lines(database, number) == {"CUP": (1, 1, 1, 2, 0, 2)}
    assert balance(database, two.there, "CUP", "A-01-1") == (2, 0)
    last = bench(database, two.there).scans(paper, "CUP", "A-01-1")
    assert last.code == "transfer.all_arrived"
    assert lines(database, number) == {"CUP": (1, 1, 1, 3, 0, 2)}


def test_promised_goods_stay_and_goods_on_their_way_are_not_sold(database: Database, two: Two) -> None:
    def promise(session: Session) -> None:
        floor.promise_all(session, two.here, build.add_order(session, two.here, [("LAMP", 1)]).id)

    database.write(promise)
    number = planned(database, two, LAMP=2)
    paper = paper_of(number)
    here = bench(database, two.here)
    answer = here.scans(paper, "A-02-1", "PW-QTY", "PW-2", "LAMP")
    assert (answer.result, answer.code) == (Result.REFUSED, "stock.promised")
    here.scans("LAMP", "PW-TRUCK", "PW-TRUCK")

    def wait(session: Session) -> int:
        build.add_order(session, two.there, [("LAMP", 1)])
        return len(allocate_ready(session, two.there.actor, 10).backordered)

    assert database.write(wait) == 1
    arrived = bench(database, two.there).scans(paper, "LAMP", "A-01-1")
    assert dict(arrived.values)["served"] == 1
    assert balance(database, two.there, "LAMP", "A-01-1") == (1, 1)


def test_only_who_may_plans_and_changes_it(database: Database, two: Two) -> None:
    number = planned(database, two, CUP=1)
    paper = paper_of(number)
    packer = two.here.actor
    packer = type(packer)(packer.now, packer.writer, packer.warehouse_id, packer.operator_id, Role.PACKER)

    def tries(session: Session) -> list[str]:
        return [
            service.plan_transfer(session, packer, two.here.warehouse_id, two.there.warehouse_id).code,
            service.set_line(session, packer, number, two.here.products["CUP"], 2).code,
            service.cancel_transfer(session, packer, number).code,
            service.close_transfer(session, packer, number, "x").code,
            service.plan_transfer(session, two.here.actor, two.here.warehouse_id, two.here.warehouse_id).code,
        ]

    assert database.write(tries) == [*["office.not_permitted"] * 4, "transfer.same_warehouse"]
    assert [one.code for one in database.read(transfers)] == [paper]


def test_a_strange_product_in_a_transfer_blocks(database: Database, two: Two) -> None:
    number = planned(database, two, CUP=1)
    paper = paper_of(number)
    here = bench(database, two.here)
    answer = here.scans(paper, "A-02-1", "LAMP")
    assert (answer.result, answer.code) == (Result.BLOCKED, "transfer.not_wanted")
    assert here.scans("PW-OK", paper).code == "transfer.open"
    assert here.scan("PW-CLOSE").code == "stock_desk.ended"


@pytest.mark.plants_violations
def test_check_knows_where_a_transfers_goods_may_lie(database: Database, two: Two) -> None:
    number = planned(database, two, CUP=1)
    paper = paper_of(number)
    bench(database, two.here).scans(paper, "A-01-1", "CUP")

    def codes(new: str) -> list[str]:
        database.write(lambda s: s.execute(text("UPDATE transfers SET state = :new"), {"new": new}))
        return [one.code for one in database.read(violations)]

    assert codes("picked") == []
    assert codes("sent") == ["check.transfer_at_other_end"]
    assert codes("cancelled") == ["check.transfer_left_behind"]
    database.write(
        lambda s: s.execute(text("UPDATE transfers SET from_place_id = NULL WHERE id = :id"), {"id": number})
    )
    assert codes("picked") == ["check.transit_without_transfer"]
