"""The Devices screen in a real window: devices on cables are found, set up by one key each, used, and pulled."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.devices.pan import Pan
from app.devices.simulated.lines import PtyLine
from app.devices.simulated.scale import ScaleFault, ScaleLanguage, SimSerialScale, voice_of
from app.devices.simulated.scanner import SimSerialScanner
from app.domain.print_ports import PrintLanguage
from app.presenters.state.devices import DeviceCard, Devices
from app.printing.simulated.conditions import TwinCondition
from app.printing.simulated.pty_door import PtyDoor
from app.printing.simulated.twin import PrinterTwin
from tests.databases import assert_sound
from tests.e2e.bench import PERSON_GAP_MS, TypedStation, sample_settings, typed_station

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals stand for serial ports here")
LEAD, PACKER = "OP-GRETA", "OP-ANNA"
PATIENCE_MS = 30_000


class Cables:
    """A gun, a scale and a printer, each at the end of a cable that the station finds by itself."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        folder.mkdir(parents=True)
        self.gun = stack.enter_context(closing(SimSerialScanner(PtyLine(folder / "Barcode Scanner"))))
        self.now = 100.0
        self.pan = Pan(lambda: self.now)
        line = PtyLine(folder / "Kitchen Scale")
        voice = voice_of(ScaleLanguage.NCI, self.pan)
        self.scale = stack.enter_context(closing(SimSerialScale(line, self.pan, voice)))
        self.printer = PrinterTwin(PrintLanguage.TSPL)
        stack.enter_context(PtyDoor(self.printer, folder / "Label Printer"))

    def put(self, grams: int) -> None:
        """Something lies on the pan, and the needle stands."""
        self.pan.put(grams)
        self.now += 5


@pytest.fixture
def cables(tmp_path: Path) -> Iterator[Cables]:
    with ExitStack() as stack:
        yield Cables(tmp_path / "devices", stack)


@pytest.fixture
def station(qtbot: QtBot, tmp_path: Path, cables: Cables) -> Iterator[TypedStation]:
    with typed_station(sample_settings(tmp_path), qtbot) as made:
        yield made
        assert made.ui.core is not None
        assert_sound(made.ui.core.database)


class Screen:
    """The Devices screen of a station, whichever run of it is on."""

    def __init__(self, station: TypedStation, qtbot: QtBot) -> None:
        self.station, self.qtbot = station, qtbot

    def press(self, key: Qt.Key) -> None:
        QTest.qWait(PERSON_GAP_MS)
        QTest.keyClick(self.station.window.windowHandle(), key)

    @property
    def state(self) -> Devices | None:
        shown = self.station.ui.screen.state_of("devices") if self.station.ui.screen is not None else None
        return shown if isinstance(shown, Devices) else None

    def card(self, title: str) -> DeviceCard | None:
        cards = self.state.cards if self.state is not None else ()
        return next((card for card in cards if card.head.title == title), None)

    def choices(self) -> dict[str, str]:
        """What the panel offers: device and use, and the digit for it."""
        panel = self.state.panel if self.state is not None else None
        return {
            f"{section.title}: {choice.words}": choice.key
            for section in (panel.sections if panel is not None else ())
            for choice in section.choices
        }

    def until(self, seen: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(seen()), timeout=PATIENCE_MS)

    def chip(self, title: str) -> str:
        card = self.card(title)
        return card.head.chip.words if card is not None and card.head.chip is not None else ""

    def trouble(self, title: str) -> str:
        card = self.card(title)
        return card.trouble if card is not None else ""

    def set_up(self, choice: str) -> None:
        self.press(Qt.Key.Key_F)
        self.until(lambda: choice in self.choices())
        self.press(Qt.Key(ord(self.choices()[choice])))
        use = choice.rpartition(": ")[2]
        self.until(lambda: self.said().startswith(f"{use} is set up"))

    def said(self) -> str:
        return self.state.said if self.state is not None else ""


@pytest.fixture
def screen(station: TypedStation, qtbot: QtBot) -> Screen:
    station.wedge(LEAD)
    made = Screen(station, qtbot)
    made.press(Qt.Key.Key_F8)
    made.until(lambda: made.state is not None)
    return made


def test_all_three_are_set_up_by_one_key_each_and_work(screen: Screen, cables: Cables) -> None:
    cables.put(1234)
    screen.set_up("Kitchen Scale: Scale")
    screen.until(lambda: (card := screen.card("Scale")) is not None and card.value == "1\u00a0234")
    screen.set_up("Label Printer: Label printer")
    screen.until(lambda: screen.chip("Label printer") == "Ready")
    screen.set_up("Barcode Scanner: Scanner")
    screen.until(lambda: screen.chip("Scanner 2") == "Ready")
    scale, printer = screen.card("Scale"), screen.card("Label printer")
    assert scale is not None
    assert printer is not None
    assert (scale.uri.rpartition("?")[2], printer.uri.rpartition("?")[2]) == ("protocol=nci", "language=tspl")
    cables.gun.scan("PW-DEV")
    screen.until(lambda: (card := screen.card("Scanner 2")) is not None and card.raw and "ms" in card.when)
    card = screen.card("Scanner 2")
    assert card is not None
    assert [byte.sign for byte in card.raw] == [*"PW-DEV", "CR"]
    screen.press(Qt.Key.Key_T)
    screen.until(
        lambda: (card := screen.card("Label printer")) and [job.chip.words for job in card.jobs] == ["Printed"]
    )
    assert len(cables.printer.printed) == 1


def test_what_is_pulled_is_told_at_once_and_goes_on_by_itself(screen: Screen, cables: Cables) -> None:
    screen.set_up("Barcode Scanner: Scanner")
    screen.set_up("Kitchen Scale: Scale")
    screen.until(lambda: screen.chip("Scale") in ("Steady", "Moving"))
    cables.gun.unplug()
    gone = "It is gone. Plug it in: it goes on by itself."
    screen.until(lambda: screen.trouble("Scanner 2") == gone)
    assert screen.said().endswith("is gone. Plug it in: it goes on by itself.")
    cables.scale.unplug()
    screen.until(lambda: screen.said() == "The scale is gone. Plug it in: it goes on by itself.")
    cables.gun.plug_in()
    cables.scale.plug_in()
    screen.until(lambda: screen.chip("Scanner 2") == "Ready" and screen.chip("Scale") in ("Steady", "Moving"))
    screen.until(lambda: "is gone" not in screen.said())
    assert screen.state is not None
    assert {"Scanner 2 is gone", "Scanner 2 is back", "Scale is gone", "Scale is back"} <= {
        entry.title for entry in screen.state.log
    }


def test_a_printer_is_told_by_key_what_its_language_knows(screen: Screen, cables: Cables) -> None:
    screen.set_up("Label Printer: Label printer")
    screen.press(Qt.Key.Key_M)
    screen.until(lambda: screen.choices().get("Label printer: Darker") == "4")
    screen.press(Qt.Key.Key_4)
    screen.until(lambda: screen.said() == "It prints at darkness 8 of 15 from now on.")
    cables.printer.become(TwinCondition.PAPER_OUT)
    screen.until(lambda: screen.chip("Label printer") == "Out of labels")
    screen.press(Qt.Key.Key_3)
    screen.until(lambda: "is out of labels" in screen.said())


def test_what_is_no_scale_is_not_kept(screen: Screen, cables: Cables) -> None:
    cables.scale.fault = ScaleFault.SILENT
    screen.press(Qt.Key.Key_F)
    screen.until(lambda: "Kitchen Scale: Scale" in screen.choices())
    screen.press(Qt.Key(ord(screen.choices()["Kitchen Scale: Scale"])))
    screen.until(lambda: screen.said().startswith("No weight came from it"))
    assert screen.card("Scale") is None
