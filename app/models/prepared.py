"""Statements of a scan, compiled once and handed straight to the driver: a third of the time that a session takes.

For single statements of use cases that a person waits for; all else goes through SQLAlchemy's own `execute`. They run
in the transaction of the session, on its connection, and fail as its own statements fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Dialect, Engine, event, literal_column
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.orm import Session
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import BindParameter, ClauseElement, ColumnElement, TextClause
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.sql.selectable import Select
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse

from app.models.pipeline import PIPELINE, Parameter, Pipeline, Sent, Words, count_of, parameter, rows_of

if TYPE_CHECKING:  # the driver comes with the connection: a station on a file never loads it
    from psycopg.pq.abc import PGresult

Row = tuple[Any, ...]
_DRIVER = "pickwick_driver"
_Change = Callable[[Any], Any]
_Place = tuple[str | None, _Change | None, Any]
"""What stands at one place of a statement: the name of a value and what changes it for the driver, or what is fixed."""


class _ForDialect:
    """One statement in the words of one kind of database, with what its values need on the way in and out."""

    def __init__(self, statement: ClauseElement, dialect: Dialect, names: Sequence[str]) -> None:
        keys = list(names) if isinstance(statement, UpdateBase) else None
        compiled = _written_out(statement, dialect, names).compile(dialect=dialect, column_keys=keys)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError(f"not a statement: {statement!r}")
        self.sql = str(compiled)
        places: dict[str, _Place] = {}
        defaults = {column.key: column.default for column in compiled.insert_prefetch}
        for bind, name in compiled.bind_names.items():
            change = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if bind.key in names:
                places[name] = (bind.key, change, None)
            elif isinstance(default := defaults.get(bind.key), ScalarElementColumnDefault):
                places[name] = (None, None, change(default.arg) if change else default.arg)
            elif bind.callable is None and not bind.required and bind.key not in defaults:
                places[name] = (None, None, change(bind.value) if change else bind.value)
            else:
                raise KeyError(f"{bind.key} is missing for: {self.sql}")
        self.row, self._out = _results(statement, dialect)
        order = tuple(compiled.positiontup) if compiled.positional and compiled.positiontup else None
        self._named = None if order is not None else places
        self.words: Words | None = None
        if dialect.name == "postgresql":
            self.words, order = _for_server(self.sql)
        self._order = tuple(places[name] for name in order or ())

    def values(self, given: Mapping[str, Any]) -> Any:
        """The parameters as the driver takes them."""
        if self._named is None:
            return tuple(self._in_order(given))
        return {
            name: fixed if key is None else given[key] if change is None else change(given[key])
            for name, (key, change, fixed) in self._named.items()
        }

    def _in_order(self, given: Mapping[str, Any]) -> list[Any]:
        return [
            fixed if key is None else given[key] if change is None else change(given[key])
            for key, change, fixed in self._order
        ]

    def parameters(self, given: Mapping[str, Any]) -> list[Parameter]:
        """The parameters as PostgreSQL takes them, one for each place where one stands."""
        return [parameter(value) for value in self._in_order(given)]

    def read(self, rows: Sequence[Row]) -> list[Row]:
        """Rows in Python's own types, with names where the statement tells them."""
        out, make = self._out, self.row
        if out:
            changed = []
            for row in rows:
                cells = list(row)
                for at, change in out:
                    cells[at] = change(cells[at])
                changed.append(tuple(cells))
            rows = changed
        return [make(row) for row in rows] if make is not None else list(rows)


def _written_out(statement: ClauseElement, dialect: Dialect, names: Sequence[str]) -> ClauseElement:
    """The statement with its fixed words and numbers written out.

    Where `state = ?` decides whether an index over some rows may be used, SQLite plans the statement anew each time
    that it is given the word, and PostgreSQL never keeps its plan.
    """

    def literal(element: ExternallyTraversible, **_: object) -> ColumnElement[Any] | None:
        if not isinstance(element, BindParameter) or element.key in names or element.required or element.expanding:
            return None
        write = element.type.dialect_impl(dialect).literal_processor(dialect)
        if write is None or not isinstance(element.value, str | int) or "%" in str(element.value):
            return None
        return literal_column(write(element.value), element.type)

    written = replacement_traverse(statement, {}, literal)
    if not isinstance(written, ClauseElement):
        raise TypeError(f"not a statement: {statement!r}")
    return written


_PLACE = re.compile(r"%\((\w+)\)s|%%")


def _for_server(sql: str) -> tuple[Words, tuple[str, ...]]:
    """The driver's statement as the server takes it, and the name that belongs to each of its numbers."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found.group(1) is None:
            return "%"
        names.append(found.group(1))
        return f"${len(names)}"

    return Words(_PLACE.sub(number, sql).encode()), tuple(names)


def _results(statement: ClauseElement, dialect: Dialect) -> tuple[type[Row] | None, list[tuple[int, _Change]]]:
    columns: list[ColumnElement[Any]] = []
    if isinstance(statement, Select):
        columns = list(statement.selected_columns)
    elif isinstance(statement, UpdateBase):
        columns = list(statement.exported_columns)
    if not columns:
        return None, []
    out: list[tuple[int, _Change]] = []
    names: list[str] = []
    for at, column in enumerate(columns):
        change = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if change is not None:
            out.append((at, change))
        names.append(column.key or "")
    return _row_of(tuple(names)), out


def _row_of(names: tuple[str, ...]) -> type[Row]:
    """A tuple whose places have names as well."""
    places = {name: property(itemgetter(at)) for at, name in enumerate(names) if name.isidentifier()}
    return type("Row", (tuple,), {"__slots__": (), **places})


class Answer:
    """What a statement finds. On PostgreSQL it may wait to be sent; who looks at it first sends all that waits."""

    __slots__ = ("_rows", "_send")

    def __init__(self, rows: list[Row] | None = None, send: Callable[[], list[Row]] | None = None) -> None:
        """Either its rows are known, or `send` asks for them."""
        self._rows, self._send = rows, send

    @property
    def rows(self) -> list[Row]:
        """All rows."""
        if self._rows is None:
            self._rows = self._send() if self._send is not None else []
        return self._rows

    @property
    def first(self) -> Row | None:
        """The first row, or None."""
        rows = self.rows
        return rows[0] if rows else None


class Prepared:
    """`Prepared(statement)`: a select, insert, update, delete or text with bound names, and no lists to expand.

    Every run must give the same names. Columns of a text come as the driver gives them.
    """

    def __init__(self, statement: Select[Any] | UpdateBase | TextClause) -> None:
        self.statement = statement
        self._made: dict[str, _ForDialect] = {}

    def rows(self, session: Session, values: Mapping[str, Any]) -> list[Row]:
        """All rows that it finds."""
        return self._run(session, values)[0]

    def first(self, session: Session, values: Mapping[str, Any]) -> Row | None:
        """The first row, or None."""
        found = self._run(session, values)[0]
        return found[0] if found else None

    def one(self, session: Session, values: Mapping[str, Any]) -> Row:
        """The first row. Raises NoResultFound when there is none."""
        found = self._run(session, values)[0]
        if not found:
            raise NoResultFound(f"nothing was found by: {self.statement}")
        return found[0]

    def run(self, session: Session, values: Mapping[str, Any]) -> int:
        """Changes rows; gives how many."""
        return self._run(session, values)[1]

    def later(self, session: Session, values: Mapping[str, Any]) -> None:
        """Changes rows, and nobody waits for it: on PostgreSQL it is sent with the next statement or the commit.

        What it fails of is raised there. Only for what is written at the end of a use case, and read by nothing that
        SQLAlchemy itself runs.
        """
        connection, raw, name = _driver(session)
        line = pipeline_of(connection, raw) if name == "postgresql" else None
        made = self._for(connection, name, values)
        if line is None or made.words is None:
            self._run(session, values)
        else:
            line.later(made.words, made.parameters(values))

    def soon(self, session: Session, values: Mapping[str, Any]) -> Answer:
        """What it finds, for who need not know yet: on PostgreSQL it is sent with what is asked next.

        It runs in its turn, after what was asked before it. On a file it runs now.
        """
        connection, raw, name = _driver(session)
        made = self._for(connection, name, values)
        line = pipeline_of(connection, raw) if made.words is not None else None
        if line is None or made.words is None:
            return Answer(self._run(session, values)[0])
        sent = line.later(made.words, made.parameters(values))
        return Answer(send=lambda: made.read(rows_of(_answered(connection, line, sent, made.sql, values))))

    def run_each(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Runs once for each of the rows of values."""
        if not rows:
            return
        connection, raw, name = _driver(session)
        made = self._for(connection, name, rows[0])
        cursor = raw.cursor()
        try:
            cursor.executemany(made.sql, [made.values(values) for values in rows])
        except Exception as error:
            raise _translated(connection, error, made.sql, rows[0]) from error
        finally:
            cursor.close()

    def _for(self, connection: Connection, name: str, values: Mapping[str, Any]) -> _ForDialect:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = _ForDialect(self.statement, connection.dialect, tuple(values))
        return made

    def _run(self, session: Session, values: Mapping[str, Any]) -> tuple[list[Row], int]:
        connection, raw, name = _driver(session)
        made = self._for(connection, name, values)
        line = pipeline_of(connection, raw) if made.words is not None else None
        if line is not None and made.words is not None:
            return self._ask(connection, line, made, values)
        parameters = made.values(values)
        cursor = raw.cursor()
        try:
            cursor.execute(made.sql, parameters)
            return (made.read(cursor.fetchall()) if cursor.description is not None else []), cursor.rowcount
        except Exception as error:
            raise _translated(connection, error, made.sql, values) from error
        finally:
            cursor.close()

    def _ask(
        self, connection: Connection, line: Pipeline, made: _ForDialect, values: Mapping[str, Any]
    ) -> tuple[list[Row], int]:
        if made.words is None:
            raise TypeError("not a statement for PostgreSQL")
        sent = line.later(made.words, made.parameters(values))
        result = _answered(connection, line, sent, made.sql, values)
        return made.read(rows_of(result)), count_of(result)


def rows_together(session: Session, *asked: tuple[Prepared, Mapping[str, Any]]) -> list[list[Row]]:
    """All rows of readings that do not need each other's answers: on PostgreSQL they are one way there and back."""
    answers = [prepared.soon(session, values) for prepared, values in asked]
    return [answer.rows for answer in answers]


def on_server(session: Session) -> bool:
    """Whether the session's database is a server, where each answer that is waited for is a way there and back."""
    return _driver(session)[2] == "postgresql"


def _answered(connection: Connection, line: Pipeline, sent: Sent, sql: str, values: Mapping[str, Any]) -> PGresult:
    try:
        return line.answer(sent)
    except Exception as error:
        raise _translated(connection, error, sql, values) from error


def pipeline_of(connection: Connection, raw: PoolProxiedConnection) -> Pipeline | None:
    """The pipeline of a connection to PostgreSQL; None where the server speaks to us in another encoding."""
    found = raw.info.get(PIPELINE)
    if found is None:
        bare: Any = raw.dbapi_connection
        driver: Any = connection.dialect.loaded_dbapi
        found = raw.info[PIPELINE] = Pipeline(bare, driver)
    return found if isinstance(found, Pipeline) and found.usable else None


def end_with_the_rest(engine: Engine) -> None:
    """Has each transaction of a PostgreSQL engine end with what waits in the pipeline of its connection."""

    def with_line(act: Callable[[Pipeline], None]) -> Callable[..., None]:
        def on_event(connection: Connection, *_: object) -> None:
            line = None if connection.invalidated else connection.connection.info.get(PIPELINE)
            if isinstance(line, Pipeline):
                try:
                    act(line)
                except Exception as error:
                    raise _translated(connection, error, "what was written last", {}) from error

        return on_event

    event.listen(engine, "before_cursor_execute", with_line(Pipeline.flush))
    event.listen(engine, "commit", with_line(Pipeline.commit))
    event.listen(engine, "rollback", with_line(Pipeline.forget))


def surely_begun(session: Session) -> None:
    """Has the server know of the session's transaction, if it writes anything: what is lost from here on is the commit.

    Raises DBAPIError where the connection is gone.
    """
    session.flush()
    known: tuple[object, tuple[Connection, PoolProxiedConnection, str]] | None = session.info.get(_DRIVER)
    if known is None or known[1][2] != "postgresql" or known[1][0].closed or known[1][0].invalidated:
        return
    connection, raw, _ = known[1]
    line = raw.info.get(PIPELINE)
    if isinstance(line, Pipeline):
        try:
            line.begin()
        except Exception as error:
            raise _translated(connection, error, "what was written first", {}) from error


def _driver(session: Session) -> tuple[Connection, PoolProxiedConnection, str]:
    """The connection of the session's transaction; asked for once in each, for asking takes longer than a statement.

    In each savepoint too: the first who asks there has it set.
    """
    transaction = session.get_nested_transaction() or session.get_transaction()
    known: tuple[object, tuple[Connection, PoolProxiedConnection, str]] | None = session.info.get(_DRIVER)
    if known is not None and transaction is not None and known[0] is transaction:
        return known[1]
    connection = session.connection()
    found = (connection, connection.connection, connection.dialect.name)
    session.info[_DRIVER] = (session.get_nested_transaction() or session.get_transaction(), found)
    return found


def _translated(connection: Connection, error: Exception, sql: str, values: Mapping[str, Any]) -> BaseException:
    """The error that SQLAlchemy would have raised; a connection that is lost goes out of the pool."""
    dialect = connection.dialect
    module = dialect.loaded_dbapi
    if not isinstance(error, module.Error):
        return error
    lost = dialect.is_disconnect(error, connection.connection, None)
    made = DBAPIError.instance(sql, dict(values), error, module.Error, connection_invalidated=lost, dialect=dialect)
    if lost:
        connection.invalidate(error)
    return made
