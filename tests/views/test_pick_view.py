"""The pick screen as it is drawn: codes that decode, keys, words for screen readers, both themes and all widths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from app.presenters.pick import pick_state
from app.presenters.state import pick
from app.views.kit import Look
from app.views.pick import PickView
from app.views.pick_bodies import AssignBody, IdleBody, StopBody, TooFewBody
from app.views.theme import ThemeName
from tests.presenters.pick_builders import MODELS, NOW, ZONE
from tests.views.gallery import SIZES, Recorder, settle, shoot
from tests.views.kit.test_parts import decode
from tests.views.pick_samples import PAGES


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    made = Look()
    made.apply()
    yield made


def view(look: Look, name: str, width: int = 1366) -> tuple[PickView, Recorder]:
    look.set_width(width)
    told = Recorder()
    made = PickView(look, told)
    made.resize(SIZES[width][0] - look.metrics.rail, SIZES[width][1] - look.metrics.strip)
    made.render(pick_state(MODELS[name], NOW, ZONE))
    made.show()
    settle(made)
    return made, told


@pytest.mark.parametrize("theme", list(ThemeName))
@pytest.mark.parametrize("name", list(PAGES))
def test_every_state_is_drawn_in_both_themes(qapp: QApplication, name: str, theme: str) -> None:
    assert shoot(PAGES[name], 1366, theme).width() == 1366


@pytest.mark.parametrize("width", [1024, 1920])
@pytest.mark.parametrize("name", list(PAGES))
def test_every_state_fits_the_other_widths(look: Look, name: str, width: int) -> None:
    page, _ = view(look, name, width)
    body = page.body()
    assert body is not None
    assert body.minimumSizeHint().width() <= page.width()
    assert body.minimumSizeHint().height() <= page.stack.height()


def test_the_codes_of_commands_decode_from_the_screen_and_a_locked_one_has_none(look: Look) -> None:
    page, _ = view(look, "09-pick")
    assert decode(page.grab().toImage()) == {"PW-SHORT", "PW-SKIP", "PW-BACK", "PW-ASIDE"}
    short, _ = view(look, "10-short")
    assert decode(short.grab().toImage()) == {
        "PW-EMPTY", "PW-DAMAGED", "PW-OTHER", "PW-REACH", "PW-ELSE", "PW-LATER", "PW-FOUND", "PW-BACK",
    }  # fmt: skip


def test_keys_press_the_commands_and_a_locked_one_answers_with_its_reason(look: Look) -> None:
    page, told = view(look, "09-pick")
    for key in ("S", "Esc", "E", "M"):
        page.press(key)
    assert told.told == [
        ("command", "PW-SHORT"), ("command", "PW-BACK"), ("refused", "PW-END", "8 stops left"), ("key", "M"),
    ]  # fmt: skip


def test_keys_answer_why_too_few(look: Look) -> None:
    page, told = view(look, "10-short")
    for key in ("1", "4", "E", "L", "F"):
        page.press(key)
    assert [what[1] for what in told.told] == ["PW-EMPTY", "PW-REACH", "PW-ELSE", "PW-LATER", "PW-FOUND"]


def test_while_it_blocks_only_the_presenter_answers(look: Look) -> None:
    page, told = view(look, "pick-wrong-item")
    for key in ("S", "K", "Enter"):
        page.press(key)
    assert told.told == [("key", "S"), ("key", "K"), ("key", "Enter")]
    assert page.ack.isVisible()
    assert not page.commands.isVisible()
    assert decode(page.grab().toImage()) == {"PW-OK"}


def test_the_idle_list_is_moved_and_opened_by_keys(look: Look) -> None:
    page, told = view(look, "pick-idle")
    for key in ("Down", "Enter", "N"):
        page.press(key)
    assert told.told == [
        ("choose", "pick_lists", "PL-0232", False), ("choose", "pick_lists", "PL-0232", True), ("command", "PW-START"),
    ]  # fmt: skip
    assert isinstance(page.body(), IdleBody)


def test_on_the_narrow_screen_the_plan_opens_with_its_key_over_the_cards(look: Look) -> None:
    page, told = view(look, "09-pick", 1024)
    body = page.body()
    assert isinstance(body, StopBody)
    assert (body.where.isVisible(), body.take.isVisible(), body.walk.isVisible()) == (True, True, False)
    page.press("M")
    assert told.told == [("command", "PW-MAP")]
    page.render(pick_state(replace(MODELS["09-pick"], map_open=True), NOW, ZONE))
    assert (body.where.isVisible(), body.take.isVisible(), body.walk.isVisible()) == (False, False, True)
    look.set_width(1366)
    assert (body.where.isVisible(), body.take.isVisible(), body.walk.isVisible()) == (True, True, True)
    assert not body.map_button.isVisible()


def test_the_parts_say_themselves_to_screen_readers(look: Look) -> None:
    page, _ = view(look, "09-pick")
    body = page.body()
    assert isinstance(body, StopBody)
    assert body.where.accessibleName() == "A-03-12-2"
    assert body.where.accessibleDescription() == "Zone A, Aisle 03, Bay 12, Level 2"
    assert body.take.accessibleName() == "Take: WHITE HANGING HEART T-LIGHT HOLDER 85123A"
    assert body.take.accessibleDescription().strip() == "3 units"
    assert body.cart.accessibleName() == "2 T-0117"
    assert body.walk.plan.accessibleName().startswith("Plan of the walk. Next stops: A-03-07-1")
    short, _ = view(look, "10-short")
    too_few = short.body()
    assert isinstance(too_few, TooFewBody)
    assert too_few.short.found.accessibleDescription().startswith("2 of 3 found. 2 go in slot 2")
    totes, _ = view(look, "pick-totes")
    assign = totes.body()
    assert isinstance(assign, AssignBody)
    assert assign.where.accessibleName() == "Scan a tote for slot 5"


def test_a_state_of_another_kind_takes_another_body_and_the_first_is_kept(look: Look) -> None:
    page, _ = view(look, "09-pick")
    first = page.body()
    page.render(pick_state(MODELS["10-short"], NOW, ZONE))
    assert isinstance(page.state.body if page.state else None, pick.Short)
    page.render(pick_state(MODELS["09-pick"], NOW, ZONE))
    assert page.body() is first
