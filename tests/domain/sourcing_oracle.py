"""Brute force: every way to serve a small order, measured by the words of the rules and nothing of the planner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from app.domain.sourcing_places import Places, country_points, kilometres
from app.domain.sourcing_rules import Rule, RuleKind
from app.domain.sourcing_values import Network, Order, Source
from app.domain.states import WarehouseKind

DAY_MS = 86_400_000
Given = Mapping[tuple[int, int], int]
"""Units by (source, product)."""


def best_value(order: Order, network: Network, left: Mapping[tuple[int, int], int]) -> tuple[int, ...] | None:
    """The smallest numbers that any way of serving an order has; None where it may not be served at all.

    `left` are free units that no earlier order took. Every product of the order stands in one line.
    """
    rules = [rule for rule in network.rules if counts(rule, order)]
    most = min((rule.number("most") for rule in rules if rule.number("most")), default=len(network.sources))
    values = []
    for given in ways(order, network, left):
        used = {source for source, _ in given}
        missing = sum(line.quantity for line in order.lines) - sum(given.values())
        if len(used) <= most and (order.in_parts or missing == 0):
            values.append((missing, *(measure(rule, order, network, left, given) for rule in rules)))
    return min(values, default=None)


def ways(order: Order, network: Network, left: Mapping[tuple[int, int], int]) -> Iterator[dict[tuple[int, int], int]]:
    """Every way to take at most what is wanted from what is there."""
    known = [line for line in order.lines if line.product_id is not None]
    choices = []
    for line in known:
        assert line.product_id is not None
        room = [there(order, network, left, source, line.product_id) for source in network.sources]
        choices.append(
            [taken for taken in product(*(range(units + 1) for units in room)) if sum(taken) <= line.quantity]
        )
    for parts in product(*choices):
        yield {
            (source.source_id, line.product_id or 0): units
            for line, part in zip(known, parts, strict=True)
            for source, units in zip(network.sources, part, strict=True)
            if units
        }


def there(order: Order, network: Network, left: Mapping[tuple[int, int], int], source: Source, item: int) -> int:
    """What a source can give an order of a product."""
    if source.source_id in order.not_from or (order.only_from or source.source_id) != source.source_id:
        return 0
    free = left.get((source.source_id, item), 0)
    return network.kept.promisable(free, order.channel_id, source.source_id, item)


def counts(rule: Rule, order: Order) -> bool:
    """Whether a rule counts for an order."""
    asked = rule.conditions
    return (
        (not asked.channels or order.channel in asked.channels)
        and (not asked.countries or order.country.lower() in asked.countries)
        and (not asked.services or order.service in asked.services)
        and (not asked.groups or any(line.group in asked.groups for line in order.lines if line.product_id))
    )


def measure(rule: Rule, order: Order, network: Network, left: Mapping[tuple[int, int], int], given: Given) -> int:
    """The number of a rule."""
    sources = {source.source_id: source for source in network.sources}
    used = {source_id for source_id, _ in given}
    if rule.kind is RuleKind.FEWEST_PARCELS:
        return len(used)
    if rule.kind is RuleKind.CAPACITY:
        return sum(full(sources[source_id], rule) for source_id in used)
    total = 0
    if rule.kind is RuleKind.CHEAPEST:
        for source_id in used:
            far = distance(order, network.places, sources[source_id]) * rule.number("each_100_km") // 100
            abroad = rule.number("abroad") if sources[source_id].site.country != order.country else 0
            total += sources[source_id].parcel_cost + abroad + far
    groups = {line.product_id: line.group for line in order.lines}
    wanted = {line.product_id: line.quantity for line in order.lines}
    for (source_id, item), units in given.items():
        if rule.conditions.groups and groups[item] not in rule.conditions.groups:
            continue
        source = sources[source_id]
        stock = there(order, network, left, source, item)
        total += units * of_unit(rule, order, network, source, wanted[item] * 100 // max(stock, 1))
    return total


def of_unit(rule: Rule, order: Order, network: Network, source: Source, share: int) -> int:
    """What a rule says of one unit from a source."""
    if rule.kind is RuleKind.OWN_FIRST:
        return int(source.kind is WarehouseKind.SUPPLIER)
    if rule.kind is RuleKind.NEAREST:
        return distance(order, network.places, source) // rule.number("step_km")
    if rule.kind is RuleKind.CHEAPEST:
        return source.unit_cost
    if rule.kind is RuleKind.STOCK_BALANCE:
        return share // rule.number("step_percent")
    if rule.kind is RuleKind.CUT_OFF:
        late = (source.departs_at or 0) - (order.leaves_at or 0)
        return 0 if source.departs_at is None else max(0, round(late / DAY_MS))
    names = list(rule.warehouses)
    if rule.kind is RuleKind.CUSTOMER_PREFERENCE and order.preferred is not None:
        names.insert(0, order.preferred)
    return names.index(source.source_id) if source.source_id in names else len(names)


def distance(order: Order, places: Places, source: Source) -> int:
    """Kilometres between the middle of two countries: all that the cases need."""
    assert places.of_postcode(order.country, order.postcode) is None
    return kilometres(country_points()[order.country], source.site.point or country_points()[source.site.country])


def full(source: Source, rule: Rule) -> bool:
    """Whether a source's day is full."""
    if source.capacity is None or source.room is None:
        return False
    return (source.capacity - source.room) * 100 >= source.capacity * rule.number("full_percent")
