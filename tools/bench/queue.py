"""The order queue as the screen reads it: first page, filters, search by words and numbers, the next page."""

from __future__ import annotations

import gc
import random
import time
from datetime import timedelta

from app.domain.clock import utc_now
from app.models.database import Database
from app.queries.order_queue import QueueFilter, QueueMoment, QueueView, queue_page
from tools.bench.context import Context
from tools.bench.databases import OPERATOR, WAREHOUSE
from tools.bench.results import Result, times
from tools.big_rows import FIRST_NAMES, LAST_NAMES, TOWNS
from tools.make_big import sku_of

LIMITS = {"first page": 100.0, "filter": 50.0, "search by words": 20.0, "search by beginnings": 20.0,
          "search by number endings": 20.0, "next page": 40.0}  # fmt: skip
SEED = 20261123
FIELDS = ("number", "name", "e-mail", "postcode", "SKU", "tracking")
FIND_MS = 100.0
BEFORE = 10
"""Rounds that are not counted: a database that is in use has in memory what a search reads."""


def measure(context: Context) -> list[Result]:
    """Each reading is a transaction of its own, as a screen does it."""
    database = Database.open(context.url)
    now = utc_now()
    moment = QueueMoment(now, now + timedelta(hours=8), now + timedelta(hours=1), WAREHOUSE, OPERATOR)
    dice, found = random.Random(SEED), {name: list[float]() for name in LIMITS}
    _like_a_station()

    def page(asked: QueueFilter, into: str) -> None:
        began = time.perf_counter()
        database.read(lambda session: queue_page(session, asked, moment))
        found[into].append((time.perf_counter() - began) * 1000)

    for view in QueueView:
        database.read(lambda session, view=view: queue_page(session, QueueFilter(view), moment))
    before = random.Random(SEED + 1)
    for ask in (ask for _ in range(BEFORE) for _name, ask in _questions(context.orders, before)):
        database.read(lambda session, ask=ask: queue_page(session, QueueFilter(text=ask), moment))
    for _ in range(context.times(100)):
        page(QueueFilter(), "first page")
        for view in QueueView:
            page(QueueFilter(view), "filter")
        page(QueueFilter(channel_id=1, service=dice.choice(("express", "standard"))), "filter")
        for name, ask in _questions(context.orders, dice):
            page(QueueFilter(text=ask), name)
        _scroll(database, moment, found["next page"])
    database.close()
    return [
        times(f"queue: {name}", context.orders, context.kind, found[name], p99=limit) for name, limit in LIMITS.items()
    ]


def _like_a_station() -> None:
    """What was loaded stays: a station does not look for garbage in it either."""
    gc.collect()
    gc.freeze()


def _questions(orders: int, dice: random.Random) -> list[tuple[str, str]]:
    first, last = dice.choice(FIRST_NAMES).lower(), dice.choice(LAST_NAMES).lower()
    number = str(100_000 + dice.randrange(1, orders + 1))
    tracking = str(7_000_000_000 + dice.randrange(1, orders + 1) * 11)
    return [
        ("search by words", f"{first} {last}"),
        ("search by words", dice.choice(TOWNS)[0]),
        ("search by words", sku_of(dice.randrange(1, 60))),
        ("search by beginnings", last[:4]),
        ("search by beginnings", f"{first[:3]} {last[:5]}"),
        ("search by number endings", number[-4:]),
        ("search by number endings", number),
        ("search by number endings", tracking[-6:]),
    ]


def measure_fields(context: Context) -> list[Result]:
    """Any field of an order: whole words, beginnings and the endings of numbers, as the screen searches."""
    database = Database.open(context.url)
    now = utc_now()
    moment = QueueMoment(now, now + timedelta(hours=8), now + timedelta(hours=1), WAREHOUSE, OPERATOR)
    dice, found = random.Random(SEED), {field: list[float]() for field in FIELDS}
    _like_a_station()
    before = random.Random(SEED + 1)
    for ask in (ask for _ in range(BEFORE) for asks in _fields(context.orders, before).values() for ask in asks):
        database.read(lambda session, ask=ask: queue_page(session, QueueFilter(text=ask), moment))
    for _ in range(context.times(60)):
        for field, asks in _fields(context.orders, dice).items():
            for ask in asks:
                began = time.perf_counter()
                database.read(lambda session, ask=ask: queue_page(session, QueueFilter(text=ask), moment))
                found[field].append((time.perf_counter() - began) * 1000)
    database.close()
    return [
        times(f"search by {field}", context.orders, context.kind, found[field], p99=FIND_MS, note="any way of asking")
        for field in FIELDS
    ]


def _fields(orders: int, dice: random.Random) -> dict[str, tuple[str, ...]]:
    """What people type of an order's fields; the order is one of those that are there."""
    order = dice.randrange(1, orders + 1)
    first = FIRST_NAMES[order % len(FIRST_NAMES)].lower()
    last = LAST_NAMES[order // len(FIRST_NAMES) % len(LAST_NAMES)].lower()
    town, postcode = TOWNS[order // 7 % len(TOWNS)]
    number, tracking, sku = str(100_000 + order), f"OWN{7_000_000_000 + order * 11}", sku_of(order % 1500 + 1)
    mail = f"{first}.{last}{order // 3 * 3}@example.com"
    return {
        "number": (f"#{number}", number[-4:], number[:4], f"S{500_000 + order}"),
        "name": (f"{first} {last}", last, first[:3], f"{last[:4]} {town.lower()}", f"{first} {number[-3:]}"),
        "e-mail": (mail, mail.partition("@")[0], f"{first}.{last[:3]}", "example.com"),
        "postcode": (postcode, postcode.replace(" ", "").lower(), postcode[:3], f"{last} {postcode}"),
        "SKU": (sku, sku[-3:], sku[:5], f"{sku} {last}"),
        "tracking": (tracking, tracking[-6:], tracking[-4:], tracking[:9]),
    }


def _scroll(database: Database, moment: QueueMoment, into: list[float], pages: int = 4) -> None:
    after = database.read(lambda session: queue_page(session, QueueFilter(), moment)).after
    for _ in range(pages):
        if after is None:
            return
        began, key = time.perf_counter(), after
        after = database.read(lambda session, key=key: queue_page(session, QueueFilter(), moment, key)).after
        into.append((time.perf_counter() - began) * 1000)


def ratios(small: list[Result], large: list[Result]) -> list[Result]:
    """How much slower the larger database is, by the 99th percentiles."""
    made = []
    for one in large:
        other = next((result for result in small if result.name == one.name), None)
        if other is not None:
            high, middle = one.p99 / other.p99, one.median / other.median
            note = f"of {one.orders:,} to {other.orders:,} orders"
            made.append(
                Result(f"{one.name}, ratio", one.orders, one.database, "times", one.n, middle, high, "p99 1.5",
                       high <= 1.5, note)
            )  # fmt: skip
    return made
