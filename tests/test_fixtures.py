"""The databases of the tests: real, migrated, and empty each time."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from app.models.database import Database
from app.models.schema import SchemaState, schema_state
from tests.databases import Databases, PostgresDatabases, assert_sound


def count(database: Database, table: str) -> int:
    """How many rows a table has."""
    return database.read(lambda session: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def fill(database: Database) -> int:
    """Adds an address; returns its id."""
    statement = text("INSERT INTO addresses (name, country) VALUES ('A', 'PL') RETURNING id")
    return database.write(lambda session: session.execute(statement).scalar_one())


def test_the_schema_is_current(database: Database) -> None:
    assert schema_state(database) is SchemaState.CURRENT
    assert "stock_movements" in inspect(database.engine).get_table_names()


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database(database: Database, turn: int) -> None:
    assert count(database, "addresses") == 0
    assert fill(database) == 1


def test_rows_and_numbers_start_again(databases: Databases) -> None:
    for _example in range(3):
        database = databases.fresh()
        assert count(database, "addresses") == 0
        assert [fill(database), fill(database)] == [1, 2]


def test_a_second_station_sees_the_same_rows(databases: Databases) -> None:
    first = databases.fresh()
    fill(first)
    second = Database.open(databases.url)
    assert count(second, "addresses") == 1
    second.close()


def test_a_transaction_that_was_left_open_does_not_hold_the_next_test_up(
    postgresql_databases: PostgresDatabases,
) -> None:
    postgresql_databases.fresh()
    left = Database.open(postgresql_databases.url)
    with left.engine.connect() as connection:
        connection.execute(text("INSERT INTO addresses (name, country) VALUES ('A', 'PL')"))
        database = postgresql_databases.fresh()
        assert fill(database) >= 1
        assert count(database, "addresses") == 1
        with pytest.raises(OperationalError, match="terminating connection"):
            connection.execute(text("SELECT 1"))
    left.close()
    postgresql_databases.close()


@pytest.mark.plants_violations
def test_a_broken_invariant_is_noticed_after_a_test(database: Database) -> None:
    assert_sound(database)
    gap = text(
        "INSERT INTO audit_entries (writer, seq, at, action, subject_kind, detail, previous, digest)"
        " VALUES ('station:1', 7, 0, 'pack', 'order', '{}', '', 'wrong')"
    )
    database.write(lambda session: session.execute(gap))
    with pytest.raises(AssertionError, match="audit_entry"):
        assert_sound(database)
