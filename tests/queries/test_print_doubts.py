"""The questions of a station are found along the index of open jobs, however many were printed."""

from __future__ import annotations

from sqlalchemy import text

from app.models.database import Database
from app.queries import label_troubles, print_doubts
from tests.databases import SqliteDatabases


def plan(database: Database, statement: object, **given: object) -> list[str]:
    """How SQLite goes about a statement."""
    return database.read(lambda s: [str(row[-1]) for row in s.execute(text(f"EXPLAIN QUERY PLAN {statement}"), given)])


def test_doubts_go_along_the_index_of_open_jobs(sqlite_databases: SqliteDatabases) -> None:
    steps = plan(sqlite_databases.fresh(), print_doubts._DOUBTS, station=1, in_hand=0, most=20)
    assert "SEARCH j USING INDEX ix_print_jobs_open (station_id=?)" in steps
    assert [step for step in steps if step.startswith("SCAN")] == []


def test_label_troubles_read_no_table_whole(sqlite_databases: SqliteDatabases) -> None:
    steps = plan(sqlite_databases.fresh(), label_troubles._FOUND, station=1, since=0, most=20)
    assert [step for step in steps if step.startswith("SCAN") and "USING INDEX" not in step] == []
