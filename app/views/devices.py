"""The devices screen: every device live with what it sent, a test print, a test scan, and what happened last."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.presenters.state import devices
from app.presenters.state.intents import Intents
from app.views.devices_cards import DeviceCardView, PageHead, TestScanCard
from app.views.kit import Card, Look, SmallButton, TimeLine
from app.views.kit.table import EmptyWords
from app.views.page import Keyed, Page


def _scrolling(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    area.viewport().setAutoFillBackground(False)
    inside.setAutoFillBackground(False)
    return area


class DevicesView(Page):
    """`DevicesView(look, intents)`; `render(devices.Devices)`."""

    def __init__(self, look: Look, intents: Intents, parent: QWidget | None = None) -> None:
        """Cards are made when they are first needed and then kept."""
        super().__init__(look, intents, parent)
        self.state: devices.Devices | None = None
        self.head = PageHead(look)
        self.buttons: list[SmallButton] = []
        self.cards: list[DeviceCardView] = []
        self._grid_room = QWidget()
        self._grid = QGridLayout(self._grid_room)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._empty = EmptyWords(look, self._grid_room)
        self._build_side()
        self._row = QHBoxLayout()
        self._row.addWidget(_scrolling(self._grid_room), 1)
        self._row.addWidget(self._side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(self._row, 1)
        self.relook()

    def _build_side(self) -> None:
        look, intents = self.look, self.intents
        self.test = TestScanCard(look)
        self.doctor = SmallButton(look, intents)
        self.log_card = Card(look)
        self.log = TimeLine(look)
        room = QWidget()
        inside = QVBoxLayout(room)
        inside.setContentsMargins(0, 12, 0, 6)
        inside.addWidget(self.log)
        inside.addStretch(1)
        self.log_card.add(_scrolling(room), 1)
        self.export = SmallButton(look, intents)
        self._foot = QHBoxLayout()
        self._foot.setContentsMargins(14, 8, 14, 12)
        self._foot.addWidget(self.export)
        self._foot.addStretch(1)
        self.log_card.body.addLayout(self._foot)
        self._side = QWidget()
        self._side_column = QVBoxLayout(self._side)
        self._side_column.setContentsMargins(0, 0, 0, 0)
        self._side_column.addWidget(self.test)
        self._side_column.addWidget(self.doctor)
        self._side_column.addWidget(self.log_card, 1)

    def relook(self) -> None:
        """Two columns of devices and one of tests; the narrow screen has one and one."""
        sizes = self.look.metrics
        self._row.setContentsMargins(sizes.pad, sizes.pad, sizes.pad, sizes.pad)
        self._row.setSpacing(sizes.gap)
        self._grid.setSpacing(sizes.gap)
        self._side_column.setSpacing(sizes.gap)
        self._side.setFixedWidth({1024: 360, 1366: 372, 1920: 520}[sizes.width])
        self._lay()

    def _lay(self) -> None:
        columns = 1 if self.look.metrics.width == 1024 else 2
        shown = [card for card in self.cards if not card.isHidden()]
        for i, card in enumerate(shown):
            self._grid.addWidget(card, i // columns, i % columns)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def render(self, state: devices.Devices) -> None:
        """Show a state at once."""
        if state == self.state:
            return
        self.state = state
        self.head.render(state.title, state.chip, state.said)
        while len(self.buttons) < len(state.buttons):
            self.buttons.append(SmallButton(self.look, self.intents))
            self.head.row.addWidget(self.buttons[-1])
        for button, command in zip(self.buttons, state.buttons, strict=False):
            button.render(command)
        self._render_cards(state.cards)
        self._empty.words = state.none
        self._empty.setVisible(bool(state.none))
        self._empty.setGeometry(self._grid_room.rect())
        self.test.render(state.test)
        self.doctor.render(state.doctor)
        self.log_card.render(state.log_head)
        self.log.render(state.log)
        self.export.render(state.export)

    def _render_cards(self, states: tuple[devices.DeviceCard, ...]) -> None:
        before = sum(not card.isHidden() for card in self.cards)
        while len(self.cards) < len(states):
            self.cards.append(DeviceCardView(self.look, self.intents))
        for card, state in zip(self.cards, states, strict=False):
            card.render(state)
        for i, card in enumerate(self.cards):
            card.setVisible(i < len(states))
        if before != len(states) or self._grid.count() < len(states):
            self._lay()

    def resizeEvent(self, event: object) -> None:
        """The words of an empty page fill its room."""
        self._empty.setGeometry(self._grid_room.rect())

    def keyed(self) -> Iterable[Keyed]:
        """All buttons of the page."""
        if self.state is None:
            return ()
        of_cards = [button for card in self.state.cards for button in card.buttons]
        return (*self.state.buttons, *of_cards, self.state.export, self.state.doctor)
