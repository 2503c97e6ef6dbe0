"""The lead's floor in a real window: it follows what other stations do, and decides by key and by scan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.clock import utc_now
from app.domain.states import HoldKind, Role
from app.models.database import Database
from app.presenters.state.floor import Floor
from app.services.actor import Actor
from app.services.holds import release_hold
from tests.databases import assert_sound
from tests.e2e.bench import ANNA, GRETA, PATIENCE_MS, SCANNER_GAP_MS, TypedStation, sample_settings, typed_station


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[TypedStation]:
    with typed_station(sample_settings(tmp_path, station="Lead desk"), qtbot) as made:
        yield made
        assert_sound(made.database)


def shown(desk: TypedStation) -> Floor:
    assert desk.ui.screen is not None
    state = desk.ui.screen.state_of("floor")
    return state if isinstance(state, Floor) else Floor()


def test_a_packer_may_not_lead_and_a_lead_goes_there_by_key(desk: TypedStation, qtbot: QtBot) -> None:
    desk.wedge(ANNA)
    assert desk.wedge("PW-FLOOR").code == "opening.not_your_place"
    assert desk.wedge(GRETA).code == "sign_in.welcome"
    assert desk.press(Qt.Key.Key_F7).code == "opening.place"
    assert desk.page == "floor"
    qtbot.waitUntil(lambda: len(shown(desk).figures) == 4, timeout=PATIENCE_MS)
    assert [one.name for one in shown(desk).people] == ["Greta Holm"]


def elsewhere(desk: TypedStation, number: str) -> None:
    """The office lifts the hold of an order at another station."""
    order, kind = desk.rows(
        "SELECT o.id, h.kind FROM holds h JOIN orders o ON o.id = h.order_id "
        "WHERE o.number = :number AND h.released_at IS NULL",
        number=number,
    )[0]
    warehouse = desk.rows("SELECT id FROM warehouses")[0][0]
    station = desk.rows("SELECT id FROM stations WHERE name = 'Bench 5'")[0][0]
    assert isinstance(order, int)
    assert isinstance(warehouse, int)
    actor = Actor(utc_now(), f"station:{station}", warehouse, None, Role.ADMIN, int(str(station)))
    other = Database.open(desk.settings.database)
    other.write(lambda session: release_hold(session, actor, order, HoldKind(str(kind)), "Asked the customer"))
    other.close()


def scan(desk: TypedStation, code: str) -> None:
    """A code that the screen itself understands: no answer of the station follows."""
    for sign in (*code, Qt.Key.Key_Return):
        QTest.qWait(SCANNER_GAP_MS)
        QTest.keyClick(desk.window.windowHandle(), sign)


def number_of(title: str) -> str:
    return title.split(" ")[0]


def test_it_follows_other_stations_and_decides_by_key_and_scan(desk: TypedStation, qtbot: QtBot) -> None:
    desk.wedge(GRETA)
    desk.press(Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: len(shown(desk).needs) > 1, timeout=PATIENCE_MS)
    first, second = (number_of(need.title) for need in shown(desk).needs[:2])
    elsewhere(desk, first)
    qtbot.waitUntil(lambda: number_of(shown(desk).needs[0].title) != first, timeout=PATIENCE_MS)
    assert number_of(shown(desk).needs[1].title) == second  # its digit is still the same
    desk.person("2")
    qtbot.waitUntil(lambda: shown(desk).decision is not None, timeout=PATIENCE_MS)
    scan(desk, "PW-3")
    qtbot.waitUntil(lambda: shown(desk).notice is not None, timeout=PATIENCE_MS)
    notice = shown(desk).notice
    assert notice is not None
    assert notice.words.startswith(f"{second} may go on")
    reasons = desk.rows(
        "SELECT h.release_reason FROM holds h JOIN orders o ON o.id = h.order_id WHERE o.number = :number",
        number=second,
    )
    assert reasons == [("Decided by the lead of the floor",)]
    desk.person("2")
    qtbot.waitUntil(lambda: shown(desk).decision is not None, timeout=PATIENCE_MS)
    decision = shown(desk).decision
    assert decision is not None
    third = number_of(decision.title)
    desk.person("4")
    qtbot.waitUntil(lambda: desk.page == "orders", timeout=PATIENCE_MS)
    assert desk.ui.desks is not None
    orders = desk.ui.desks.orders
    qtbot.waitUntil(lambda: orders.model.detail is not None, timeout=PATIENCE_MS)
    assert orders.model.detail is not None
    assert orders.model.detail.number == third
