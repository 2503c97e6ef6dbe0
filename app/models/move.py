"""Everything of one database into another, empty one: table by table, in one transaction, on either kind.

Until the last row is there and proved, the target's schema version says `moving`: no program of any version works on
it. What broke off leaves nothing behind but that word, so that the move can simply be started again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import psycopg
from sqlalchemy import Boolean, Connection, Table, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import BadUseError, EnvironmentFailure
from app.models import engines
from app.models.base import Json
from app.models.database import Database
from app.models.schema import migrate
from app.models.schema_state import MOVING, SchemaState, revisions, schema_state
from app.models.tables import Base

CHUNK = 2_000
"""So many rows are held in memory at once."""
_MARK = text("UPDATE alembic_version SET version_num = :version")
_REFERENCES = text(
    "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conrelid::regclass::text, conname"
)
_NEXT = (
    "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), greatest(max({column}), 1), max({column}) "
    "IS NOT NULL) FROM {table}"
)

Progress = Callable[[str, int, int], None]
"""Called with the table, how many rows are there of all, and how many there will be."""
Proof = Callable[[Session], Sequence[object]]
"""Gives what is wrong with a database."""
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of it: rows by table, and what a proof found wrong; with something wrong nothing was kept."""

    rows: dict[str, int]
    wrong: tuple[object, ...] = ()

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.rows.values())


class _Unproved(Exception):  # noqa: N818 - ends the transaction, nobody outside sees it
    def __init__(self, moved: Moved) -> None:
        self.moved = moved


def prepare_target(target: Database) -> None:
    """Makes the tables of an empty database and marks it as unfinished; one that a move left unfinished is taken again.

    BadUseError when something stands in it already, EnvironmentFailure for one of a newer or another program.
    """
    state = schema_state(target)
    if state is SchemaState.EMPTY:
        migrate(target)
    elif state in (SchemaState.NEWER, SchemaState.FOREIGN):
        raise EnvironmentFailure(f"database.{state.value}")
    elif state is SchemaState.OLDER:
        raise BadUseError("move.not_empty", table="alembic_version")
    with target.writing() as session:
        _refuse_rows(session.connection())
        session.execute(_MARK, {"version": MOVING})


def move(
    source: Database, target: Database, proof: Proof, on_progress: Progress = lambda *_: None, shared: bool = False
) -> Moved:
    """Carries every row over, compares the counts, proves the target, and only then lets programs work on it.

    Nobody writes to an embedded source meanwhile, unless it is `shared`: then what is written later stays behind.
    BadUseError for a target that is not empty; EnvironmentFailure when either fails or rows do not fit.
    """
    if schema_state(source) is not SchemaState.CURRENT:
        raise EnvironmentFailure("move.source_not_current")
    prepare_target(target)
    reading = source.reading if shared or not source.is_sqlite else source.writing
    try:
        with reading() as taking, target.writing() as putting:
            for session in (taking, putting):
                _may_wait(session.connection())
            moved = _carry(taking.connection(), putting.connection(), on_progress)
            putting.connection().exec_driver_sql("ANALYZE")  # of tables filled a moment ago the planner knows nothing
            wrong = tuple(proof(putting))
            if wrong:
                raise _Unproved(Moved(moved, wrong))
            putting.execute(_MARK, {"version": revisions()[-1]})
    except _Unproved as unproved:
        return unproved.moved
    except DBAPIError as error:
        failure = engines.explain(error)
        if failure is not None:
            raise failure from error
        if isinstance(error, IntegrityError):
            raise EnvironmentFailure("move.does_not_fit", table="-", reason=str(error.orig)) from error
        raise
    return Moved(moved)


def _may_wait(connection: Connection) -> None:
    """One side waits in its transaction while the other one works, for longer than stations may."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def _refuse_rows(connection: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        if connection.execute(text(f"SELECT 1 FROM {table.name} LIMIT 1")).first() is not None:
            raise BadUseError("move.not_empty", table=table.name)


def _carry(taking: Connection, putting: Connection, on_progress: Progress) -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    expected = {table.name: _count(taking, table) for table in tables}
    total, done = sum(expected.values()), 0
    _refuse_rows(putting)
    references = _let_go(putting)
    for table in tables:
        rows = _rows(taking, table)
        for chunk in _chunks(rows):
            _put(putting, table, chunk)
            done += len(chunk)
            on_progress(table.name, done, total)
    for statement in references:
        putting.exec_driver_sql(statement)
    _set_numbers(putting, tables)
    there = {table.name: _count(putting, table) for table in tables}
    different = [name for name, count in expected.items() if there[name] != count]
    if different:
        name = different[0]
        raise EnvironmentFailure("move.counts_differ", table=name, wanted=expected[name], there=there[name])
    return there


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(text(f"SELECT count(*) FROM {table.name}")).scalar_one())


# -- taking -----------------------------------------------------------------------------------------------------------


def _rows(connection: Connection, table: Table) -> Iterator[Row]:
    """All rows in the order of their keys, as both databases take them; never all of them at once."""
    keys = ", ".join(column.name for column in table.primary_key) or "1"
    statement = f"SELECT {', '.join(_taken(connection, table))} FROM {table.name} ORDER BY {keys}"
    flags = [at for at, column in enumerate(table.columns) if isinstance(column.type, Boolean)]
    options = {"stream_results": True, "yield_per": CHUNK}
    result = connection.exec_driver_sql(statement, execution_options=options)
    for row in result:
        values = list(row)
        for at in flags:
            values[at] = None if values[at] is None else bool(values[at])
        yield tuple(values)


def _taken(connection: Connection, table: Table) -> Iterator[str]:
    """What to select: numbers of transactions mean nothing on another server, objects travel as their text."""
    for column in table.columns:
        if table.name == "change_log" and column.name == "transaction_id":
            yield "0"
        elif isinstance(column.type, Json) and connection.dialect.name == "postgresql":
            yield f"CAST({column.name} AS text)"
        else:
            yield column.name


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


# -- putting ----------------------------------------------------------------------------------------------------------


def _let_go(connection: Connection) -> list[str]:
    """References are looked at when everything is there; gives the statements that bring them back."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        return []
    found = connection.execute(_REFERENCES).all()
    for table, name, _ in found:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return [f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}" for table, name, rule in found]


def _put(connection: Connection, table: Table, rows: list[Row]) -> None:
    names = ", ".join(column.name for column in table.columns)
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({places})", rows)
        return
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    try:
        with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        reason = str(error).splitlines()[0]
        raise EnvironmentFailure("move.does_not_fit", table=table.name, reason=reason) from error
    except psycopg.Error as error:
        raise DBAPIError.instance("COPY", None, error, psycopg.Error, dialect=connection.dialect) from error


def _set_numbers(connection: Connection, tables: Sequence[Table]) -> None:
    """The next id of each table follows the highest that came."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables:
        column = table.autoincrement_column
        if column is not None:
            connection.execute(text(_NEXT.format(table=table.name, column=column.name)))
