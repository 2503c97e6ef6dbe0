"""Command buttons: every action with a code that can be scanned off the screen, its words and its key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.presenters.state import basics, control_parts
from app.presenters.state.intents import Intents
from app.views.kit.ink import Ink, paint_kept, width_of
from app.views.kit.look import Look
from app.views.kit.text import fit_font

PLATE = 60
COLOURS_OF_KIND = {
    basics.Kind.PRIMARY: ("accentSolid", "accentSolid", "accentOn"),
    basics.Kind.COMPLETE: ("completeSolid", "completeSolid", "completeOn"),
    basics.Kind.DANGER: ("surface", "wrongLine", "wrongText"),
    basics.Kind.PLAIN: ("surface", "lineStrong", "text"),
}


class PaintedButton(QAbstractButton):
    """A button that paints itself: hover, pressed, focus ring, and a reason when it may not be used.

    It never takes Enter or Space from the keyboard: keys are the window's, so that nothing typed can press it.
    """

    covers = False
    """Whether it paints all of its place."""

    def __init__(self, look: Look, press: Callable[[], None], parent: QWidget | None = None) -> None:
        """`press` is called by the pointer or a touch."""
        super().__init__(parent)
        self.look = look
        self.reason = ""
        self.clicked.connect(press)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        look.changed.connect(self._look_changed)

    def _look_changed(self) -> None:
        self._cover()
        self.relook()
        self.updateGeometry()
        self.update()

    def _cover(self) -> None:
        """Again, whenever a style took it back: where it covers its place, what lies behind is not painted with it."""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, self.covers)

    def showEvent(self, event: QShowEvent) -> None:
        """A style has looked at the button by now."""
        super().showEvent(event)
        self._cover()

    def relook(self) -> None:
        """Take new sizes."""

    def name_it(self, words: str, key: str, reason: str) -> None:
        """What a screen reader says; the reason is its description and its tool tip."""
        self.reason = reason
        self.setAccessibleName(f"{words}, {key}" if key else words)
        self.setAccessibleDescription(reason)
        self.setToolTip(reason)
        self.setEnabled(not reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys pass on to the window; a scan that ends with Enter can never press the button with the focus."""
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """As with the press."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the state, then the ring of the focus."""
        with Ink(self, self.look) as ink:
            self.draw(ink)
            if self.hasFocus():
                ink.box(QRectF(self.rect()).adjusted(3, 3, -3, -3), "", "surface", 2, 6)  # air: seen on solid too
                ink.box(QRectF(self.rect()), "", "focus", 3, 8)

    def ground(self, plain: str) -> str:
        """The ground for the moment: pressed, under the pointer, or plain."""
        if plain != "surface":
            return plain
        if self.isDown():
            return "sunken"
        return "hover" if self.underMouse() else plain

    def draw(self, ink: Ink) -> None:
        """Paint the button."""
        raise NotImplementedError


class CommandButton(PaintedButton):
    """`CommandButton(look, intents)`; `render(parts.Command)`."""

    covers = True

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Speaks to `intents.command` with its code."""
        super().__init__(look, self._pressed, parent)
        self._intents = intents
        self.state = control_parts.Command("", "")
        self._hint: QSize | None = None
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.relook()

    def _pressed(self) -> None:
        if self.state.reason:
            self._intents.refused(self.state.code, self.state.reason)
        else:
            self._intents.command(self.state.code)

    def relook(self) -> None:
        """One height."""
        self._hint = None
        self.setFixedHeight(self.look.metrics.command)

    def render(self, state: control_parts.Command) -> None:
        """Take a state; what may not be used keeps its place and says why."""
        if state == self.state:
            return
        before, self.state, self._hint = self._hint, state, None
        self.name_it(state.words, state.key, state.reason)
        if self.sizeHint() != before:  # a layout that is asked again moves every button of the bar
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as plate, words and reason; measured once for each state, for a layout asks again and again."""
        if self._hint is None:
            self._hint = self.look.kept.once((CommandButton, self.state), self._measured)
        return self._hint

    def _measured(self) -> QSize:
        sizes, state, font = self.look.metrics, self.state, self.look.font
        first = width_of(state.words, font(sizes.lead, 600)) + (28 if state.icon else 0)
        if state.reason:
            second = 22 + width_of(state.reason, font(sizes.small))
        else:
            key = width_of(state.key, font(sizes.micro, 600, mono=True)) + 13 if state.key else 0
            hint = width_of(state.hint, font(sizes.small)) if state.hint else 0
            second = max(24.0, key) + (6 + hint if hint else 0)
        tail = 18 if sizes.width > 1024 else 10
        return QSize(round(self._words_at() + max(first, second) + tail), sizes.command)

    def minimumSizeHint(self) -> QSize:
        """Words may be cut when the bar is too full, but plate and key remain."""
        return QSize(self._words_at() + 60, self.look.metrics.command)

    def _plate_at(self) -> int:
        return 3 if self.look.metrics.command < 78 else 9

    def _words_at(self) -> int:
        if not self.state.code and not self.state.reason:
            return 16
        gap = 12 if self.look.metrics.width > 1024 else 10
        return self._plate_at() + PLATE + gap

    def paintEvent(self, event: QPaintEvent) -> None:
        """As it was painted before, where nothing touches it; each command is seen many times a minute."""
        if self.hasFocus() or self.isDown() or self.underMouse():
            with Ink(self, self.look) as ink:
                ink.fill(self.rect(), "surface")
            super().paintEvent(event)
            return
        paint_kept(self, self.look, self.state, "surface", self.draw)

    def draw(self, ink: Ink) -> None:
        """Plate, words, below them key and hint, or lock and reason."""
        state = self.state
        ground, line, words = COLOURS_OF_KIND[state.kind]
        second = "text2" if state.kind in (basics.Kind.PLAIN, basics.Kind.DANGER) else words
        rect = QRectF(self.rect())
        place = QRectF(self._plate_at(), (rect.height() - PLATE) / 2, PLATE, PLATE)
        if state.reason:
            ground, line, words, second = "sunken", "lineStrong", "text2", "text2"
            ink.box(rect, ground, line, 1, 8, dashed=True)
            ink.icon_in("lock-simple", place, 24, "text3")
        else:
            ink.box(rect, self.ground(ground), line, 1, 8)
            if state.code:
                ink.plate(state.code, place, 3)
        self._draw_words(ink, words, second)

    def _draw_words(self, ink: Ink, words: str, second: str) -> None:
        sizes, state = self.look.metrics, self.state
        left, width = self._words_at(), self.width() - self._words_at() - 6
        first, lower = sizes.lead * 1.2, max(sizes.small * 1.35, sizes.micro * 1.35 + 4)
        top = (self.height() - first - lower - 4) / 2
        at = left
        if state.icon and not state.reason:
            ink.icon(state.icon, at, round(top + (first - 20) / 2), 20, words)
            at += 28
        ink.text(QRectF(at, top, width - (at - left), first), state.words, ink.font(sizes.lead, 600), words)
        centre = top + first + 4 + lower / 2
        if state.reason:
            ink.icon("prohibit", left, round(centre - 8), 16, second)
            place = QRectF(left + 22, centre - lower / 2, width - 22, lower)
            font = fit_font(self.look, state.reason, self.look.font(sizes.small), place.width(), 12)
            ink.text(place, state.reason, font, second)
            return
        if state.key:
            line = "lineStrong" if second == "text2" else second
            left += round(ink.key(state.key, left, centre, words, line)) + 6
        place = QRectF(left, centre - lower / 2, self.width() - left - 6, lower)
        ink.text(place, state.hint, ink.font(sizes.small), second)


class SmallButton(PaintedButton):
    """A button of 40 pixels: icon, words, key. `render(parts.Command)`; the words of one that may not be used stand
    above its reason.
    """

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Speaks to `intents.command` with its code."""
        super().__init__(look, self._pressed, parent)
        self._intents = intents
        self.state = control_parts.Command("", "")
        self.relook()

    def _pressed(self) -> None:
        if self.state.reason:
            self._intents.refused(self.state.code, self.state.reason)
        else:
            self._intents.command(self.state.code)

    def relook(self) -> None:
        """One height."""
        self.setFixedHeight(self.look.metrics.button)

    def render(self, state: control_parts.Command) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.name_it(state.words, state.key, state.reason)
            self.updateGeometry()
            self.update()

    def _width(self) -> float:
        sizes, state, font = self.look.metrics, self.state, self.look.font
        if state.reason:
            name, reason = self._fonts()
            return 26 + max(width_of(state.words, name), width_of(state.reason, reason))
        words = width_of(state.words, font(sizes.body, 600))
        key = 8 + max(24.0, width_of(state.key, font(sizes.micro, 600, mono=True)) + 13)
        return (28 if state.icon else 0) + words + (key if state.key else 0)

    def _fonts(self) -> tuple[QFont, QFont]:
        """Of the words and of the reason, where both stand in one button."""
        sizes = self.look.metrics
        return self.look.font(sizes.small, 600), self.look.font(sizes.micro, 500)

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return QSize(round(self._width() + 28), self.look.metrics.button)

    def draw(self, ink: Ink) -> None:
        """Icon, words, key, in the middle; or why it may not be used, under its words."""
        if self.state.reason:
            self._draw_reason(ink)
            return
        state, sizes = self.state, self.look.metrics
        ground, line, words = COLOURS_OF_KIND[state.kind]
        ink.box(QRectF(self.rect()), self.ground(ground), line, 1, 8)
        room = self.width() - self._width()
        show_icon = bool(state.icon) and room >= 8
        if state.icon and not show_icon:
            room += 28
        left = max(6.0, room / 2)
        centre = self.height() / 2
        if show_icon:
            ink.icon(state.icon, round(left), round(centre - 10), 20, words)
            left += 28
        key = 8 + max(24.0, ink.width(state.key, ink.font(sizes.micro, 600, mono=True)) + 13) if state.key else 0.0
        place = QRectF(left, 0, self.width() - left - 6 - key, self.height())
        font = fit_font(self.look, state.words, self.look.font(sizes.body, 600), place.width(), 12)
        left += ink.text(place, state.words, font, words) + 8
        if state.key:
            ink.key(state.key, left, centre, words, "lineStrong" if ground == "surface" else words)

    def _draw_reason(self, ink: Ink) -> None:
        state, (name, reason) = self.state, self._fonts()
        ink.box(QRectF(self.rect()), self.ground("sunken"), "lineStrong", 1, 8, dashed=True)
        room = self.width() - self._width()
        left = 6.0
        if room >= 12:
            left = room / 2
            ink.icon("prohibit", round(left), round(self.height() / 2 - 9), 18, "text2")
            left += 26
        half = self.height() / 2
        wide = self.width() - left - 4
        ink.text(QRectF(left, 1, wide, half), state.words, name, "text2")
        ink.text(QRectF(left, half - 1, wide, half - 1), state.reason, reason, "text2")
