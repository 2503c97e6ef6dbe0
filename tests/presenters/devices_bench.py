"""The Devices screen over devices that obey a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.states import Role
from app.models.database import Database
from app.models.people import Station
from app.presenters.device_setup import DeviceSetup
from app.presenters.device_watch import DeviceEvent, DeviceLine
from app.presenters.devices import DevicesPresenter
from app.presenters.devices_state import Shown, devices_state
from app.presenters.found_devices import FoundDevice, Use
from app.presenters.runner import AtOnce
from app.presenters.state import devices
from app.presenters.station_info import StationInfo
from app.services.setup import NewWarehouse, first_run
from tests.presenters.devices_builders import (
    BENCH,
    EVENTS,
    LEAD,
    MONOTONIC,
    NOW,
    Finder,
    Watch,
)


def shown(*lines: DeviceLine, events: tuple[DeviceEvent, ...] = EVENTS) -> devices.Devices:
    return devices_state(lines, events, LEAD, NOW, MONOTONIC, Shown())


class Bench:
    """A devices screen over a real database, with devices that a test sets."""

    def __init__(self, database: Database, folder: Path, *lines: DeviceLine, found: tuple[FoundDevice, ...] = ()):
        made = database.write(
            lambda session: first_run(session, NOW, NewWarehouse("MAIN", "Main"), "Anna Lindqvist", "Bench 4")
        )
        self.database, self.station_id = database, made.station_id
        self.watch, self.finder, self.runner = Watch(*lines), Finder(*found), AtOnce()
        self.applied: list[dict[str, object]] = []
        self.states: list[devices.Devices] = []
        uris = {Use.SCANNER: "keyboard:", Use.SCALE: "", Use.LABELS: "sim:", Use.PAPER: ""}
        setup = DeviceSetup(self.finder, self.watch, database, self.runner, lambda: NOW, self.applied.append, uris)
        self.screen = DevicesPresenter(
            self.watch,
            setup,
            self.runner,
            self.states.append,
            station=self.as_role(Role.LEAD),
            clock=lambda: NOW,
            monotonic=lambda: MONOTONIC,
            exports=folder,
        )

    def as_role(self, role: Role) -> StationInfo:
        return replace(BENCH, station_id=self.station_id, warehouse_id=1, operator_id=1, role=role)

    def open(self, role: Role = Role.LEAD) -> DevicesPresenter:
        self.screen.show(self.as_role(role))
        return self.screen

    @property
    def state(self) -> devices.Devices:
        return self.states[-1]

    def kept(self) -> dict[str, object]:
        return self.database.read(lambda session: session.get_one(Station, self.station_id).settings)


MakeBench = Callable[..., Bench]


@pytest.fixture
def bench(database: Database, tmp_path: Path) -> MakeBench:
    return lambda *lines, found=(): Bench(database, tmp_path / "exports", *lines, found=found)
