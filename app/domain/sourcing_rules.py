"""The rules of sourcing are data: each has a kind, parameters, and conditions on which it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique


@unique
class RuleKind(StrEnum):
    """What a rule prefers. All but two weigh a source for an order; these weigh all that an order is sent from.

    `parameters` of each:

    - `nearest`: `step_km` (1): distances that differ by less count as the same.
    - `fewest_parcels`: none. Weighs the number of sources of the order.
    - `cheapest`: `abroad` (0) and `each_100_km` (0) in minor units, on top of what the source costs for a parcel and
      for each unit.
    - `stock_balance`: `step_percent` (10): what share of the source's stock of the line's product is wanted.
    - `channel_preference` and `customer_preference`: `warehouses`, codes in order of preference; the customer's own
      preferred source stands before them for `customer_preference`.
    - `cut_off`: none. Sources that still ship today before those that ship tomorrow.
    - `capacity`: `full_percent` (100): from this use of the day's capacity on a source counts as full.
    """

    NEAREST = "nearest"
    FEWEST_PARCELS = "fewest_parcels"
    CHEAPEST = "cheapest"
    STOCK_BALANCE = "stock_balance"
    CHANNEL_PREFERENCE = "channel_preference"
    CUSTOMER_PREFERENCE = "customer_preference"
    CUT_OFF = "cut_off"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True)
class Conditions:
    """When a rule counts: for these channels (keys), countries (two letters), services and product groups.

    An empty set asks for nothing. A group is asked of the line, all else of the order.
    """

    channels: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    @property
    def always(self) -> bool:
        """Whether nothing is asked."""
        return not (self.channels or self.countries or self.services or self.groups)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `numbers` and `warehouses` are its parameters (`RuleKind`); ids of sources, best first."""

    kind: RuleKind
    numbers: Mapping[str, int] = field(default_factory=dict)
    warehouses: tuple[int, ...] = ()
    conditions: Conditions = Conditions()

    def number(self, name: str) -> int:
        """A parameter, or what it is unless somebody says otherwise."""
        return self.numbers.get(name, DEFAULTS.get((self.kind, name), 0))


DEFAULTS: Mapping[tuple[RuleKind, str], int] = {
    (RuleKind.NEAREST, "step_km"): 1,
    (RuleKind.CHEAPEST, "abroad"): 0,
    (RuleKind.CHEAPEST, "each_100_km"): 0,
    (RuleKind.STOCK_BALANCE, "step_percent"): 10,
    (RuleKind.CAPACITY, "full_percent"): 100,
}
