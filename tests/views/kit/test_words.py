"""Marks in sentences: made by us only."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from app.presenters.state.words import Mark, Run, code, key, plain, runs, strong
from app.views.kit import Look, Paragraph, Style
from app.views.kit.text import code_rows


def test_a_sentence_is_cut_at_its_marks() -> None:
    sentence = f"{strong('#1051')} needs one, tote {code('T-0130')}."
    assert runs(sentence) == (Run("#1051", Mark.STRONG), Run(" needs one, tote "), Run("T-0130", Mark.CODE), Run("."))
    assert plain(sentence) == "#1051 needs one, tote T-0130."


def test_a_name_cannot_make_or_end_a_mark() -> None:
    name = "a\ue000b\ue003c"
    assert runs(strong(name)) == (Run("abc", Mark.STRONG),)
    assert runs(plain(name)) == (Run("abc"),)


def test_a_key_is_one_run() -> None:
    assert runs(key("Enter")) == (Run("Enter", Mark.KEY),)


def test_a_paragraph_wraps_and_ends_in_an_ellipsis(qapp: QApplication) -> None:
    look = Look()
    whole = Paragraph(look, "one two three four five six seven", Style(16), 80)
    short = Paragraph(look, "one two three four five six seven", Style(16, max_lines=2), 80)
    assert whole.lines > 2
    assert short.lines == 2
    assert short.width <= 80


def test_codes_and_emoji_do_not_break_the_layout(qapp: QApplication) -> None:
    made = Paragraph(Look(), f"🎁 zażółć {code('T-0117')} gęślą", Style(16), 400)
    assert made.lines == 1


def test_a_code_too_long_for_its_place_is_cut_into_rows_and_loses_nothing(qapp: QApplication) -> None:
    font = Look().font(24, 700, mono=True)
    rows = code_rows("SKU-2024-VERY-LONG-CODE-000123456789", font, 200)
    assert "".join(rows) == "SKU-2024-VERY-LONG-CODE-000123456789"
    assert len(rows) > 1
    assert code_rows("22727", font, 200) == ["22727"]
