"""Which stock is promised to which order line: a plan over plain values, made for a whole batch at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.sourcing import Planner
from app.domain.sourcing_values import Choice, Network, Order


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is still open of one order line. `product_id` is None for a line whose product nobody knows.

    `avoid` are balances that already hold a promise of this line which somebody is picking.
    """

    line_id: int
    product_id: int | None
    quantity: int
    sku: str = ""
    avoid: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Demand:
    """One order, with what is open of its lines. Orders stand in the sequence in which they are served."""

    order_id: int
    in_parts: bool
    lines: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """Free units of one balance. `expires` (any number that grows with time) is None where nothing expires."""

    balance_id: int
    product_id: int
    warehouse_id: int
    free: int
    expires: int | None = None
    reserve: bool = False
    pick_sequence: int = 0


@dataclass(frozen=True, slots=True)
class Promised:
    """Units of one balance for one line."""

    order_id: int
    line_id: int
    balance_id: int
    warehouse_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Who gets what; `missing` says for each order that stays short how many of which SKU it lacks."""

    promises: tuple[Promised, ...]
    missing: Mapping[int, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class SitesPlan:
    """A plan over several sites, with the reasons why an order gets goods from them, by order."""

    plan: Plan
    choices: Mapping[int, tuple[Choice, ...]]

    @staticmethod
    def nothing(demand: Demand) -> SitesPlan:
        """The plan where nobody has anything of an order."""
        missing: dict[str, int] = {}
        for line in demand.lines:
            missing[line.sku] = missing.get(line.sku, 0) + line.quantity
        return SitesPlan(Plan((), {demand.order_id: missing}), {})


def served_first(supply: Supply) -> tuple[bool, int, bool, int, int]:
    """What expires first goes first, then pick faces before reserves, then along the walk."""
    return (
        supply.expires is None,
        supply.expires or 0,
        supply.reserve,
        supply.pick_sequence,
        supply.balance_id,
    )


class _Stock:
    """What is left while the plan is made."""

    def __init__(self, supplies: Iterable[Supply], warehouses: Sequence[int]) -> None:
        self.left: dict[int, int] = {}
        self.rank = {warehouse: rank for rank, warehouse in enumerate(warehouses)}
        self.by_product: dict[int, list[Supply]] = defaultdict(list)
        for supply in supplies:
            self.left[supply.balance_id] = supply.free
            self.by_product[supply.product_id].append(supply)
        for found in self.by_product.values():
            found.sort(key=lambda supply: (self._rank(supply), *served_first(supply)))

    def _rank(self, supply: Supply) -> int:
        return self.rank.get(supply.warehouse_id, len(self.rank) + supply.warehouse_id)

    def warehouses(self, demand: Demand) -> list[int]:
        """The warehouses that hold anything of it, the preferred one first."""
        found = {
            (self._rank(supply), supply.warehouse_id)
            for line in demand.lines
            if line.product_id is not None
            for supply in self.by_product.get(line.product_id, ())
        }
        return [warehouse for _rank, warehouse in sorted(found)]

    def pick(self, demand: Demand, warehouse: int | None) -> tuple[list[Promised], dict[str, int]]:
        """Serves all lines from one warehouse (or from all, None); what is missing stands by SKU."""
        promises: list[Promised] = []
        missing: dict[str, int] = {}
        for line in demand.lines:
            open_quantity = line.quantity
            supplies = self.by_product.get(line.product_id, []) if line.product_id is not None else []
            for supply in supplies:
                if open_quantity == 0:
                    break
                if (warehouse is not None and supply.warehouse_id != warehouse) or supply.balance_id in line.avoid:
                    continue
                taken = min(open_quantity, self.left[supply.balance_id])
                if taken > 0:
                    open_quantity -= taken
                    self.left[supply.balance_id] -= taken
                    promises.append(
                        Promised(demand.order_id, line.line_id, supply.balance_id, supply.warehouse_id, taken)
                    )
            if open_quantity:
                missing[line.sku] = missing.get(line.sku, 0) + open_quantity
        return promises, missing

    def take(self, order_id: int, line: Wanted, site: int, quantity: int) -> list[Promised]:
        """Units of one line from the balances of one site, which holds as many: those first that are served first."""
        promises: list[Promised] = []
        for supply in self.by_product.get(line.product_id or 0, ()):
            if quantity == 0:
                break
            if supply.warehouse_id != site or supply.balance_id in line.avoid:
                continue
            taken = min(quantity, self.left[supply.balance_id])
            if taken > 0:
                quantity -= taken
                self.left[supply.balance_id] -= taken
                promises.append(Promised(order_id, line.line_id, supply.balance_id, site, taken))
        return promises

    def put_back(self, promises: Iterable[Promised]) -> None:
        """Undoes a pick."""
        for promise in promises:
            self.left[promise.balance_id] += promise.quantity


def plan(demands: Iterable[Demand], supplies: Iterable[Supply], warehouses: Sequence[int] = ()) -> Plan:
    """Serves the orders in turn: from one warehouse if one has all of it (those named first are preferred), else from
    several. An order that may not ship in parts and can't be served whole gets nothing, so that it blocks nobody.
    """
    stock = _Stock(supplies, warehouses)
    promises: list[Promised] = []
    missing: dict[int, Mapping[str, int]] = {}
    for demand in demands:
        taken, lacking = _serve(stock, demand)
        promises.extend(taken)
        if lacking:
            missing[demand.order_id] = lacking
    return Plan(tuple(promises), missing)


def plan_over_sites(
    demands: Iterable[Demand], supplies: Sequence[Supply], orders: Mapping[int, Order], network: Network
) -> SitesPlan:
    """Serves the orders in turn from the sites that the rules of sourcing choose (`domain.sourcing`).

    `orders` are the demands as sourcing sees them, by id; the stock of the network is what is free by `supplies`.
    """
    stock = _Stock(supplies, ())
    planner = Planner(replace(network, stock=free_by_site(supplies)))
    promises: list[Promised] = []
    missing: dict[int, Mapping[str, int]] = {}
    choices: dict[int, tuple[Choice, ...]] = {}
    for demand in demands:
        sourced = planner.serve(_without_avoided(orders[demand.order_id], demand, stock))
        lines = {line.line_id: line for line in demand.lines}
        for pick in sourced.picks:
            promises += stock.take(demand.order_id, lines[pick.line_id], pick.source_id, pick.quantity)
        choices[demand.order_id] = sourced.choices
        if sourced.missing:
            missing[demand.order_id] = sourced.missing
    return SitesPlan(Plan(tuple(promises), missing), choices)


def free_by_site(supplies: Iterable[Supply]) -> dict[tuple[int, int], int]:
    """Free units by (warehouse, product)."""
    free: defaultdict[tuple[int, int], int] = defaultdict(int)
    for supply in supplies:
        free[supply.warehouse_id, supply.product_id] += supply.free
    return dict(free)


def _without_avoided(order: Order, demand: Demand, stock: _Stock) -> Order:
    """Balances that a line must leave alone count as not there for the whole order."""
    less: dict[tuple[int, int], int] = {}
    for line in demand.lines:
        if line.avoid and line.product_id is not None:
            for supply in stock.by_product.get(line.product_id, ()):
                if supply.balance_id in line.avoid:
                    key = supply.warehouse_id, line.product_id
                    less[key] = less.get(key, 0) + supply.free
    return replace(order, less=less) if less else order


def _serve(stock: _Stock, demand: Demand) -> tuple[list[Promised], dict[str, int]]:
    candidates = stock.warehouses(demand)
    if len(candidates) > 1:
        for warehouse in candidates:
            taken, lacking = stock.pick(demand, warehouse)
            if not lacking:
                return taken, lacking
            stock.put_back(taken)
    taken, lacking = stock.pick(demand, None)
    if lacking and not demand.in_parts:
        stock.put_back(taken)
        taken = []
    return taken, lacking
