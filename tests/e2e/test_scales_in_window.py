"""A scale on a cable in a real window: its weight is live, and only a steady and fresh one is ever written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.devices.pan import Pan
from app.devices.simulated.lines import SocketLine
from app.devices.simulated.scale import ScaleFault, ScaleLanguage, SimSerialScale, voice_of
from app.presenters.state.devices import DeviceCard, Devices
from app.presenters.state.pack import Packing
from app.presenters.state.parts import Weight
from tests.databases import assert_sound
from tests.e2e.bench import ANNA, SCANNER_GAP_MS, TypedStation, barcodes, sample_settings, typed_station

PATIENCE_MS = 30_000


class Scale:
    """The twin, whose pan settles when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0
        self.pan = Pan(lambda: self.now)
        self.twin = SimSerialScale(SocketLine(), self.pan, voice_of(ScaleLanguage.MT_SICS, self.pan))

    def put(self, grams: int, *, settled: bool = True) -> None:
        self.pan.put(grams)
        self.now += 5 if settled else 0


@pytest.fixture
def scale() -> Iterator[Scale]:
    made = Scale()
    yield made
    made.twin.close()


@pytest.fixture
def station(qtbot: QtBot, tmp_path: Path, scale: Scale) -> Iterator[TypedStation]:
    settings = replace(sample_settings(tmp_path), scale=f"{scale.twin.uri}?protocol=mt-sics")
    with typed_station(settings, qtbot) as made:
        yield made
        assert_sound(made.database)


def weight(station: TypedStation) -> Weight:
    body = station.pack.body
    assert isinstance(body, Packing)
    return body.weight


def shows(station: TypedStation, qtbot: QtBot, value: str, chip: str) -> None:
    qtbot.waitUntil(lambda: (weight(station).value, weight(station).chip.words) == (value, chip), timeout=PATIENCE_MS)


def scan_for_the_scale(station: TypedStation, code: str) -> None:
    """A scan that makes no gesture: there is no answer of the database to wait for."""
    for sign in (*code, Qt.Key.Key_Return):
        QTest.qWait(SCANNER_GAP_MS)
        QTest.keyClick(station.window.windowHandle(), sign)


def card(station: TypedStation) -> DeviceCard:
    assert station.ui.screen is not None
    state = station.ui.screen.state_of("devices")
    assert isinstance(state, Devices)
    return next(each for each in state.cards if each.key.startswith("socket:"))


def test_only_a_steady_and_fresh_weight_is_written_down(station: TypedStation, scale: Scale, qtbot: QtBot) -> None:
    station.wedge(ANNA)
    station.wedge("#1042")
    station.wedge(barcodes(station, "#1042")[0][0])
    scale.put(400, settled=False)
    qtbot.waitUntil(lambda: weight(station).chip.words == "Settling", timeout=PATIENCE_MS)
    assert station.wedge("PW-WEIGH").code == "pack.weight_wanted"
    station.wedge("PW-BACK")
    scale.put(400)
    shows(station, qtbot, "400", "Not yet")
    answer = station.wedge("PW-WEIGH")
    assert (answer.code, answer.values) == ("pack.weight_typed", {"grams": 400})
    scale.put(-50)
    shows(station, qtbot, "-50", "Below zero")
    assert station.wedge("PW-WEIGH").code == "pack.weight_wanted"
    station.wedge("PW-BACK")
    scale.put(70_000)
    shows(station, qtbot, "", "Too heavy")
    assert station.wedge("PW-WEIGH").code == "pack.weight_wanted"
    station.wedge("PW-BACK")
    scale.put(500)
    shows(station, qtbot, "500", "Not yet")
    scale.twin.fault = ScaleFault.SILENT
    shows(station, qtbot, "500", "Silent")
    assert station.wedge("PW-WEIGH").code == "pack.weight_wanted"
    assert station.rows("SELECT weight_g FROM packages WHERE weight_g IS NOT NULL") == [(400,)]


def test_zero_and_tare_by_scan(station: TypedStation, scale: Scale, qtbot: QtBot) -> None:
    station.wedge(ANNA)
    station.wedge("#1042")
    gestures = station.rows("SELECT count(*) FROM gestures")
    scale.put(300)
    shows(station, qtbot, "300", "Not yet")
    scan_for_the_scale(station, "PW-TARE")
    words = "Tared: only what is added counts from now on"
    qtbot.waitUntil(lambda: station.pack.banner.order == words, timeout=PATIENCE_MS)
    shows(station, qtbot, "0", "Not yet")
    scale.put(1000, settled=False)
    qtbot.waitUntil(lambda: weight(station).chip.words == "Settling", timeout=PATIENCE_MS)
    scan_for_the_scale(station, "PW-ZERO")
    words = "Not zeroed: the pan moves. Let it come to rest, then try again"
    qtbot.waitUntil(lambda: station.pack.banner.order == words, timeout=PATIENCE_MS)
    scale.put(1000)
    shows(station, qtbot, "700", "Not yet")
    assert station.rows("SELECT count(*) FROM gestures") == gestures


def test_the_devices_screen_shows_it_live(station: TypedStation, scale: Scale, qtbot: QtBot) -> None:
    station.wedge(ANNA)
    station.wedge("PW-DEV")
    scale.put(1250)
    qtbot.waitUntil(
        lambda: (card(station).value, card(station).unit) == ("1,250".replace(",", "\u00a0"), "g"), timeout=PATIENCE_MS
    )
    assert [button.code for button in card(station).buttons] == ["PW-ZERO", "PW-TARE"]
    qtbot.waitUntil(lambda: len(card(station).trend) > 1, timeout=PATIENCE_MS)
    scan_for_the_scale(station, "PW-ZERO")
    assert station.ui.screen is not None

    def said() -> str:
        state = station.ui.screen.state_of("devices") if station.ui.screen is not None else None
        return state.said if isinstance(state, Devices) else ""

    qtbot.waitUntil(lambda: said().startswith("Not zeroed: too much lies on the pan"), timeout=PATIENCE_MS)
    scale.put(70_000)
    qtbot.waitUntil(
        lambda: card(station).head.chip is not None and card(station).head.chip.words == "Too heavy",
        timeout=PATIENCE_MS,
    )
    assert card(station).trouble == "Too heavy for this scale. Take something off."
    scale.twin.unplug()
    qtbot.waitUntil(
        lambda: card(station).head.chip is not None and card(station).head.chip.words == "Not reachable",
        timeout=PATIENCE_MS,
    )
    scale.twin.plug_in()
    scale.put(250)
    qtbot.waitUntil(lambda: card(station).value == "250", timeout=PATIENCE_MS)
