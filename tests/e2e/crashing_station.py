"""A station process that a test kills: scans what comes on standard input, and says what became of it.

Each line in is a code; each line out is one JSON object: {"answer": code} once a scan is answered and drawn, and
{"journalled": code} once a scan that begins with `!` is on disk, without waiting for its answer.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication

from app.bootstrap.demo_station import DemoStation, Tally, at_station
from app.devices.journal import ScanJournal
from app.devices.scanners import SimScanner
from app.settings import Settings
from app.views.kit import Look


def main(database: str, folder: str) -> None:
    """Runs until it is killed or its input ends."""
    _application = QApplication(["station"])
    look = Look()
    look.apply()
    settings = Settings(database=database, data_folder=Path(folder), config_file=Path(folder) / "settings.toml")
    station = DemoStation(at_station(settings, "Bench 4"), look, Tally())
    for line in sys.stdin:
        code = line.strip()
        if code.startswith("!"):
            _journal(station, code[1:])
            _tell(journalled=code[1:])
        else:
            _tell(answer=station.scan(code).code)


def _journal(station: DemoStation, code: str) -> None:
    """Scans, and waits only until the scan is on disk."""
    scanner, journal = station.core.scanner, station.core.journal
    assert isinstance(scanner, SimScanner)
    assert isinstance(journal, ScanJournal)
    scanner.scan(code)
    while not any(scan.raw == code for scan in journal.pending()):
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def _tell(**told: str) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
