"""A form that stands beside its list: the letters of the page and the arrows of the list go on working."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.presenters.state import parts
from app.presenters.state.form import Form
from app.views.form import FormPanel
from app.views.key_hint import KeyHint
from app.views.kit import Look
from app.views.orders_sheet import SheetView
from app.views.shell import ShellWindow
from app.views.theme import ThemeName
from tests.views.gallery import Recorder, settle
from tests.views.orders_sheet_samples import ORDER
from tests.views.test_desk_views import window

SAVE = parts.Command("form-save", "Save", "Y", kind=parts.Kind.PRIMARY)
MORE = parts.Command("line-more", "One more", "M")
BESIDE = Form("edit", "What goes into it", "", (parts.Field("add", "Add"),), commands=(SAVE,), asks=False)


@pytest.fixture
def look(qtbot: QtBot) -> Iterator[Look]:
    made = Look(ThemeName.LIGHT, 1366)
    made.apply()
    yield made


def test_letters_and_arrows_work_beside_a_form_that_does_not_ask(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = SheetView(look, told)
    view.render(replace(ORDER, form=BESIDE, commands=(MORE,)))
    shown = window(qtbot, look, "orders", view, told)
    for name in ("M", "Y", "Down"):
        assert shown.key_gesture(name)
    rows = ORDER.table.rows
    assert told.told == [
        ("command", "line-more"),
        ("command", "form-save"),
        ("choose", "timeline", rows[1].key, False),
    ]


def test_a_form_that_asks_has_the_keys_alone(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = SheetView(look, told)
    view.render(replace(ORDER, form=replace(BESIDE, asks=True), commands=(MORE,)))
    shown = window(qtbot, look, "orders", view, told)
    shown.key_gesture("M")
    shown.key_gesture("Y")
    assert ("command", "line-more") not in told.told
    assert ("command", "form-save") in told.told


NOTE = Form(
    "note", "A note", "", (parts.Field("words", "Note"),),
    (parts.Tab("must", "Packer, must read", chosen=True), parts.Tab("packer", "Packer"), parts.Tab("office", "Office")),
    (SAVE,),
)  # fmt: skip


def in_the_window(qtbot: QtBot, look: Look, state: Form) -> tuple[SheetView, ShellWindow, Recorder]:
    told = Recorder()
    view = SheetView(look, told)
    view.render(ORDER)
    shown = window(qtbot, look, "orders", view, told)
    view.render(replace(ORDER, form=state))
    return view, shown, told


def test_a_form_that_does_not_ask_leaves_the_keyboard_to_the_page(qtbot: QtBot, look: Look) -> None:
    view, shown, told = in_the_window(qtbot, look, BESIDE)
    assert not view.form.fields[0].edit.hasFocus()
    assert shown.key_gesture("2")
    assert told.told == [("key", "2")]
    assert [hint.words for hint in view.form.findChildren(KeyHint)] == ["/"]
    assert shown.key_gesture("/")
    assert view.form.fields[0].edit.hasFocus()
    view.render(replace(ORDER, form=NOTE))
    assert [hint.words for field in view.form.fields for hint in field.findChildren(KeyHint)] == []


def test_arrows_turn_the_tabs_of_a_form_while_its_field_is_edited(qtbot: QtBot, look: Look) -> None:
    view, shown, told = in_the_window(qtbot, look, NOTE)
    field = view.form.fields[0].edit
    assert field is QApplication.focusWidget()
    assert [tab.state.press for tab in view.form.tabs[0].buttons] == ["", "Down", ""]
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert told.told == []
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert told.told == [("choose", "form", "packer", True)]
    turned = tuple(replace(tab, chosen=tab.key == "packer") for tab in NOTE.tabs)
    view.render(replace(ORDER, form=replace(NOTE, tabs=turned)))
    assert [tab.state.press for tab in view.form.tabs[0].buttons] == ["Up", "", "Down"]
    assert field is QApplication.focusWidget() and shown.isVisible()


def test_tab_goes_on_from_the_last_field_to_the_first_button_which_enter_presses(qtbot: QtBot, look: Look) -> None:
    two = replace(NOTE, name="two", fields=(parts.Field("words", "Note"), parts.Field("reason", "Why")))
    view, shown, told = in_the_window(qtbot, look, two)
    qtbot.waitUntil(view.form.fields[1].edit.isVisible, timeout=60_000)
    qtbot.keyClick(view.form.fields[0].edit, Qt.Key.Key_Tab)
    assert view.form.fields[1].edit is QApplication.focusWidget()
    qtbot.keyClick(view.form.fields[1].edit, Qt.Key.Key_Tab)
    assert view.form.buttons[0] is QApplication.focusWidget()
    assert shown.key_gesture("Enter")
    assert told.told == [("command", "form-save")]


def test_the_same_form_asks_again_when_it_comes_again(qtbot: QtBot, look: Look) -> None:
    view, shown, _ = in_the_window(qtbot, look, NOTE)
    assert view.form.fields[0].edit is QApplication.focusWidget()
    view.render(replace(ORDER, form=None))
    assert QApplication.focusWidget() is shown
    view.render(replace(ORDER, form=NOTE))
    assert view.form.fields[0].edit is QApplication.focusWidget()


def test_the_cursor_goes_to_what_is_wrong_unless_somebody_types(qtbot: QtBot, look: Look) -> None:
    two = replace(BESIDE, fields=(parts.Field("add", "Add"), parts.Field("reason", "Why")))
    view, shown, _ = in_the_window(qtbot, look, two)
    wrong = replace(two, fields=(two.fields[0], replace(two.fields[1], wrong="This is needed.")))
    view.form.fields[0].edit.setFocus()
    view.render(replace(ORDER, form=wrong))
    assert view.form.fields[0].edit.hasFocus()
    view.render(replace(ORDER, form=two))
    shown.setFocus()
    view.render(replace(ORDER, form=wrong))
    assert view.form.fields[1].edit.hasFocus()
    view.render(replace(ORDER, form=two))
    view.form.fields[0].edit.setFocus()
    qtbot.keyClick(view.form.fields[0].edit, Qt.Key.Key_Return)
    view.render(replace(ORDER, form=wrong))
    assert view.form.fields[1].edit.hasFocus()


def test_after_what_was_taken_the_next_one_begins_at_the_first_field(qtbot: QtBot, look: Look) -> None:
    two = replace(BESIDE, fields=(parts.Field("sku", "Product", "HEART"), parts.Field("quantity", "Quantity", "2")))
    view, shown, _ = in_the_window(qtbot, look, two)
    view.form.fields[1].edit.setFocus()
    view.render(replace(ORDER, form=replace(two, fields=tuple(replace(one, text="") for one in two.fields))))
    assert view.form.fields[0].edit.hasFocus() and shown.isVisible()


def test_a_wide_form_has_its_tabs_in_one_row(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    panel = FormPanel(look, told)
    qtbot.addWidget(panel)
    panel.resize(1200, 500)
    panel.show()
    tabs = tuple(parts.Tab(str(at), f"Tab {at}", chosen=at == 0) for at in range(4))
    panel.render(replace(NOTE, tabs=tabs))
    assert [len([one for one in row.buttons if not one.isHidden()]) for row in panel.tabs] == [4, 0, 0]
    panel.resize(380, 500)
    settle(panel)
    assert [len([one for one in row.buttons if not one.isHidden()]) for row in panel.tabs] == [3, 1, 0]


def test_of_a_text_that_is_too_long_the_beginning_is_seen(qtbot: QtBot, look: Look) -> None:
    view, shown, _ = in_the_window(qtbot, look, BESIDE)
    long = replace(BESIDE, fields=(parts.Field("add", "Add", "172 Hawthorn Drive, " * 9),))
    view.render(replace(ORDER, form=long))
    edit = view.form.fields[0].edit
    assert edit.cursorPosition() == 0 and shown.isVisible()
    view.form.focus_first()
    assert (edit.cursorPosition(), edit.selectedText()) == (0, long.fields[0].text)
