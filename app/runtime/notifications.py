"""The change feed of a PostgreSQL database is woken by the server."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
from collections.abc import Callable
from typing import TypeVar

import psycopg
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from app.domain.errors import EnvironmentFailure
from app.models.database import Database, Session
from app.models.engines import explain
from app.models.notifying import CHANNEL, private_connection

LOG = logging.getLogger(__name__)
T = TypeVar("T")
FEED_NAME = "pickwick feed"
"""What the server calls a connection that listens; the others are `pickwick`."""
_SILENT_SECONDS = 1
"""An idle connection asks the server for a sign of life this often, and is given up after one that is not answered."""


class Notifications:
    """A connection of its own that LISTENs. It costs nothing while nothing happens: the kernel watches the line.

    The log is read with it too (`read`), so that a station needs no other for that. Used on one thread.
    """

    sure = False

    def __init__(self, database: Database) -> None:
        self._database, self._engine = database, database.engine
        self._connection: psycopg.Connection | None = None
        self._reading: Engine | None = None
        self._bell: tuple[socket.socket, socket.socket] | None = None
        self._ended = False
        self._snapshot = ""

    def open(self) -> None:
        """Connects and listens."""
        try:
            connection = private_connection(self._engine)
        except DBAPIError as error:
            raise explain(error) or EnvironmentFailure("database.lost", reason=str(error.orig)) from error
        if not isinstance(connection, psycopg.Connection):
            raise TypeError(f"notifications need psycopg, not {type(connection).__name__}")
        self._connection, self._bell = connection, socket.socketpair()
        self._reading = create_engine("postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool)
        _watch_line(connection)
        try:
            connection.execute(f"SET application_name = '{FEED_NAME}'")
            connection.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error as error:
            self.close()
            raise EnvironmentFailure("database.lost", reason=str(error)) from error

    def wait(self, seconds: float) -> bool:
        """Until a notification comes; all that are there by then count as one. Where nothing at all was written on the
        server when the time is over, it begins anew: the log holds nothing new then."""
        connection, bell = self._connection, self._bell
        if self._ended:
            return False
        if connection is None or bell is None:
            raise EnvironmentFailure("database.lost", reason="it broke while the log was read")
        try:
            if list(connection.notifies(timeout=0)):  # told while the log was read
                return True
            with selectors.DefaultSelector() as either:
                either.register(connection.fileno(), selectors.EVENT_READ)
                either.register(bell[0], selectors.EVENT_READ)
                while not either.select(seconds) and not self._ended and self._nothing_written(connection):
                    pass
            return bool(list(connection.notifies(timeout=0)))
        except (psycopg.Error, OSError) as error:
            self.close()
            silent = "timed out" in str(error).lower()  # nobody closed it: the line is dead
            raise EnvironmentFailure("database.lost", reason=str(error), silent=silent) from error

    def _nothing_written(self, connection: psycopg.Connection) -> bool:
        """Whether no transaction of the server began or ended since this was asked before: a station that stands still
        asks this every few seconds, and it takes a tenth of a look at the log."""
        connection.autocommit = True
        row = connection.execute("SELECT pg_current_snapshot()::text").fetchone()
        before, self._snapshot = self._snapshot, str(row[0]) if row is not None else ""
        return self._snapshot == before and not self._ended

    def read(self, work: Callable[[Session], T]) -> T:
        """Runs a reading on one snapshot; as anybody else reads where this connection broke or was never made."""
        if self._reading is not None:
            try:
                with Session(self._reading, autoflush=False) as session:
                    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                    answer = work(session)
                    session.rollback()
                    return answer
            except (DBAPIError, psycopg.Error) as error:
                LOG.info("the feed reads with another connection: %s", error)
                self.close()
        return self._database.read(work)

    def interrupt(self) -> None:
        """Ends a wait."""
        self._ended, bell = True, self._bell
        if bell is not None:
            with contextlib.suppress(OSError):
                bell[1].send(b"!")

    def close(self) -> None:
        """Ends the connection."""
        connection, self._connection = self._connection, None
        bell, self._bell = self._bell, None
        self._reading = None
        for one in (connection, *(bell or ())):
            if one is not None:
                one.close()


def _watch_line(connection: psycopg.Connection) -> None:
    """Has the kernel ask for signs of life, so that a pulled cable is known in two seconds. Not on a local socket, and
    not on a system that leaves us no choice; there the next look finds out."""
    with contextlib.suppress(OSError), socket.socket(fileno=socket.dup(connection.fileno())) as line:
        if line.family not in (socket.AF_INET, socket.AF_INET6):
            return
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        options = {"TCP_KEEPIDLE": _SILENT_SECONDS, "TCP_KEEPALIVE": _SILENT_SECONDS, "TCP_KEEPINTVL": _SILENT_SECONDS,
                   "TCP_KEEPCNT": 1}  # fmt: skip
        for name, value in options.items():
            number = getattr(socket, name, None)
            if number is not None:
                line.setsockopt(socket.IPPROTO_TCP, number, value)
