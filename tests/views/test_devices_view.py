"""The devices screen as it is drawn: live cards, the test code, keys, both themes and all widths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from app.views.devices import DevicesView
from app.views.devices_cards import DeviceCardView
from app.views.kit import Look
from app.views.theme import ThemeName
from tests.presenters.devices_builders import SCALE
from tests.views.devices_samples import ALL, PAGES, STATES, made
from tests.views.gallery import SIZES, Recorder, settle, shoot
from tests.views.kit.test_parts import decode


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    look = Look()
    look.apply()
    yield look


def view(look: Look, name: str, width: int = 1366) -> tuple[DevicesView, Recorder]:
    look.set_width(width)
    told = Recorder()
    page = DevicesView(look, told)
    page.resize(SIZES[width][0] - look.metrics.rail, SIZES[width][1] - look.metrics.strip)
    page.render(STATES[name])
    page.show()
    settle(page)
    return page, told


@pytest.mark.parametrize("width", [1024, 1366, 1920])
@pytest.mark.parametrize("theme", list(ThemeName))
@pytest.mark.parametrize("name", list(PAGES))
def test_every_state_is_drawn_in_both_themes_and_all_widths(
    qapp: QApplication, name: str, theme: str, width: int
) -> None:
    assert shoot(PAGES[name], width, theme).width() == width


def test_all_codes_of_the_page_decode_and_the_doctor_opens_by_its_key(look: Look) -> None:
    page, told = view(look, "12-devices")
    assert decode(page.grab().toImage()) == {"PW-DEV", "DV-FIND", "DV-PRINTER", "PW-DOCTOR", "DV-EXPORT"}
    page.press("D")
    assert told.told == [("command", "PW-DOCTOR")]


@pytest.mark.parametrize(("name", "codes"), [("devices-found", "1234"), ("devices-printer", "123456789")])
def test_the_codes_of_a_panel_decode(look: Look, name: str, codes: str) -> None:
    page, _ = view(look, name, 1920)
    wanted = {f"PW-{digit}" for digit in codes} | {"PW-BACK"}
    assert wanted <= decode(page.grab().toImage())


def test_keys_print_a_test_label_write_the_log_and_choose(look: Look) -> None:
    page, told = view(look, "12-devices")
    for key in ("T", "R", "X", "F", "M", "Z", "E", "Down", "Up"):
        page.press(key)
    assert told.told == [
        ("command", "devices:test:tcp://10.0.4.31:9100?language=zpl"),
        ("command", "devices:reprint:tcp://10.0.4.31:9100?language=zpl"),
        ("command", "DV-EXPORT"),
        ("command", "DV-FIND"),
        ("command", "DV-PRINTER"),
        ("command", "PW-ZERO"),
        ("command", "PW-TARE"),
        ("command", "devices:next"),
        ("command", "devices:previous"),
    ]


def test_digits_choose_in_the_panel_and_esc_closes_it(look: Look) -> None:
    page, told = view(look, "devices-found")
    for key in ("1", "3", "Esc"):
        page.press(key)
    assert told.told == [("command", "PW-1"), ("command", "PW-3"), ("command", "PW-BACK")]
    assert (page.panel.isVisible(), page.test.isVisible(), page.log_card.isVisible()) == (True, False, False)
    page.render(STATES["12-devices"])
    assert (page.panel.isVisible(), page.test.isVisible(), page.log_card.isVisible()) == (False, True, True)
    told.told.clear()
    page.press("1")
    assert told.told == [("key", "1")]


def test_what_may_not_be_done_says_why(look: Look) -> None:
    page, told = view(look, "devices-found-packer")
    page.press("1")
    assert told.told == [("refused", "PW-1", "For a lead or an administrator")]


@pytest.mark.parametrize("width", [1024, 1366, 1920])
def test_large_text_cuts_no_finding_of_the_test_scan(look: Look, width: int) -> None:
    look.set_text_scale(1.3)
    page, _ = view(look, "devices-garbled", width)
    test = page.test
    assert test.height() >= look.metrics.card_head + 126 + test.row_height()


def test_cards_stand_in_two_columns_and_in_one_on_the_narrow_screen(look: Look) -> None:
    page, _ = view(look, "12-devices")
    first, second = page.cards[0], page.cards[1]
    assert (first.y() == second.y(), first.x() < second.x()) == (True, True)
    narrow, _ = view(look, "12-devices", 1024)
    assert (narrow.cards[0].x() == narrow.cards[1].x(), narrow.cards[0].y() < narrow.cards[1].y()) == (True, True)


def test_a_device_that_goes_leaves_no_card_behind(look: Look) -> None:
    page, _ = view(look, "12-devices")
    page.render(made(*ALL[:2]))
    assert [card.isVisible() for card in page.cards] == [True, True, False, False]
    page.render(STATES["devices-none"])
    assert [card.isVisible() for card in page.cards] == [False] * 4


def test_a_card_says_itself_to_screen_readers(look: Look) -> None:
    page, _ = view(look, "12-devices")
    assert page.cards[0].accessibleName() == "Scanner, Ready"
    assert "GTIN 05012345678900" in page.cards[0].accessibleDescription()
    assert page.cards[1].accessibleDescription().startswith("0.2 s ago, 1\u00a0794 g")


@pytest.mark.parametrize("width", [1024, 1366, 1920])
def test_words_never_run_into_the_buttons_of_a_card(look: Look, width: int) -> None:
    """A scale in trouble has two lines more: what has no room left is not painted over."""
    look.set_width(width)
    (card,) = made(SCALE).cards
    silent = "The scale says nothing. Check that it is switched on, its cable, and the protocol in its address."
    shown = DeviceCardView(look, Recorder())
    shown.render(replace(card, trouble=silent, note="Lately 239 g to 922 g"))
    shown.resize(430, shown.minimumHeight())
    shown.show()
    settle(shown)
    image = shown.grab().toImage()
    top = min(button.y() for button in shown.buttons if button.isVisible())
    between = {image.pixel(x, y) for x in range(20, 400) for y in range(top - 5, top - 1)}
    assert len(between) == 1
