"""The first run: three ways in, a form, what is being made, and the first badge."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from app.presenters.state import first_run, parts
from app.presenters.state.intents import Intents
from app.views.form import FormPanel, NoticeBar
from app.views.kit import RIGHT, Card, Ink, Look, Paragraph, Part, SmallButton, Style, TextField, fit_font
from app.views.mark import draw_mark
from app.views.page import Keyed, Page

NOTHING = first_run.Way("", "", "", "", (), parts.Command("", ""))
LEAST_TICK = 13
EDGES = {1024: 32, 1366: 64, 1920: 96}


class TallButton(SmallButton):
    """A button of 52 pixels, as wide as there is room. One that may not be used says what to do in place of its words:
    the card around it says what it is."""

    def relook(self) -> None:
        """One height."""
        self.setFixedHeight(round(52 * self.look.metrics.text_scale))

    def draw(self, ink: Ink) -> None:
        """As a small one; a reason has the whole height."""
        reason = self.state.reason
        if not reason:
            super().draw(ink)
            return
        ink.box(QRectF(self.rect()), self.ground("sunken"), "lineStrong", 1, 8, dashed=True)
        font = fit_font(self.look, reason, self.look.font(self.look.metrics.body, 600), self.width() - 40, 12)
        left = max(6.0, (self.width() - ink.width(reason, font) - 28) / 2)
        ink.icon("prohibit", round(left), round(self.height() / 2 - 10), 20, "text2")
        ink.text(QRectF(left + 28, 0, self.width() - left - 28, self.height()), reason, font, "text2")


class WayCard(Part):
    """One way in. A press anywhere on it chooses it: `choose("way", code, True)`."""

    def __init__(self, look: Look, intents: Intents) -> None:
        """Painted words; field and button are real."""
        super().__init__(look)
        self._intents = intents
        self.state = NOTHING
        self.button = TallButton(look, intents)
        self.field = TextField(look, intents)
        self.field.setParent(self)
        self.button.setParent(self)
        self.field.hide()

    def render(self, state: first_run.Way) -> None:
        """Take a state."""
        if state == self.state:
            return
        self.state = state
        self.describe(f"{state.key} {state.title}", f"{state.detail} {' '.join(state.ticks)}")
        self.button.render(state.button)
        self.field.setVisible(state.field is not None)
        if state.field is not None:
            self.field.render(state.field)
        self._place()
        self.update()

    def resizeEvent(self, event: object) -> None:
        """Keep field and button in their places."""
        self._place()

    def relook(self) -> None:
        """Keep field and button in their places."""
        self._place()

    def _pad(self) -> int:
        sizes = self.look.metrics
        return 25 if sizes.width == 1920 or (sizes.width == 1366 and sizes.text_scale == 1) else 16

    def _place(self) -> None:
        pad, tall = self._pad(), self.button.height()
        self.button.setGeometry(pad, self.height() - pad - tall + 2, self.width() - 2 * pad, tall)
        top = round(self._words_end(None)) + 12
        self.field.setGeometry(pad, top, self.width() - 2 * pad, self.look.metrics.target + 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press chooses the way."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._intents.choose("way", self.state.button.code, False)

    def _words_end(self, ink: Ink | None) -> float:
        sizes, pad = self.look.metrics, self._pad()
        wide = max(80, self.width() - 2 * pad)
        large = sizes.text_scale > 1 and sizes.width < 1920
        top = pad + 36 + (10 if large else 20)
        size = sizes.title - 1.0
        if large:  # one line of it leaves room for the ticks
            size = fit_font(self.look, self.state.title, self.look.font(size, 700), wide, 24).pixelSize()
        title = Paragraph(self.look, self.state.title, Style(size, 700, line_height=1.15, max_lines=2), wide)
        style = Style(sizes.lead - 1, 400, "text2", line_height=1.2 if large else 1.4, max_lines=4)
        detail = Paragraph(self.look, self.state.detail, style, wide)
        if ink is not None:
            title.paint(ink.painter, pad, top)
            detail.paint(ink.painter, pad, top + title.height + 8)
        return top + title.height + 8 + detail.height

    def draw(self, ink: Ink) -> None:
        """Icon and key, title, detail, ticks."""
        state, sizes, pad = self.state, self.look.metrics, self._pad()
        rect = QRectF(self.rect())
        ink.box(rect, "surface", "accentSolid" if state.chosen else "lineStrong", 3 if state.chosen else 1, 10)
        ink.icon(state.icon, pad, pad, 44)
        key = QRectF(self.width() - pad - 38, pad, 38, 36)
        ink.box(key, "", "lineStrong", 1, 4)
        ink.text(key, state.key, ink.font(sizes.head, 700, mono=True), "text", Qt.AlignmentFlag.AlignCenter)
        self._words_end(ink)
        top, width, room = self.ticks_at()
        for made in self.ticks(width, room):
            ink.icon("check", pad, round(top + 1), 20, "okText")
            made.paint(ink.painter, pad + 30, top)
            top += made.height + 8

    def ticks_at(self) -> tuple[float, float, float]:
        """Where the ticks begin, how wide they are, how much height there is for them."""
        top = self._words_end(None) + 14
        if self.state.field is not None:
            top += self.look.metrics.target + 16
        return top, self.width() - 2 * self._pad() - 30, self.button.y() - 6 - top

    def ticks(self, width: float, room: float) -> list[Paragraph]:
        """All ticks at the largest size at which all of them fit."""
        size = self.look.metrics.lead - 1.0
        while True:
            style = Style(size, 400, "text", line_height=1.3, max_lines=2)
            made = [Paragraph(self.look, tick, style, width) for tick in self.state.ticks]
            if size <= LEAST_TICK or sum(one.height + 8 for one in made) - 8 <= room:
                return made
            size -= 1


class Opening(Part):
    """Mark, title, one sentence."""

    def __init__(self, look: Look) -> None:
        """One height for a layout."""
        super().__init__(look)
        self.title, self.detail = "", ""
        self.under = 0
        self.relook()

    def relook(self) -> None:
        """One height; a bar above takes its own from here, and the mark with it, so that nothing below moves."""
        sizes = self.look.metrics
        less = 36 if sizes.text_scale > 1 and sizes.width < 1920 else 0
        self.setFixedHeight(max({1024: 190, 1366: 226, 1920: 300}[sizes.width] - less - self.under, 116))

    def stand_under(self, height: int) -> None:
        """Makes room for a bar of this height; 0 for none."""
        if height != self.under:
            self.under = height
            self.relook()
            self.update()

    def render(self, title: str, detail: str) -> None:
        """Take words."""
        if (title, detail) != (self.title, self.detail):
            self.title, self.detail = title, detail
            self.describe(title, detail)
            self.update()

    def draw(self, ink: Ink) -> None:
        """From the top."""
        sizes = self.look.metrics
        top = 12 if sizes.text_scale > 1 and sizes.width < 1920 else {1024: 24, 1366: 44, 1920: 60}[sizes.width]
        if not self.under:
            draw_mark(ink.painter, QRectF(0, top, 44, 44))
            ink.text(QRectF(58, top, 400, 44), "Pickwick", ink.font(28, 600))
        size = {1024: 42, 1366: 56, 1920: 76}[sizes.width]
        font = fit_font(self.look, self.title, ink.font(size, 700, spacing=-2), self.width(), 28)
        top = 16 if self.under else top + 66
        ink.text(QRectF(0, top, self.width(), size * 1.2), self.title, font)
        small = {1024: 18, 1366: 22, 1920: 28}[sizes.width]
        style = Style(small, 400, "text2", line_height=1.25, max_lines=2)
        ink.paragraph(0, top + size * 1.2 + 8, self.width(), self.detail, style)


class BadgeCard(Part):
    """The first badge, large enough to be scanned off the screen."""

    def __init__(self, look: Look) -> None:
        """Takes the room there is."""
        super().__init__(look)
        self.state: first_run.Badge | None = None

    def render(self, state: first_run.Badge) -> None:
        """Take a state."""
        self.state = state
        self.describe(f"{state.name}, {state.role}", state.advice)
        self.update()

    def draw(self, ink: Ink) -> None:
        """A badge with the code as a plate; beside it what to do."""
        state, sizes = self.state, self.look.metrics
        if state is None:
            return
        height = min(self.height() - 8.0, 340.0)
        card = QRectF(0, 4, height * 0.78, height)
        ink.box(card, "surface", "lineStrong", 2, 16)
        side = card.width() - 60
        ink.plate(state.code, QRectF(card.left() + 30, card.top() + 26, side, side), 8, line="line")
        font = fit_font(self.look, state.name, ink.font(sizes.head + 4, 700), card.width() - 30, 14)
        middle = Qt.AlignmentFlag.AlignCenter
        top = card.top() + 26 + side
        ink.text(QRectF(card.left() + 15, top, card.width() - 30, 34), state.name, font, "text", middle)
        role = QRectF(card.left() + 15, top + 30, card.width() - 30, 26)
        ink.text(role, state.role, ink.font(sizes.body), "text2", middle)
        left = card.right() + 32
        style = Style(sizes.name, 700, line_height=1.2, max_lines=4)
        ink.paragraph(left, card.top() + 20, self.width() - left, state.advice, style)


class BusyCard(Card):
    """What is being made, with how far it has come where that is known."""

    def __init__(self, look: Look) -> None:
        """Words and a bar."""
        super().__init__(look, pad=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.words = ""
        self.body.addStretch(1)
        self.add(self.bar)
        self.body.addStretch(1)

    def render_busy(self, state: first_run.Busy) -> None:
        """Take a state; a bar without an end runs."""
        self.words = state.words
        self.bar.setRange(0, max(0, state.of))
        self.bar.setValue(state.have)
        self.describe(state.words, f"{state.have} / {state.of}" if state.of else "")
        self.update()

    def draw(self, ink: Ink) -> None:
        """Words above the bar."""
        super().draw(ink)
        size = self.look.metrics.head
        place = QRectF(14, self.bar.y() - size * 2, self.width() - 28, size * 1.5)
        ink.text(place, self.words, ink.font(size, 600))


class FirstRunView(Page):
    """`FirstRunView(look, intents)`; `render(first_run.FirstRun)`."""

    takes_codes = False

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Opening, body, foot."""
        super().__init__(look, intents, parent)
        self.state: first_run.FirstRun | None = None
        self.notice, self.opening = NoticeBar(look, intents), Opening(look)
        self.ways = [WayCard(look, intents) for _ in range(3)]
        self.form_card, self.form = Card(look, pad=True), FormPanel(look, intents)
        self.form_card.add(self.form, 1)
        self.busy, self.badge = BusyCard(look), BadgeCard(look)
        row = QWidget()
        self._row = QHBoxLayout(row)
        self._row.setContentsMargins(0, 0, 0, 0)
        for way in self.ways:
            self._row.addWidget(way, 1)
        self.stack = QStackedWidget()
        self._pages = {"ways": row, "form": self.form_card, "busy": self.busy, "badge": self.badge}
        for page in self._pages.values():
            self.stack.addWidget(page)
        self.buttons: list[SmallButton] = []
        self.foot = FootWords(look)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(12)
        self._foot.addWidget(self.foot, 1)
        self._inside = QVBoxLayout()
        self._inside.addWidget(self.opening)
        self._inside.addWidget(self.stack, 1)
        self._inside.addLayout(self._foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addLayout(self._inside, 1)
        self.relook()

    def relook(self) -> None:
        """Edges and gaps."""
        width = self.look.metrics.width
        edge = EDGES[width]
        self._inside.setContentsMargins(edge, 0, edge, 32 if width > 1024 else 20)
        self._inside.setSpacing(20 if width > 1024 else 14)
        self._row.setSpacing(20 if width > 1024 else 12)

    def render(self, state: first_run.FirstRun) -> None:
        """Show a state."""
        if state == self.state:
            return
        before, self.state = self.state, state
        self.notice.render(state.notice)
        self.opening.stand_under(self.notice.height() if state.notice else 0)
        self.opening.render(state.title, state.detail)
        for card, way in zip(self.ways, state.ways, strict=False):
            card.render(way)
        if state.form is not None:
            self.form.render(state.form)
        if state.busy is not None:
            self.busy.render_busy(state.busy)
        if state.badge is not None:
            self.badge.render(state.badge)
        shown = "form" if state.form else "busy" if state.busy else "badge" if state.badge else "ways"
        self._turn_to(self._pages[shown])
        if state.form is not None and (before is None or before.form is None):
            self.form.focus_first()
        chosen = next((card for card in self.ways if card.state.chosen and card.state.field), None)
        was = before.ways[2].chosen if before is not None and len(before.ways) == 3 else False
        if shown == "ways" and chosen is not None and not was and before is not None:
            chosen.field.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._render_foot(state)

    def _turn_to(self, page: QWidget) -> None:
        """Another step; what had the keyboard on the last one hands it to nobody."""
        focused = self.focusWidget()
        if page is not self.stack.currentWidget() and focused is not None:
            focused.clearFocus()
            self.window().setFocus(Qt.FocusReason.OtherFocusReason)
        self.stack.setCurrentWidget(page)

    def _render_foot(self, state: first_run.FirstRun) -> None:
        commands = (*state.commands, *state.looks)
        while len(self.buttons) < len(commands):
            self.buttons.append(SmallButton(self.look, self.intents))
            self._foot.insertWidget(len(self.buttons) - 1, self.buttons[-1])
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(commands))
            if i < len(commands):
                button.render(commands[i])
        self.foot.render("" if state.badge or state.form else state.foot)

    def keyed(self) -> Iterable[Keyed]:
        """Buttons with keys; the ways' own keys go to the presenter."""
        state = self.state
        if state is None:
            return ()
        form = state.form.commands if state.form else ()
        return (*form, *state.commands, *state.looks, *(state.notice.commands if state.notice else ()))

    def sizeHint(self) -> QSize:
        """The smallest layout."""
        return QSize(1024, 700)


class FootWords(Part):
    """One quiet sentence at the right."""

    def __init__(self, look: Look) -> None:
        """As high as a button."""
        super().__init__(look)
        self.words = ""
        self.relook()

    def relook(self) -> None:
        """One height."""
        self.setFixedHeight(self.look.metrics.button)

    def render(self, words: str) -> None:
        """Take words."""
        self.words = words
        self.describe(words)
        self.update()

    def draw(self, ink: Ink) -> None:
        """At the right."""
        ink.text(QRectF(self.rect()), self.words, ink.font(self.look.metrics.body), "text2", RIGHT)
