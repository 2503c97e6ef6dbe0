"""No label is bought that can't come out: it waits for its printer, is said in words, and then goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.outcomes import Change
from app.domain.print_ports import PrinterState
from app.domain.states import LabelState
from app.models.database import Database
from app.presenters.gateway import LABEL_HELD
from app.presenters.pack import pack_state
from app.presenters.pack_around import Surroundings
from app.presenters.pack_model import PackModel
from app.presenters.state import pack
from app.printing.line_printer import Patience
from app.printing.printers import open_printer
from app.printing.simulated.conditions import TwinAnswers, TwinCondition
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from app.queries.label_troubles import label_troubles
from app.queries.pack_work import pack_work
from tests.presenters.pack_samples import UTC_ZONE
from tests.runtime.printing_bench import PrintingBench, printing_bench
from tests.services import stock_builders as build


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


def reachable(here: PrintingBench, wanted: bool) -> None:
    """Waits until the twin's door stands as it was told to."""
    states = (open_printer(here.uri).status().state for _ in range(10_000))
    assert any((state is not PrinterState.UNREACHABLE) is wanted for state in states)


@pytest.mark.parametrize(
    ("condition", "state"),
    [
        (TwinCondition.PAPER_OUT, "paper_out"),
        (TwinCondition.RIBBON_OUT, "ribbon_out"),
        (TwinCondition.HEAD_OPEN, "head_open"),
        (TwinCondition.PAUSED, "paused"),
        (TwinCondition.TOO_HOT, "too_hot"),
        (TwinCondition.FAULT, "fault"),
        (TwinCondition.REFUSES, "unreachable"),
    ],
)
def test_a_label_is_bought_when_its_printer_can_print(
    here: PrintingBench, twin: PrinterTwin, condition: TwinCondition, state: str
) -> None:
    twin.become(condition)
    if condition is TwinCondition.REFUSES:
        reachable(here, False)
    here.after(here.packs())
    assert here.column("SELECT state FROM labels") == ["intended"]
    assert here.column("SELECT reason FROM labels") == [state]
    assert (here.column("SELECT id FROM print_jobs"), twin.printed) == ([], ())
    assert here.labels == [Change(LABEL_HELD, 1)]
    here.later(5)
    assert here.labels == [Change(LABEL_HELD, 1)]  # it is said once

    twin.become(TwinCondition.READY)
    if condition is TwinCondition.REFUSES:
        reachable(here, True)
    here.later(5)
    assert here.column("SELECT state FROM labels") == ["handed_over"]
    assert here.column("SELECT reason FROM labels") == [""]
    assert (here.label_jobs, len(twin.printed)) == (["printed"], 1)


def test_a_printer_that_does_not_speak_holds_nothing_up(database: Database, twin: PrinterTwin) -> None:
    twin.answers = TwinAnswers.NEVER
    with TcpDoor(twin) as door:
        here = printing_bench(database, door.uri, patience=Patience(answer=0.1))
        here.after(here.packs())
    assert here.column("SELECT state FROM labels") == ["handed_over"]


@pytest.mark.parametrize("answers", [TwinAnswers.IN_PIECES, TwinAnswers.LATE])
def test_however_it_gives_its_answer_it_is_believed(
    here: PrintingBench, twin: PrinterTwin, answers: TwinAnswers
) -> None:
    twin.answers, twin.late_seconds = answers, 0.3
    twin.become(TwinCondition.RIBBON_OUT)
    here.after(here.packs())
    assert here.column("SELECT reason FROM labels") == ["ribbon_out"]
    twin.become(TwinCondition.READY)
    here.later(5)
    assert (len(twin.printed), here.label_jobs) == (1, ["printed"])


def test_a_printer_that_was_ready_is_not_asked_again_at_once(here: PrintingBench, twin: PrinterTwin) -> None:
    here.after(here.packs())
    asked = twin.questions
    here.monotonic.now += 4.9
    assert here.background._printer.standing("shipping-label").state is PrinterState.READY
    assert twin.questions == asked
    here.monotonic.now += 0.2
    assert here.background._printer.standing("shipping-label").state is PrinterState.READY
    assert twin.questions > asked


def test_the_packer_reads_why_and_what_to_do(here: PrintingBench, twin: PrinterTwin) -> None:
    twin.become(TwinCondition.PAPER_OUT)
    here.after(here.packs())
    work = here.database.read(lambda s: pack_work(s, 1, 1))
    assert [(parcel.label_state, parcel.held) for parcel in work.parcels] == [(LabelState.INTENDED, "paper_out")]
    shown = pack_state(PackModel(work=work, finished=True), Surroundings(here.clock.now, UTC_ZONE))
    assert shown.banner.order == "Out of labels"
    assert shown.banner.detail == "The label of #1000 is bought and printed by itself when the printer is ready."
    assert isinstance(shown.body, pack.Waiting)
    assert [step.title for step in shown.body.steps] == ["Out of labels", "Then it goes on by itself"]
    assert shown.body.steps[0].detail == "Put in a new roll, close the lid"
    assert [step.words for step in shown.body.job] == ["Parcel 1 closed", "Out of labels", "Label bought", "Printed"]
    found = here.database.read(lambda s: label_troubles(s, build.NOW, here.bench.floor.station_id))
    assert [(one.kind, one.reason) for one in found] == [("held", "paper_out")]
    idle = pack_state(PackModel(troubles=found), Surroundings(here.clock.now, UTC_ZONE))
    assert isinstance(idle.body, pack.Idle)
    assert idle.body.panel.advice == "The label of #1000 waits for the printer: Out of labels."


def test_what_waits_is_bought_after_a_restart(here: PrintingBench, twin: PrinterTwin) -> None:
    twin.become(TwinCondition.HEAD_OPEN)
    here.after(here.packs())
    again = printing_bench(here.database, here.uri, site=here.site, bench=here.bench)
    again.background.settle_leftovers()
    again.later(1)
    assert again.column("SELECT state FROM labels") == ["intended"]
    twin.become(TwinCondition.READY)
    again.later(1)
    assert (again.label_jobs, len(twin.printed)) == (["printed"], 1)
    assert again.faults == []


def test_a_job_whose_printer_ran_out_before_it_waits_for_a_roll_however_long_it_takes(
    here: PrintingBench, twin: PrinterTwin
) -> None:
    here.background._prints.next = lambda: False  # type: ignore[method-assign]  # the paper ends in between
    here.after(here.packs())
    del here.background._prints.next
    twin.become(TwinCondition.PAPER_OUT)
    for _ in range(12):
        here.later(5)
    assert here.label_jobs == ["queued"]
    assert str(here.events[-1].reason).endswith("is out of labels. Put in a new roll; the label waits.")
    twin.load_paper(10)
    here.later(5)
    assert (here.label_jobs, len(twin.printed)) == (["printed"], 1)


def test_a_packer_who_put_a_roll_in_need_not_wait(here: PrintingBench, twin: PrinterTwin) -> None:
    here.background._prints.next = lambda: False  # type: ignore[method-assign]  # the paper ends in between
    here.after(here.packs())
    del here.background._prints.next
    twin.become(TwinCondition.PAPER_OUT)
    here.later(1)
    twin.load_paper(10)
    assert here.after(here.bench.scan("PW-RETRY")).code == "pack.printing_again"
    assert (here.label_jobs, len(twin.printed)) == (["printed"], 1)
