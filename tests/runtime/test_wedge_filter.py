"""Keys on their way through the window: what was pressed when counts, not when the window had time to look."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.devices.scanners import KeyboardScanner
from app.devices.wedge import WedgeDetector
from app.domain.clock import IdMaker, utc_now
from app.domain.device_ports import Scan
from app.runtime.qt import KeyClock, WedgeFilter

PATIENCE_MS = 60_000
NO_MODIFIER, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


class Keys:
    """A field, a wedge before it, and a hand that presses keys at times of its own."""

    def __init__(self, qtbot: QtBot) -> None:
        self.field = QLineEdit()
        qtbot.addWidget(self.field)
        self.field.show()
        qtbot.waitUntil(lambda: self.field.windowHandle() is not None, timeout=PATIENCE_MS)
        self.scans: list[Scan] = []
        self.now = 50.0
        scanner = KeyboardScanner("keyboard:", IdMaker(), utc_now, WedgeDetector())
        scanner.start(self.scans.append)
        self.filter = WedgeFilter(scanner, lambda: self.now)
        self.filter.install()

    def press(
        self,
        text: str,
        stamp: int,
        now: int,
        *,
        native: int = 0,
        modifier: Qt.KeyboardModifier = NO_MODIFIER,
        field: QWidget | None = None,
        code: Qt.Key | None = None,
    ) -> None:
        """One key: when the system says that it was pressed, and when the window gets to it, in milliseconds."""
        self.now = now / 1000
        key = code or (Qt.Key.Key_Return if text == "\r" else Qt.Key.Key_A)
        event = QKeyEvent(QEvent.Type.KeyPress, key, modifier, native, 0, 0, text)
        event.setTimestamp(stamp)
        QCoreApplication.sendEvent((field or self.field).windowHandle(), event)


@pytest.fixture
def keys(qtbot: QtBot) -> Iterator[Keys]:
    made = Keys(qtbot)
    yield made
    made.filter.remove()


def test_a_scan_that_a_busy_window_saw_late_and_in_pieces_is_a_scan(keys: Keys) -> None:
    for number, sign in enumerate("85123A\r"):
        keys.press(sign, 1000 + 5 * number, 60_000 + 5 * number + (400 if number > 2 else 0))
    assert [scan.raw for scan in keys.scans] == ["85123A"]
    assert keys.field.text() == ""


def test_typing_that_lay_in_the_queue_is_typing(keys: Keys) -> None:
    for number, sign in enumerate("1250\r"):
        keys.press(sign, 1000 + 180 * number, 61_000 + number)
    assert keys.scans == []
    assert keys.field.text() == "1250"


def test_a_system_that_stamps_nothing_is_timed_by_the_window(keys: Keys) -> None:
    for number, sign in enumerate("22727\r"):
        keys.press(sign, 0, 60_000 + 5 * number)
    for number, sign in enumerate("1250\r"):
        keys.press(sign, 0, 70_000 + 180 * number)
    assert [scan.raw for scan in keys.scans] == ["22727"]
    assert keys.field.text() == "1250"


def test_the_key_of_the_separator_is_known_by_its_place_on_any_layout(keys: Keys) -> None:
    bracket = 27 if sys.platform == "win32" else 35
    for number, sign in enumerate("]C110LOT"):
        keys.press(sign, 1000 + 5 * number, 60_000)
    keys.press("+", 1041, 60_000, native=bracket, modifier=CONTROL)  # as a German computer shows Ctrl and ]
    for number, sign in enumerate("21SN\r"):
        keys.press(sign, 1045 + 5 * number, 60_000)
    assert [scan.raw for scan in keys.scans] == ["]C110LOT\x1d21SN"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 gives dead keys as they are pressed")
def test_a_dead_key_is_part_of_a_scan_and_nothing_of_it_is_typed(keys: Keys) -> None:
    """As a German computer shows `A=B=e 1`: else all before the accent would be keys that do something."""
    signs = ["A", Qt.Key.Key_Dead_Acute, "B", Qt.Key.Key_Dead_Acute, "e", " ", "1", "\r"]
    for number, sign in enumerate(signs):
        text, code = ("", sign) if isinstance(sign, Qt.Key) else (sign, None)
        keys.press(text, 1000 + 5 * number, 60_000, code=code)
    assert [scan.raw for scan in keys.scans] == ["A´Bé 1"]
    assert keys.field.text() == ""


def turned_to(qtbot: QtBot, field: QLineEdit) -> None:
    """The window of a field, with the keyboard."""
    field.show()
    field.activateWindow()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is field.windowHandle() is not None, timeout=PATIENCE_MS)


def test_a_window_that_opens_later_hears_scans_too(keys: Keys, qtbot: QtBot) -> None:
    later = QLineEdit()
    qtbot.addWidget(later)
    turned_to(qtbot, later)
    for number, sign in enumerate("85123A\r"):
        keys.press(sign, 1000 + 5 * number, 60_000 + 5 * number, field=later)
    assert [scan.raw for scan in keys.scans] == ["85123A"]
    assert later.text() == keys.field.text() == ""


@pytest.mark.parametrize("popup", ["menu", "list"])
def test_a_scan_chooses_nothing_of_a_menu_or_list_that_is_open(keys: Keys, qtbot: QtBot, popup: str) -> None:
    """Wherever the system sends the keys: to the window that is turned to, or to the popup's own."""
    turned_to(qtbot, keys.field)
    chosen: list[str] = []
    menu, box = QMenu(keys.field), QComboBox(keys.field)
    for words in ("&85123A", "Tea light"):
        menu.addAction(words).triggered.connect(lambda _=False, words=words: chosen.append(words))
        box.addItem(words)
    box.currentTextChanged.connect(chosen.append)
    box.show()
    QTest.mouseClick(keys.field.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))  # what opens it
    if popup == "menu":
        menu.popup(keys.field.mapToGlobal(QPoint(0, 0)))
        menu.setActiveAction(menu.actions()[1])
    else:
        box.showPopup()
    looked: list[bool] = []
    QTimer.singleShot(0, lambda: looked.append(True))
    qtbot.waitUntil(lambda: bool(looked), timeout=PATIENCE_MS)
    over = QApplication.activePopupWidget()
    assert over is not None
    for at, window in enumerate((keys.field, over)):
        for number, sign in enumerate("85123A\r"):
            keys.press(sign, 1000 + 5 * number + 500 * at, 60_000 + 5 * number + 500 * at, field=window)
    assert [scan.raw for scan in keys.scans] == ["85123A", "85123A"]
    assert chosen == []
    over.close()


def test_what_is_held_is_typed_where_it_was_pressed(keys: Keys, qtbot: QtBot) -> None:
    turned_to(qtbot, keys.field)
    later = QLineEdit()
    qtbot.addWidget(later)
    keys.press("7", 1000, 60_000)
    assert keys.field.text() == ""
    turned_to(qtbot, later)
    assert (keys.field.text(), later.text()) == ("7", "")


def test_what_is_held_of_a_window_that_went_is_typed_nowhere(keys: Keys, qtbot: QtBot) -> None:
    going = QLineEdit()
    turned_to(qtbot, going)
    keys.press("7", 1000, 60_000, field=going)
    going.deleteLater()
    QCoreApplication.sendPostedEvents(going, QEvent.Type.DeferredDelete)
    turned_to(qtbot, keys.field)
    keys.press("8", 2000, 61_000)
    keys.press("9", 3000, 62_000)
    assert keys.field.text() == "8"
    assert keys.scans == []


def test_the_clock_of_keys_follows_a_system_whose_clock_jumps() -> None:
    clock = KeyClock()
    assert (clock.now(9_000), clock.pressed(0, 9_000)) == (9_000, 9_000)
    assert clock.pressed(1_000, 9_000) == 1_000
    assert clock.now(9_010) == 1_010
    assert clock.pressed(1_005, 9_400) == 1_005  # seen late
    assert clock.now(9_410) == 1_410
    assert clock.pressed(5, 20_000) == 5  # begun anew
    assert clock.now(20_010) == 15
