"""Many rows in one go: what goes in comes out, whatever it holds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.database import Database
from app.services.bulk import among_words, array_of, word_list

HARD = [
    "",
    " ",
    "{",
    "}",
    ",",
    '"',
    "\\",
    '\\"',
    "NULL",
    "null",
    "a,b",
    "{x}",
    "ü 漢 🎁",
    "line\nbreak",
    "\t",
    "'",
    "%s",
]


def came_back(database: Database, words: list[str | None]) -> list[str | None]:
    def read(session: Session) -> list[str | None]:
        return list(session.execute(text("SELECT CAST(:a AS text[])"), {"a": array_of(words)}).scalar_one())

    return database.read(read)


def needs_arrays(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has no arrays; it gets its rows one by one")


def test_hard_texts_come_back_from_an_array_as_they_were(database: Database) -> None:
    needs_arrays(database)
    assert came_back(database, [*HARD, None]) == [*HARD, None]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=6))
def test_any_texts_come_back_from_an_array_as_they_were(database: Database, words: list[str]) -> None:
    needs_arrays(database)
    assert came_back(database, [*words]) == words


def test_each_hard_text_is_found_among_all_of_them(database: Database) -> None:
    def found(session: Session) -> list[str]:
        connection = session.connection()
        asked = text(f"SELECT w FROM (SELECT :one AS w) given WHERE {among_words(connection, 'w', 'all')}")
        given = [{"one": word, "all": word_list(connection, HARD)} for word in HARD]
        return [str(connection.execute(asked, values).scalar_one()) for values in given]

    assert database.read(found) == HARD
