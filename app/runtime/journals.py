"""What the station's way to the database needs of a scan journal (app/devices/journal.py is one)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.domain.device_ports import Scan
from app.domain.keeping import Keeping


class Journal(Protocol):
    """Keeps scans on disk until the database has them."""

    def append(self, scan: Scan) -> Keeping:
        """Keeps a scan; what comes back says when it is durable."""

    def acknowledge(self, gesture_id: str) -> None:
        """The database has it."""

    def pending(self) -> list[Scan]:
        """Scans that were kept and never acknowledged, oldest first."""


class NoJournal:
    """For command lines and tests without a disk of their own: keeps nothing."""

    def __init__(self, on_kept: Callable[[Scan], None] = lambda _scan: None) -> None:
        """`on_kept` hears of each scan."""
        self._on_kept = on_kept

    def append(self, scan: Scan) -> Keeping:
        """Says at once that it is durable, which it is not."""
        keeping = Keeping(scan)
        keeping.settle()
        self._on_kept(scan)
        return keeping

    def acknowledge(self, gesture_id: str) -> None:
        """Nothing to do."""

    def pending(self) -> list[Scan]:
        """Nothing was kept."""
        return []
