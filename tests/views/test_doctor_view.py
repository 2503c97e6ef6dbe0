"""The scanner doctor as it is drawn, and its recorder: a scan is taken as it came, a hand's keys are given on."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.scanner_doctor import Observation
from app.views.doctor import DevicesRoomView
from app.views.doctor_keys import KeyRecorder
from app.views.kit import Look
from app.views.theme import ThemeName
from tests.views import devices_samples
from tests.views.doctor_samples import PAGES, STATES
from tests.views.gallery import SIZES, Recorder, settle, shoot
from tests.views.kit.test_parts import decode


@pytest.mark.parametrize("width", [1024, 1366, 1920])
@pytest.mark.parametrize("theme", list(ThemeName))
@pytest.mark.parametrize("name", list(PAGES))
def test_every_state_is_drawn_in_both_themes_and_all_widths(
    qapp: QApplication, name: str, theme: str, width: int
) -> None:
    assert shoot(PAGES[name], width, theme).width() == width


@pytest.fixture
def page(qapp: QApplication) -> Iterator[tuple[DevicesRoomView, Recorder, list[Observation]]]:
    look = Look()
    look.apply()
    told, scans = Recorder(), list[Observation]()
    view = DevicesRoomView(look, told, scans.append)
    view.resize(SIZES[1366][0] - look.metrics.rail, SIZES[1366][1] - look.metrics.strip)
    view.render(devices_samples.STATES["12-devices"])
    view.show()
    settle(view)
    yield view, told, scans
    view.close()


def test_the_room_shows_what_it_is_given(page: tuple[DevicesRoomView, Recorder, list[Observation]]) -> None:
    view, told, _ = page
    assert "D" in [one.key for one in view.keyed()]
    view.render(STATES["doctor-german"])
    settle(view)
    assert decode(view.grab().toImage()) == {"PW-OK", "DR-AGAIN", "DR-PRINT", "PW-BACK"}
    view.press("Enter")
    view.press("S")
    assert told.told == [("command", "PW-OK"), ("key", "S")]
    view.render(devices_samples.STATES["12-devices"])
    settle(view)
    assert "PW-DEV" in decode(view.grab().toImage())


def key(widget: QWidget, text: str, code: Qt.Key = Qt.Key.Key_unknown) -> None:
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, code, Qt.KeyboardModifier.NoModifier, text))


def test_keys_are_recorded_only_while_the_doctor_of_a_typing_scanner_is_seen(
    page: tuple[DevicesRoomView, Recorder, list[Observation]],
) -> None:
    view, told, scans = page
    for name, count in (("12-devices", 0), ("doctor-right", 0), ("doctor-begin", 1), ("12-devices", 1)):
        view.render(devices_samples.STATES.get(name) or STATES[name])
        settle(view)
        for sign in "ABC":
            key(view, sign)
        key(view, "\r", Qt.Key.Key_Return)
        assert len(scans) == count
    assert (scans[0].text, scans[0].end, scans[0].keys, len(scans[0].gaps_ms)) == ("ABC\r", "\r", True, 2)
    assert told.told == []


class Hand:
    """A recorder with a clock that the test sets."""

    def __init__(self, widget: QWidget) -> None:
        self.widget, self.ms = widget, 1000
        self.scans: list[Observation] = []
        self.keys: list[str] = []
        self.recorder = KeyRecorder(self.scans.append, self.keys.append, widget, lambda: self.ms / 1000)
        self.recorder.turn(True)

    def type(self, text: str, gap: int = 7) -> None:
        for sign in text:
            self.ms += gap
            code = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}.get(sign, Qt.Key.Key_unknown)
            if sign.isascii() and sign.isalnum():
                code = Qt.Key(ord(sign.upper()))
            key(self.widget, sign, code)


@pytest.fixture
def hand(qapp: QApplication) -> Iterator[Hand]:
    widget = QWidget()
    made = Hand(widget)
    yield made
    made.recorder.turn(False)


def test_a_scan_with_its_times_and_its_end(hand: Hand) -> None:
    hand.type("QWAZYMß/\t")
    assert hand.scans == [Observation("QWAZYMß/\t", b"", "\t", (7,) * 7, keys=True)]
    hand.type("\r", gap=20)
    assert (hand.keys, len(hand.scans)) == ([], 1)


def test_a_scan_without_an_end(hand: Hand) -> None:
    hand.type("1234567890")
    hand.recorder.silence()
    assert hand.scans == [Observation("1234567890", b"", "", (7,) * 9, keys=True)]


def repeated(hand: Hand, text: str, gap: int) -> None:
    hand.ms += gap
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(hand.widget, QKeyEvent(QEvent.Type.KeyPress, Qt.Key(ord(text)), none, text, True, 1))


def test_a_doubled_character_of_a_fast_scanner_is_recorded_though_the_system_calls_it_held(hand: Hand) -> None:
    hand.type("10", gap=1)
    repeated(hand, "0", gap=1)
    repeated(hand, "0", gap=20)
    hand.type("7\r", gap=1)
    assert hand.scans == [Observation("10007\r", b"", "\r", (1, 1, 20, 1), keys=True)]


def test_a_key_that_a_finger_holds_is_one_character(hand: Hand) -> None:
    hand.type("S")
    repeated(hand, "S", gap=180)
    repeated(hand, "S", gap=33)
    hand.recorder.silence()
    repeated(hand, "S", gap=33)
    assert (hand.keys, hand.scans) == (["S"], [])


def test_keys_of_a_hand_are_given_on(hand: Hand) -> None:
    hand.type("s")
    hand.recorder.silence()
    hand.type("p\r", gap=90)
    assert (hand.keys, hand.scans) == (["S", "P"], [])


def test_modifiers_and_escape_are_nobodys_business(hand: Hand) -> None:
    hand.type("AB")
    key(hand.widget, "", Qt.Key.Key_Shift)
    key(hand.widget, "\x1b", Qt.Key.Key_Escape)
    hand.type("C\r")
    assert [scan.body for scan in hand.scans] == ["ABC"]


def test_gs_comes_as_control_and_a_bracket_on_any_layout(hand: Hand) -> None:
    hand.type("AB")
    control = Qt.KeyboardModifier.ControlModifier
    bracket = 27 if sys.platform == "win32" else 35
    for code, native in ((Qt.Key.Key_BracketRight, 0), (Qt.Key.Key_Plus, bracket)):
        QApplication.sendEvent(hand.widget, QKeyEvent(QEvent.Type.KeyPress, code, control, native, 0, 0, ""))
    hand.type("C\r")
    assert [scan.body for scan in hand.scans] == ["AB\x1d\x1dC"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 gives dead keys as they are pressed")
def test_a_dead_key_is_recorded_with_what_it_stands_before(hand: Hand) -> None:
    hand.type("AB")
    key(hand.widget, "", Qt.Key.Key_Dead_Abovering)
    hand.type("1")
    key(hand.widget, "", Qt.Key.Key_Dead_Caron)
    hand.type("c\r")
    assert [scan.body for scan in hand.scans] == ["AB°1č"]
