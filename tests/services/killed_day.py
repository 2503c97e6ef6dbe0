"""Kills a station as `kill -9` does, at statement after statement of an order's day, on an empty database.

`python -m tests.services.killed_day URL [MOST]`: at MOST statements of each step, spread over it (all of them without
that), and after its commit before anybody was told. After each kill the rows are as they were before the step, or as
after it where the commit was done; `check` is clean, the step is done by who comes back, and the day comes to its end.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from sqlalchemy import text

from app.models.database import Database
from tests.databases import assert_sound
from tests.services.faulty_day import COMMIT, Day, Faults, begin, end

AFTER = 0
"""Stands for the moment after the commit."""
_ROWS = text(
    "SELECT (SELECT count(*) FROM gestures), (SELECT count(*) FROM stock_movements), "
    "(SELECT count(*) FROM allocations), (SELECT count(*) FROM audit_entries), (SELECT count(*) FROM change_log)"
)


def walk(url: str, most: int = 0) -> dict[str, object]:
    """The whole day; gives what was done and what it came to. Raises AssertionError where something is half done."""
    with closing(Database.open(url)) as database:
        day = begin(database)
    steps, kills = len(day.steps()), 0
    for number in range(steps):
        for at in _spread(_count(url, day, number), most):
            before = _rows(url)
            _kill(url, day, number, at)
            assert _rows(url) == before, f"step {number}, statement {at}"
            kills += 1
        _kill(url, day, number, AFTER)
        kills += 1
        with closing(Database.open(url)) as database:
            assert_sound(database)
            day = _at(day, database)
            done = _rows(url)
            day.steps()[number][1]()  # whoever comes back does it again: it was done already, and is not done twice
            assert _rows(url) == done, f"step {number} was done twice"
    with closing(Database.open(url)) as database:
        assert_sound(database)
        return {"steps": steps, "kills": kills, "end": end(database)}


def _rows(url: str) -> tuple[object, ...]:
    with closing(Database.open(url)) as database:
        return tuple(database.read(lambda session: session.execute(_ROWS).one()))


def _at(day: Day, database: Database, die: Callable[[str], None] = lambda _: None) -> Day:
    """The same day by another process."""
    return replace(day, database=database, bench=replace(day.bench, database=database), faults=Faults(database, die))


def _count(url: str, day: Day, number: int) -> int:
    """How many statements a step has, its commit included, which it does not come to here."""
    with closing(Database.open(url)) as database:
        mine = replace(_at(day, database), faults=Faults(database))
        with mine.faults.listening():
            mine.faults.strike(mine.steps()[number][1], COMMIT)
        return mine.faults.seen


def _kill(url: str, day: Day, number: int, at: int) -> None:
    """Does a step in another process, which is killed at its nth statement, or after its commit."""
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            _do_and_die(url, day, number, at)
        os._exit(1)  # it did not die where it should
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"step {number}, statement {at}: exit {os.waitstatus_to_exitcode(status)}"


def _do_and_die(url: str, day: Day, number: int, at: int) -> None:
    def die(_what: str = "") -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    mine = _at(day, Database.open(url), die)
    with mine.faults.listening():
        mine.faults.at = None if at == AFTER else at
        mine.steps()[number][1]()
    if at == AFTER:
        die()


def _spread(count: int, most: int) -> list[int]:
    if not most or count <= most:
        return list(range(1, count + 1))
    return sorted({1 + (n * (count - 1)) // max(1, most - 1) for n in range(most)})


if __name__ == "__main__":
    print(json.dumps(walk(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0), default=int))
