"""One order's day, step by step, and faults at its statements: raised in this process, or by killing another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, Engine, event, text

from app.domain.outcomes import Place
from app.domain.ports import BoughtLabel
from app.integrations.carriers.own_delivery import tracking_number
from app.models.database import Database, Session
from app.models.prepared import Prepared
from app.services import labels, print_jobs
from app.services.actor import Actor
from app.services.allocate import allocate_ready
from app.services.release import release
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench
from tests.services.machine_floor import whole_bench


class KilledError(Exception):
    """Stands for the process that dies at a statement."""


COMMIT = -1
"""Stands for the last statement, whichever number it has."""


def _dies(what: str) -> None:
    raise KilledError(what)


class Faults:
    """Dies at the nth statement of this thread's work; counts those that pass."""

    def __init__(self, database: Database, die: Callable[[str], None] = _dies) -> None:
        """`die` gets the statement at which it happens."""
        self._database, self._thread, self._die = database, threading.current_thread(), die
        self.at: int | None = None
        self.seen = 0

    def _before(self, connection: Connection, cursor: object, statement: str, *rest: object) -> None:
        if threading.current_thread() is self._thread:  # what notifies after a commit has a thread of its own
            self._next(statement)

    def _commit(self, session: Session) -> None:
        if threading.current_thread() is self._thread and not session.in_nested_transaction():
            self._next("COMMIT")

    def _next(self, what: str) -> None:
        if self.at is None:
            return
        self.seen += 1
        if self.seen == self.at or (self.at == COMMIT and what == "COMMIT"):
            self._die(what)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """As long as faults may happen."""
        engines: set[Engine] = {self._database.engine, self._database._writer}  # a file has one of its own for writing
        run, later, soon = Prepared._run, Prepared.later, Prepared.soon

        def prepared(statement: Prepared, session: Session, values: Mapping[str, object]) -> object:
            if threading.current_thread() is self._thread:
                self._next(str(statement.statement))  # these go straight to the driver, past the engine's events
            return run(statement, session, values)

        def prepared_later(statement: Prepared, session: Session, values: Mapping[str, object]) -> None:
            if session.get_bind().dialect.name != "sqlite" and threading.current_thread() is self._thread:
                self._next(str(statement.statement))  # on a file it runs at once, as any other
            later(statement, session, values)

        def prepared_soon(statement: Prepared, session: Session, values: Mapping[str, object]) -> object:
            if session.get_bind().dialect.name != "sqlite" and threading.current_thread() is self._thread:
                self._next(str(statement.statement))  # with others in one message, on a server alone
            return soon(statement, session, values)

        for engine in engines:
            event.listen(engine, "before_cursor_execute", self._before)
        event.listen(Session, "before_commit", self._commit)  # the engine's own event may send the commit already
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Prepared, "_run", prepared)
                patch.setattr(Prepared, "later", prepared_later)
                patch.setattr(Prepared, "soon", prepared_soon)
                yield
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", self._before)
            event.remove(Session, "before_commit", self._commit)

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
