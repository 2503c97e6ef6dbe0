"""The bezel: the rail with its places, the status strip with its lamps, and the frame of a blocking state."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainterPath
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.presenters.state import basics, shell
from app.presenters.state.intents import Intents
from app.views.kit.command import PaintedButton
from app.views.kit.ink import CENTRE, Ink, width_of
from app.views.kit.look import Look
from app.views.kit.motion import PULSE_MS, Motion
from app.views.kit.part import Part
from app.views.kit.text import fit_font
from app.views.mark import draw_mark

LAMP_ICON = {
    basics.LampState.OK: ("check", 16),
    basics.LampState.WARN: ("warning", 16),
    basics.LampState.DOWN: ("x-circle", 16),
    basics.LampState.ABSENT: ("", 0),
}


class PlaceButton(PaintedButton):
    """One place in the rail; a locked one stays, with a lock and its reason."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Speaks to `intents.choose("place", code, True)`."""
        super().__init__(look, self._pressed, parent)
        self._intents = intents
        self.state = shell.Place("", "", "question", "")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # each has its key; Tab belongs to the work
        self.relook()

    def _pressed(self) -> None:
        self._intents.choose("place", self.state.code, True)

    def relook(self) -> None:
        """72 high; less where the window is low and there are many places."""
        self.setMinimumHeight(52)
        self.setMaximumHeight(72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """The full height."""
        return QSize(60, 72)

    def render(self, state: shell.Place) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.name_it(state.words, state.key, state.reason)
            self.update()

    def draw(self, ink: Ink) -> None:
        """Icon, word, key, one below the other."""
        state, sizes, rect = self.state, self.look.metrics, QRectF(self.rect())
        token = "frameText" if state.active else "frameText2"
        if state.active:
            shape = QPainterPath()
            shape.addRoundedRect(rect, 8, 8)
            ink.box(rect, "frameHover", "frameLine", 1, 8)
            ink.painter.save()
            ink.painter.setClipPath(shape)
            ink.fill(QRectF(0, 0, 3, rect.height()), "warnSolid")
            ink.painter.restore()
        elif self.underMouse() and not state.reason:
            ink.fill(rect, "frameHover", 8)
        word, key = sizes.micro * 1.25, sizes.rail_key * 1.2
        top = (rect.height() - 26 - word - key - 2) / 2
        ink.icon(state.icon, round(rect.center().x() - 13), round(top), 26, token)
        if state.reason:
            ink.icon("lock-simple", round(rect.center().x() + 11), round(top - 4), 14, "frameText2")
        font = ink.font(sizes.micro, 700 if state.active else 500)
        font = fit_font(self.look, state.words, font, rect.width() - 2, 10)
        ink.text(QRectF(0, top + 27, rect.width(), word), state.words, font, token, CENTRE)
        place = QRectF(0, top + 28 + word, rect.width(), key)
        ink.text(place, state.key, ink.font(sizes.rail_key, 500, mono=True), "frameText2", CENTRE)


class RailMark(Part):
    """The mark of the product at the head of the rail."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """40 pixels and room below."""
        super().__init__(look, parent)
        self.fix_height(50)
        self.describe("Pickwick")

    def draw(self, ink: Ink) -> None:
        """In the middle."""
        draw_mark(ink.painter, QRectF((self.width() - 40) / 2, 0, 40, 40))


class Rail(Part):
    """`Rail(look, intents)`; `render(shell.Rail)`."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Places from the top, help at the foot."""
        super().__init__(look, parent)
        self._intents = intents
        self.state = shell.Rail(())
        self.buttons: list[PlaceButton] = []
        self._column = QVBoxLayout(self)
        self._column.addWidget(RailMark(look, self))
        self._column.addStretch(1)
        self._foot = PlaceButton(look, intents, self)
        self._column.addWidget(self._foot)
        self.relook()

    def relook(self) -> None:
        """One width."""
        sizes = self.look.metrics
        self.setFixedWidth(sizes.rail)
        side = 5 if sizes.width == 1024 else 8
        self._column.setContentsMargins(side, 12, side, 4)
        self._column.setSpacing(4 if len(self.buttons) <= 7 else 1)

    def render(self, state: shell.Rail) -> None:
        """Take the places; each keeps its position."""
        if state == self.state:
            return
        self.state = state
        while len(self.buttons) < len(state.places):
            button = PlaceButton(self.look, self._intents, self)
            self._column.insertWidget(1 + len(self.buttons), button)
            self.buttons.append(button)
        for button, place in zip(self.buttons, state.places, strict=False):
            button.render(place)
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(state.places))
        self._foot.setVisible(state.foot is not None)
        if state.foot:
            self._foot.render(state.foot)
        self.relook()

    def draw(self, ink: Ink) -> None:
        """The frame's ground."""
        ink.fill(self.rect(), "frame")


class StatusStrip(Part):
    """`StatusStrip(look, intents)`; `render(shell.Strip)`. Lamps never move; words shorten first."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """A touch on a lamp speaks to `intents.choose("lamp", name, True)`."""
        super().__init__(look, parent)
        self._intents = intents
        self.state = shell.Strip("", "")
        self._places: list[tuple[str, QRectF]] = []
        self._pulse = Motion(look, self, PULSE_MS)
        self._news: set[str] = set()
        self.relook()

    def relook(self) -> None:
        """One height."""
        self.fix_height(self.look.metrics.strip)

    def render(self, state: shell.Strip) -> None:
        """Take a state; a lamp that turns yellow or red is read out."""
        if state == self.state:
            return
        quiet = (basics.LampState.OK, basics.LampState.ABSENT)
        loud = {lamp.words for lamp in state.lamps if lamp.state not in quiet}
        news = loud - {lamp.words for lamp in self.state.lamps if lamp.state not in quiet}
        self.state = state
        said = ", ".join(f"{lamp.words} ({lamp.state})" for lamp in state.lamps)
        self.describe(f"{state.station}, {state.operator}", said)
        self.update()
        if news:
            self._news = news
            self._pulse.start()
            self.announce()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open Devices at a lamp."""
        for name, place in self._places:
            if event.button() is Qt.MouseButton.LeftButton and place.contains(event.position()):
                self._intents.choose("lamp", name, True)

    def _pads(self) -> tuple[int, int]:
        return (8, 5) if self.look.metrics.width == 1024 else (12, 7)

    def draw(self, ink: Ink) -> None:
        """Station and operator from the left, lamps and clock from the right."""
        sizes, pads = self.look.metrics, self._pads()
        ink.fill(self.rect(), "frame")
        ink.line(0, 0, self.width(), 0, "frameLine")
        size = sizes.small if sizes.width > 1024 else 13.5 * sizes.text_scale
        clock = ink.font(size, 600, mono=True)
        wide = ink.width(self.state.clock, clock) + 2 * pads[0]
        edge = 8 if sizes.width > 1024 else 0
        right = self.width() - edge - wide
        ink.text(QRectF(right, 0, wide, self.height()), self.state.clock, clock, "frameText", CENTRE)
        right = self._draw_lamps(ink, right, size)
        left: float = edge
        for icon, words, weight in (("desktop", self.state.station, 600), ("user-circle", self.state.operator, 400)):
            font = ink.font(size, weight)
            room = min(ink.width(words, font) + 2 * pads[0] + 18 + pads[1], max(0.0, right - left))
            ink.icon(icon, round(left + pads[0]), round(self.height() / 2 - 9), 18, "frameText")
            at = left + pads[0] + 18 + pads[1]
            ink.text(QRectF(at, 0, room - (at - left) - 4, self.height()), words, font, "frameText")
            left = round(left + room)
            ink.line(left, 0, left, self.height(), "frameLine")

    def _draw_lamps(self, ink: Ink, right: float, size: float) -> float:
        self._places = []
        widths = self._widths(size, right * 0.8)
        for lamp, (wide, words) in zip(reversed(self.state.lamps), reversed(widths), strict=True):
            right = round(right - wide)
            place = QRectF(right, 0, round(wide), self.height())
            self._places.append((lamp.name, place))
            self._draw_lamp(ink, lamp, place, words, size)
        if self.state.lamps:
            ink.line(right, 1, right, self.height(), "frameLine")
        return right

    def _widths(self, size: float, room: float) -> list[tuple[float, str]]:
        """Width and words of each lamp: all words, or the short ones of healthy lamps where room is scarce."""
        touch = self.look.metrics.width == 1024

        def measure(short: bool) -> list[tuple[float, str]]:
            made = []
            for lamp in self.state.lamps:
                calm = lamp.state is basics.LampState.OK
                words = (
                    lamp.short if calm and (short or (touch and lamp.name in ("database", "unsent"))) else lamp.words
                )
                made.append((self._lamp_width(lamp, words, size), words))
            return made

        full = measure(short=False)
        return full if sum(wide for wide, _ in full) <= room else measure(short=True)

    def _lamp_width(self, lamp: shell.Lamp, words: str, size: float) -> float:
        pad, gap = self._pads()
        weight = 600 if lamp.state in (basics.LampState.WARN, basics.LampState.DOWN) else 400
        wide = 2 * pad + 18.0 + 1
        if words:
            wide += gap + width_of(words, self.look.font(size, weight))
        return wide + (gap + 16 if LAMP_ICON[lamp.state][0] else 0)

    def _draw_lamp(self, ink: Ink, lamp: shell.Lamp, place: QRectF, words: str, size: float) -> None:
        pad, gap = self._pads()
        loud = {basics.LampState.WARN: ("warnSolid", "warnOn"), basics.LampState.DOWN: ("frameBad", "frameText")}
        ground, token = loud.get(lamp.state, ("", "frameText2"))
        if ground:
            ink.painter.setOpacity(0.6 + 0.4 * self._pulse.value if lamp.words in self._news else 1.0)
            ink.fill(place, ground)
            ink.painter.setOpacity(1.0)
        middle, left = self.height() / 2, place.left() + pad
        ink.icon(lamp.icon, round(left), round(middle - 9), 18, token)
        left += 18
        if words:
            left += gap
            left += ink.text(
                QRectF(left, 0, place.width(), self.height()), words, ink.font(size, 600 if ground else 400), token
            )
        icon, icon_size = LAMP_ICON[lamp.state]
        if icon:
            ink.icon(icon, round(left + gap), round(middle - 8), icon_size, token if ground else "frameOk")
        ink.line(place.right() - 1, 1, place.right() - 1, self.height(), "frameLine")


class BlockingFrame(Part):
    """`BlockingFrame(look, parent)`; `render(Family | None)`: 6 px around the work area, over everything."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        """Lies over its parent."""
        super().__init__(look, parent)
        self.state: basics.Family | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def render(self, state: basics.Family | None) -> None:
        """Show the border of a family, or none."""
        self.state = state
        self.setVisible(state is not None)
        self.raise_()
        self.update()

    def draw(self, ink: Ink) -> None:
        """Left, right and bottom; the banner is the top."""
        if self.state is None:
            return
        solid, wide, high = self.look.family(self.state).solid, self.width(), self.height()
        for place in (QRectF(0, 0, 6, high), QRectF(wide - 6, 0, 6, high), QRectF(0, high - 6, wide, 6)):
            ink.fill(place, solid)
