"""A picture that is made ready is the one that would have been painted, and is shown only for its own state."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.presenters.state import parts
from app.presenters.state.parts import Family
from app.views.kit import Banner, Look, ScanPanel
from app.views.kit.part import Part
from app.views.theme import ThemeName
from tests.views.gallery import Recorder

BANNER = parts.Banner("Scan the next item", "2 more", progress=parts.Progress(3, 5, "of 5 packed"))
MORE = replace(BANNER, detail="1 more", progress=parts.Progress(4, 5, "of 5 packed"))
PANEL = parts.ScanPanel("Right", "check-circle", Family.OK, "10:00:00", "", "RED CUP", "CUP", "3", "of 5", 3, 5)
NEXT = replace(PANEL, time="10:00:02", count="4", have=4)


@pytest.fixture
def look(qapp: QApplication) -> Look:
    made = Look()
    made.apply()
    return made


def image(part: Part) -> QImage:
    return part.grab().toImage()


def banner(look: Look) -> Banner:
    made = Banner(look)
    made.resize(1290, made.height())
    made.render(BANNER)
    return made


def panel(look: Look) -> ScanPanel:
    made = ScanPanel(look, Recorder())
    made.resize(420, 460)
    made.render(PANEL)
    return made


def test_the_picture_is_the_one_that_would_have_been_painted(look: Look) -> None:
    plain, made = banner(look), banner(look)
    before = image(made)
    plain.render(MORE)
    made.foresee(MORE)
    assert image(made) == before
    made.render(MORE)
    assert made.ready.holds(made.looks())
    assert image(made) == image(plain) != before


def test_so_is_that_of_the_scan(look: Look) -> None:
    plain, made = panel(look), panel(look)
    before = image(made)
    plain.render(NEXT)
    made.foresee(NEXT)
    assert image(made) == before
    made.render(NEXT)
    assert made.ready.holds(made.looks())
    assert image(made) == image(plain) != before


def test_another_state_size_or_theme_is_painted_anew(look: Look) -> None:
    made, plain = banner(look), banner(look)
    made.foresee(MORE)
    other = replace(MORE, progress=parts.Progress(5, 5, "of 5 packed"))
    for each in (made, plain):
        each.render(other)
    assert image(made) == image(plain)
    made.foresee(MORE)
    for each in (made, plain):
        each.render(MORE)
        each.resize(900, each.height())
    assert image(made) == image(plain)
    made.foresee(other)
    look.set_theme(ThemeName.DARK)
    for each in (made, plain):
        each.render(other)
    assert image(made) == image(plain)


def test_a_cell_that_is_about_to_fill_is_ready_as_it_begins(look: Look) -> None:
    look.motion = True
    made = banner(look)
    made.foresee(MORE)
    made.render(MORE)
    assert made.looks() == (MORE, 0.0, True)
    assert made.ready.holds(made.looks())
