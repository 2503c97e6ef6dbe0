"""A whole station in a window over a label printer that fails: what the packer sees and hears, and answers by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.domain.clock import utc_now
from app.models.database import Database, Session
from app.models.people import Station
from app.models.stock import Warehouse
from app.presenters.state import pack
from app.printing.simulated.conditions import TwinCondition
from app.printing.simulated.doors import TcpDoor
from app.printing.simulated.twin import PrinterTwin
from app.services.print_routes import INSTEAD
from app.settings import Settings
from tests.e2e.bench import ANNA, PATIENCE_MS, TypedStation, barcodes, sample_settings, typed_station

ORDER = "#1042"
STATES = "SELECT state FROM print_jobs WHERE document = 'shipping-label'"


@pytest.fixture
def twin() -> PrinterTwin:
    return PrinterTwin()


@pytest.fixture
def settings(tmp_path: Path, twin: PrinterTwin) -> Iterator[Settings]:
    with TcpDoor(twin) as door:
        made = sample_settings(tmp_path, printer=door.uri)
        change(made, {"printers": {"packing-slip": "sim:slips"}})
        yield made


def change(settings: Settings, kept: dict[str, object], station: str = "Bench 4") -> None:
    """What a station of the sample warehouse keeps; a new one where there is none."""
    database = Database.open(settings.database)

    def put(session: Session) -> None:
        row = session.execute(select(Station).where(Station.name == station)).scalar_one_or_none()
        if row is None:
            warehouse = session.execute(select(Warehouse.id)).scalars().first()
            row = Station(name=station, warehouse_id=warehouse, created_at=utc_now(), settings={})
            session.add(row)
        row.settings = {**row.settings, **kept}

    database.write(put)
    database.close()


def packs(station: TypedStation) -> None:
    """The order is packed whole."""
    station.wedge(ANNA)
    station.wedge(ORDER)
    for code, quantity in barcodes(station, ORDER):
        for _ in range(quantity):
            if station.wedge(code).blocks:
                station.press(Qt.Key.Key_Return)


def test_a_label_whose_line_broke_is_asked_about_also_after_a_restart(
    settings: Settings, twin: PrinterTwin, qtbot: QtBot
) -> None:
    twin.become(TwinCondition.DROPS, after_bytes=60)
    asked = "Did the label come out?"
    with typed_station(settings, qtbot) as station:
        packs(station)
        qtbot.waitUntil(lambda: station.pack.banner.order == asked, timeout=PATIENCE_MS)
        assert isinstance(station.pack.body, pack.Waiting)
        assert [(one.code, one.key) for one in station.pack.commands.commands] == [
            ("PW-OK", "Enter"), ("PW-RETRY", "T"),
        ]  # fmt: skip
    with typed_station(settings, qtbot) as station:  # another day: nothing is open, and it is still asked
        qtbot.waitUntil(lambda: station.pack.banner.order == asked, timeout=PATIENCE_MS)
        assert (station.rows(STATES), twin.printed) == ([("failed",)], ())
        assert station.press(Qt.Key.Key_T).code == "pack.did_not_come_out"
        qtbot.waitUntil(lambda: station.rows(STATES) == [("printed",)], timeout=PATIENCE_MS)
        assert station.pack.banner.order != asked
    assert len(twin.printed) == 1


def test_enter_says_that_it_is_here(settings: Settings, twin: PrinterTwin, qtbot: QtBot) -> None:
    twin.become(TwinCondition.PAPER_OUT, after_bytes=60)
    with typed_station(settings, qtbot) as station:
        packs(station)
        qtbot.waitUntil(lambda: station.pack.banner.order == "Did the label come out?", timeout=PATIENCE_MS)
        twin.load_paper()  # the printer prints what it holds
        assert station.press(Qt.Key.Key_Return).code == "pack.came_out"
        qtbot.waitUntil(lambda: station.pack.banner.order == "Order complete. Label is out.", timeout=PATIENCE_MS)
        assert station.rows(STATES) == [("printed",)]
    assert len(twin.printed) == 1


def test_a_label_is_not_bought_without_paper_and_comes_by_itself_once_a_roll_is_in(
    settings: Settings, twin: PrinterTwin, qtbot: QtBot
) -> None:
    twin.become(TwinCondition.PAPER_OUT)
    with typed_station(settings, qtbot) as station:
        packs(station)
        qtbot.waitUntil(lambda: station.pack.banner.order == "Out of labels", timeout=PATIENCE_MS)
        assert station.rows("SELECT state, reason FROM labels WHERE state = 'intended'") == [("intended", "paper_out")]
        twin.load_paper()
        qtbot.waitUntil(lambda: station.pack.banner.order == "Order complete. Label is out.", timeout=PATIENCE_MS)
    assert len(twin.printed) == 1


def test_a_neighbours_printer_is_named(settings: Settings, twin: PrinterTwin, qtbot: QtBot) -> None:
    neighbour = PrinterTwin()
    twin.become(TwinCondition.HEAD_OPEN)
    with TcpDoor(neighbour) as door:
        change(settings, {"printer": door.uri}, "Bench 77")
        change(settings, {INSTEAD: "Bench 77"})
        with typed_station(replace(settings), qtbot) as station:
            packs(station)
            qtbot.waitUntil(lambda: station.pack.banner.order == "Order complete. Label is out.", timeout=PATIENCE_MS)
            assert station.pack.banner.detail == "Shipping label printed at Bench 77: fetch it there."
    assert (len(neighbour.printed), twin.printed) == (1, ())
