"""The scanner doctor: one code at a time, what arrived of it, and at the end what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.scanner_doctor import Observation
from app.domain.words import say
from app.presenters.state import devices, doctor
from app.presenters.state.intents import Intents
from app.views.devices import DevicesView
from app.views.doctor_cards import Arrived, CodeList, FoundList
from app.views.doctor_keys import KeyRecorder
from app.views.kit import Banner, Card, CommandBar, Look
from app.views.page import Keyed, Page


class DoctorView(Page):
    """`DoctorView(look, intents, typed)`; `render(doctor.Doctor)`; `typed` takes what a scanner typed."""

    def __init__(
        self, look: Look, intents: Intents, typed: Callable[[Observation], None], parent: QWidget | None = None
    ) -> None:
        """Records keys only while it can be seen and the scanner types."""
        super().__init__(look, intents, parent)
        self.state: doctor.Doctor | None = None
        self.banner = Banner(look)
        self.codes_card, self.codes = Card(look), CodeList(look)
        self.codes_card.add(self.codes, 1)
        self.right = Card(look)
        self.arrived, self.found = Arrived(look), FoundList(look)
        self._found_area = QScrollArea()
        self._found_area.setWidgetResizable(True)
        self._found_area.setFrameShape(QFrame.Shape.NoFrame)
        self._found_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._found_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._found_area.setWidget(self.found)
        self._found_area.viewport().setAutoFillBackground(False)
        self.found.setAutoFillBackground(False)
        self.right.add(self.arrived, 1)
        self.right.add(self._found_area, 1)
        self.commands = CommandBar(look, intents)
        self.recorder = KeyRecorder(typed, self.press, self)
        self._row = QHBoxLayout()
        self._row.addWidget(self.codes_card)
        self._row.addWidget(self.right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addLayout(self._row, 1)
        column.addWidget(self.commands)
        self.relook()

    def relook(self) -> None:
        """The codes at the left, as wide as their words need."""
        sizes = self.look.metrics
        self._row.setContentsMargins(sizes.pad, sizes.pad, sizes.pad, sizes.pad)
        self._row.setSpacing(sizes.gap)
        self.codes_card.setFixedWidth({1024: 360, 1366: 420, 1920: 560}[sizes.width])

    def render(self, state: doctor.Doctor) -> None:
        """Show a state at once."""
        if state == self.state:
            return
        self.state = state
        self.banner.render(state.banner)
        self.codes_card.render(state.codes_head)
        self.codes.render(state.codes)
        self.right.render(state.right_head)
        self.arrived.setVisible(not state.found)
        self._found_area.setVisible(bool(state.found))
        waits = "" if state.codes and not any(row.now for row in state.codes) else say("doctor.arrived.none")
        self.arrived.render(state.text, state.raw, state.verdict, waits)
        self.found.render(state.found, state.setting)
        self.commands.render(state.commands)
        self._record()

    def _record(self) -> None:
        self.recorder.turn(self.isVisible() and self.state is not None and self.state.keys)

    def showEvent(self, event: QShowEvent) -> None:
        """From now on keys are recorded, where the scanner types."""
        super().showEvent(event)
        self._record()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keys go their usual way again."""
        super().hideEvent(event)
        self.recorder.turn(False)

    def steer(self, key: str) -> bool:
        """Up and Down move through a long list of findings."""
        bar = self._found_area.verticalScrollBar()
        step = {"Up": -60, "Down": 60, "PageUp": -bar.pageStep(), "PageDown": bar.pageStep()}.get(key)
        if step is None or self._found_area.isHidden():
            return False
        bar.setValue(bar.value() + step)
        return True

    def keyed(self) -> Iterable[Keyed]:
        """The commands of the bar."""
        return self.state.commands.commands if self.state is not None else ()


class DevicesRoomView(Page):
    """The Devices place: `render` shows the devices or the doctor, by what it is given."""

    def __init__(
        self, look: Look, intents: Intents, typed: Callable[[Observation], None], parent: QWidget | None = None
    ) -> None:
        """The doctor is made when it is opened first."""
        super().__init__(look, intents, parent)
        self._typed = typed
        self.devices = DevicesView(look, intents)
        self.doctor: DoctorView | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.devices)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def render(self, state: devices.Devices | doctor.Doctor) -> None:
        """Show one of the two."""
        if isinstance(state, devices.Devices):
            self.devices.render(state)
            self._stack.setCurrentWidget(self.devices)
            return
        if self.doctor is None:
            self.doctor = DoctorView(self.look, self.intents, self._typed)
            self._stack.addWidget(self.doctor)
        self.doctor.render(state)
        self._stack.setCurrentWidget(self.doctor)

    def steer(self, key: str) -> bool:
        """The doctor's list; the devices have none."""
        shown = self._stack.currentWidget()
        return shown.steer(key) if isinstance(shown, Page) else False

    def keyed(self) -> Iterable[Keyed]:
        """What can be seen now."""
        shown = self._stack.currentWidget()
        return shown.keyed() if isinstance(shown, Page) else ()
