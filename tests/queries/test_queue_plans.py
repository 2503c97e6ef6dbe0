"""No statement of the order queue or of the floor screen reads a big table from end to end, on either database."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.models.database import Database
from app.models.prepared import Prepared
from app.queries import (
    customers,
    figures,
    floor,
    floor_needs,
    floor_people,
    label_troubles,
    notes,
    order_detail,
    queue_rows,
    queue_search,
)
from app.queries import found as finding
from app.queries.order_queue import _BLOCK_ENDS, _HELD, QueueFilter, QueueView, statement
from app.queries.order_queue_end import backwards, has_end
from app.queries.reading import Listed

BIG = {
    "orders", "order_lines", "holds", "fulfillments", "allocations", "stock_movements", "stock_balances",
    "pick_tasks", "pick_list_slots", "packages", "labels", "audit_entries", "tote_uses", "addresses", "locations",
    "return_authorizations", "products", "gestures", "print_jobs", "refused_rows", "short_picks", "batches",
    "notes", "note_reads", "customers", "payments", "refunds",
    "store_credits", "identifiers", "serial_numbers",
}  # fmt: skip
VALUES: dict[str, object] = {
    "k0": 0, "k1": 0, "k2": 0, "most": 61, "until": 10**15, "state": "picked", "warehouse": 1, "block": 2000,
    "operator": 1, "now": 0, "day_ends": 0, "late_until": 0, "since": 0, "order": 1, "part": 1, "ids": [1, 2, 3],
    "code": "T-1", "codes": ["T-1"], "product": 1, "below": 9, "customer": 1, "at": 9, "rank": 9, "key": 9, "ref": "a",
    "id": 1, "hour": 0, "origin": 0, "older": 0, "station": 0,
    "code0": "T-1", "code1": "T-1", "code2": "T-1", "code3": "T-1", "typed": "1", "large": "1", "marked": "#1",
    "large_marked": "#1",
}  # fmt: skip


def statements() -> dict[str, object]:
    found: dict[str, object] = {f"view {view}": text(statement(view)) for view in QueueView}
    ends = [view for view in QueueView if has_end(QueueFilter(view))]
    found |= {f"end of {view}": text(backwards(view)) for view in ends}
    found["block"] = text(_BLOCK_ENDS.format(held=_HELD.format(more="")))
    found |= {f"figure {name}": text(sql) for name, sql in figures.STATEMENTS.items()}
    found |= {f"floor {name}": text(sql) for name, sql in floor.STATEMENTS.items()}
    for module in (
        customers,
        finding,
        notes,
        queue_rows,
        order_detail,
        queue_search,
        floor_people,
        floor_needs,
        label_troubles,
    ):
        for name, value in vars(module).items():
            for key, one in value.items() if isinstance(value, dict) else [("", value)]:
                if name.startswith("_") and (isinstance(one, Listed | Prepared) or hasattr(one, "bindparams")):
                    found[f"{module.__name__.rpartition('.')[2]} {name} {key}".strip()] = one
    return found


def on(database: Database, asked: object) -> tuple[object, dict[str, object]]:
    """The statement as this database is asked it, and all that may fill its places."""
    if isinstance(asked, Listed):
        ids = "[1, 2, 3]" if database.is_sqlite else "{1,2,3}"
        return (asked.sqlite if database.is_sqlite else asked.postgresql).statement, {**VALUES, "ids": ids}
    return (asked.statement if isinstance(asked, Prepared) else asked), VALUES


NAMES = sorted(statements())


@pytest.mark.parametrize("name", NAMES)
def test_goes_along_indexes(database: Database, name: str) -> None:
    asked, values = on(database, statements()[name])
    wanted = {key: value for key, value in values.items() if re.search(rf"(?<!:):{key}\b", str(asked))}
    with database.connection() as connection:
        compiled = asked.bindparams(**wanted).compile(  # type: ignore[attr-defined]
            connection, compile_kwargs={"literal_binds": True, "render_postcompile": True}
        )
        if database.is_sqlite:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").all()
            plan = [str(row[3]) for row in rows]
            scans = [one for one in plan if one.startswith("SCAN") and "INDEX" not in one]
        else:
            connection.exec_driver_sql("SET enable_seqscan = off")
            plan = [str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {compiled}".replace("%", "%%"))]
            scans = [one for one in plan if "Seq Scan on" in one]
    tables = {word for one in scans for word in re.findall(r"\w+", one)}
    aliases = dict(re.findall(r"(?:FROM|JOIN) (\w+) (\w+)\b", str(asked)))
    named = tables | {table for table, alias in aliases.items() if alias in tables}
    assert not named & BIG, plan


def test_all_statements_are_looked_at() -> None:
    assert len(NAMES) > 40
