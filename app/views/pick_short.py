"""The three cards of a short pick: what was found, why the others are missing, what becomes of them."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.presenters.state import parts, pick
from app.presenters.state.intents import Intents
from app.views.kit import Card, ChoiceButton, Ink, Look, Paragraph, Part, Style, fitting, unbroken
from app.views.kit.card import draw_card, draw_card_head
from app.views.kit.scan_panel import draw_count

CHOICE_HEIGHT = 106


class FoundCard(Part):
    """`FoundCard(look)`; `render(pick.Short)`: the item, and how many of it lay there."""

    def __init__(self, look: Look) -> None:
        """Fills the room it gets."""
        super().__init__(look)
        self.state: pick.Short | None = None

    def render(self, state: pick.Short) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.describe(f"{state.head.title}: {state.name} {state.sku}", f"{state.count} {state.of}. {state.note}")
            self.update()

    def draw(self, ink: Ink) -> None:
        """Item at the top, count, segments and note at the foot."""
        state, sizes = self.state, self.look.metrics
        draw_card(ink, QRectF(self.rect()))
        if state is None:
            return
        draw_card_head(ink, state.head, QRectF(0, 0, self.width(), sizes.card_head))
        pad, wide = 14, sizes.width == 1920
        side = 150 if wide else 112
        top = sizes.card_head + pad
        ink.picture(state.picture, QRectF(pad, top, side, side), 8)
        left = pad + side + 14
        room = self.width() - left - pad
        size = (24 if wide else 19) * sizes.text_scale
        style = Style(size, 700, line_height=1.15, max_lines=5)
        name = fitting(self.look, unbroken(state.name), style, room, side - sizes.body * 1.4, size * 0.7)
        y = top + max(0.0, (side - name.height - sizes.body * 1.35) / 2)
        name.paint(ink.painter, left, y)
        font = ink.font(sizes.body, mono=True)
        ink.text(QRectF(left, y + name.height + 2, room, sizes.body * 1.35), state.sku, font, "text")
        self._draw_foot(ink, state, top + side + 10)

    def _draw_foot(self, ink: Ink, state: pick.Short, top: float) -> None:
        sizes, pad = self.look.metrics, 14
        width = self.width() - 2 * pad
        note = Paragraph(self.look, state.note, Style(sizes.body, 400, "text2", strong_colour="text"), width)
        bottom = self.height() - pad - note.height
        note.paint(ink.painter, pad, bottom)
        bottom -= 12 + sizes.segment
        ink.segments(QRectF(pad, bottom, width, sizes.segment), state.have, state.need, 0, parts.Family.WARN)
        size = min(190.0 if sizes.width == 1920 else 150.0, (bottom - 16 - top) / 0.8)
        place = QRectF(pad + 4, bottom - 18 - size * 0.8, width - 8, size * 0.8)
        token = "text" if state.have == state.need else "warnText"
        draw_count(ink, place, state.count, state.of, size, token)


class RemedyCard(Part):
    """`RemedyCard(look)`; `render(pick.Remedy)`: what happens without another scan."""

    def __init__(self, look: Look) -> None:
        """One height."""
        super().__init__(look)
        self.state = pick.Remedy("", "", "")
        self.relook()

    def relook(self) -> None:
        """Three lines."""
        self.fix_height(round((150 if self.look.metrics.width == 1920 else 112) * self.look.metrics.text_scale))

    def render(self, state: pick.Remedy) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.describe(state.label, f"{state.code}, {state.words}")
            self.update()

    def draw(self, ink: Ink) -> None:
        """Label, code, words."""
        sizes, state = self.look.metrics, self.state
        ink.box(QRectF(self.rect()), "surface", "line", 1, 8)
        big = (48 if sizes.width == 1920 else 36) * sizes.text_scale
        lines = (sizes.micro * 1.4, big * 1.1, sizes.body * 1.3)
        y, pad = (self.height() - sum(lines)) / 2, 15
        room = self.width() - 2 * pad
        ink.text(QRectF(pad, y, room, lines[0]), state.label, ink.font(sizes.micro, 500), "text2")
        ink.text(QRectF(pad, y + lines[0], room, lines[1]), state.code, ink.font(big, 700, mono=True, spacing=-2))
        ink.text(QRectF(pad, y + lines[0] + lines[1], room, lines[2]), state.words, ink.font(sizes.body), "text2")


class ChoiceColumn(QWidget):
    """`ChoiceColumn(look, intents)`; `render(choices, columns)`: large answers from the top, none taller than 106."""

    def __init__(self, look: Look, intents: Intents) -> None:
        """Buttons are kept and shown again."""
        super().__init__()
        self.look, self._intents = look, intents
        self.buttons: list[ChoiceButton] = []
        self._count, self._columns = 0, 1

    def render(self, choices: tuple[parts.Choice, ...], columns: int) -> None:
        """Take the answers in their order, in so many columns."""
        while len(self.buttons) < len(choices):
            self.buttons.append(ChoiceButton(self.look, self._intents, 4, self))
        for button, choice in zip(self.buttons, choices, strict=False):
            button.render(choice)
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(choices))
        self._count, self._columns = len(choices), columns
        self._lay()

    def _lay(self) -> None:
        if not self._count:
            return
        gap = 9
        rows = -(-self._count // self._columns)
        height = min(
            (150 if self.look.metrics.width == 1920 else CHOICE_HEIGHT), (self.height() - gap * (rows - 1)) // rows
        )
        width = (self.width() - gap * (self._columns - 1)) // self._columns
        for i, button in enumerate(self.buttons[: self._count]):
            row, column = divmod(i, self._columns)
            button.setGeometry(column * (width + gap), row * (height + gap), width, height)

    def resizeEvent(self, event: object) -> None:
        """Share the room again."""
        self._lay()


class ShortBody(QWidget):
    """`ShortBody(look, intents)`; `render(pick.Short)`."""

    def __init__(self, look: Look, intents: Intents) -> None:
        """Three cards side by side."""
        super().__init__()
        self.look = look
        self.state: pick.Short | None = None
        self.found = FoundCard(look)
        self.asked_card, self.missing_card = Card(look, pad=True), Card(look, pad=True)
        self.asked, self.remedies = ChoiceColumn(look, intents), ChoiceColumn(look, intents)
        self.remedy = RemedyCard(look)
        self.asked_card.add(self.asked, 1)
        self.missing_card.add(self.remedies, 1)
        self.missing_card.add(self.remedy)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.found)
        self._row.addWidget(self.asked_card, 1)
        self._row.addWidget(self.missing_card, 1)
        look.changed.connect(self._relook)
        self._relook()

    def _relook(self) -> None:
        self._row.setSpacing(self.look.metrics.gap)
        self.found.setFixedWidth({1024: 280, 1366: 340, 1920: 500}[self.look.metrics.width])

    def render(self, state: pick.Short) -> None:
        """Take a state."""
        if state == self.state:
            return
        self.state = state
        self.found.render(state)
        self.asked_card.render(state.asked_head)
        self.asked.render(state.asked, state.columns)
        self.missing_card.render(state.remedy_head)
        self.missing_card.setVisible(state.remedy is not None)
        self.remedies.render(state.remedies, 1)
        if state.remedy is not None:
            self.remedy.render(state.remedy)
