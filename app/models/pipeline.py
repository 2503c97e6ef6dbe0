"""Statements to PostgreSQL in one message: what is asked, what is written before it, and the begin or end around them.

Each answer that is waited for is a way there and back, and wakes a process on either side. So a transaction begins with
its first statement, what nobody waits for goes with the next question, and the last of it with the commit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the driver comes with the connection: a station on a file never loads it
    from psycopg import Connection
    from psycopg.pq.abc import PGconn, PGresult
    from psycopg.waiting import Ready, Wait

PIPELINE = "pickwick_pipeline"
"""What a pooled connection's `info` keeps its pipeline as."""
Parameter = bytes | None
_NO_JSON = object()


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A statement with `$1`, `$2` for its values, as the server takes it; known by its identity."""

    sql: bytes


def parameter(value: object) -> Parameter:
    """A value as text for the server. Raises TypeError for what is neither number, text, truth nor JSON."""
    if value is None:
        return None
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("a text for the database holds a NUL")
        return value.encode()
    if isinstance(value, bool):
        return b"t" if value else b"f"
    if isinstance(value, int | float | Decimal):
        return str(value).encode()
    wrapped = getattr(value, "obj", _NO_JSON)  # as the driver's types for JSON hold it
    if wrapped is not _NO_JSON:
        return json.dumps(wrapped).encode()
    raise TypeError(f"no parameter: {type(value).__name__}")


def _number(text: bytes) -> int | Decimal:
    return Decimal(text.decode()) if b"." in text else int(text)


_READ: Mapping[int, Callable[[bytes], object]] = {
    16: lambda text: text == b"t",
    **dict.fromkeys((20, 21, 23, 26), int),
    **dict.fromkeys((18, 19, 25, 705, 1042, 1043), bytes.decode),
    **dict.fromkeys((114, 3802), json.loads),
    **dict.fromkeys((700, 701), float),
    1700: _number,
}
"""How the text of a column's type becomes a value, by the type's number in every PostgreSQL."""


class Sent:
    """A statement that goes with the next message, and what the server answered to it."""

    __slots__ = ("result", "values", "words")

    def __init__(self, words: Words, values: Sequence[Parameter]) -> None:
        self.words, self.values = words, values
        self.result: PGresult | None = None


class Pipeline:
    """What is under way on one connection. Used by one thread at a time, as the connection is."""

    def __init__(self, connection: Connection[Any], driver: ModuleType) -> None:
        """`driver` is psycopg, as it was loaded for the connection."""
        self._connection, self._driver = connection, driver
        self._names: dict[Words, bytes] = {}
        self._waiting: list[Sent] = []
        self.usable = connection.info.encoding.replace("-", "") == "utf8"
        """Whether texts need no other encoding than ours."""

    def later(self, words: Words, values: Sequence[Parameter]) -> Sent:
        """Goes with the next question, or with the commit; what it failed of is raised there."""
        sent = Sent(words, values)
        self._waiting.append(sent)
        return sent

    def ask(self, words: Words, values: Sequence[Parameter]) -> PGresult:
        """Sends all that waits and this, and gives the result of this. Raises psycopg's errors."""
        return self.answer(self.later(words, values))

    def answer(self, sent: Sent) -> PGresult:
        """The result of a statement; what waits is sent where it is one of that. Raises psycopg's errors."""
        if sent.result is None:
            self.flush()
        if sent.result is None:
            raise self._driver.InternalError("a statement of this transaction was never answered")
        return sent.result

    def flush(self, *, commit: bool = False) -> None:
        """Sends what waits."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            results = self._send([(sent.words, sent.values) for sent in waiting], commit=commit)
            for sent, result in zip(waiting, results, strict=True):
                sent.result = result

    def begin(self) -> None:
        """Sends what waits if nothing was sent in this transaction yet: a connection that is gone shows then, while all
        can be done again, and not in the commit, when nobody knows what was kept."""
        if self._connection.pgconn.transaction_status != self._driver.pq.TransactionStatus.INTRANS:
            self.flush()

    def commit(self) -> None:
        """Sends what waits with the commit behind it; does nothing where nothing waits.

        Raises psycopg's InternalError where a statement failed that nobody heard of: the server would answer the commit
        of that as if all was well, and keep nothing.
        """
        if self._connection.pgconn.transaction_status == self._driver.pq.TransactionStatus.INERROR:
            raise self._driver.InternalError("a statement of this transaction failed, and it was to be committed")
        self.flush(commit=True)

    def forget(self) -> None:
        """What waits is not wanted any more: the transaction is rolled back."""
        self._waiting = []

    def _send(self, asked: Sequence[tuple[Words, Sequence[Parameter]]], *, commit: bool = False) -> list[PGresult]:
        """One result for each statement."""
        pg, pq = self._connection.pgconn, self._driver.pq
        pg.enter_pipeline_mode()
        try:
            fresh: list[tuple[int, Words, bytes]] = []
            count, mine = 0, []
            if pg.transaction_status == pq.TransactionStatus.IDLE and not self._connection.autocommit:
                pg.send_query_params(self._begin(), None)
                count += 1
            for words, values in asked:
                name = self._names.get(words) or next((known for _, one, known in fresh if one is words), None)
                if name is None:
                    name = b"pickwick_%d" % (len(self._names) + len(fresh))
                    pg.send_prepare(name, words.sql)
                    fresh.append((count, words, name))
                    count += 1
                pg.send_query_prepared(name, values)
                mine.append(count)
                count += 1
            if commit:
                pg.send_query_params(b"COMMIT", None)
            pg.pipeline_sync()
            results: list[PGresult] = self._connection.wait(self._answers(pg))
        finally:
            if pg.pipeline_status != pq.PipelineStatus.OFF and pg.status == pq.ConnStatus.OK:
                pg.exit_pipeline_mode()
        for at, words, name in fresh:
            if at < len(results) and results[at].status == pq.ExecStatus.COMMAND_OK:
                self._names[words] = name
        for result in results:
            if result.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
                raise self._driver.errors.error_from_result(result)
        if len(results) < count + commit:
            raise self._driver.OperationalError("server closed the connection unexpectedly")
        return [results[at] for at in mine]

    def _begin(self) -> bytes:
        level = self._connection.isolation_level
        return b"BEGIN" if level is None else b"BEGIN ISOLATION LEVEL " + level.name.replace("_", " ").encode()

    def _answers(self, pg: PGconn) -> Generator[Wait, Ready | int, list[PGresult]]:
        """All results up to the mark that ends the message; fewer where the connection broke."""
        pq, wait, ready = self._driver.pq, self._driver.waiting.Wait, self._driver.waiting.Ready
        while pg.flush():
            if (yield wait.RW) & ready.R:
                pg.consume_input()
        results: list[PGresult] = []
        while True:
            while not pg.is_busy():
                result = pg.get_result()
                if result is None:
                    if pg.status != pq.ConnStatus.OK:
                        return results
                    continue
                if result.status == pq.ExecStatus.PIPELINE_SYNC:
                    return results
                results.append(result)
            yield wait.R
            pg.consume_input()


def rows_of(result: PGresult) -> list[tuple[Any, ...]]:
    """The rows of a result in Python's types. Raises TypeError for a type that no statement of ours reads."""
    if not result.ntuples:
        return []
    try:
        columns = [(at, _READ[result.ftype(at)]) for at in range(result.nfields)]
    except KeyError as error:
        raise TypeError(f"no reader for columns of PostgreSQL's type {error.args[0]}") from error
    value = result.get_value
    return [
        tuple([None if (cell := value(row, at)) is None else read(cell) for at, read in columns])
        for row in range(result.ntuples)
    ]


def count_of(result: PGresult) -> int:
    """How many rows a statement changed or found."""
    return result.command_tuples or 0
