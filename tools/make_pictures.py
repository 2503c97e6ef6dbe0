"""Draws the product pictures of the sample warehouse from their SVG files, at the two sizes that screens use.

python tools/make_pictures.py resources/pictures/products
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (128, 512)


def draw(source: Path, size: int) -> QImage:
    """The picture on a transparent ground."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(source)).render(painter)
    painter.end()
    return image


def main(folder: Path) -> None:
    """Write one PNG a picture and size into the folders 128 and 512."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication([])
    for size in SIZES:
        (folder / str(size)).mkdir(exist_ok=True)
        for source in sorted((folder / "svg").glob("*.svg")):
            draw(source, size).save(str(folder / str(size) / f"{source.stem}.png"))
    del application


if __name__ == "__main__":
    main(Path(sys.argv[1]))
