"""The Devices place: its screen, and the scanner doctor that takes the screen's room while it is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl

from app.domain.commands import Command
from app.domain.outcomes import Change, Outcome
from app.domain.scanner_doctor import Observation, observed
from app.presenters.devices import DevicesPresenter
from app.presenters.doctor import DoctorPresenter
from app.presenters.doctor_parts import AGAIN, PRINT, SKIP
from app.presenters.station_info import StationInfo

ON_SCREEN = frozenset({Command.BACK.code, SKIP, AGAIN, PRINT})


def works_elsewhere(device: str) -> bool:
    """Whether what this scanner sends is work of another station, by the option of its address."""
    return bool(dict(parse_qsl(device.partition("?")[2])).get("station"))


class DevicesRoom:
    """Implements `desk_page.DeskPage`: one of the two is shown, and hears what is pressed and scanned."""

    def __init__(self, devices: DevicesPresenter, doctor: Callable[[], DoctorPresenter]) -> None:
        """`doctor` makes the doctor when it is opened first."""
        self._devices, self._make = devices, doctor
        self._doctor: DoctorPresenter | None = None
        self._station: StationInfo | None = None

    def enter(self, station: StationInfo, outcome: Outcome | None) -> None:
        """The devices."""
        self._station = station
        self._close()
        self._devices.show(station)

    def leave(self) -> None:
        """Neither follows anything any more, and scans are the station's."""
        self._close()
        self._devices.hide()

    def answered(self, outcome: Outcome) -> None:
        """A refusal, and what the operator has to know now, are said on the devices screen."""
        if self._open is None:
            self._devices.answered(outcome)

    def over(self, told: Outcome, instead: Outcome | None) -> None:
        """The devices screen says it no more."""
        self._devices.over(told, instead)

    def changed(self, changes: Sequence[Change]) -> None:
        """Rows do not concern it."""

    def minute(self) -> None:
        """The devices tell their ages; the doctor has none."""
        if self._open is None:
            self._devices.refresh()

    def command(self, code: str) -> bool:
        """What a button, a key or a printed code orders; says whether it meant something here."""
        doctor = self._open
        if doctor is None:
            if code != Command.DOCTOR.code:
                return self._devices.command(code)
            self._devices.hide()
            self._doctor = self._doctor or self._make()
            self._doctor.show(self._station)
            return True
        if code in (Command.BACK.code, Command.DOCTOR.code):
            self._close()
            self._devices.show()
        else:
            doctor.command(code)
        return True

    def scanned(self, text: str, data: bytes, device: str) -> bool:
        """A scan as it came; False while the doctor is closed. Its own commands work where they arrive unharmed."""
        doctor = self._open
        if doctor is None or works_elsewhere(device):
            return False
        body = observed(text, data).body
        if body in ON_SCREEN or doctor.done:
            return self.command(body)
        return doctor.take(text, data, device)

    def typed(self, observation: Observation) -> None:
        """A scan of a scanner that types, key by key."""
        doctor = self._open
        if doctor is not None and (observation.body in ON_SCREEN or doctor.done):
            self.command(observation.body)
        elif doctor is not None:
            doctor.typed(observation)

    @property
    def doctor(self) -> DoctorPresenter | None:
        """The doctor while it is open."""
        return self._open

    @property
    def _open(self) -> DoctorPresenter | None:
        return self._doctor if self._doctor is not None and self._doctor.open else None

    def _close(self) -> None:
        if self._doctor is not None:
            self._doctor.close()
