"""The returns screen as it is drawn: codes that decode, keys, words for screen readers, both themes and all widths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.presenters.returns import returns_state
from app.views.kit import Look
from app.views.returns import InspectBody, ReturnsView
from app.views.theme import ThemeName
from tests.presenters.returns_builders import MODELS, NOW, ZONE
from tests.views.gallery import SIZES, Recorder, settle, shoot
from tests.views.kit.test_parts import decode
from tests.views.returns_samples import PAGES


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    made = Look()
    made.apply()
    yield made


def view(look: Look, name: str, width: int = 1366) -> tuple[ReturnsView, Recorder]:
    look.set_width(width)
    told = Recorder()
    made = ReturnsView(look, told)
    made.resize(SIZES[width][0] - look.metrics.rail, SIZES[width][1] - look.metrics.strip)
    made.render(returns_state(MODELS[name], NOW, ZONE))
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


@pytest.mark.parametrize("width", [1024, 1366, 1920])
def test_the_codes_of_all_answers_decode_and_a_locked_one_has_none(look: Look, width: int) -> None:
    page, _ = view(look, "11-returns", width)
    found = decode(page.grab().toImage())
    assert found >= {
        "PW-GR-A", "PW-GR-B", "PW-GR-C", "PW-GR-D", "PW-FAULT", "PW-WRONG", "PW-MIND", "PW-TRANS", "PW-QUAR", "PW-FIX",
        "PW-SCRAP", "PW-BACK", "PW-FOREIGN",
    }  # fmt: skip
    assert not found & {"PW-RESTOCK", "PW-REFUND"}


def test_numbers_answer_the_decision_that_is_asked_now(look: Look) -> None:
    page, told = view(look, "returns-grade")
    page.press("2")
    page, more = view(look, "11-returns")
    for key in ("2", "1", "X", "V", "R"):
        page.press(key)
    assert told.told == [("command", "PW-GR-B")]
    assert more.told == [
        ("command", "PW-QUAR"), ("refused", "PW-RESTOCK", "Is faulty"), ("command", "PW-FOREIGN"),
        ("command", "PW-VENDOR"), ("refused", "PW-REFUND", "2 units still to decide"),
    ]  # fmt: skip


def test_while_it_blocks_only_the_presenter_answers(look: Look) -> None:
    page, told = view(look, "returns-not-sold")
    page.press("X")
    page.press("Enter")
    assert told.told == [("key", "X"), ("key", "Enter")]
    assert decode(page.grab().toImage()) == {"PW-OK"}


def test_the_idle_list_is_opened_by_keys(look: Look) -> None:
    page, told = view(look, "returns-idle")
    page.press("Down")
    page.press("Enter")
    assert told.told == [("choose", "returns", "RMA-0390", False), ("choose", "returns", "RMA-0390", True)]


@pytest.mark.parametrize(("width", "scale"), [(1024, 1.0), (1366, 1.3)])
def test_the_sold_lines_fold_into_a_row_of_pictures_where_there_is_no_room(
    look: Look, width: int, scale: float
) -> None:
    page, _ = view(look, "11-returns", width)
    look.set_text_scale(scale)
    settle(page)
    body = page.body()
    assert isinstance(body, InspectBody)
    assert body.sold.height() == 76
    assert body.sold.width() > body.unit.width()
    look.set_text_scale(1.0)


def test_the_parts_say_themselves_to_screen_readers(look: Look) -> None:
    page, _ = view(look, "11-returns")
    body = page.body()
    assert isinstance(body, InspectBody)
    assert body.hand.accessibleName() == "ALARM CLOCK BAKELIKE RED 22727"
    assert body.refund.accessibleName() == "Refund proposal: 12.75 GBP"
    assert body.groups[2].buttons[0].accessibleDescription() == "Is faulty"
    assert body.groups[2].buttons[1].accessibleName() == "Quarantine Q-02, 2"
    assert body.sold.accessibleDescription().endswith("The cake stand is a second present.”")


def test_the_sold_lines_come_back_when_there_is_room_again(look: Look) -> None:
    page, _ = view(look, "11-returns", 1024)
    look.set_width(1366)
    page.resize(SIZES[1366][0] - look.metrics.rail, SIZES[1366][1] - look.metrics.strip)
    settle(page)
    body = page.body()
    assert isinstance(body, InspectBody)
    assert (body.sold.width(), body.sold.height()) == (284, body.unit.height())


@pytest.mark.parametrize("width", [1024, 1366, 1920])
@pytest.mark.parametrize("name", list(PAGES))
def test_every_state_fits_large_type(look: Look, name: str, width: int) -> None:
    look.set_text_scale(1.3)
    page, _ = view(look, name, width)
    body = page.body()
    assert body is not None
    assert body.minimumSizeHint().height() <= page.stack.height()
    assert body.minimumSizeHint().width() <= page.width()
