"""The right side of Orders: the chosen order, the filters, or a form."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.presenters.state import orders, parts
from app.presenters.state.intents import Intents
from app.views.form import FormPanel
from app.views.kit import (
    Card,
    CommandButton,
    DataTable,
    Ink,
    Look,
    Paragraph,
    Part,
    SmallButton,
    Style,
    TimeLine,
    fit_font,
)
from app.views.kit.ink import RIGHT, width_of

PAD = 16
NOTHING = orders.Detail("", parts.Chip(""), "")


class KeyLink(SmallButton):
    """Words with their key inside a card, without a border: leads to another page."""

    def relook(self) -> None:
        """Lower than a button; as high as a finger needs where the screen is touched."""
        self.setFixedHeight(44 if self.look.metrics.width == 1024 else round(28 * self.look.metrics.text_scale))

    def draw(self, ink: Ink) -> None:
        """Words and key at the right end; only the key where there is no room for words."""
        state, sizes = self.state, self.look.metrics
        words = "text3" if state.reason else "accentText"
        if self.isDown() or self.underMouse():
            ink.fill(QRectF(self.rect()), "hover", 6)
        key = max(24.0, ink.width(state.key, ink.font(sizes.micro, 600)) + 13)
        left = self.width() - key - 2
        ink.key(state.key, left, self.height() / 2, words)
        ink.text(QRectF(0, 0, left - 8, self.height()), state.words, ink.font(sizes.body, 600), words, RIGHT)

    def wide(self) -> int:
        """How wide it wants to be."""
        return round(self._plain_width()) + 8

    def _plain_width(self) -> float:
        sizes = self.look.metrics
        key = max(24.0, width_of(self.state.key, self.look.font(sizes.micro, 600, mono=True)) + 13)
        return width_of(self.state.words, self.look.font(sizes.body, 600)) + 8 + key


class DetailHead(Part):
    """Number, chip, recipient, address, facts, pictures, holds; at the right the links to more."""

    def __init__(self, look: Look, intents: Intents) -> None:
        """As high as what it shows."""
        super().__init__(look)
        self.state = NOTHING
        self.links = [KeyLink(look, intents, self) for _ in range(2)]

    def render(self, state: orders.Detail) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            said = (state.chip.words, state.recipient, *state.address, state.facts, state.count)
            self.describe(state.number, ", ".join(said))
            for at, link in enumerate(self.links):
                link.setVisible(at < len(state.links))
                if at < len(state.links):
                    link.render(state.links[at])
            self.relook()
            self.update()

    def relook(self) -> None:
        """As high as what it shows."""
        self.setFixedHeight(round(self._lay_out(None)))

    def resizeEvent(self, event: object) -> None:
        """Another width may take other lines."""
        self.relook()

    def draw(self, ink: Ink) -> None:
        """From the top."""
        self._lay_out(ink)
        ink.line(0, self.height() - 1, self.width(), self.height() - 1, "line")

    def _lay_out(self, ink: Ink | None) -> float:
        """Draws, or only measures: the height that it takes."""
        state, sizes = self.state, self.look.metrics
        wide = max(200, self.width()) - 2 * PAD
        top = 12.0
        size = sizes.title * (1.3 if sizes.width == 1920 else 1.2)
        row = size * 1.2
        if ink is not None:
            chip = ink.chip_width(state.chip)
            font = fit_font(self.look, state.number, self.look.font(size, 700, True, -2), wide - chip - 12, 18)
            ink.text(QRectF(PAD, top, wide - chip - 10, row), state.number, font)
            ink.chip(state.chip, PAD + wide - chip, top + row / 2, wide * 0.6)
        top += row + 4
        top += self._lines(ink, top, wide)
        for note in self._notes():
            top += self._note(ink, note, top, wide)
        if state.pictures or state.count:
            top += self._pictures(ink, top + 4, wide) + 4
        return top + 12

    def _lines(self, ink: Ink | None, top: float, wide: float) -> float:
        state, sizes = self.state, self.look.metrics
        height = 0.0
        first = self.links[0] if len(state.links) > 0 else None
        last = self.links[1] if len(state.links) > 1 and not self._tight() else None
        lines = [(state.recipient, 700, "text", first)] + [(line, 400, "text", None) for line in state.address]
        lines.append((state.facts, 400, "text2", last))
        for words, weight, colour, link in lines:
            if not words and link is None:
                continue
            style = Style(sizes.body, weight, colour, line_height=1.35, max_lines=2)
            beside = link.wide() + 8 if link is not None else 0
            made = Paragraph(self.look, words, style, wide - beside)
            if ink is not None:
                made.paint(ink.painter, PAD, top + height)
            elif link is not None:
                centre = top + height + made.height / 2
                link.setGeometry(
                    round(PAD + wide - beside + 8), round(centre - link.height() / 2), beside - 8, link.height()
                )
            height += made.height
        return height

    def _notes(self) -> tuple[parts.Note, ...]:
        own = (parts.Note(" ".join(self.state.note.split())),) if self.state.note else ()
        return (*self.state.holds[:3], *own)

    def _note(self, ink: Ink | None, note: parts.Note, top: float, wide: float) -> float:
        sizes = self.look.metrics
        words = f"{note.subject}: {note.words}" if note.subject else note.words
        style = Style(sizes.small, 500, "warnText", line_height=1.25, max_lines=3)
        made = Paragraph(self.look, words, style, wide - 46)
        height = made.height + 12
        if ink is not None:
            place = QRectF(PAD, top + 6, wide, height)
            ink.box(place, "warnSoft", "warnLine", 1, 8)
            ink.icon(note.icon, PAD + 10, round(place.center().y() - 9), 18, "warnText")
            made.paint(ink.painter, PAD + 36, top + 12)
        return height + 6

    def _tight(self) -> bool:
        """Large type on a screen that is not large: pictures give way, and the last link stands where they stood."""
        sizes = self.look.metrics
        return sizes.text_scale > 1 and sizes.width < 1920

    def _pictures(self, ink: Ink | None, top: float, wide: float) -> float:
        sizes = self.look.metrics
        pictures = () if self._tight() else self.state.pictures
        side = float(sizes.row_picture) if pictures else sizes.small * 1.4
        if ink is None:
            if self._tight() and len(self.state.links) > 1:
                link = self.links[1]
                centre = top + 3 + side / 2
                link.setGeometry(
                    round(PAD + wide - link.wide()), round(centre - link.height() / 2), link.wide(), link.height()
                )
            return side + 6
        left = float(PAD)
        for name in pictures:
            if left + side > PAD + wide - 70:
                break
            ink.picture(name, QRectF(left, top + 3, side, side), 6)
            left += side + 6
        style = Style(self.look.metrics.small, 400, "text2", line_height=1.35, max_lines=2)
        made = Paragraph(self.look, self.state.count, style, PAD + wide - left - 4)
        made.paint(ink.painter, left + (4 if pictures else 0), top + 3 + (side - made.height) / 2)
        return side + 6


class DetailPanel(Card):
    """The chosen order with its time line and commands."""

    def __init__(self, look: Look, intents: Intents) -> None:
        """The time line scrolls; head and commands stay."""
        super().__init__(look)
        self.detail = NOTHING
        self.head, self.events = DetailHead(look, intents), TimeLine(look)
        self.open = CommandButton(look, intents)
        self._intents = intents
        self.buttons: list[SmallButton] = []
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 8, 0, 8)
        column.addWidget(self.events)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        self.area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.foot = QWidget()
        self._grid = QGridLayout(self.foot)
        self._grid.setContentsMargins(12, 10, 12, 11)
        self._grid.setSpacing(8)
        self._grid.addWidget(self.open, 0, 0, 1, 6)
        for at in range(6):  # of equal width, whatever the words of one button
            self._grid.setColumnStretch(at, 1)
        self.open.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.area.setMinimumHeight(24)
        self.foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.add(self.head)
        self.add(self.area, 1)
        self.add(self.foot)
        self.setVisible(False)

    def draw(self, ink: Ink) -> None:
        """The card and a line above the commands."""
        super().draw(ink)
        ink.line(0, self.foot.y(), self.width(), self.foot.y(), "line")

    def render_detail(self, state: orders.Detail) -> None:
        """Take a state."""
        if state == self.detail:
            return
        if state.number != self.detail.number:
            self.area.verticalScrollBar().setValue(0)
        self.detail = state
        self.head.render(state)
        self.events.render(state.events)
        self.open.render(state.open)
        while len(self.buttons) < len(state.commands):
            at = len(self.buttons)
            self.buttons.append(SmallButton(self.look, self._intents))
            self.buttons[-1].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            row, column, span = (1, at * 3, 3) if at < 2 else (2 + (at - 2) // 3, (at - 2) % 3 * 2, 2)
            self._grid.addWidget(self.buttons[-1], row, column, 1, span)
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(state.commands))
            if i < len(state.commands):
                button.render(state.commands[i])
                button.setMinimumWidth(40)

    def sizeHint(self) -> QSize:
        """The width of the side."""
        return QSize(356, 400)


class FiltersPanel(Card):
    """All filters as a list, and the form that keeps one."""

    def __init__(self, look: Look, intents: Intents) -> None:
        """The list scrolls."""
        super().__init__(look, parts.CardHead(""))
        self._intents = intents
        self.table = DataTable(look, intents)
        self.form = FormPanel(look, intents)
        self.foot = QWidget()
        self._grid = QGridLayout(self.foot)
        self._grid.setContentsMargins(12, 10, 12, 11)
        self._grid.setSpacing(8)
        self.buttons: list[SmallButton] = []
        self.add(self.table, 1)
        self.add(self.form)
        self.add(self.foot)

    def render_filters(self, state: orders.Filters) -> None:
        """Take a state."""
        self.render(parts.CardHead(state.title, "funnel"))
        self.table.render(state.table)
        self.form.setVisible(state.form is not None)
        if state.form is not None:
            self.form.render(state.form)
            self.form.focus_first()
        self.foot.setVisible(bool(state.commands))
        while len(self.buttons) < len(state.commands):
            self.buttons.append(SmallButton(self.look, self._intents))
            self._grid.addWidget(self.buttons[-1], 0, len(self.buttons) - 1)
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(state.commands))
            if i < len(state.commands):
                button.render(state.commands[i])
