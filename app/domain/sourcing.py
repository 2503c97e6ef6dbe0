"""From which sources a whole batch of orders is served: a pure function over plain values.

**The objective.** Orders are served one after the other, in the sequence in which they are handed in (allocation hands
them in by priority, then leaving time, then age): an order takes its goods before the next one looks, and never gives
them up for a later one. So what is scarce goes to whom it is due first, and no order waits because a later one could be
served more cleverly. That is the greedy half.

Within an order the choice is optimal. A plan says for each line how many units come from which source. Of all plans
the one is taken whose numbers are the smallest, compared one after the other:

1. units left open (an order that may not ship in parts gets all or nothing; who collects gets it from that store),
2. one number for each rule that counts for the order, in the order of the rules: see `RuleKind`,
3. the number of sources; then the sources that stand first in the network.

What a source can give is its free stock less what earlier orders took, its safety stock, and what it keeps back from
the order's channel. Up to `EXACT_SOURCES` sources that hold something of an order the optimum is proved: either one
source is shown to be as good in each number as any set of sources could be, or all sets are tried, and within a set
units go where they are cheapest, product by product, which is the best since the numbers of units add up. With more
sources a set is made better step by step, which may end beside the optimum.

Each choice carries its reason: the rule by which it beats the next best plan, and how many the source had of how many
that were wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.sourcing_criteria import Criteria
from app.domain.sourcing_rules import Rule, RuleKind
from app.domain.sourcing_search import ALONE, LEAST_MISSING, TIED, WHOLE, Problem, Solution, solve
from app.domain.sourcing_values import Choice, Fact, Line, Network, Order, Pick, Sourced, SourcingPlan

__all__ = ["Planner", "plan_sources"]


def plan_sources(orders: Iterable[Order], network: Network) -> SourcingPlan:
    """Plans a batch; see the head of this module for what is best."""
    planner = Planner(network)
    return SourcingPlan(tuple(planner.serve(order) for order in orders))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An order by product: units, groups, and what each source could give it."""

    products: list[int]
    units: list[int]
    groups: list[str]
    there: list[list[int]]


class Planner:
    """Serves orders one by one from what those before left."""

    def __init__(self, network: Network) -> None:
        self._sources = network.sources
        self._kept = network.kept
        self._room = [source.room for source in network.sources]
        self._criteria = Criteria(network, self._room)
        self._left: dict[int, list[int]] = {}
        self._nothing = [0] * len(network.sources)
        place = {source.source_id: n for n, source in enumerate(network.sources)}
        for (source_id, product), free in network.stock.items():
            at = place.get(source_id)
            if at is not None:
                row = self._left.setdefault(product, [0] * len(place))
                row[at] += free

    def serve(self, order: Order) -> Sourced:
        """Serves an order, and takes what it gets from what is left."""
        wanted = self._wanted(order)
        missing = _unknown(order)
        if not wanted.products:
            return Sourced(order.order_id, missing=missing)
        if not order.in_parts and (missing or not _all_there(wanted)):
            return Sourced(order.order_id, missing=missing | self._lacking(order, wanted, None))
        rules = self._criteria.rules_of(order.channel, order.country, order.service, tuple(wanted.groups))
        criteria = self._criteria.of(order, rules, wanted.groups, wanted.units, wanted.there)
        found = solve(Problem(wanted.units, wanted.there, criteria, self._criteria.most(rules)))
        lacking = missing | self._lacking(order, wanted, found)
        if found is None or (lacking and not order.in_parts):
            return Sourced(order.order_id, missing=lacking)
        picks = self._take(order, wanted, found)
        return Sourced(order.order_id, picks, self._choices(order, wanted, found, rules), lacking)

    # -- what is there --------------------------------------------------------------------------------------------

    def _wanted(self, order: Order) -> _Wanted:
        found = _Wanted([], [], [], [])
        for line in order.lines:
            if line.product_id is None or line.quantity <= 0:
                continue
            if line.product_id in found.products:
                found.units[found.products.index(line.product_id)] += line.quantity
                continue
            found.products.append(line.product_id)
            found.units.append(line.quantity)
            found.groups.append(line.group)
            found.there.append(self._there(order, line.product_id))
        return found

    def _there(self, order: Order, product: int) -> list[int]:
        """What each source can give an order of a product."""
        left = self._left.get(product)
        if left is None:
            return self._nothing
        row = list(left)
        if not self._kept.nothing:
            for at, source in enumerate(self._sources):
                row[at] = self._kept.promisable(row[at], order.channel_id, source.source_id, product)
        if order.only_from is not None or order.not_from or order.less:
            for at, source in enumerate(self._sources):
                if source.source_id in order.not_from or order.only_from not in (None, source.source_id):
                    row[at] = 0
                row[at] = max(0, row[at] - order.less.get((source.source_id, product), 0))
        return row

    def _lacking(self, order: Order, wanted: _Wanted, found: Solution | None) -> dict[str, int]:
        """What stays open, by SKU: with a solution what it leaves, else what no plan could give."""
        missing: dict[str, int] = {}
        for at, (product, units, row) in enumerate(zip(wanted.products, wanted.units, wanted.there, strict=True)):
            got = sum(row) if found is None else sum(part for _, part in found.taken[at])
            if got < units:
                sku = next(line.sku for line in order.lines if line.product_id == product)
                missing[sku] = missing.get(sku, 0) + units - got
        return missing

    # -- who gives it ---------------------------------------------------------------------------------------------

    def _take(self, order: Order, wanted: _Wanted, found: Solution) -> tuple[Pick, ...]:
        picks: list[Pick] = []
        used: set[int] = set()
        for product, taken in zip(wanted.products, found.taken, strict=True):
            left = self._left.get(product, self._nothing)
            for at, units in taken:
                left[at] -= units
                used.add(at)
            given = [(self._sources[at].source_id, units) for at, units in taken]
            lines = [line for line in order.lines if line.product_id == product]
            picks += _by_line(lines, product, given)
        for at in used:
            room = self._room[at]
            if room is not None:
                self._room[at] = room - 1
        return tuple(picks)

    # -- and why ---------------------------------------------------------------------------------------------------

    def _choices(self, order: Order, wanted: _Wanted, found: Solution, rules: Sequence[Rule]) -> tuple[Choice, ...]:
        given: dict[int, int] = {}
        for taken in found.taken:
            for at, units in taken:
                given[at] = given.get(at, 0) + units
        asked = sum(wanted.units)
        code = _code(order, found.decided, rules)
        return tuple(self._choice(order, wanted, at, given[at], asked, code) for at in sorted(given))

    def _choice(self, order: Order, wanted: _Wanted, at: int, given: int, asked: int, code: str) -> Choice:
        source = self._sources[at]
        had = sum(min(units, row[at]) for units, row in zip(wanted.units, wanted.there, strict=True))
        facts: dict[str, Fact] = {"warehouse": source.name, "had": had, "wanted": asked, "given": given}
        if code == _NEAREST:
            distance = self._criteria.distances(order.country, order.postcode)[at]
            if distance.km is None:
                return Choice(source.source_id, f"{_NEAREST}_postcode", {**facts, "alike": distance.alike or 0})
            facts["km"] = distance.km
        return Choice(source.source_id, code, facts)


_WHY = "sourcing.why."
_NEAREST = f"{_WHY}{RuleKind.NEAREST.value}"
_NO_RULE = {ALONE: f"{_WHY}only", TIED: f"{_WHY}first", LEAST_MISSING: f"{_WHY}most", WHOLE: f"{_WHY}whole"}


def _code(order: Order, decided: int, rules: Sequence[Rule]) -> str:
    if order.only_from is not None:
        return f"{_WHY}collected"
    return _NO_RULE[decided] if decided < 0 else f"{_WHY}{rules[decided].kind.value}"


def _unknown(order: Order) -> dict[str, int]:
    """Lines whose product nobody knows."""
    missing: dict[str, int] = {}
    for line in order.lines:
        if line.product_id is None and line.quantity > 0:
            missing[line.sku] = missing.get(line.sku, 0) + line.quantity
    return missing


def _all_there(wanted: _Wanted) -> bool:
    return all(sum(row) >= units for units, row in zip(wanted.units, wanted.there, strict=True))


def _by_line(lines: Sequence[Line], product: int, given: Iterable[tuple[int, int]]) -> Iterable[Pick]:
    """Gives the units of a product, by source, to its lines in their order."""
    waiting = [(line.line_id, line.quantity) for line in lines if line.quantity > 0]
    for source_id, units in given:
        left = units
        while left:
            line_id, quantity = waiting[0]
            part = min(left, quantity)
            yield Pick(line_id, product, source_id, part)
            left -= part
            waiting[:1] = [(line_id, quantity - part)] if quantity > part else []
