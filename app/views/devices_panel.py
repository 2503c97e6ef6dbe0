"""The panel at the side of the devices screen: found devices, or what a printer can be told, each with its key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.presenters.state import devices
from app.presenters.state.intents import Intents
from app.views.kit import Card, ChoiceButtons, CommandButton, Ink, Look, Paragraph, Part, Style

PAD = 14


class SectionHead(Part):
    """The name of a device and what is said of it."""

    def __init__(self, look: Look) -> None:
        """As high as its words."""
        super().__init__(look)
        self.state = devices.PanelPart("", "")

    def relook(self) -> None:
        """As high as its words at this width."""
        self._fit()

    def render(self, state: devices.PanelPart) -> None:
        """Take a state."""
        if state != self.state:
            self.state = state
            self.describe(state.title, state.detail)
            self._fit()
            self.update()

    def resizeEvent(self, event: object) -> None:
        """Another width breaks the words elsewhere."""
        self._fit()

    def _left(self) -> int:
        return 32 if self.state.icon else 0

    def _words(self) -> tuple[Paragraph, Paragraph]:
        sizes, room = self.look.metrics, max(80, self.width() - self._left())
        title = Paragraph(self.look, self.state.title, Style(sizes.body, 700, "text", max_lines=2), room)
        detail = Paragraph(self.look, self.state.detail, Style(sizes.small, 400, "text2", max_lines=7), room)
        return title, detail

    def _fit(self) -> None:
        title, detail = self._words()
        height = round(title.height + (detail.height if self.state.detail else 0) + 6)
        if self.minimumHeight() != height:
            self.setFixedHeight(height)

    def draw(self, ink: Ink) -> None:
        """Icon, name, what is said."""
        title, detail = self._words()
        if self.state.icon:
            ink.icon(self.state.icon, 0, 2, 22, "warnText" if self.state.warn else "text2")
        title.paint(ink.painter, self._left(), 0)
        if self.state.detail:
            detail.paint(ink.painter, self._left(), title.height + 2)


class Section(QWidget):
    """A head and its choices."""

    def __init__(self, look: Look, intents: Intents) -> None:
        """Two choices in a row."""
        super().__init__()
        self.head = SectionHead(look)
        self.choices = ChoiceButtons(look, intents, 2, 3)
        grid = self.choices.layout()
        if isinstance(grid, QGridLayout):
            grid.setColumnMinimumWidth(0, 160)
            for place in (0, 1):
                grid.setColumnStretch(place, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.head)
        column.addWidget(self.choices)

    def render(self, state: devices.PanelPart) -> None:
        """Take a state."""
        self.head.render(state)
        self.choices.render(state.choices)
        self.choices.setVisible(bool(state.choices))


class PanelCard(Card):
    """`PanelCard(look, intents)`; `show_panel(devices.Panel)`."""

    def __init__(self, look: Look, intents: Intents) -> None:
        """Sections scroll; the way back stays at the foot."""
        super().__init__(look)
        self._intents = intents
        self.sections: list[Section] = []
        room = QWidget()
        self._column = QVBoxLayout(room)
        self._column.setContentsMargins(PAD, 12, PAD, 10)
        self._column.setSpacing(14)
        self._column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(room)
        self.area.viewport().setAutoFillBackground(False)
        room.setAutoFillBackground(False)
        self.add(self.area, 1)
        self.back, self.more = CommandButton(look, intents), CommandButton(look, intents)
        foot = QHBoxLayout()
        foot.setContentsMargins(PAD, 8, PAD, 12)
        foot.addWidget(self.back)
        foot.addWidget(self.more)
        foot.addStretch(1)
        self.body.addLayout(foot)

    def show_panel(self, state: devices.Panel) -> None:
        """Take a state; sections keep their places."""
        self.render(state.head)
        while len(self.sections) < len(state.sections):
            section = Section(self.look, self._intents)
            self._column.insertWidget(len(self.sections), section)
            self.sections.append(section)
        for section, part in zip(self.sections, state.sections, strict=False):
            section.render(part)
        for i, section in enumerate(self.sections):
            section.setVisible(i < len(state.sections))
        for button, command in ((self.back, state.back), (self.more, state.more)):
            button.setVisible(command is not None)
            if command is not None:
                button.render(command)
