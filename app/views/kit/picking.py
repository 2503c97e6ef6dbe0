"""Parts of the walk: the slots of the cart and the plan of the floor."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.presenters.state import parts
from app.views.kit.ink import CENTRE, Ink
from app.views.kit.look import Look
from app.views.kit.part import Part
from app.views.kit.steps import draw_circle


class CartSlots(Part):
    """`CartSlots(look)`; `render(parts.Cart)`: the real layout of the cart; only the slot to use is filled."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Fills the room it gets."""
        super().__init__(look, parent)
        self.state = parts.Cart(())

    def render(self, state: parts.Cart) -> None:
        """Take the slots."""
        if state != self.state:
            self.state = state
            now = next((s for s in state.slots if s.active), None)
            self.describe(
                f"{now.number} {now.tote}" if now else "", ", ".join(f"{s.number} {s.tote}" for s in state.slots)
            )
            self.update()

    def draw(self, ink: Ink) -> None:
        """One box a slot."""
        columns = max(1, self.state.columns)
        rows = -(-len(self.state.slots) // columns)
        if not rows:
            return
        gap = 8
        active_row = next((i // columns for i, s in enumerate(self.state.slots) if s.active), -1)
        grow = 1.3 if rows > 1 else 1.0
        share = (self.height() - gap * (rows - 1)) / (rows + (grow - 1 if active_row >= 0 else 0))
        width = (self.width() - gap * (columns - 1)) / columns
        top = 0.0
        for row in range(rows):
            height = share * (grow if row == active_row else 1)
            for column, slot in enumerate(self.state.slots[row * columns : (row + 1) * columns]):
                place = QRectF(round(column * (width + gap)), round(top), round(width), round(height))
                self._draw_slot(ink, slot, place)
            top += height + gap

    def _draw_slot(self, ink: Ink, slot: parts.CartSlot, place: QRectF) -> None:
        sizes = self.look.metrics
        wide = sizes.width == 1920
        if slot.active:
            ink.box(place, "accentSolid", "accentSolid", 1, 6)
            big, small = ink.font(64 if wide else 38, 800), ink.font(22 if wide else 16, 600, mono=True)
            token = "accentOn"
        else:
            ink.box(place, "sunken", "line", 1, 6)
            big, small = ink.font(34 if wide else 22, 600), ink.font(sizes.micro, mono=True)
            token = "text2"
        upper, lower = big.pixelSize() * 1.12, small.pixelSize() * 1.25
        if upper + lower > place.height():
            big, small = (
                ink.font(max(14, place.height() * 0.5), 700),
                ink.font(max(10, place.height() * 0.3), mono=True),
            )
            upper, lower = big.pixelSize() * 1.1, small.pixelSize() * 1.2
        top = place.center().y() - (upper + lower) / 2
        ink.text(QRectF(place.left(), top, place.width(), upper), slot.number, big, token, CENTRE)
        ink.text(QRectF(place.left() + 2, top + upper, place.width() - 4, lower), slot.tote, small, token, CENTRE)
        if slot.full:
            ink.icon("check", place.right() - 24, place.top() + 8, 16, "accentOn" if slot.active else "okText")


class FloorMap(Part):
    """`FloorMap(look)`; `render(parts.FloorMap)`: racks, the way walked, the leg now, the rest, the stops."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Scales the plan into the room it gets."""
        super().__init__(look, parent)
        self.state = parts.FloorMap(1, 1)

    def render(self, state: parts.FloorMap) -> None:
        """Take a plan."""
        if state != self.state:
            self.state = state
            self.describe(state.said)
            self.update()

    def draw(self, ink: Ink) -> None:
        """In the plan's own units, fitted into the middle."""
        state = self.state
        scale = min(self.width() / state.width, self.height() / state.height)
        ink.painter.translate((self.width() - state.width * scale) / 2, (self.height() - state.height * scale) / 2)
        ink.painter.scale(scale, scale)
        for rack in state.racks:
            self._draw_rack(ink, rack)
        self._draw_way(ink, state.walked, "okLine", 3.5)
        self._draw_way(ink, state.rest, "lineStrong", 2, dotted=True)
        self._draw_way(ink, state.leg, "accentSolid", 7)
        for words in state.words:
            self._draw_words(ink, words)
        for stop in state.stops:
            self._draw_stop(ink, stop)
        if state.here:
            x, y = state.here
            draw_circle(ink, QRectF(x - 13, y - 13, 26, 26), "surface", "text", 3)
            draw_circle(ink, QRectF(x - 5, y - 5, 10, 10), "text", "text", 0.5)

    def _draw_rack(self, ink: Ink, rack: parts.MapRack) -> None:
        ink.box(QRectF(rack.x, rack.y, rack.width, rack.height), "sunken", "line", 1, 3)
        for i in range(1, rack.bays):
            y = rack.y + rack.height * i / rack.bays
            ink.line(rack.x, y, rack.x + rack.width, y, "line", 0.8)

    def _draw_way(self, ink: Ink, points: parts.Points, token: str, width: float, dotted: bool = False) -> None:
        if len(points) < 2:
            return
        pen = QPen(
            self.look.colour(token), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        )
        if dotted:
            pen.setDashPattern([1, 3])
        ink.painter.setPen(pen)
        ink.painter.setBrush(Qt.BrushStyle.NoBrush)
        ink.painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))

    def _draw_words(self, ink: Ink, words: parts.MapWords) -> None:
        font = ink.font(12.5, 700 if words.hot else 500, mono=True)
        wide = ink.width(words.words, font)
        place = QRectF(words.x - wide / 2 - 4, words.y - 12, wide + 8, 24)
        if words.boxed:
            ink.box(place.adjusted(-8, -1, 8, 1), "surface", "lineStrong", 1, 4)
        ink.text(place, words.words, font, "accentText" if words.hot else "text2", CENTRE)

    def _draw_stop(self, ink: Ink, stop: parts.MapStop) -> None:
        x, y = stop.x, stop.y
        if stop.stage is parts.Stage.DONE:
            draw_circle(ink, QRectF(x - 8, y - 8, 16, 16), "okSolid", "okSolid", 1)
            ink.painter.setPen(QPen(self.look.colour("okOn"), 2))
            ink.painter.drawPolyline(QPolygonF([QPointF(x - 3.5, y), QPointF(x - 1, y + 3), QPointF(x + 3.5, y - 3)]))
        elif stop.stage is parts.Stage.NOW:
            ink.fill(QRectF(x - 32 if stop.bin_left else x + 10, y - 18, 22, 36), "accentSolid")
            draw_circle(ink, QRectF(x - 18, y - 18, 36, 36), "accentSolid", "surface", 3)
            ink.text(QRectF(x - 17, y - 17, 34, 34), stop.number, ink.font(18, 700), "accentOn", CENTRE)
        else:
            draw_circle(ink, QRectF(x - 12, y - 12, 24, 24), "surface", "lineStrong", 1.5)
            ink.text(QRectF(x - 14, y - 12, 28, 24), stop.number, ink.font(13.5, 600), "text", CENTRE)
