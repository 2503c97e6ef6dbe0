"""Faults that people reported of other systems: what would happen here (docs/lessons-tests.md lists them all)."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import app.presenters.state as states
from app.bootstrap.document_printer import PrintingPress
from app.domain import outcomes, work
from app.domain.barcodes import CodeKind, read_code
from app.domain.document_samples import sample_document
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Result, Sound
from app.domain.print_ports import Printer, PrinterStatus, PrintPayload, SendResult
from app.integrations.carriers.own_delivery import OwnDelivery
from app.models.catalogue import Identifier
from app.models.database import Database
from app.printing.printers import open_printer
from app.printing.simulated_printer import SimulatedCondition, SimulatedPrinter
from app.runtime.background import Background
from app.services.actor import Actor
from app.services.cancel import cancel_order
from app.services.settings_store import FloorSettings, put_setting
from tests.databases import Databases
from tests.printing.drawing import codes_of
from tests.services import floor_builders as floors
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench


@dataclass
class Clock:
    """Time that a test moves."""

    now: datetime = build.NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Floor:
    """A bench with what happens behind it: the real carrier, press and a simulated printer."""

    database: Database
    site: build.Site
    bench: Bench
    clock: Clock
    press: PrintingPress
    background: Background
    faults: list[Exception] = field(default_factory=list)

    @property
    def printer(self) -> SimulatedPrinter:
        printer = self.press.printer("sim:")
        assert isinstance(printer, SimulatedPrinter)
        return printer

    def after(self, outcome: outcomes.Outcome) -> outcomes.Outcome:
        """Carries out what an answer asks for."""
        self.background.carry_out(outcome.effects)
        self.background.run_once()
        return outcome

    def later(self, seconds: float) -> None:
        """Some time passes, and what waits is tried again."""
        self.clock.now += timedelta(seconds=seconds)
        self.background.run_once()

    def column(self, sql: str) -> list[object]:
        return self.database.read(lambda session: list(session.execute(text(sql)).scalars()))


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


@pytest.fixture
def floor(database: Database, site: build.Site) -> Iterator[Floor]:
    clock, faults = Clock(), list[Exception]()
    press = PrintingPress(
        "sim:", {"packing-slip": "sim:slips"}, lambda _uri, _status: None, monotonic=lambda: clock.now.timestamp()
    )
    own = OwnDelivery()

    def actor(now: datetime) -> Actor:
        return Actor(now, "effects:1", site.warehouse_id, station_id=site.actor.station_id)

    def nobody(_: object) -> None: ...

    behind = Background(database, actor, {own.key: own}, press, clock, nobody, nobody, faults.append)
    yield Floor(database, site, packing.pack_bench(database, site), clock, press, behind, faults)
    behind.stop()
    assert faults == []


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


# 17 ------------------------------------------------------------------------------------------------------------------


def test_right_wrong_too_many_and_complete_sound_different_and_no_refusal_sounds_right(floor: Floor) -> None:
    """Lesson 17: the success bell on an error."""
    number = packing.order_on_shelf(floor.database, floor.site, ("CUP", 1), ("LAMP", 1))
    floor.bench.scan(number)
    heard = {}
    for what, code in (("right", "CUP"), ("too many", "CUP"), ("ok", "PW-OK"), ("wrong", "SOAP")):
        heard[what] = floor.bench.scan(code)
    floor.bench.scan("PW-OK")
    heard["complete"] = floor.bench.scan("LAMP")
    sounds = {what: heard[what].sound for what in ("right", "wrong", "too many", "complete")}
    assert sounds == {
        "right": Sound.ACCEPTED,
        "wrong": Sound.WRONG,
        "too many": Sound.TOO_MANY,
        "complete": Sound.COMPLETE,
    }
    for answer in heard.values():
        if answer.result in (Result.REFUSED, Result.BLOCKED):
            assert answer.sound not in (Sound.ACCEPTED, Sound.COMPLETE, Sound.NONE)


# 18 ------------------------------------------------------------------------------------------------------------------


def test_a_picker_is_told_of_a_cancelled_order_without_scanning(database: Database, site: build.Site) -> None:
    """Lesson 18: an order cancelled in mid-pick could not be stopped."""
    first = packing.order_on_shelf(database, site, ("CUP", 2))
    packing.order_on_shelf(database, site, ("LAMP", 1))
    walk = database.write(
        lambda s: floors.release(s, site, list(s.execute(text("SELECT id FROM fulfillments ORDER BY id")).scalars()))
    )
    bench = floors.pick_bench(database, site)
    bench.scans(f"PL-{walk:04}", "T-1", "T-2", "A-01-1", "CUP")
    assert interrupted(bench) is None
    cancelled = database.write(lambda s: cancel_order(s, site.actor, 1, "The customer changed their mind"))
    assert (cancelled.code, cancelled.values["order"]) == ("cancel.order_put_back", first)
    told = interrupted(bench)
    assert told is not None
    assert (told.result, told.code, told.sound) == (Result.BLOCKED, "pick.order_cancelled", Sound.ATTENTION)
    assert told.values["order"] == first
    assert interrupted(bench) is None  # said once; it blocks until it is acknowledged
    assert bench.scan("LAMP").code == "station.blocked"
    assert bench.scans("PW-OK", "LAMP").code == "pick.put_into"
    assert bench.scan("T-2").code == "pick.done"


def interrupted(bench: Bench) -> outcomes.Outcome | None:
    """What the station finds when the change feed says that rows of its work changed."""
    nothing = Gesture("", GestureKind.KEY, "", bench.now)
    return bench.database.write(lambda s: bench.floor.interrupted(s, nothing, bench.settings, bench.now))


def test_a_tote_is_free_once_all_of_it_is_in_parcels(database: Database, site: build.Site) -> None:
    """Not only when the truck has left: the tote goes back to the pickers at once."""
    database.write(lambda s: put_setting(s, "handover", "at_truck"))
    packing.order_on_shelf(database, site, ("CUP", 1))
    walk = database.write(lambda s: floors.release(s, site, [1]))
    floors.pick_bench(database, site).scans(f"PL-{walk:04}", "T-1", "A-01-1", "CUP")
    packer = packing.pack_bench(database, site, name="Paul")
    used = text("SELECT count(*) FROM tote_uses WHERE closed_at IS NULL")
    assert database.read(lambda s: s.execute(used).scalar_one()) == 1
    packer.scan("T-1")
    assert packer.scan("CUP").code == "pack.complete"
    assert database.read(lambda s: s.execute(used).scalar_one()) == 0


# 21 ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        ("pick-list", CodeKind.PICK_LIST),
        ("tote", CodeKind.TOTE),
        ("badge", CodeKind.BADGE),
        ("product", CodeKind.GTIN),
        ("location", CodeKind.PLAIN),
        ("packing-slip", CodeKind.PLAIN),
        ("shipping-label", CodeKind.PLAIN),
        ("ok-card", CodeKind.COMMAND),
        ("command-sheet", CodeKind.COMMAND),
    ],
)
def test_every_document_carries_the_code_that_the_next_step_scans(document: str, wanted: CodeKind) -> None:
    """Lesson 21: the packer could not open the order from the pick sheet."""
    made = sample_document(document)
    kinds = {read_code(code).kind for page in made.pages for code in codes_of(page)}
    assert wanted in kinds


# 24 ------------------------------------------------------------------------------------------------------------------


def test_views_get_frozen_values_only() -> None:
    """Lesson 24: live rows in widgets crashed them. Everything that is drawn is a frozen dataclass of plain values."""
    modules = [
        importlib.import_module(f"{states.__name__}.{one.name}") for one in pkgutil.iter_modules(states.__path__)
    ]
    found = [
        value
        for module in [*modules, work, outcomes]
        for value in vars(module).values()
        if dataclasses.is_dataclass(value) and value.__module__ == module.__name__
    ]
    assert len(found) > 60
    loose = [one for one in found if not one.__dataclass_params__.frozen]  # type: ignore[union-attr]
    assert loose == []
    tables = [f"{one.__name__}.{each.name}" for one in found for each in dataclasses.fields(one)
              if "app.models" in str(each.type)]  # fmt: skip
    assert tables == []


# 26 ------------------------------------------------------------------------------------------------------------------


class Watched:
    """A printer that notes which thread touches it."""

    def __init__(self, inner: Printer, seen: set[str]) -> None:
        self._inner, self._seen = inner, seen
        self.uri, self.language, self.dpi = inner.uri, inner.language, inner.dpi

    def status(self) -> PrinterStatus:
        self._seen.add(threading.current_thread().name)
        return self._inner.status()

    def send(self, job: PrintPayload) -> SendResult:
        self._seen.add(threading.current_thread().name)
        return self._inner.send(job)


def test_one_thread_owns_the_printer_and_opens_it_when_it_is_wanted(floor: Floor) -> None:
    """Lesson 26: printers were opened in the constructor, and polling interrupted prints."""
    seen: set[str] = set()
    opened: list[str] = []

    def opener(uri: str) -> Printer:
        opened.append(threading.current_thread().name)
        return Watched(open_printer(uri), seen)

    press = PrintingPress("sim:", {}, lambda _uri, _status: None, opener)
    done = threading.Event()
    site, own = floor.site, OwnDelivery()

    def told(event: object) -> None:
        if getattr(event, "document", "") == "shipping-label" and str(getattr(event, "state", "")) == "printed":
            done.set()

    background = Background(
        floor.database,
        lambda now: Actor(now, "effects:2", site.warehouse_id, station_id=site.actor.station_id),
        {own.key: own},
        press,
        floor.clock,
        lambda _: None,
        told,
        floor.faults.append,
    )
    assert opened == []
    background.start()
    background.carry_out(floor.bench.scans(packing.order_on_shelf(floor.database, site, ("CUP", 1)), "CUP").effects)
    assert done.wait(20)
    background.stop()
    assert seen == {"effects"}
    assert set(opened) == {"effects"}
