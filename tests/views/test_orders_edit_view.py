"""A form that stands beside its list: the letters of the page and the arrows of the list go on working."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.presenters.state import parts
from app.presenters.state.form import Form
from app.views.kit import Look
from app.views.orders_sheet import SheetView
from app.views.theme import ThemeName
from tests.views.gallery import Recorder
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
