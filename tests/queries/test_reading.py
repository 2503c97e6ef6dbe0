"""Readings that go on side by side share their ways to the database, and each gets its own rows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.database import Database
from app.models.prepared import Prepared, Row
from app.queries import reading
from app.queries.reading import Asked, Listed, Reading, Step, prepared, read, read_together

ONE = Prepared(text("SELECT CAST(:number AS BIGINT) AS number"))
OF = Listed("SELECT id FROM (SELECT 7 AS id UNION ALL SELECT 8 UNION ALL SELECT 9) x WHERE id IN :ids ORDER BY id")


def countdown(number: int) -> Reading[list[int]]:
    """Asks for a number, then for the next smaller one, down to 1."""
    seen = []
    while number:
        (rows,) = yield ((ONE, {"number": number}),)
        seen.append(rows[0][0])
        number = rows[0][0] - 1
    return seen


def pair(one: int, other: int) -> Reading[tuple[int, int]]:
    (first,), (second,) = yield [(ONE, {"number": one}), (ONE, {"number": other})]
    yield []
    return first[0], second[0]


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many statements went each way to the database."""
    counted: list[int] = []
    real = reading.rows_together

    def counting(session: Session, *asked: Asked) -> list[list[Row]]:
        counted.append(len(asked))
        return real(session, *asked)

    monkeypatch.setattr(reading, "rows_together", counting)
    return counted


def test_steps_at_the_same_time_are_one_way(database: Database, ways: list[int]) -> None:
    long, short, two = Step(countdown(3)), Step(countdown(1)), Step(pair(40, 41))
    database.read(lambda session: read_together(session, long, short, two))
    assert (long.result, short.result, two.result) == ([3, 2, 1], [1], (40, 41))
    assert ways == [4, 1, 1]


def test_what_asks_nothing_goes_no_way(database: Database, ways: list[int]) -> None:
    assert database.read(lambda session: read(session, countdown(0))) == []
    assert ways == []


@pytest.mark.parametrize(("ids", "found"), [([9, 7, 1], [7, 9]), ([], []), ([8], [8])])
def test_a_list_is_one_value(database: Database, ids: Sequence[int], found: list[int]) -> None:
    def listed(session: Session) -> Reading[list[int]]:
        (rows,) = yield (OF.asked(session, ids),)
        return [one for (one,) in rows]

    assert database.read(lambda session: read(session, listed(session))) == found


def test_the_same_words_are_compiled_once() -> None:
    assert prepared("SELECT 1") is prepared("SELECT 1")
