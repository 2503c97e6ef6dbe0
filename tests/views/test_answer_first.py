"""A station paints what answers a scan first, and the cards beside it in the next turn of the loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from app.presenters.state import pack
from app.views.kit import Look
from app.views.pack import PackView
from app.views.pack_bodies import CompleteBody, PackingBody
from tests.views import samples
from tests.views.gallery import Recorder, settle

ORDER = samples.PACKING
SEALED = samples.COMPLETE


@pytest.fixture
def view(qapp: QApplication) -> Iterator[PackView]:
    look = Look()
    look.apply()
    made = PackView(look, Recorder(), answer_first=True)
    made.resize(1290, 730)
    made.show()
    made.render(ORDER)
    settle(made)
    yield made
    made.close()


def counted(packed: str) -> pack.Pack:
    """The state after one more unit of the first line."""
    assert isinstance(ORDER.body, pack.Packing)
    rows = ORDER.body.lines.rows
    lines = replace(ORDER.body.lines, rows=(replace(rows[0], packed=packed), *rows[1:]))
    return replace(ORDER, body=replace(ORDER.body, panel=replace(ORDER.body.panel, count=packed), lines=lines))


def test_the_panel_tells_an_item_before_its_line_does(view: PackView) -> None:
    body, state = view.body(), counted("9")
    assert isinstance(body, PackingBody)
    assert isinstance(state.body, pack.Packing)
    before = body.lines.model.rows

    view.render(state)

    assert body.panel.state.count == "9"
    assert body.lines.model.rows == before
    settle(view)
    assert body.lines.model.rows == state.body.lines.rows


def test_the_newest_state_is_drawn_where_two_come_at_once(view: PackView) -> None:
    body, last = view.body(), counted("9")
    assert isinstance(body, PackingBody)
    assert isinstance(last.body, pack.Packing)

    view.render(counted("8"))
    view.render(last)
    settle(view)

    assert body.lines.model.rows == last.body.lines.rows


def test_cards_of_another_order_are_not_painted_beside_the_answer(view: PackView) -> None:
    view.render(SEALED)
    settle(view)

    view.render(ORDER)

    body = view.body()
    assert isinstance(body, PackingBody)
    assert [part.updatesEnabled() for part in (view.banner, view.header, body.panel)] == [True, True, True]
    assert [part.updatesEnabled() for part in (body.card, body.carton)] == [False, False]
    QCoreApplication.processEvents()
    assert [part.updatesEnabled() for part in (body.card, body.carton)] == [True, True]


def test_the_banner_says_that_the_parcel_is_sealed_before_its_body_is_shown(view: PackView) -> None:
    view.render(SEALED)

    assert view.banner.state == SEALED.banner
    assert isinstance(view.stack.currentWidget(), PackingBody)
    assert not view.stack.updatesEnabled()
    settle(view)
    assert isinstance(view.stack.currentWidget(), CompleteBody)
    assert view.stack.updatesEnabled()


def test_an_order_that_is_opened_at_once_behind_a_sealed_one_shows_its_panel(view: PackView) -> None:
    view.render(SEALED)
    view.render(counted("1"))

    body = view.body()
    assert isinstance(body, PackingBody)
    assert (body.panel.state.count, view.stack.updatesEnabled()) == ("1", True)


def test_the_whole_picture_is_the_one_that_is_painted_at_once(view: PackView) -> None:
    view.render(SEALED)
    settle(view)
    view.render(ORDER)
    settle(view)
    whole = PackView(view.look, Recorder())
    whole.resize(view.size())
    whole.show()
    whole.render(ORDER)
    settle(whole)
    for one in (view, whole):  # a frame around the button that has the keyboard is no part of a state
        if (focused := one.focusWidget()) is not None:
            focused.clearFocus()

    assert view.grab().toImage() == whole.grab().toImage()
    whole.close()


def test_keys_mean_the_new_state_at_once(view: PackView) -> None:
    view.render(SEALED)

    assert [one.code for one in view.keyed()] == [one.code for one in SEALED.commands.commands]


def test_a_picture_is_taken_of_the_whole_page(view: PackView) -> None:
    view.render(SEALED)

    view.whole()

    assert isinstance(view.stack.currentWidget(), CompleteBody)
    assert view.stack.updatesEnabled()
    assert view.commands is not None
