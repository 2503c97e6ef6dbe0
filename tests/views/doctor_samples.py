"""The scanner doctor in its window, for pictures: python -m tests.views.doctor_samples OUT [name] [every]."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.domain.keyboard_layouts import Layout
from app.domain.scanner_doctor import DoctorState, Step, examine, observed
from app.domain.scanner_findings import findings, mended
from app.presenters.doctor_parts import screen
from app.presenters.state import doctor, shell
from app.views.doctor import DevicesRoomView
from app.views.kit import Look
from app.views.shell import ShellWindow
from tests.domain.scanner_simulation import Gun, examined
from tests.views.gallery import Make, Recorder, save_all
from tests.views.sample_parts import rail, strip

SERIAL = "serial:///dev/ttyACM0?baud=9600"
GERMAN = Gun(keys=True, layout=Layout.DE, fnc1="|")
WEAK = Gun(keys=True, layout=Layout.FR_BE, suffix="", loses=9, fnc1="")


def shown(state: DoctorState, uri: str, said: str = "") -> doctor.Doctor:
    found = findings(state) if state.step is None else ()
    return screen(state, found, said, uri, mended(uri, found), keys=uri.startswith("keyboard:"))


def upto(gun: Gun, last: Step) -> DoctorState:
    state = DoctorState()
    for step in Step:
        if step is last:
            break
        scan = gun.scan(step)
        assert scan is not None
        state = examine(state, scan)
    return state


GS1 = Gun(fnc1="~", aim=True)
STATES: dict[str, doctor.Doctor] = {
    "doctor-begin": shown(DoctorState(), "keyboard:"),
    "doctor-right": shown(upto(GS1, Step.MATRIX), SERIAL),
    "doctor-changed": shown(upto(GERMAN, Step.SIGNS), "keyboard:"),
    "doctor-strange": shown(examine(upto(GERMAN, Step.SIGNS), observed("", b"\x02%&/()??XYZ\r\n")), "keyboard:"),
    "doctor-good": shown(examined(GS1), SERIAL),
    "doctor-german": shown(examined(GERMAN), "keyboard:"),
    "doctor-weak": shown(examined(WEAK), "keyboard:"),
    "doctor-same": shown(examined(Gun()), "serial:///dev/ttyACM0?baud=9600&suffix=cr"),
}


def in_shell(state: doctor.Doctor) -> Callable[[Look, Recorder], QWidget]:
    def make(look: Look, intents: Recorder) -> QWidget:
        window = ShellWindow(look, intents)
        view = DevicesRoomView(look, intents, lambda scan: intents.told.append(("typed-scan", scan)))
        window.add_page("devices", view)
        view.render(state)
        window.render(shell.Shell("devices", strip(), rail("devices")))
        return window

    return make


PAGES: dict[str, Make] = {name: in_shell(state) for name, state in STATES.items()}

if __name__ == "__main__":
    arguments = sys.argv[1:]
    save_all(PAGES, Path(arguments[0]), arguments[1] if len(arguments) > 1 else "", every=len(arguments) > 2)
