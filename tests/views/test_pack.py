"""The pack screen: every state says the right words, keeps its places, and answers the right keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.presenters.state import pack
from app.presenters.state.parts import Family
from app.views.kit import Look
from app.views.pack import PackView
from app.views.theme import ThemeName
from tests.views import samples
from tests.views.gallery import Recorder, settle, shoot


@pytest.fixture
def told() -> Recorder:
    return Recorder()


@pytest.fixture
def view(qapp: QApplication, told: Recorder) -> Iterator[PackView]:
    look = Look()
    look.apply()
    made = PackView(look, told)
    made.resize(1290, 730)
    made.show()
    yield made
    made.close()


def spoken(widget: QWidget) -> str:
    """All that a screen reader finds in what is shown."""
    shown = [w for w in (widget, *widget.findChildren(QWidget)) if w.isVisibleTo(widget)]
    return " | ".join(f"{w.accessibleName()} {w.accessibleDescription()}" for w in shown)


WORDS = {
    "pack-idle": ["Scan a tote, or a pick list", "Nothing scanned yet", "Next for you"],
    "03-pack": [
        "Scan the next item",
        "7 of 11 packed",
        "#1042",
        "Tote T-0117",
        "Gift. No prices in the parcel.",
        "Right. Counted. WHITE HANGING HEART",
        "Carton C",
        "Agrees",
        "4 units still to scan",
    ],
    "04-wrong": [
        "Wrong item. Put it aside.",
        "In your hand: ALARM CLOCK BAKELIKE GREEN 22726",
        "Closest line of this order: ALARM CLOCK BAKELIKE RED 22727",
        "#1051 needs one, tote T-0130.",
        "Put the green clock in the wrong-item tray",
        "1 scan refused since.",
        "#1042",
    ],
    "05-over": [
        "Too many. Take 1 out.",
        "One too many: WHITE HANGING HEART",
        "Put the 4th back in tote T-0117",
        "#1042",
    ],
    "06-complete": [
        "Order complete. Label is out.",
        "Stick the label on",
        "T-0121",
        "Nothing left to ship",
        "NW 2044 1738 0 GB",
    ],
    "07-stopped": [
        "Stop. Order #1042 is cancelled.",
        "Customer rang, ordered twice.",
        "Take 7 units out of the carton",
        "No label was bought.",
    ],
    "08-paper": ["Printer is out of labels", "Printer says: paper out", "Parcel 1 has no label on it yet", "#1042"],
    "pack-note": ["Read this first", "Note for this product: REGENCY CAKESTAND 3 TIER 22423"],
    "pack-asking": ["Which do you mean?", "ALARM CLOCK BAKELIKE RED 22727, 1", "Carton E"],
    "pack-storing": ["Storing WHITE HANGING HEART"],
    "pack-typing": ["Weight, g"],
}


@pytest.mark.parametrize("name", list(WORDS))
def test_each_state_says_its_words(view: PackView, name: str) -> None:
    view.render(samples.STATES[name])
    settle(view)
    said = spoken(view)
    for words in WORDS[name]:
        assert words in said


def test_every_state_has_a_test_of_its_words() -> None:
    assert set(WORDS) == set(samples.STATES)


@pytest.mark.parametrize("theme", list(ThemeName))
@pytest.mark.parametrize("name", list(samples.STATES))
def test_each_state_is_painted_in_both_themes_and_all_sizes(qapp: QApplication, name: str, theme: ThemeName) -> None:
    solid = Look(theme).family(samples.STATES[name].banner.family).solid
    for width in (1024, 1366, 1920):
        image = shoot(samples.PAGES[name], width, theme)
        assert image.pixelColor(width // 2, 4).name() == solid.lower()


def test_the_banner_header_and_bars_keep_their_places(view: PackView) -> None:
    tops = {}
    for name in ("04-wrong", "05-over", "07-stopped", "08-paper"):
        view.render(samples.STATES[name])
        settle(view)
        tops[name] = (view.banner.y(), view.banner.height(), view.header.y(), view.header.height())
    assert set(tops.values()) == {(0, 132, 132, 66)}


@pytest.mark.parametrize("name", ["04-wrong", "05-over", "07-stopped", "pack-note"])
def test_a_blocking_state_shows_the_ack_bar_in_place_of_commands(view: PackView, told: Recorder, name: str) -> None:
    view.render(samples.STATES[name])
    assert not view.ack.isHidden()
    assert view.foot.isHidden()
    assert samples.STATES[name].frame is samples.STATES[name].banner.family
    for key in ("N", "U", "M", "1"):
        view.press(key)
    assert told.told == [("key", "N"), ("key", "U"), ("key", "M"), ("key", "1")]


def test_a_paper_out_blocks_nothing_but_is_framed(view: PackView) -> None:
    view.render(samples.WAITING)
    assert view.ack.isHidden()
    assert not view.foot.isHidden()
    assert samples.WAITING.frame is Family.WARN


def test_keys_press_commands_and_choices(view: PackView, told: Recorder) -> None:
    view.render(samples.PACKING)
    view.press("U")
    view.press("L")
    view.press("2")
    view.press("Enter")
    view.render(samples.ASKING)
    view.press("2")
    assert told.told == [
        ("command", "PW-UNDO"),
        ("refused", "PW-CLOSE", "4 units still to scan"),
        ("key", "2"),
        ("key", "Enter"),
        ("command", "PW-2"),
    ]


def test_the_list_of_totes_answers_to_keys(view: PackView, told: Recorder) -> None:
    view.render(samples.IDLE)
    view.press("Down")
    view.press("Enter")
    assert told.told == [("choose", "totes", "T-0122", False), ("choose", "totes", "T-0122", True)]


def test_a_touch_on_a_carton_is_its_key(view: PackView, told: Recorder) -> None:
    view.render(samples.PACKING)
    body = view.body()
    assert body is not None
    body.carton.buttons[2].click()  # type: ignore[attr-defined]
    assert told.told == [("key", "3")]


def test_bodies_are_made_once(view: PackView) -> None:
    for state in (samples.PACKING, samples.WRONG, samples.PACKING, samples.WRONG):
        view.render(state)
    assert view.stack.count() == 2


def test_painting_reads_nothing(view: PackView, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once its pictures are kept, a screen is painted without a file or a database."""
    view.render(samples.PACKING)
    view.grab()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("read while painting")

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("pathlib.Path.open", refuse)
    monkeypatch.setattr("pathlib.Path.read_text", refuse)
    monkeypatch.setattr("app.views.kit.look.load_picture", refuse)
    monkeypatch.setattr(sqlite3, "connect", refuse)
    assert not view.grab().isNull()


def test_the_theme_changes_while_it_is_shown(view: PackView) -> None:
    view.render(samples.PACKING)
    settle(view)
    view.look.set_theme(ThemeName.DARK)
    settle(view)
    assert view.grab().toImage().pixelColor(600, 4).name() == view.look.theme["accentSolid"].lower()
    view.look.set_text_scale(1.3)
    view.look.set_width(1024)
    view.resize(960, 730)
    settle(view)
    assert view.banner.height() == 86


def test_a_state_knows_its_frame() -> None:
    assert samples.PACKING.frame is None
    assert isinstance(samples.PACKING.body, pack.Packing)
