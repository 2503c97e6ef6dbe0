"""Code plates: square, on whole device pixels at any scale factor, with white around, and readable."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication

from app.domain.commands import Command
from app.views.kit import Ink, Look
from tests.views.kit.test_parts import decode


def drawn(code: str, size: int, module: int, ratio: float) -> QImage:
    pixmap = QPixmap(round(200 * ratio), round(200 * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.darkBlue)
    with Ink(pixmap, Look()) as ink:
        ink.plate(code, QRectF(20, 20, size, size), module)
    return pixmap.toImage()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_each_command_decodes_from_a_button_at_each_scale(qapp: QApplication, ratio: float) -> None:
    for code in (command.value for command in Command):
        assert decode(drawn(code, 60, 3, ratio)) == {code}


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_modules_are_whole_device_pixels(qapp: QApplication, ratio: float) -> None:
    symbol = Look().plate("PW-PARCEL", 3, ratio).toImage()
    module = max(1, round(3 * ratio))
    assert symbol.width() == symbol.height() == 14 * module
    for y in range(0, symbol.height(), module):
        for x in range(0, symbol.width(), module):
            cell = {symbol.pixelColor(x + i, y + j).name() for i in range(module) for j in range(module)}
            assert len(cell) == 1


@pytest.mark.parametrize("code", ["PW-OK", "PW-MISSING", "PW-PRINT-AT"])
def test_two_modules_of_white_stay_around_the_symbol(qapp: QApplication, code: str) -> None:
    image = drawn(code, 60, 3, 1.0)
    black = [(x, y) for x in range(20, 80) for y in range(20, 80) if image.pixelColor(x, y).name() == "#000000"]
    left, right = min(x for x, _ in black), max(x for x, _ in black)
    assert left - 20 >= 6
    assert 79 - right >= 6
