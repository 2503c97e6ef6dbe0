"""What waits for a bench is found among open work alone, however much was shipped before."""

from __future__ import annotations

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from app.models.database import Database
from app.queries import bench


def test_shipped_orders_are_not_read(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("a server plans with the values, and sees that only open work can be meant")

    def plan(session: Session) -> list[str]:
        made = bench._READY.compile(dialect=sqlite.dialect())
        values = {**made.params, "warehouse": 1, "most": 12}
        given = tuple(values[name] for name in made.positiontup or ())
        return [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {made}", given)]

    steps = database.read(plan)
    assert any("ix_fulfillments_open" in step for step in steps)
    assert not any(step.startswith("SCAN") for step in steps)
