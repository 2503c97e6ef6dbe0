"""The colours: every pair of the screens' table holds its need in both themes, and Qt is told the tokens."""

from __future__ import annotations

import json

import pytest
from PySide6.QtGui import QPalette

from app.views.metrics import Width, metrics_for
from app.views.theme import ThemeName, contrast, load_theme, palette, style_sheet
from tests.shared_data import shared

FAMILIES = ("accent", "ok", "complete", "warn", "wrong", "over")
PAIRS = [
    *(("text", ground, 7.0) for ground in ("bg", "surface", "sunken")),
    *((ink, ground, 4.5) for ink in ("text2", "text3") for ground in ("bg", "surface", "sunken")),
    ("frameText", "frame", 7.0),
    ("frameText2", "frame", 4.5),
    ("frameText", "frameHover", 7.0),
    *((ink, ground, 3.0) for ink in ("lineStrong", "focus") for ground in ("surface", "bg")),
    *((f"{f}On", f"{f}Solid", 4.5) for f in FAMILIES),
    *((f"{f}Text", ground, 4.5) for f in FAMILIES for ground in ("surface", f"{f}Soft")),
    *(("text", f"{f}Soft", 7.0) for f in FAMILIES),
    *(("text2", f"{f}Soft", 4.5) for f in FAMILIES),
    *((f"{f}Line", "surface", 3.0) for f in FAMILIES),
    ("frameOk", "frame", 3.0),
    ("frameText", "frameBad", 4.5),
    ("accentInk", "plate", 4.5),
    ("warnSolid", "frame", 3.0),
    ("plateInk", "plate", 7.0),
]


@pytest.mark.parametrize("name", list(ThemeName))
@pytest.mark.parametrize(("ink", "ground", "need"), PAIRS, ids=lambda x: str(x))
def test_each_pair_of_the_table_has_its_contrast(name: ThemeName, ink: str, ground: str, need: float) -> None:
    theme = load_theme(name)
    assert contrast(theme[ink], theme[ground]) >= need


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#1F4BD8", "#FFFFFF") == pytest.approx(6.9, abs=0.05)


def test_the_tokens_are_those_of_the_drawings() -> None:
    drawn = json.loads(shared("screens/src/tokens.json").read_text(encoding="utf-8"))
    for name in ThemeName:
        assert dict(load_theme(name).colours) == drawn[name]


def test_both_themes_have_the_same_tokens() -> None:
    assert load_theme(ThemeName.LIGHT).colours.keys() == load_theme(ThemeName.DARK).colours.keys()


def test_the_palette_is_set_from_the_tokens() -> None:
    theme = load_theme(ThemeName.DARK)
    made = palette(theme)
    assert made.color(QPalette.ColorRole.Window).name().upper() == theme["bg"]
    assert made.color(QPalette.ColorRole.Highlight).name().upper() == theme["accentSolid"]
    disabled = made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled.name().upper() == theme["text2"]


def test_the_style_sheet_has_no_place_left_open() -> None:
    for name in ThemeName:
        sheet = style_sheet(load_theme(name), metrics_for(1366))
        assert "@" not in sheet
        assert load_theme(name)["focus"] in sheet


@pytest.mark.parametrize(
    ("pixels", "layout"), [(800, 1024), (1199, 1024), (1200, 1366), (1599, 1366), (1600, 1920), (3840, 1920)]
)
def test_the_layout_is_chosen_by_the_width(pixels: int, layout: int) -> None:
    assert Width.of(pixels) == layout
    assert metrics_for(pixels).width == layout


def test_text_scale_enlarges_type_and_rows_but_not_the_rail() -> None:
    plain, large = metrics_for(1366), metrics_for(1366, 1.3)
    assert (plain.instruction, large.instruction) == (42, 55)
    assert (plain.row, large.row) == (60, 78)
    assert (plain.rail, large.rail) == (76, 76)


def test_another_text_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="text scale"):
        metrics_for(1366, 1.2)
