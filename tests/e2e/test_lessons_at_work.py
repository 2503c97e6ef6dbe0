"""What other systems got wrong, at work: sounds, cancelled orders, totes, documents, frozen values, printers."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import threading

import pytest
from sqlalchemy import text

import app.presenters.state as states
from app.bootstrap.document_printer import PrintingPress
from app.domain import outcomes, work
from app.domain.barcodes import CodeKind, read_code
from app.domain.document_samples import sample_document
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Result, Sound
from app.domain.print_ports import Printer, PrinterStatus, PrintPayload, SendResult
from app.integrations.carriers.own_delivery import OwnDelivery
from app.models.database import Database
from app.printing.printers import open_printer
from app.runtime.background import Background
from app.services.actor import Actor
from app.services.cancel import cancel_order
from app.services.settings_store import put_setting
from tests.e2e.lessons_floor import Floor
from tests.e2e.lessons_floor import floor as floor
from tests.e2e.lessons_floor import site as site
from tests.printing.drawing import codes_of
from tests.services import floor_builders as floors
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench

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
