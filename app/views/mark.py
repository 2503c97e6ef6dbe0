"""The mark of the product: a lamp flame over a wick, in the yellow of the floor."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap

YELLOW, BLACK = "#FFC42E", "#121A22"


def draw_mark(painter: QPainter, place: QRectF) -> None:
    """Paint the mark into a square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(place.topLeft())
    painter.scale(place.width() / 36, place.height() / 36)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(YELLOW))
    painter.drawRoundedRect(QRectF(0, 0, 36, 36), 8, 8)
    flame = QPainterPath(QPointF(18, 5.5))
    flame.cubicTo(23.2, 11.1, 25.8, 15.4, 25.8, 19.4)
    flame.arcTo(QRectF(10.2, 11.6, 15.6, 15.6), 0, -180)
    flame.cubicTo(10.2, 15.4, 12.8, 11.1, 18, 5.5)
    painter.setBrush(QColor(BLACK))
    painter.drawPath(flame)
    painter.drawRoundedRect(QRectF(10, 29, 16, 2.2), 1.1, 1.1)
    painter.setBrush(QColor(YELLOW))
    painter.drawRoundedRect(QRectF(14.6, 16.4, 6.8, 6.8), 1.4, 1.4)
    painter.restore()


def mark_icon() -> QIcon:
    """The mark as the icon of the window."""
    icon = QIcon()
    for size in (16, 32, 64, 128, 256):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        draw_mark(painter, QRectF(0, 0, size, size))
        painter.end()
        icon.addPixmap(pixmap)
    return icon
