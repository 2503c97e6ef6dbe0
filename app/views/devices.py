"""The devices screen: every device live with what it sent, what was found, a test scan, and what happened last."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.presenters.state import devices
from app.presenters.state.intents import Intents
from app.views.devices_cards import DeviceCardView, PageHead, TestScanCard
from app.views.devices_panel import PanelCard
from app.views.kit import Card, CommandBar, Look, TimeLine
from app.views.kit.table import EmptyWords
from app.views.page import Keyed, Page

STEPS = {"Up": "devices:previous", "Down": "devices:next"}


def scrolling(inside: QWidget) -> QScrollArea:
    """What is higher than its room is scrolled."""
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
        self.cards: list[DeviceCardView] = []
        self._grid_room = QWidget()
        self._grid = QGridLayout(self._grid_room)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._area = scrolling(self._grid_room)
        self._empty = EmptyWords(look, self._grid_room)
        self.commands = CommandBar(look, intents)
        self._build_side()
        self._row = QHBoxLayout()
        self._row.addWidget(self._area, 1)
        self._row.addWidget(self._side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(self._row, 1)
        column.addWidget(self.commands)
        self.relook()

    def _build_side(self) -> None:
        look = self.look
        self.test = TestScanCard(look)
        self.log_card = Card(look)
        self.log = TimeLine(look)
        room = QWidget()
        inside = QVBoxLayout(room)
        inside.setContentsMargins(0, 12, 0, 6)
        inside.addWidget(self.log)
        inside.addStretch(1)
        self.log_card.add(scrolling(room), 1)
        self.panel = PanelCard(look, self.intents)
        self.panel.hide()
        self._side = QWidget()
        self._side_column = QVBoxLayout(self._side)
        self._side_column.setContentsMargins(0, 0, 0, 0)
        self._side_column.addWidget(self.test)
        self._side_column.addWidget(self.log_card, 1)
        self._side_column.addWidget(self.panel, 1)

    def relook(self) -> None:
        """Two columns of devices and one of tests; the narrow screen has one and one."""
        sizes = self.look.metrics
        self._row.setContentsMargins(sizes.pad, sizes.pad, sizes.pad, sizes.pad)
        self._row.setSpacing(sizes.gap)
        self._grid.setSpacing(sizes.gap)
        self._side_column.setSpacing(sizes.gap)
        self._side.setFixedWidth({1024: 400, 1366: 400, 1920: 520}[sizes.width])
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
        before, self.state = self.state, state
        self.head.render(state.title, state.chip, state.said)
        self._render_cards(state.cards)
        self._empty.words = state.none
        self._empty.setVisible(bool(state.none))
        self._empty.setGeometry(self._grid_room.rect())
        self.commands.render(state.commands)
        self.test.setVisible(state.panel is None)
        self.log_card.setVisible(state.panel is None)
        self.panel.setVisible(state.panel is not None)
        if state.panel is not None:
            self.panel.show_panel(state.panel)
        else:
            self.test.render(state.test)
            self.log_card.render(state.log_head)
            self.log.render(state.log)
        if before is not None:
            self._follow(before.cards, state.cards)

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

    def _follow(self, before: tuple[devices.DeviceCard, ...], now: tuple[devices.DeviceCard, ...]) -> None:
        """A card that was chosen just now is scrolled to."""
        was = {card.key for card in before if card.chosen}
        for card, state in zip(self.cards, now, strict=False):
            if state.chosen and state.key not in was:
                self._area.ensureWidgetVisible(card, 0, self.look.metrics.gap)

    def resizeEvent(self, event: object) -> None:
        """The words of an empty page fill its room."""
        self._empty.setGeometry(self._grid_room.rect())

    def press(self, key: str) -> bool:
        """Esc closes what stands at the side; all else as on every page."""
        if key == "Esc" and self.state is not None and self.state.panel is not None and self.state.panel.back:
            self.intents.command(self.state.panel.back.code)
            return True
        return super().press(key)

    def steer(self, key: str) -> bool:
        """Up and Down choose a device; the pages move through a long panel, or through many devices."""
        if key in STEPS:
            self.intents.command(STEPS[key])
            return True
        if key in ("PageUp", "PageDown"):
            area = self.panel.area if self.panel.isVisible() else self._area
            bar = area.verticalScrollBar()
            bar.setValue(bar.value() + (bar.pageStep() if key == "PageDown" else -bar.pageStep()))
            return True
        return False

    def keyed(self) -> Iterable[Keyed]:
        """All buttons of the page, and the choices of its panel."""
        state = self.state
        if state is None:
            return ()
        of_cards = [button for card in state.cards for button in card.buttons]
        of_panel: list[Keyed] = []
        if state.panel is not None:
            of_panel = [choice for section in state.panel.sections for choice in section.choices]
            of_panel += [command for command in (state.panel.more, state.panel.back) if command is not None]
        return (*state.commands.commands, *of_panel, *of_cards)
