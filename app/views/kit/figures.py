"""Figures: a number, what it counts, one quiet line; on Orders each is a filter too. Tabs are saved filters."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.presenters.state import parts
from app.presenters.state.intents import Intents
from app.views.kit.command import PaintedButton
from app.views.kit.ink import Ink, width_of
from app.views.kit.look import Look
from app.views.kit.text import fit_font

GAP = 6
LEAST, MOST = 110, 16777215
"""Widths of a tab: what stays of the chosen one's words at least, and no limit."""


class FigureButton(PaintedButton):
    """One figure."""

    def __init__(self, look: Look, intents: Intents, what: str, parent: QWidget | None = None) -> None:
        """Speaks to `intents.choose(what, key, True)`."""
        super().__init__(look, self._pressed, parent)
        self._intents, self._what = intents, what
        self.state = parts.Figure("", "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.relook()

    def _pressed(self) -> None:
        self._intents.choose(self._what, self.state.key, True)

    def relook(self) -> None:
        """One height."""
        sizes = self.look.metrics
        self.setFixedHeight(round((104 if sizes.width == 1920 else 84) * sizes.text_scale))

    def render(self, state: parts.Figure) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.name_it(f"{state.value} {state.words}, {state.detail}", "", "")
            self.update()

    def sizeHint(self) -> QSize:
        """Shares the row."""
        return QSize(160, self.height())

    def draw(self, ink: Ink) -> None:
        """Number, words, quiet line."""
        state, sizes, height = self.state, self.look.metrics, self.height()
        colours = self.look.family(state.family)
        token = "text" if state.family is parts.Family.TODO else colours.text
        ink.fill(self.rect(), "accentSoft" if state.chosen else self.ground("surface"))
        ink.line(self.width() - 1, 0, self.width() - 1, height, "line")
        ink.line(0, height - 1, self.width(), height - 1, "line")
        if state.chosen:
            ink.fill(QRectF(0, height - 5, self.width(), 5), "accentSolid")
        pad = 18 if sizes.width > 1024 else 12
        narrow = sizes.width < 1920 and sizes.text_scale > 1
        size = {1024: 40, 1366: 50, 1920: 64}[sizes.width] * (1 if narrow else sizes.text_scale)
        share = 0.36 if narrow else 0.5
        number = fit_font(self.look, state.value, ink.font(size, 700, spacing=-3), self.width() * share, 24)
        left = (
            pad
            + ink.text(QRectF(pad, 0, self.width() * 0.55, height), state.value, number, token)
            + (8 if narrow else 14)
        )
        first = sizes.lead * 1.2
        top = (height - first - sizes.small * 1.35) / 2
        at = left
        if state.icon:
            ink.icon(state.icon, at, round(top + (first - 18) / 2), 18, token)
            at += 24
        words = fit_font(self.look, state.words, ink.font(sizes.lead, 600), self.width() - at - 6, 14)
        ink.text(QRectF(at, top, self.width() - at - 6, first), state.words, words, token)
        place = QRectF(left, top + first, self.width() - left - 6, sizes.small * 1.35)
        detail = fit_font(self.look, state.detail, ink.font(sizes.small), place.width(), 13)
        ink.text(place, state.detail, detail, "text2")


class Figures(QWidget):
    """`Figures(look, intents, what="figures")`; `render(tuple[parts.Figure, ...])`."""

    def __init__(self, look: Look, intents: Intents, what: str = "figures", parent: QWidget | None = None) -> None:
        """A row of equal figures."""
        super().__init__(parent)
        self._look, self._intents, self._what = look, intents, what
        self.buttons: list[FigureButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    def render(self, state: tuple[parts.Figure, ...]) -> None:
        """Take the figures."""
        while len(self.buttons) < len(state):
            button = FigureButton(self._look, self._intents, self._what, self)
            self._row.addWidget(button, 1)
            self.buttons.append(button)
        for button, figure in zip(self.buttons, state, strict=False):
            button.render(figure)
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(state))


class TabButton(PaintedButton):
    """One tab."""

    def __init__(self, look: Look, intents: Intents, what: str, parent: QWidget | None = None) -> None:
        """Speaks to `intents.choose(what, key, True)`."""
        super().__init__(look, self._pressed, parent)
        self._intents, self._what = intents, what
        self.state = parts.Tab("", "")
        self.counts, self.tight = True, False
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.relook()

    def _pressed(self) -> None:
        self._intents.choose(self._what, self.state.key, True)

    def relook(self) -> None:
        """One height."""
        sizes = self.look.metrics
        self.setFixedHeight(round((52 if sizes.width == 1920 else 44) * sizes.text_scale))

    def render(self, state: parts.Tab) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.name_it(f"{state.words} {state.count}".strip(), state.press, "")
            self.updateGeometry()
            self.update()

    def show_count(self, counts: bool, tight: bool = False) -> None:
        """Whether count and key stand behind the words; where tabs need the room, first the air goes, then these."""
        if (counts, tight) != (self.counts, self.tight):
            self.counts, self.tight = counts, tight
            self.updateGeometry()
            self.update()

    def _pad(self) -> int:
        return 6 if self.tight else 18 if self.look.metrics.width == 1920 else 12

    def _gap(self) -> int:
        return 4 if self.tight else 8

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        sizes, font = self.look.metrics, self.look.font
        wide = width_of(self.state.words, font(sizes.body, 700)) + 2 * self._pad() + 2
        if self.state.count and self.counts:
            wide += self._gap() + width_of(self.state.count, font(sizes.body, 600))
        if self.state.press and self.counts:
            wide += self._gap() + max(24.0, width_of(self.state.press, font(sizes.micro, 600, mono=True)) + 13)
        return QSize(round(wide), self.height())

    def draw(self, ink: Ink) -> None:
        """Words and count; the chosen one has a border."""
        state, sizes = self.state, self.look.metrics
        if state.chosen:
            ink.box(QRectF(self.rect()), "surface", "accentSolid", 2, 8)
        elif self.underMouse():
            ink.fill(QRectF(self.rect()), "hover", 8)
        left, height = self._pad(), self.height()
        font = ink.font(sizes.body, 700 if state.chosen else 500)
        place = QRectF(left, 0, self.width() - left, height)
        left += round(ink.text(place, state.words, font, "accentText" if state.chosen else "text2")) + self._gap()
        place = QRectF(left, 0, self.width() - left, height)
        if self.counts:
            ink.text(place, state.count, ink.font(sizes.body, 600), "accentText" if state.chosen else "text")
            if state.press:
                ink.key(state.press, left, height / 2, "accentText" if state.chosen else "text2")


class Tabs(QWidget):
    """`Tabs(look, intents, what="tabs")`; `render(tuple[parts.Tab, ...])`.

    Where all do not fit, the air around them goes first, then counts and keys, then words of the chosen one are cut.
    """

    def __init__(self, look: Look, intents: Intents, what: str = "tabs", parent: QWidget | None = None) -> None:
        """A row of tabs from the left."""
        super().__init__(parent)
        self._look, self._intents, self._what = look, intents, what
        self.buttons: list[TabButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._row.addStretch(1)
        look.changed.connect(self._fit)

    def minimumSizeHint(self) -> QSize:
        """The window decides how wide, not the words."""
        return QSize(80, super().minimumSizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """Another width may need other words."""
        self._fit()

    def _fit(self) -> None:
        shown = [button for button in self.buttons if not button.isHidden()]
        for counts, tight in ((True, False), (True, True), (False, False), (False, True)):
            for button in shown:
                button.setMaximumWidth(MOST)
                button.show_count(counts, tight)
            over = sum(button.sizeHint().width() + GAP for button in shown) - GAP - self.contentsRect().width()
            if over <= 0:
                return
        chosen = next((button for button in shown if button.state.chosen), None)
        if chosen is not None:
            chosen.setMaximumWidth(max(LEAST, chosen.sizeHint().width() - over))

    def render(self, state: tuple[parts.Tab, ...]) -> None:
        """Take the tabs."""
        while len(self.buttons) < len(state):
            button = TabButton(self._look, self._intents, self._what, self)
            self._row.insertWidget(len(self.buttons), button)
            self.buttons.append(button)
        for button, tab in zip(self.buttons, state, strict=False):
            button.render(tab)
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(state))
        self._fit()
