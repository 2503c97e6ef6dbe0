"""Which question is answered: of the parcel in hand first, labels before slips, and wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.domain.outcomes import Place, Result
from app.models.database import Database
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from app.queries.print_doubts import order_in_hand
from tests.runtime.printing_bench import PrintingBench, printing_bench
from tests.services import pack_builders as packing

DOUBTED = text(
    "UPDATE print_jobs SET state = 'failed', doubtful = :yes, reason = 'Out of labels' WHERE document = :document "
    "AND package_id = :package"
)


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


def packed(here: PrintingBench, *doubted: str) -> int:
    """One more parcel; nobody knows of these documents of it. Gives the parcel."""
    done = here.after(here.packs())
    package = here.column("SELECT max(id) FROM packages")[0]
    assert isinstance(package, int)
    assert done.code == "pack.complete"
    for document in doubted:
        fails(here, document, package, doubtful=True)
    here.later(2)
    return package


def fails(here: PrintingBench, document: str, package: int, *, doubtful: bool) -> None:
    values = {"yes": doubtful, "document": document, "package": package}
    here.database.write(lambda s: s.execute(DOUBTED, values))


def asked(here: PrintingBench) -> list[tuple[str, int | None]]:
    return [(one.document, one.package_id) for one in here.doubts]


def test_the_parcel_in_hand_comes_first_and_labels_before_slips(here: PrintingBench) -> None:
    old = packed(here, "packing-slip", "shipping-label")
    assert asked(here) == [("shipping-label", old), ("packing-slip", old)]
    new = packed(here, "packing-slip")
    assert asked(here) == [("packing-slip", new), ("shipping-label", old), ("packing-slip", old)]
    said = [here.after(here.bench.scan("PW-OK")).values for _ in range(3)]
    assert [(one["document"], one["package_id"]) for one in said] == [
        ("packing-slip", new),
        ("shipping-label", old),
        ("packing-slip", old),
    ]
    assert here.doubts == ()


def test_the_order_in_hand_is_the_open_one_then_the_last_one(here: PrintingBench) -> None:
    station = here.bench.floor.station_id

    def found() -> int | None:
        return here.database.read(lambda s: order_in_hand(s, station))

    assert (found(), here.database.read(lambda s: order_in_hand(s, 999))) == (None, None)
    packed(here)
    (last,) = here.column("SELECT id FROM fulfillments")
    assert found() == last
    here.bench.scan(packing.order_on_shelf(here.database, here.site, ("CUP", 2)))
    assert found() == here.column("SELECT max(id) FROM fulfillments")[0]


def test_no_to_a_parcel_that_waits_is_not_taken_for_an_older_slip(here: PrintingBench, twin: PrinterTwin) -> None:
    old = packed(here, "packing-slip")
    new = packed(here)
    fails(here, "shipping-label", new, doubtful=False)
    assert here.after(here.bench.scan("PW-RETRY")).code == "pack.printing_again"
    assert (len(twin.printed), asked(here)) == (3, [("packing-slip", old)])
    assert here.after(here.bench.scan("PW-RETRY")).code == "pack.did_not_come_out"
    assert here.doubts == ()


@pytest.mark.parametrize("way", ["PW-ORDER", "PW-DEV", "PW-PICK"])
def test_at_another_place_the_question_is_shown_before_it_is_answered(here: PrintingBench, way: str) -> None:
    """After a restart the station stood elsewhere: its answer meant nothing there."""
    old = packed(here, "shipping-label")
    here.bench.scan(way)
    shown = here.bench.scan("PW-OK")
    assert (shown.result, shown.code, shown.place) == (Result.NAVIGATE, "pack.doubt_asked", Place.PACK)
    assert asked(here) == [("shipping-label", old)]
    assert here.bench.scan("PW-OK").code == "pack.came_out"
    here.bench.scan(way)
    assert here.bench.scan("PW-OK").code == "station.no_meaning_here"


@pytest.mark.parametrize("answer", ["PW-OK", "PW-RETRY"])
def test_while_a_walk_is_open_pack_answers_what_it_asks(here: PrintingBench, answer: str) -> None:
    """Work of another place stays open while one looks at Pack, also over a restart."""
    packed(here, "packing-slip")
    here.bench.scans("PW-MOVE", "PW-PACK")
    assert here.column("SELECT work_kind FROM station_sessions WHERE place = 'pack'") == ["stock_move"]
    code = "pack.came_out" if answer == "PW-OK" else "pack.did_not_come_out"
    assert here.after(here.bench.scan(answer)).code == code
    assert here.doubts == ()
    assert here.column("SELECT work_kind FROM station_sessions WHERE place = 'pack'") == ["stock_move"]
