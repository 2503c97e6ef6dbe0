"""The only door to the tables: `write()` changes them, whole or not at all, `read()` looks at one snapshot."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, TimeoutError
from sqlalchemy.orm import Session as Session

from app.domain.errors import BadUseError, EnvironmentFailure
from app.models import engines
from app.models.fairlock import FairLock
from app.models.notifying import CHANGED, Notifier
from app.models.prepared import surely_begun
from app.models.server_address import without_password

T = TypeVar("T")

ATTEMPTS = 12
RACES = 4
"""How often somebody may write the key first that a use case writes, before it is taken for a fault."""


class Database:
    """One database, SQLite or PostgreSQL, used by any number of threads."""

    def __init__(self, engine: Engine, writer: Engine, lock: FairLock | None) -> None:
        """Use `Database.open`; `lock` is the fair lock around writing, where the database needs one."""
        self.engine = engine
        self._lock = lock
        self._writer = writer
        self._kept: Connection | None = None
        self._own: Connection | None = None
        self._own_used = 0.0
        self._owning = threading.Lock()
        self._closed = False
        self._notifier = Notifier(engine) if engine.dialect.name == "postgresql" else None

    @classmethod
    def open(
        cls, url: str, *, checkpoint_by_itself: bool = True, connections: int = engines.KEPT_CONNECTIONS
    ) -> Database:
        """Opens a database by its URL without touching its schema; `connections` to a server are kept open.

        Raises BadUseError for a URL that means nothing, EnvironmentFailure for a file on a network share or a folder
        that can't be made.
        """
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError) as error:  # a port that is no number is a ValueError
            raise BadUseError("database.bad_url", url=without_password(url)) from error
        kind = parsed.get_backend_name()
        if kind == "sqlite":
            if not parsed.database:
                raise BadUseError("database.bad_url", url=without_password(url))
            path = Path(parsed.database)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                engines.refuse_network_share(path)
                lock = FairLock(path.with_name(path.name + ".lock"))
            except OSError as error:
                raise EnvironmentFailure("database.cannot_open", reason=str(error)) from error
            pages = 1000 if checkpoint_by_itself else 0
            readers = engines.sqlite_engine(parsed, checkpoint_pages=pages)
            return cls(readers, engines.sqlite_engine(parsed, checkpoint_pages=pages, writes=True), lock)
        if kind == "postgresql":
            engine = engines.postgresql_engine(parsed, kept=connections)
            return cls(engine, engine, None)
        raise BadUseError("database.bad_url", url=without_password(url))

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @property
    def path(self) -> Path | None:
        """The file of an embedded database."""
        return Path(self.engine.url.database) if self.is_sqlite and self.engine.url.database else None

    def write(self, work: Callable[[Session], T], *, once_by_itself: bool = False, own: bool = False) -> T:
        """Runs one use case in one transaction; commits it whole or rolls it back whole.

        The whole use case runs again on a deadlock, a serialization failure or a lost connection, so it must have no
        effect outside its session. When the connection is lost in the commit itself, nobody knows whether it was kept:
        only what does nothing the second time (`once_by_itself`, a gesture with its id) is done again then. Raises
        EnvironmentFailure when the database can't be used, `database.commit_unknown` in that case. `own` is for what a
        person waits for: to a server it goes on a connection that is kept for it.
        """
        attempt = 0
        while True:
            attempt += 1
            finished = False
            try:
                with self.writing(own=True) if own else self.writing() as session:
                    answer = work(session)
                    if not once_by_itself:
                        surely_begun(session)
                    finished = True
                return answer
            except DBAPIError as error:
                if finished and not once_by_itself and engines.was_lost(error):
                    raise EnvironmentFailure("database.commit_unknown") from error
                if engines.may_be_retried(error) and attempt < ATTEMPTS:
                    _pause(attempt)
                    continue
                if once_by_itself and engines.was_raced(error) and attempt < RACES:
                    continue  # the same gesture, or a link of its chain: the next time it is seen
                failure = engines.explain(error)
                if failure is not None:
                    raise failure from error
                raise
            except TimeoutError as error:
                raise EnvironmentFailure("database.busy", reason=str(error)) from error

    def read(self, work: Callable[[Session], T]) -> T:
        """Runs a reading on one snapshot. Raises EnvironmentFailure when the database can't be used."""
        attempt = 0
        while True:
            attempt += 1
            try:
                with self.reading() as session:
                    return work(session)
            except OperationalError as error:
                if engines.may_be_retried(error) and attempt < (ATTEMPTS if engines.is_full(error) else 3):
                    if engines.is_full(error):
                        _pause(attempt)
                    continue
                failure = engines.explain(error)
                if failure is not None:
                    raise failure from error
                raise
            except TimeoutError as error:
                raise EnvironmentFailure("database.busy", reason=str(error)) from error

    @contextmanager
    def writing(self, *, own: bool = False) -> Iterator[Session]:
        """One writing transaction without retries: what `write` is made of; tests use it to arrange rows."""
        if self._lock is None:
            with (
                self._own_connection() if own else nullcontext(self._writer) as bind,
                Session(bind, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield session
            if self._notifier is not None and session.info.pop(CHANGED, False):
                self._notifier.tell()
            return
        with (
            self._lock,
            self._kept_connection() as kept,
            Session(kept, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def _kept_connection(self) -> Iterator[Connection]:
        """The one connection that writes a file, held from one transaction to the next while all goes well: to take it
        out of its pool and put it back takes longer than to begin and to end a transaction.

        Who writes has it for himself: what is under way while another thread closes the database ends as it would.
        """
        kept, self._kept = self._kept or self._writer.connect(), None
        try:
            yield kept
        except BaseException:
            kept.close()
            raise
        self._kept = kept
        if self._closed:
            self._let_go()

    @contextmanager
    def _own_connection(self) -> Iterator[Connection]:
        """The connection to a server that scans have for themselves while all goes well.

        A server knows the statements and the plans of a connection: on one that is new each of them is planned six
        times before its plan is kept, which took longer than all else of a scan. In a pool it was lent to whoever came,
        and closed by chance.
        """
        with self._owning:
            own, self._own = self._own, None
        connection = own or self._writer.connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        with self._owning:
            keep = self._own is None and not self._closed
            if keep:
                self._own, self._own_used = connection, time.monotonic()
        if not keep:
            connection.close()

    def _give_own_back(self, unused: float) -> None:
        """Puts the connection of scans back into the pool, where nobody scanned for so many seconds."""
        with self._owning:
            own = self._own if time.monotonic() - self._own_used >= unused else None
            if own is not None:
                self._own = None
        if own is not None:
            own.close()

    def _let_go(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One snapshot to read from; nothing that is changed in it is kept."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            if not self.is_sqlite:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session
            session.rollback()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A bare connection for migrations, checkpoints and listening."""
        with self.engine.connect() as connection:
            yield connection

    def checkpoint(self) -> None:
        """Moves what the write-ahead log holds into the SQLite file, without making anybody wait; nothing elsewhere."""
        if self.is_sqlite:
            with self.engine.connect() as connection:
                raw = connection.connection.dbapi_connection
                if raw is not None:
                    raw.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")

    def rest(self) -> None:
        """Gives connections back to a server that nobody here used for a while, all but one; a file has enough."""
        if isinstance(self.engine.pool, engines.RestingPool):
            self._give_own_back(engines.USED_SECONDS)
            self.engine.pool.rest()

    def close(self) -> None:
        """Closes all connections; one that writes at this moment, once it has written."""
        if self._notifier is not None:
            self._notifier.close()
        self._closed = True
        self._let_go()
        self._give_own_back(0.0)
        self.engine.dispose()
        self._writer.dispose()
        if self._lock is not None:
            self._lock.close()


def _pause(attempt: int) -> None:
    """Longer each time, and never twice the same, so that two who met do not meet again."""
    time.sleep(min(0.002 * 2**attempt, 0.25) * random.random())
