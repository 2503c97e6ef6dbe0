"""The lead's floor in the window: keys, the pointer, what gives way to what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.presenters.state import parts, shell
from app.presenters.state.form import Notice
from app.presenters.state.parts import Family
from app.views.floor import FloorView
from app.views.kit import Look
from app.views.shell import ShellWindow
from app.views.theme import ThemeName
from tests.views.floor_samples import DECISION, NEEDS, floor_state
from tests.views.gallery import Recorder, settle, shoot
from tests.views.sample_parts import rail, strip


@pytest.fixture
def look(qtbot: QtBot) -> Iterator[Look]:
    made = Look(ThemeName.LIGHT, 1366)
    made.apply()
    yield made


def window(qtbot: QtBot, look: Look, view: QWidget, told: Recorder) -> ShellWindow:
    made = ShellWindow(look, told)
    qtbot.addWidget(made)
    made.add_page("floor", view)
    made.render(shell.Shell("floor", strip(), rail("floor")))
    made.resize(1366, 768)
    made.show()
    settle(made)
    return made


def test_digits_and_the_pointer_choose_what_needs_the_lead(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = FloorView(look, told)
    view.render(floor_state())
    shown = window(qtbot, look, view, told)
    assert shown.key_gesture("2")
    assert shown.key_gesture("4")
    qtbot.mouseClick(view.rows[0].button, Qt.MouseButton.LeftButton)
    assert told.told == [("command", "PW-2"), ("refused", "PW-4", "Not your role"), ("command", "PW-1")]


def test_a_decision_takes_the_place_of_the_lists_at_the_right(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = FloorView(look, told)
    shown = window(qtbot, look, view, told)
    view.render(floor_state())
    view.render(floor_state(decision=DECISION))
    settle(shown)
    assert view.decision_card.isVisible()
    assert not view.trucks_card.isVisible()
    assert view.hours_card.isVisible()
    for name in ("1", "3", "Esc"):
        assert shown.key_gesture(name)
    qtbot.mouseClick(view.decision.choices.buttons[1], Qt.MouseButton.LeftButton)
    assert told.told == [
        ("command", "PW-1"), ("refused", "PW-3", "Not your role"), ("command", "PW-BACK"), ("command", "PW-2"),
    ]  # fmt: skip
    view.render(floor_state())
    assert view.trucks_card.isVisible()


def test_what_is_to_be_read_stands_for_the_figures_and_moves_nothing(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = FloorView(look, told)
    shown = window(qtbot, look, view, told)
    view.render(floor_state())
    settle(shown)
    before = view.hours_card.geometry()
    dismiss = parts.Command("dismiss", "Close", "Esc")
    view.render(floor_state(notice=Notice("#1033 goes on", Family.OK, "check-circle", "", (dismiss,))))
    settle(shown)
    assert not view.figures.isVisible()
    assert view.hours_card.geometry() == before
    assert shown.key_gesture("Esc")
    assert told.told == [("command", "dismiss")]


def test_what_is_painted_is_said_in_words(qtbot: QtBot, look: Look) -> None:
    view = FloorView(look, Recorder())
    qtbot.addWidget(view)
    view.render(floor_state())
    assert view.figures.accessibleName().startswith("To do 148, 111 to pick, 37 ready to pack; In work 23")
    assert view.chart.accessibleDescription().endswith("now: 40; 15: 38 still to come; 16: 38 still to come; "
                                                       "17: 20 still to come")  # fmt: skip
    assert view.trucks.accessibleName().startswith("Bluebird 15:30, 42 of 56 out, 6 behind; Northway 16:30")
    assert view.people.accessibleName().startswith(
        "Anna Lindqvist, Bench 4, #1042, 7 of 11, Packing, 4 min, 14 parcels"
    )
    assert view.rows[1].words.accessibleName() == "Ines: 2 short of 22720"


def test_lists_that_are_empty_say_so_and_rows_are_used_again(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = FloorView(look, told)
    shown = window(qtbot, look, view, told)
    view.render(floor_state())
    view.render(replace(floor_state(), needs=(), no_needs="Nothing needs you", trucks=(), no_trucks="No truck"))
    settle(shown)
    assert [row.isVisible() for row in view.rows] == [False] * len(NEEDS)
    view.render(floor_state())
    settle(shown)
    assert [row.isVisible() for row in view.rows] == [True] * len(NEEDS)
    heights = {row.height() for row in view.rows}
    assert heights == {max(view.rows[0].words.height(), view.rows[0].button.height()) + 8}


@pytest.mark.parametrize("decided", [False, True])
@pytest.mark.parametrize(
    ("width", "theme", "scale"), [(1024, "dark", 1.3), (1366, "light", 1.3), (1366, "dark", 1.0), (1920, "dark", 1.0)]
)
def test_it_is_drawn_at_every_size(qtbot: QtBot, decided: bool, width: int, theme: str, scale: float) -> None:
    def make(look: Look, told: Recorder) -> QWidget:
        view = FloorView(look, told)
        view.render(floor_state(decision=DECISION if decided else None))
        return view

    image = shoot(make, width, theme, scale)
    assert image.width() >= width
    assert len({image.pixel(x, y) for x in range(0, image.width(), 37) for y in range(0, image.height(), 41)}) > 8
