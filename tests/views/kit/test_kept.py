"""What is kept as a picture looks as what is painted anew, and what is laid out once is what many tries would give."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetricsF, QImage, QPixmap
from PySide6.QtWidgets import QApplication

from app.presenters.state import parts
from app.presenters.state.parts import Family
from app.presenters.state.words import plain
from app.views.kit import Banner, Card, Look, ScanPanel
from app.views.kit.ink import Ink
from app.views.kit.lines import Shown, draw_line
from app.views.kit.part import Part
from app.views.kit.text import Paragraph, Style, fitting, unbroken
from tests.views import samples
from tests.views.gallery import Recorder

NAMES = (
    "RED CUP",
    "WHITE HANGING HEART T-LIGHT HOLDER",
    "SET OF 6 T-LIGHTS TOADSTOOLS, EACH WITH ITS OWN LITTLE BOX AND A RIBBON ROUND IT",
    "DONAUDAMPFSCHIFFFAHRTSGESELLSCHAFTSKAPITÄN",
    "Łyżeczka do herbaty ze srebra, 925",
    "赤いカップとソーサーのセット",
    "",
)
ROUNDED = 2
"""Of 255: so much may a colour differ that was mixed in another order."""


@pytest.fixture
def look(qapp: QApplication) -> Look:
    made = Look()
    made.apply()
    return made


def image(part: Part) -> QImage:
    return part.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def alike(one: QImage, other: QImage) -> bool:
    pairs = zip(bytes(one.constBits()), bytes(other.constBits()), strict=True)
    return all(abs(first - second) <= ROUNDED for first, second in pairs)


def panel(look: Look) -> ScanPanel:
    made = ScanPanel(look, Recorder())
    made.resize(420, 460)
    return made


def test_goods_that_are_scanned_again_look_as_the_first_time(look: Look) -> None:
    first = replace(samples.RIGHT_PANEL, count="1", have=1)
    made, plain_one = panel(look), panel(Look())
    made.render(first)
    painted = image(made)
    for count in (2, 3, 1):
        made.render(replace(first, count=str(count), have=count))
        image(made)
    plain_one.render(first)
    assert alike(image(made), painted)
    assert alike(image(plain_one), painted)


def test_a_banner_that_counts_looks_as_one_that_begins_there(look: Look) -> None:
    state = parts.Banner("Scan the next item", "2 more", progress=parts.Progress(3, 5, "of 5 packed"))
    counted = replace(state, detail="1 more", progress=parts.Progress(4, 5, "of 5 packed"))
    made, fresh = Banner(look), Banner(Look())
    for each in (made, fresh):
        each.resize(1290, each.height())
    for shown in (state, counted, replace(counted, family=Family.WRONG), counted):
        made.render(shown)
        image(made)
    fresh.render(counted)
    assert alike(image(made), image(fresh))


def test_only_the_head_of_a_card_is_painted_where_only_that_changed(look: Look) -> None:
    card = Card(look, parts.CardHead("Lines", "list-dashes", "2 of 11 units"))
    card.resize(520, 300)
    whole = image(card)
    piece = QPixmap(520, 300)
    piece.fill("#123456")
    with Ink(piece, look, region=None) as ink:
        card.draw(ink)
    assert alike(piece.toImage().convertToFormat(QImage.Format.Format_RGB32), whole)


def test_a_row_looks_the_same_wherever_it_moves(look: Look) -> None:
    row = samples.line(samples.HEART, 6, 2)
    piece = QPixmap(520, 160)
    with Ink(piece, look) as ink:
        draw_line(ink, row, QRect(0, 0, 520, 70), Shown.ALL)
        draw_line(ink, row, QRect(0, 80, 520, 70), Shown.ALL)
    assert piece.copy(0, 0, 520, 70).toImage() == piece.copy(0, 80, 520, 70).toImage()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [90, 220, 420])
@pytest.mark.parametrize("lines", [0, 2, 4])
def test_a_name_takes_the_size_that_trying_each_would_find(look: Look, name: str, width: int, lines: int) -> None:
    style = Style(38, 700, line_height=1.12, spacing=-1, max_lines=lines)
    for height in (60, 130, 400):
        made = fitting(look, unbroken(name), style, width, height, 14)
        tried = tried_sizes(look, unbroken(name), style, width, height, 14)
        assert (made.height, made.width, made.lines) == (tried.height, tried.width, tried.lines)


def tried_sizes(look: Look, sentence: str, style: Style, width: float, height: float, least: float) -> Paragraph:
    size = style.size
    while True:
        sized = replace(style, size=size)
        made = Paragraph(look, sentence, sized, width)
        measure = QFontMetricsF(look.font(size, style.weight, style.mono, style.spacing))
        words = all(measure.horizontalAdvance(word) <= width for word in plain(sentence).split())
        if size <= least or (made.height <= height and made.width <= width + 0.5 and words):
            return made
        size = max(least, size - 2)
