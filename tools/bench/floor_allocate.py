"""Allocation by four processes: beside hand-written SQL that writes the same rows, and on products that all want."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

import psycopg
from sqlalchemy import Row, make_url, text

from app.domain.clock import utc_now
from app.domain.states import LocationKind, MovementReason
from app.models.database import Database, Session
from app.services import ledger
from app.services.actor import Actor
from app.services.allocate import allocate_orders
from app.services.audit import FIRST
from app.services.places import counterparty
from tools.bench.context import Context, say
from tools.bench.databases import WAREHOUSE
from tools.bench.floor_goods import ready_orders
from tools.bench.results import Result, quantile, times

PROCESSES = 4
TURNS = 3
BATCH = 500
SINGLE, BATCHED, HOT = 150, 2000, 200
"""Orders of each process in a turn: one a transaction, in batches, and on hot products."""
LEAST_SHARE, HOT_TIMES = 0.5, 3.0
HOT_PRODUCTS = 4
LEFT_OUT = 0.1
"""So many of the orders for hot products find none left."""
_PRODUCTS = text("SELECT product_id FROM stock_balances WHERE on_hand - allocated > 1000 ORDER BY product_id")
_FREE = text(
    "SELECT b.product_id, b.location_id, SUM(b.on_hand - b.allocated) AS free FROM stock_balances b "
    "JOIN locations l ON l.id = b.location_id WHERE b.product_id = ANY(:products) AND b.on_hand > 0 "
    "AND l.kind IN ('shelf', 'bulk') GROUP BY b.product_id, b.location_id"
)


@dataclass(frozen=True, slots=True)
class Job:
    """Orders for one process, so many at once; `bare` by hand-written SQL."""

    bare: bool
    orders: tuple[int, ...]
    at_once: int


@dataclass(frozen=True, slots=True)
class Done:
    """Seconds of the whole job, milliseconds of each transaction, and how many orders were filled."""

    seconds: float
    milliseconds: tuple[float, ...]
    filled: int


class BareAllocation:
    """Order by order over a driver's cursor: what an allocation must read and write, and nothing else."""

    def __init__(self, url: str, rank: int) -> None:
        bare = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._server = psycopg.connect(bare, autocommit=True)
        self._server.execute("SET synchronous_commit = on")
        self._do, self._writer = self._server.cursor().execute, f"bare-allocation:{rank}"
        self._do("INSERT INTO audit_heads (writer, seq, digest) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING",
                 (self._writer, FIRST))  # fmt: skip

    def transaction(self, orders: Sequence[int]) -> int:
        """Some orders, whole or not at all; gives how many were filled."""
        self._do("BEGIN")
        if len(orders) > 1:  # one order of locks, or two batches wait for each other
            self._do("SELECT id FROM stock_balances WHERE on_hand > allocated AND product_id IN (SELECT product_id "
                     "FROM order_lines WHERE order_id = ANY(%s)) ORDER BY id FOR UPDATE", (list(orders),))  # fmt: skip
        for order in orders:
            self._one(order)
        self._note(orders)
        self._do("COMMIT")
        return len(orders)

    def close(self) -> None:
        """Ends the connection."""
        self._server.close()

    def _one(self, order: int) -> None:
        now = round(time.time() * 1000)
        head = self._do("SELECT service, priority, leaves_at FROM orders WHERE id = %s AND state = 'ready' FOR UPDATE",
                        (order,)).fetchone()  # fmt: skip
        lines = self._do("SELECT id, product_id, quantity FROM order_lines WHERE order_id = %s ORDER BY product_id",
                         (order,)).fetchall()  # fmt: skip
        if head is None:
            raise RuntimeError(f"order {order} is not ready")
        part = self._do(
            "INSERT INTO fulfillments (order_id, warehouse_id, state, service, priority, leaves_at, created_at) "
            "VALUES (%s, %s, 'allocated', %s, %s, %s, %s) RETURNING id", (order, WAREHOUSE, *head, now),
        ).fetchone()  # fmt: skip
        for line, product, quantity in lines:
            balance = self._do(
                "UPDATE stock_balances SET allocated = allocated + %s WHERE id = (SELECT s.id FROM stock_balances s "
                "JOIN locations p ON p.id = s.location_id WHERE s.product_id = %s AND s.condition = 'new' "
                "AND p.kind IN ('shelf', 'bulk') AND p.active AND s.on_hand - s.allocated >= %s ORDER BY s.id LIMIT 1) "
                "AND on_hand - allocated >= %s RETURNING id", (quantity, product, quantity, quantity),
            ).fetchone()  # fmt: skip
            if balance is None or part is None:
                raise RuntimeError(f"nothing is left of product {product}")
            self._do("INSERT INTO allocations (order_line_id, fulfillment_id, balance_id, quantity, state) "
                     "VALUES (%s, %s, %s, %s, 'open')", (line, part[0], balance[0], quantity))  # fmt: skip
        self._do("UPDATE orders SET state = 'allocated' WHERE id = %s", (order,))
        for entity, ident in (("order", order), ("fulfillment", part[0] if part else 0)):
            self._do("INSERT INTO change_log (entity, entity_id, at, transaction_id) "
                     "VALUES (%s, %s, %s, pg_current_xact_id()::text::bigint)", (entity, ident, now))  # fmt: skip

    def _note(self, orders: Sequence[int]) -> None:
        """One audit entry for the transaction."""
        row = self._do("SELECT seq, digest FROM audit_heads WHERE writer = %s FOR UPDATE", (self._writer,)).fetchone()
        seq, digest = row or (0, FIRST)
        body, after = json.dumps({"allocated": list(orders)}), f"{seq + 1:064}"
        self._do("INSERT INTO audit_entries (writer, seq, at, action, subject_kind, detail, previous, digest) "
                 "VALUES (%s, %s, %s, 'orders.allocated', 'order', %s, %s, %s)",
                 (self._writer, seq + 1, round(time.time() * 1000), body, digest, after))  # fmt: skip
        self._do("UPDATE audit_heads SET seq = %s, digest = %s WHERE writer = %s", (seq + 1, after, self._writer))


def serve(url: str, rank: int, pipe: Connection) -> None:
    """Does jobs until the pipe says None."""
    database, bare = Database.open(url), BareAllocation(url, rank)

    def ours(orders: Sequence[int]) -> int:
        actor = Actor(utc_now(), f"bench:{rank}", WAREHOUSE)
        return len(database.write(lambda session: allocate_orders(session, actor, orders)).allocated)

    while (job := pipe.recv()) is not None:
        try:
            pipe.send(_do(job, bare.transaction if job.bare else ours))
        except Exception as error:  # noqa: BLE001 - told to who waits for it
            pipe.send(repr(error))
    bare.close()
    database.close()


def _do(job: Job, allocate: Callable[[Sequence[int]], int]) -> Done:
    took: list[float] = []
    filled, began = 0, time.perf_counter()
    for start in range(0, len(job.orders), job.at_once):
        since = time.perf_counter()
        filled += allocate(job.orders[start : start + job.at_once])
        took.append((time.perf_counter() - since) * 1000)
    return Done(time.perf_counter() - began, tuple(took), filled)


@contextmanager
def processes(url: str) -> Iterator[Callable[[Sequence[Job]], list[Done]]]:
    """Four of them until the end of the block; each takes its job at the same moment."""
    context = multiprocessing.get_context("spawn")
    pairs = [context.Pipe() for _ in range(PROCESSES)]
    workers = [
        context.Process(target=serve, args=(url, rank, theirs), daemon=True) for rank, (_, theirs) in enumerate(pairs)
    ]
    for worker in workers:
        worker.start()
    for _, theirs in pairs:
        theirs.close()  # a process that dies is then known by the end of its pipe

    def run(jobs: Sequence[Job]) -> list[Done]:
        for (ours, _), job in zip(pairs, jobs, strict=True):
            ours.send(job)
        answers = [ours.recv() for ours, _ in pairs]
        done = [answer for answer in answers if isinstance(answer, Done)]
        if len(done) < len(answers):
            raise RuntimeError(str([answer for answer in answers if not isinstance(answer, Done)]))
        return done

    try:
        yield run
    finally:
        for ours, _ in pairs:
            ours.send(None)
        for worker in workers:
            worker.join(20)


def measure(context: Context) -> list[Result]:
    """The rate one order a transaction and in batches, then four hot products; on a server only."""
    if context.is_sqlite:
        return []
    database = Database.open(context.url)
    products = database.read(lambda s: list(s.execute(_PRODUCTS).scalars()))
    with processes(context.url) as run:
        made = [
            _rate(context, database, run, products[HOT_PRODUCTS:], SINGLE, 1),
            _rate(context, database, run, products[HOT_PRODUCTS:], BATCHED, BATCH),
            *_hot(context, database, run, products),
        ]
    database.close()
    return made


Run = Callable[[Sequence[Job]], list[Done]]


def _rate(
    context: Context, database: Database, run: Run, products: Sequence[int], orders: int, at_once: int
) -> Result:  # fmt: skip
    """Orders a second of four processes, as a share of hand-written SQL in transactions as large."""
    count = context.times(orders, 20)
    rates: dict[bool, list[float]] = {False: [], True: []}
    say(f"allocation by {PROCESSES} processes, {at_once} orders at once")
    for _ in range(TURNS):
        for bare in (False, True):
            ids = ready_orders(database, PROCESSES * count, 1, products)
            done = run([Job(bare, tuple(ids[rank::PROCESSES]), at_once) for rank in range(PROCESSES)])
            if sum(one.filled for one in done) != len(ids):
                raise RuntimeError(f"{sum(one.filled for one in done)} of {len(ids)} orders were filled")
            rates[bare].append(sum(count / one.seconds for one in done))
    ours, bare_rate = quantile(rates[False], 0.5), quantile(rates[True], 0.5)
    share = ours / bare_rate
    name = f"allocation by {PROCESSES} processes, {'one order' if at_once == 1 else f'{at_once} orders'} a transaction"
    note = f"{ours:,.0f} orders/s, hand-written SQL {bare_rate:,.0f}"
    return Result(
        name, context.orders, context.kind, "of bare", TURNS, share, share, f"at least {LEAST_SHARE}",
        share >= LEAST_SHARE, note,
    )  # fmt: skip


def _hot(context: Context, database: Database, run: Run, products: Sequence[int]) -> list[Result]:
    """All want the same four products, and one in ten is too late; beside it each process has four of its own."""
    count = context.times(HOT, 12)
    wanted = PROCESSES * count
    hot, cool = products[:HOT_PRODUCTS], products[HOT_PRODUCTS : HOT_PRODUCTS * (1 + PROCESSES)]
    taken: dict[bool, list[float]] = {True: [], False: []}
    wrong: list[str] = []
    say(f"allocation on {HOT_PRODUCTS} hot products")
    each = int(wanted * (1 - LEFT_OUT)) // HOT_PRODUCTS
    for _ in range(TURNS):
        database.write(lambda session: _leave(session, hot, each))
        ids = ready_orders(database, wanted, 1, hot, lines=1)
        done = run([Job(False, tuple(ids[rank * count : (rank + 1) * count]), 1) for rank in range(PROCESSES)])
        taken[True] += [one for told in done for one in told.milliseconds]
        left = sum(row.free for row in database.read(lambda s: _free(s, hot)))
        filled = sum(one.filled for one in done)
        if filled != each * HOT_PRODUCTS or left:
            wrong.append(f"{filled} filled of {each * HOT_PRODUCTS} units, {left} left")
        jobs = []
        for rank in range(PROCESSES):
            own = cool[rank * HOT_PRODUCTS : (rank + 1) * HOT_PRODUCTS]
            jobs.append(Job(False, tuple(ready_orders(database, count, 1, own, lines=1)), 1))
        taken[False] += [one for told in run(jobs) for one in told.milliseconds]
    most = HOT_TIMES * quantile(taken[False], 0.99)
    said = "; ".join(wrong) or "none oversold, none refused while there was stock"
    made = times(f"allocation on {HOT_PRODUCTS} hot products", context.orders, context.kind, taken[True], p99=most,
                 note=said)  # fmt: skip
    apart = times("allocation on products apart", context.orders, context.kind, taken[False])
    whole = Result("hot products: units and winners", context.orders, context.kind, "wrong", TURNS, len(wrong),
                   len(wrong), "none", not wrong, said)  # fmt: skip
    return [made, apart, whole]


def _free(session: Session, products: Sequence[int]) -> Sequence[Row[tuple[int, int, int]]]:
    return session.execute(_FREE, {"products": list(products)}).all()


def _leave(session: Session, products: Sequence[int], units: int) -> None:
    """So many free units of each product; the rest leaves the ledger, what lacks comes into it."""
    actor = Actor(utc_now(), "bench", WAREHOUSE)
    other = counterparty(session, WAREHOUSE, LocationKind.ADJUSTMENT)
    seen: set[int] = set()
    for row in _free(session, products):
        wanted = 0 if row.product_id in seen else units  # what lies in a second place leaves
        seen.add(row.product_id)
        goods = ledger.Goods(row.product_id, abs(row.free - wanted))
        if row.free > wanted:
            ledger.move(session, actor, MovementReason.ADJUSTMENT, goods, row.location_id, other)
        elif row.free < wanted:
            ledger.move(session, actor, MovementReason.ADJUSTMENT, goods, other, row.location_id)
