"""A station without a window that a test kills: reads two scanners on cables, and says what is on disk and answered.

Each line out is one word and what it is about: `R n` scans of before were applied, `S` it listens, `D id code` is on
disk, `A code` is answered.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.bootstrap.core import build_core
from app.bootstrap.ready import prepare
from app.devices.journal import ScanJournal
from app.domain.clock import utc_now
from app.domain.device_ports import DeviceState, Scan
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Outcome
from app.settings import Settings
from tests.devices.waiting import until


def say(*words: object) -> None:
    """One line, whole, from any thread."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def fail(error: Exception) -> None:
    """What nobody expects."""
    say("E", type(error).__name__, error)


def main(database: str, folder: str, scanners: str) -> None:
    """Runs until it is killed or its input ends."""
    settings = Settings(
        database=database, station="Bench 4", scanner=scanners, operator="Anna Lindqvist",
        data_folder=Path(folder), config_file=Path(folder) / "settings.toml",
    )  # fmt: skip
    ready = prepare(settings, utc_now())
    assert ready is not None
    core = build_core(ready.database, ready.info, ready.uris, utc_now, lambda call: call(), ready.journal)
    journal, scanner = core.journal, core.scanner
    assert isinstance(journal, ScanJournal)
    assert scanner is not None
    hears = journal.on_kept

    def kept(scan: Scan) -> None:
        say("D", scan.gesture_id, scan.raw)
        hears(scan)

    def answered(outcome: Outcome) -> None:
        say("A", outcome.values.get("code", outcome.code))

    def scanned(scan: Scan) -> None:
        core.client.send(
            Gesture(scan.gesture_id, GestureKind.SCAN, scan.raw, scan.at, device=scan.device), answered, fail
        )

    journal.on_kept = kept
    core.start()
    say("R", core.client.replay(answered, fail))
    scanner.start(scanned)
    until(lambda: scanner.state is DeviceState.READY)
    say("S")
    sys.stdin.read()
    core.stop()
    core.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
