"""The scanner doctor in a real window: a US scanner at a German computer, and one on a cable, are set right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.devices.simulated.lines import SocketLine
from app.devices.simulated.scanner import SimSerialScanner
from app.domain.keyboard_layouts import Layout
from app.domain.scanner_doctor import STEPS
from app.presenters.state import doctor
from app.views.doctor import DevicesRoomView
from tests.domain.scanner_simulation import Gun
from tests.e2e.bench import GRETA, PATIENCE_MS, TypedStation, sample_settings, typed_station

GERMAN = Gun(keys=True, layout=Layout.DE, fnc1="|")


def shown(station: TypedStation) -> doctor.Doctor | None:
    state = station.ui.screen.state_of("devices") if station.ui.screen is not None else None
    return state if isinstance(state, doctor.Doctor) else None


def open_doctor(station: TypedStation, qtbot: QtBot) -> None:
    station.wedge(GRETA)
    station.wedge("PW-DEV")
    known = len(station.answers)
    for sign in "PW-DOCTOR":
        key(station, sign)
    key(station, "\r", Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(station) is not None, timeout=PATIENCE_MS)
    assert len(station.answers) == known


def key(station: TypedStation, text: str, code: Qt.Key = Qt.Key.Key_unknown) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, code, Qt.KeyboardModifier.NoModifier, text)
    QApplication.sendEvent(station.window.windowHandle(), event)


@pytest.fixture
def line() -> Iterator[SimSerialScanner]:
    made = SimSerialScanner(SocketLine())
    yield made
    made.close()


def test_a_us_scanner_at_a_german_computer(qtbot: QtBot, tmp_path: Path) -> None:
    with typed_station(sample_settings(tmp_path), qtbot) as station:
        open_doctor(station, qtbot)
        answered = len(station.answers)
        for step in STEPS:
            scan = GERMAN.scan(step)
            assert scan is not None
            for sign in scan.body:
                key(station, sign)
            key(station, "\r", Qt.Key.Key_Return)
        state = shown(station)
        assert state is not None
        assert state.setting == ("New setting of this station", "keyboard:?layout=de&fnc1=%7C")
        room = station.window.page
        assert isinstance(room, DevicesRoomView) and room.doctor is not None
        qtbot.waitUntil(lambda: room.doctor is not None and room.doctor.recorder.settled, timeout=PATIENCE_MS)
        key(station, "\r", Qt.Key.Key_Return)
        rows = "SELECT settings FROM stations WHERE name = 'Bench 4'"
        qtbot.waitUntil(lambda: "layout=de" in str(station.rows(rows)), timeout=PATIENCE_MS)
        # None of these scans was work.
        assert station.rows("SELECT count(*) FROM gestures WHERE raw LIKE '%1234567890%'") == [(0,)]
        qtbot.waitUntil(lambda: station.ui.core is not None and shown(station) is None, timeout=PATIENCE_MS)
        assert len(station.answers) >= answered


def test_a_scanner_on_a_cable(qtbot: QtBot, tmp_path: Path, line: SimSerialScanner) -> None:
    settings = replace(sample_settings(tmp_path), scanner=f"keyboard: {line.uri}")
    with typed_station(settings, qtbot) as station:
        qtbot.waitUntil(lambda: line.line.connected, timeout=PATIENCE_MS)
        open_doctor(station, qtbot)
        for number, step in enumerate(STEPS, start=1):
            line.scan(Gun(fnc1="~").sent(step))
            qtbot.waitUntil(lambda: len(_seen(station)) == number, timeout=PATIENCE_MS)  # noqa: B023
        state = shown(station)
        assert state is not None
        assert state.setting[1] == f"{line.uri}?suffix=cr&fnc1=~"


def _seen(station: TypedStation) -> list[doctor.CodeRow]:
    state = shown(station)
    return [row for row in state.codes if row.icon != "circle-dashed"] if state is not None else []
