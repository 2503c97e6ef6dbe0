"""The change feed: tells this station which rows changed anywhere, from the log that each use case writes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from app.domain.errors import EnvironmentFailure
from app.domain.outcomes import Change
from app.models.database import Database
from app.queries.feed import LogPoint, changes_after, newest_change

LOG = logging.getLogger(__name__)
EVERY_SECONDS = 0.7


class ChangeFeed:
    """Reads the log past what it has seen, on its own thread; one look-up by key, nothing when nothing happened."""

    def __init__(self, database: Database, on_changes: Callable[[Sequence[Change]], None]) -> None:
        """`on_changes` is called on the feed's thread with what others and this station changed."""
        self._database, self._on_changes = database, on_changes
        self._stopping = threading.Event()
        self._seen: LogPoint | None = None
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def stop(self) -> None:
        """No more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def look(self) -> None:
        """One look, on the caller's thread."""
        if self._seen is None:
            self._seen = self._database.read(newest_change)
            return
        seen = self._seen
        found = self._database.read(lambda session: changes_after(session, seen))
        if found.changes:
            self._seen = found.newest
            self._on_changes(found.changes)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except EnvironmentFailure as failure:
                LOG.info("the feed waits: %s", failure)
            self._stopping.wait(EVERY_SECONDS)
