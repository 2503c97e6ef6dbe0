"""Readings in steps: what several of them ask at the same time goes to the database in one way there and back.

A reading is a generator. It yields statements that need nothing of each other's answers, is given their rows, and
returns what it made of them.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.prepared import Prepared, Row, rows_together

T = TypeVar("T")
Asked = tuple[Prepared, Mapping[str, Any]]
"""A statement with its values."""
Reading = Generator[Sequence[Asked], Sequence[list[Row]], T]


@cache
def prepared(sql: str) -> Prepared:
    """The statement of these words, compiled once; for words that are put together, in a few dozen ways at most."""
    return Prepared(text(sql))


class Listed:
    """A reading for a list of ids, which its SQL takes as `IN :ids`: for the database the whole list is one value."""

    def __init__(self, sql: str) -> None:
        self.sqlite = Prepared(text(sql.replace("IN :ids", "IN (SELECT value FROM json_each(:ids))")))
        self.postgresql = Prepared(text(sql.replace("IN :ids", "= ANY(CAST(:ids AS bigint[]))")))

    def asked(self, session: Session, ids: Sequence[int], **values: object) -> Asked:
        """The statement for these ids, in the words of the session's database."""
        if session.get_bind().dialect.name == "sqlite":
            return self.sqlite, {"ids": json.dumps(list(ids)), **values}
        return self.postgresql, {"ids": "{" + ",".join(map(str, ids)) + "}", **values}


class Step(Generic[T]):
    """One reading under way. `asked` is what it waits for; when that is None, `result` is there."""

    result: T

    def __init__(self, reading: Reading[T]) -> None:
        self._reading = reading
        self.asked: Sequence[Asked] | None = None
        self._go_on(None)

    def told(self, rows: Sequence[list[Row]]) -> None:
        """Goes on with the rows of what was asked."""
        self._go_on(rows)

    def _go_on(self, rows: Sequence[list[Row]] | None) -> None:
        try:
            self.asked = next(self._reading) if rows is None else self._reading.send(rows)
        except StopIteration as ended:
            self.asked, self.result = None, ended.value


def read_together(session: Session, *steps: Step[Any]) -> None:
    """Brings all of these to their results, each round of questions in one way there and back."""
    while waiting := [step for step in steps if step.asked is not None]:
        asked = [one for step in waiting for one in step.asked or ()]
        rows = iter(rows_together(session, *asked) if asked else ())
        for step in waiting:
            step.told([next(rows) for _ in step.asked or ()])


def read(session: Session, reading: Reading[T]) -> T:
    """The result of one reading."""
    step = Step(reading)
    read_together(session, step)
    return step.result
