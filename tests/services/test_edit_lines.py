"""The office changes lines at every stage: what more means for shelves, walks and benches, what less means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import text

from app.domain.capture import Financial
from app.domain.changed_work import ToDo
from app.domain.order_edits import LineWish, NewLine
from app.domain.outcomes import Outcome, Place
from app.domain.states import HoldKind, Role
from app.models.database import Database
from app.models.sourcing import SafetyStock
from app.services.allocate import allocate_ready
from app.services.capture.orders import capture_orders
from app.services.check import violations
from app.services.edit_lines import edit_lines
from app.services.go_on import go_on
from app.services.holds import release_hold
from app.services.receive import receive
from app.services.release import release
from tests.builders import captured, line
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.machine_floor import Hand, next_pick, whole_bench
from tests.services.test_bench_changes import bench_of, feed, rows, to_do


class Case:
    """An order of 2 CUP and 1 LAMP, with 10 CUP, 3 LAMP and 2 SOAP on the shelves before it."""

    def __init__(self, database: Database, *, in_parts: bool = False) -> None:
        self.database = database
        self.site = database.write(build.build_site)
        for sku, place, quantity in (("CUP", "A-01-1", 10), ("LAMP", "B-01-1", 3), ("SOAP", "A-02-1", 2)):
            database.write(lambda s, a=(sku, place, quantity): build.stock(s, self.site, *a))
        self.order_id = database.write(
            lambda s: build.add_order(s, self.site, [("CUP", 2), ("LAMP", 1)], in_parts=in_parts).id
        )

    def edit(
        self,
        *wishes: tuple[int, int],
        new: Sequence[tuple[str, int]] = (),
        reason: str = "asked",
        seen: int | None = None,
    ) -> Outcome:
        """Lines by number with the units that shall be due; new ones by SKU."""
        lines = [ident for (ident,) in rows(self.database, "SELECT id FROM order_lines ORDER BY line_no")]
        told = [LineWish(int(str(lines[number - 1])), due) for number, due in wishes]
        added = [NewLine(self.site.products[sku], quantity, 250) for sku, quantity in new]
        return self.database.write(
            lambda s: edit_lines(s, self.site.actor, self.order_id, told, added, reason, seen=seen)
        )

    def allocate(self) -> None:
        self.database.write(lambda s: allocate_ready(s, self.site.actor, 9))

    def release(self) -> None:
        self.allocate()
        self.database.write(lambda s: release(s, self.site.actor))

    def pick(self, scans: int = 99) -> None:
        hand = Hand(whole_bench(self.database, self.site, "Pia", Place.PICK))
        hand.bench.scans("PL-1", "T-1")
        for _scan in range(scans):
            if rows(self.database, "SELECT 1 FROM fulfillments WHERE state = 'picked'"):
                break
            hand.scan(next_pick(self.database, hand.work))

    def promised(self) -> list[tuple[object, ...]]:
        sql = (
            "SELECT l.sku, p.code, a.quantity FROM allocations a JOIN order_lines l ON l.id = a.order_line_id "
            "JOIN stock_balances b ON b.id = a.balance_id JOIN locations p ON p.id = b.location_id "
            "WHERE a.state = 'open' ORDER BY l.line_no, p.code"
        )
        return rows(self.database, sql)

    def state(self) -> object:
        return rows(self.database, f"SELECT state FROM orders WHERE id = {self.order_id}")[0][0]


@pytest.fixture
def case(database: Database) -> Iterator[Case]:
    yield Case(database)
    assert database.read(violations) == []


def test_before_anything_is_promised_the_lines_just_change(case: Case) -> None:
    outcome = case.edit((1, 3), (2, 0), new=[("SOAP", 1)])
    assert (outcome.code, outcome.values["apart"]) == ("edit.lines", 4)
    assert case.promised() == [("CUP", "A-01-1", 3), ("SOAP", "A-02-1", 1)]
    assert case.state() == "allocated"
    sql = "SELECT sku, quantity, cancelled, line_total FROM order_lines ORDER BY line_no"
    assert rows(case.database, sql) == [("CUP", 3, 0, 0), ("LAMP", 1, 1, 0), ("SOAP", 1, 0, 250)]
    assert rows(case.database, "SELECT total, version FROM orders") == [(1250, 2)]


def test_an_allocated_order_is_promised_more_in_the_same_fulfillment(case: Case) -> None:
    case.allocate()
    assert case.edit((1, 5), new=[("SOAP", 2)]).code == "edit.lines"
    assert case.promised() == [("CUP", "A-01-1", 5), ("LAMP", "B-01-1", 1), ("SOAP", "A-02-1", 2)]
    assert rows(case.database, "SELECT count(*) FROM fulfillments") == [(1,)]
    assert rows(case.database, "SELECT count(*) FROM holds WHERE released_at IS NULL") == [(0,)]


def test_what_is_not_there_waits_and_comes_by_itself(case: Case) -> None:
    case.allocate()
    outcome = case.edit(new=[("SOAP", 3)])
    assert (outcome.code, outcome.values["waiting"]) == ("edit.lines_wait", 3)
    assert case.state() == "backordered"
    case.database.write(
        lambda s: receive(s, case.site.actor, case.site.products["SOAP"], 1, case.site.places["A-02-1"])
    )
    assert case.state() == "allocated"
    assert case.promised()[-1] == ("SOAP", "A-02-1", 3)


def test_a_walk_gets_another_stop_and_a_longer_one(case: Case) -> None:
    case.release()
    outcome = case.edit((1, 4), new=[("SOAP", 1)])
    assert (outcome.code, outcome.values["along"]) == ("edit.lines_floor", 3)
    tasks = (
        "SELECT p.sku, t.quantity FROM pick_tasks t JOIN products p ON p.id = t.product_id ORDER BY t.sequence, t.id"
    )
    assert rows(case.database, tasks) == [("CUP", 4), ("LAMP", 1), ("SOAP", 1)]
    case.pick()
    picked = case.promised()
    assert picked == [("CUP", "T-1", 4), ("LAMP", "T-1", 1), ("SOAP", "T-1", 1)]


def test_a_picked_order_tells_its_bench_what_to_fetch(case: Case) -> None:
    case.release()
    case.pick()
    assert case.edit((2, 0), new=[("SOAP", 1)]).values["put_back"] == 1
    bench = bench_of(case.database, case.site)
    opened = bench.scan("#1000")
    assert to_do(opened) == [(ToDo.LEAVE, "LAMP", 1, 0, "T-1"), (ToDo.MORE, "SOAP", 1, 0, "A-02-1")]
    assert bench.scan("PW-OK").code == "pack.changed_done"
    assert [bench.scan(code).code for code in ("SOAP", "CUP", "CUP")][-1] == "pack.complete"


def test_a_bench_swaps_one_for_another(case: Case) -> None:
    case.release()
    case.pick()
    bench = bench_of(case.database, case.site)
    bench.scans("#1000", "LAMP")
    assert case.edit((2, 0), new=[("SOAP", 1)]).code == "edit.lines_floor"
    assert to_do(feed(bench)) == [(ToDo.TAKE_OUT, "LAMP", 1, 0, "PARCEL-1-1"), (ToDo.MORE, "SOAP", 1, 0, "A-02-1")]
    codes = [bench.scan(code).code for code in ("SOAP", "LAMP", "SOAP", "CUP", "CUP")]
    assert codes == [
        "pack.changed_wrong.take_out",
        "pack.changed_done",
        "pack.counted",
        "pack.counted",
        "pack.complete",
    ]


def test_on_the_floor_it_is_all_or_nothing_unless_it_may_ship_in_parts(database: Database) -> None:
    case = Case(database)
    case.release()
    case.pick()
    before = (case.promised(), rows(database, "SELECT quantity, cancelled FROM order_lines"))
    outcome = case.edit((1, 1), new=[("SOAP", 3)])
    assert (outcome.code, outcome.values["count"], outcome.values["sku"]) == ("edit.not_enough", 1, "SOAP")
    assert (case.promised(), rows(database, "SELECT quantity, cancelled FROM order_lines")) == before
    assert rows(database, "SELECT version FROM orders") == [(0,)]
    assert rows(database, "SELECT count(*) FROM bench_changes") == [(0,)]
    database.write(lambda s: s.execute(text("UPDATE orders SET may_ship_in_parts = :yes"), {"yes": True}) and None)
    outcome = case.edit((1, 1), new=[("SOAP", 3)])
    assert (outcome.code, outcome.values["waiting"], outcome.values["along"]) == ("edit.lines_wait", 1, 2)
    assert rows(database, "SELECT kind, detail FROM holds WHERE released_at IS NULL") == [("stock", "SOAP 1")]
    assert database.read(violations) == []


def test_what_is_kept_back_does_not_go_along(database: Database) -> None:
    case = Case(database)
    case.release()
    cup, hall = case.site.products["CUP"], case.site.warehouse_id
    kept = SafetyStock(warehouse_id=hall, product_id=cup, quantity=6)
    database.write(lambda s: s.add(kept))
    assert case.edit((1, 5)).code == "edit.not_enough"  # 8 are free, 6 of them are kept
    assert case.edit((1, 4)).values["along"] == 2
    assert database.read(violations) == []


def test_what_is_added_to_a_packed_order_goes_in_another_parcel(database: Database) -> None:
    case = Case(database)
    case.allocate()
    bench = bench_of(database, case.site, label_scan_back=True)
    packing.carry_out(database, case.site, bench.scans("#1000", "CUP", "CUP", "LAMP"))
    assert rows(database, "SELECT state FROM fulfillments") == [("packed",)]
    outcome = case.edit(new=[("SOAP", 1)])
    assert outcome.values["apart"] == 1
    assert rows(database, "SELECT state FROM fulfillments ORDER BY id") == [("packed",), ("allocated",)]
    assert database.read(violations) == []


def test_who_may_not_and_what_is_no_edit_is_refused(case: Case) -> None:
    case.allocate()
    assert case.edit((1, 3), reason=" ").code == "edit.reason_wanted"
    assert case.edit((1, 2)).code == "edit.nothing_changed"
    assert case.edit((1, 200_000)).code == "edit.too_many"
    assert case.edit((1, 3), seen=7).code == "edit.changed_meanwhile_by"
    packer = replace(case.site.actor, role=Role.PACKER)
    nobody = case.database.write(lambda s: edit_lines(s, packer, case.order_id, [LineWish(1, 3)], [], "x"))
    assert nobody.code == "office.not_permitted"
    assert case.edit((1, 0), (2, 0)).code == "cancel.order"
    assert case.edit((1, 3)).code == "order.already_done"


def test_an_order_on_hold_is_changed_and_served_once_it_may_go_on(database: Database) -> None:
    case = Case(database)
    case.allocate()
    database.write(lambda s: s.add(build.Hold(order_id=case.order_id, kind=HoldKind.OFFICE, opened_at=build.NOW)))
    assert case.edit((1, 3)).values["waiting"] == 1
    assert case.promised() == [("CUP", "A-01-1", 2), ("LAMP", "B-01-1", 1)]
    database.write(lambda s: release_hold(s, case.site.actor, case.order_id, HoldKind.OFFICE, "seen") and None)
    database.write(lambda s: go_on(s, case.site.actor, case.order_id) and None)
    assert case.promised() == [("CUP", "A-01-1", 3), ("LAMP", "B-01-1", 1)]
    assert database.read(violations) == []


def test_a_channel_that_tells_the_same_again_undoes_nothing_and_something_new_stops_it(database: Database) -> None:
    site = database.write(build.build_site)
    database.write(lambda s: build.stock(s, site, "CUP", "A-01-1", 9) and None)

    def told(number: int, financial: Financial = Financial.PAID) -> None:
        order = captured("#C1", line("CUP", number), total=1000, financial=financial)
        database.write(lambda s: capture_orders(s, site.actor, "shopify", [order]))

    told(2)
    database.write(lambda s: allocate_ready(s, site.actor, 9))
    wish = [LineWish(1, 5)]
    assert database.write(lambda s: edit_lines(s, site.actor, 1, wish, [], "rang")).code == "edit.lines"
    told(2, Financial.PARTIALLY_REFUNDED)
    due = "SELECT quantity - cancelled FROM order_lines"
    assert (rows(database, due), rows(database, "SELECT kind, detail FROM holds")) == ([(5,)], [])
    told(3)
    assert rows(database, due) == [(5,)]
    assert rows(database, "SELECT kind, detail FROM holds") == [("office", "changed_at_channel")]
    assert database.read(violations) == []
