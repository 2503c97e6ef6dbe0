"""What sourcing is told and what it answers: orders, sources, stock, and for each order who sends what, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.sourcing_places import Places, Site
from app.domain.sourcing_rules import USUAL_RULES, Rule
from app.domain.sourcing_stock import KeptBack
from app.domain.states import WarehouseKind

Fact = int | str


@dataclass(frozen=True, slots=True)
class Line:
    """What is wanted of one order line. `product_id` is None for a line whose product nobody knows."""

    line_id: int
    product_id: int | None
    quantity: int
    sku: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """One order. Orders stand in the sequence in which they are served.

    `country` has two capitals, `leaves_at` is in milliseconds. `preferred` is the source that the customer prefers;
    where the goods are collected, `only_from` is the only source; `not_from` are none. `less` are units that count as
    not there for this order, by (source, product).
    """

    order_id: int
    lines: tuple[Line, ...]
    in_parts: bool = False
    channel_id: int = 0
    channel: str = ""
    country: str = ""
    postcode: str = ""
    service: str = ""
    leaves_at: int | None = None
    preferred: int | None = None
    only_from: int | None = None
    not_from: frozenset[int] = frozenset()
    less: Mapping[tuple[int, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A site that can send goods. Costs in minor units; `departs_at` (milliseconds) is when what is promised now leaves
    there, None where that is no question. `capacity` counts orders a day, `room` those that it still takes today.
    """

    source_id: int
    name: str = ""
    site: Site = field(default_factory=Site)
    kind: WarehouseKind = WarehouseKind.WAREHOUSE
    departs_at: int | None = None
    capacity: int | None = None
    room: int | None = None
    parcel_cost: int = 0
    unit_cost: int = 0


@dataclass(frozen=True, slots=True)
class Network:
    """What orders are planned on. `stock` holds free units by (source, product).

    Of sources between which no rule decides, the one that stands first is taken.
    """

    sources: tuple[Source, ...]
    stock: Mapping[tuple[int, int], int]
    rules: tuple[Rule, ...] = USUAL_RULES
    kept: KeptBack = field(default_factory=KeptBack)
    places: Places = field(default_factory=Places)


@dataclass(frozen=True, slots=True)
class Pick:
    """Units of one line from one source."""

    line_id: int
    product_id: int
    source_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Why a source sends something of an order: the key of a sentence (`sourcing.why...`) and its values."""

    source_id: int
    code: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Sourced:
    """What became of one order. `missing` says how many of which SKU could not be sourced."""

    order_id: int
    picks: tuple[Pick, ...] = ()
    choices: tuple[Choice, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourcingPlan:
    """A whole batch."""

    orders: tuple[Sourced, ...]
