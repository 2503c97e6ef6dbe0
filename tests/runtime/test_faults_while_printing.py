"""A fault of ours in the middle of a job: it is asked about at once, as after a crash, and not at the next start."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.domain.errors import EnvironmentFailure
from app.domain.states import PrintJobState
from app.models.database import Database
from app.presenters.gateway import JobEvent
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from app.runtime import print_worker
from app.services import print_jobs
from tests.runtime.printing_bench import PrintingBench, printing_bench


@pytest.fixture
def twin() -> PrinterTwin:
    return PrinterTwin()


@pytest.fixture
def here(database: Database, twin: PrinterTwin) -> Iterator[PrintingBench]:
    with TcpDoor(twin) as door:
        made = printing_bench(database, door.uri)
        yield made
        made.background.stop()


class Once:
    """Does what a callable does, but fails the first time."""

    def __init__(self, does: Callable[..., object], failing: Exception) -> None:
        self.does, self.failing = does, [failing]

    def __call__(self, *args: object) -> object:
        if self.failing:
            raise self.failing.pop()
        return self.does(*args)


FAULT = ValueError("a fault of ours")


def _asked_about_and_then_settled(here: PrintingBench, twin: PrinterTwin, *, on_paper: int) -> None:
    """The label's job is in doubt, the slip behind it came out, and nothing is sent again by itself."""
    assert here.faults == [FAULT]
    assert here.column("SELECT state FROM print_jobs ORDER BY id") == ["failed", "printed"]
    assert [(one.document, one.reason) for one in here.doubts] == [("shipping-label", print_jobs.INTERRUPTED)]
    told = [event for event in here.events if event.document == "shipping-label"][-1]
    assert (told.state, told.doubtful) == (PrintJobState.FAILED, True)
    here.later(3600)
    assert (here.label_jobs, len(twin.printed), here.faults) == (["failed"], on_paper, [FAULT])
    here.after(here.bench.scan("PW-OK"))
    assert (here.label_jobs, here.doubts, len(twin.printed)) == (["printed"], (), on_paper)


def test_a_job_whose_answer_could_not_be_stored_is_asked_about(
    here: PrintingBench, twin: PrinterTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_worker, "settle", Once(print_worker.settle, FAULT))
    here.after(here.packs())
    _asked_about_and_then_settled(here, twin, on_paper=1)


def test_a_job_that_was_not_sent_because_nobody_could_be_told_is_asked_about(
    here: PrintingBench, twin: PrinterTwin
) -> None:
    hear = here.background._prints._on_job
    first: Callable[[JobEvent], object] = Once(hear, FAULT)
    here.background._prints._on_job = first  # type: ignore[assignment]
    here.after(here.packs())
    _asked_about_and_then_settled(here, twin, on_paper=0)


def test_an_answer_that_waited_for_the_database_and_then_failed_is_asked_about_and_stops_nothing(
    here: PrintingBench, twin: PrinterTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = EnvironmentFailure("database.unreachable", reason="the cable")
    monkeypatch.setattr(print_worker, "settle", Once(Once(print_worker.settle, FAULT), away))
    with pytest.raises(EnvironmentFailure):
        here.after(here.packs())
    assert (here.label_jobs, here.faults) == (["sending"], [])
    here.background.run_once()
    _asked_about_and_then_settled(here, twin, on_paper=1)


def test_a_fault_after_the_answer_was_stored_doubts_nothing(here: PrintingBench, twin: PrinterTwin) -> None:
    hear = here.background._prints._on_job

    def deaf_to_the_end(event: JobEvent) -> None:
        if event.state is PrintJobState.PRINTED and event.document == "shipping-label":
            raise FAULT
        hear(event)

    here.background._prints._on_job = deaf_to_the_end
    here.after(here.packs())
    assert here.faults == [FAULT]
    assert here.column("SELECT state FROM print_jobs ORDER BY id") == ["printed", "printed"]
    assert (here.doubts, len(twin.printed)) == ((), 1)
