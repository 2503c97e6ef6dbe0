"""A document prints exactly once, whatever its printer does: where nobody knows, a person is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.outcomes import Result
from app.domain.states import PrintJobState
from app.models.database import Database
from app.printing.simulated.conditions import TwinCondition
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from app.services import print_jobs
from app.services.settings_store import AT_TRUCK, FloorSettings, put_setting
from tests.runtime.printing_bench import PrintingBench, printing_bench
from tests.services import pack_builders as packing


@pytest.fixture
def twin() -> PrinterTwin:
    return PrinterTwin()


@pytest.fixture
def here(database: Database, twin: PrinterTwin) -> Iterator[PrintingBench]:
    with TcpDoor(twin) as door:
        made = printing_bench(database, door.uri)
        yield made
        made.background.stop()
    assert made.faults == []


def drops(twin: PrinterTwin) -> None:
    twin.become(TwinCondition.DROPS, after_bytes=60)


def swallows(twin: PrinterTwin) -> None:
    twin.become(TwinCondition.SWALLOWS)


@pytest.mark.parametrize("fails", [drops, swallows])
@pytest.mark.parametrize("answer", ["PW-OK", "PW-RETRY"])
def test_a_job_that_broke_or_was_swallowed_is_asked_about_and_never_sent_again_by_itself(
    here: PrintingBench, twin: PrinterTwin, fails: object, answer: str
) -> None:
    here.background._printer.ask()  # so that its label counter is known, as on any day after the first label
    assert callable(fails)
    fails(twin)
    here.after(here.packs())
    assert here.label_jobs == ["failed"]
    assert [(one.document, one.parcel) for one in here.doubts] == [("shipping-label", 1)]
    told = [(event.state, event.doubtful) for event in here.events if event.document == "shipping-label"]
    assert told == [(PrintJobState.SENDING, False), (PrintJobState.FAILED, True)]
    twin.become(TwinCondition.READY)
    for seconds in (5, 60, 3600):
        here.later(seconds)
    assert (twin.printed, here.label_jobs) == ((), ["failed"])
    assert here.column("SELECT state FROM labels") == ["bought"]

    said = here.after(here.bench.scan(answer))
    assert here.doubts == ()
    assert here.label_jobs == ["printed"]
    assert here.column("SELECT state FROM labels") == ["handed_over"]
    if answer == "PW-OK":  # somebody saw it: nothing more is sent
        assert (said.code, twin.printed) == ("pack.came_out", ())
    else:
        assert (said.code, len(twin.printed)) == ("pack.did_not_come_out", 1)
    here.later(3600)
    assert len(twin.printed) == (0 if answer == "PW-OK" else 1)


def test_the_question_is_answered_once(here: PrintingBench, twin: PrinterTwin) -> None:
    drops(twin)
    here.after(here.packs())
    assert here.bench.scan("PW-OK").code == "pack.came_out"
    assert here.bench.scan("PW-OK").code == "station.no_meaning_here"
    assert here.bench.scan("PW-RETRY").code == "pack.nothing_waits_to_print"
    assert here.column("SELECT count(*) FROM print_jobs WHERE document = 'shipping-label'") == [1]


def test_where_nobody_doubts_both_answers_mean_nothing(here: PrintingBench) -> None:
    here.after(here.packs())
    assert here.doubts == ()
    assert [here.bench.scan(code).result for code in ("PW-OK", "PW-RETRY")] == [Result.REFUSED, Result.REFUSED]


def test_doubts_are_asked_one_after_another_the_oldest_first(here: PrintingBench, twin: PrinterTwin) -> None:
    for _ in range(2):
        drops(twin)
        here.after(here.packs())
        here.later(2)
    first, second = here.doubts
    assert first.package_id != second.package_id
    said = here.after(here.bench.scan("PW-OK"))
    assert (said.values["job_id"], here.doubts) == (first.job_id, (second,))
    here.after(here.bench.scan("PW-RETRY"))
    assert (here.doubts, len(twin.printed)) == ((), 1)


def test_a_label_that_is_scanned_on_its_box_came_out(here: PrintingBench, twin: PrinterTwin) -> None:
    here.bench.settings = FloorSettings(label_scan_back=True)
    here.database.write(lambda s: put_setting(s, "label_scan_back", True))
    drops(twin)
    here.after(here.packs())
    assert len(here.doubts) == 1
    tracking = str(here.column("SELECT tracking_number FROM labels")[0])
    assert here.bench.scan(tracking).code == "pack.label_applied"
    assert (here.doubts, here.label_jobs) == ((), ["printed"])


def test_while_its_label_must_be_scanned_back_the_packer_answers_too(here: PrintingBench, twin: PrinterTwin) -> None:
    here.bench.settings = FloorSettings(label_scan_back=True)
    here.database.write(lambda s: put_setting(s, "label_scan_back", True))
    drops(twin)
    here.after(here.packs())
    assert here.after(here.bench.scan("PW-RETRY")).code == "pack.did_not_come_out"
    assert (len(twin.printed), here.label_jobs) == (1, ["printed"])
    drops(twin)
    here.after(here.bench.scan("PW-REPRINT"))
    assert here.bench.scan("PW-OK").code == "pack.came_out"
    assert here.label_jobs == ["printed", "printed"]


def test_an_open_order_is_not_answered_by_the_question_of_another(here: PrintingBench, twin: PrinterTwin) -> None:
    drops(twin)
    here.after(here.packs())
    here.bench.scan(packing.order_on_shelf(here.database, here.site, ("CUP", 2)))
    assert here.bench.scan("PW-OK").code == "station.no_meaning_here"
    assert len(here.doubts) == 1
    here.bench.scan("PW-BACK")
    assert here.bench.scan("PW-OK").code == "pack.came_out"


def test_a_label_that_is_taken_back_is_asked_about_no_more(here: PrintingBench, twin: PrinterTwin) -> None:
    here.database.write(lambda s: put_setting(s, "handover", AT_TRUCK))
    drops(twin)
    here.after(here.packs())
    here.after(here.bench.scan("PW-REDO"))
    assert here.doubts == ()
    assert here.label_jobs == ["cancelled", "printed"]
    assert len(twin.printed) == 1


def test_a_job_that_was_being_sent_when_the_station_stopped_is_asked_about(
    here: PrintingBench, twin: PrinterTwin
) -> None:
    here.background._prints.next = lambda: False  # type: ignore[method-assign]  # it stops before the answer
    here.after(here.packs())
    del here.background._prints.next
    actor = here.site.actor
    assert here.database.write(lambda s: print_jobs.take_next(s, actor)) is not None
    here.background.settle_leftovers()
    assert [(event.document, event.state, event.doubtful) for event in here.events] == [
        ("shipping-label", PrintJobState.FAILED, True)
    ]
    here.later(60)
    assert (twin.printed, [one.reason for one in here.doubts]) == ((), [print_jobs.INTERRUPTED])
    here.after(here.bench.scan("PW-RETRY"))
    assert (len(twin.printed), here.label_jobs) == (1, ["printed"])


def test_no_question_falls_into_a_job(here: PrintingBench, twin: PrinterTwin) -> None:
    """Lesson 26: polling the printer's state broke what it printed."""
    here.background._asked = float("-inf")
    sealed = [here.packs() for _ in range(4)]
    for outcome in sealed:
        here.background.carry_out(outcome.effects)
    here.background.start()
    assert twin.wait_for(lambda seen: len(seen.printed) == 4, 60)
    here.background.stop()
    assert twin.broken_off == ()
    assert all(label.startswith(b"^XA") and label.rstrip().endswith(b"^XZ") for label in twin.printed)
    assert not any(b"~HS" in label for label in twin.printed)
    assert twin.questions >= 4


def test_a_printer_that_holds_the_label_is_mended_before_a_no_is_taken(here: PrintingBench, twin: PrinterTwin) -> None:
    """The paper ended in the job: no label is there, and yet one comes out as soon as a roll is in."""
    twin.become(TwinCondition.PAPER_OUT, after_bytes=60)
    here.after(here.packs())
    assert [one.reason for one in here.doubts] == ["It stopped while it printed: out of labels"]
    for _ in range(2):
        assert here.after(here.bench.scan("PW-RETRY")).code == "pack.did_not_come_out"
        here.later(60)
        assert here.label_jobs == ["failed"]
        assert [one.reason.partition(" is ")[2] for one in here.doubts] == [
            "out of labels. Put in a new roll; the label waits."
        ]
    twin.load_paper()
    here.later(60)
    assert (len(twin.printed), len(here.doubts)) == (1, 1)
    assert here.bench.scan("PW-OK").code == "pack.came_out"
    here.later(60)
    assert (len(twin.printed), here.label_jobs, here.doubts) == (1, ["printed"], ())
