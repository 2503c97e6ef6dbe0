"""The start of the application, beside a minimal window of the same toolkit, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass

from sqlalchemy import text

from app.models.database import Database, Session
from tools.bench.context import Context
from tools.bench.results import Result, quantile, times
from tools.make_big import BADGE

PAINT_TIMES, READY_TIMES = 2.0, 6.0
LONGEST = 60
LATER_SECONDS = 3.0
_PACKER = (
    "UPDATE operators SET role = 'packer'",
    "INSERT INTO operators (name, role, active, created_at) VALUES ('Boss', 'admin', TRUE, 0)",
)
_SIGNED_OUT = ("UPDATE station_sessions SET operator_id = NULL, place = 'sign_in'",)
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
    print(json.dumps({"step": "first_paint", "at": time.time(), "cpu": time.process_time()}), flush=True)
    application.quit()
application = QApplication(sys.argv)
window, painted = QWidget(), Painted()
window.resize(1366, 768)
window.installEventFilter(painted)
window.show()
application.exec()
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that a process told: milliseconds since it was begun, of its processor, and of what the step was."""

    wall: float
    cpu: float
    took: float


def measure(context: Context) -> list[Result]:
    """In turns, so that both meet the same machine; the first of each only fills the disk's caches.

    A packer's first badge is scanned the moment the station is ready, and three seconds later: what was put off until
    after the start is not hidden by it.
    """
    _write(context.url, *_PACKER)
    env = {**os.environ, "PICKWICK_TRACE_START": "1", "PICKWICK_DATA": str(context.folder / "data")}
    env["PICKWICK_CONFIG"] = str(context.folder / "none.toml")
    station = ["--database", context.url]
    bare, painted, ready = [], [], []
    scans: dict[float, list[Step]] = {0.0: [], LATER_SECONDS: []}
    for _ in range(context.times(15) + 1):
        bare.append(_steps([sys.executable, "-c", _MINIMAL], env, "first_paint")["first_paint"])
        steps = _steps([sys.executable, "main.py", *station], env, "ready")
        painted.append(steps["first_paint"])
        ready.append(steps["ready"])
        for seconds, taken in scans.items():
            first = [sys.executable, "-m", "tools.bench.first_scan", BADGE, str(seconds), "--", *station]
            taken.append(_steps(first, env, "first_scan")["first_scan"])
            _write(context.url, *_SIGNED_OUT)
    return _results(context, bare[1:], painted[1:], ready[1:], scans)


def _results(
    context: Context, bare: list[Step], painted: list[Step], ready: list[Step], scans: dict[float, list[Step]]
) -> list[Result]:
    size, kind, walls = context.orders, context.kind, {"bare": [step.wall for step in bare]}
    base, busy = quantile(walls["bare"], 0.5), quantile([step.cpu for step in bare], 0.5)

    def note(steps: list[Step], allowed: float) -> str:
        wall, cpu = quantile([step.wall for step in steps], 0.5), quantile([step.cpu for step in steps], 0.5)
        return f"{wall / base:.1f} times the minimal window, {cpu / busy:.1f} its processor; {allowed:g} are allowed"

    first, later = ([step.took for step in scans[seconds][1:]] for seconds in (0.0, LATER_SECONDS))
    return [
        times("a minimal window, first paint", size, kind, walls["bare"]),
        times("start until first paint", size, kind, [step.wall for step in painted],
              median=round(PAINT_TIMES * base, 1), note=note(painted, PAINT_TIMES)),
        times("start until ready to scan", size, kind, [step.wall for step in ready],
              median=round(READY_TIMES * base, 1), note=note(ready, READY_TIMES)),
        times("first badge, at once", size, kind, first, note="what its screen needs is read then"),
        times(f"first badge, {LATER_SECONDS:g} s later", size, kind, later),
    ]  # fmt: skip


def _write(url: str, *statements: str) -> None:
    def work(session: Session) -> None:
        for statement in statements:
            session.execute(text(statement))

    database = Database.open(url)
    database.write(work)
    database.close()


def _steps(command: list[str], env: dict[str, str], last: str) -> dict[str, Step]:
    """What a process tells of each step, until the last one is reached."""
    began, found = time.time(), dict[str, Step]()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                told = json.loads(line)
                wall = (float(told["at"]) - began) * 1000
                found[str(told["step"])] = Step(wall, float(told["cpu"]) * 1000, float(told.get("ms", 0.0)))
                if last in found:
                    return found
            if time.time() - began > LONGEST:
                break
        raise RuntimeError(f"{command[1]} told only {sorted(found)} and ended with {process.wait(5)}")
    finally:
        process.kill()
        process.wait()
