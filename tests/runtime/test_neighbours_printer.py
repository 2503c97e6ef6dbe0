"""A neighbour's printer stands in where that is the rule: only for what was never sent, and it is said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.domain.states import PrintJobState
from app.models.database import Database, Session
from app.models.people import Station
from app.models.stock import Warehouse
from app.presenters.pack_page import PackPage
from app.presenters.station_info import StationInfo
from app.printing.simulated.conditions import TwinCondition
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from app.services import print_jobs
from app.services.print_routes import INSTEAD, neighbours, stand_in
from app.services.setup import put_station_settings
from tests.runtime.printing_bench import PrintingBench, printing_bench
from tests.services import stock_builders as build

OUT = (TwinCondition.PAPER_OUT, TwinCondition.HEAD_OPEN, TwinCondition.PAUSED)


@pytest.fixture
def own() -> PrinterTwin:
    return PrinterTwin()


@pytest.fixture
def other() -> PrinterTwin:
    return PrinterTwin()


def add_station(here: PrintingBench, name: str, settings: dict[str, object], *, far: bool = False) -> None:
    """Another station, of this warehouse or of one far away."""

    def make(session: Session) -> None:
        warehouse = here.site.warehouse_id
        if far:
            place = Warehouse(name="Far", code="FAR", zone="Europe/London")
            session.add(place)
            session.flush()
            warehouse = place.id
        session.add(Station(name=name, warehouse_id=warehouse, settings=settings, created_at=build.NOW))

    here.database.write(make)


def rule(here: PrintingBench, name: str | None) -> None:
    """What this station does when its own printer can't print."""
    station = here.bench.floor.station_id
    here.database.write(lambda s: put_station_settings(s, here.site.actor, station, {INSTEAD: name}))


@pytest.fixture
def here(database: Database, own: PrinterTwin, other: PrinterTwin) -> Iterator[PrintingBench]:
    with TcpDoor(own) as door, TcpDoor(other) as there:
        made = printing_bench(database, door.uri)
        add_station(made, "Bench 3", {"printer": there.uri})
        rule(made, "Bench 3")
        yield made
        made.background.stop()
    assert made.faults == []


@pytest.mark.parametrize("condition", OUT)
def test_the_label_is_bought_and_comes_out_at_the_neighbours(
    here: PrintingBench, own: PrinterTwin, other: PrinterTwin, condition: TwinCondition
) -> None:
    own.become(condition)
    here.after(here.packs())
    assert (here.label_jobs, len(own.printed), len(other.printed)) == (["printed"], 0, 1)
    last = [event for event in here.events if event.document == "shipping-label"][-1]
    assert (last.state, last.instead, last.doubtful) == (PrintJobState.PRINTED, "Bench 3", False)
    assert here.column("SELECT sent_to FROM print_jobs WHERE document = 'shipping-label'") == [last.printer]
    assert last.printer != here.uri
    own.become(TwinCondition.READY)
    here.later(3600)
    assert (len(own.printed), len(other.printed)) == (0, 1)


def test_without_the_rule_it_waits(here: PrintingBench, own: PrinterTwin, other: PrinterTwin) -> None:
    rule(here, None)
    own.become(TwinCondition.PAPER_OUT)
    here.after(here.packs())
    assert (here.column("SELECT state FROM labels"), other.printed) == (["intended"], ())


def test_where_the_neighbour_is_out_of_labels_too_it_waits(
    here: PrintingBench, own: PrinterTwin, other: PrinterTwin
) -> None:
    own.become(TwinCondition.HEAD_OPEN)
    other.become(TwinCondition.PAPER_OUT)
    here.after(here.packs())
    assert here.column("SELECT reason FROM labels") == ["head_open"]
    other.become(TwinCondition.READY)
    here.later(5)
    assert (len(own.printed), len(other.printed)) == (0, 1)


@pytest.mark.parametrize("condition", [TwinCondition.DROPS, TwinCondition.SWALLOWS])
def test_what_may_be_out_already_is_never_sent_to_the_neighbour(
    here: PrintingBench, own: PrinterTwin, other: PrinterTwin, condition: TwinCondition
) -> None:
    here.background._printer.ask()
    own.become(condition, after_bytes=60) if condition is TwinCondition.DROPS else own.become(condition)
    here.after(here.packs())
    own.become(TwinCondition.PAPER_OUT)
    here.later(3600)
    assert (here.label_jobs, len(here.doubts), other.printed) == (["failed"], 1, ())


def test_what_breaks_at_the_neighbours_is_asked_about_and_goes_nowhere_else(
    here: PrintingBench, own: PrinterTwin, other: PrinterTwin
) -> None:
    own.become(TwinCondition.PAPER_OUT)
    other.become(TwinCondition.DROPS, after_bytes=60)
    here.after(here.packs())
    assert (here.label_jobs, [one.printer != here.uri for one in here.doubts]) == (["failed"], [True])
    own.become(TwinCondition.READY)
    here.later(3600)
    assert (own.printed, other.printed) == ((), ())


def test_a_label_for_one_printer_goes_to_no_other(here: PrintingBench, own: PrinterTwin, other: PrinterTwin) -> None:
    """A test label of the Devices screen is for the printer that is tested."""
    actor = here.site.actor
    here.database.write(lambda s: print_jobs.queue(s, actor, "t", "location", {"code": "A-01"}, printer=here.uri))
    own.become(TwinCondition.PAPER_OUT)
    here.later(1)
    assert (here.column("SELECT state FROM print_jobs"), other.printed) == (["queued"], ())


def test_only_a_neighbour_with_a_printer_that_is_reached_from_here_stands_in(here: PrintingBench) -> None:
    add_station(here, "Bench 5", {"printer": "usb:///dev/usb/lp0", "printers": {"pick-list": "tcp://10.0.0.5"}})
    add_station(here, "Bench 6", {})
    add_station(here, "Bench 7", {"printer": "tcp://10.0.0.7"}, far=True)
    add_station(here, "Bench 8", {"printer": "sim:", "paper_printer": "file:///paper"})
    station = here.bench.floor.station_id
    assert here.database.read(lambda s: neighbours(s, station)) == ("Bench 3", "Bench 8")

    def found(name: str, document: str) -> str:
        rule(here, name)
        other = here.database.read(lambda s: stand_in(s, station, document, build.NOW))
        return other.printer if other is not None else ""

    assert [found("Bench 8", "shipping-label"), found("Bench 8", "packing-slip")] == ["sim:", "file:///paper"]
    assert [found("Bench 5", "shipping-label"), found("Bench 5", "pick-list")] == ["", "tcp://10.0.0.5"]
    assert [found(name, "shipping-label") for name in ("Bench 6", "Bench 7", "Bench 99")] == ["", "", ""]


def test_a_neighbour_with_other_labels_does_not_stand_in_and_that_is_said(
    here: PrintingBench, own: PrinterTwin, other: PrinterTwin
) -> None:
    neighbour = select(Station.id, Station.settings).where(Station.name == "Bench 3")
    settings = here.database.read(lambda s: s.execute(neighbour).one())
    uri = str(settings.settings["printer"])
    small = f"{uri}{'&' if '?' in uri else '?'}size=57x32"
    here.database.write(lambda s: put_station_settings(s, here.site.actor, settings.id, {"printer": small}))
    own.become(TwinCondition.PAPER_OUT)
    here.after(here.packs())
    assert (here.column("SELECT reason FROM labels"), other.printed) == (["paper_out"], ())
    station = here.bench.floor.station_id
    told = here.database.read(lambda s: stand_in(s, station, "shipping-label", build.NOW))
    assert told is not None
    assert told.unfit == "Bench 3 can't stand in: its labels are 57 × 32 mm, and here they are 101.6 × 152.4 mm."
    page = PackPage()
    info = StationInfo(station, "Bench W1", here.site.warehouse_id, "Hall", "UTC")
    page.looked(here.database.read(lambda s: page.look_around(s, info, here.clock(), build.NOW)))
    assert (page.model.unfit, page.model.benches) == (told.unfit, ())
    here.database.write(lambda s: print_jobs.queue(s, here.site.actor, "t", "location", {"code": "A-01"}))
    here.later(1)
    (event,) = [event for event in here.events if event.document == "location" and event.reason]
    assert event.reason.endswith(told.unfit)
    here.database.write(
        lambda s: put_station_settings(s, here.site.actor, settings.id, {"printer": small.replace("57x32", "100x150")})
    )
    here.later(10)
    assert (len(other.printed), own.printed) == (2, ())  # slips have a printer of their own


@pytest.mark.parametrize(
    ("ours", "theirs", "unfit"),
    [
        ("tcp://a", "tcp://b?dpi=300", "this label was made for 203 dots an inch, and it prints 300."),
        ("tcp://a?size=102x152", "tcp://b?size=100x150", ""),
        ("tcp://a", "tcp://b?size=104x200&media=continuous", ""),
        ("tcp://a?size=57x32", "tcp://b", "its labels are 101.6 × 152.4 mm, and here they are 57 × 32 mm."),
    ],
)
def test_what_was_made_for_a_printer_needs_its_dots_too(
    here: PrintingBench, ours: str, theirs: str, unfit: str
) -> None:
    add_station(here, "Bench 9", {"printer": theirs})
    rule(here, "Bench 9")
    station = here.bench.floor.station_id
    here.database.write(lambda s: put_station_settings(s, here.site.actor, station, {"printer": ours}))
    found = here.database.read(lambda s: stand_in(s, station, "shipping-label", build.NOW, made_for_dots=True))
    assert found is not None
    assert found.unfit.removeprefix("Bench 9 can't stand in: ") == unfit


def test_what_a_printer_may_hold_is_not_printed_by_the_neighbour_after_a_no(
    here: PrintingBench, own: PrinterTwin, other: PrinterTwin
) -> None:
    own.become(TwinCondition.PAPER_OUT, after_bytes=60)
    here.after(here.packs())
    here.after(here.bench.scan("PW-RETRY"))
    assert (len(here.doubts), other.printed) == (1, ())
    own.load_paper()
    assert (len(own.printed), other.printed) == (1, ())
