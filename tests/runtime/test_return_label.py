"""The return label: ordered at Returns, out of the printer for return labels, and its scan opens the return."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain.barcodes import read_code
from app.domain.document_samples import sample_document
from app.domain.documents import Barcode
from app.domain.outcomes import Place, Result
from app.domain.return_labels import return_number, return_of
from app.domain.states import PrintJobState
from app.models.database import Database
from app.presenters.gateway import JobEvent
from app.presenters.returns import returns_state
from app.presenters.returns_model import ReturnsModel
from app.presenters.returns_page import ReturnsPage
from app.printing.simulated.conditions import TwinCondition
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from app.services.identify import NamedKind, identify
from tests.databases import assert_sound
from tests.presenters.returns_builders import ZONE
from tests.runtime.printing_bench import PrintingBench, printing_bench
from tests.services import stock_builders as build
from tests.services.machine_floor import whole_bench
from tests.services.returns_site import shipped_order


@pytest.fixture
def twin() -> PrinterTwin:
    return PrinterTwin()


@pytest.fixture
def here(database: Database, twin: PrinterTwin) -> Iterator[PrintingBench]:
    site = database.write(build.build_site)
    database.write(lambda session: shipped_order(session, site))
    with TcpDoor(twin) as door:
        bench = whole_bench(database, site, "", Place.RETURNS)
        made = printing_bench(database, "sim:labels", {"return-label": door.uri}, site=site, bench=bench)
        yield made
        made.background.stop()
    assert made.faults == []
    assert_sound(database)


def texts(twin: PrinterTwin) -> list[str]:
    return [job.decode("utf-8") for job in twin.printed]


def test_numbers_follow_from_the_return() -> None:
    assert [return_number(one) for one in (1, 388, 123456789)] == ["PWR0000000017", "PWR0000003889", "PWR1234567895"]
    assert [return_of(one) for one in ("PWR0000003889", "PWR0000003884", "PWD0000003884", "PWR", "")] == [
        388, None, None, None, None,
    ]  # fmt: skip
    codes = [one.data for page in sample_document("return-label").pages for one in page if isinstance(one, Barcode)]
    assert codes == [return_number(388), "RMA-0388"]


def test_it_comes_out_of_its_own_printer_and_opens_the_return(here: PrintingBench, twin: PrinterTwin) -> None:
    here.bench.scan("#1000")
    ordered = here.after(here.bench.scan("PW-RTLABEL"))
    assert (ordered.result, ordered.code, ordered.values["tracking"]) == (
        Result.DONE, "returns.label_printing", return_number(1),
    )  # fmt: skip
    (label,) = texts(twin)
    for words in ("RETURN", "Ada Stone", "Hall", "RMA-0001", "PWR0000000017"):
        assert words in label
    assert here.column("SELECT document || ' ' || state FROM print_jobs") == ["return-label printed"]
    assert here.bench.scan("PW-ASIDE").code == "returns.left"
    opened = here.bench.scan("PWR0000000017")
    assert (opened.code, opened.values["code"], opened.place) == ("returns.opened", "RMA-0001", Place.RETURNS)
    named = here.database.read(lambda session: identify(session, read_code("PWR0000000017"), here.site.warehouse_id))
    assert [(one.kind, one.ref, one.title) for one in named] == [(NamedKind.RETURN, 1, "RMA-0001")]


def test_a_second_press_answers_the_first_until_it_came_out(here: PrintingBench, twin: PrinterTwin) -> None:
    twin.become(TwinCondition.PAPER_OUT)
    here.bench.scan("#1000")
    here.after(here.bench.scan("PW-RTLABEL"))
    assert here.bench.scan("PW-RTLABEL").code == "returns.label_waits_already"
    twin.become(TwinCondition.READY)
    here.later(60)
    again = here.after(here.bench.scan("PW-RTLABEL"))
    assert (again.code, again.values["tracking"]) == ("returns.label_again", return_number(1))
    assert len(set(texts(twin))) == 1
    assert len(twin.printed) == 2


def test_one_that_broke_off_is_answered_by_printing_again(here: PrintingBench, twin: PrinterTwin) -> None:
    twin.become(TwinCondition.DROPS, after_bytes=60)
    here.bench.scan("#1000")
    here.after(here.bench.scan("PW-RTLABEL"))
    assert [one.document for one in here.doubts] == ["return-label"]
    twin.become(TwinCondition.READY)
    here.after(here.bench.scan("PW-RTLABEL"))
    assert here.doubts == ()
    assert here.column("SELECT state FROM print_jobs ORDER BY id") == ["cancelled", "printed"]


def test_the_screen_offers_it_while_the_goods_are_with_the_customer(here: PrintingBench) -> None:
    page = ReturnsPage()
    page.take(here.bench.scan("#1000"), here.bench.now)

    def shown(model: ReturnsModel) -> tuple[str, tuple[tuple[str, str], ...]]:
        state = returns_state(model, here.bench.now, ZONE)
        return state.banner.order, tuple((one.code, one.key) for one in state.commands.commands)

    order, commands = shown(page.model)
    assert order == "Scan the first unit"
    assert ("PW-RTLABEL", "P") in commands
    page.take(here.bench.scan("PW-RTLABEL"), here.bench.now)
    assert shown(page.model)[0] == "The return label of RMA-0001 is on its way to the printer"
    stuck = JobEvent(1, None, "return-label", PrintJobState.QUEUED, "Out of paper.", "tcp://x", here.bench.now)
    page.job(stuck)
    assert shown(page.model)[0] == "The return label is not printed: Out of paper."
    page.job(replace(stuck, document="packing-slip", state=PrintJobState.PRINTED, reason=""))
    page.job(replace(stuck, state=PrintJobState.PRINTED, reason=""))
    assert shown(page.model)[0] == "The return label of RMA-0001 is printed"
    page.take(here.bench.scan("CUP"), here.bench.now)
    assert "PW-RTLABEL" not in dict(shown(page.model)[1])
