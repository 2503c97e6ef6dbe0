"""Orders, Stock, Office and First run in the window: keys, the pointer, and what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.presenters.state import parts, shell
from app.presenters.state.form import Notice
from app.views.first_run import FirstRunView
from app.views.kit import Look
from app.views.office import OfficeView
from app.views.orders import OrdersView
from app.views.shell import ShellWindow
from app.views.stock import StockView
from app.views.theme import ThemeName
from tests.views.desk_samples import ADDRESS, CAKE, PAGES, first_run_state, office_states, queue
from tests.views.gallery import SIZES, Recorder, settle, shoot
from tests.views.sample_parts import rail, strip


@pytest.fixture
def look(qtbot: QtBot) -> Iterator[Look]:
    made = Look(ThemeName.LIGHT, 1366)
    made.apply()
    yield made


def window(qtbot: QtBot, look: Look, name: str, view: QWidget, told: Recorder, width: int = 1366) -> ShellWindow:
    made = ShellWindow(look, told)
    qtbot.addWidget(made)
    made.add_page(name, view)
    made.render(shell.Shell(name, strip(), rail(name)))
    made.resize(width, 768)
    made.show()
    settle(made)
    return made


def test_letters_of_orders_act_and_arrows_move(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = OrdersView(look, told)
    view.render(queue())
    shown = window(qtbot, look, "orders", view, told)
    for name in ("H", "K", "F", "R", "Down", "End", "Home"):
        assert shown.key_gesture(name)
    assert told.told == [
        ("command", "PW-STOP"),
        ("command", "PW-TAKE"),
        ("command", "filter"),
        ("command", "PW-REL"),
        ("choose", "orders", "#1045", False),
        ("choose", "orders", "#1064", False),
        ("choose", "orders", "#1038", False),
    ]


def test_a_slash_goes_to_the_search_and_enter_says_what_was_typed(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = OrdersView(look, told)
    view.render(queue())
    shown = window(qtbot, look, "orders", view, told)
    assert shown.key_gesture("/")
    view.search.edit.setText("hollin")
    qtbot.keyClick(view.search.edit, Qt.Key.Key_Return)
    assert told.told == [("typed", "search", "hollin", True)]
    assert not view.search.edit.hasFocus()


def test_figures_and_tabs_are_filters(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = OrdersView(look, told)
    view.render(queue())
    shown = window(qtbot, look, "orders", view, told)
    assert shown.page is view
    qtbot.mouseClick(view.figures.buttons[2], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(view.tabs.buttons[3], Qt.MouseButton.LeftButton)
    assert told.told == [("choose", "figures", "hold", True), ("choose", "tabs", "hold", True)]


def test_the_open_form_takes_the_keys_and_shows_what_is_wrong(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = OrdersView(look, told)
    shown = window(qtbot, look, "orders", view, told)
    view.render(queue())
    view.render(queue(form=ADDRESS))
    settle(shown)
    wrong = [field.wrong.text() for field in view.form.fields if field.wrong.text()]
    assert wrong == ["The postcode “CT5” is not one of this country"]
    field = next(field for field in view.form.fields if field.state.name == "postcode")
    assert field.edit.hasFocus()
    assert not shown.key_gesture("H")
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert told.told[-1] == ("typed", "postcode", "CT5", True)
    assert shown.key_gesture("Esc")
    assert shown.key_gesture("Esc")
    assert told.told[-1] == ("command", "form-close")


def test_at_the_touch_width_the_detail_takes_the_place_of_the_list(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = OrdersView(look, told)
    view.render(queue())
    shown = window(qtbot, look, "orders", view, told, 1024)
    assert shown.page is view
    assert view.list.isVisible()
    assert not view.side.isVisible()
    view.render(queue(opened=True))
    assert not view.list.isVisible()
    assert view.side.isVisible()


def test_a_thousand_pages_are_appended_without_a_reset(qtbot: QtBot, look: Look) -> None:
    view = OrdersView(look, Recorder())
    state = queue()
    resets: list[int] = []
    view.render(state)
    view.table.model.modelReset.connect(lambda: resets.append(1))
    rows = state.table.rows
    for page in range(1, 50):
        more = tuple(parts.TableRow(f"{page}-{row.key}", row.cells) for row in state.table.rows)
        rows = (*rows, *more)
        view.render(queue(table=parts.Table("orders", state.table.columns, rows, "#1042")))
    assert view.table.model.rowCount() == 50 * len(state.table.rows)
    assert resets == []


def test_stock_commands_have_codes_and_keys(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = StockView(look, told)
    view.render(CAKE)
    shown = window(qtbot, look, "stock", view, told)
    for name in ("M", "C", "P", "R", "A"):
        assert shown.key_gesture(name)
    assert told.told == [
        ("command", "PW-MOVE"), ("command", "PW-COUNT"), ("command", "PW-SHELFLBL"), ("command", "PW-RECV"),
        ("refused", "PW-ADJ", "Needs the right “adjust stock”"),
    ]  # fmt: skip


def test_numbers_choose_a_way_in(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = FirstRunView(look, told)
    view.render(first_run_state("choosing"))
    shown = window(qtbot, look, "first_run", view, told)
    for name in ("1", "2", "D"):
        assert shown.key_gesture(name)
    assert told.told == [("key", "1"), ("key", "2"), ("command", "theme")]
    qtbot.mouseClick(view.ways[1].button, Qt.MouseButton.LeftButton)
    assert told.told[-1] == ("command", "empty")


def test_office_tabs_answer_to_digits_and_the_pointer(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = OfficeView(look, told)
    view.render(office_states()["settings"])
    shown = window(qtbot, look, "office", view, told)
    assert shown.key_gesture("3")
    assert shown.key_gesture("Enter")
    qtbot.mouseClick(view.tabs.buttons[4], Qt.MouseButton.LeftButton)
    assert told.told == [("key", "3"), ("command", "setting-edit"), ("choose", "tabs", "people", True)]


@pytest.mark.parametrize("scale", [1.0, 1.3])
def test_office_tabs_give_up_air_before_their_keys(qtbot: QtBot, scale: float) -> None:
    look, told = Look(ThemeName.LIGHT, 1366, scale), Recorder()
    look.apply()
    view = OfficeView(look, told)
    view.render(office_states()["settings"])
    shown = window(qtbot, look, "office", view, told)
    buttons = view.tabs.buttons
    assert shown.isVisible()
    assert {button.tight for button in buttons} == {scale > 1}
    assert [(button.counts, button.state.press) for button in buttons] == [(True, str(at % 10)) for at in range(1, 11)]
    assert buttons[-1].geometry().right() <= view.tabs.width()


@pytest.mark.parametrize("name", sorted(PAGES))
@pytest.mark.parametrize(("width", "theme", "scale"), [(1024, "dark", 1.3), (1366, "light", 1.3), (1920, "dark", 1.0)])
def test_every_page_is_drawn_at_every_size(qtbot: QtBot, name: str, width: int, theme: str, scale: float) -> None:
    image = shoot(PAGES[name], width, theme, scale)
    assert image.width() >= width
    assert len({image.pixel(x, y) for x in range(0, image.width(), 37) for y in range(0, image.height(), 41)}) > 8


def test_end_and_home_are_asked_for_where_they_are_not_read_yet(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = OrdersView(look, told)
    shown = window(qtbot, look, "orders", view, told)
    view.render(queue(has_end=True, earlier=True))
    settle(shown)
    told.told.clear()
    view.render(queue(has_end=True, earlier=True, table=replace(queue().table, chosen="#1038")))
    for name in ("End", "Home", "Up"):
        assert shown.key_gesture(name)
    assert told.told == [("key", "End"), ("key", "Home"), ("more", "orders-earlier")]


def test_rows_that_come_before_push_nothing_away(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = OrdersView(look, told)
    shown = window(qtbot, look, "orders", view, told)
    view.render(queue(earlier=True))
    settle(shown)
    rows = queue().table.rows
    more = tuple(parts.TableRow(f"before-{row.key}", row.cells) for row in rows)
    view.render(queue(table=replace(queue().table, rows=(*more, *rows))))
    assert view.table.view.rowAt(1) == len(rows)


@pytest.mark.parametrize("width", [1024, 1366, 1920])
def test_a_notice_moves_no_control_of_orders(qtbot: QtBot, look: Look, width: int) -> None:
    told = Recorder()
    view = OrdersView(look, told)
    view.render(queue())
    shown = window(qtbot, look, "orders", view, told, width)
    before = (view.search.mapToGlobal(view.search.pos()), view.table.size(), view.detail.foot.y())
    view.render(replace(queue(), notice=Notice("#1042 is on hold", parts.Family.WARN, "pause-circle", "Why", ())))
    settle(shown)
    assert view.notice.isVisible()
    assert (view.search.mapToGlobal(view.search.pos()), view.table.size(), view.detail.foot.y()) == before
    view.render(queue())
    settle(shown)
    assert (view.notice.isVisible(), view.figures.isVisible()) == (False, True)


def test_tabs_give_up_their_counts_before_their_words(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = OrdersView(look, told)
    found = parts.Tab("other", "Found: marlow and finch gifts of bath", chosen=True)
    tabs = tuple(replace(tab, chosen=False) for tab in queue().tabs)
    view.render(replace(queue(), tabs=(*tabs, found)))
    shown = window(qtbot, look, "orders", view, told)
    buttons = view.tabs.buttons
    assert [button.counts for button in buttons] == [False] * 7
    for button in buttons[:6]:
        assert button.width() >= button.sizeHint().width()
    assert buttons[6].geometry().right() < view.tabs.width()
    view.render(queue())
    settle(shown)
    assert [button.counts for button in view.tabs.buttons[:6]] == [True] * 6


def test_a_page_that_comes_takes_no_keys_by_itself(qtbot: QtBot, look: Look) -> None:
    """A button that goes with its page has the focus; the search of the next page must not get it."""
    told = Recorder()
    first, view = FirstRunView(look, told), OrdersView(look, told)
    first.render(first_run_state("done"))
    view.render(queue())
    shown = window(qtbot, look, "first_run", first, told)
    shown.add_page("orders", view)
    first.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    shown.render(shell.Shell("orders", strip(), rail("orders")))
    settle(shown)
    assert QApplication.focusWidget() is shown
    assert shown.key_gesture("R")
    assert told.told == [("command", "PW-REL")]


@pytest.mark.parametrize("width", [1024, 1366, 1920])
@pytest.mark.parametrize("scale", [1.0, 1.15, 1.3])
def test_no_tick_of_the_first_run_is_lost(qtbot: QtBot, look: Look, width: int, scale: float) -> None:
    look.set_text_scale(scale)
    view = FirstRunView(look, Recorder())
    view.render(first_run_state("choosing"))
    shown = ShellWindow(look, Recorder())
    qtbot.addWidget(shown)
    shown.add_page("first_run", view)
    shown.render(shell.Shell("first_run", strip()))
    shown.resize(*SIZES[width])
    shown.show()
    settle(shown)
    for card in view.ways:
        _, wide, room = card.ticks_at()
        ticks = card.ticks(wide, room)
        assert len(ticks) == len(card.state.ticks)
        assert sum(tick.height + 8 for tick in ticks) - 8 <= room


def test_arrows_move_in_the_list_whatever_has_the_focus(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = OrdersView(look, told)
    view.render(queue())
    shown = window(qtbot, look, "orders", view, told)
    view.filter.setFocus(Qt.FocusReason.TabFocusReason)
    assert QApplication.focusWidget() is view.filter
    qtbot.keyClick(view.filter, Qt.Key.Key_Down)
    assert told.told == [("choose", "orders", "#1045", False)]
    assert shown.page is view


def test_a_form_that_goes_leaves_the_keyboard_to_the_window(qtbot: QtBot, look: Look) -> None:
    states, told = office_states(), Recorder()
    view = OfficeView(look, told)
    view.render(states["receiving"])
    shown = window(qtbot, look, "office", view, told)
    assert shown.key_gesture("/")
    assert QApplication.focusWidget() is view.form.fields[0].edit
    view.render(states["holds"])
    settle(shown)
    assert QApplication.focusWidget() is shown
    assert shown.key_gesture("Down")
    assert told.told[0][:2] == ("choose", "holds")


def test_a_saved_form_of_an_order_leaves_no_button_for_enter_to_press(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = OrdersView(look, told)
    view.render(queue())
    shown = window(qtbot, look, "orders", view, told)
    view.render(queue(form=ADDRESS))
    settle(shown)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    view.render(queue())
    settle(shown)
    assert QApplication.focusWidget() is shown


def test_a_booked_correction_leaves_the_letters_to_the_buttons_of_stock(qtbot: QtBot, look: Look) -> None:
    told = Recorder()
    view = StockView(look, told)
    view.render(CAKE)
    shown = window(qtbot, look, "stock", view, told)
    view.render(replace(CAKE, form=ADDRESS))
    settle(shown)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    view.render(CAKE)
    settle(shown)
    assert QApplication.focusWidget() is shown
    assert shown.key_gesture("M")
    assert told.told == [("command", "PW-MOVE")]
