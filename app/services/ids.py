"""Numbers for new rows, fetched at once, so that whole batches are inserted without asking what each one became."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.prepared import Prepared

_TABLES = frozenset(
    {
        "addresses", "allocations", "customers", "fulfillments", "holds", "locations", "lots", "order_lines", "orders",
        "products", "identifiers", "labels", "stock_movements", "pick_lists", "batches",
    }
)  # fmt: skip


def new_ids(session: Session, table: str, count: int) -> list[int]:
    """So many ids of a table that nobody else will use.

    On SQLite the writer is alone, so they follow the highest; the rows must be inserted in the same transaction and
    before ids of that table are fetched again.
    """
    if table not in _TABLES:
        raise ValueError(table)
    if count <= 0:
        return []
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        highest = connection.execute(text(f"SELECT coalesce(max(id), 0) FROM {table}")).scalar_one()
        return list(range(highest + 1, highest + 1 + count))
    prepared, values = drawing(table, count)
    return [row[0] for row in prepared.rows(session, values)]


def drawing(table: str, count: int) -> tuple[Prepared, Mapping[str, object]]:
    """What a PostgreSQL server is asked for so many ids, to be asked together with others."""
    return (_drawn_one(table), {}) if count == 1 else (_drawn(table), {"count": count})


@cache
def _drawn_one(table: str) -> Prepared:
    return Prepared(text(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))"))


@cache
def _drawn(table: str) -> Prepared:
    drawn = f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))"
    return Prepared(text(f"{drawn} FROM generate_series(1, CAST(:count AS integer))"))
