"""A fault at every statement of allocate, pick, pack, ship and return in turn: all of it happens, or nothing does.

After each fault every invariant holds, and the work can be finished. All statements of the short use cases are walked;
of the long ones so many, spread over them and shifted by a seed, that the whole takes seconds.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, event, text

from app.domain.outcomes import Outcome, Place
from app.domain.ports import BoughtLabel
from app.integrations.carriers.own_delivery import tracking_number
from app.models.database import Database, Session
from app.models.prepared import Prepared
from app.services import labels, print_jobs
from app.services.actor import Actor
from app.services.allocate import allocate_ready
from app.services.cancel import cancel_order
from app.services.release import release
from tests.databases import Databases, assert_sound
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench
from tests.services.machine_floor import whole_bench

MOST = 28
"""Faults walked through in one step of the day; `SEED` moves which."""
SEED = 20260302


class KilledError(Exception):
    """Stands for the process that dies at a statement."""


class Faults:
    """Raises at the nth statement of a connection's work; counts those that pass."""

    def __init__(self, database: Database) -> None:
        self._database, self._thread = database, threading.current_thread()
        self.at: int | None = None
        self.seen = 0

    def _before(self, connection: Connection, cursor: object, statement: str, *rest: object) -> None:
        if threading.current_thread() is self._thread:  # what notifies after a commit has a thread of its own
            self._next(statement)

    def _commit(self, connection: Connection) -> None:
        if threading.current_thread() is self._thread:
            self._next("COMMIT")

    def _next(self, what: str) -> None:
        if self.at is None:
            return
        self.seen += 1
        if self.seen == self.at:
            raise KilledError(what)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """As long as faults may happen."""
        engine, run = self._database.engine, Prepared._run

        def prepared(statement: Prepared, session: Session, values: Mapping[str, object]) -> object:
            self._next(str(statement.statement))  # these go straight to the driver, past the engine's events
            return run(statement, session, values)

        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "commit", self._commit)
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Prepared, "_run", prepared)
                yield
        finally:
            event.remove(engine, "before_cursor_execute", self._before)
            event.remove(engine, "commit", self._commit)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing of this counts."""
        at, self.at = self.at, None
        try:
            yield
        finally:
            self.at = at

    def count(self, step: Callable[[], object]) -> int:
        """How many statements a step that goes well has."""
        self.at, self.seen = 0, 0
        try:
            step()
        finally:
            self.at = None
        return self.seen

    def strike(self, step: Callable[[], object], at: int) -> None:
        """Runs a step that dies at its nth statement."""
        self.at, self.seen = at, 0
        try:
            with pytest.raises(KilledError):
                step()
        finally:
            self.at = None


@dataclass
class Day:
    """One order of two products on its way through a warehouse, one step after the other."""

    database: Database
    site: build.Site
    bench: Bench
    order: int
    number: str
    faults: Faults

    def steps(self) -> list[tuple[str, Callable[[], object]]]:
        """What happens, in order; each is one transaction."""

        def scan(code: str) -> tuple[str, Callable[[], object]]:
            return code, lambda: self.bench.scan(code)

        def write(name: str, work: Callable[..., object]) -> tuple[str, Callable[[], object]]:
            return name, lambda: self.database.write(lambda s: work(s, self.site.actor))

        return [
            write("allocate", lambda s, actor: allocate_ready(s, actor, 10)),
            write("release", release),
            ("walk", lambda: self.bench.scan(f"PL-{self._id('pick_lists')}")),
            *(scan(code) for code in ("T-1", "A-01-1", "CUP", "CUP", "A-02-1", "LAMP")),
            *(scan(code) for code in ("T-1", "CUP", "CUP", "LAMP")),
            ("label", self._buy),
            write("ship", self._printed),
            *(scan(code) for code in ("PW-RTN", self.number, "CUP", "PW-GR-A", "PW-MIND", "PW-RESTOCK", "PW-REFUND")),
        ]

    def _id(self, table: str) -> int:
        """Numbers of rows that a fault rolled back are never used again, so the one that is there is looked up."""
        with self.faults.paused():
            return self.database.read(lambda s: int(s.execute(text(f"SELECT max(id) FROM {table}")).scalar_one()))

    def _buy(self) -> None:
        label = self._id("labels")
        sold = BoughtLabel(tracking_number(label), "")
        self.database.write(lambda s: labels.bought(s, self.site.actor, label, sold, "Own"))

    def _printed(self, session: Session, actor: Actor) -> None:
        for _ in range(2):
            job = print_jobs.take_next(session, actor)
            if job is not None and print_jobs.printed(session, actor, job.id) is not None:
                labels.came_out(session, actor, job.label_id or 0)


def begin(database: Database) -> Day:
    site = database.write(build.build_site)
    bench = whole_bench(database, site, "", Place.PICK)

    def make(session: Session) -> tuple[int, str]:
        build.stock(session, site, "CUP", "A-01-1", 2)
        build.stock(session, site, "LAMP", "A-02-1", 1)
        order = build.add_order(session, site, [("CUP", 2), ("LAMP", 1)])
        return order.id, order.number

    order, number = database.write(make)
    return Day(database, site, bench, order, number, Faults(database))


def end(database: Database) -> dict[str, object]:
    """What the day came to."""
    told = {
        "order": "SELECT state FROM orders",
        "fulfillment": "SELECT state FROM fulfillments",
        "label": "SELECT state FROM labels",
        "return": "SELECT state FROM return_authorizations",
        "on shelves": "SELECT sum(b.on_hand) FROM stock_balances b JOIN locations l ON l.id = b.location_id "
        "WHERE l.kind = 'shelf'",
        "with the customer": "SELECT count(*) FROM stock_movements WHERE reason = 'ship'",
        "movements": "SELECT count(*) FROM stock_movements",
    }
    return database.read(lambda s: {name: s.execute(text(sql)).scalar() for name, sql in told.items()})


def struck(count: int, rng: random.Random) -> list[int]:
    """Which statements of so many are struck: all of few; of many the first, the last and some between."""
    if count <= MOST:
        return list(range(1, count + 1))
    stride = count / (MOST - 1)
    shift = rng.random() * stride
    return sorted({1, count, *(min(count, max(1, int(shift + stride * n))) for n in range(MOST - 1))})


def test_a_fault_at_any_statement_leaves_nothing_half_done(databases: Databases) -> None:
    rng = random.Random(SEED)
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
            for at in struck(count, rng):
                done = day.bench.done
                faults.strike(step, at)
                day.bench.done = done
                strikes += 1
                assert database.read(lambda s: tuple(s.execute(rows).one())) == before, (name, at)
            assert_sound(database)
            step()
    assert_sound(database)
    assert end(database) == wanted
    assert strikes > 150


@pytest.mark.parametrize("stage", [2, 6, 9, 12, 14])
def test_a_fault_in_a_cancellation_at_any_stage_leaves_nothing_half_done(databases: Databases, stage: int) -> None:
    rng = random.Random(SEED + stage)

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
        for at in struck(count, rng):
            faults.strike(cancel, at)
        assert_sound(database)
        assert cancel().code.startswith("cancel.order")
    assert end(database) == wanted
    assert_sound(database)
