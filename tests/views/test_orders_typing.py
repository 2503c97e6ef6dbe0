"""What is typed by hand on Orders without `/`: a number or a name is looked for, and does nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.presenters.orders_forms import buttons
from app.presenters.state import parts
from app.presenters.state.form import Form
from app.views.kit import Look
from app.views.orders import OrdersView
from app.views.orders_sheet import OrdersRoomView
from app.views.shell import ShellWindow
from app.views.theme import ThemeName
from tests.views.desk_samples import queue
from tests.views.gallery import Recorder, settle
from tests.views.test_desk_views import window

RELEASE = Form("release", "Release work?", commands=buttons("orders.form.release.save"))
REASON = Form("hold", "Hold #1042", "", (parts.Field("reason", "Reason"),), (), buttons("orders.form.hold.save"))


class Answering(Recorder):
    """Answers a command as a presenter does: at once, with another state."""

    def __init__(self) -> None:
        super().__init__()
        self.answer: Callable[[], None] = lambda: None

    def command(self, code: str) -> None:
        super().command(code)
        self.answer()


@pytest.fixture
def look(qtbot: QtBot) -> Iterator[Look]:
    made = Look(ThemeName.LIGHT, 1366)
    made.apply()
    yield made


@pytest.fixture
def told() -> Answering:
    return Answering()


@pytest.fixture
def room(look: Look, told: Answering) -> OrdersRoomView:
    made = OrdersRoomView(look, told)
    made.render(queue())
    return made


@pytest.fixture
def view(room: OrdersRoomView) -> OrdersView:
    return room.list


@pytest.fixture
def shown(qtbot: QtBot, look: Look, room: OrdersRoomView, told: Answering) -> ShellWindow:
    return window(qtbot, look, "orders", room, told)


@pytest.mark.parametrize("word", ["1042", "BOB"])
def test_a_number_or_a_name_begins_the_search(
    qtbot: QtBot, view: OrdersView, shown: ShellWindow, told: Answering, word: str
) -> None:
    qtbot.keyClicks(shown, word[0])
    settle(shown)
    assert shown.focusWidget() is view.search.edit
    qtbot.keyClicks(view.search.edit, word[1:])
    qtbot.keyClick(view.search.edit, Qt.Key.Key_Return)
    typed = [("typed", "search", word[:end], False) for end in range(1, len(word) + 1)]
    assert told.told == [*typed, ("typed", "search", word, True)]


def test_a_letter_that_asked_was_the_first_of_a_word_when_another_follows(
    view: OrdersView, shown: ShellWindow, told: Answering
) -> None:
    told.answer = lambda: view.render(queue(form=RELEASE))
    assert shown.key_gesture("R")
    assert shown.key_gesture("O")
    assert told.told == [("command", "PW-REL"), ("key", "Esc"), ("typed", "search", "RO", False)]
    assert view.search.edit.text() == "RO"
    assert shown.focusWidget() is view.search.edit


def test_letters_that_were_not_looked_for_leave_the_field_with_the_keyboard(
    qtbot: QtBot, view: OrdersView, shown: ShellWindow
) -> None:
    field = view.search.edit
    assert shown.key_gesture("/")
    qtbot.keyClicks(field, "ab")
    assert field.text() == "ab"
    field.clearFocus()
    assert field.text() == view.search.state.text == ""


def test_a_question_that_no_letter_asked_stays(view: OrdersView, shown: ShellWindow, told: Answering) -> None:
    view.render(queue(form=RELEASE))
    assert shown.key_gesture("O")
    assert shown.key_gesture("Enter")
    assert told.told == [("key", "O"), ("command", "form-save")]


def test_a_form_with_fields_takes_what_is_typed(
    qtbot: QtBot, view: OrdersView, shown: ShellWindow, told: Answering
) -> None:
    told.answer = lambda: view.render(queue(form=REASON))
    assert shown.key_gesture("H")
    settle(shown)
    qtbot.keyClicks(view.form.fields[0].edit, "wet")
    assert told.told == [("command", "PW-STOP"), *(("typed", "reason", "wet"[:end], False) for end in (1, 2, 3))]


def test_letters_of_buttons_still_press_them(view: OrdersView, shown: ShellWindow, told: Answering) -> None:
    assert shown.key_gesture("F")
    assert shown.key_gesture("H")
    assert told.told == [("command", "filter"), ("command", "PW-STOP")]
