"""The painted parts of the devices screen: one device with its live values, the test scan."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.presenters.state import devices, parts
from app.presenters.state.intents import Intents
from app.views.kit import CENTRE, RIGHT, Ink, Look, Paragraph, Part, SmallButton, Style
from app.views.kit.card import draw_card, draw_card_head

PAD = 14
RAW_ROWS = 3


class DeviceCardView(Part):
    """`DeviceCardView(look, intents)`; `render(devices.DeviceCard)`."""

    def __init__(self, look: Look, intents: Intents) -> None:
        """Its buttons stand at the foot."""
        super().__init__(look)
        self._intents = intents
        self.state = devices.DeviceCard("", parts.CardHead(""), "")
        self.buttons: list[SmallButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(PAD, 0, PAD, PAD)
        column.addStretch(1)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addStretch(1)
        column.addLayout(self._row)
        self.relook()

    def relook(self) -> None:
        """Never so low that its values would be cut."""
        sizes = self.look.metrics
        least = {1024: 282, 1366: 270, 1920: 326}[sizes.width]
        self.setMinimumHeight(round(least * sizes.text_scale))
        self.setMaximumHeight(round(least * 1.45 * sizes.text_scale))

    def render(self, state: devices.DeviceCard) -> None:
        """Take a state; live values are not read out, a screen reader asks for them."""
        if state == self.state:
            return
        self.state = state
        while len(self.buttons) < len(state.buttons):
            button = SmallButton(self.look, self._intents, self)
            self._row.insertWidget(len(self.buttons), button)
            self.buttons.append(button)
        for button, command in zip(self.buttons, state.buttons, strict=False):
            button.render(command)
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(state.buttons))
        chip = state.head.chip.words if state.head.chip else ""
        said = [state.title, state.when, f"{state.value} {state.unit}".strip(), *(f"{a} {b}" for a, b in state.facts)]
        said += [f"{job.number} {job.words} {job.chip.words}" for job in state.jobs]
        self.describe(
            f"{state.head.title}, {chip}", ", ".join(part for part in (*said, state.trouble, state.note) if part)
        )
        self.update()

    def draw(self, ink: Ink) -> None:
        """Head, address, then what this kind of device shows."""
        state, sizes = self.state, self.look.metrics
        draw_card(ink, QRectF(self.rect()))
        if state.chosen:
            ink.box(QRectF(self.rect()).adjusted(1, 1, -1, -1), "", "accentSolid", 2, 10)
        draw_card_head(ink, state.head, QRectF(0, 0, self.width(), sizes.card_head))
        width, y = self.width() - 2 * PAD, sizes.card_head + 8.0
        ink.text(QRectF(PAD, y, width, sizes.small * 1.35), state.uri, ink.font(sizes.small, mono=True), "text2")
        y += sizes.small * 1.35 + 5
        y = self._draw_trouble(ink, y)
        if state.value:
            self._draw_value(ink, y, width)
            return
        if state.title:
            size = sizes.head
            row = QRectF(PAD, y, width, size * 1.3)
            wide = ink.text(row, state.when, ink.font(sizes.small), "text2", RIGHT)
            ink.text(row.adjusted(0, 0, -wide - 8, 0), state.title, ink.font(size, 700))
            y += size * 1.3 + 4
        if state.raw:
            y = self._draw_raw(ink, y, width) + 8
        y = self._draw_facts(ink, y, width)
        y = self._draw_jobs(ink, y, width)
        if state.note and y + sizes.small * 1.4 < self._foot():
            note = Paragraph(self.look, state.note, Style(sizes.small, 400, "text2", max_lines=2), width)
            note.paint(ink.painter, PAD, y + 4)

    def _draw_trouble(self, ink: Ink, y: float) -> float:
        """What is wrong and what to do, over the whole width."""
        state, sizes = self.state, self.look.metrics
        if not state.trouble:
            return y
        family = parts.Family.WRONG
        if state.head.chip is not None and state.head.chip.family is not parts.Family.WRONG:
            family = parts.Family.WARN
        colours = self.look.family(family)
        room = self.width() - 2 * PAD - 30
        words = Paragraph(
            self.look, state.trouble, Style(sizes.small, 600, "text", line_height=1.25, max_lines=3), room
        )
        ink.fill(QRectF(2, y, self.width() - 4, words.height + 12), colours.soft)
        ink.icon("warning", PAD, round(y + 8), 20, colours.text)
        words.paint(ink.painter, PAD + 30, y + 6)
        return y + words.height + 20

    def _foot(self) -> float:
        shown = [button for button in self.buttons if not button.isHidden()]
        return self.height() - (shown[0].height() + PAD + 6 if shown else 8)

    def _draw_value(self, ink: Ink, y: float, width: float) -> None:
        state, sizes = self.state, self.look.metrics
        big = (84 if sizes.width == 1920 else 62) * sizes.text_scale
        font = ink.font(big, 700, spacing=-3)
        wide = ink.text(QRectF(PAD, y, width, big * 1.1), state.value, font)
        unit = ink.font(26 * sizes.text_scale, 700)
        left, low = PAD + wide + 12, y + big * 0.5
        left += ink.text(QRectF(left, low, width - wide - 12, big * 0.5), state.unit, unit) + 14
        ink.text(QRectF(left, low + 5, PAD + width - left, big * 0.5), state.when, ink.font(sizes.body), "text2")
        y += big * 1.1 + 4
        room = self._foot() - y - sizes.small * 1.4 - 12
        if state.trend and room > 24:
            self._draw_trend(ink, QRectF(PAD, y, width, min(110.0, room)))
            y += min(110.0, room) + 8
        if y + sizes.small * 1.4 <= self._foot():  # under a trouble of two lines there is no room beside the buttons
            ink.text(QRectF(PAD, y, width, sizes.small * 1.4), state.note, ink.font(sizes.small), "text2")

    def _draw_trend(self, ink: Ink, place: QRectF) -> None:
        for share in (0.0, 0.5, 1.0):
            ink.line(place.left(), round(place.top() + share * place.height()), place.right(),
                     round(place.top() + share * place.height()), "line")  # fmt: skip
        values = self.state.trend
        step = place.width() / max(1, len(values) - 1)
        height = place.height() - 8
        points = [
            QPointF(place.left() + i * step, place.bottom() - 4 - value * height) for i, value in enumerate(values)
        ]
        pen = QPen(self.look.colour("accentText"), 2.5)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        ink.painter.setPen(pen)
        ink.painter.setBrush(Qt.BrushStyle.NoBrush)
        ink.painter.drawPolyline(QPolygonF(points))

    def _draw_raw(self, ink: Ink, y: float, width: float) -> float:
        """Rows of bytes, each above its sign; what has no room is counted at the end."""
        sizes = self.look.metrics
        font, bold = ink.font(sizes.small, mono=True), ink.font(sizes.small, 600, mono=True)
        cell = ink.width("00 ", font) + 1
        line = sizes.small * 1.45
        across = max(4, int((width - 24) // cell))
        room = max(1, int((self._foot() - y - 60 * sizes.text_scale) // (2 * line)))
        rows = min(RAW_ROWS, room, -(-len(self.state.raw) // across))
        cells = rows * across
        shown: list[devices.RawByte | None] = list(self.state.raw)
        if len(shown) > cells:  # the end is worth as much as the beginning: there stands what closes a code
            shown = [*shown[: cells - cells // 2 - 1], None, *shown[-(cells // 2) :]]
        box = QRectF(PAD, y, width, rows * 2 * line + 16)
        ink.box(box, "sunken", "line", 1, 6)
        for i, byte in enumerate(shown):
            row, column = divmod(i, across)
            place = QRectF(box.left() + 12 + column * cell, box.top() + 8 + row * 2 * line, cell, line)
            digits = place.adjusted(0, 0, -cell / 3, 0)
            if byte is None:
                ink.text(digits, "…", bold, "text2", CENTRE)
                continue
            token = "accentText" if byte.control else "text"
            if byte.control:
                ink.fill(place.adjusted(-3, 1, -cell * 0.1, line - 1), "accentSoft", 3)
            ink.text(digits, byte.digits, bold if byte.control else font, token, CENTRE)
            signs = digits.translated(0, line).adjusted(-4, 0, 4, 0)
            ink.text(signs, byte.sign, bold if byte.control else font, token, CENTRE)
        return box.bottom()

    def _draw_facts(self, ink: Ink, y: float, width: float) -> float:
        """Labelled values in two columns, where they fit."""
        sizes, facts = self.look.metrics, self.state.facts
        label, value = ink.font(sizes.small), ink.font(sizes.small, 600, mono=True)
        line = sizes.body * 1.6
        names = max((ink.width(name, label) for name, _ in facts), default=0.0) + 12
        widest = max((ink.width(text, value) for _, text in facts), default=0.0)
        columns = 2 if len(facts) > 1 and names + widest <= width / 2 - 8 else 1
        column = width / columns
        for i, (name, text) in enumerate(facts):
            if y + (i // columns + 1) * line > self._foot():
                break
            place = QRectF(PAD + (i % columns) * column, y + (i // columns) * line, column - 8, line)
            ink.text(place, name, label, "text2")
            ink.text(place.adjusted(names, 0, 0, 0), text, value)
        return y + -(-len(facts) // columns) * line

    def _draw_jobs(self, ink: Ink, y: float, width: float) -> float:
        """Number, document and state of the newest print jobs."""
        sizes = self.look.metrics
        each = max(36 * sizes.text_scale, sizes.chip + 8)
        below = sizes.small * 1.4 + 4 if self.state.note else 0
        for job in self.state.jobs:
            if y + each + below > self._foot():
                break
            row = QRectF(PAD, y, width, each)
            chip = ink.chip_width(job.chip)
            ink.chip(job.chip, row.right() - chip, row.center().y())
            ink.text(row, job.number, ink.font(sizes.small, mono=True))
            number = ink.width("000000", ink.font(sizes.small, mono=True)) + 10
            ink.text(row.adjusted(number, 0, -chip - 10, 0), job.words, ink.font(sizes.body))
            ink.line(PAD, round(row.bottom()), PAD + width, round(row.bottom()), "line")
            y += each
        return y


class TestScanCard(Part):
    """`TestScanCard(look)`; `render(devices.TestScan)`: a code to scan off the screen, and what arrived of it."""

    __test__ = False

    def __init__(self, look: Look) -> None:
        """As high as what it found."""
        super().__init__(look)
        self.state = devices.TestScan(parts.CardHead(""), "", "", "")
        self.relook()

    def relook(self) -> None:
        """Plate, then the findings."""
        sizes = self.look.metrics
        self.fix_height(
            round(sizes.card_head + 126 * max(1.0, sizes.text_scale * 0.95) + self.row_height() * self._rows())
        )

    def _rows(self) -> float:
        return max(0.8, len(self.state.checks))

    def row_height(self) -> float:
        """The height of a finding: its words, and the lines of what was seen."""
        sizes = self.look.metrics
        return 7 + sizes.body * 1.3 + self._lines() * sizes.small * 1.25 + 9

    def _lines(self) -> int:
        return 3 if self.look.metrics.text_scale > 1 else 2

    def render(self, state: devices.TestScan) -> None:
        """Take a state; a finding is read out."""
        if state != self.state:
            news = state.checks != self.state.checks
            self.state = state
            self.relook()
            self.describe(state.title, "; ".join(f"{one.words}: {one.detail}" for one in state.checks))
            self.update()
            if news:
                self.announce()

    def draw(self, ink: Ink) -> None:
        """Plate and order; findings below."""
        state, sizes = self.state, self.look.metrics
        draw_card(ink, QRectF(self.rect()))
        draw_card_head(ink, state.head, QRectF(0, 0, self.width(), sizes.card_head))
        side = 112
        top = sizes.card_head + 8.0
        ink.plate(state.code, QRectF(PAD - 2, top, side, side), 6)
        left = PAD + side + 10
        width = self.width() - left - PAD
        title = Paragraph(
            self.look, state.title, Style(18 * sizes.text_scale, 700, line_height=1.2, max_lines=3), width
        )
        detail = Paragraph(self.look, state.detail, Style(sizes.small, 400, "text2", max_lines=3), width)
        y = top + max(0.0, (side - title.height - detail.height) / 2)
        title.paint(ink.painter, left, y)
        detail.paint(ink.painter, left, y + title.height)
        y, row = top + 118 * max(1.0, sizes.text_scale * 0.95), self.row_height()
        if not state.checks:
            ink.line(1, round(y), self.width() - 1, round(y), "line")
            wait = QRectF(PAD, y, self.width() - 2 * PAD, row)
            ink.text(wait, state.waits, ink.font(sizes.body), "text2")
        for check in state.checks:
            colours = self.look.family(check.family)
            place = QRectF(1, y, self.width() - 2, row)
            if check.family in (parts.Family.WARN, parts.Family.WRONG):
                ink.fill(place, colours.soft)
            ink.line(place.left(), round(y), place.right(), round(y), "line")
            ink.icon(check.icon, PAD, round(y + 10), 22, colours.text)
            room = self.width() - PAD - 32 - PAD
            ink.text(QRectF(PAD + 32, y + 7, room, sizes.body * 1.3), check.words, ink.font(sizes.body, 600))
            words = Paragraph(
                self.look,
                check.detail,
                Style(sizes.small, 400, "text2", line_height=1.2, max_lines=self._lines()),
                room,
            )
            words.paint(ink.painter, PAD + 32, y + 7 + sizes.body * 1.3)
            y += row


class PageHead(Part):
    """The title of a page with its chip; buttons stand at its right."""

    def __init__(self, look: Look) -> None:
        """One height."""
        super().__init__(look)
        self.title, self.chip, self.said = "", parts.Chip(""), ""
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(20, 0, 20, 0)
        self.row.setSpacing(16)
        self.row.addStretch(1)
        self.relook()

    def relook(self) -> None:
        """One height."""
        self.fix_height(self.look.metrics.header)

    def render(self, title: str, chip: parts.Chip, said: str) -> None:
        """Take a title, how things are, and what was done last."""
        if (title, chip, said) != (self.title, self.chip, self.said):
            news = said and said != self.said
            self.title, self.chip, self.said = title, chip, said
            self.describe(title, f"{chip.words} {said}".strip())
            self.update()
            if news:
                self.announce()

    def draw(self, ink: Ink) -> None:
        """Title, chip, and a quiet sentence."""
        sizes = self.look.metrics
        ink.fill(self.rect(), "surface")
        ink.line(0, self.height() - 1, self.width(), self.height() - 1, "line")
        room = QRectF(20, 0, self.width() - 40, self.height())
        left = 20 + ink.text(room, self.title, ink.font(sizes.title, 700, spacing=-1)) + 16
        left += ink.chip(self.chip, left, self.height() / 2) + 16
        buttons = self.findChildren(SmallButton)
        right = min((button.x() for button in buttons if button.isVisible()), default=self.width())
        ink.text(QRectF(left, 0, right - left - 12, self.height()), self.said, ink.font(sizes.body), "text2")
