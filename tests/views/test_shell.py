"""The window: its keys, its places, its frame, and what it does with fields and focus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from app.presenters.state import parts, shell
from app.presenters.state.parts import Family
from app.views.code_line import CodeLine
from app.views.keys import key_name
from app.views.kit import CommandButton, Look
from app.views.pack import PackView
from app.views.shell import ShellWindow
from app.views.sign_in import SignInView
from tests.views import samples, sign_in_samples
from tests.views.gallery import Recorder, settle

PACK = shell.Shell("pack", samples.strip(), samples.rail("pack"))


@pytest.fixture
def told() -> Recorder:
    return Recorder()


@pytest.fixture
def window(qapp: QApplication, told: Recorder) -> Iterator[ShellWindow]:
    look = Look()
    look.apply()
    made = ShellWindow(look, told)
    made.add_page("pack", PackView(look, told))
    made.add_page("sign_in", SignInView(look, told))
    made.resize(1366, 768)
    made.render(PACK)
    made.show()
    made.activateWindow()
    settle(made)
    yield made
    made.close()


def test_no_button_has_the_focus_at_first(window: ShellWindow) -> None:
    assert not isinstance(QApplication.focusWidget(), QPushButton | CommandButton)


def test_places_answer_to_their_keys_and_say_why_not(window: ShellWindow, told: Recorder) -> None:
    for key in ("F2", "F7", "F1", "F12"):
        window.key_gesture(key)
    assert told.told[:3] == [
        ("choose", "place", "orders", True),
        ("refused", "floor", "The floor overview comes with a later version."),
        ("choose", "place", "help", True),
    ]


def test_a_locked_place_stays_and_carries_its_reason(window: ShellWindow) -> None:
    floor = next(b for b in window.rail.buttons if b.state.code == "floor")
    assert not floor.isHidden()
    assert floor.accessibleDescription() == "The floor overview comes with a later version."
    assert floor.toolTip() == floor.accessibleDescription()


def test_the_rail_is_hidden_before_sign_in(window: ShellWindow) -> None:
    window.render(shell.Shell("sign_in", samples.strip()))
    assert window.rail.isHidden()
    assert isinstance(window.page, SignInView)
    window.render(PACK)
    assert not window.rail.isHidden()


def test_the_frame_stands_around_the_work_of_a_blocking_state(window: ShellWindow) -> None:
    window.render(replace(PACK, frame=Family.WRONG))
    settle(window)
    image = window.grab().toImage()
    red = window.look.theme["wrongSolid"].lower()
    assert image.pixelColor(78, 400).name() == red
    assert image.pixelColor(1363, 400).name() == red
    window.render(PACK)
    settle(window)
    assert window.grab().toImage().pixelColor(1363, 400).name() != red


def test_typed_keys_reach_the_page(window: ShellWindow, told: Recorder) -> None:
    page = window.page
    assert isinstance(page, PackView)
    page.render(samples.PACKING)
    QTest.keyClick(window, Qt.Key.Key_U)
    QTest.keyClick(window, Qt.Key.Key_3)
    QTest.keyClick(window, Qt.Key.Key_Return)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert told.told == [("command", "PW-UNDO"), ("key", "3"), ("key", "Enter"), ("key", "Esc")]


def test_letters_are_off_while_a_field_is_edited_and_escape_leaves_it(window: ShellWindow, told: Recorder) -> None:
    page = window.page
    assert isinstance(page, PackView)
    page.render(samples.TYPING)
    settle(window)
    field = page.body().weight.field  # type: ignore[union-attr]
    field.setFocus()
    assert QApplication.focusWidget() is field
    assert window.key_gesture("U") is False
    assert window.key_gesture("Enter") is False
    assert window.key_gesture("Esc") is True
    assert QApplication.focusWidget() is not field
    assert told.told == []
    assert window.key_gesture("F2") is True


def test_enter_presses_a_button_that_was_reached_by_keyboard(window: ShellWindow, told: Recorder) -> None:
    page = window.page
    assert isinstance(page, PackView)
    page.render(samples.PACKING)
    settle(window)
    assert page.commands is not None
    page.commands.buttons[1].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert told.told == [("command", "PW-PARCEL")]


def test_a_small_window_scrolls_the_touch_layout(window: ShellWindow) -> None:
    window.resize(800, 600)
    settle(window)
    assert window.look.metrics.width == 1024
    assert window.work.parentWidget().width() >= 1024


def test_a_page_of_a_name_is_replaced(window: ShellWindow, told: Recorder) -> None:
    window.add_page("pack", PackView(window.look, told))
    assert window.has_page("pack")
    assert window.work.stack.count() == 2


def test_sign_in_says_its_station_and_devices(window: ShellWindow, told: Recorder) -> None:
    window.render(shell.Shell("sign_in", samples.strip()))
    page = window.page
    assert isinstance(page, SignInView)
    page.render(sign_in_samples.SIGN_IN)
    assert page.hero.accessibleName() == "Scan your badge"
    assert "Label printer Roll is low" in page.bench.accessibleDescription()
    window.key_gesture("N")
    window.key_gesture("D")
    assert told.told == [("command", "PW-NUMBER"), ("command", "PW-THEME")]
    page.render(sign_in_samples.SIGN_IN_TYPED)
    assert page.fields[1].edit.echoMode().name == "Password"
    assert "Number or PIN is not right." in page.hero.accessibleDescription()


@pytest.mark.parametrize(
    ("key", "text", "name"),
    [
        (Qt.Key.Key_Enter, "\r", "Enter"),
        (Qt.Key.Key_F4, "", "F4"),
        (Qt.Key.Key_A, "a", "A"),
        (Qt.Key.Key_Slash, "/", "/"),
        (Qt.Key.Key_Shift, "", ""),
        (Qt.Key.Key_PageDown, "", "PageDown"),
        (Qt.Key.Key_7, "7", "7"),
    ],
)
def test_names_of_keys(key: Qt.Key, text: str, name: str) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    assert key_name(QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)) == name
    held = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.ControlModifier, text)
    assert key_name(held) == ""


def test_an_absent_lamp_is_grey(window: ShellWindow) -> None:
    lamp = shell.Lamp("scale", "scales", "No scale", parts.LampState.ABSENT)
    window.render(replace(PACK, strip=shell.Strip("Cart C-03", "Jonas", (lamp,), "14:21")))
    assert window.strip.accessibleDescription() == "No scale (absent)"


def typed(window: ShellWindow, words: str) -> CodeLine:
    assert window.key_gesture("/")
    line = window.findChild(CodeLine)
    assert isinstance(line, CodeLine)
    assert line.isVisible()
    QTest.keyClicks(line.edit, words)
    return line


def test_a_code_is_typed_by_hand_where_no_scanner_reads_it(window: ShellWindow, told: Recorder) -> None:
    line = typed(window, " 5012345678900 ")
    assert line.edit.echoMode() is QLineEdit.EchoMode.Normal
    QTest.keyClick(line.edit, Qt.Key.Key_Return)
    assert told.told == [("scan", "5012345678900")]
    assert not line.isVisible()
    assert window.key_gesture("Enter")  # the keyboard is the window's again
    assert told.told[-1] != ("scan", "5012345678900")


def test_esc_closes_what_was_typed_and_scans_nothing(window: ShellWindow, told: Recorder) -> None:
    line = typed(window, "50123")
    assert window.key_gesture("Esc")
    assert not line.isVisible()
    assert told.told == []
    assert typed(window, "").edit.text() == ""


def test_a_badge_that_is_typed_is_not_shown(window: ShellWindow, told: Recorder) -> None:
    window.render(shell.Shell("sign_in", samples.strip(), None))
    line = typed(window, "OP-ANNA")
    assert line.edit.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClick(line.edit, Qt.Key.Key_Return)
    assert told.told == [("scan", "OP-ANNA")]


def test_the_sign_in_screen_says_that_a_badge_can_be_typed(qapp: QApplication, told: Recorder) -> None:
    view = SignInView(Look(), told)
    view.render(sign_in_samples.SIGN_IN)
    assert [hint.key for hint in view.hero.state.hints] == ["N", "F1", "T", "/"]
    view.render(sign_in_samples.SIGN_IN_TYPED)
    assert "/" not in [hint.key for hint in view.hero.state.hints]
