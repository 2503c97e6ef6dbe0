"""The rules of sourcing are data: each has a kind, parameters, and conditions on which it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique


@unique
class RuleKind(StrEnum):
    """What a rule makes small: a number of each unit by its source, a number of each source that is used, or both.

    With its parameters and what they are unless told:

    - `own_first`: units that a supplier sends.
    - `nearest`: kilometres of each unit, in steps of `step_km` (1): what differs by less counts as the same.
    - `fewest_parcels`: sources used; `most` (0, any number) of them at the most, whatever stands before this rule.
    - `cheapest`: what sources cost for a parcel and for each unit, and for each parcel `abroad` (0) when it leaves the
      country and `each_100_km` (0), in minor units.
    - `stock_balance`: of each unit, what part of the source's stock of the product the order wants, in steps of
      `step_percent` (10): who has plenty gives.
    - `channel_preference`: of each unit, the place of its source among `warehouses`; those not named come last.
    - `customer_preference`: the same, behind the source that the customer prefers.
    - `cut_off`: days by which each unit would leave too late.
    - `capacity`: sources used whose day is full, from `full_percent` (100) of their capacity on.
    """

    OWN_FIRST = "own_first"

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

    An empty set asks for nothing. A group is asked of the unit's product, all else of the order; rules that count
    sources hold for an order in which any product is of the group. Words are compared in small letters.
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
    """One rule. `numbers` and `warehouses` (ids, best first) are its parameters: see `RuleKind`."""

    kind: RuleKind
    numbers: Mapping[str, int] = field(default_factory=dict)
    warehouses: tuple[int, ...] = ()
    conditions: Conditions = Conditions()

    def number(self, name: str) -> int:
        """A parameter, or what it is unless somebody says otherwise."""
        return self.numbers.get(name, DEFAULTS.get((self.kind, name), 0))


DEFAULTS: Mapping[tuple[RuleKind, str], int] = {
    (RuleKind.NEAREST, "step_km"): 1,
    (RuleKind.FEWEST_PARCELS, "most"): 0,
    (RuleKind.CHEAPEST, "abroad"): 0,
    (RuleKind.CHEAPEST, "each_100_km"): 0,
    (RuleKind.STOCK_BALANCE, "step_percent"): 10,
    (RuleKind.CAPACITY, "full_percent"): 100,
}

USUAL_RULES = (Rule(RuleKind.OWN_FIRST), Rule(RuleKind.FEWEST_PARCELS), Rule(RuleKind.NEAREST))
"""What holds until somebody writes rules: our own goods, in one parcel where it can be, from near by."""
