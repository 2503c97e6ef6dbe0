"""A plan of sourcing: 100,000 order lines over 5 warehouses by all rules at once, nothing but the plan."""

from __future__ import annotations

import random
import time

from app.domain.sourcing import plan_sources
from app.domain.sourcing_places import Places, Point, Site
from app.domain.sourcing_rules import USUAL_RULES, Conditions, Rule, RuleKind
from app.domain.sourcing_values import Line, Network, Order, Source
from tools.bench.context import Context
from tools.bench.results import Result, times

LINES, PRODUCTS, PREFIXES = 100_000, 5_000, 3_000
BUDGET_MS = 5_000.0
ALL_RULES = (
    Rule(RuleKind.OWN_FIRST),
    Rule(RuleKind.CHANNEL_PREFERENCE, warehouses=(2,), conditions=Conditions(channels=frozenset({"shop1"}))),
    Rule(RuleKind.CUSTOMER_PREFERENCE),
    Rule(RuleKind.CUT_OFF),
    Rule(RuleKind.CAPACITY),
    Rule(RuleKind.FEWEST_PARCELS),
    Rule(RuleKind.NEAREST, {"step_km": 20}),
    Rule(RuleKind.CHEAPEST),
    Rule(RuleKind.STOCK_BALANCE),
)
_HOUR_MS = 3_600_000


def measure(context: Context) -> list[Result]:
    """With the rules that hold until others are written, with one of each kind, and with too little stock.

    In time of the processor: nothing here waits, and other programs are no part of it.
    """
    lines = context.times(LINES, 1000)
    return [
        _timed(f"sourcing plan, {lines:,} lines, the usual rules", lines, USUAL_RULES, 60),
        _timed(f"sourcing plan, {lines:,} lines, all nine rules", lines, ALL_RULES, 60),
        _timed(f"sourcing plan, {lines:,} lines, too little stock", lines, ALL_RULES, 12),
    ]


def _timed(name: str, lines: int, rules: tuple[Rule, ...], stock: int) -> Result:
    orders, network = _batch(lines, rules, stock)
    began = time.process_time()
    made = plan_sources(orders, network)
    took = (time.process_time() - began) * 1000
    split = sum(len(order.choices) > 1 for order in made.orders)
    short = sum(bool(order.missing) for order in made.orders)
    note = f"{len(orders):,} orders, {split:,} split, {short:,} short"
    return times(name, 0, "", [took], median=BUDGET_MS, note=note)


def _batch(lines: int, rules: tuple[Rule, ...], stock: int) -> tuple[list[Order], Network]:
    """Orders of one to six lines to 3,000 districts, and five warehouses that hold four products of five."""
    chance = random.Random(7)
    districts = {f"A{n}": _somewhere(chance) for n in range(PREFIXES)}
    sources = tuple(
        Source(
            n, f"W{n}", Site("GB", "", _somewhere(chance)), departs_at=n * 6 * _HOUR_MS, capacity=8000, room=8000,
            parcel_cost=300 + n * 10, unit_cost=20 + n,
        )
        for n in range(1, 6)
    )  # fmt: skip
    free = {
        (source.source_id, product): chance.randint(0, max(1, stock * lines // LINES))
        for source in sources
        for product in range(1, PRODUCTS + 1)
        if chance.random() < 0.8
    }
    orders: list[Order] = []
    made = 0
    while made < lines:
        count = chance.choice((1, 1, 2, 3, 3, 4, 6))
        orders.append(_order(chance, len(orders) + 1, made, count))
        made += count
    return orders, Network(sources, free, rules, places=Places({"GB": districts}))


def _order(chance: random.Random, ident: int, first: int, count: int) -> Order:
    wanted = tuple(
        Line(first + n, chance.randint(1, PRODUCTS), chance.choice((1, 1, 1, 2, 5)), "SKU") for n in range(count)
    )
    return Order(
        ident, wanted, chance.random() < 0.4, ident % 3, f"shop{ident % 3}", "GB",
        f"A{chance.randrange(PREFIXES)} 1AA", "standard", 20 * _HOUR_MS, chance.choice((None, None, 3)),
    )  # fmt: skip


def _somewhere(chance: random.Random) -> Point:
    return Point(chance.randrange(50_000_000, 58_000_000), chance.randrange(-5_000_000, 1_000_000))
