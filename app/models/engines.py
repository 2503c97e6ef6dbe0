"""How an engine is made for each database, and what its failures mean."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.util.queue import Empty

from app.domain.errors import EnvironmentFailure
from app.models.prepared import end_with_the_rest
from app.models.server_address import LEAST_SERVER, secured

NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afs", "ncpfs", "davfs", "fuse.davfs2"}

_RETRIED_STATES = {"40001", "40P01", "55P03"}
_LOST_STATES = {"57P01", "57P02", "57P03", "08000", "08003", "08006", "08001"}
_FULL_STATES = ("53300",)
_FULL_WORDS = ("too many clients", "too many connections", "remaining connection slots")


def sqlite_engine(url: URL, *, checkpoint_pages: int = 1000, writes: bool = False) -> Engine:
    """An engine on a SQLite file: WAL, foreign keys, FULL, and the transaction begun by us.

    `checkpoint_pages` 0 leaves checkpoints to the caller's idle thread. One that `writes` has a single connection: a
    connection forgets all pages that it knows when another one has written.
    """
    size, more = (1, 0) if writes else (6, 10)
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": 10, "cached_statements": 400},
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=more,
        query_cache_size=1500,
    )

    def on_connect(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "cache_size=-8000",
            "temp_store=MEMORY",
            f"wal_autocheckpoint={checkpoint_pages}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    def on_begin(connection: Connection) -> None:
        try:
            connection.connection.cursor().execute(begin)
        except sqlite3.Error as error:  # in SQLAlchemy's words, as of any other statement
            raise DBAPIError.instance(begin, None, error, sqlite3.Error, dialect=connection.dialect) from error

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


_LINE = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 3, "tcp_user_timeout": 5000}
"""A line that went dead without a word (a cable, a switch) is known in seconds, not in the system's two hours."""
_SESSION = (
    "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3; "
    "SET idle_in_transaction_session_timeout = '10min'; SET jit = off; "
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
)
"""The server lets go of what a station held that lost its power in the middle of a transaction. And what is answered
is on the server's disk, whatever its own default is. Statements of milliseconds are not worth compiling: it takes a
hundred of them."""


KEPT_CONNECTIONS = 2
"""For what happens beside the scans of a station, which have one more for themselves (`Database.write`); the change
feed listens on another."""
USED_SECONDS = 30.0
"""A connection beside the first that nobody used for so long is closed: a server has a hundred for the whole floor."""
_USED = "pickwick_used"


def postgresql_engine(url: URL, least_version: int = LEAST_SERVER, *, kept: int = KEPT_CONNECTIONS) -> Engine:
    """An engine on a PostgreSQL server; READ COMMITTED, and a dead line is found out on both sides.

    Over a network it speaks TLS and looks at the server's certificate and name, unless the address says otherwise.
    Connecting raises EnvironmentFailure for a server older than `least_version`. At most `kept` connections
    stay open; for a burst there are twice as many and two more, and who wants another waits.
    """
    engine = create_engine(
        secured(url).set(drivername="postgresql+psycopg"),
        pool_pre_ping=False,
        poolclass=RestingPool,
        pool_size=kept,
        max_overflow=kept + 2,
        pool_use_lifo=True,
        query_cache_size=1500,
        connect_args={
            "connect_timeout": 5,
            "application_name": "pickwick",
            "prepare_threshold": None,  # a rollback, as each reading ends, would drop ours too (app/models/pipeline.py)
            **_LINE,
        },
    )

    def on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        version = connection.info.server_version
        if version < least_version:
            there = f"{version // 10000}.{version % 10000}"
            raise EnvironmentFailure("database.server_old", there=there, least=str(least_version // 10000))
        connection.cursor().execute(_SESSION)
        connection.commit()

    def on_checkin(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        if record.record_info is not None:
            record.record_info[_USED] = time.monotonic()

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "checkin", on_checkin)
    end_with_the_rest(engine)
    return engine


class RestingPool(QueuePool):
    """Keeps what is used. What lies in it for long is closed when it is told to rest, all but the newest."""

    def rest(self, seconds: float = USED_SECONDS) -> int:
        """Closes connections that nobody used for so many seconds; gives how many."""
        idle: list[ConnectionPoolEntry] = []
        with contextlib.suppress(Empty):
            while True:
                idle.append(self._pool.get(False))  # the one that was used last comes first
        since = time.monotonic() - seconds
        old = [record for record in idle[1:] if (record.record_info or {}).get(_USED, 0.0) <= since]
        for record in reversed(idle):
            if record not in old:
                self._do_return_conn(record)
        for record in old:
            record.close()
            self._dec_overflow()
        return len(old)


def refuse_network_share(path: Path) -> None:
    """EnvironmentFailure when the folder of the file lies on a network share, where SQLite's locks are not kept."""
    folder = path.resolve().parent
    if sys.platform == "win32":
        if str(folder).startswith("\\\\"):
            raise EnvironmentFailure("database.network_share", path=str(path))
        return
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.split()
        point = words[1].replace("\\040", " ")
        if (folder.is_relative_to(point)) and len(point) >= len(best):
            best, kind = point, words[2]
    if kind in NETWORK_FILE_SYSTEMS:
        raise EnvironmentFailure("database.network_share", path=str(path))


def was_raced(error: DBAPIError) -> bool:
    """Whether a row that this transaction did not see yet has the key of one that it writes."""
    return getattr(error.orig, "sqlstate", None) == "23505"


def may_be_retried(error: DBAPIError) -> bool:
    """Whether the whole use case may simply be done again: a deadlock, a serialization failure, a lost connection.

    Also when the server has no connection left: by then one of our own may be free, or somebody else's.
    """
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in _RETRIED_STATES or state in _LOST_STATES or is_full(error)
    text = str(error.orig).lower()
    return (
        is_full(error)
        or error.connection_invalidated
        or "database is locked" in text
        or "server closed the connection" in text
    )


def is_full(error: DBAPIError) -> bool:
    """Whether the server has no connection left."""
    text, state = str(error.orig).lower(), getattr(error.orig, "sqlstate", None)
    return state in _FULL_STATES or (state is None and any(words in text for words in _FULL_WORDS))


def _reason(error: DBAPIError) -> str:
    """What the server or the file said, without the driver's words before it: the end says why."""
    line = str(error.orig).strip().splitlines()[0]
    return line.rpartition(" failed: ")[2].removeprefix("FATAL:").strip()[:300]


def was_lost(error: DBAPIError) -> bool:
    """Whether the connection itself broke, so that the server's answer is not known."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _LOST_STATES


MEANINGS: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    (("disk is full", "disk full", "no space left"), ("53100",), "database.disk_full"),
    (("readonly database", "read-only"), ("25006",), "database.read_only"),
    (("disk i/o error",), ("58030",), "database.disk_failed"),
    (("unable to open database file",), (), "database.cannot_open"),
    (("file is not a database", "malformed"), (), "database.not_a_database"),
    (("does not support ssl",), (), "database.no_tls"),
    (("does not match host name",), (), "database.wrong_certificate_name"),
    (("root certificate file", "could not load system root"), (), "database.no_ca_file"),
    (("certificate verify failed",), (), "database.not_trusted"),
    (("no pg_hba.conf entry", "pg_hba.conf rejects"), (), "database.not_admitted"),
    (_FULL_WORDS, _FULL_STATES, "database.full"),
    (("the database system is", "not currently accepting connections"), ("57P03",), "database.not_ready"),
    (("connection timeout expired",), (), "database.unreachable"),
    (("database is locked", "timeout expired"), (), "database.busy"),
    (("password authentication failed", "no password supplied"), ("28P01", "28000"), "database.wrong_password"),
    (("permission denied for",), ("42501",), "database.no_right"),
    (('role "',), (), "database.no_role"),
    (("does not exist",), ("3D000",), "database.unknown_name"),
    (("could not translate host name", "failed to resolve host", "name or service not known"), (), "database.no_host"),
    (
        ("connection refused", "could not connect", "connection failed", "connection is bad"),
        (),
        "database.unreachable",
    ),
    (("server closed the connection", "connection not open", "terminating connection"), (), "database.lost"),
)
"""What the server or the driver says, or its state, and what that means; the first that fits."""


def explain(error: DBAPIError) -> EnvironmentFailure | None:
    """The environment's failure that the database's error means, or None when it is a fault of ours."""
    text = str(error.orig).lower()
    state = getattr(error.orig, "sqlstate", None) or ""
    for words, states, code in MEANINGS:
        if state in states or (not state and any(word in text for word in words)):
            return EnvironmentFailure(code, reason=_reason(error))
    if state in _LOST_STATES or error.connection_invalidated:
        return EnvironmentFailure("database.lost", reason=str(error.orig).strip()[:300])
    return None
