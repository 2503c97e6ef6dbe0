"""The scan feedback panel: what was just scanned and what became of it, the largest thing on Pack."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from app.presenters.state import parts
from app.presenters.state.intents import Intents
from app.views.kit.choices import ChoiceButtons
from app.views.kit.ink import CENTRE, LEFT, RIGHT, Ink
from app.views.kit.look import Look
from app.views.kit.motion import FILL_MS, Motion
from app.views.kit.part import Part
from app.views.kit.text import Paragraph, Style, code_rows, fit_font, fitting, unbroken

RADIUS = 10
LINE = 2


def draw_count(ink: Ink, place: QRectF, count: str, of: str, size: float, token: str) -> None:
    """A number in the largest type with its words on the same line, standing on the bottom of the place."""
    width, base = place.width(), place.bottom()
    key = (draw_count, count, of, size, width)
    big, beside, wide = ink.look.kept.once(key, lambda: _counted(ink, count, of, size, width))
    measure = ink.look.kept.measure
    top, high, over = base - measure(big).ascent(), measure(big).height(), big.pixelSize() / 8
    number = QRectF(place.left() - over, top, wide + 2 * over, high).toAlignedRect()  # digits reach out of their width
    x, y = place.left() - number.x(), top - number.y()

    def draw(made: Ink) -> None:
        made.text(QRectF(x, y, width, high), count, big, token)

    ink.stamp(
        (draw_count, count, big.pixelSize(), token, x, y), number, draw
    )  # so large a type is filled as shapes each time
    top = base - measure(beside).ascent()
    ink.text(QRectF(place.left() + wide, top, width - wide, measure(beside).height()), of, beside, "text2")


def _counted(ink: Ink, count: str, of: str, size: float, width: float) -> tuple[QFont, QFont, float]:
    """The fonts of the number and of its words, and where the words begin."""
    big = fit_font(ink.look, count, ink.font(size, 800, spacing=-4), width * 0.7, 40)
    wide = ink.width(count, big) + 14
    beside = fit_font(ink.look, of, ink.font(big.pixelSize() * 0.36, 600), width - wide, 15)
    return big, beside, wide


@dataclass(frozen=True, slots=True)
class _Goods:
    """Picture, name and number of a product in a place of some width, measured once."""

    picture: str
    size: int
    width: int
    name: Paragraph
    font: QFont
    rows: tuple[str, ...]

    @classmethod
    def of(cls, look: Look, state: parts.ScanPanel, size: int, wide: int) -> _Goods:
        """As large as they fit beside the picture."""
        sizes, width = look.metrics, wide - size - 44
        sku_size = sizes.name + 2
        style = Style(sizes.name, 700, line_height=1.12, spacing=-1, max_lines=4)
        height = max(size - sku_size - 14, sizes.name * 3.4)
        name = fitting(look, unbroken(state.name), style, width, height, sizes.name * 0.6)
        font = fit_font(look, state.sku, look.font(sku_size, 700, mono=True, spacing=-1), width, 18)
        return cls(state.picture, size, width, name, font, tuple(code_rows(state.sku, font, width)))

    @property
    def height(self) -> int:
        """Of the picture, or of the words where they are higher."""
        words = self.name.height + 8 + (1.2 * len(self.rows) + 0.15) * self.font.pixelSize()
        return round(max(self.size, words)) + 2

    def draw(self, ink: Ink) -> None:
        """From the top left corner."""
        left, size, line = 16 - LINE, self.size, self.font.pixelSize()
        at, y = left + size + 16, self.name.height + 8
        ink.picture(self.picture, QRectF(left, 0, size, size), 8)
        self.name.paint(ink.painter, at, 0)
        for part in self.rows:
            ink.text(QRectF(at, y, self.width + 4, line * 1.35), part, self.font)
            y += line * 1.2


class ScanPanel(Part):
    """`ScanPanel(look, intents)`; `render(parts.ScanPanel)`. With choices it asks which thing a code means."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Starts with nothing scanned."""
        super().__init__(look, parent)
        self.state = parts.ScanPanel("")
        self._filling = Motion(look, self, FILL_MS)
        self._goods = ("", "", "")
        self._choices = ChoiceButtons(look, intents, columns=1, parent=self)
        self._choices.hide()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # what lies behind is not painted with it

    @property
    def choices(self) -> ChoiceButtons:
        """The answers, while the panel asks."""
        return self._choices

    def relook(self) -> None:
        """Keep the answers below the advice."""
        self._place_choices()

    def render(self, state: parts.ScanPanel) -> None:
        """Take a state at once, and have it read out."""
        if state == self.state:
            return
        one_more = state.have == self.state.have + 1 or (state.have > 0 and state.sku != self.state.sku)
        self.state = state
        if one_more:
            self._filling.start()
        self._choices.render(state.choices)
        self._choices.setVisible(bool(state.choices))
        self._place_choices()
        self.describe(f"{state.words} {state.name} {state.sku}", f"{state.count} {state.of} {state.advice}")
        self.update()
        self.announce()

    def _place_choices(self) -> None:
        top = self.look.metrics.scan_head + (56 if self.state.advice else 14)
        self._choices.setGeometry(14, top, max(0, self.width() - 28), max(0, self.height() - top - 14))

    def resizeEvent(self, event: object) -> None:
        """Keep the answers in their place."""
        self._place_choices()

    def draw(self, ink: Ink) -> None:
        """Border, head, picture and name, count, segments."""
        state, rect = self.state, QRectF(self.rect())
        if state.family is None:
            ink.sheet(self.rect(), self.behind, "line", 1, RADIUS)
            if state.icon == "note":
                self._draw_note(ink, rect)
            else:
                self._draw_nothing(ink, rect)
            return
        colours = self.look.family(state.family)
        self._draw_head(ink, rect)
        ink.sheet(self.rect(), self.behind, colours.solid, LINE, RADIUS, above=self.look.metrics.scan_head)
        if state.choices:
            self._draw_advice(ink, self.look.metrics.scan_head + 10)
            return
        self._draw_item(ink)
        self._draw_foot(ink, rect, colours.text)

    def _draw_ground(self, ink: Ink, room: float) -> None:
        """The head in its colour with its words, as it is for each item."""
        assert self.state.family is not None
        colours, sizes = self.look.family(self.state.family), self.look.metrics
        height = sizes.scan_head
        ink.fill(QRectF(0, 0, self.width(), height + 2 * RADIUS), colours.solid, RADIUS)
        ink.icon(self.state.icon, 16, round(height / 2 - 14), 28, colours.on)
        ink.text(QRectF(52, 0, room, height), self.state.words, ink.font(sizes.lead, 700), colours.on, LEFT)

    def _draw_note(self, ink: Ink, rect: QRectF) -> None:
        """What somebody wrote for the packer, as large as it fits, until the first scan takes its place."""
        sizes, words = self.look.metrics, self.look.family(parts.Family.WARN).text
        ink.icon("note", 18, 18, 28, words)
        ink.text(QRectF(56, 14, rect.width() - 70, 36), self.state.words, ink.font(sizes.head, 700), words)
        style = Style(sizes.head * 1.7, 700, "text", line_height=1.2)
        room = rect.height() - 84
        fitting(self.look, self.state.advice, style, rect.width() - 36, room, sizes.small).paint(ink.painter, 18, 64)

    def _draw_nothing(self, ink: Ink, rect: QRectF) -> None:
        sizes, middle = self.look.metrics, rect.center().y()
        ink.icon_in("barcode", QRectF(0, middle - 80, rect.width(), 72), 72, "text3")
        place = QRectF(16, middle + 4, rect.width() - 32, 40)
        ink.text(place, self.state.words, ink.font(sizes.head, 600), "text2", CENTRE)
        if self.state.advice:
            place = QRectF(16, middle + 40, rect.width() - 32, 30)
            ink.text(place, self.state.advice, ink.font(sizes.body), "text2", CENTRE)

    def _draw_head(self, ink: Ink, rect: QRectF) -> None:
        state, sizes = self.state, self.look.metrics
        assert state.family is not None
        colours, height = self.look.family(state.family), sizes.scan_head
        time = ink.font(sizes.small, 500)
        room = rect.width() - 76 - (ink.width(state.time, time) if state.time else 0)
        key, whole = (ScanPanel, state.family, state.icon, state.words, room), QRect(0, 0, self.width(), height)
        ink.stamp(key, whole, lambda made: self._draw_ground(made, room), self.behind)
        if state.time:
            ink.text(QRectF(0, 0, rect.width() - 16, height), state.time, time, colours.on, RIGHT)

    def _draw_advice(self, ink: Ink, top: float) -> None:
        if self.state.advice:
            style = Style(self.look.metrics.lead, 500, "text2", max_lines=2)
            ink.paragraph(16, top, self.width() - 32, self.state.advice, style)

    def _picture_size(self) -> int:
        """Smaller where the panel is low, so that the count stays large."""
        most = round((self.height() - self.look.metrics.scan_head) * 0.48)
        return max(64, min(self.look.metrics.scan_picture, most))

    def _draw_item(self, ink: Ink) -> None:
        state, sizes = self.state, self.look.metrics
        size = self._picture_size()
        top, left = sizes.scan_head + 13, 16
        if sizes.width == 1024:
            top -= 2
        if not (state.picture or state.name or state.sku):
            self._draw_advice(ink, top)
            return
        self._draw_goods(ink, top, size)
        if state.advice:
            style = Style(sizes.body, 500, "text2", max_lines=2)
            ink.paragraph(left, top + size + 10, self.width() - 2 * left, state.advice, style)

    def _draw_goods(self, ink: Ink, top: int, size: int) -> None:
        """Picture, name and number: the same for each unit of a line, and while a segment fills; they are kept."""
        state, width, key = self.state, self.width() - 2 * LINE, (self.state.picture, self.state.name, self.state.sku)
        goods = self.look.kept.once((_Goods, *key, size, width), lambda: _Goods.of(self.look, state, size, width))
        place = QRect(LINE, top, width, min(goods.height, self.height() - LINE - top))
        ink.stamp((ScanPanel, *key, size), place, goods.draw, "surface", new=key != self._goods)
        self._goods = key

    def _draw_foot(self, ink: Ink, rect: QRectF, token: str) -> None:
        state, sizes = self.state, self.look.metrics
        assert state.family is not None
        bottom = rect.height() - 18
        if state.need or state.extra:
            place = QRectF(18, bottom - sizes.segment, rect.width() - 36, sizes.segment)
            ink.segments(place, state.have, state.need, state.extra, state.family, self._filling.value)
            bottom -= sizes.segment + (14 if sizes.width > 1024 else 8)
        if state.count:
            size = min(sizes.count, bottom - sizes.scan_head - self._picture_size() - 20)
            place = QRectF(18, bottom - size, rect.width() - 36, size - size * 0.12)
            draw_count(ink, place, state.count, state.of, max(40, size), token)
