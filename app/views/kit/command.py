"""Command buttons: every action with a code that can be scanned off the screen, its words and its key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QWidget

from app.presenters.state import parts
from app.presenters.state.intents import Intents
from app.views.kit.ink import CENTRE, Ink, width_of
from app.views.kit.look import Look
from app.views.kit.part import Part

PLATE = 60
COLOURS_OF_KIND = {
    parts.Kind.PRIMARY: ("accentSolid", "accentSolid", "accentOn"),
    parts.Kind.COMPLETE: ("completeSolid", "completeSolid", "completeOn"),
    parts.Kind.DANGER: ("surface", "wrongLine", "wrongText"),
    parts.Kind.PLAIN: ("surface", "lineStrong", "text"),
}


class PaintedButton(QAbstractButton):
    """A button that paints itself: hover, pressed, focus ring, and a reason when it may not be used.

    It never takes Enter or Space from the keyboard: keys are the window's, so that nothing typed can press it.
    """

    def __init__(self, look: Look, press: Callable[[], None], parent: QWidget | None = None) -> None:
        """`press` is called by the pointer or a touch."""
        super().__init__(parent)
        self.look = look
        self.reason = ""
        self.clicked.connect(press)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        look.changed.connect(self._look_changed)

    def _look_changed(self) -> None:
        self.relook()
        self.updateGeometry()
        self.update()

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

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Speaks to `intents.command` with its code."""
        super().__init__(look, self._pressed, parent)
        self._intents = intents
        self.state = parts.Command("", "")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.relook()

    def _pressed(self) -> None:
        if self.state.reason:
            self._intents.refused(self.state.code, self.state.reason)
        else:
            self._intents.command(self.state.code)

    def relook(self) -> None:
        """One height."""
        self.setFixedHeight(self.look.metrics.command)

    def render(self, state: parts.Command) -> None:
        """Take a state; what may not be used keeps its place and says why."""
        if state == self.state:
            return
        self.state = state
        self.name_it(state.words, state.key, state.reason)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as plate, words and reason."""
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

    def draw(self, ink: Ink) -> None:
        """Plate, words, below them key and hint, or lock and reason."""
        state = self.state
        ground, line, words = COLOURS_OF_KIND[state.kind]
        second = "text2" if state.kind in (parts.Kind.PLAIN, parts.Kind.DANGER) else words
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
            ink.text(place, state.reason, ink.font(sizes.small), second)
            return
        if state.key:
            line = "lineStrong" if second == "text2" else second
            left += round(ink.key(state.key, left, centre, words, line)) + 6
        place = QRectF(left, centre - lower / 2, self.width() - left - 6, lower)
        ink.text(place, state.hint, ink.font(sizes.small), second)


class SmallButton(PaintedButton):
    """A button of 40 pixels: icon, words, key. `render(parts.Command)`; a reason takes the place of the words."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Speaks to `intents.command` with its code."""
        super().__init__(look, self._pressed, parent)
        self._intents = intents
        self.state = parts.Command("", "")
        self.relook()

    def _pressed(self) -> None:
        self._intents.command(self.state.code)

    def relook(self) -> None:
        """One height."""
        self.setFixedHeight(self.look.metrics.button)

    def render(self, state: parts.Command) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.name_it(state.words, state.key, state.reason)
            self.updateGeometry()
            self.update()

    def _width(self) -> float:
        sizes, state, font = self.look.metrics, self.state, self.look.font
        icon = 28 if state.icon or state.reason else 0
        words = width_of(state.reason or state.words, font(sizes.body, 600))
        key = 8 + max(24.0, width_of(state.key, font(sizes.micro, 600, mono=True)) + 13)
        return icon + words + (key if state.key and not state.reason else 0)

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return QSize(round(self._width() + 28), self.look.metrics.button)

    def draw(self, ink: Ink) -> None:
        """Icon, words, key, in the middle."""
        state, sizes = self.state, self.look.metrics
        ground, line, words = COLOURS_OF_KIND[state.kind]
        if state.reason:
            ground, line, words = "sunken", "lineStrong", "text2"
        ink.box(QRectF(self.rect()), self.ground(ground), line, 1, 8, dashed=bool(state.reason))
        room = self.width() - self._width()
        show_icon = bool(state.reason) or (bool(state.icon) and room >= 8)
        if state.icon and not show_icon:
            room += 28
        left = max(6.0, room / 2)
        centre = self.height() / 2
        if show_icon:
            ink.icon("prohibit" if state.reason else state.icon, round(left), round(centre - 10), 20, words)
            left += 28
        place = QRectF(left, 0, self.width() - left - 8, self.height())
        left += ink.text(place, state.reason or state.words, ink.font(sizes.body, 600), words) + 8
        if state.key and not state.reason:
            ink.key(state.key, left, centre, words, "lineStrong" if ground == "surface" else words)


class MoreButton(PaintedButton):
    """Opens the commands that had no room."""

    def __init__(self, look: Look, press: Callable[[], None], parent: QWidget | None = None) -> None:
        """`press` opens the menu."""
        super().__init__(look, press, parent)
        self.words = ""
        self.setFixedSize(QSize(84, look.metrics.command))

    def draw(self, ink: Ink) -> None:
        """Dots and words."""
        ink.box(QRectF(self.rect()), self.ground("surface"), "lineStrong", 1, 8)
        ink.icon_in("dots-three", QRectF(0, 4, self.width(), self.height() / 2), 24)
        place = QRectF(0, self.height() / 2 - 4, self.width(), self.height() / 2)
        ink.text(place, self.words, ink.font(self.look.metrics.small, 600), "text", CENTRE)


class CommandBar(Part):
    """`CommandBar(look, intents)`; `render(parts.CommandBar)`. What has no room goes under "More", from the right."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Holds at most five commands."""
        super().__init__(look, parent)
        self._intents = intents
        self.state = parts.CommandBar()
        self.buttons: list[CommandButton] = []
        self._more = MoreButton(look, self._open_more, self)
        self._row = QHBoxLayout(self)
        self.relook()

    def relook(self) -> None:
        """One height; room at both ends as around cards."""
        sizes = self.look.metrics
        self.fix_height(sizes.bar)
        self._row.setContentsMargins(sizes.pad, 1, sizes.pad, 0)
        self._row.setSpacing(10)
        self._more.setFixedSize(QSize(84, sizes.command))
        self._share_room()

    def render(self, state: parts.CommandBar) -> None:
        """Take commands; buttons keep their places."""
        if state == self.state:
            return
        same_places = [c.right for c in state.commands] == [c.right for c in self.state.commands]
        self.state = state
        while len(self.buttons) < len(state.commands):
            self.buttons.append(CommandButton(self.look, self._intents, self))
        for button, command in zip(self.buttons, state.commands, strict=False):
            button.render(command)
        self._more.words = state.more_words
        self._more.setAccessibleName(state.more_words)
        if not same_places or self._row.count() == 0:
            self._lay()
        self._share_room()

    def _lay(self) -> None:
        while self._row.count():
            self._row.takeAt(0)
        pairs = list(zip(self.buttons, self.state.commands, strict=False))
        for button in [b for b, c in pairs if not c.right]:
            self._row.addWidget(button)
        self._row.addWidget(self._more)
        self._row.addStretch(1)
        for button in [b for b, c in pairs if c.right]:
            self._row.addWidget(button)

    def _share_room(self) -> None:
        """Show what fits; the last one goes first under "More", the main action never."""
        shown = self.buttons[: len(self.state.commands)]
        for button in self.buttons:
            button.setVisible(button in shown)
        room = self.width() - 2 * self.look.metrics.pad
        hidden: list[CommandButton] = []
        main = (parts.Kind.PRIMARY, parts.Kind.COMPLETE)
        while self._needed(shown, bool(hidden)) > room:
            plain = [button for button in shown[1:] if button.state.kind not in main]
            if not plain:
                break
            hidden.append(plain[-1])
            shown.remove(plain[-1])
        for button in hidden:
            button.hide()
        self._more.setVisible(bool(hidden))

    def _needed(self, shown: list[CommandButton], more: bool) -> int:
        return sum(b.sizeHint().width() + 10 for b in shown) - 10 + (94 if more else 0)

    def _open_more(self) -> None:
        menu = QMenu(self)
        for button in [b for b in self.buttons[: len(self.state.commands)] if b.isHidden()]:
            state = button.state
            entry = menu.addAction(f"{state.words}   {state.key}" + (f"   ({state.reason})" if state.reason else ""))
            entry.setEnabled(not state.reason)
            entry.triggered.connect(lambda _=False, code=state.code: self._intents.command(code))
        menu.popup(self._more.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room again."""
        self._share_room()
        super().resizeEvent(event)

    def draw(self, ink: Ink) -> None:
        """A surface with a line above."""
        ink.fill(self.rect(), "surface")
        ink.line(0, 0, self.width(), 0, "line")
