"""Processes that race for the last units of products: as many winners as units, each of them answered.

`python -m tools.races --database URL --rounds 10000` on an empty database. In each round every process holds an order
for one unit of each of some products of which fewer units are there than processes; all ask at the same moment, half of
the rounds one order after the other in one sequence, half of them all orders in one transaction.
Exit status 1 when a product had more or fewer winners than units, an order got no answer, or `check` finds a violation.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

from sqlalchemy import insert, text

from app.domain.clock import utc_now
from app.domain.states import LocationKind, MovementReason, OrderState
from app.models.catalogue import Product
from app.models.database import Database, Session
from app.models.demand import Address, Channel, Order, OrderLine
from app.models.schema import migrate
from app.models.stock import Location
from app.services import ledger
from app.services.actor import Actor
from app.services.allocate import allocate_orders
from app.services.check import violations
from app.services.ids import new_ids
from app.services.places import counterparty
from app.services.setup import NewWarehouse, first_run

AT_ONCE = 250
"""Rounds that are laid out before they are run."""
PATIENCE_SECONDS = 3600.0
"""Until somebody who died is noticed; a busy machine takes long for a stretch."""
_HELD = text("SELECT product_id, allocated, on_hand FROM stock_balances WHERE on_hand > 0")


@dataclass(frozen=True, slots=True)
class Round:
    """What is raced for: `units` by product, and the orders of each process in the sequence of the products."""

    units: dict[int, int]
    orders: tuple[tuple[int, ...], ...]
    together: bool


@dataclass(frozen=True, slots=True)
class Run:
    """What one process did: which orders won and which wait, and the milliseconds of each of its transactions."""

    rank: int
    won: tuple[int, ...]
    waiting: tuple[int, ...]
    milliseconds: tuple[float, ...]
    failed: tuple[str, ...]


@dataclass(slots=True)
class Result:
    """What came of all rounds."""

    rounds: int = 0
    units: int = 0
    winners: int = 0
    wrong: list[str] = field(default_factory=list)
    won_by: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether each race had as many winners as units, and each order an answer."""
        return not self.wrong and self.winners == self.units

    def to_json(self) -> dict[str, object]:
        """For people and other programs. Nobody starves: the least that one process won, and the longest wait."""
        times = sorted(self.milliseconds)
        return {
            "rounds": self.rounds, "units": self.units, "winners": self.winners, "wrong": self.wrong[:20],
            "won_by": [self.won_by[rank] for rank in sorted(self.won_by)],
            "ms": {"p50": times[len(times) // 2], "p99": times[len(times) * 99 // 100], "longest": times[-1]},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """Where it is raced."""

    warehouse_id: int
    channel_id: int
    address_id: int
    shelf_id: int


def race(url: str, rounds: int, processes: int = 8, products: int = 10, seed: int = 1) -> Result:
    """Runs the races on an empty database, which is migrated, and leaves it for `check`."""
    database = Database.open(url)
    migrate(database)
    place = database.write(_lay_out)
    result, rng = Result(), random.Random(seed)
    for start in range(0, rounds, AT_ONCE):
        count = min(AT_ONCE, rounds - start)
        laid = database.write(lambda s, n=count: _rounds(s, place, n, processes, products, rng))  # type: ignore[misc]
        _judge(database, laid, list(_run(url, place, laid, processes)), result)
        print(json.dumps({"rounds": result.rounds, "wrong": len(result.wrong)}), file=sys.stderr, flush=True)
    database.close()
    return result


def _lay_out(session: Session) -> Field:
    now = utc_now()
    made = first_run(session, now, NewWarehouse("W1", "Race"), "Ada", "Bench 1")
    channel, address = Channel(key="race", name="Race"), Address(name="Ada Stone", country="GB")
    shelf = Location(warehouse_id=made.warehouse_id, code="A-01-1", kind=LocationKind.SHELF)
    session.add_all([channel, address, shelf])
    session.flush()
    return Field(made.warehouse_id, channel.id, address.id, shelf.id)


def _rounds(
    session: Session, place: Field, count: int, processes: int, products: int, rng: random.Random
) -> list[Round]:
    now = utc_now()
    actor = Actor(now, "race", place.warehouse_id)
    ids = new_ids(session, "products", count * products)
    names = [{"id": i, "sku": f"R-{i}", "sku_key": f"R-{i}", "name": "Last unit", "created_at": now} for i in ids]
    session.execute(insert(Product), names)
    supplier = counterparty(session, place.warehouse_id, LocationKind.SUPPLIER)
    units = {product: rng.randint(1, processes - 1) for product in ids}
    for product, some in units.items():
        ledger.move(session, actor, MovementReason.RECEIPT, ledger.Goods(product, some), supplier, place.shelf_id)
    orders = new_ids(session, "orders", count * products * processes)
    wanted = [
        (ident, product) for ident, product in zip(orders, [p for p in ids for _ in range(processes)], strict=True)
    ]
    session.execute(insert(Order), [
        {"id": ident, "channel_id": place.channel_id, "channel_ref": f"{ident}", "number": f"#{ident}",
         "state": OrderState.READY, "ship_to_id": place.address_id, "created_at": now, "captured_at": now,
         "leaves_at": now + timedelta(hours=8)}
        for ident, _ in wanted
    ])  # fmt: skip
    session.execute(insert(OrderLine), [
        {"order_id": ident, "line_no": 1, "product_id": product, "sku": f"R-{product}", "title": "", "quantity": 1}
        for ident, product in wanted
    ])  # fmt: skip
    return [
        _round(ids[n * products : (n + 1) * products], units, wanted, n * products * processes, processes, n % 2 == 1)
        for n in range(count)
    ]


def _round(
    ids: Sequence[int], units: dict[int, int], wanted: Sequence[tuple[int, int]], start: int, processes: int,
    together: bool,
) -> Round:  # fmt: skip
    mine = wanted[start : start + len(ids) * processes]
    orders = tuple(tuple(ident for ident, _ in mine[rank::processes]) for rank in range(processes))
    return Round({product: units[product] for product in ids}, orders, together)


def _run(url: str, place: Field, laid: Sequence[Round], processes: int) -> Iterator[Run]:
    """All processes from their start to their end; gives what each did."""
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(processes), context.Queue()
    racers = [
        context.Process(target=_race, args=(url, place, rank, laid, barrier, answers), daemon=True)
        for rank in range(processes)
    ]
    for racer in racers:
        racer.start()
    for _ in racers:
        yield answers.get(timeout=PATIENCE_SECONDS)
    for racer in racers:
        racer.join(PATIENCE_SECONDS)


def _race(
    url: str, place: Field, rank: int, laid: Sequence[Round], barrier: Barrier, answers: Queue[Run]
) -> None:  # fmt: skip
    """One process: at each start all of its orders."""
    database = Database.open(url)
    won: list[int] = []
    waiting: list[int] = []
    took: list[float] = []
    failed: list[str] = []
    for one in laid:
        mine = one.orders[rank]
        barrier.wait(PATIENCE_SECONDS)
        for some in [mine] if one.together else [(ident,) for ident in mine]:
            began = time.perf_counter()
            try:
                done = database.write(
                    lambda s, some=some: allocate_orders(s, Actor(utc_now(), f"race:{rank}", place.warehouse_id), some)  # type: ignore[misc]
                )
            except Exception as error:  # noqa: BLE001 - told, and the others race on
                failed.append(repr(error)[:300])
                continue
            took.append((time.perf_counter() - began) * 1000)
            won += done.allocated
            waiting += done.backordered
    database.close()
    answers.put(Run(rank, tuple(won), tuple(waiting), tuple(took), tuple(failed)))


def _judge(database: Database, laid: Sequence[Round], runs: Sequence[Run], result: Result) -> None:
    """Winners by what the processes were told, and by what the database says."""
    product_of = {
        ident: product for one in laid for mine in one.orders for ident, product in zip(mine, one.units, strict=True)
    }
    winners = Counter(product_of[ident] for run in runs for ident in run.won)
    held = {row.product_id: row.allocated for row in database.read(lambda s: s.execute(_HELD).all())}
    answered = Counter(ident for run in runs for ident in (*run.won, *run.waiting))
    for one in laid:
        for product, units in one.units.items():
            if not winners[product] == units == held.get(product, 0):
                result.wrong.append(
                    f"product {product}: {units} units, {winners[product]} winners, {held.get(product)} held"
                )
    result.wrong += [f"order {ident}: {answered[ident]} answers" for ident in product_of if answered[ident] != 1]
    result.wrong += [f"process {run.rank}: {words}" for run in runs for words in run.failed]
    result.rounds += len(laid)
    result.units += sum(sum(one.units.values()) for one in laid)
    result.winners += sum(winners.values())
    for run in runs:
        result.won_by[run.rank] += len(run.won)
        result.milliseconds += run.milliseconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Races, checks, and prints one object."""
    parser = argparse.ArgumentParser(prog="python -m tools.races", description=__doc__)
    parser.add_argument("--database", required=True, help="an empty one")
    parser.add_argument("--rounds", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--products", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    began = time.perf_counter()
    result = race(asked.database, asked.rounds, asked.processes, asked.products, asked.seed)
    database = Database.open(asked.database)
    broken = database.read(violations)
    database.close()
    told = {**result.to_json(), "seconds": round(time.perf_counter() - began, 1), "violations": len(broken)}
    print(json.dumps(told))
    return 0 if result.sound and not broken else 1


if __name__ == "__main__":
    sys.exit(main())
