"""Tries the rules of sourcing on one order: who would send what, and why; nothing is changed by it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.domain.allocation import Demand, Supply, Wanted, plan_over_sites
from app.domain.sourcing_values import Choice
from app.domain.states import WarehouseKind
from app.services.actor import Actor
from app.services.allocate_rows import WaitingOrder, read_supplies
from app.services.allocate_sites import read_network

# What has not left yet. What is promised already is planned anew, as if nobody had promised it.
_ORDER = text(
    "SELECT o.id, o.number, o.may_ship_in_parts, o.priority, o.leaves_at, o.service, c.name AS channel, a.city, "
    "a.postcode, a.country FROM orders o JOIN channels c ON c.id = o.channel_id "
    "JOIN addresses a ON a.id = o.ship_to_id "
    "WHERE o.number IN (:number, :hashed) ORDER BY o.id DESC LIMIT 1"
)
_LINES = text(
    "SELECT l.id, l.product_id, l.sku, l.quantity - l.cancelled - l.elsewhere - COALESCE((SELECT SUM(m.quantity) "
    "FROM stock_movements m WHERE m.order_line_id = l.id AND m.reason = 'ship'), 0) AS wanted FROM order_lines l "
    "WHERE l.order_id = :order AND l.requires_shipping ORDER BY l.line_no"
)
_OWN = text(
    "SELECT b.id, b.product_id, p.warehouse_id, a.quantity, p.pick_sequence FROM allocations a "
    "JOIN stock_balances b ON b.id = a.balance_id JOIN locations p ON p.id = b.location_id "
    "JOIN order_lines l ON l.id = a.order_line_id WHERE l.order_id = :order AND a.state = 'open' ORDER BY b.id"
)
_SITES = text("SELECT id, name, kind FROM warehouses")


@dataclass(frozen=True, slots=True)
class FromSource:
    """What one site would send: units by SKU, and why it was chosen."""

    warehouse_id: int
    warehouse: str
    kind: WarehouseKind
    units: tuple[tuple[str, int], ...]
    why: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan for one order. `missing` are units by SKU that nobody has."""

    order_id: int
    number: str
    channel: str
    destination: str
    sources: tuple[FromSource, ...]
    missing: tuple[tuple[str, int], ...]


def order_of(session: Session, number: str) -> int | None:
    """The id of the newest order of this number, with or without its hash; None when there is none."""
    row = _order(session, number)
    return None if row is None else int(row.id)


def _order(session: Session, number: str) -> Row[tuple[Any, ...]] | None:
    told = number.strip()
    return session.connection().execute(_ORDER, {"number": told, "hashed": f"#{told}"}).first()


def preview(session: Session, actor: Actor, number: str) -> Preview | None:
    """Tries the rules on the newest order of this number; None when there is none. What it holds counts as free."""
    row = _order(session, number)
    if row is None:
        return None
    lines = tuple(
        Wanted(line.id, line.product_id, int(line.wanted), line.sku)
        for line in session.connection().execute(_LINES, {"order": row.id})
        if line.wanted > 0
    )
    demand = Demand(row.id, bool(row.may_ship_in_parts), lines)
    order = WaitingOrder(row.id, demand.in_parts, row.priority, row.leaves_at, row.service, True)
    town = ", ".join(part for part in (row.city, row.postcode, row.country) if part)
    if not lines:
        return Preview(row.id, row.number, row.channel, town, (), ())
    supplies = _with_own(session, row.id, read_supplies(session, actor, [demand]))
    network, seen = read_network(session, actor, [order], [demand])
    made = plan_over_sites([demand], supplies, seen, network)
    sku = {line.line_id: line.sku for line in lines}
    units: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for promise in made.plan.promises:
        units[promise.warehouse_id][sku[promise.line_id]] += promise.quantity
    missing = tuple(made.plan.missing.get(row.id, {}).items())
    sources = _sources(session, units, made.choices.get(row.id, ()))
    return Preview(row.id, row.number, row.channel, town, sources, missing)


def _with_own(session: Session, order_id: int, supplies: list[Supply]) -> list[Supply]:
    """What is free, and what this order was promised."""
    own = session.connection().execute(_OWN, {"order": order_id}).all()
    known = {supply.balance_id: supply for supply in supplies}
    for row in own:
        before = known.get(row.id)
        free = row.quantity + (before.free if before else 0)
        sequence = before.pick_sequence if before else row.pick_sequence
        known[row.id] = Supply(row.id, row.product_id, row.warehouse_id, free, None, False, sequence)
    return [known[balance] for balance in sorted(known)]


def _sources(
    session: Session, units: defaultdict[int, defaultdict[str, int]], choices: tuple[Choice, ...]
) -> tuple[FromSource, ...]:
    names = {row.id: (row.name, WarehouseKind(row.kind)) for row in session.connection().execute(_SITES)}
    why: defaultdict[int, list[Choice]] = defaultdict(list)
    for choice in choices:
        why[choice.source_id].append(choice)
    return tuple(
        FromSource(site, *names[site], tuple(sorted(found.items())), tuple(why[site]))
        for site, found in sorted(units.items(), key=lambda entry: (-sum(entry[1].values()), entry[0]))
    )
