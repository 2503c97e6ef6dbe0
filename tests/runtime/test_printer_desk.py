"""The printers of a station at its Devices screen: jobs from rows, orders between two jobs, and who may give them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.bootstrap.document_printer import PrintingPress
from app.domain.print_ports import PrinterStatus
from app.domain.states import PrintJobState, Role
from app.models.database import Database
from app.models.people import Station
from app.models.shipping import PrintJob
from app.presenters.device_watch import Level, Levels, PrinterOrder
from app.presenters.runner import AtOnce
from app.presenters.station_info import StationInfo
from app.printing.simulated.conditions import TwinCondition
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from app.runtime.printer_desk import PrinterDesk
from app.services.setup import NewWarehouse, ensure_station, first_run
from tests.presenters.devices_builders import LEAD, NOW


class Owner:
    """The thread that owns the printers, which here is the test's."""

    def __init__(self) -> None:
        self.deeds: list[Callable[[], None]] = []
        self.woken = 0

    def between_jobs(self, deed: Callable[[], None]) -> None:
        self.deeds.append(deed)

    def carry_out(self, effects: tuple[object, ...]) -> None:
        self.woken += 1

    def work(self) -> None:
        deeds, self.deeds = self.deeds, []
        for deed in deeds:
            deed()


class Made:
    """A desk over a real database and a real press, with a twin at a socket as its label printer."""

    def __init__(self, database: Database, uri: str, folder: Path) -> None:
        run = database.write(lambda session: first_run(session, NOW, NewWarehouse("MAIN", "Main"), "Ann", "Bench 4"))
        self.database, self.station_id = database, run.station_id
        self.uri, self.paper = uri, f"file://{folder.as_posix()}?language=pdf"
        self.status: list[tuple[str, PrinterStatus]] = []
        documents = {"packing-slip": self.paper, "pick-list": self.paper}
        self.press = PrintingPress(uri, documents, lambda where, status: self.status.append((where, status)))
        self.owner, self.said = Owner(), list[str]()
        ids = iter(f"id-{n}" for n in range(100))
        self.info = replace(LEAD, station_id=run.station_id, warehouse_id=run.warehouse_id, operator_id=run.operator_id)
        self.now = NOW
        self.desk = PrinterDesk(
            self.press, lambda: self.owner, database, AtOnce(), run.station_id, lambda: self.now, lambda: next(ids),
            lambda call: call(),
        )  # fmt: skip

    def order(self, order: PrinterOrder, uri: str = "", info: StationInfo | None = None) -> str:
        self.desk.order(uri or self.uri, order, info or self.info, self.said.append)
        self.owner.work()
        self.desk.look(lambda: None)
        return self.said[-1]

    def add(self, key: str, document: str, state: PrintJobState, **values: object) -> None:
        def put(session: object) -> None:
            made = {"station_id": self.station_id, "created_at": NOW, "content": {"order": "#1042", "parcel": 1}}
            session.add(PrintJob(key=key, document=document, state=state, **{**made, **values}))  # type: ignore[attr-defined]

        self.database.write(put)

    def jobs(self, uri: str = "") -> list[tuple[str, PrintJobState]]:
        self.desk.look(lambda: None)
        return [(job.title, job.state) for job in self.desk.jobs(uri or self.uri)]


@pytest.fixture
def twin() -> PrinterTwin:
    return PrinterTwin()


@pytest.fixture
def made(database: Database, twin: PrinterTwin, tmp_path: Path) -> Iterator[Made]:
    with TcpDoor(twin) as door:
        yield Made(database, f"{door.uri.partition('?')[0]}?language=zpl", tmp_path)


def test_jobs_of_before_stand_at_the_printer_that_they_went_to(made: Made) -> None:
    other = made.database.write(lambda session: ensure_station(session, NOW, "Bench 5", made.info.warehouse_id))
    made.add("a", "shipping-label", PrintJobState.PRINTED)
    made.add("b", "packing-slip", PrintJobState.PRINTED)
    made.add("c", "shipping-label", PrintJobState.PRINTED, station_id=other)
    made.add("d", "tote", PrintJobState.FAILED, content={"code": "T-1"}, doubtful=True, reason="interrupted")
    assert made.jobs() == [
        ("Tote label", PrintJobState.FAILED),
        ("Shipping label #1042, parcel 1", PrintJobState.PRINTED),
    ]
    assert made.jobs(made.paper) == [("Packing slip #1042, parcel 1", PrintJobState.PRINTED)]
    newest = made.desk.jobs(made.uri)[0]
    assert (newest.doubtful, newest.reason) == (True, "The station stopped while it was sent.")
    assert [made.desk.name(uri) for uri in made.desk.uris] == ["Label printer", "Paper printer"]


def test_a_test_label_and_a_reprint_are_rows(made: Made) -> None:
    assert made.order(PrinterOrder.TEST) == "A test label is on its way."
    assert made.jobs() == [("Tote label", PrintJobState.QUEUED)]
    assert made.order(PrinterOrder.REPRINT) == "The last document is not out yet."
    made.add("x", "shipping-label", PrintJobState.PRINTED, payload=b"^XA^XZ", printer=made.uri)
    made.jobs()
    assert made.order(PrinterOrder.REPRINT) == "The last document is on its way again."
    again = made.desk.jobs(made.uri)[0]
    assert (again.title, again.state, again.again) == ("Shipping label #1042, parcel 1", PrintJobState.QUEUED, True)
    payload = made.database.read(lambda session: session.get_one(PrintJob, again.job_id).payload)
    assert (payload, made.owner.woken) == (b"^XA^XZ", 3)


def test_a_failed_job_is_tried_again_and_makes_no_second_one(made: Made) -> None:
    made.add("x", "shipping-label", PrintJobState.FAILED, printer=made.uri)
    made.jobs()
    assert made.order(PrinterOrder.REPRINT) == "The last document is on its way again."
    assert made.jobs() == [("Shipping label #1042, parcel 1", PrintJobState.QUEUED)]


def test_a_badge_is_not_printed_again_from_here(made: Made) -> None:
    made.add("x", "badge", PrintJobState.PRINTED, printer=made.uri, content={"code": "OP-SECRET"})
    made.jobs()
    assert made.order(PrinterOrder.REPRINT) == "A badge is printed in Office, People, and nowhere else."


def test_what_waits_is_taken_out_by_a_lead_and_nothing_else(made: Made) -> None:
    for key, state in (("a", PrintJobState.QUEUED), ("b", PrintJobState.PRINTED), ("c", PrintJobState.QUEUED)):
        made.add(key, "shipping-label", state)
    made.jobs()
    packer = replace(made.info, role=Role.PACKER)
    assert made.order(PrinterOrder.CLEAR, info=packer) == "You may not do this: ask somebody who may (set up stations)"
    assert made.order(PrinterOrder.CLEAR) == "2 taken out of the queue."
    assert [state for _, state in made.jobs()] == [
        PrintJobState.CANCELLED, PrintJobState.PRINTED, PrintJobState.CANCELLED,
    ]  # fmt: skip


def test_darkness_goes_up_step_by_step_and_is_kept(made: Made, twin: PrinterTwin) -> None:
    assert made.desk.levels(made.uri) == Levels(Level(0, 30), Level(1, 14))
    assert made.order(PrinterOrder.DARKER) == "It prints at darkness 16 of 30 from now on."
    assert made.order(PrinterOrder.DARKER) == "It prints at darkness 17 of 30 from now on."
    assert made.order(PrinterOrder.SLOWER) == "It prints at speed 6 of 14 from now on."
    kept = made.database.read(lambda session: session.get_one(Station, made.station_id).settings)
    assert kept["printer_levels"] == {made.uri: {"darkness": 17, "speed": 6}}
    assert made.desk.levels(made.uri) == Levels(Level(0, 30, 17), Level(1, 14, 6))


def test_a_printer_out_of_labels_is_told_nothing_and_says_why(made: Made, twin: PrinterTwin) -> None:
    twin.become(TwinCondition.PAPER_OUT)
    assert "is out of labels" in made.order(PrinterOrder.FEED)
    assert made.desk.levels(made.uri).darkness == Level(0, 30)


def test_pages_have_no_darkness(made: Made) -> None:
    assert made.desk.levels(made.paper) == Levels()
    assert "PDF" in made.order(PrinterOrder.CALIBRATE, made.paper)


def test_each_printer_is_asked_once_at_a_time(made: Made) -> None:
    made.desk.look(lambda: None)
    made.desk.look(lambda: None)
    assert len(made.owner.deeds) == 2
    made.owner.work()
    assert [uri for uri, _ in made.status] == [made.uri, made.paper]
    made.desk.look(lambda: None)
    assert len(made.owner.deeds) == 2


def test_a_printer_that_is_long_in_answering_is_left_alone_for_a_while(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(uri: str) -> None:
        made.now += timedelta(seconds=3 if uri == made.uri else 0)

    monkeypatch.setattr(made.press, "look", slow)
    made.desk.look(lambda: None)
    made.owner.work()
    made.desk.look(lambda: None)
    assert len(made.owner.deeds) == 1
    made.owner.work()
    made.now += timedelta(seconds=11)
    made.desk.look(lambda: None)
    assert len(made.owner.deeds) == 2
