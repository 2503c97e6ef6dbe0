"""Whether others write to the same embedded database: then they wait for each transaction of ours."""

from __future__ import annotations

import time

from app.models.database import Database, Session

SECONDS_BESIDE_SCANS = 5.0
"""So long after somebody else wrote they are taken to be there."""


class Neighbours:
    """Notices that others write to an embedded database too: then they wait for each transaction of ours."""

    def __init__(self, database: Database) -> None:
        self._watches = database.is_sqlite
        self._version: int | None = None
        self._until = 0.0

    @property
    def write_too(self) -> bool:
        """Whether somebody else wrote in the last seconds."""
        return time.monotonic() < self._until

    def look(self, session: Session) -> None:
        """Within each transaction of ours, which all go through one connection."""
        if not self._watches:
            return
        version = session.connection().exec_driver_sql("PRAGMA data_version").scalar_one()
        if self._version is not None and version != self._version:
            self._until = time.monotonic() + SECONDS_BESIDE_SCANS
        self._version = version
