"""What the station's way to the database needs of a scan journal (app/devices/journal.py is one)."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Protocol

from app.domain.device_ports import Scan


class Journal(Protocol):
    """Keeps scans on disk until the database has them."""

    def append(self, scan: Scan) -> Future[Scan]:
        """Keeps a scan; the future is done when it is durable."""

    def acknowledge(self, gesture_id: str) -> None:
        """The database has it."""

    def pending(self) -> list[Scan]:
        """Scans that were kept and never acknowledged, oldest first."""


class NoJournal:
    """For command lines and tests without a disk of their own: keeps nothing."""

    def append(self, scan: Scan) -> Future[Scan]:
        """Says at once that it is durable, which it is not."""
        done: Future[Scan] = Future()
        done.set_result(scan)
        return done

    def acknowledge(self, gesture_id: str) -> None:
        """Nothing to do."""

    def pending(self) -> list[Scan]:
        """Nothing was kept."""
        return []
