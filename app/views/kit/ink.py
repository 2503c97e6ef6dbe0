"""Painting in the words of the theme: boxes, texts, icons, chips, keys, plates, tape."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache, partial
from types import TracebackType

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPaintDevice, QPainter, QPainterPath, QPen, QPixmap, QPolygonF, QRegion
from PySide6.QtWidgets import QWidget

from app.presenters.state.basics import Chip, Family
from app.presenters.state.words import plain
from app.views.kit.look import Look
from app.views.kit.text import Paragraph, Style

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
SMOOTH = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
ENDLESS = 1e6
"""More room than any line of words takes, in pixels."""
TAPE_HEIGHT = 14
TAPE_PITCH = 20
TAPE_BLACK = "#12181F"


@cache
def _one_line(align: Qt.AlignmentFlag) -> int:
    """Flags of a single line; combining Qt's enums anew at each text costs more than the text."""
    return int(align | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip)


def width_of(words: str, font: QFont) -> float:
    """How wide words are in a font."""
    return QFontMetricsF(font).horizontalAdvance(plain(words))


def paint_kept(widget: QWidget, look: Look, key: Hashable, ground: str, draw: Callable[[Ink], None]) -> None:
    """Paints a widget as it was painted for this key before; the first time it is drawn on the colour behind it."""
    size, ratio = widget.size(), widget.devicePixelRatio()
    known = (type(widget), key, size.width(), size.height(), ratio)
    made = look.kept.picture(known)
    if made is None:
        made = look.kept.keep(known, _painted(look, size, ratio, draw, ground))
    painter = QPainter(widget)
    painter.drawPixmap(0, 0, made)
    painter.end()


def _painted(look: Look, size: QSize, ratio: float, draw: Callable[[Ink], None], ground: str) -> QPixmap:
    """A picture of what is drawn, on a ground or on nothing."""
    made = QPixmap(size * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(look.colour(ground) if ground else Qt.GlobalColor.transparent)
    with Ink(made, look) as ink:
        draw(ink)
    return made


def _draw_end(ink: Ink, *, behind: str, line: str, width: int, radius: int, lower: bool, wide: int) -> None:
    """The upper or the lower end of a sheet, on its surface."""
    side = radius + width
    paint, edge = ink.painter.fillRect, ink.look.colour(line)
    paint(0, side - width if lower else 0, wide, width, edge)
    for right in (False, True):
        left = wide - side if right else 0
        ink.painter.save()
        ink.painter.setClipRect(left, 0, side, side)
        ink.fill(QRect(left, 0, side, side), behind)
        whole = QRectF(left - side if right else left, -side if lower else 0, 2 * side, 2 * side)
        ink.box(whole, "surface", line, width, radius)
        ink.painter.restore()


class Ink:
    """A painter that knows the look. Used as `with Ink(widget, look) as ink:`."""

    def __init__(
        self, device: QPaintDevice, look: Look, painter: QPainter | None = None, region: QRegion | None = None
    ) -> None:
        """Opens a painter on a widget, or takes one that is open already (a delegate's).

        `region` is the part of the widget that is painted now; all of it without one.
        """
        self.look, self._region = look, region
        self._own = painter is None
        self.painter = painter or QPainter(device)
        self.painter.setRenderHints(SMOOTH)
        self.ratio = device.devicePixelRatio()

    def __enter__(self) -> Ink:
        """The ink itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Closes the painter that was opened here."""
        if self._own:
            self.painter.end()

    def wants(self, rect: QRectF) -> bool:
        """Whether anything of a place is painted now; what is not wanted need not be drawn."""
        return self._region is None or self._region.intersects(rect.toAlignedRect())

    def fill(self, rect: QRectF | QRect, token: str, radius: float = 0) -> None:
        """A filled area."""
        if radius <= 0:
            self.painter.fillRect(QRectF(rect), self.look.colour(token))
            return
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.look.colour(token))
        self.painter.drawRoundedRect(QRectF(rect), radius, radius)

    def box(
        self, rect: QRectF | QRect, ground: str, line: str, width: float = 1, radius: float = 0, dashed: bool = False
    ) -> None:
        """A filled area with a border that lies inside the rectangle."""
        half = width / 2
        pen = QPen(self.look.colour(line), width)
        if dashed:
            pen.setDashPattern([4 / width, 3 / width])
        self.painter.setPen(pen)
        if ground:
            self.painter.setBrush(self.look.colour(ground))
        else:
            self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), radius, radius)

    def line(self, x1: float, y1: float, x2: float, y2: float, token: str, width: float = 1) -> None:
        """A straight line; 1 px lines are laid on whole pixels."""
        if x1 == x2:
            self.painter.fillRect(QRectF(x1, min(y1, y2), width, abs(y2 - y1)), self.look.colour(token))
        elif y1 == y2:
            self.painter.fillRect(QRectF(min(x1, x2), y1, abs(x2 - x1), width), self.look.colour(token))
        else:
            self.painter.setPen(QPen(self.look.colour(token), width))
            self.painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))

    def font(self, pixels: float, weight: int = 400, mono: bool = False, spacing: float = 0.0) -> QFont:
        """The same as Look.font."""
        return self.look.font(pixels, weight, mono, spacing)

    def text(
        self, rect: QRectF | QRect, words: str, font: QFont, token: str = "text", align: Qt.AlignmentFlag = LEFT
    ) -> float:
        """One line of text, cut with an ellipsis where it does not fit; returns the width it took."""
        room = rect.width()
        line = self.look.kept.line(words, font, room)
        self.painter.setFont(font)
        self.painter.setPen(self.look.colour(token))
        if line.glyphs is None:
            self.painter.drawText(QRectF(rect), _one_line(align), line.words)
        else:
            spare = 0.0 if align is LEFT else room - line.width if align is RIGHT else (room - line.width) / 2
            top = rect.y() + (rect.height() - line.height) / 2
            self.painter.drawStaticText(QPointF(rect.x() + spare, top), line.glyphs)
        return line.width

    def paragraph(self, x: float, y: float, width: float, sentence: str, style: Style) -> float:
        """A wrapped paragraph with marks; returns its height."""
        made = Paragraph(self.look, sentence, style, width)
        made.paint(self.painter, x, y)
        return made.height

    def width(self, words: str, font: QFont) -> float:
        """How wide words are in a font of the look."""
        return self.look.kept.line(words, font, ENDLESS).width

    def stamp(
        self,
        key: Hashable,
        place: QRect,
        draw: Callable[[Ink], None],
        ground: str = "",
        *,
        new: bool = False,
        part: QRect | None = None,
    ) -> None:
        """What is seen again and again: painted once for each key on its ground, or on nothing, and kept.

        With a ground it is copied where it goes, and nothing of what is there is mixed with it. What is `new` is
        painted where it goes, which is quicker; it is kept when it is wanted again. `part` is what is wanted of it.
        """
        known = (key, place.width(), place.height(), self.ratio)
        made = self.look.kept.picture(known)
        if made is None:
            if new:
                self.painter.save()
                self.painter.translate(place.topLeft())
                self.painter.fillRect(0, 0, place.width(), place.height(), self.look.colour(ground))
                draw(self)
                self.painter.restore()
                return
            made = self.look.kept.keep(known, _painted(self.look, place.size(), self.ratio, draw, ground))
        if part is None:
            self.painter.drawPixmap(place.topLeft(), made)
        else:
            there = QRectF(part.topLeft() * self.ratio, part.size() * self.ratio)
            self.painter.drawPixmap(QRectF(part.translated(place.topLeft())), made, there)

    def sheet(self, rect: QRect, behind: str, line: str, width: int = 1, radius: int = 10, above: int = 0) -> None:
        """A rounded surface with its line on the colour behind it, which covers all of a place.

        Only its ends are rounded, and kept: a path around all of a card takes longer to paint than all in it. `above`
        is the height of a head that whoever calls paints.
        """
        left, top, wide, high, side = rect.x(), rect.y(), rect.width(), rect.height(), radius + width
        for lower in (True,) if above else (False, True):
            place = QRect(left, top + high - side if lower else top, wide, side)
            if self._region is None or self._region.intersects(place):
                end = partial(_draw_end, behind=behind, line=line, width=width, radius=radius, lower=lower, wide=wide)
                self.stamp((Ink.sheet, behind, line, width, radius, lower), place, end, "surface")
        paint, edge = self.painter.fillRect, self.look.colour(line)
        start = top + (above or side)
        middle = top + high - side - start
        paint(left, start, width, middle, edge)
        paint(left + wide - width, start, width, middle, edge)
        paint(left + width, start, wide - 2 * width, middle, self.look.colour("surface"))

    def icon(self, name: str, x: float, y: float, size: int, token: str = "text") -> None:
        """An icon with its top left corner at x, y."""
        if name:
            self.painter.drawPixmap(QPointF(x, y), self.look.icon(name, size, token, self.ratio))

    def icon_in(self, name: str, rect: QRectF, size: int, token: str = "text") -> None:
        """An icon in the middle of a rectangle."""
        self.icon(name, round(rect.center().x() - size / 2), round(rect.center().y() - size / 2), size, token)

    def picture(self, name: str, rect: QRectF | QRect, radius: int = 8) -> None:
        """A product's picture with its border, painted once and kept."""
        place = QRectF(rect)
        wide, high = round(place.width()), round(place.height())
        if QRectF(place.toRect()) == place:
            self.stamp(
                (Ink.picture, name, radius),
                place.toRect(),
                lambda ink: ink._picture(name, QRectF(0, 0, wide, high), radius),
            )
        else:
            self._picture(name, place, radius)

    def _picture(self, name: str, place: QRectF, radius: int) -> None:
        made = self.look.picture(name, round(place.width()), round(place.height()), radius, self.ratio)
        self.painter.drawPixmap(place.topLeft(), made)
        self.box(place, "", "line", 1, radius)

    def plate(self, code: str, rect: QRectF, module: int, radius: float = 5, line: str = "") -> None:
        """A white plate with the Data Matrix of a code in its middle, on whole device pixels.

        Modules become smaller where fewer than two of white would remain around the symbol.
        """
        self.fill(rect, "plate", radius)
        if line:
            self.box(rect, "plate", line, 1, radius)
        symbol = self.look.plate(code, module, self.ratio)
        while module > 1 and symbol.deviceIndependentSize().width() > rect.width() - 3.9 * module:
            module -= 1
            symbol = self.look.plate(code, module, self.ratio)
        size = symbol.deviceIndependentSize()
        left = round((rect.center().x() - size.width() / 2) * self.ratio) / self.ratio
        top = round((rect.center().y() - size.height() / 2) * self.ratio) / self.ratio
        self.painter.drawPixmap(QPointF(left, top), symbol)

    def key(self, words: str, x: float, centre: float, token: str, line: str = "lineStrong", size: float = 0) -> float:
        """A key around a height; returns its width."""
        font = self.font(size or self.look.metrics.micro, 600, mono=True)
        height = QFontMetricsF(font).height() + (4 if not size else 6)
        width = max(24.0, self.width(words, font) + 13)
        place = QRectF(x, round(centre - height / 2), round(width), round(height))
        self.box(place, "", line, 1, 4)
        self.text(place, words, font, token, CENTRE)
        return place.width()

    def chip_width(self, chip: Chip) -> int:
        """How wide a chip is."""
        sizes = self.look.metrics
        font = self.font(sizes.lead, 700) if chip.large else self.font(sizes.small, 600)
        pad = 12 if chip.large else 9
        return round(self.width(chip.words, font) + 2 * pad + (22 if chip.icon else 0) + 2)

    def chip(self, chip: Chip, x: float, centre: float, width: float = 0) -> float:
        """A chip around a height, at most `width` wide; returns the width it took."""
        sizes, colours = self.look.metrics, self.look.family(chip.family)
        height = round(sizes.chip * 36 / 28) if chip.large else sizes.chip
        wide = min(self.chip_width(chip), width) if width else self.chip_width(chip)
        place = QRectF(round(x), round(centre - height / 2), round(wide), height)
        ground, ink = (colours.solid, colours.on) if chip.solid else (colours.soft, colours.text)
        self.box(place, ground, colours.solid if chip.solid else colours.line, 1, 6)
        pad = 12 if chip.large else 9
        left = place.left() + pad
        if chip.icon:
            self.icon(chip.icon, left, round(centre - 8), 16, ink)
            left += 22
        font = self.font(sizes.lead, 700) if chip.large else self.font(sizes.small, 600)
        self.text(QRectF(left, place.top(), place.right() - left - pad + 3, height), chip.words, font, ink)
        return place.width()

    def tape(self, rect: QRectF, family: Family) -> None:
        """Caution tape: stripes at 45 degrees on the family's solid."""
        colours = self.look.family(family)
        self.painter.save()
        self.painter.setClipRect(rect)
        self.painter.fillRect(rect, self.look.colour(colours.solid))
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.look.colour(TAPE_BLACK if family is Family.WARN else "#FFFFFF"))
        height = int(rect.height())
        for x in range(int(rect.left()) - height, int(rect.right()) + height, 2 * TAPE_PITCH):
            corners = [(x, rect.bottom()), (x + height, rect.top()),
                       (x + height + TAPE_PITCH, rect.top()), (x + TAPE_PITCH, rect.bottom())]  # fmt: skip
            self.painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        self.painter.restore()

    def hatch(self, rect: QRectF, radius: float, family: Family) -> None:
        """A hatched segment: the one too many."""
        colours = self.look.family(family)
        self.painter.save()
        clip = QPainterPath()
        clip.addRoundedRect(rect, radius, radius)
        self.painter.setClipPath(clip)
        self.painter.fillRect(rect, self.look.colour(colours.soft))
        self.painter.setPen(QPen(self.look.colour(colours.solid), 6))
        height = int(rect.height())
        for x in range(int(rect.left()) - height, int(rect.right()) + height, 17):
            self.painter.drawLine(QPointF(x, rect.bottom() + 2), QPointF(x + height + 4, rect.top() - 2))
        self.painter.restore()
        self.box(rect, "", colours.solid, 1.5, radius)

    def segments(self, rect: QRectF, have: int, need: int, extra: int, family: Family, last: float = 1.0) -> None:
        """One segment for each unit up to 12, then one bar; the units too many are hatched.

        `last` is how much of the newest unit is filled, from 0 to 1; where it stands still it is painted once and kept.
        """
        place = rect.toAlignedRect()
        if 0 < last < 1:
            self._segments(rect, have, need, extra, family, last)
            return
        inside = rect.translated(-place.x(), -place.y())
        self.stamp(
            (Ink.segments, have, need, extra, family, last),
            place,
            lambda ink: ink._segments(inside, have, need, extra, family, last),
        )

    def _segments(self, rect: QRectF, have: int, need: int, extra: int, family: Family, last: float) -> None:
        gap, radius = 6, 4
        solid = self.look.family(family).solid
        if need + extra > 12:
            self.box(rect, "sunken", "lineStrong", 1.5, radius)
            share = min(1.0, have / max(1, need))
            self.fill(QRectF(rect.left(), rect.top(), rect.width() * share, rect.height()), solid, radius)
            return
        total = need + extra
        each = (rect.width() - gap * (total - 1)) / max(1, total)
        for i in range(total):
            place = QRectF(rect.left() + i * (each + gap), rect.top(), each, rect.height())
            if i >= need:
                self.hatch(place, radius, Family.OVER)
            elif i < have:
                if i == have - 1 and last < 1:
                    self.box(place, "sunken", "lineStrong", 1.5, radius)
                    place.setWidth(max(2.0, each * last))
                self.fill(place, solid, radius)
            else:
                self.box(place, "sunken", "lineStrong", 1.5, radius)
