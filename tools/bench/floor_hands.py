"""Hands of the floor's measurements, in processes of their own: each scans by the services, or does it by bare SQL."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue

from app.bootstrap.floor import make_floor
from app.bootstrap.simulate_hand import Hand
from app.bootstrap.simulate_plan import Work
from app.domain.clock import IdMaker, utc_now
from app.domain.commands import Command
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Outcome
from app.models.database import Database
from tools.bench.bare import Bare
from tools.bench.databases import WAREHOUSE
from tools.bench.floor_goods import Seat
from tools.bench.work import PackableOrder
from tools.make_big import gtin_of

COUNTED = {
    Work.PACK: ("pack.counted",),
    Work.PICK: ("pick.counted", "pick.put_into", "pick.stop_done", "pick.list_done"),
}
LEAST_SCANS, LONGEST_SECONDS = 5, 60.0
"""Each hand counts some items, also where a busy machine takes long until the first."""
Step = Callable[[], float | None]


class By(StrEnum):
    """Who does it."""

    SERVICES = "services"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of one process: who works at what, for how long; a scan each `pace` seconds, or flat out (0)."""

    by: By
    work: Work
    seats: tuple[Seat, ...]
    orders: tuple[PackableOrder, ...]
    walks: tuple[int, ...]
    seconds: float
    pace: float = 0.0


@dataclass(frozen=True, slots=True)
class Told:
    """Milliseconds of the item scans of each hand, and what failed."""

    milliseconds: tuple[tuple[float, ...], ...]
    failed: tuple[str, ...] = ()


def serve(url: str, pipe: Connection) -> None:
    """Takes turns until the pipe says None. Connections are closed between turns."""
    while (turn := pipe.recv()) is not None:
        pipe.send(_turn(url, turn))


def _turn(url: str, turn: Turn) -> Told:
    orders: SimpleQueue[PackableOrder] = SimpleQueue()
    walks: SimpleQueue[int] = SimpleQueue()
    for order in turn.orders:
        orders.put(order)
    for walk in turn.walks:
        walks.put(walk)
    database = Database.open(url, connections=len(turn.seats) + 1)
    closing: list[Callable[[], None]] = [database.close]
    steps = [_hand(database, turn, seat, orders, walks, closing) for seat in turn.seats]
    taken: list[list[float]] = [[] for _ in steps]
    failed: list[str] = []
    until = time.perf_counter() + turn.seconds
    threads = [
        threading.Thread(target=_work, args=(step, turn.pace, until, took, failed))
        for step, took in zip(steps, taken, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for close in closing:
        close()
    return Told(tuple(tuple(took) for took in taken), tuple(failed))


def _work(step: Step, pace: float, until: float, took: list[float], failed: list[str]) -> None:
    due = time.perf_counter() + random.uniform(0, pace)
    latest = until + LONGEST_SECONDS
    try:
        while time.perf_counter() < (until if len(took) >= LEAST_SCANS else latest):
            if pace:
                time.sleep(max(0.0, due - time.perf_counter()))
                due += pace
            answered = step()
            if answered is not None:
                took.append(answered)
    except Empty:
        pass  # the orders ran out before the time: what was done counts
    except Exception as error:  # noqa: BLE001 - told, and the others go on
        failed.append(repr(error)[:300])


def _hand(
    database: Database, turn: Turn, seat: Seat, orders: SimpleQueue[PackableOrder], walks: SimpleQueue[int],
    closing: list[Callable[[], None]],
) -> Step:  # fmt: skip
    if turn.by is By.SERVICES:
        return _Services(database, seat, turn.work, orders, walks).step
    bare = Bare.open(database, seat.station_id, seat.operator_id)
    bare.prepare()
    closing.append(bare.close)
    return (_BarePacker(bare, orders) if turn.work is Work.PACK else _BarePicker(bare, walks)).step


class _Services:
    """A station without its journal: a gesture, one transaction, its answer."""

    def __init__(self, database: Database, seat: Seat, work: Work, orders: SimpleQueue[PackableOrder],
                 walks: SimpleQueue[int]) -> None:  # fmt: skip
        self._database, self._work, self._new_id = database, work, IdMaker()
        self._floor = make_floor(seat.station_id, WAREHOUSE, "own")
        self._orders, self._walks = orders, walks
        self._items: list[str] = []
        self._hand = Hand(work, "", WAREHOUSE, database, _Units(), utc_now)
        self._hand.signed_in()
        self._scan(Command.BACK.code)  # an order that the turn before left open is left
        if work is Work.PICK:
            self._hand.take(self._scan(Command.GO_PICK.code))  # a walk is gone on with

    def step(self) -> float | None:
        """One scan; milliseconds where it counted an item."""
        code = self._next()
        began = time.perf_counter()
        outcome = self._scan(code)
        took = (time.perf_counter() - began) * 1000
        if outcome.refused and self._work is Work.PACK:
            raise RuntimeError(f"{code}: {outcome.code} {dict(outcome.values)}")
        if self._work is Work.PICK:
            self._hand.take(outcome)
        return took if outcome.code in COUNTED[self._work] and code.isdigit() else None

    def _next(self) -> str:
        if self._work is Work.PICK:
            return self._hand.next_code() or "PW-BACK"
        if not self._items:
            order = self._orders.get_nowait()
            self._items = [order.code, *order.items]
        return self._items.pop(0)

    def _scan(self, code: str) -> Outcome:
        gesture = Gesture(self._new_id(), GestureKind.SCAN, code, utc_now())
        return self._database.write(
            lambda session: self._floor.handle(session, gesture, None, utc_now()), once_by_itself=True
        )


class _Units(dict[int, str]):
    """The barcode of each product of a big database."""

    def get(self, product_id: int, default: object = None) -> str:
        """It follows from its number."""
        return gtin_of(product_id)


class _BarePacker:
    """Packs by hand-written SQL."""

    def __init__(self, bare: Bare, orders: SimpleQueue[PackableOrder]) -> None:
        self._bare, self._orders = bare, orders
        self._items: list[str] = []
        self._order: PackableOrder | None = None
        self._place = 0

    def step(self) -> float | None:
        """One unit; or the next order, where none is left."""
        if self._order is None or not self._items:
            self._order = self._orders.get_nowait()
            self._items = list(self._order.items)
            self._place = self._bare.parcel(self._order)
            return None
        return self._bare.pack(self._order, self._items.pop(0), self._place)


class _BarePicker:
    """Picks by hand-written SQL."""

    def __init__(self, bare: Bare, walks: SimpleQueue[int]) -> None:
        self._bare, self._walks = bare, walks
        self._units: list[tuple[int, int, str]] = []
        self._totes: dict[int, int] = {}

    def step(self) -> float | None:
        """One unit; or the next walk, where none is left."""
        if not self._units:
            self._units = self._bare.walk(self._walks.get_nowait())
            self._totes = {part: self._bare.tote(part) for _, part, _ in self._units}
            return None
        task, part, code = self._units.pop(0)
        return self._bare.pick(task, code, self._totes[part])
