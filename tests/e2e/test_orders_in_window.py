"""Orders in a real window: found, read in full, noted on by keys alone; and a packer who must read the note."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.clock import utc_now
from app.domain.notes import NoteKind
from app.domain.states import Role
from app.models.database import Database
from app.presenters.state.orders import Orders
from app.presenters.state.orders_sheet import Sheet
from app.presenters.state.pack import Focus
from app.services import notes
from app.services.actor import Actor
from tests.databases import assert_sound
from tests.e2e.bench import ANNA, GRETA, PATIENCE_MS, TypedStation, sample_settings, typed_station


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[TypedStation]:
    with typed_station(sample_settings(tmp_path, station="Lead desk"), qtbot) as made:
        yield made
        assert_sound(made.database)


def shown(desk: TypedStation) -> object:
    assert desk.ui.screen is not None
    return desk.ui.screen.state_of("orders")


def sheet(desk: TypedStation) -> Sheet | None:
    state = shown(desk)
    return state if isinstance(state, Sheet) else None


def key(desk: TypedStation, one: Qt.Key) -> None:
    QTest.keyClick(desk.window.windowHandle(), one)


def write_note(desk: TypedStation, number: str, words: str) -> None:
    """The office writes a note at another station."""
    order, warehouse = (
        desk.rows("SELECT id FROM orders WHERE number = :number", number=number)[0][0],
        desk.rows("SELECT id FROM warehouses")[0][0],
    )
    station = desk.rows("SELECT id FROM stations WHERE name = 'Bench 5'")[0][0]
    actor = Actor(utc_now(), f"station:{station}", int(str(warehouse)), None, Role.ADMIN, int(str(station)))
    other = Database.open(desk.settings.database)
    other.write(lambda s: notes.write_on_order(s, actor, int(str(order)), words, NoteKind.PACKER, must_read=True))
    other.close()


def test_an_order_is_read_in_full_and_noted_on_by_keys(desk: TypedStation, qtbot: QtBot) -> None:
    desk.wedge(GRETA)
    assert desk.press(Qt.Key.Key_F2).code == "opening.place"
    qtbot.waitUntil(lambda: isinstance(now := shown(desk), Orders) and now.detail is not None, timeout=PATIENCE_MS)
    key(desk, Qt.Key.Key_V)
    qtbot.waitUntil(lambda: bool((page := sheet(desk)) and page.table.rows and page.title), timeout=PATIENCE_MS)
    page = sheet(desk)
    assert page is not None
    assert page.table.rows[-1].cells[1].words.startswith("Ordered at ")
    number = page.title
    key(desk, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: bool((now := sheet(desk)) and now.form), timeout=PATIENCE_MS)
    desk.person("Wrap")
    key(desk, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool((now := sheet(desk)) and now.notice), timeout=PATIENCE_MS)
    assert desk.rows("SELECT n.words, n.must_read FROM notes n JOIN orders o ON o.id = n.order_id WHERE o.number = :n",
                     n=number) == [("Wrap", 1)]  # fmt: skip
    key(desk, Qt.Key.Key_Escape)
    key(desk, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: isinstance(shown(desk), Orders), timeout=PATIENCE_MS)
    key(desk, Qt.Key.Key_C)
    qtbot.waitUntil(
        lambda: bool((now := sheet(desk)) and now.table.name == "orders" and now.table.rows), timeout=PATIENCE_MS
    )


def test_a_note_that_must_be_read_stops_the_bench_by_itself(qtbot: QtBot, tmp_path: Path) -> None:
    with typed_station(sample_settings(tmp_path), qtbot) as bench:
        bench.wedge(ANNA)
        assert bench.wedge("#1042").code == "pack.opened"
        write_note(bench, "#1042", "The customer moved in")
        qtbot.waitUntil(lambda: bench.pack.banner.blocking, timeout=PATIENCE_MS)
        assert isinstance(bench.pack.body, Focus)
        assert (bench.pack.banner.order, bench.pack.body.card.note) == ("Read this first", "The customer moved in")
        assert bench.wedge("5012345678900").code == "station.blocked"
        assert bench.wedge("PW-OK").code == "station.acknowledged"
        assert not bench.pack.banner.blocking
        assert bench.rows("SELECT COUNT(*) FROM note_reads") == [(1,)]
        assert_sound(bench.database)
