"""Allocation of all that is ready, in transactions that are short enough for scans to pass between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.clock import Clock
from app.models.database import Database
from app.services.actor import Actor
from app.services.allocate import allocate_orders
from app.services.allocate_rows import ids_to_allocate

# SQLite has one writer, for whom scans wait; PostgreSQL locks only the rows, so there round trips are what counts.
ORDERS_AT_ONCE_ON_SQLITE = 30
ORDERS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Allocated:
    """How many orders have all they need now, and how many wait for stock."""

    allocated: int = 0
    backordered: int = 0


def allocate_all(
    database: Database,
    actor: Callable[[datetime], Actor],
    clock: Clock,
    cancelled: Callable[[], bool] = lambda: False,
    at_once: int = 0,
    on_progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Allocated:
    """Promises stock to every order that is ready, and to backorders whose stock is there.

    `at_once` is how many orders one transaction takes; 0 takes what suits the database.
    """
    at_once = at_once or (ORDERS_AT_ONCE_ON_SQLITE if database.is_sqlite else ORDERS_AT_ONCE)
    served: set[int] = set()
    waiting: set[int] = set()
    # Looking through all that waits takes long where much waits, so it is read while nobody waits for us.
    due = database.read(ids_to_allocate)
    for start in range(0, len(due), at_once):
        if cancelled():
            break
        some = due[start : start + at_once]
        result = database.write(lambda session, some=some: allocate_orders(session, actor(clock()), some))  # type: ignore[misc]
        served.update(result.allocated)
        waiting.update(result.backordered)
        on_progress(start + len(some), len(due))
    return Allocated(len(served), len(waiting - served))
