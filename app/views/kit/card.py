"""The card: a surface with one line around it and a head that says what it holds."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.presenters.state import parts
from app.views.kit.ink import LEFT, RIGHT, Ink
from app.views.kit.look import Look
from app.views.kit.part import Part

RADIUS = 10


def draw_card(ink: Ink, rect: QRectF) -> None:
    """The ground and the line of a card."""
    ink.box(rect, "surface", "line", 1, RADIUS)


def draw_card_head(ink: Ink, head: parts.CardHead, rect: QRectF) -> None:
    """Icon and title, at the right one chip or one quiet fact, a line below."""
    _draw_right(ink, head, rect)
    _draw_title(ink, head, rect, _room(ink, head, rect))


def draw_headed_card(ink: Ink, head: parts.CardHead, rect: QRect, behind: str) -> None:
    """A card that covers all of its place, with its head; of both only what is painted now.

    But for what stands at the right of it the head is the same at each scan, so it is painted once and kept.
    """
    top = QRect(rect.left(), rect.top(), rect.width(), ink.look.metrics.card_head)
    if ink.wants(QRectF(top)):
        whole, place = QRect(0, 0, rect.width(), rect.height()), QRectF(0, 0, top.width(), top.height())
        right = ink.look.kept.once((_room, head, top.width()), lambda: _room(ink, head, place))

        def draw(made: Ink) -> None:
            made.sheet(whole, behind, "line", 1, RADIUS)
            _draw_title(made, head, place, right)

        ink.stamp((draw_headed_card, behind, head.icon, head.title, right), top, draw, "surface")
        _draw_right(ink, head, QRectF(top))
    if ink.wants(QRectF(rect).adjusted(0, top.height(), 0, 0)):
        ink.sheet(rect, behind, "line", 1, RADIUS, above=top.height())


def _room(ink: Ink, head: parts.CardHead, rect: QRectF) -> float:
    """Where the title has to end."""
    sizes = ink.look.metrics
    right = rect.right() - (14 if sizes.width < 1920 else 16)
    if head.chip:
        return right - ink.chip_width(head.chip) - 8
    if head.right:
        return right - _right_width(ink, head, rect) - 10
    return right


def _right_width(ink: Ink, head: parts.CardHead, rect: QRectF) -> float:
    font = ink.font(ink.look.metrics.small, 600 if head.right_is_code else 500, mono=head.right_is_code)
    return min(ink.width(head.right, font), rect.width() * 0.6)


def _draw_right(ink: Ink, head: parts.CardHead, rect: QRectF) -> None:
    """Chip or fact."""
    sizes = ink.look.metrics
    right = rect.right() - (14 if sizes.width < 1920 else 16)
    if head.chip:
        ink.chip(head.chip, right - ink.chip_width(head.chip), rect.center().y())
    elif head.right:
        font = ink.font(sizes.small, 600 if head.right_is_code else 500, mono=head.right_is_code)
        room = rect.width() * 0.6
        place = QRectF(right - room, rect.top(), room, rect.height())
        ink.text(place, head.right, font, "text" if head.right_is_code else "text2", RIGHT)


def _draw_title(ink: Ink, head: parts.CardHead, rect: QRectF, right: float) -> None:
    """Icon and title up to there, and the line below the head."""
    sizes = ink.look.metrics
    left = rect.left() + (14 if sizes.width < 1920 else 16)
    if head.icon:
        ink.icon(head.icon, left, round(rect.center().y() - 10), 20, "text")
        left += 28
    place = QRectF(left, rect.top(), right - left, rect.height())
    ink.text(place, head.title, ink.font(sizes.body, 600), "text", LEFT)
    ink.line(rect.left(), rect.bottom() - 1, rect.right(), rect.bottom() - 1, "line")


class Card(Part):
    """`Card(look, head)`; `render(parts.CardHead)`; `add(widget)` puts parts into its body, from the top."""

    def __init__(
        self, look: Look, head: parts.CardHead | None = None, pad: bool = False, parent: QWidget | None = None
    ) -> None:
        """`pad` keeps the usual room around the body; lists and tables want none."""
        super().__init__(look, parent)
        self.state = head
        self._pad = pad
        self.body = QVBoxLayout(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # what lies behind is not painted with it
        self.relook()

    def relook(self) -> None:
        """The head keeps its height; the body starts below it."""
        sizes = self.look.metrics
        inside = sizes.inside if self._pad else 1
        head = sizes.card_head if self.state else 0
        self.body.setContentsMargins(inside, head + (inside if self._pad else 1), inside, inside)
        self.body.setSpacing(sizes.gap if self._pad else 0)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a part below those already there."""
        self.body.addWidget(widget, stretch)

    def render(self, state: parts.CardHead) -> None:
        """Take another head."""
        if state != self.state:
            fresh = self.state is None
            self.state = state
            if fresh:
                self.relook()
            self.describe(state.title, state.chip.words if state.chip else state.right)
            self.update(0, 0, self.width(), self.look.metrics.card_head)  # what lies below paints itself

    def draw(self, ink: Ink) -> None:
        """Ground and head."""
        if self.state:
            draw_headed_card(ink, self.state, self.rect(), self.behind)
        else:
            ink.sheet(self.rect(), self.behind, "line", 1, RADIUS)
