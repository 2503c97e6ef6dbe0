"""The painted parts of the scanner doctor: the codes of the sheet, what arrived, what was found."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from app.presenters.state import doctor, parts
from app.presenters.state.devices import RawByte
from app.views.kit import CENTRE, LEFT, Ink, Look, Paragraph, Part, Style

PAD = 14


class CodeList(Part):
    """`CodeList(look)`; `render(tuple[doctor.CodeRow, ...])`: the codes in their order, the one to scan now marked."""

    def __init__(self, look: Look) -> None:
        """Shares its height among the codes."""
        super().__init__(look)
        self.state: tuple[doctor.CodeRow, ...] = ()

    def render(self, state: tuple[doctor.CodeRow, ...]) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.describe("", "; ".join(f"{row.number} {row.words}" for row in state))
            self.update()

    def draw(self, ink: Ink) -> None:
        """Number, words, what became of it."""
        if not self.state:
            return
        sizes = self.look.metrics
        each = min(64 * sizes.text_scale, self.height() / len(self.state))
        for place, row in enumerate(self.state):
            rect = QRectF(0, round(place * each), self.width(), round(each))
            colours = self.look.family(parts.Family.ACCENT if row.now else row.family)
            if row.now:
                ink.fill(rect, colours.soft)
                ink.fill(QRectF(0, rect.top(), 5, rect.height()), colours.solid)
            if place:
                ink.line(0, rect.top(), self.width(), rect.top(), "line")
            number = QRectF(PAD, rect.top(), 30 * sizes.text_scale, rect.height())
            ink.text(number, row.number, ink.font(sizes.head, 700), "text", LEFT)
            icon = "barcode" if row.now else row.icon
            token = "text2" if row.family is parts.Family.TODO and not row.now else colours.text
            ink.icon(icon, rect.right() - PAD - 22, round(rect.center().y() - 11), 22, token)
            left = number.right() + 6
            weight, colour = (600, "text") if row.now else (400, "text2")
            style = Style(sizes.small, weight, colour, line_height=1.2, max_lines=2)
            words = Paragraph(self.look, row.words, style, rect.right() - PAD - 34 - left)
            words.paint(ink.painter, left, rect.center().y() - words.height / 2)


class Arrived(Part):
    """`Arrived(look)`; `render(text, raw, verdict, waits)`: the newest scan as text and byte by byte."""

    def __init__(self, look: Look) -> None:
        """Empty until something arrives."""
        super().__init__(look)
        self.state: tuple[str, tuple[RawByte, ...], doctor.FindingRow | None, str] = ("", (), None, "")

    def render(self, text: str, raw: tuple[RawByte, ...], verdict: doctor.FindingRow | None, waits: str) -> None:
        """Take a state; what became of a scan is read out."""
        state = (text, raw, verdict, waits)
        if state != self.state:
            self.state = state
            self.describe(verdict.words if verdict else waits, text)
            self.update()
            if verdict:
                self.announce()

    def draw(self, ink: Ink) -> None:
        """Verdict, text, bytes."""
        text, raw, verdict, waits = self.state
        sizes, width, y = self.look.metrics, self.width() - 2 * PAD, 12.0
        if verdict is not None:
            colours = self.look.family(verdict.family)
            style = Style(sizes.head, 700, "text", max_lines=2)
            words = Paragraph(self.look, verdict.words, style, width - 60)
            tall = max(56.0, words.height + 20)
            ink.box(QRectF(PAD, y, width, tall), colours.soft, colours.line, 1, 8)
            ink.icon(verdict.icon, PAD + 12, round(y + tall / 2 - 16), 32, colours.text)
            words.paint(ink.painter, PAD + 56, y + (tall - words.height) / 2)
            y += tall + 14
        if not raw:
            if verdict is None:
                ink.text(QRectF(PAD, y, width, sizes.lead * 1.5), waits, ink.font(sizes.lead), "text2")
            return
        style = Style(sizes.name - 4, 700, "text", mono=True, max_lines=3)
        shown = Paragraph(self.look, _breakable(text), style, width)
        shown.paint(ink.painter, PAD, y)
        self._draw_raw(ink, raw, y + shown.height + 14, width)

    def _draw_raw(self, ink: Ink, raw: tuple[RawByte, ...], y: float, width: float) -> None:
        sizes = self.look.metrics
        font, bold = ink.font(sizes.body, mono=True), ink.font(sizes.body, 700, mono=True)
        cell, line = ink.width("00 ", font) + 6, sizes.body * 1.4
        across = max(4, int((width - 24) // cell))
        rows = min(-(-len(raw) // across), max(1, int((self.height() - y - 28) // (2 * line + 6))))
        ink.box(QRectF(PAD, y, width, rows * (2 * line + 6) + 14), "sunken", "line", 1, 6)
        for number, byte in enumerate(raw[: rows * across]):
            row, column = divmod(number, across)
            place = QRectF(PAD + 12 + column * cell, y + 8 + row * (2 * line + 6), cell - 4, line)
            if byte.control:
                ink.fill(QRectF(place.left(), place.top(), place.width(), 2 * line), "accentSoft", 3)
            token = "accentText" if byte.control else "text"
            ink.text(place, byte.digits, bold if byte.control else font, "text2" if not byte.control else token, CENTRE)
            ink.text(place.translated(0, line).adjusted(-3, 0, 3, 0), byte.sign, bold, token, CENTRE)


def _breakable(text: str) -> str:
    """A code may break anywhere here: it is looked at, not compared in one piece."""
    return "\u200b".join(text)


class FoundList(Part):
    """`FoundList(look)`; `render(rows, setting)`: the new setting, then each finding with what to do."""

    def __init__(self, look: Look) -> None:
        """As high as what it says."""
        super().__init__(look)
        self.state: tuple[tuple[doctor.FindingRow, ...], tuple[str, str]] = ((), ("", ""))

    def relook(self) -> None:
        """Measured anew."""
        self._measure()

    def resizeEvent(self, event: object) -> None:
        """Another width breaks other lines."""
        self._measure()

    def render(self, rows: tuple[doctor.FindingRow, ...], setting: tuple[str, str]) -> None:
        """Take a state; it is read out as a whole."""
        if (rows, setting) != self.state:
            self.state = (rows, setting)
            self.describe("", "; ".join(f"{row.words} {row.advice}".strip() for row in rows))
            self._measure()
            self.update()
            self.announce()

    def _measure(self) -> None:
        self.setMinimumHeight(round(self._lay(None)))

    def draw(self, ink: Ink) -> None:
        """What wants a hand on its own ground."""
        self._lay(ink)

    def _lay(self, ink: Ink | None) -> float:
        sizes, y = self.look.metrics, 0.0
        rows, (words, uri) = self.state
        room = max(120, self.width() - 2 * PAD - 36)
        if words:
            head = Paragraph(self.look, words, Style(sizes.small, 500, "text2"), room + 36)
            value = Paragraph(self.look, _breakable(uri), Style(sizes.lead, 700, mono=True, max_lines=3), room + 36)
            if ink is not None:
                head.paint(ink.painter, PAD, y + 10)
                value.paint(ink.painter, PAD, y + 12 + head.height)
            y += head.height + value.height + 24
            if ink is not None:
                ink.line(0, round(y), self.width(), round(y), "line")
        for row in rows:
            colours = self.look.family(row.family)
            title = Paragraph(self.look, row.words, Style(sizes.body, 600, line_height=1.25), room)
            advice = Paragraph(self.look, row.advice, Style(sizes.body, 400, "text", line_height=1.25), room)
            tall = 18 + title.height + (advice.height + 4 if row.advice else 0)
            if ink is not None:
                if row.family is not parts.Family.OK:
                    ink.fill(QRectF(0, y, self.width(), tall), colours.soft)
                ink.line(0, round(y + tall), self.width(), round(y + tall), "line")
                ink.icon(row.icon, PAD, round(y + 9), 22, colours.text)
                title.paint(ink.painter, PAD + 36, y + 9)
                if row.advice:
                    advice.paint(ink.painter, PAD + 36, y + 13 + title.height)
            y += tall
        return y
