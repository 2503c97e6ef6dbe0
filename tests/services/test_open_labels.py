"""Labels whose purchase is not settled are found among the open work, however many parcels have left."""

from __future__ import annotations

import pytest

from app.models.database import Database
from app.services import open_labels

STATEMENTS = ("_ANY", "_OF_STATION", "_HELD")


@pytest.mark.parametrize("name", STATEMENTS)
def test_they_are_found_along_the_open_fulfillments(database: Database, name: str) -> None:
    sql = getattr(open_labels, name).text.replace(":station", "1")
    with database.connection() as connection:
        if database.is_sqlite:
            plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
            assert "SCAN f USING COVERING INDEX ix_fulfillments_open" in plan
            assert [one for one in plan if one.startswith("SCAN") and "ix_fulfillments_open" not in one] == []
        else:
            connection.exec_driver_sql("SET enable_seqscan = off")
            plan = [str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {sql}")]
            assert [one for one in plan if "Seq Scan on" in one] == []
