"""Faults that people reported of other systems: what would happen here (docs/lessons-tests.md lists them all)."""

from __future__ import annotations

import threading

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.catalogue import Identifier
from app.models.database import Database
from app.printing.simulated_printer import SimulatedCondition
from app.services.settings_store import FloorSettings, put_setting
from tests.databases import Databases
from tests.e2e.lessons_floor import Floor
from tests.e2e.lessons_floor import floor as floor
from tests.e2e.lessons_floor import site as site
from tests.services import pack_builders as packing
from tests.services import stock_builders as build

# 4 and 27 ------------------------------------------------------------------------------------------------------------


def test_two_that_lock_in_opposite_order_both_end_because_the_whole_use_case_runs_again(
    postgresql_databases: Databases,
) -> None:
    """Lesson 4: an item was taken only after 40 to 50 scans, because the serialization error was shown."""
    database = postgresql_databases.fresh()
    site = database.write(build.build_site)
    first, second = site.products["CUP"], site.products["LAMP"]
    meeting = threading.Barrier(2, timeout=10)
    tries: list[int] = []

    def take(mine: int, other: int) -> None:
        met = False

        def both(session: Session) -> None:
            nonlocal met
            tries.append(mine)
            statement = text("UPDATE products SET price = price + 1 WHERE id = :id")
            session.execute(statement, {"id": mine})
            if not met:
                met = True
                meeting.wait()
            session.execute(statement, {"id": other})

        database.write(both)

    threads = [threading.Thread(target=take, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(tries) == 3
    changed = database.read(lambda s: list(s.execute(text("SELECT price FROM products WHERE id <= 2")).scalars()))
    before = database.read(lambda s: list(s.execute(text("SELECT price FROM products WHERE id = 3")).scalars()))
    assert changed == [before[0] + 2] * 2


# 6 and 9 -------------------------------------------------------------------------------------------------------------


def test_twelve_impatient_presses_make_one_label(floor: Floor) -> None:
    """Lesson 6: the button seemed dead, and twelve labels were bought."""
    number = packing.order_on_shelf(floor.database, floor.site, ("CUP", 1))
    sealed = floor.bench.scans(number, "CUP")
    assert sealed.code == "pack.complete"
    for _ in range(6):  # the carrier has not answered yet
        assert floor.bench.scan("PW-CLOSE").refused
        assert floor.bench.scan("PW-REDO").refused
        floor.bench.scan(number)
        if floor.bench.work_kind:
            assert floor.bench.scan("PW-CLOSE").refused
            floor.bench.scan("PW-BACK")
    assert floor.column("SELECT count(*) FROM labels") == [1]
    floor.after(sealed)
    assert floor.column("SELECT state FROM labels") == ["handed_over"]
    assert len(floor.printer.printed) == 1


# 8 and 11 ------------------------------------------------------------------------------------------------------------


def test_a_printer_that_comes_and_goes_prints_the_label_once(floor: Floor) -> None:
    """Lesson 8: 'error' though the job was queued, and the retry printed twice."""
    printer = floor.printer
    printer.condition = SimulatedCondition.UNREACHABLE
    sealed = floor.bench.scans(packing.order_on_shelf(floor.database, floor.site, ("CUP", 1)), "CUP")
    floor.after(sealed)
    jobs = "SELECT state FROM print_jobs WHERE document = 'shipping-label'"
    assert (floor.column(jobs), floor.column("SELECT state FROM labels")) == ([], ["intended"])  # not even bought
    for condition in (SimulatedCondition.UNREACHABLE, SimulatedCondition.READY, SimulatedCondition.READY):
        printer.condition = condition
        floor.later(60)
    assert floor.column(jobs) == ["printed"]
    assert len(printer.printed) == 1


def test_a_label_that_was_paid_comes_out_after_the_jam_and_is_never_bought_again(floor: Floor) -> None:
    """Lesson 11: the printer jammed after the label was paid, and there was no reprint."""
    printer = floor.printer
    printer.condition = SimulatedCondition.SWALLOWS
    sealed = floor.bench.scans(packing.order_on_shelf(floor.database, floor.site, ("CUP", 1)), "CUP")
    floor.after(sealed)
    assert len(printer.printed) == 0
    tracking = floor.column("SELECT tracking_number FROM labels")
    printer.condition = SimulatedCondition.READY
    again = floor.bench.scan("PW-REPRINT")
    assert again.code == "pack.reprinted"
    floor.after(again)
    assert len(printer.printed) >= 1
    assert all(str(tracking[0]).encode() in job.data for job in printer.printed)
    assert floor.column("SELECT count(*) FROM labels") == [1]


# 10 ------------------------------------------------------------------------------------------------------------------


def test_two_parcels_have_two_labels_each_printed_once_and_scanned_on_its_own_box(floor: Floor) -> None:
    """Lesson 10: label 2 was printed twice, label 1 never."""
    floor.bench.settings = FloorSettings(label_scan_back=True, confirm_weight=False)
    floor.database.write(lambda session: put_setting(session, "label_scan_back", True))
    number = packing.order_on_shelf(floor.database, floor.site, ("CUP", 1), ("LAMP", 1))
    floor.bench.scans(number, "CUP")
    floor.after(floor.bench.scan("PW-PARCEL"))
    first = str(floor.column("SELECT tracking_number FROM labels ORDER BY id DESC LIMIT 1")[0])
    assert floor.bench.scan(first).code == "pack.label_applied"
    floor.after(floor.bench.scan("LAMP"))
    second = str(floor.column("SELECT tracking_number FROM labels ORDER BY id DESC LIMIT 1")[0])
    assert floor.bench.scan(first).code == "pack.wrong_label"
    floor.bench.scan("PW-OK")
    assert floor.bench.scan(second).code == "pack.label_applied"
    printed = [job.data for job in floor.printer.printed]
    assert [(first.encode() in data, second.encode() in data) for data in printed] == [(True, False), (False, True)]


# 15 and 16 -----------------------------------------------------------------------------------------------------------


def test_any_code_of_an_item_counts_on_its_line(floor: Floor) -> None:
    """Lesson 15: the second barcode overwrote the row, and then 'maximum scanned' was said."""

    def name(session: Session) -> None:
        for code in ("04006381333931", "05000112637922"):
            session.add(Identifier(product_id=floor.site.products["CUP"], code=code, kind="gtin", quantity=1))

    floor.database.write(name)
    floor.bench.scan(packing.order_on_shelf(floor.database, floor.site, ("CUP", 3), ("LAMP", 1)))
    codes = ("4006381333931", "5000112637922", "CUP")
    assert [floor.bench.scan(code).values.get("packed") for code in codes] == [1, 2, 3]
    assert floor.bench.scan("5000112637922").code == "pack.too_many"


def test_the_last_of_a_hundred_lines_answers_like_the_first(database: Database) -> None:
    """Lesson 16: lines beyond the first forty did not answer to scans."""
    skus = [f"SKU-{number:03}" for number in range(100)]
    site = database.write(lambda session: build.build_site(session, skus))
    bench = packing.pack_bench(database, site)
    bench.settings = FloorSettings(confirm_weight=False)
    bench.scan(packing.order_on_shelf(database, site, *((sku, 1) for sku in skus)))
    answers = [bench.scan(sku) for sku in reversed(skus)]
    assert [answer.code for answer in answers] == ["pack.counted"] * 99 + ["pack.complete"]
