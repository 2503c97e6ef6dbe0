"""What wakes the change feed, and how a file that all stations share does it."""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import Protocol

from sqlalchemy.exc import DBAPIError

from app.domain.errors import EnvironmentFailure
from app.models.database import Database
from app.models.notifying import private_connection

BUSY_LOOK_SECONDS, QUIET_LOOK_SECONDS = 0.15, 0.28
"""Between two looks at a file's version: it takes some microseconds, and waking up for it some more."""
QUIET_AFTER_SECONDS = 5.0


class WakeUp(Protocol):
    """Waits for changes on the feed's thread; `interrupt` may be called on any."""

    @property
    def sure(self) -> bool:
        """Whether every change wakes it; else the log is looked at now and then all the same."""

    def open(self) -> None:
        """Begins to hear. Raises EnvironmentFailure when it can't."""

    def wait(self, seconds: float) -> bool:
        """Until something changed (True), or the time is over. Raises EnvironmentFailure when it hears no
        more; `silent` among its values when the line broke without a word."""

    def interrupt(self) -> None:
        """Ends a wait, and all later ones."""

    def close(self) -> None:
        """Hears no more, until it is opened again."""


class FileVersion:
    """Looks at the version of a SQLite file, which each commit of another connection changes."""

    sure = True

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._interrupted = threading.Event()
        self._connection: sqlite3.Connection | None = None
        self._version = 0
        self._changed_at = 0.0

    def open(self) -> None:
        """Opens the file once more."""
        try:
            connection = private_connection(self._engine)
            if not isinstance(connection, sqlite3.Connection):
                raise TypeError(f"a file's version needs sqlite3, not {type(connection).__name__}")
            self._connection, self._version = connection, 0
            self._version = self._look(connection)
        except (DBAPIError, sqlite3.Error) as error:
            self.close()
            raise EnvironmentFailure("database.cannot_open", reason=str(error)) from error

    def wait(self, seconds: float) -> bool:
        """Until somebody committed."""
        connection = self._connection
        if connection is None:
            return False
        until = time.monotonic() + seconds
        while not self._interrupted.is_set():
            try:
                version = self._look(connection)
            except sqlite3.Error as error:
                self.close()
                raise EnvironmentFailure("database.lost", reason=str(error)) from error
            now = time.monotonic()
            if version != self._version:
                self._version, self._changed_at = version, now
                return True
            if now >= until:
                break
            quiet = now - self._changed_at > QUIET_AFTER_SECONDS
            self._interrupted.wait(min(QUIET_LOOK_SECONDS if quiet else BUSY_LOOK_SECONDS, until - now))
        return False

    def interrupt(self) -> None:
        """Ends a wait."""
        self._interrupted.set()

    def close(self) -> None:
        """Closes the file."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @staticmethod
    def _look(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA data_version").fetchone()[0])
