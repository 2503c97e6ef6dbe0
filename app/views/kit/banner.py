"""The instruction banner: one line that says what to do, read from two metres."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPen, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.presenters.state import parts
from app.presenters.state.intents import Intents
from app.presenters.state.words import plain
from app.views.kit.field import Entry
from app.views.kit.ink import CENTRE, ENDLESS, RIGHT, TAPE_HEIGHT, Ink
from app.views.kit.look import Look
from app.views.kit.motion import FILL_MS, Motion
from app.views.kit.part import Part
from app.views.kit.text import Paragraph, Style

ICON = 56
EDGE = 20
WORDS_AT = 96
CELLS_AT_MOST = 24
LEAST = 28


class Banner(Part):
    """`render(parts.Banner)`. Its search field, when the state has one, speaks to `intents.typed`."""

    def __init__(self, look: Look, intents: Intents | None = None, parent: QWidget | None = None) -> None:
        """Shows nothing until the first state; a screen never leaves it empty."""
        super().__init__(look, parent)
        self._intents = intents
        self.state = parts.Banner("")
        self._field: QLineEdit | None = None
        self._filling = Motion(look, self, FILL_MS)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # it covers all of its place
        self.relook()

    def relook(self) -> None:
        """The tall height is for what blocks or is finished."""
        sizes = self.look.metrics
        tall = self.state.tall or self.state.blocking
        self.fix_height(sizes.banner_tall if tall else sizes.banner)
        self._place_field()

    def render(self, state: parts.Banner) -> None:
        """Take a state at once; a change is announced to screen readers."""
        if state == self.state:
            return
        news = (state.order, state.family) != (self.state.order, self.state.family)
        before, now = self.state.progress, state.progress
        other_height = (state.tall or state.blocking) != (self.state.tall or self.state.blocking)
        searched = state.search is not self.state.search
        old, self.state = self.state, state
        if before and now and now.have == before.have + 1:
            self._filling.start()
        if searched:
            self._take_search(state.search)
        if searched or other_height:
            self.relook()
        said = f"{state.detail} {state.progress.have} {state.progress.words}" if state.progress else state.detail
        self.describe(state.order, said)
        self._update_changed(old)
        if news:
            self.announce()

    def _update_changed(self, old: parts.Banner) -> None:
        """All of it; or the count and the smaller line, where a scan changed nothing else."""
        standing = self._standing(self.state)
        if standing is None or standing != self._standing(old):
            self.update()
            return
        wide, space = round(standing[-1]) + EDGE, self._space()
        self.update(self.width() - wide, 0, wide, self.height())
        if self.state.detail != old.detail:
            self.update(WORDS_AT, space // 2, self.width() - wide - WORDS_AT, space - space // 2)

    def _standing(self, state: parts.Banner) -> tuple[Hashable, float] | None:
        """What decides how all but the count and the smaller line looks, and how wide the count is, if there is one."""
        if state.progress is None:
            return None
        ground = (state.family, state.icon, state.order, not state.detail, state.blocking, state.tall)
        return ground, self._progress_width(state.progress)

    # -- the search field

    @property
    def field(self) -> QLineEdit | None:
        """The search field while the state has one; for focus by its key."""
        return self._field if self._field and not self._field.isHidden() else None

    def _take_search(self, search: parts.Search | None) -> None:
        if search is None:
            if self._field:
                self._field.hide()
            return
        if self._field is None:
            self._field = Entry(self)
            self._field.setProperty("ground", "plate")
            self._field.textEdited.connect(self._edited)
            self._field.returnPressed.connect(self._entered)
        self._field.setPlaceholderText(search.hint)
        self._field.setAccessibleName(search.hint)
        if self._field.text() != search.text:
            self._field.setText(search.text)
        self._field.show()

    def _edited(self, text: str) -> None:
        if self._intents and self.state.search:
            self._intents.typed(self.state.search.name, text, False)

    def _entered(self) -> None:
        if self._intents and self.state.search and self._field:
            self._intents.typed(self.state.search.name, self._field.text(), True)

    def _place_field(self) -> None:
        if self._field:
            width = min(430, self.width() // 3)
            self._field.setGeometry(QRect(self.width() - EDGE - width, (self._space() - 58) // 2, width, 58))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the search field at the right."""
        self._place_field()
        super().resizeEvent(event)

    # -- painting

    def kept_as(self) -> Hashable | None:
        """The same few banners are seen all day; one that counts is another at each scan."""
        return (self.state, self.field is None) if self.state.progress is None else None

    def _space(self) -> int:
        return self.height() - (TAPE_HEIGHT if self.state.blocking else 0)

    def draw(self, ink: Ink) -> None:
        """Ground, icon, words, what stands at the right, tape."""
        state, colours = self.state, self.look.family(self.state.family)
        if state.progress is None:
            ink.fill(self.rect(), colours.solid)
            right = self._draw_right(ink, colours.on)
            self._draw_ground(ink, colours.on, right)
        else:
            right = self._progress_width(state.progress) + EDGE
            words = state.progress.words
            key = (Banner, state.family, state.icon, state.order, not state.detail, state.blocking, right, words)
            ink.stamp(key, self.rect(), lambda made: self._draw_ground(made, colours.on, right), colours.solid)
            self._draw_progress(ink, colours.on, state.progress)
        self._draw_detail(ink, colours.on, right)

    def _draw_ground(self, ink: Ink, on: str, right: float) -> None:
        """What a count does not change: icon, instruction, of how many, and tape."""
        state, space = self.state, self._space()
        ink.icon(state.icon, EDGE, (space - ICON) // 2, ICON, on)
        width = self.width() - WORDS_AT - right - EDGE
        font = self._order_font(ink, plain(state.order), width)
        if font is None:
            style = Style(LEAST, 700, on, spacing=-1.2, line_height=1.1, max_lines=2)
            two = Paragraph(self.look, state.order, style, width)
            two.paint(ink.painter, WORDS_AT, (space - two.height) / 2)
        else:
            first = font.pixelSize() * 1.08
            ink.text(QRectF(WORDS_AT, self._words_top(first), width, first), state.order, font, on)
        if state.progress is not None:
            small = self._progress_fonts()[1]
            base, beside = self._base(), self.look.kept.measure(small)
            place = QRectF(0, base - beside.ascent(), self.width() - EDGE, beside.height())
            ink.text(place, state.progress.words, small, on, RIGHT)
        if state.blocking:
            ink.tape(QRectF(0, space, self.width(), TAPE_HEIGHT), state.family)

    def _words_top(self, first: float) -> float:
        """Where the instruction begins, whose line is so high."""
        second = self.look.metrics.lead * 1.25 + 3 if self.state.detail else 0
        return (self._space() - first - second) / 2

    def _draw_detail(self, ink: Ink, on: str, right: float) -> None:
        """The smaller line; an instruction of two lines leaves it no room."""
        state, size = self.state, self.look.metrics.lead
        width = self.width() - WORDS_AT - right - EDGE
        font = self._order_font(ink, plain(state.order), width) if state.detail else None
        if font is not None:
            first = font.pixelSize() * 1.08
            place = QRectF(WORDS_AT, self._words_top(first) + first + 3, width, size * 1.25)
            ink.text(place, state.detail, ink.font(size, 500), on)

    def _order_font(self, ink: Ink, order: str, width: float) -> QFont | None:
        full = self.look.metrics.instruction
        for size in [s for s in (full, 34, LEAST) if s <= full]:
            font = ink.font(size, 700, spacing=-1.2)
            if ink.width(order, font) <= width:
                return font
        return None

    def _draw_right(self, ink: Ink, on: str) -> float:
        """What stands at the right, but for a count; returns how much room it takes."""
        if self.state.steps:
            return self._draw_steps(ink, on)
        if self.field:
            return self.field.width() + 20
        return 0

    def _progress_fonts(self) -> tuple[QFont, QFont]:
        """Of the number and of the words."""
        sizes = self.look.metrics
        return self.look.font(sizes.instruction, 700, spacing=-2), self.look.font(sizes.lead, 500)

    def _progress_width(self, progress: parts.Progress) -> float:
        return self.look.kept.once((Banner, progress), lambda: self._measured(progress))

    def _measured(self, progress: parts.Progress) -> float:
        big, small = self._progress_fonts()
        line = self.look.kept.line
        wide = line(progress.words, small, ENDLESS).width + line(str(progress.have), big, ENDLESS).width
        return max(250 if self.look.metrics.width > 1024 else 190, wide + 6)

    def _draw_progress(self, ink: Ink, on: str, progress: parts.Progress) -> None:
        big, small = self._progress_fonts()
        words_wide, wide = ink.width(progress.words, small), self._progress_width(progress)
        left, base, number = self.width() - EDGE - wide, self._base(), self.look.kept.measure(big)
        place = QRectF(left, base - number.ascent(), wide - words_wide - 6, number.height())
        ink.text(place, str(progress.have), big, on, RIGHT)
        below = base + self.look.metrics.instruction * 0.18 + 10
        self._draw_cells(ink, on, progress, QRectF(left, round(below), wide, 11))

    def _base(self) -> float:
        """On which number and words of the count stand."""
        line = self.look.metrics.instruction
        return (self._space() - line - 21) / 2 + line * 0.82

    def _draw_cells(self, ink: Ink, on: str, progress: parts.Progress, place: QRectF) -> None:
        """One cell a unit, or one bar; where nothing moves, parts of a row that is full and of one that is empty."""
        have, need, last = progress.have, progress.need, self._filling.value
        if 0 < last < 1:
            self._cells(ink, on, have, need, place, last)
            return
        whole = place.toAlignedRect()
        inside = place.translated(-whole.x(), -whole.y())
        full = round(whole.width() * min(1.0, have / max(1, need)))
        for count, left, wide in ((need, 0, full), (0, full, whole.width() - full)):
            if wide:
                draw = partial(self._cells, on=on, have=count, need=need, place=inside, last=1.0)
                ink.stamp((Banner, on, count, need), whole, draw, part=QRect(left, 0, wide, whole.height()))

    def _cells(self, ink: Ink, on: str, have: int, need: int, place: QRectF, last: float) -> None:
        if need > CELLS_AT_MOST or need < 1:
            ink.box(place, "", on, 1.5, 2)
            share = min(1.0, have / max(1, need))
            ink.fill(QRectF(place.left(), place.top(), place.width() * share, place.height()), on, 2)
            return
        each = (place.width() - 3 * (need - 1)) / need
        for i in range(need):
            cell = QRectF(place.left() + i * (each + 3), place.top(), each, place.height())
            if i < have:
                if i == have - 1 and last < 1:
                    ink.box(cell, "", on, 1.5, 2)
                    cell.setWidth(max(2.0, each * last))
                ink.fill(cell, on, 2)
            else:
                ink.box(cell, "", on, 1.5, 2)

    def _draw_steps(self, ink: Ink, on: str) -> float:
        sizes = self.look.metrics
        gap, pad = (8, 14) if sizes.width > 1024 else (6, 11)
        font = ink.font(sizes.lead, 600)
        marks = [18.0 if s.stage is parts.Stage.DONE else ink.width(str(i), font)
                 for i, s in enumerate(self.state.steps, 1)]  # fmt: skip
        widths = [2 * pad + mark + 8 + ink.width(step.words, font)
                  for mark, step in zip(marks, self.state.steps, strict=True)]  # fmt: skip
        total = sum(widths) + gap * (len(widths) - 1)
        left, top = self.width() - EDGE - total, (self._space() - sizes.step) / 2
        for i, (step, mark, width) in enumerate(zip(self.state.steps, marks, widths, strict=True), 1):
            place = QRectF(round(left), round(top), round(width), sizes.step)
            words = self._draw_step_ground(ink, on, step.stage, place)
            head = QRectF(place.left() + pad, place.top(), mark, place.height())
            if step.stage is parts.Stage.DONE:
                ink.icon_in("check", head, 18, words)
            else:
                ink.text(head, str(i), ink.font(sizes.lead, 700), words, CENTRE)
            ink.text(QRectF(head.right() + 8, place.top(), width, place.height()), step.words, font, words)
            left += width + gap
        return total + EDGE

    def _draw_step_ground(self, ink: Ink, on: str, stage: parts.Stage, place: QRectF) -> str:
        if stage is parts.Stage.NOW:
            ink.fill(place, "plate", 8)
            return "accentInk" if self.state.family is parts.Family.ACCENT else "plateInk"
        painter = ink.painter
        painter.setBrush(QColor(0, 0, 0, 46 if stage is parts.Stage.DONE else 0))
        edge = QColor(self.look.colour(on))
        edge.setAlpha(0 if stage is parts.Stage.DONE else 140)
        painter.setPen(QPen(edge, 1.5))
        painter.drawRoundedRect(place.adjusted(0.75, 0.75, -0.75, -0.75), 8, 8)
        return on
