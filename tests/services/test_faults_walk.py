"""A fault at every statement of allocate, pick, pack, ship and return in turn: all of it happens, or nothing does.

After each fault every invariant holds, and the work can be finished.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from app.domain.outcomes import Outcome
from app.models.database import Database
from app.services.cancel import cancel_order
from tests.databases import Databases, assert_sound
from tests.services.faulty_day import Day, Faults, begin, end

ROOT = Path(__file__).resolve().parents[2]


def test_a_fault_at_any_statement_leaves_nothing_half_done(databases: Databases) -> None:
    plain = databases.fresh()
    day = begin(plain)
    faults = day.faults
    with faults.listening():
        counts = [faults.count(step) for _, step in day.steps()]
    wanted = end(plain)
    assert wanted == {
        "order": "shipped", "fulfillment": "shipped", "label": "handed_over", "return": "closed", "on shelves": 1,
        "with the customer": 2, "movements": wanted["movements"],
    }  # fmt: skip
    assert min(counts) > 3

    database = databases.fresh()
    day = begin(database)
    faults = day.faults
    rows = text("SELECT (SELECT count(*) FROM gestures), (SELECT count(*) FROM stock_movements), "
                "(SELECT count(*) FROM audit_entries)")  # fmt: skip
    strikes = 0
    with faults.listening():
        for (name, step), count in zip(day.steps(), counts, strict=True):
            before = database.read(lambda s: tuple(s.execute(rows).one()))
            for at in range(1, count + 1):
                done = day.bench.done
                faults.strike(step, at)
                day.bench.done = done
                strikes += 1
                assert database.read(lambda s: tuple(s.execute(rows).one())) == before, (name, at)
            assert_sound(database)
            step()
    assert_sound(database)
    assert end(database) == wanted
    assert strikes == sum(counts) > (500 if plain.is_sqlite else 450)  # a server hears of some together


@pytest.mark.parametrize("stage", [2, 6, 9, 12, 14])
def test_a_fault_in_a_cancellation_at_any_stage_leaves_nothing_half_done(databases: Databases, stage: int) -> None:
    def until(database: Database) -> tuple[Day, Callable[[], Outcome]]:
        day = begin(database)
        for _, step in day.steps()[:stage]:
            step()
        return day, lambda: database.write(lambda s: cancel_order(s, day.site.actor, day.order, "changed their mind"))

    plain = databases.fresh()
    _, cancel = until(plain)
    faults = Faults(plain)
    with faults.listening():
        count = faults.count(cancel)
    wanted = end(plain)

    database = databases.fresh()
    _, cancel = until(database)
    faults = Faults(database)
    with faults.listening():
        for at in range(1, count + 1):
            faults.strike(cancel, at)
        assert_sound(database)
        assert cancel().code.startswith("cancel.order")
    assert end(database) == wanted
    assert_sound(database)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system begins no process as a copy of another")
def test_a_station_killed_at_a_statement_leaves_nothing_half_done(databases: Databases) -> None:
    """As `kill -9`; some statements of each step here, all of them by `python -m tests.services.killed_day URL`."""
    databases.fresh().close()
    walk = [sys.executable, "-m", "tests.services.killed_day", databases.url, "1"]
    ran = subprocess.run(walk, cwd=ROOT, capture_output=True, check=False, encoding="utf-8")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["steps"] == 22
    assert told["kills"] == 22 * 2
    assert told["end"]["order"] == "shipped"
    made = Database.open(databases.url)
    assert_sound(made)
    made.close()
