"""The devices screen in its window, for pictures: python -m tests.views.devices_samples OUT [name] [every]."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.presenters.device_watch import LastScan
from app.presenters.devices import devices_state
from app.presenters.state import devices, shell
from app.views.devices import DevicesView
from app.views.kit import Look
from app.views.shell import ShellWindow
from tests.presenters.devices_builders import (
    BADGE,
    EVENTS,
    FOUND,
    MONOTONIC,
    NOW,
    PAPER,
    PRINTER,
    SCALE,
    SCANNER,
    ZONE,
)
from tests.views.gallery import Make, Recorder, save_all
from tests.views.samples import rail, strip

ALL = (SCANNER, SCALE, BADGE, PRINTER)
TESTED = replace(SCANNER, scan=LastScan("]d2PW-DEV", NOW, 18))
GARBLED = replace(SCANNER, scan=LastScan("PW/DEV", NOW, 18))


def made(*lines: object, said: str = "") -> devices.Devices:
    return devices_state(lines, EVENTS if lines else (), NOW, MONOTONIC, station="Bench 4", zone=ZONE, said=said)  # type: ignore[arg-type]


STATES = {
    "12-devices": made(*ALL),
    "devices-tested": made(TESTED, SCALE, PAPER, said="A test label goes to Label printer."),
    "devices-garbled": made(GARBLED, SCALE, BADGE, PAPER, FOUND),
    "devices-none": made(),
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
