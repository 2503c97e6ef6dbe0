"""States change only as domain/states.py allows, in any order of deeds: the database itself writes it down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, precondition, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain import states
from tests.databases import SqliteDatabases
from tests.services import stock_builders as build
from tests.services.test_machine import EXAMPLES, STEPS, Day

S = TypeVar("S", bound=str)
MOVES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "fulfillments": {str(old): frozenset(map(str, new)) for old, new in states.FULFILLMENT_MOVES.items()},
    "packages": {str(old): frozenset(map(str, new)) for old, new in states.PACKAGE_MOVES.items()},
    "labels": {str(old): frozenset(map(str, new)) for old, new in states.LABEL_MOVES.items()},
    "print_jobs": {str(old): frozenset(map(str, new)) for old, new in states.PRINT_JOB_MOVES.items()},
    "return_authorizations": {str(old): frozenset(map(str, new)) for old, new in states.RETURN_MOVES.items()},
}


class WatchedDay(Day):
    """A day whose every change of a state is written down by triggers of the database."""

    watching = False

    def _open_house(self, session: Session) -> build.Site:
        connection = session.connection()
        connection.execute(text("CREATE TABLE seen_moves (what TEXT, ident INTEGER, old TEXT, new TEXT)"))
        for table in MOVES:
            connection.exec_driver_sql(
                f"CREATE TRIGGER watch_{table} AFTER UPDATE OF state ON {table} WHEN OLD.state <> NEW.state "
                f"BEGIN INSERT INTO seen_moves VALUES ('{table}', NEW.id, OLD.state, NEW.state); END"
            )
        return super()._open_house(session)

    @invariant()
    @precondition(lambda self: hasattr(self, "database"))
    def every_move_was_allowed(self) -> None:
        if not self.watching:  # the day was arranged by hand before it began
            self.write(lambda s: s.execute(text("DELETE FROM seen_moves")))
            self.watching = True
        rows = self.database.read(
            lambda s: [tuple(row) for row in s.execute(text("SELECT what, ident, old, new FROM seen_moves"))]
        )
        assert [row for row in rows if row[3] not in MOVES[row[0]][row[2]]] == []


def test_no_state_is_left_for_one_that_may_not_follow(sqlite_databases: SqliteDatabases) -> None:
    class DayHere(WatchedDay):
        pass

    DayHere.databases = sqlite_databases
    try:
        run_state_machine_as_test(
            DayHere,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        sqlite_databases.close()
