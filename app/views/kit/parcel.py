"""The parcel: which carton, and what it weighs."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.presenters.state import parts
from app.presenters.state.intents import Intents
from app.views.kit.card import draw_headed_card
from app.views.kit.command import PaintedButton
from app.views.kit.field import Entry
from app.views.kit.ink import RIGHT, Ink, paint_kept
from app.views.kit.look import Look
from app.views.kit.part import Part
from app.views.kit.text import fit_font

GROUP_SPACE = "\u00a0"


class CartonButton(PaintedButton):
    """One carton: key, name, size, why or why not."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Speaks to `intents.key` with its key."""
        super().__init__(look, self._pressed, parent)
        self._intents = intents
        self.state = parts.CartonOption("", "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.relook()

    def _pressed(self) -> None:
        self._intents.key(self.state.key)

    def relook(self) -> None:
        """Between the touch size and what the card allows."""
        sizes = self.look.metrics
        self.setMaximumHeight(round((84 if sizes.width == 1920 else 64) * sizes.text_scale))
        self.setMinimumHeight(sizes.target)

    def sizeHint(self) -> QSize:
        """As high as allowed."""
        return QSize(200, self.maximumHeight())

    def render(self, state: parts.CartonOption) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.name_it(f"{state.name} {state.size} {state.note}", state.key, "")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As it was painted before, where nothing touches it: the same cartons are offered all day."""
        if self.hasFocus() or self.isDown() or self.underMouse():
            super().paintEvent(event)
        else:
            paint_kept(self, self.look, self.state, "surface", self.draw)

    def draw(self, ink: Ink) -> None:
        """Key, name above size, the note at the right."""
        state, sizes, rect = self.state, self.look.metrics, QRectF(self.rect())
        if state.chosen:
            ink.box(rect, "accentSoft", "accentSolid", 2, 8)
        else:
            ink.box(rect, self.ground("surface"), "line", 1, 8)
        ink_token = "text" if state.fits else "text2"
        middle = rect.center().y()
        left = 11 + ink.key(state.key, 11, middle, ink_token) + 10
        note = ink.font(sizes.small, 600 if state.chosen else 400)
        right, token = rect.right() - 12, "accentText" if state.chosen else "text2"
        wide = min(ink.width(state.note, note), rect.width() * 0.45)
        ink.text(QRectF(right - wide, 0, wide, rect.height()), state.note, note, token, RIGHT)
        if state.best:
            ink.icon("check", right - wide - 20, round(middle - 8), 16, token)
        room = right - wide - left - 24
        half = sizes.body * 1.2
        if rect.height() < half * 2:
            ink.text(QRectF(left, 0, room, rect.height()), state.name, ink.font(sizes.body, 600), ink_token)
            return
        ink.text(QRectF(left, middle - half, room, half), state.name, ink.font(sizes.body, 600), ink_token)
        small = ink.font(sizes.small, mono=True, spacing=-1)
        ink.text(QRectF(left, middle, room + 20, sizes.small * 1.25), state.size, small, "text2")


class CartonChoice(Part):
    """`CartonChoice(look, intents)`; `render(parts.CartonChoice)`: a card. At 1024 only the chosen one shows."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Keys 1 to 9 choose; they go to the screen's presenter as keys."""
        super().__init__(look, parent)
        self._intents = intents
        self.state = parts.CartonChoice("", "")
        self.buttons: list[CartonButton] = []
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.relook()

    def relook(self) -> None:
        """Room below the head."""
        sizes = self.look.metrics
        touch = sizes.width == 1024
        side, top = (14, 6) if touch else (10, 10)
        self._column.setContentsMargins(side, sizes.card_head + top, side, 8 if touch else 10)
        self._column.setSpacing(6)
        self._show_some()

    def render(self, state: parts.CartonChoice) -> None:
        """Take the cartons, the best fit first; a carton keeps its key wherever it stands."""
        if state == self.state:
            return
        others = state.options is not self.state.options
        self.state = state
        if others:
            self._take_options(state.options)
        chosen = next((o.name for o in state.options if o.chosen), "")
        self.describe(f"{state.title} {chosen}", state.right)
        self.update(0, 0, self.width(), self.look.metrics.card_head)  # the cartons paint themselves

    def _take_options(self, options: tuple[parts.CartonOption, ...]) -> None:
        while len(self.buttons) < len(options):
            button = CartonButton(self.look, self._intents, self)
            self._column.insertWidget(len(self.buttons), button)
            self.buttons.append(button)
        for button, option in zip(self.buttons, options, strict=False):
            button.render(option)
        self._show_some()

    def _show_some(self) -> None:
        sizes, options = self.look.metrics, self.state.options
        chosen = next((i for i, o in enumerate(options) if o.chosen), 0)
        each = (84 if sizes.width == 1920 else sizes.target) + 6
        room = max(1, (self.height() - sizes.card_head - 20) // each)
        for i, button in enumerate(self.buttons):
            inside = i < len(options)
            button.setVisible(inside and (i == chosen if sizes.width == 1024 else i < room or i == chosen))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many cartons as have room."""
        self._show_some()
        super().resizeEvent(event)

    def draw(self, ink: Ink) -> None:
        """Card and head."""
        head = parts.CardHead(self.state.title, "cube", self.state.right)
        draw_headed_card(ink, head, self.rect(), self.behind)


class WeightTrack(Part):
    """`WeightTrack(look, intents)`; `render(parts.Weight)`: a card of its own. With `typed` a field takes the value."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """The field's name for `intents.typed` is "weight"."""
        super().__init__(look, parent)
        self._intents = intents
        self.state = parts.Weight("", "", "", parts.Chip(""))
        self.field = Entry(self)
        self.field.setProperty("mono", "true")
        self.field.textEdited.connect(lambda text: intents.typed("weight", text, False))
        self.field.returnPressed.connect(lambda: intents.typed("weight", self.field.text(), True))
        self.field.hide()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.relook()

    def relook(self) -> None:
        """One height; without a track at 1024."""
        sizes = self.look.metrics
        base = {1024: 76, 1366: 130, 1920: 166}[sizes.width]
        if sizes.width == 1366 and not self._has_track():
            base = 96
        self.fix_height(sizes.card_head + round(base * sizes.text_scale))
        self._place_field()

    def render(self, state: parts.Weight) -> None:
        """Take a reading, or open and close the field."""
        if state == self.state:
            return
        opened = state.typed is not None and self.state.typed is None
        self.state = state
        self.field.setVisible(state.typed is not None)
        if state.typed is not None and self.field.text() != state.typed:
            self.field.setText(state.typed)
        self.field.setPlaceholderText(state.hint)
        self.field.setAccessibleName(f"{state.title}, {state.unit}")
        if opened:
            self._place_field()
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.describe(f"{state.title} {state.value} {state.unit}, {state.chip.words}", f"{state.left} {state.right}")
        self.update()

    def _has_track(self) -> bool:
        """The track goes where the window is small, or the type large."""
        sizes = self.look.metrics
        return sizes.width == 1920 or (sizes.width == 1366 and sizes.text_scale < 1.3)

    def _place_field(self) -> None:
        sizes = self.look.metrics
        self.field.setGeometry(14, sizes.card_head + 8, max(60, self.width() - 60), sizes.target + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the field in its place."""
        self._place_field()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touch asks for the field, as the key W does."""
        if self.state.typed is None:
            self._intents.key("W")

    def draw(self, ink: Ink) -> None:
        """Card, live value, stability and age, track."""
        state, sizes = self.state, self.look.metrics
        draw_headed_card(ink, parts.CardHead(state.title, "scales", chip=state.chip), self.rect(), self.behind)
        pad = 14 if sizes.width < 1920 else 16
        wide = self.width() - 2 * pad
        size = {1024: 36, 1366: 46, 1920: 68}[sizes.width] * sizes.text_scale
        top = sizes.card_head + (4 if sizes.width == 1024 else 8)
        if state.typed is None:
            self._draw_value(ink, QRectF(pad, top, wide, size * 1.1), size)
        else:
            ink.text(QRectF(self.width() - 42, top, 30, sizes.target), state.unit, ink.font(sizes.head, 600), "text2")
        y = top + size * 1.1 + 2
        small = ink.font(sizes.small)
        line = QRectF(pad, y, wide, sizes.small * 1.35)
        whole = f"{state.left}   {state.right}"
        if not self._has_track() and ink.width(whole, small) > wide and sizes.width > 1024:
            ink.text(line, state.left, small, "text2")
            ink.text(line.translated(0, line.height()), state.right, small, "text2")
            return
        small = fit_font(self.look, whole, small, wide, 11)
        right = ink.text(line, state.right, small, "text2", RIGHT)
        ink.text(line.adjusted(0, 0, -right - 8, 0), state.left, small, "text2")
        if self._has_track() and state.at is not None:
            self._draw_track(ink, QRectF(pad, y + line.height() + 6, wide, 34 if sizes.width == 1366 else 44))

    def _draw_value(self, ink: Ink, place: QRectF, size: float) -> None:
        value = ink.font(size, 700, mono=True, spacing=-3)
        wide = 0.0
        for i, group in enumerate(self.state.value.split(GROUP_SPACE)):
            wide += size * 0.28 if i else 0
            wide += ink.text(place.adjusted(wide, 0, 0, 0), group, value)
        unit = ink.font(size * 22 / 46, 600, mono=True)
        lower = QRectF(place.left() + wide + size * 0.24, place.top() + size * 0.2, 80, size * 0.9)
        ink.text(lower, self.state.unit, unit, "text2")

    def _draw_track(self, ink: Ink, place: QRectF) -> None:
        state = self.state
        assert state.at is not None
        track = QRectF(place.left(), round(place.top() + place.height() * 0.37), place.width(), 10)
        ink.box(track, "sunken", "lineStrong", 1, 5)
        low = track.left() + track.width() * state.low
        high = track.left() + track.width() * state.high
        ink.fill(QRectF(low, track.top(), high - low, track.height()), "okSolid")
        ink.fill(QRectF((low + high) / 2 - 1, track.top() - 3, 2, 16), "okOn")
        x = track.left() + track.width() * min(1.0, max(0.0, state.at))
        ink.painter.setPen(Qt.PenStyle.NoPen)
        ink.painter.setBrush(self.look.colour("text"))
        tip = track.top() + 1
        ink.painter.drawPolygon(QPolygonF([QPointF(x, tip), QPointF(x - 9, tip - 13), QPointF(x + 9, tip - 13)]))
        ink.fill(QRectF(x - 1.5, tip - 4, 3, track.height() + 12), "text")
