"""Answers to a question: a code, words and a key each; chosen, possible, or not possible with the reason."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.presenters.state import parts
from app.presenters.state.intents import Intents
from app.views.kit.command import PaintedButton
from app.views.kit.ink import Ink, width_of
from app.views.kit.look import Look
from app.views.kit.text import Paragraph, Style, fitting

LEAST = 12
"""Pixels below which no words of an answer are made."""


def _plate_size(module: int) -> int:
    return 14 * module + (20 if module > 3 else 12)


class ChoiceButton(PaintedButton):
    """`ChoiceButton(look, intents, module)`; `render(parts.Choice)`. Large ones have modules of 4, rows of 4 have 3."""

    def __init__(self, look: Look, intents: Intents, module: int = 4, parent: QWidget | None = None) -> None:
        """Speaks to `intents.command` with its code."""
        super().__init__(look, self._pressed, parent)
        self._intents = intents
        self._module = module
        self.state = parts.Choice("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def _pressed(self) -> None:
        self._intents.command(self.state.code)

    def render(self, state: parts.Choice) -> None:
        """Take a state."""
        if state == self.state:
            return
        self.state = state
        self.name_it(f"{state.words} {state.detail}".strip(), state.key, state.reason)
        self.updateGeometry()
        self.update()

    @property
    def plate_size(self) -> int:
        """Side of the plate: fourteen modules, at least two of white around."""
        return _plate_size(self._module)

    def _drawn_module(self) -> int:
        """The module that fits the height there is."""
        module = self._module
        while module > 2 and _plate_size(module) > self.height() - 4:
            module -= 1
        return module

    def sizeHint(self) -> QSize:
        """Plate and words."""
        sizes = self.look.metrics
        words = max(width_of(self.state.words, self.look.font(sizes.head, 600)), 60)
        return QSize(round(self.plate_size + words + 60), self.plate_size + 12)

    def minimumSizeHint(self) -> QSize:
        """Never shorter than the plate."""
        return QSize(self.plate_size + 40, self.plate_size + 10)

    def draw(self, ink: Ink) -> None:
        """Plate, words, detail, key."""
        state, rect = self.state, QRectF(self.rect())
        if state.reason:
            ink.box(rect, "sunken", "lineStrong", 1, 8, dashed=True)
        elif state.chosen:
            ink.box(rect, "accentSoft", "accentSolid", 2, 8)
        else:
            ink.box(rect, self.ground("surface"), "lineStrong", 1, 8)
        left = self._draw_plate(ink, rect)
        right = rect.right() - 12
        if state.key and not state.reason:
            font = ink.font(self.look.metrics.micro, 600, mono=True)
            wide = max(24.0, ink.width(state.key, font) + 13)
            right -= ink.key(state.key, right - wide, rect.center().y(), "text2") + 8
        self._draw_words(ink, left, right)

    def _draw_plate(self, ink: Ink, rect: QRectF) -> float:
        state, module = self.state, self._drawn_module()
        size = _plate_size(module)
        inset = min(6.0, (rect.height() - size) / 2) if rect.height() >= size else 4.0
        place = QRectF(max(4.0, inset), rect.center().y() - size / 2, size, size)
        if state.reason:
            slot = QRectF(place.left(), rect.top(), min(size, 44), rect.height())
            ink.icon_in("prohibit", slot, 24, "text3")
            return slot.right() + 8
        if not state.code:
            return 14
        ink.plate(state.code, place, module, line="line")
        left = place.right() + (14 if self._module > 3 else 8)
        if state.picture:
            side = min(64.0, rect.height() - 16)
            ink.picture(state.picture, QRectF(left, rect.center().y() - side / 2, side, side), 6)
            left += side + 12
        elif state.icon:
            ink.icon(state.icon, left, round(rect.center().y() - 12), 24, "text2")
            left += 34
        return left

    def _draw_words(self, ink: Ink, left: float, right: float) -> None:
        words, detail = self._words(right - left)
        top = (self.height() - words.height - (detail.height + 2 if detail else 0)) / 2
        words.paint(ink.painter, left, top)
        if detail:
            detail.paint(ink.painter, left, top + words.height + 2)

    def _words(self, room: float) -> tuple[Paragraph, Paragraph | None]:
        """Words and detail at the largest size at which both fit: first smaller, then with a line each."""
        sizes, state = self.look.metrics, self.state
        colour = "text2" if state.reason else "text"
        large = sizes.head + 1 if self._module > 3 else sizes.body
        second, mono = state.reason or state.detail, state.detail_is_code and not state.reason
        for part, lines in ((1.0, 2), (0.9, 2), (0.8, 2), (0.8, 1), (0.7, 1)):
            style = Style(max(LEAST, large * part), 600, colour, line_height=1.15, max_lines=2)
            words = fitting(self.look, state.words, style, room, self.height(), LEAST)
            small = Style(max(LEAST, sizes.small * part), 400, "text2", mono, line_height=1.2, max_lines=lines)
            detail = Paragraph(self.look, second, small, room) if second else None
            if words.height + (detail.height + 2 if detail else 0) <= self.height() - 4:
                break
        return words, detail


class ChoiceButtons(QWidget):
    """`ChoiceButtons(look, intents, columns=1, module=4)`; `render(tuple[parts.Choice, ...])`."""

    def __init__(
        self, look: Look, intents: Intents, columns: int = 1, module: int = 4, parent: QWidget | None = None
    ) -> None:
        """A grid that fills row by row."""
        super().__init__(parent)
        self.look = look
        self._intents, self._columns, self._module = intents, columns, module
        self.buttons: list[ChoiceButton] = []
        self.state: tuple[parts.Choice, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)

    def render(self, state: tuple[parts.Choice, ...]) -> None:
        """Take the answers in their order."""
        if state == self.state:
            return
        self.state = state
        while len(self.buttons) < len(state):
            button = ChoiceButton(self.look, self._intents, self._module, self)
            place = len(self.buttons)
            self._grid.addWidget(button, place // self._columns, place % self._columns)
            self.buttons.append(button)
        for button, choice in zip(self.buttons, state, strict=False):
            button.render(choice)
            button.show()
        for button in self.buttons[len(state) :]:
            button.hide()
        self._grid.setAlignment(Qt.AlignmentFlag(0))
