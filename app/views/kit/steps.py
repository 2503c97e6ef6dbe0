"""Steps of a task that is done beside the screen, where a print job stands, and what happened to an order."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from app.presenters.state import parts
from app.views.kit.ink import CENTRE, LEFT, RIGHT, Ink
from app.views.kit.look import Look
from app.views.kit.part import Part
from app.views.kit.text import Paragraph, Style, fitting

CIRCLE = 44


def draw_circle(ink: Ink, place: QRectF, ground: str, line: str, width: float = 2) -> None:
    """A circle with a border."""
    half = width / 2
    ink.painter.setPen(QPen(ink.look.colour(line), width))
    if ground:
        ink.painter.setBrush(ink.look.colour(ground))
    else:
        ink.painter.setBrush(Qt.BrushStyle.NoBrush)
    ink.painter.drawEllipse(place.adjusted(half, half, -half, -half))


class StepCards(Part):
    """`StepCards(look)`; `render(tuple[parts.StepCard, ...])`. Goes into a Card with room around."""

    behind = "surface"

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Shares its height among the steps, 118 each at most."""
        super().__init__(look, parent)
        self.state: tuple[parts.StepCard, ...] = ()

    def render(self, state: tuple[parts.StepCard, ...]) -> None:
        """Take the steps."""
        if state != self.state:
            self.state = state
            self.describe("; ".join(f"{s.number} {s.title}" for s in state), "; ".join(s.detail for s in state))
            self.update()

    def kept_as(self) -> Hashable | None:
        """The same steps follow each parcel."""
        return self.state

    def draw(self, ink: Ink) -> None:
        """One box a step."""
        if not self.state:
            return
        sizes = self.look.metrics
        gap = 10
        most = (160 if sizes.width == 1920 else 118) * sizes.text_scale
        each = min(most, (self.height() - gap * (len(self.state) - 1)) / len(self.state))
        for i, step in enumerate(self.state):
            self._draw_step(ink, step, QRectF(0, round(i * (each + gap)), self.width(), round(each)))

    def _draw_step(self, ink: Ink, step: parts.StepCard, place: QRectF) -> None:
        sizes, colours = self.look.metrics, self.look.family(step.family)
        now, done = step.stage is parts.Stage.NOW, step.stage is parts.Stage.DONE
        if now:
            ink.box(place, colours.soft, colours.line, 2, 8)
        else:
            ink.box(place, "surface", "line", 1, 8)
        circle = QRectF(place.left() + 17, round(place.center().y() - CIRCLE / 2), CIRCLE, CIRCLE)
        if done:
            draw_circle(ink, circle, "okSolid", "okSolid")
            ink.icon_in("check", circle, 26, "okOn")
        elif now:
            draw_circle(ink, circle, colours.solid, colours.solid)
            ink.text(circle, step.number, ink.font(24, 700), colours.on, CENTRE)
        else:
            draw_circle(ink, circle, "", "lineStrong")
            ink.text(circle, step.number, ink.font(24, 700), "text", CENTRE)
        left = circle.right() + 14
        width = place.right() - left - 12
        big = (34 if sizes.width == 1920 else 26) * sizes.text_scale
        style = Style(big, 600 if done else 700, "text2" if done else "text", line_height=1.15, max_lines=2)
        small = Style(sizes.lead - 1, 400, "text2", line_height=1.3, max_lines=2 if place.height() > 100 else 1)
        detail = Paragraph(self.look, step.detail, small, width) if step.detail else None
        room = place.height() - 8 - (detail.height if detail else 0)
        title = fitting(self.look, step.title, style, width, room, 18)
        height = title.height + (detail.height if detail else 0)
        top = place.center().y() - height / 2
        title.paint(ink.painter, left, top)
        if detail:
            detail.paint(ink.painter, left, top + title.height)


class JobSteps(Part):
    """`JobSteps(look)`; `render(tuple[parts.JobStep, ...], note="")`: where a print job stands."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """One row of 46 a step."""
        super().__init__(look, parent)
        self.state: tuple[parts.JobStep, ...] = ()
        self.note = ""

    def render(self, state: tuple[parts.JobStep, ...], note: str = "") -> None:
        """Take the steps and a sentence below them."""
        if (state, note) != (self.state, self.note):
            self.state, self.note = state, note
            self.describe("; ".join(f"{s.words} {s.time}" for s in state), note)
            self.update()

    def draw(self, ink: Ink) -> None:
        """Icon, words, time."""
        sizes = self.look.metrics
        note = Paragraph(self.look, self.note, Style(sizes.body, 400, "text2"), self.width()) if self.note else None
        room = self.height() - (note.height + 14 if note else 0)
        height = round(min(46 * sizes.text_scale, room / max(1, len(self.state))))
        y = 0
        for i, step in enumerate(self.state):
            token = self.look.family(step.family).text
            loud = step.family not in (parts.Family.OK, parts.Family.TODO)
            words = token if loud or step.family is parts.Family.TODO else "text"
            ink.icon(step.icon, 0, round(y + height / 2 - 11), 22, token)
            row = QRectF(44, y, self.width() - 44, height)
            time = ink.text(
                row, step.time, ink.font(sizes.small, 700 if loud else 400), words if loud else "text2", RIGHT
            )
            ink.text(
                row.adjusted(0, 0, -time - 10, 0), step.words, ink.font(sizes.lead, 700 if loud else 400), words, LEFT
            )
            y += height
            if i + 1 < len(self.state):
                ink.line(0, y - 1, self.width(), y - 1, "line")
        if note:
            note.paint(ink.painter, 0, y + 12)


class TimeLine(Part):
    """`TimeLine(look)`; `render(tuple[parts.TimeEntry, ...])`: newest on top."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """As high as its entries."""
        super().__init__(look, parent)
        self.state: tuple[parts.TimeEntry, ...] = ()

    def _each(self) -> int:
        return round((62 if self.look.metrics.width == 1920 else 49) * self.look.metrics.text_scale)

    def relook(self) -> None:
        """As high as its entries."""
        self.setMinimumHeight(self._each() * len(self.state))

    def sizeHint(self) -> QSize:
        """As high as its entries."""
        return QSize(200, self._each() * len(self.state))

    def render(self, state: tuple[parts.TimeEntry, ...]) -> None:
        """Take the entries."""
        if state != self.state:
            self.state = state
            self.describe("; ".join(f"{e.time} {e.title}, {e.detail}" for e in state))
            self.relook()
            self.update()

    def draw(self, ink: Ink) -> None:
        """A circle with an icon, title, who and where, time; a line from each to the next."""
        sizes, each = self.look.metrics, self._each()
        size = 30 if sizes.width == 1920 else 26
        for i, entry in enumerate(self.state):
            y, colours = i * each, self.look.family(entry.family)
            if i + 1 < len(self.state):
                ink.line(16 + size // 2 - 0.5, y + size, 16 + size // 2 - 0.5, y + each, "lineStrong")
            circle = QRectF(16, y, size, size)
            draw_circle(
                ink,
                circle,
                colours.solid if entry.now else colours.soft,
                colours.solid if entry.now else colours.line,
                1,
            )
            ink.icon_in(entry.icon, circle, 16, colours.on if entry.now else colours.text)
            row = QRectF(16 + size + 12, y, self.width() - 44 - size, sizes.body * 1.2)
            time = ink.text(row, entry.time, ink.font(sizes.small), "text2", RIGHT)
            ink.text(row.adjusted(0, 0, -time - 10, 0), entry.title, ink.font(sizes.body, 600))
            lower = row.translated(0, row.height()).adjusted(0, 0, 0, 2)
            ink.text(lower, entry.detail, ink.font(sizes.small), "text2")
