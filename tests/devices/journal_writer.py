"""Run as a process of its own: journals scans until it is killed, and says each one that is durable."""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from app.devices.journal import ScanJournal
from app.domain.clock import IdMaker, utc_now
from app.domain.device_ports import Scan


def main() -> None:
    make_id = IdMaker()

    def say(scan: Scan) -> None:
        os.write(1, f"D {scan.gesture_id} {scan.raw}\n".encode())
        if int(scan.raw[1:]) % 3 == 0:
            journal.acknowledge(scan.gesture_id)

    journal = ScanJournal(Path(sys.argv[1]), say)
    for number in itertools.count():
        done = journal.append(Scan(make_id(), f"N{number}", "sim:", utc_now()))
        if number % 7 == 0:
            done.result()


main()
