"""The best sources of one order, over plain lists: see `domain.sourcing` for what is best.

Products and sources are named by their place in the lists. A criterion costs so much for each source that is used and
so much for each unit; orders are compared criterion by criterion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from operator import itemgetter

EXACT_SOURCES = 8
"""Up to so many sources with stock for an order all sets of them are tried; beyond, a good set is made better."""
ALONE, TIED, LEAST_MISSING, WHOLE = -1, -2, -3, -4
"""What decided when no criterion did: there was no other source; all were as good; it leaves least open; only it had
all of it."""

Weights = Sequence[int]


@dataclass(frozen=True, slots=True)
class Criterion:
    """`used`: of each source that is used; `units`: of each unit by its source, one list for all products or one each.

    None of the numbers is negative.
    """

    used: Weights | None = None
    units: Weights | None = None
    by_product: Sequence[Weights] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One order: units wanted by product, units there by product and source, criteria by weight; `most` sources."""

    wanted: Sequence[int]
    there: Sequence[Weights]
    criteria: Sequence[Criterion]
    most: int


@dataclass(frozen=True, slots=True)
class Solution:
    """Units by product and source (those taken), and the place of the criterion that decided, or why none did."""

    taken: tuple[tuple[tuple[int, int], ...], ...]
    decided: int


def solve(problem: Problem) -> Solution | None:
    """The best way to serve an order, as much of it as there is; None when there is nothing of it."""
    sources = [s for s in range(len(problem.there[0])) if any(row[s] > 0 for row in problem.there)]
    if not sources:
        return None
    found = _from_one(problem, sources)
    return found or _from_some(problem, sources)


# -- one source that can be proved to be the best -------------------------------------------------------------------


def _from_one(problem: Problem, sources: list[int]) -> Solution | None:
    """One source for all of it, where no set of sources can be better; None where that is not so, or not known.

    Criterion by criterion: the best single source against the least that any set of those sources can cost. While they
    are equal, sets stay in the race, but only of sources that cost the least of each unit.
    """
    wanted = [min(units, sum(row)) for units, row in zip(problem.wanted, problem.there, strict=True)]
    able = [s for s in sources if all(row[s] >= units for units, row in zip(wanted, problem.there, strict=True))]
    if not able:
        return None
    rivals, decided = sources, ALONE if len(sources) == 1 else TIED
    only_one = len(sources) == 1 or problem.most == 1
    allowed, total = sources, sum(wanted)
    for place, criterion in enumerate(problem.criteria):
        values = _singles(criterion, wanted, total, rivals)
        best = min(values[s] for s in able)
        if not only_one:
            least = _least_of_many(criterion, wanted, total, allowed)
            if best > least:
                return None
            only_one = best < least
        able = [s for s in able if values[s] == best]
        left = able if only_one else [s for s in rivals if values[s] == best]
        if len(left) < len(rivals):
            rivals, decided = left, place
        if only_one and len(rivals) == 1:
            break
        if not only_one and criterion.units is not None:
            lowest = min(criterion.units[s] for s in allowed)
            allowed = [s for s in allowed if criterion.units[s] == lowest]
    if decided == TIED and len(able) == 1:
        decided = WHOLE
    chosen = able[0]
    return Solution(tuple(((chosen, units),) if units else () for units in wanted), decided)


def _singles(criterion: Criterion, wanted: Sequence[int], total: int, sources: Sequence[int]) -> dict[int, int]:
    """What an order costs from each of these sources alone."""
    used, units, by_product = criterion.used, criterion.units, criterion.by_product
    values = {s: used[s] for s in sources} if used is not None else dict.fromkeys(sources, 0)
    if units is not None:
        for source in sources:
            values[source] += total * units[source]
    elif by_product is not None:
        for count, weights in zip(wanted, by_product, strict=True):
            for source in sources:
                values[source] += count * weights[source]
    return values


def _least_of_many(criterion: Criterion, wanted: Sequence[int], total: int, allowed: Sequence[int]) -> int:
    """No set of two or more of these sources costs less."""
    used, units, by_product = criterion.used, criterion.units, criterion.by_product
    value = sum(sorted([used[s] for s in allowed])[:2]) if used is not None else 0
    if units is not None:
        return value + total * min([units[s] for s in allowed])
    if by_product is not None:
        for count, weights in zip(wanted, by_product, strict=True):
            value += count * min([weights[s] for s in allowed])
    return value


# -- several sources --------------------------------------------------------------------------------------------------

DIGIT = 64
"""Bits of one number of a value. A value is one whole number: units left open, then each criterion, in digits of so
many bits, so that comparing values compares the numbers one after the other, and adding adds each."""


@dataclass(frozen=True, slots=True)
class _Race:
    """An order with its costs as values. `offers` are, by product, what each source has (its bit, how many, the value
    of a unit), cheapest first; `used` is the value of using a source, by its bit; `open_unit` of a unit left open.
    """

    wanted: Sequence[int]
    sources: list[int]
    used: list[tuple[int, int]]
    offers: list[list[tuple[int, int, int]]]
    open_unit: int

    def value(self, some: int, limit: int | None = None) -> tuple[int, int]:
        """The best that a set of sources (bits) can do, and which of them are used for it.

        What a unit costs does not depend on other units, so the cheapest sources of each product come first. A value
        above the limit need not be whole: costs are only added.
        """
        value, truly = 0, 0
        for left, offers in zip(self.wanted, self.offers, strict=True):
            for bit, there, cost in offers:
                if some & bit:
                    truly |= bit
                    if there >= left:
                        value += left * cost
                        left = 0
                        break
                    value += there * cost
                    left -= there
            if left:
                value += left * self.open_unit
            if limit is not None and value > limit:
                return value, truly
        for bit, cost in self.used:
            if truly & bit:
                value += cost
        return value, truly

    def taken(self, some: int) -> tuple[tuple[tuple[int, int], ...], ...]:
        """The units by product and source of the best that a set can do."""
        found = []
        for left, offers in zip(self.wanted, self.offers, strict=True):
            mine: list[tuple[int, int]] = []
            for bit, there, _ in offers:
                if left and some & bit:
                    mine.append((bit.bit_length() - 1, min(left, there)))
                    left -= mine[-1][1]
            found.append(tuple(mine))
        return tuple(found)


def _race(problem: Problem, sources: list[int]) -> _Race:
    """Encodes the criteria: see `DIGIT`."""
    count = len(problem.there[0])
    used, units = [0] * count, [[0] * count for _ in problem.wanted]
    digit = DIGIT * len(problem.criteria)
    for criterion in problem.criteria:
        digit -= DIGIT
        if criterion.used is not None:
            for source in sources:
                used[source] += criterion.used[source] << digit
        same = [] if criterion.units is None else [(s, criterion.units[s] << digit) for s in sources]
        for product, costs in enumerate(units):
            if criterion.by_product is not None:
                weights = criterion.by_product[product]
                same = [(s, weights[s] << digit) for s in sources]
            for source, cost in same:
                costs[source] += cost
    offers = [
        sorted(((1 << s, row[s], costs[s]) for s in sources if row[s] > 0), key=itemgetter(2))
        for row, costs in zip(problem.there, units, strict=True)
    ]
    fees = [(1 << s, used[s]) for s in sources if used[s]]
    return _Race(problem.wanted, sources, fees, offers, 1 << DIGIT * len(problem.criteria))


def _from_some(problem: Problem, sources: list[int]) -> Solution | None:
    """All sets of sources, small ones first; where there are too many sets, the best that steps lead to."""
    most = min(problem.most or len(sources), len(sources))
    race = _race(problem, sources)
    if len(sources) > EXACT_SOURCES:
        tried = list(_steps(race, most))
        best, used = min(tried, key=itemgetter(0))
        second = min((value for value, others in tried if others != used), default=None)
    else:
        best, used, second = _of_all(race, _sets(tuple(sources), most))
    return Solution(race.taken(used), _deciding(best, second, len(problem.criteria)))


def _of_all(race: _Race, sets: Iterable[int]) -> tuple[int, int, int | None]:
    """The best value of all sets, the sources used for it, and the best value with other sources."""
    best: int | None = None
    second: int | None = None
    used = 0
    for some in sets:
        value, truly = race.value(some, second)
        if best is None:
            best, used = value, truly
        elif truly != used and value < best:
            best, used, second = value, truly, best
        elif truly != used and (second is None or value < second):
            second = value
    return best or 0, used, second


@lru_cache(4096)
def _sets(sources: tuple[int, ...], most: int) -> tuple[int, ...]:
    """Sets of at most so many sources, as bits."""
    return tuple(
        sum(1 << source for source in some) for count in range(1, most + 1) for some in combinations(sources, count)
    )


def _deciding(best: int, second: int | None, criteria: int) -> int:
    """The first number by which the best is better than the second."""
    if second is None:
        return ALONE
    differs = best ^ second
    if not differs:
        return TIED
    place = criteria - (differs.bit_length() - 1) // DIGIT
    return LEAST_MISSING if place <= 0 else place - 1


def _steps(race: _Race, most: int) -> Iterator[tuple[int, int]]:
    """From the best single source: add one, drop one or change one for another while that helps."""
    at = min((race.value(1 << source) for source in race.sources), key=itemgetter(0))
    yield at
    while True:
        near = [race.value(some) for some in _neighbours(at[1], race.sources, most)]
        yield from near
        best = min(near, key=itemgetter(0), default=at)
        if best[0] >= at[0]:
            return
        at = best


def _neighbours(used: int, sources: Sequence[int], most: int) -> Iterator[int]:
    inside = [1 << s for s in sources if used >> s & 1]
    outside = [1 << s for s in sources if not used >> s & 1]
    if len(inside) < most:
        yield from (used | new for new in outside)
    for gone in inside:
        if len(inside) > 1:
            yield used & ~gone
        yield from (used & ~gone | new for new in outside)
