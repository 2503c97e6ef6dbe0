"""The list of people on the lead's floor: who, doing what, how much an hour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPen, QPolygonF

from app.presenters.state import floor
from app.views.kit import LEFT, RIGHT, Ink, Look, Part, fit_font


class PeopleList(Part):
    """`PeopleList(look, head)`; `render(tuple[floor.Person, ...])`; its heads are a `PeopleHead`."""

    def __init__(self, look: Look, head: PeopleHead) -> None:
        """Its columns stand under those of `head`, also where a scroll bar takes some of its width."""
        super().__init__(look)
        self.state: tuple[floor.Person, ...] = ()
        self._head = head

    def relook(self) -> None:
        """As high as its rows."""
        self.setMinimumHeight(self.look.metrics.table_row_two * len(self.state))

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(200, self.look.metrics.table_row_two * len(self.state))

    def render(self, state: tuple[floor.Person, ...]) -> None:
        """Take the people."""
        if state != self.state:
            self.state = state
            self.describe("; ".join(_said(one) for one in state))
            self.relook()
            self.update()

    def draw(self, ink: Ink) -> None:
        """One row each."""
        each, columns = self.look.metrics.table_row_two, people_columns(self.look, self._head.width())
        for at, one in enumerate(self.state):
            self._draw(ink, one, QRectF(0, at * each, self.width(), each), columns)
            ink.line(0, (at + 1) * each - 1, self.width(), (at + 1) * each - 1, "line")

    def _draw(self, ink: Ink, one: floor.Person, row: QRectF, columns: list[QRectF]) -> None:
        sizes = self.look.metrics
        who, doing, rate, line, state = (QRectF(c.left(), row.top(), c.width(), row.height()) for c in columns)
        self._two(ink, who, one.name, one.place, 700)
        self._two(ink, doing, one.doing, one.held, 400)
        self._two(ink, rate, one.rate, one.rate_unit, 700, RIGHT)
        if line.width() > 20 and len(one.line) > 1:
            self._draw_line(ink, one.line, line.adjusted(0, sizes.table_row_two * 0.25, 0, -sizes.table_row_two * 0.3))
        ink.chip(one.chip, state.left(), row.center().y(), min(state.width(), self.width() - 6 - state.left()))

    def _two(
        self, ink: Ink, place: QRectF, words: str, second: str, weight: int, align: Qt.AlignmentFlag = LEFT
    ) -> None:
        sizes = self.look.metrics
        font = fit_font(self.look, words, ink.font(sizes.body, weight), place.width(), round(sizes.body * 0.8))
        if not second:
            ink.text(place, words, font, "text", align)
            return
        upper, lower = sizes.body * 1.25, sizes.small * 1.25
        top = place.center().y() - (upper + lower) / 2
        ink.text(QRectF(place.left(), top, place.width(), upper), words, font, "text", align)
        below = QRectF(place.left(), top + upper, place.width(), lower)
        small = fit_font(self.look, second, ink.font(sizes.small), place.width(), round(sizes.small * 0.8))
        ink.text(below, second, small, "text2", align)

    def _draw_line(self, ink: Ink, values: tuple[int, ...], place: QRectF) -> None:
        top = max(*values, 1)
        step = (place.width() - 8) / max(1, len(values) - 1)
        points = [
            QPointF(place.left() + at * step, place.bottom() - place.height() * value / top)
            for at, value in enumerate(values)
        ]
        pen = QPen(self.look.colour("text2"), 2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        ink.painter.setPen(pen)
        ink.painter.setBrush(Qt.BrushStyle.NoBrush)
        ink.painter.drawPolyline(QPolygonF(points))
        ink.painter.setPen(Qt.PenStyle.NoPen)
        ink.painter.setBrush(self.look.colour("accentText"))
        ink.painter.drawEllipse(points[-1], 3.5, 3.5)


class PeopleHead(Part):
    """The heads of the list of people; `render(tuple[str, ...])`."""

    def __init__(self, look: Look) -> None:
        """One height."""
        super().__init__(look)
        self.state: tuple[str, ...] = ()
        self.relook()

    def relook(self) -> None:
        """One height."""
        self.fix_height(self.look.metrics.table_head)

    def render(self, state: tuple[str, ...]) -> None:
        """Take the heads."""
        if state != self.state:
            self.state = state
            self.update()

    def draw(self, ink: Ink) -> None:
        """Quiet words over their columns."""
        font = ink.font(self.look.metrics.micro, 600)
        for at, (words, column) in enumerate(zip(self.state, people_columns(self.look, self.width()), strict=False)):
            if column.width() > 20:
                place = QRectF(column.left(), 0, column.width(), self.height() - 1)
                ink.text(
                    place,
                    words,
                    fit_font(self.look, words, font, place.width(), 10),
                    "text2",
                    RIGHT if at == 2 else LEFT,
                )
        ink.line(0, self.height() - 1, self.width(), self.height() - 1, "line")


def people_columns(look: Look, width: float) -> list[QRectF]:
    """Where who, doing, rate, line and state stand; the line gives way where there is no room."""
    sizes = look.metrics
    narrow = sizes.width == 1024 or (sizes.width == 1366 and sizes.text_scale > 1.2)
    ends = (0.25, 0.49, 0.63, 0.63, 1.0) if narrow else (0.20, 0.45, 0.60, 0.77, 1.0)
    edges = [14.0, *(round(width * end) for end in ends)]
    edges[-1] = width - 8
    gap = 10 if narrow else 18
    return [
        QRectF(edges[at] + (gap if at else 0), 0, max(0.0, edges[at + 1] - edges[at] - (gap if at else 0)), 1)
        for at in range(5)
    ]


def _said(one: floor.Person) -> str:
    told = (one.name, one.place, one.doing, one.held, f"{one.rate} {one.rate_unit}".strip(), one.chip.words)
    return ", ".join(words for words in told if words)
