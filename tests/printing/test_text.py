from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.documents import Align
from app.printing import font0
from app.printing.bidi import levels, visual_order
from app.printing.fonts import OWN_FONTS, font_for, read_font
from app.printing.pictures import TextPicture, draw_text
from app.printing.text_fit import ELLIPSIS, clusters, cut, fit, tidy


def letters(text: str) -> float:
    return float(len(text))


@pytest.mark.parametrize(
    ("text", "width", "lines", "fitted"),
    [
        ("short", 10, 1, ["short"]),
        ("much too long", 8, 1, ["much to…"]),
        ("one two three", 8, 2, ["one two", "three"]),
        ("one two three four", 8, 2, ["one two", "three…"]),
        ("unbreakable", 4, 3, ["unbr", "eaka", "ble"]),
        ("unbreakable word", 4, 3, ["unbr", "eaka", "ble…"]),
        ("a\nb", 8, 2, ["a", "b"]),
        ("a\nb\nc", 8, 2, ["a", "b…"]),
        ("abc", 0.5, 1, [""]),
    ],
)
def test_fit(text: str, width: float, lines: int, fitted: list[str]) -> None:
    assert fit(text, width, lines, letters) == fitted


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.integers(1, 30), st.integers(1, 4))
def test_nothing_is_wider_than_its_place_and_what_is_cut_shows(text: str, width: int, lines: int) -> None:
    clean = tidy(text, keep_lines=True) if lines > 1 else tidy(text, keep_lines=False)
    fitted = fit(clean, width, lines, letters)
    assert len(fitted) <= lines
    widest_cluster = max((len(cluster) for cluster in clusters(clean)), default=0)
    assert all(len(line) <= max(width, widest_cluster) for line in fitted)
    shown = "".join(fitted).replace(" ", "").replace("\n", "")
    assert shown == clean.replace(" ", "").replace("\n", "") or ELLIPSIS in shown or len(shown) == 0


def test_a_letter_is_not_cut_from_its_marks() -> None:
    assert clusters("g\u0308👩‍👩‍👧🇵🇱x👍🏽") == ["g\u0308", "👩‍👩‍👧", "🇵🇱", "x", "👍🏽"]
    assert cut("ab👩‍👩‍👧cdef", 4, lambda text: float(len(clusters(text)))) == "ab👩‍👩‍👧…"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("abc", "abc"),
        ("אבג", "גבא"),
        ("אב 12 ג", "ג 12 בא"),
        ("abc אב 12 def", "abc 12 בא def"),
        ("אב abc ג", "ג abc בא"),
        ("a - b", "a - b"),
    ],
)
def test_order_of_sight(text: str, seen: str) -> None:
    pieces = list(text)
    assert "".join(visual_order(pieces, levels(pieces))) == seen


def test_the_letters_of_a_font_are_read_from_its_file() -> None:
    font = read_font(OWN_FONTS / "AtkinsonHyperlegibleNext-Regular.ttf")
    assert font is not None
    assert font.holds("Zażółć gęślą jaźń, 0123 €")
    assert not font.holds("北")
    assert not font.holds("\u2011")
    assert not font.colour


@pytest.mark.parametrize(
    "data", [b"", b"ttcf", b"\0\1\0\0" + b"\xff" * 40, b"not a font at all, but long enough to be read"]
)
def test_what_is_no_font_is_passed_over(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.ttf"
    path.write_bytes(data)
    assert read_font(path) is None


@pytest.mark.parametrize("text", ["北", "한", "あ", "ع", "ש", "ไ", "अ", "Ж", "😀", "👩‍👩‍👧"])
def test_no_box_is_drawn(text: str) -> None:
    """Each letter has a font that holds it, and does not look like the box for missing letters of that font."""
    font = font_for(text)
    if font is None:
        pytest.skip(f"no font of this machine holds {text}")
    assert font.holds(text)
    drawn = draw_text(TextPicture(text, 80, 40, 46, 1, Align.LEFT))
    unknown = draw_text(TextPicture("\U000e9999", 80, 40, 46, 1, Align.LEFT))
    assert drawn is not None and unknown is not None
    assert drawn.rows != unknown.rows
    assert any(drawn.rows)


def test_a_letter_that_nobody_has_is_a_question_mark() -> None:
    assert draw_text(TextPicture("\U000e9999", 80, 40, 46, 1, Align.LEFT)) == draw_text(
        TextPicture("?", 80, 40, 46, 1, Align.LEFT)
    )


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=40), st.integers(1, 3))
def test_any_text_can_be_drawn_within_its_place(text: str, lines: int) -> None:
    clean = tidy(text, keep_lines=lines > 1)
    picture = draw_text(TextPicture(clean, 203, 24, 28, lines, Align.RIGHT))
    if picture is not None:
        assert picture.width == 208
        assert picture.height <= 28 * lines
        assert len(picture.rows) == picture.row_bytes * picture.height
        for row in range(picture.height):
            assert picture.rows[row * 26 + 25] & 0b00011111 == 0


def test_font_0_widths() -> None:
    assert font0.width("Hi") == pytest.approx(0.889)
    assert font0.holds("Łódź ^~_") and not font0.holds("\\") and not font0.holds("ű")
    assert font0.is_usual("Łódź") and not font0.is_usual("^") and not font0.is_usual("…")
    assert font0.escape("^XA~_x") == "_5EXA_7E_5Fx"
