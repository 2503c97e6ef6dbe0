"""Many rows in one go on both databases: arrays on PostgreSQL, one prepared statement run in C on SQLite."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import TextClause

from app.models.prepared import Prepared

Plain = int | str | None


def is_sqlite(connection: Connection) -> bool:
    """Whether this is the embedded database."""
    return connection.dialect.name == "sqlite"


_SIZES = (1, 4, 10, 20)
FEW = _SIZES[-1]
"""So many ids at most are what a use case has in hand, and no batch."""


@cache
def _over(sql: str, size: int) -> Prepared:
    return Prepared(text(sql.replace("(:ids)", f"({', '.join(f':id{at}' for at in range(size))})")))


def over(sql: str, ids: Collection[int], **values: Plain) -> tuple[Prepared, Mapping[str, object]]:
    """A statement with `IN (:ids)`, and its values, to be asked together with others: for few ids, one at least.

    Each stands by itself, the last one repeated: for a list PostgreSQL would plan the statement each time anew.
    """
    size = next(size for size in _SIZES if size >= len(ids))
    given = [*ids]
    given += given[-1:] * (size - len(given))
    return _over(sql, size), {**{f"id{at}": ident for at, ident in enumerate(given)}, **values}


def rows_over(session: Session, sql: str, ids: Collection[int], **values: Plain) -> Sequence[Sequence[Any]]:
    """The rows of a statement with `IN (:ids)`, for as many ids as there are."""
    if not ids:
        return []
    if len(ids) <= FEW:
        prepared, given = over(sql, ids, **values)
        return prepared.rows(session, given)
    connection = session.connection()
    many = "IN (SELECT value FROM json_each(:ids))" if is_sqlite(connection) else "= ANY(CAST(:ids AS bigint[]))"
    return connection.execute(text(sql.replace("IN (:ids)", many)), {"ids": id_list(connection, ids), **values}).all()


def plan_for_values(connection: Connection) -> None:
    """Lets PostgreSQL plan each statement of this transaction for the lists it is given.

    A plan that was kept from when the tables were empty walks them row by row once they are full.
    """
    if not is_sqlite(connection):
        connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")


def plan_as_usual(connection: Connection) -> None:
    """Ends `plan_for_values`: the checks of foreign keys, a million small statements, keep their plans."""
    if not is_sqlite(connection):
        connection.exec_driver_sql("SET LOCAL plan_cache_mode = auto")


def among(connection: Connection, column: str, name: str = "ids") -> str:
    """The condition that a column is one of the ids bound by `id_list` under this name."""
    if is_sqlite(connection):
        return f"{column} IN (SELECT value FROM json_each(:{name}))"
    return f"{column} = ANY(CAST(:{name} AS bigint[]))"


def id_list(connection: Connection, ids: Collection[int]) -> str:
    """Ids in the form in which `among` takes them."""
    return json.dumps(list(ids)) if is_sqlite(connection) else array_of(ids)


def array_of(values: Iterable[Plain]) -> str:
    """Plain values as an array of PostgreSQL in its own notation: the driver takes ten times as long to write it."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Plain) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "NULL" if value is None else str(value)


@cache
def _arrays(table: str, columns: tuple[tuple[str, str], ...], end: str) -> TextClause:
    names = ", ".join(name for name, _kind in columns)
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in columns)
    return text(f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}) {end}")


def among_words(connection: Connection, column: str, name: str) -> str:
    """The condition that a column is one of the texts bound by `word_list` under this name."""
    if is_sqlite(connection):
        return f"{column} IN (SELECT value FROM json_each(:{name}))"
    return f"{column} = ANY(CAST(:{name} AS text[]))"


def word_list(connection: Connection, words: Collection[str]) -> str:
    """Texts in the form in which `among_words` takes them."""
    return json.dumps(list(words)) if is_sqlite(connection) else array_of(words)


@cache
def _values(table: str, names: tuple[str, ...], end: str) -> str:
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) {end}"


def insert_rows(
    connection: Connection, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Plain]], end: str = ""
) -> None:
    """Inserts rows of plain values. `columns` names them with their kind (`bigint`, `text`); `end` may be a conflict
    clause. Times are milliseconds, words their text: no type of the models converts anything here.
    """
    if not rows:
        return
    names = tuple(columns)
    if is_sqlite(connection):
        connection.exec_driver_sql(_values(table, names, end), [tuple(row) for row in rows])
        return
    turned = zip(names, zip(*rows, strict=True), strict=True)
    connection.execute(_arrays(table, tuple(columns.items()), end), {name: array_of(values) for name, values in turned})


@cache
def _prepared(statement: TextClause) -> Prepared:
    return Prepared(statement)


def insert_later(
    session: Session, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Plain]], end: str = ""
) -> None:
    """The same for what nobody waits for: few rows go to a server with the next question (`Prepared.later`)."""
    connection = session.connection()
    if is_sqlite(connection) or not 0 < len(rows) <= FEW:
        insert_rows(connection, table, columns, rows, end)
        return
    turned = zip(columns, zip(*rows, strict=True), strict=True)
    statement = _prepared(_arrays(table, tuple(columns.items()), end))
    statement.later(session, {name: array_of(values) for name, values in turned})


@cache
def _changed_arrays(table: str, change: str, condition: str, columns: tuple[tuple[str, str], ...]) -> TextClause:
    names = ", ".join(f'"{name}"' for name, _kind in columns)
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in columns)
    for name, _kind in columns:
        change, condition = change.replace(f":{name}", f"given.{name}"), condition.replace(f":{name}", f"given.{name}")
    return text(f"UPDATE {table} SET {change} FROM unnest({arrays}) AS given ({names}) WHERE {condition}")


def update_rows(
    connection: Connection,
    table: str,
    change: str,
    condition: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Plain]],
) -> int:
    """Changes many rows, each by its own values (`:name` in change and condition); gives how many were changed.

    On PostgreSQL each row of the table may be named once.
    """
    if not rows:
        return 0
    if is_sqlite(connection):
        names = tuple(columns)
        statement = text(f"UPDATE {table} SET {change} WHERE {condition}")
        return connection.execute(statement, [dict(zip(names, row, strict=True)) for row in rows]).rowcount
    turned = zip(columns, zip(*rows, strict=True), strict=True)
    statement = _changed_arrays(table, change, condition, tuple(columns.items()))
    return connection.execute(statement, {name: array_of(values) for name, values in turned}).rowcount
