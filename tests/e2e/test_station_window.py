"""The station in a window, driven by key presses alone: a wedge scanner types fast, a person slowly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from app.devices.journal import ScanJournal
from app.domain.clock import utc_now
from app.domain.outcomes import Place, Result, Sound
from app.domain.states import Role
from app.domain.words import say
from app.domain.work import StockWork
from app.models.database import Database
from app.presenters.state import pack
from app.services.actor import Actor
from app.services.cancel import cancel_order
from app.views.crash import TroublePage
from app.views.kit import CommandButton
from tests.databases import assert_sound
from tests.e2e.bench import ANNA, GRETA, PATIENCE_MS, TypedStation, barcodes, sample_settings, typed_station
from tests.printing.socket_printer import SocketPrinter


@pytest.fixture
def printer() -> Iterator[SocketPrinter]:
    with SocketPrinter() as made:
        yield made


@pytest.fixture
def station(qtbot: QtBot, tmp_path: Path, printer: SocketPrinter) -> Iterator[TypedStation]:
    with typed_station(sample_settings(tmp_path, printer.uri), qtbot) as made:
        yield made
        assert_sound(made.database)


def test_an_order_is_packed_by_a_scanner_that_types(
    station: TypedStation, printer: SocketPrinter, qtbot: QtBot
) -> None:
    assert station.page == "sign_in"
    welcome = station.wedge(ANNA)
    assert (welcome.code, station.page) == ("sign_in.welcome", "pack")
    opened = station.wedge("#1042")
    assert (opened.code, opened.values["required"]) == ("pack.opened", 11)
    assert isinstance(station.pack.body, pack.Packing)

    wrong = station.wedge("2015210000014")  # no line of this order; its own end key must acknowledge nothing
    assert (wrong.code, wrong.sound) == ("pack.wrong_item", Sound.WRONG)
    assert station.pack.banner.blocking
    assert isinstance(station.pack.body, pack.Compare)
    again = station.wedge(barcodes(station, "#1042")[0][0])
    assert (again.code, again.values["count"]) == ("station.blocked", 1)
    assert station.pack.banner.blocking
    assert station.press(Qt.Key.Key_Return).code == "station.acknowledged"
    assert not station.pack.banner.blocking

    codes = [code for code, quantity in barcodes(station, "#1042") for _ in range(quantity)]
    counted = [station.wedge(code).code for code in codes]
    assert counted == ["pack.counted"] * 10 + ["pack.complete"]
    assert station.answers[-1].sound is Sound.COMPLETE
    qtbot.waitUntil(lambda: _out(station) == ["shipping-label"], timeout=PATIENCE_MS)
    tracking = station.rows("SELECT tracking_number, state FROM labels")
    assert [state for _, state in tracking] == ["handed_over"]
    (label,) = [job for job in printer.jobs(2) if str(tracking[0][0]).encode() in job]
    assert label.startswith(b"^XA")
    assert label.rstrip().endswith(b"^XZ")
    assert station.rows("SELECT state FROM orders WHERE number = '#1042'") == [("shipped",)]


def _out(station: TypedStation) -> list[object]:
    rows = station.rows("SELECT document FROM print_jobs WHERE state = 'printed' AND document = 'shipping-label'")
    return [document for (document,) in rows]


def test_what_a_person_types_arrives_and_what_is_scanned_does_not(station: TypedStation, qtbot: QtBot) -> None:
    station.wedge(GRETA)
    qtbot.waitUntil(lambda: station.page == Place.ORDERS.value, timeout=PATIENCE_MS)
    station.person("/")
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit), timeout=PATIENCE_MS)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    station.person("ovenden")
    qtbot.waitUntil(lambda: field.text() == "ovenden", timeout=PATIENCE_MS)

    answer = station.wedge("9780201379624")  # a code that nobody knows
    assert answer.code == "station.unknown_code"
    assert field.text() == "ovenden"
    assert QApplication.focusWidget() is field
    assert station.rows("SELECT raw, kind FROM gestures ORDER BY at DESC LIMIT 1") == [("9780201379624", "scan")]


def test_the_end_key_of_a_scan_presses_no_button(station: TypedStation) -> None:
    """The scanner's Enter with a button in focus counts nothing but its scan."""
    station.wedge(ANNA)
    station.wedge("#1042")
    buttons = station.window.findChildren(CommandButton)
    aside = next(button for button in buttons if button.isVisible() and button.state.code == "PW-ASIDE")
    aside.setFocus(Qt.FocusReason.TabFocusReason)
    assert QApplication.focusWidget() is aside
    code = barcodes(station, "#1042")[1][0]
    assert station.wedge(code).code == "pack.counted"
    assert station.wedge(code).code == "pack.too_many"
    assert [row[0] for row in station.rows("SELECT raw FROM gestures ORDER BY at")] == ["OP-…", "#1042", code, code]


def test_a_burst_of_scans_is_judged_in_order_and_none_is_lost(station: TypedStation, qtbot: QtBot) -> None:
    """Twenty a second, faster than anything is painted: the tote's order, its items, one wrong, and what follows it."""
    station.wedge(ANNA)
    assert station.ui.presenter is not None
    (first, _), (second, _) = barcodes(station, "#1042")[:2]
    burst = ["#1042", first, first, "2015210000014", first, "PW-OK", first, second]
    known = len(station.answers)
    for code in burst:
        station.ui.presenter.scan(code)
    qtbot.waitUntil(lambda: len(station.answers) == known + len(burst), timeout=PATIENCE_MS)
    assert [answer.code for answer in station.answers[known:]] == [
        "pack.opened",
        "pack.counted",
        "pack.counted",
        "pack.wrong_item",
        "station.blocked",
        "station.acknowledged",
        "pack.counted",
        "pack.counted",
    ]


def test_an_order_that_the_office_cancels_freezes_the_open_bench_by_itself(station: TypedStation, qtbot: QtBot) -> None:
    """Nobody scans anything: the bench hears of it from the change feed."""
    station.wedge(ANNA)
    station.wedge("#1042")
    assert station.wedge(barcodes(station, "#1042")[0][0]).code == "pack.counted"
    other = Database.open(station.settings.database)
    ((order_id, warehouse_id),) = station.rows(
        "SELECT o.id, f.warehouse_id FROM orders o JOIN fulfillments f ON f.order_id = o.id WHERE o.number = '#1042'"
    )
    office = Actor(utc_now(), "office", int(str(warehouse_id)), role=Role.OFFICE)
    known = len(station.answers)
    other.write(lambda session: cancel_order(session, office, int(str(order_id)), "The customer changed their mind"))
    other.close()
    qtbot.waitUntil(lambda: len(station.answers) > known, timeout=PATIENCE_MS)
    assert (station.answers[-1].code, station.answers[-1].sound) == ("pack.cancelled", Sound.ATTENTION)
    assert station.pack.banner.blocking
    assert station.wedge(barcodes(station, "#1042")[1][0]).code == "station.blocked"
    assert station.press(Qt.Key.Key_Return).code == "station.acknowledged"
    assert isinstance(station.pack.body, pack.Idle)
    assert station.rows("SELECT sum(quantity - done) FROM put_back_tasks") == [(1,)]


def test_an_error_stays_over_a_restart(qtbot: QtBot, tmp_path: Path) -> None:
    """It is gone when somebody acknowledged it, and for no other reason."""
    settings = sample_settings(tmp_path)
    with typed_station(settings, qtbot) as first:
        first.wedge(ANNA)
        first.wedge("#1042")
        assert first.wedge("2015210000014").code == "pack.wrong_item"
    with typed_station(settings, qtbot) as second:
        assert (second.answers[0].result, second.answers[0].code) == (Result.BLOCKED, "pack.wrong_item")
        assert second.pack.banner.blocking
        assert second.wedge(barcodes(second, "#1042")[0][0]).code == "station.blocked"
        assert second.wedge("PW-OK").code == "station.acknowledged"
        assert not second.pack.banner.blocking


def test_what_blocks_is_shown_where_its_work_is_and_enter_goes_on(station: TypedStation, qtbot: QtBot) -> None:
    """A shelf is being counted, somebody looks at Orders, and scans what nobody knows."""
    station.wedge(GRETA)
    station.wedge("PW-COUNT")
    assert station.wedge("A-01-04-1").place in (None, Place.STOCK)
    assert station.press(Qt.Key.Key_F2).place is Place.ORDERS
    assert station.page == Place.ORDERS.value

    unknown = station.wedge("NOSUCHCODE")
    assert (unknown.code, station.page) == ("stock_desk.unknown_code", Place.STOCK.value)
    assert station.wedge("NOSUCHCODE").code == "station.blocked"
    assert station.page == Place.STOCK.value
    assert station.press(Qt.Key.Key_Return).code == "station.acknowledged"


def test_open_work_is_there_again_after_a_look_elsewhere(station: TypedStation) -> None:
    station.wedge(ANNA)
    station.wedge("#1042")
    station.wedge(barcodes(station, "#1042")[0][0])
    station.press(Qt.Key.Key_F2)
    assert station.page == Place.ORDERS.value
    station.press(Qt.Key.Key_F4)
    assert station.page == Place.PACK.value
    assert isinstance(station.pack.body, pack.Packing)
    progress = station.pack.banner.progress
    assert progress is not None
    assert (progress.have, progress.need) == (1, 11)

    station.wedge("PW-ASIDE")
    station.wedge("PW-3")
    station.wedge(GRETA)
    station.wedge("PW-COUNT")
    station.wedge("A-01-04-1")
    station.press(Qt.Key.Key_F2)
    back = station.press(Qt.Key.Key_F6)
    assert isinstance(back.work, StockWork)
    assert (back.work.kind, back.work.place) == ("count", "A-01-04-1")


def test_a_station_stops_when_the_database_became_newer_and_goes_on_with_what_was_open(
    station: TypedStation, qtbot: QtBot
) -> None:
    station.wedge(ANNA)
    station.wedge("#1042")
    core = station.ui.core
    assert core is not None
    known = station.rows("SELECT version_num FROM alembic_version")[0][0]
    another = Database.open(str(station.database.engine.url))
    with another.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'zzzz'"))
    core.heartbeat.look()
    pages = station.window.findChildren
    qtbot.waitUntil(lambda: any(page.isVisible() for page in pages(TroublePage)), timeout=PATIENCE_MS)
    assert station.ui.core is None
    with another.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :known"), {"known": known})
    another.close()
    next(page for page in station.window.findChildren(TroublePage) if page.isVisible()).command("")
    qtbot.waitUntil(lambda: station.ui.core is not None and station.page == "pack", timeout=PATIENCE_MS)


def test_a_second_window_of_a_station_is_refused_until_the_first_is_closed(station: TypedStation, qtbot: QtBot) -> None:
    station.wedge(ANNA)
    station.wedge("#1042")
    core = station.ui.core
    assert core is not None and isinstance(core.journal, ScanJournal)
    station.ui.close()
    other = ScanJournal(core.journal.path)

    station.ui.begin()

    pages = station.window.findChildren
    qtbot.waitUntil(lambda: any(page.isVisible() for page in pages(TroublePage)), timeout=PATIENCE_MS)
    refused = next(page for page in pages(TroublePage) if page.isVisible())
    assert refused.words == say("journal.in_use")
    assert station.ui.core is None
    other.close()
    refused.command("")
    qtbot.waitUntil(lambda: station.ui.core is not None and station.page == "pack", timeout=PATIENCE_MS)
