"""The full pages of Orders in the window: keys, the pointer, forms and notices that move nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.presenters.state import parts
from app.views.kit import Look
from app.views.orders_sheet import OrdersRoomView, SheetView
from app.views.shell import ShellWindow
from app.views.theme import ThemeName
from tests.views.desk_samples import queue
from tests.views.gallery import Recorder, settle, shoot
from tests.views.orders_sheet_samples import NOTES, ORDER, PAGES, SAID
from tests.views.test_desk_views import window


@pytest.fixture
def look(qtbot: QtBot) -> Iterator[Look]:
    made = Look(ThemeName.LIGHT, 1366)
    made.apply()
    yield made


def opened(qtbot: QtBot, look: Look, told: Recorder) -> tuple[OrdersRoomView, SheetView, ShellWindow]:
    view = OrdersRoomView(look, told)
    view.render(queue())
    view.render(ORDER)
    shown = window(qtbot, look, "orders", view, told)
    assert view.sheet is not None
    return view, view.sheet, shown


def test_links_of_the_detail_answer_to_keys_and_the_pointer(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = OrdersRoomView(look, told)
    view.render(queue())
    shown = window(qtbot, look, "orders", view, told)
    assert shown.key_gesture("C")
    assert shown.key_gesture("V")
    qtbot.mouseClick(view.list.detail.head.links[1], Qt.MouseButton.LeftButton)
    assert told.told == [("command", "order-customer"), ("command", "order-page"), ("command", "order-page")]


def test_a_page_takes_digits_letters_and_arrows(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    _, sheet, shown = opened(qtbot, look, told)
    for name in ("3", "N", "T", "Down", "End", "Enter", "Esc"):
        assert shown.key_gesture(name)
    rows = ORDER.table.rows
    assert told.told == [
        ("key", "3"),
        ("command", "note-write"),
        ("command", "timeline-export"),
        ("choose", "timeline", rows[1].key, False),
        ("choose", "timeline", rows[-1].key, False),
        ("choose", "timeline", rows[-1].key, True),
        ("command", "sheet-back"),
    ]
    qtbot.mouseClick(sheet.tabs.buttons[1], Qt.MouseButton.LeftButton)
    assert told.told[-1] == ("choose", "tabs", "items", True)


def test_the_note_is_typed_and_entered(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view, sheet, shown = opened(qtbot, look, told)
    view.render(NOTES)
    settle(shown)
    edit = sheet.form.fields[0].edit
    assert edit.hasFocus()
    assert not shown.key_gesture("N")
    qtbot.keyClicks(edit, "Wrap")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert told.told[-1] == ("typed", "words", "Wrap", True)
    view.render(replace(NOTES, form=None))
    settle(shown)
    assert not edit.hasFocus()
    assert shown.key_gesture("N")
    assert told.told[-1] == ("command", "note-write")


def test_what_is_said_moves_nothing(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view, sheet, shown = opened(qtbot, look, told)
    settle(shown)
    before = (sheet.tabs.pos(), sheet.card.pos(), sheet.buttons[0].pos())
    view.render(replace(ORDER, notice=SAID))
    settle(shown)
    assert sheet.notice.isVisible()
    assert not sheet.head.isVisible()
    assert (sheet.tabs.pos(), sheet.card.pos(), sheet.buttons[0].pos()) == before


def test_the_next_page_is_wanted_at_the_end(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view, _, shown = opened(qtbot, look, told)
    view.render(replace(ORDER, table=replace(ORDER.table, more=True)))
    settle(shown)
    assert ("more", "timeline") in told.told


def test_list_and_page_change_places(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view, sheet, shown = opened(qtbot, look, told)
    assert (view.shown, sheet.isVisible()) == (sheet, True)
    view.render(queue(buttons=(parts.Command("PW-REL", "Release", "R"), parts.Command("x", "Customers", "U"))))
    settle(shown)
    assert (view.shown, view.list.isVisible(), len(view.list.buttons)) == (view.list, True, 2)
    view.render(queue())
    settle(shown)
    assert [button.isVisible() for button in view.list.buttons] == [True, False]
    assert shown.key_gesture("/")
    assert view.list.search.edit.hasFocus()


@pytest.mark.parametrize("name", sorted(PAGES))
@pytest.mark.parametrize(
    ("width", "theme", "scale"), [(1024, "dark", 1.3), (1366, "light", 1.3), (1366, "dark", 1.0), (1920, "light", 1.0)]
)
def test_every_page_is_drawn_at_every_size(qtbot: QtBot, name: str, width: int, theme: str, scale: float) -> None:
    image = shoot(PAGES[name], width, theme, scale)
    assert image.width() >= width
    assert len({image.pixel(x, y) for x in range(0, image.width(), 37) for y in range(0, image.height(), 41)}) > 8
