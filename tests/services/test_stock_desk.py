"""Stock by scan: moved, received, counted, put back; every number comes from the ledger."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.barcodes import ScannedCode
from app.domain.commands import Command
from app.domain.outcomes import Outcome, Place, Result, Sound
from app.domain.states import Role
from app.domain.work import StockWork
from app.models.catalogue import Identifier, Lot, Product
from app.models.database import Database
from app.models.fulfillment import Fulfillment, ToteUse
from app.models.stock import CountTask, PutBackTask
from app.services.allocate import allocate_ready
from app.services.cancel import cancel_order
from app.services.desk import COUNT, RECEIVE, STOCK_KINDS, STOCK_MOVE, Desk
from app.services.identify import Named
from app.services.stock_desk import StockDesk
from tests.services import floor_builders as floor
from tests.services import stock_builders as build
from tests.services.test_pick import moves


class StockOnly:
    """Begins stock work, nothing else."""

    def __init__(self, stock: StockDesk) -> None:
        self.stock = stock

    def open_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        outcome = self.stock.open_put_back(desk, named[0].ref)
        assert outcome is not None
        return outcome

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        kinds = {Command.MOVE: STOCK_MOVE, Command.RECEIVE: RECEIVE, Command.COUNT: COUNT}
        return self.stock.begin(desk, kinds[command])


def bench_of(database: Database, site: build.Site, role: Role = Role.LEAD) -> floor.Bench:
    desk = StockDesk()
    name = "" if role is Role.LEAD else "Nia"
    desks = dict.fromkeys(STOCK_KINDS, desk)
    return floor.add_bench(database, site, desks, StockOnly(desk), name=name, role=role, place=Place.STOCK)


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def balance(database: Database, site: build.Site, sku: str, place: str) -> tuple[int, int]:
    return database.read(lambda s: build.balance(s, site, sku, place))


def test_goods_move_by_place_items_place(database: Database, site: build.Site) -> None:
    database.write(lambda s: build.stock(s, site, "CUP", "BULK-1", 24))
    bench = bench_of(database, site, Role.PACKER)
    begun = bench.scan("PW-MOVE")
    assert (begun.result, begun.code, begun.place) == (Result.NAVIGATE, "stock_desk.stock_move", Place.STOCK)
    assert bench.scan("CUP").code == "stock_desk.place_first"
    at = bench.scan("BULK-1")
    assert isinstance(at.work, StockWork)
    assert [(line.item.sku, line.on_hand, line.promised) for line in at.work.lines] == [("CUP", 24, 0)]
    bench.scans("CUP", "PW-QTY", "PW-1", "PW-1")
    held = bench.scan("CUP")
    assert (held.code, dict(held.values)["quantity"]) == ("stock_desk.item", 12)
    assert bench.scan("LAMP").code == "stock_desk.other_product"
    moved = bench.scans("PW-OK", "A-01-1")
    assert (moved.code, moved.sound, dict(moved.values)["target"]) == ("stock.moved", Sound.ACCEPTED, "A-01-1")
    assert moves(database, "move") == [("CUP", 12, "BULK-1", "A-01-1")]
    assert (balance(database, site, "CUP", "BULK-1"), balance(database, site, "CUP", "A-01-1")) == ((12, 0), (12, 0))
    assert bench.step == "item"  # the next product of the same place
    assert bench.scans("PW-BACK", "PW-BACK").code == "stock_desk.ended"
    assert bench.work_kind == ""


def test_what_is_promised_is_not_moved_away(database: Database, site: build.Site) -> None:
    def promise(session: Session) -> None:
        build.stock(session, site, "CUP", "A-01-1", 3)
        floor.promise_all(session, site, build.add_order(session, site, [("CUP", 2)]).id)

    database.write(promise)
    bench = bench_of(database, site)
    answer = bench.scans("PW-MOVE", "A-01-1", "CUP", "CUP", "B-01-1")
    assert (answer.result, answer.code) == (Result.REFUSED, "stock.promised")
    assert isinstance(answer.work, StockWork)
    assert answer.work.quantity == 2
    assert moves(database, "move") == []
    assert bench.scan("PW-CLOSE").code == "stock_desk.not_put_away"


def test_what_comes_in_is_counted_by_scan_case_or_number(database: Database, site: build.Site) -> None:
    database.write(
        lambda s: s.add(Identifier(product_id=site.products["CUP"], code="40012345678905", kind="case", quantity=6))
    )
    bench = bench_of(database, site)
    assert bench.scan("PW-RECV").code == "stock_desk.receive"
    assert bench.scan("A-01-1").code == "stock_desk.item_first"
    assert dict(bench.scans("40012345678905", "CUP").values)["quantity"] == 7
    came = bench.scan("A-01-1")
    assert (came.code, dict(came.values)["quantity"]) == ("stock.received", 7)
    bench.scan("LAMP")
    assert dict(bench.type("25").values)["quantity"] == 25
    bench.scan("REC-1")
    assert moves(database, "receipt") == [("CUP", 7, "SUPPLIER", "A-01-1"), ("LAMP", 25, "SUPPLIER", "REC-1")]


def test_goods_kept_by_lot_are_received_with_theirs(database: Database, site: build.Site) -> None:
    database.write(lambda s: setattr(s.get_one(Product, site.products["SOAP"]), "lot_tracked", True))
    bench = bench_of(database, site)
    assert bench.scans("PW-RECV", "SOAP", "A-01-1").code == "stock.lot_wanted"
    assert bench.type("L42").code == "stock_desk.lot"
    assert bench.scan("A-01-1").code == "stock.received"
    lot = database.read(lambda s: s.scalars(select(Lot)).one().code)
    assert lot == "L42"


def test_received_goods_go_to_who_waits_for_them(database: Database, site: build.Site) -> None:
    def wait(session: Session) -> None:
        build.add_order(session, site, [("CUP", 2)])
        assert len(allocate_ready(session, site.actor, 10).backordered) == 1

    database.write(wait)
    bench = bench_of(database, site)
    came = bench.scans("PW-RECV", "CUP", "CUP", "A-01-1")
    assert dict(came.values)["served"] == 1
    assert balance(database, site, "CUP", "A-01-1") == (2, 2)


def test_a_count_corrects_the_ledger_and_closes_its_task(database: Database, site: build.Site) -> None:
    def doubt(session: Session) -> None:
        build.stock(session, site, "CUP", "A-01-1", 5)
        session.add(
            CountTask(
                location_id=site.places["A-01-1"],
                product_id=site.products["CUP"],
                reason="short_pick",
                ordered_at=build.NOW,
            )
        )

    database.write(doubt)
    bench = bench_of(database, site)
    at = bench.scans("PW-COUNT", "A-01-1")
    assert isinstance(at.work, StockWork)
    assert [(line.item.sku, line.on_hand, line.to_do) for line in at.work.lines] == [("CUP", 5, 1)]
    chosen = bench.scan("PW-1")
    assert isinstance(chosen.work, StockWork)
    assert (chosen.work.step, chosen.work.quantity) == ("count", None)
    assert bench.scan("PW-OK").code == "stock_desk.number_wanted"
    bench.scan("PW-3")
    counted = bench.scan("PW-OK")
    assert (counted.code, dict(counted.values)["counted"], dict(counted.values)["before"]) == ("stock.counted", 3, 5)
    assert moves(database, "count") == [("CUP", 2, "A-01-1", "ADJUSTMENT")]
    tasks = database.read(lambda s: [(task.counted, task.done_at is None) for task in s.scalars(select(CountTask))])
    assert tasks == [(3, False)]


def test_units_can_be_counted_by_scanning_each(database: Database, site: build.Site) -> None:
    database.write(lambda s: build.stock(s, site, "CUP", "A-01-1", 3))
    bench = bench_of(database, site)
    agreed = bench.scans("PW-COUNT", "A-01-1", "CUP", "CUP", "CUP", "PW-OK")
    assert agreed.code == "stock.counted_agrees"
    assert moves(database, "count") == []


def test_a_count_below_what_is_promised_is_refused(database: Database, site: build.Site) -> None:
    def promise(session: Session) -> None:
        build.stock(session, site, "CUP", "A-01-1", 3)
        floor.promise_all(session, site, build.add_order(session, site, [("CUP", 2)]).id)

    database.write(promise)
    bench = bench_of(database, site)
    bench.scans("PW-COUNT", "A-01-1", "PW-1")
    answer = bench.type("1")
    assert (answer.result, answer.code) == (Result.REFUSED, "stock.count_below_promised")
    assert bench.scan("PW-CLOSE").code == "stock_desk.not_booked"
    assert moves(database, "count") == []
    assert bench.type("2").code == "stock.counted"


def test_what_a_cancelled_order_left_in_its_tote_goes_back_unit_by_unit(database: Database, site: build.Site) -> None:
    def make(session: Session) -> int:
        build.stock(session, site, "CUP", "A-01-1", 5)
        order = build.add_order(session, site, [("CUP", 2)])
        return floor.release(session, site, [floor.promise_all(session, site, order.id)])

    walk = database.write(make)
    floor.pick_bench(database, site, "Tom").scans(f"PL-{walk:04}", "T-1", "A-01-1", "CUP", "CUP")
    order_id = database.read(lambda s: s.scalars(select(Fulfillment.order_id)).one())
    database.write(lambda s: cancel_order(s, site.actor, order_id, "customer called"))
    bench = bench_of(database, site)
    opened = bench.scan("T-1")
    assert (opened.code, dict(opened.values)) == ("stock_desk.put_back", {"place": "T-1", "units": 2})
    assert bench.scan("LAMP").code == "stock_desk.not_to_put_back"
    one = bench.scans("PW-OK", "CUP", "A-01-1")
    assert (one.code, dict(one.values)["left"]) == ("stock.put_back", 1)
    bench.scan("CUP")
    assert bench.scan("CUP").code == "stock_desk.not_to_put_back"
    last = bench.scans("PW-OK", "A-02-1")
    assert (last.code, last.sound, bench.work_kind) == ("stock_desk.all_put_back", Sound.COMPLETE, "")
    assert moves(database, "put_back") == [("CUP", 1, "T-1", "A-01-1"), ("CUP", 1, "T-1", "A-02-1")]
    assert database.read(lambda s: [(t.quantity, t.done) for t in s.scalars(select(PutBackTask))]) == [(2, 2)]
    assert database.read(lambda s: s.scalars(select(ToteUse.closed_at)).all()) != [None]


def test_other_work_waits_and_nobody_without_the_right_begins(database: Database, site: build.Site) -> None:
    database.write(lambda s: build.add_order(s, site, [("CUP", 1)]).id)
    bench = bench_of(database, site)
    bench.scan("PW-MOVE")
    other = bench.scan("#1000")
    assert (other.result, other.code) == (Result.BLOCKED, "stock_desk.still_open")
    assert bench.scans("PW-OK", "NOBODY").code == "stock_desk.unknown_code"
    office = bench_of(database, site, Role.OFFICE)
    assert office.scan("PW-MOVE").code == "stock_desk.not_permitted"


def test_acknowledging_a_wrong_scan_does_not_confirm_the_count(database: Database, site: build.Site) -> None:
    database.write(lambda s: build.stock(s, site, "CUP", "A-01-1", 3))
    bench = bench_of(database, site)
    bench.scans("PW-COUNT", "A-01-1", "CUP")
    assert bench.scan("LAMP").code == "stock_desk.other_product"
    assert bench.scan("PW-OK").code == "station.acknowledged"
    assert moves(database, "count") == []
    assert bench.scan("PW-OK").code == "stock.counted"
    assert moves(database, "count") == [("CUP", 2, "A-01-1", "ADJUSTMENT")]
