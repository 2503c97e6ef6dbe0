"""The station as `main.py` starts it, and a first scan typed the moment it is ready, or some seconds later.

`python -m tools.bench.first_scan CODE SECONDS -- FLAGS` tells the steps of the start as the station does, then
`first_scan` with the milliseconds from the code's ending key until its answer is painted.
"""

from __future__ import annotations

import json
import os
import sys
import time

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.bootstrap import frame
from app.cli import main
from app.domain.outcomes import Outcome

STATION = "station"


def run(code: str, seconds: float, flags: list[str]) -> int:
    """Starts it; the process ends with the answer."""
    tell = frame.trace

    def traced(what: str) -> None:
        tell(what)
        if what == "ready":
            QTimer.singleShot(round(seconds * 1000), lambda: _scan(code))

    frame.trace = traced
    return main(flags)


def _scan(code: str) -> None:
    window = next(each for each in QApplication.allWidgets() if each.property(STATION) is not None)
    station = window.property(STATION)
    for sign in code:
        _press(window, 0, sign)
    began = time.perf_counter()

    def settled(outcome: Outcome) -> None:
        QCoreApplication.sendPostedEvents()  # the picture: what was asked to be painted is painted here
        took = (time.perf_counter() - began) * 1000
        told = {"step": "first_scan", "at": time.time(), "ms": took, "code": outcome.code, "cpu": time.process_time()}
        print(json.dumps(told), flush=True)
        os._exit(0)

    station.presenter.on_settled(settled)
    _press(window, Qt.Key.Key_Return, "\r")


def _press(window: QWidget, key: int, text: str) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    QCoreApplication.sendEvent(window.window().windowHandle(), event)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], float(sys.argv[2]), sys.argv[4:]))
