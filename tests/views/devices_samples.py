"""The devices screen in its window, for pictures: python -m tests.views.devices_samples OUT [name] [every]."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.presenters.device_watch import DeviceKind, DeviceLine, LastScan
from app.presenters.devices_state import Shown, Side, devices_state
from app.presenters.state import devices, shell
from app.presenters.station_info import StationInfo
from app.views.devices import DevicesView
from app.views.kit import Look
from app.views.shell import ShellWindow
from tests.presenters.devices_builders import (
    BADGE,
    BENCH,
    CABLE,
    EVENTS,
    FOUND,
    GONE,
    LEAD,
    MONOTONIC,
    NOW,
    PAPER,
    PAPER_PRINTER,
    PRINTER,
    REFUSED,
    SCALE,
    SCANNER,
)
from tests.views.gallery import Make, Recorder, save_all
from tests.views.sample_parts import rail, strip

ALL = (SCANNER, SCALE, BADGE, PRINTER)
TESTED = replace(SCANNER, scan=LastScan("]d2PW-DEV", NOW, 18))
GARBLED = replace(SCANNER, scan=LastScan("PW/DEV", NOW, 18))


MANY = (CABLE, SCANNER, GONE, REFUSED, SCALE, PAPER, PAPER_PRINTER)


def made(*lines: DeviceLine, shown: Shown | None = None, station: StationInfo = LEAD) -> devices.Devices:
    printer = next((line.uri for line in lines if line.kind is DeviceKind.PRINTER), "")
    shown = replace(shown or Shown(), printer=printer)
    return devices_state(lines, EVENTS if lines else (), station, NOW, MONOTONIC, shown)


STATES = {
    "12-devices": made(*ALL),
    "devices-tested": made(TESTED, SCALE, PAPER, shown=Shown(said="Test label: asked of Label printer.")),
    "devices-garbled": made(GARBLED, SCALE, BADGE, PAPER),
    "devices-many": made(*MANY),
    "devices-none": made(),
    "devices-found": made(SCANNER, SCALE, PRINTER, shown=Shown(Side.FOUND, found=FOUND)),
    "devices-found-trying": made(
        SCANNER, PRINTER, shown=Shown(Side.FOUND, "Trying USB Serial.", found=FOUND, trying=FOUND[1].uses[1])
    ),
    "devices-found-none": made(SCANNER, shown=Shown(Side.FOUND, found=())),
    "devices-found-packer": made(SCANNER, PRINTER, shown=Shown(Side.FOUND, found=FOUND), station=BENCH),
    "devices-printer": made(*ALL, shown=Shown(Side.PRINTER)),
    "devices-printer-packer": made(SCANNER, SCALE, PAPER, shown=Shown(Side.PRINTER), station=BENCH),
    "devices-printer-pdf": made(PAPER_PRINTER, SCALE, shown=Shown(Side.PRINTER)),
}


def in_shell(state: devices.Devices) -> Callable[[Look, Recorder], QWidget]:
    def make(look: Look, intents: Recorder) -> QWidget:
        window = ShellWindow(look, intents)
        view = DevicesView(look, intents)
        window.add_page("devices", view)
        view.render(state)
        window.render(shell.Shell("devices", strip(), rail("devices")))
        return window

    return make


PAGES: dict[str, Make] = {name: in_shell(state) for name, state in STATES.items()}

if __name__ == "__main__":
    arguments = sys.argv[1:]
    save_all(PAGES, Path(arguments[0]), arguments[1] if len(arguments) > 1 else "", every=len(arguments) > 2)
