"""The bars at fixed heights: the order in hand, its notes, and what to acknowledge."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QMouseEvent
from PySide6.QtWidgets import QWidget

from app.presenters.state import parts
from app.presenters.state.intents import Intents
from app.views.kit.ink import ENDLESS, Ink
from app.views.kit.look import Look
from app.views.kit.part import Part
from app.views.kit.text import Paragraph, Style, fitting

EDGE = 20


class OrderHeader(Part):
    """`OrderHeader(look)`; `render(parts.OrderHeader)`."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """One fixed height."""
        super().__init__(look, parent)
        self.state = parts.OrderHeader("")
        self.relook()

    def relook(self) -> None:
        """One height."""
        self.fix_height(self.look.metrics.header)

    def render(self, state: parts.OrderHeader) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            facts = [*state.facts, *([state.right] if state.right else [])]
            self.describe(state.number, ", ".join(f"{fact.label} {fact.value}" for fact in facts))
            self.update()

    def draw(self, ink: Ink) -> None:
        """Number, facts, and at the right a fact or a chip."""
        state, sizes = self.state, self.look.metrics
        ink.fill(self.rect(), "surface")
        ink.line(0, self.height() - 1, self.width(), self.height() - 1, "line")
        right: float = self.width() - EDGE
        if state.chip:
            wide: float = ink.chip_width(state.chip)
            ink.chip(state.chip, right - wide, self.height() / 2)
            right -= wide + 18
        elif state.right:
            wide = self._fact_width(state.right)
            self._draw_fact(ink, state.right, right - wide, wide)
            right -= wide + 18
        font = ink.font(sizes.title, 700, mono=True, spacing=-2)
        left = EDGE + ink.text(QRectF(EDGE, 0, right - EDGE, self.height()), state.number, font) + 18
        shown = [fact for fact in state.facts if not (fact.wide and sizes.width == 1024)]
        for fact in shown:
            wide = min(self._fact_width(fact), right - left)
            if wide < 60:
                break
            self._draw_fact(ink, fact, left, wide)
            left += wide + 18

    def _fact_width(self, fact: parts.Fact) -> float:
        line = self.look.kept.line
        value = line(fact.value, self._value_font(fact), ENDLESS).width
        label = line(fact.label, self.look.font(self.look.metrics.micro), ENDLESS).width
        return max(value + (26 if fact.icon else 0), label) + 19

    def _value_font(self, fact: parts.Fact) -> QFont:
        return self.look.font(self.look.metrics.lead, 600, fact.code, -1 if fact.code else 0)

    def _draw_fact(self, ink: Ink, fact: parts.Fact, left: float, width: float) -> None:
        sizes, middle = self.look.metrics, self.height() / 2
        first, second = sizes.micro * 1.25, sizes.lead * 1.25
        top = middle - (first + second) / 2
        ink.line(round(left), middle - 21, round(left), middle + 21, "line")
        colours = self.look.family(fact.family) if fact.family else None
        at = left + 19
        ink.text(QRectF(at, top, width - 19, first), fact.label, ink.font(sizes.micro), "text3")
        if fact.icon:
            ink.icon(fact.icon, at, round(top + first + (second - 20) / 2), 20, colours.text if colours else "text")
            at += 26
        place = QRectF(at, top + first, width - (at - left), second)
        ink.text(place, fact.value, self._value_font(fact), colours.text if colours else "text")


class NotesBar(Part):
    """`NotesBar(look)`; `render(tuple[parts.Note, ...])`: customer, group and product notes, in that order."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Hidden while there are no notes."""
        super().__init__(look, parent)
        self.state: tuple[parts.Note, ...] = ()
        self.relook()
        self.hide()

    def relook(self) -> None:
        """One height."""
        self.fix_height(self.look.metrics.notes)

    def render(self, state: tuple[parts.Note, ...]) -> None:
        """Take notes; none hides the bar."""
        self.setVisible(bool(state))
        if state != self.state:
            self.state = state
            said = " ".join(f"{note.subject} {note.words}" for note in state)
            self.describe(said)
            self.setToolTip(said)
            self.update()

    def draw(self, ink: Ink) -> None:
        """Icon, subject, words; what has no room ends in an ellipsis."""
        sizes, height = self.look.metrics, self.height()
        ink.fill(self.rect(), "warnSoft")
        ink.line(0, height - 1, self.width(), height - 1, "warnLine")
        left: float = EDGE
        for i, note in enumerate(self.state):
            room = self.width() - left - EDGE
            if room < 120:
                break
            if i:
                ink.line(round(left), height / 2 - 10, round(left), height / 2 + 10, "warnLine")
                left += 21
            ink.icon(note.icon, round(left), round(height / 2 - 11), 22, "warnText")
            left += 32
            if note.subject:
                bold = ink.font(sizes.lead, 700)
                place = QRectF(left, 0, self.width() - EDGE - left, height)
                left += ink.text(place, note.subject, bold, "warnText") + 5
            place = QRectF(left, 0, self.width() - EDGE - left, height)
            left += ink.text(place, note.words, ink.font(sizes.lead), "text") + 20


class AckBar(Part):
    """`AckBar(look, intents)`; `render(parts.AckBar)`. A touch on its plate answers too."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Takes the place of the command bar in a blocking state."""
        super().__init__(look, parent)
        self._intents = intents
        self.state = parts.AckBar("", "", "")
        self.relook()

    def relook(self) -> None:
        """One height."""
        self.fix_height(self.look.metrics.ack_bar)

    def render(self, state: parts.AckBar) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.describe(state.order, f"{state.how} {state.locked}")
            self.update()

    def _plate(self) -> QRectF:
        left = 26 if self.look.metrics.width > 1024 else 18
        return QRectF(left, round((self.height() - 6 - 136) / 2), 136, 136)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touch on the plate."""
        if event.button() is Qt.MouseButton.LeftButton and self._plate().contains(event.position()):
            self._intents.command(self.state.code)

    def draw(self, ink: Ink) -> None:
        """Plate, what to do, how to go on, what is locked."""
        state, sizes = self.state, self.look.metrics
        touch = sizes.width == 1024
        ink.fill(self.rect(), "surface")
        ink.line(0, 0, self.width(), 0, "line")
        plate = self._plate()
        ink.plate(state.code, plate, 10, line="lineStrong")
        middle = plate.center().y()
        locked_wide, gap = (205, 18) if touch else (322, 24)
        if sizes.width == 1920:
            locked_wide = 460
        left, right = plate.right() + gap, self.width() - (18 if touch else 26) - locked_wide
        how = Paragraph(self.look, state.how, Style(sizes.lead, 400, "text2", line_height=1.7), right - left - 20)
        style = Style(sizes.ack, 700, spacing=-1, line_height=1.1, max_lines=2)
        order = fitting(self.look, state.order, style, right - left - 20, sizes.ack * 2.4, 22)
        top = middle - (order.height + how.height + 5) / 2
        order.paint(ink.painter, left, top)
        how.paint(ink.painter, left, top + order.height + 5)
        self._draw_locked(ink, QRectF(right, 0, locked_wide, self.height()), middle)

    def _draw_locked(self, ink: Ink, place: QRectF, middle: float) -> None:
        sizes = self.look.metrics
        touch = sizes.width == 1024
        inset = 14 if touch else 22
        style = Style(15 * sizes.text_scale if touch else sizes.body, 400, "text2", line_height=1.3)
        at = place.left() + inset + 38
        words = Paragraph(self.look, self.state.locked, style, place.right() - at)
        half = max(20.0, words.height / 2)
        ink.line(round(place.left()), middle - half, round(place.left()), middle + half, "line")
        ink.icon("lock-simple", round(place.left() + inset), round(middle - 14), 28, "text2")
        words.paint(ink.painter, at, middle - words.height / 2)
