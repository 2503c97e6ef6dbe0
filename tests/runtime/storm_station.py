"""A station process that is killed while two serial scanners fire: it replays its journal, says so, and takes scans."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from app.bootstrap.core import DeviceUris, build_core, station_info
from app.devices.scanner_group import scanners_of
from app.domain.clock import utc_now
from app.domain.device_ports import DeviceChange, DeviceState, Scan
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Outcome
from app.models.database import Database


def tell(line: str) -> None:
    """One whole line, whatever happens next."""
    os.write(1, f"{line}\n".encode())


def answered(outcome: Outcome) -> None:
    tell(f"answered {outcome.code}")


def failed(error: Exception) -> None:
    tell(f"failed {error!r}")


def noticed(change: object) -> None:
    """Half codes and the like would be a loss."""
    if getattr(change, "change", None) is DeviceChange.LOST:
        tell(f"failed {change!r}")


def main(url: str, journal: str, station: int, scanner: str) -> None:
    """Until it is killed, or its input ends: then it stores what it has and leaves."""
    database = Database.open(url)
    info = database.read(lambda session: station_info(session, station))
    core = build_core(database, info, DeviceUris(scanner, "", "sim:"), utc_now, lambda call: call(), Path(journal))
    core.worker.start()
    tell(f"replays {core.client.replay(answered, failed)}")
    core.worker.drain()

    def take(scan: Scan) -> None:
        gesture = Gesture(scan.gesture_id, GestureKind.SCAN, scan.raw, scan.at, device=scan.device)
        core.client.send(gesture, answered, failed)

    assert core.scanner is not None
    core.scanner.start(take, noticed)
    look = threading.Event()
    while any(one.state is not DeviceState.READY for one in scanners_of(core.scanner)):
        look.wait(0.01)
    tell("ready")
    sys.stdin.read()
    core.scanner.stop()
    core.worker.drain()
    core.stop()
    tell("ended")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
