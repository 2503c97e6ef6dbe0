"""Tells the stations of a PostgreSQL database that rows changed: after the commit, on another connection."""

from __future__ import annotations

import logging
import threading

from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from app.domain.errors import EnvironmentFailure

LOG = logging.getLogger(__name__)
CHANNEL = "pickwick_changes"
CHANGED = "pickwick_changed"
"""What a session's `info` says once its transaction has written to the change log."""
BUSY_LOOKS, BUSY_SECONDS = 20, 0.005
"""How often a connection that is kept is looked for before one more is opened: that takes longer, and so does to close
it again while others work."""
COALESCED_SECONDS = 0.05
"""Changes this close together are told once: in a scan's transaction NOTIFY would make commits wait for each other."""


class Notifier:
    """A thread that sends `NOTIFY`, begun by the first change. What it can't send, the stations' own looks make up."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._wake, self._closing = threading.Event(), threading.Event()
        self._untold = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def tell(self) -> None:
        """Rows changed and are committed; returns at once."""
        self._untold = True
        self._wake.set()
        if self._thread is None:
            with self._lock:
                if self._thread is None and not self._closing.is_set():
                    self._thread = threading.Thread(target=self._run, name="notify", daemon=True)
                    self._thread.start()

    def close(self) -> None:
        """Sends what is left and ends."""
        with self._lock:
            self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._wake.wait()
            self._wake.clear()
            self._send_untold()
            self._closing.wait(COALESCED_SECONDS)
        self._send_untold()

    def _send_untold(self) -> None:
        if self._untold:
            for _ in range(BUSY_LOOKS):
                if not self._all_busy() or self._closing.wait(BUSY_SECONDS):
                    break
            self._untold = False
            self._send()

    def _all_busy(self) -> bool:
        """Whether one more connection would only be opened for this: scans have one, and the pool keeps its size."""
        pool = self._engine.pool
        return isinstance(pool, QueuePool) and pool.checkedin() == 0 and pool.checkedout() > pool.size()

    def _send(self) -> None:
        """Once more on another connection when the first one broke meanwhile."""
        for _ in range(2):
            try:
                with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql(f"NOTIFY {CHANNEL}")
            except (SQLAlchemyError, EnvironmentFailure) as error:
                LOG.info("the stations could not be told of a change: %s", error)
            else:
                return


def private_connection(engine: Engine) -> DBAPIConnection:
    """A new connection that belongs to the caller, who closes it; each statement is a transaction of its own."""
    pooled = engine.pool.recreate().connect()  # as the engine connects, and never one that went stale in its pool
    pooled.detach()
    connection = pooled.dbapi_connection
    if connection is None:
        raise RuntimeError("a pool gave no connection")
    if engine.dialect.name == "postgresql":
        connection.rollback()
        connection.autocommit = True
    return connection
