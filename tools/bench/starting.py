"""The start of the application, beside a minimal window of the same toolkit, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from tools.bench.context import Context
from tools.bench.results import Result, quantile, times

PAINT_TIMES, READY_TIMES = 2.0, 6.0
LONGEST = 60
_MINIMAL = """
import json, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, done)
        return False
def done():
    print(json.dumps({"step": "first_paint", "at": time.time()}), flush=True)
    application.quit()
application = QApplication(sys.argv)
window, painted = QWidget(), Painted()
window.resize(1366, 768)
window.installEventFilter(painted)
window.show()
application.exec()
"""


def measure(context: Context) -> list[Result]:
    """In turns, so that both meet the same machine; the first of each only fills the disk's caches."""
    bare, painted, ready = [], [], []
    env = {**os.environ, "PICKWICK_TRACE_START": "1", "PICKWICK_DATA": str(context.folder / "data")}
    env["PICKWICK_CONFIG"] = str(context.folder / "none.toml")
    station = [sys.executable, "main.py", "--database", context.url]
    for _ in range(context.times(15) + 1):
        bare.append(_steps([sys.executable, "-c", _MINIMAL], env, "first_paint")["first_paint"])
        steps = _steps(station, env, "ready")
        painted.append(steps["first_paint"])
        ready.append(steps["ready"])
    base = quantile(bare[1:], 0.5)
    size, kind = context.orders, context.kind
    return [
        times("a minimal window, first paint", size, kind, bare[1:]),
        times("start until first paint", size, kind, painted[1:], median=round(PAINT_TIMES * base, 1),
              note=f"{quantile(painted[1:], 0.5) / base:.1f} times the minimal window; 2 are allowed"),
        times("start until ready to scan", size, kind, ready[1:], median=round(READY_TIMES * base, 1),
              note=f"{quantile(ready[1:], 0.5) / base:.1f} times the minimal window; 6 are allowed"),
    ]  # fmt: skip


def _steps(command: list[str], env: dict[str, str], last: str) -> dict[str, float]:
    """Milliseconds from the start of a process until each step that it tells."""
    began, found = time.time(), dict[str, float]()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                told = json.loads(line)
                found[str(told["step"])] = (float(told["at"]) - began) * 1000
                if last in found:
                    return found
            if time.time() - began > LONGEST:
                break
        raise RuntimeError(f"{command[1]} told only {sorted(found)} and ended with {process.wait(5)}")
    finally:
        process.kill()
        process.wait()
