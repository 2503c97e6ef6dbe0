"""At a bench whose printer can't print: the neighbour's printer by command, and the hold shelf."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.domain.outcomes import Outcome, Place, Result
from app.domain.states import PrintJobState
from app.models.database import Database
from app.presenters.gateway import JobEvent
from app.presenters.pack import pack_state
from app.presenters.pack_around import Surroundings
from app.presenters.pack_page import PackPage
from app.presenters.state import pack
from app.presenters.station_info import StationInfo
from app.printing.simulated.conditions import TwinCondition
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from tests.databases import assert_sound
from tests.presenters.pack_samples import UTC_ZONE
from tests.runtime.printing_bench import PrintingBench, printing_bench
from tests.runtime.test_neighbours_printer import add_station
from tests.services import pack_builders as packing
from tests.services import stock_builders as build


@pytest.fixture
def own() -> PrinterTwin:
    return PrinterTwin()


@pytest.fixture
def other() -> PrinterTwin:
    return PrinterTwin()


@pytest.fixture
def here(database: Database, own: PrinterTwin, other: PrinterTwin) -> Iterator[PrintingBench]:
    with TcpDoor(own) as door, TcpDoor(other) as there:
        made = printing_bench(database, door.uri)
        add_station(made, "Bench 3", {"printer": there.uri})
        own.become(TwinCondition.PAPER_OUT)
        yield made
        made.background.stop()
    assert made.faults == []
    assert_sound(database)


class Screen:
    """What the packer sees."""

    def __init__(self, here: PrintingBench) -> None:
        self.here, self.page = here, PackPage()
        self.info = StationInfo(here.bench.floor.station_id, "Bench W1", here.site.warehouse_id, "Hall", "UTC")

    def take(self, outcome: Outcome) -> pack.Pack:
        """An answer, with what is read beside it then."""
        self.page.take(outcome, self.here.clock())
        return self.look()

    def look(self) -> pack.Pack:
        since = build.NOW - timedelta(hours=1)
        around = self.here.database.read(lambda s: self.page.look_around(s, self.info, self.here.clock(), since))
        self.page.looked(around)
        return pack_state(self.page.model, Surroundings(self.here.clock(), UTC_ZONE))


def keys(drawn: pack.Pack) -> list[tuple[str, str, str]]:
    return [(one.code, one.key, one.words) for one in drawn.commands.commands]


def test_the_only_neighbour_is_taken_at_once(here: PrintingBench, own: PrinterTwin, other: PrinterTwin) -> None:
    screen = Screen(here)
    screen.take(here.after(here.packs()))
    drawn = screen.look()
    assert ("PW-PRINT-AT", "B", "Print at Bench 3") in keys(drawn)
    assert ("PW-HOLD", "H", "Parcel to hold shelf") in keys(drawn)
    answer = here.bench.scan("PW-PRINT-AT")
    assert (answer.result, answer.code, answer.values["station"]) == (Result.DONE, "pack.print_at_done", "Bench 3")
    assert screen.take(answer).banner.order == "Printing at Bench 3"
    here.after(answer)
    assert (own.printed, len(other.printed), here.label_jobs) == ((), 1, ["printed"])
    assert [event.instead for event in here.events if event.instead] == ["Bench 3"]
    here.clock.now += timedelta(minutes=59)
    here.after(here.packs())
    assert len(other.printed) == 2
    here.later(120)
    here.after(here.packs())
    assert (len(other.printed), here.column("SELECT reason FROM labels ORDER BY id DESC LIMIT 1")) == (2, ["paper_out"])


def test_of_several_one_is_chosen(here: PrintingBench, other: PrinterTwin) -> None:
    add_station(here, "Bench 1", {"printer": "tcp://127.0.0.1:9"})
    screen = Screen(here)
    screen.take(here.after(here.packs()))
    assert "Print at another bench" in [words for _, _, words in keys(screen.look())]
    asked = here.bench.scan("PW-PRINT-AT")
    assert (asked.result, [(one.key, one.title) for one in asked.choices]) == (
        Result.ASK, [("1", "Bench 1"), ("2", "Bench 3")],
    )  # fmt: skip
    drawn = screen.take(asked)
    assert isinstance(drawn.body, pack.Idle)
    assert (drawn.body.panel.words, [one.words for one in drawn.body.panel.choices]) == (
        "At which bench?", ["Bench 1", "Bench 3"],
    )  # fmt: skip
    assert here.bench.scan("PW-7").code == "station.no_such_choice"
    here.after(here.bench.scan("PW-2"))
    assert (len(other.printed), here.label_jobs) == (1, ["printed"])
    assert here.bench.scan("PW-2").refused, "the question is answered"


def test_it_can_be_dropped_and_is_forgotten_with_the_next_scan(here: PrintingBench) -> None:
    add_station(here, "Bench 1", {"printer": "sim:"})
    here.after(here.packs())
    here.bench.scan("PW-PRINT-AT")
    assert here.bench.scan("PW-BACK").code == "station.choice_dropped"
    here.bench.scan("PW-PRINT-AT")
    here.bench.scan("T-1")
    assert here.bench.scan("PW-1").refused
    assert here.column("SELECT state FROM labels") == ["intended"]


def test_what_is_in_doubt_stays_a_question(here: PrintingBench, own: PrinterTwin, other: PrinterTwin) -> None:
    own.become(TwinCondition.READY)
    here.background._printer.ask()
    own.become(TwinCondition.DROPS, after_bytes=60)
    here.after(here.packs())
    assert here.bench.scan("PW-PRINT-AT").code == "pack.print_at_doubt"
    assert other.printed == ()


def test_with_nothing_waiting_or_nobody_near_it_says_so(here: PrintingBench, own: PrinterTwin) -> None:
    assert here.bench.scan("PW-PRINT-AT").code == "pack.nothing_waits_to_print"
    add_station(here, "Bench 5", {"printer": "usb:///dev/usb/lp0"})
    here.database.write(lambda s: s.execute(text("UPDATE stations SET settings = '{}' WHERE name = 'Bench 3'")))
    here.after(here.packs())
    assert here.bench.scan("PW-PRINT-AT").code == "pack.print_at_nobody"


def test_the_hold_shelf_tells_when_the_label_is_out(here: PrintingBench, own: PrinterTwin) -> None:
    screen = Screen(here)
    screen.take(here.after(here.packs()))
    shelved = here.bench.scan("PW-HOLD")
    assert (shelved.result, shelved.code, shelved.place) == (Result.NAVIGATE, "pack.on_hold_shelf", Place.PACK)
    drawn = screen.take(shelved)
    assert (drawn.banner.order, isinstance(drawn.body, pack.Idle)) == ("Parcel 1 of #1000 to the hold shelf", True)
    assert here.bench.scan("PW-HOLD").code == "pack.shelf_waits"
    own.load_paper()
    own.become(TwinCondition.READY)
    here.later(60)
    assert here.label_jobs == ["printed"]
    (job,) = [event for event in here.events if event.document == "shipping-label" and not event.reason][-1:]
    assert job.state is PrintJobState.PRINTED
    screen.page.take(Outcome(Result.NAVIGATE, "opening.gone", place=Place.PACK), here.clock())
    screen.page.job(job)
    drawn = pack_state(screen.page.model, Surroundings(here.clock(), UTC_ZONE))
    assert drawn.banner.order == "The label of #1000 is out"
    assert screen.look().banner.detail == "Parcel 1 lies on the hold shelf: stick it on, then press H."
    off = here.bench.scan("PW-HOLD")
    assert (off.code, off.values["number"]) == ("pack.off_hold_shelf", "#1000")
    assert screen.take(off).banner.order == "Parcel 1 of #1000 has its label"
    assert here.bench.scan("PW-HOLD").code == "pack.has_its_label"
    assert screen.page.model.shelf == ()


def test_a_label_that_is_out_beside_other_work_is_a_line_there(here: PrintingBench) -> None:
    screen = Screen(here)
    screen.take(here.after(here.packs()))
    screen.take(here.bench.scan("PW-HOLD"))
    number = packing.order_on_shelf(here.database, here.site, ("LAMP", 2))
    screen.take(here.bench.scan(number))
    event = JobEvent(
        1, screen.page.model.shelf[0].package_id, "shipping-label", PrintJobState.PRINTED, "", "", build.NOW
    )
    screen.page.job(event)
    drawn = pack_state(screen.page.model, Surroundings(here.clock(), UTC_ZONE))
    assert isinstance(drawn.body, pack.Packing)
    assert [note.words for note in drawn.notes] == ["The label of #1000 is out. Parcel 1 lies on the hold shelf."]
