"""Rules made into numbers for one order: what each source would cost it, rule by rule."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from app.domain.sourcing_places import Distance
from app.domain.sourcing_rules import Rule, RuleKind
from app.domain.sourcing_search import Criterion
from app.domain.sourcing_values import Network, Order, Source
from app.domain.states import WarehouseKind

DAY_MS = 86_400_000
WORDS_KEPT = 65_536


class Criteria:
    """Makes the criteria of orders. `room` is what sources still take today; it shrinks while a batch is planned."""

    def __init__(self, network: Network, room: list[int | None]) -> None:
        self._sources = network.sources
        self._places = network.places
        self._rules = network.rules
        self._room = room
        self._departures = [s.departs_at for s in self._sources if s.departs_at is not None]
        self._nothing = (0,) * len(self._sources)
        self.distances = lru_cache(WORDS_KEPT)(self._distances)
        self.rules_of = lru_cache(WORDS_KEPT)(self._rules_of)
        self._nearest = lru_cache(WORDS_KEPT)(self._steps_away)
        self._fees = lru_cache(WORDS_KEPT)(self._parcel_fees)
        self._places_in = lru_cache(WORDS_KEPT)(self._ranks)
        self._late = lru_cache(WORDS_KEPT)(self._days_late)
        self._parcels = Criterion(used=(1,) * len(self._sources))
        self._own = Criterion(units=tuple(int(s.kind is WarehouseKind.SUPPLIER) for s in self._sources))

    def of(
        self,
        order: Order,
        rules: Sequence[Rule],
        groups: Sequence[str],
        wanted: Sequence[int],
        there: Sequence[Sequence[int]],
    ) -> list[Criterion]:
        """The criteria of an order, one for each of its rules. Its products stand in `groups`, `wanted`, `there`."""
        return [self._criterion(rule, order, groups, wanted, there) for rule in rules]

    def most(self, rules: Sequence[Rule]) -> int:
        """How many sources an order may have, 0 for any number."""
        told = [rule.number("most") for rule in rules if rule.kind is RuleKind.FEWEST_PARCELS]
        return min((most for most in told if most > 0), default=0)

    def _rules_of(self, channel: str, country: str, service: str, groups: tuple[str, ...]) -> tuple[Rule, ...]:
        """The rules that count for an order."""
        found = []
        for rule in self._rules:
            asked = rule.conditions
            if (
                (not asked.channels or channel.lower() in asked.channels)
                and (not asked.countries or country.lower() in asked.countries)
                and (not asked.services or service.lower() in asked.services)
                and (not asked.groups or any(group.lower() in asked.groups for group in groups))
            ):
                found.append(rule)
        return tuple(found)

    def _criterion(
        self,
        rule: Rule,
        order: Order,
        groups: Sequence[str],
        wanted: Sequence[int],
        there: Sequence[Sequence[int]],
    ) -> Criterion:
        kind = rule.kind
        if kind is RuleKind.FEWEST_PARCELS:
            return self._parcels
        if kind is RuleKind.CAPACITY:
            return Criterion(used=self._full(rule.number("full_percent")))
        if kind is RuleKind.STOCK_BALANCE:
            step = max(1, rule.number("step_percent"))
            shares = [self._shares(units, row, step) for units, row in zip(wanted, there, strict=True)]
            return Criterion(by_product=self._in_groups(rule, groups, shares))
        found = self._by_source(rule, order)
        if rule.conditions.groups and found.units is not None:
            return Criterion(found.used, by_product=self._in_groups(rule, groups, [found.units] * len(groups)))
        return found

    def _by_source(self, rule: Rule, order: Order) -> Criterion:
        """The criterion of a rule that weighs a source whatever the product is."""
        kind = rule.kind
        if kind is RuleKind.OWN_FIRST:
            return self._own
        if kind is RuleKind.NEAREST:
            return self._nearest(order.country, order.postcode, max(1, rule.number("step_km")))
        if kind is RuleKind.CUT_OFF:
            return self._late(order.leaves_at)
        if kind is RuleKind.CHEAPEST:
            return self._fees(order.country, order.postcode, rule.number("abroad"), rule.number("each_100_km"))
        return self._places_in(rule.warehouses, order.preferred if kind is RuleKind.CUSTOMER_PREFERENCE else None)

    def _in_groups(
        self, rule: Rule, groups: Sequence[str], weights: Sequence[Sequence[int]]
    ) -> Sequence[Sequence[int]]:
        """Products that the rule does not ask for cost nothing by it."""
        asked = rule.conditions.groups
        if not asked:
            return weights
        return [row if group.lower() in asked else self._nothing for group, row in zip(groups, weights, strict=True)]

    def _distances(self, country: str, postcode: str) -> tuple[Distance, ...]:
        """How far each source is from a destination."""
        return tuple(self._places.distance(country, postcode, source.site) for source in self._sources)

    def _steps_away(self, country: str, postcode: str, step: int) -> Criterion:
        return Criterion(units=tuple(one.weight(step) for one in self.distances(country, postcode)))

    def _parcel_fees(self, country: str, postcode: str, abroad: int, each_100_km: int) -> Criterion:
        far = [0] * len(self._sources)
        if each_100_km:
            far = [(one.km or 0) * each_100_km // 100 for one in self.distances(country, postcode)]
        fees = tuple(
            source.parcel_cost + more + (abroad if source.site.country != country else 0)
            for source, more in zip(self._sources, far, strict=True)
        )
        return Criterion(fees, tuple(source.unit_cost for source in self._sources))

    def _ranks(self, warehouses: tuple[int, ...], first: int | None) -> Criterion:
        wanted = ((first,) if first is not None else ()) + warehouses
        places = {source_id: place for place, source_id in reversed(list(enumerate(wanted)))}
        return Criterion(units=tuple(places.get(source.source_id, len(wanted)) for source in self._sources))

    def _days_late(self, leaves_at: int | None) -> Criterion:
        due = leaves_at if leaves_at is not None else min(self._departures, default=0)
        return Criterion(units=tuple(_days_after(source, due) for source in self._sources))

    def _full(self, percent: int) -> tuple[int, ...]:
        return tuple(
            int(
                source.capacity is not None
                and room is not None
                and (source.capacity - room) * 100 >= source.capacity * percent
            )
            for source, room in zip(self._sources, self._room, strict=True)
        )

    @staticmethod
    def _shares(units: int, row: Sequence[int], step: int) -> tuple[int, ...]:
        return tuple(units * 100 // there // step if there > 0 else 0 for there in row)


def _days_after(source: Source, due: int) -> int:
    """Whole days, to the nearest, that a source leaves after it is due; a departure on the same evening is in time."""
    if source.departs_at is None:
        return 0
    return max(0, (source.departs_at - due + DAY_MS // 2) // DAY_MS)
