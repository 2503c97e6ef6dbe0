"""Many rows in one go: what goes in comes out, whatever it holds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.database import Database
from app.services.bulk import among_words, array_of, insert_later, rows_over, word_list

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


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 19, 20, 21, 40])
def test_as_many_rows_are_read_as_were_asked_for(database: Database, count: int) -> None:
    sku = "INSERT INTO products (id, sku, sku_key, name, created_at) VALUES (:id, :sku, :sku, '', 0)"
    rows = [{"id": number, "sku": f"P-{number:02}"} for number in range(1, 41)]
    database.write(lambda s: s.connection().execute(text(sku), rows) and None)
    asked = [row["id"] for row in rows][:count]
    read = "SELECT sku FROM products p WHERE p.id IN (:ids) AND p.sku <> :never ORDER BY p.id"
    found = database.read(lambda s: [row[0] for row in rows_over(s, read, asked, never="P-02")])
    assert found == [row["sku"] for row in rows[:count] if row["sku"] != "P-02"]


def test_what_is_written_later_is_there_for_who_reads_next(database: Database) -> None:
    columns = {"sku": "text", "sku_key": "text", "name": "text", "created_at": "bigint"}

    def write(session: Session) -> list[str]:
        for start, count in ((0, 3), (3, 40)):
            made = [(f"P-{number:02}", f"P-{number:02}", 'Cup "{A}"', 0) for number in range(start, start + count)]
            insert_later(session, "products", columns, made)
        return list(session.connection().execute(text("SELECT name FROM products")).scalars())

    assert database.write(write) == ['Cup "{A}"'] * 43
