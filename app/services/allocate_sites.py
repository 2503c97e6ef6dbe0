"""What allocation over several sites reads and writes: the ground that orders are sourced on, and why as it was."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from app.domain.allocation import Demand
from app.domain.sourcing_stock import KeptBack
from app.domain.sourcing_values import Choice, Line, Network, Order
from app.services.actor import Actor
from app.services.allocate_rows import WaitingOrder, milliseconds
from app.services.bulk import insert_rows
from app.services.kept_back import read_kept_back
from app.services.sourcing_rows import (
    read_destinations,
    read_groups,
    read_places,
    read_rules,
    read_sources,
    site_codes,
)

_CHOICE = {
    "fulfillment_id": "bigint",
    "at": "bigint",
    "code": "text",
    "facts": "jsonb",
    "rerouted_from_id": "bigint",
}


def read_network(
    session: Session,
    actor: Actor,
    orders: Sequence[WaitingOrder],
    demands: Sequence[Demand],
    not_from: frozenset[int] = frozenset(),
) -> tuple[Network, dict[int, Order]]:
    """The network without its stock, and the orders as sourcing sees them. No order gets anything from `not_from`."""
    rules = read_rules(session, site_codes(session))
    sources = read_sources(session, actor, rules)
    to = read_destinations(session, [order.order_id for order in orders])
    places = read_places(session, rules, [source.site for source in sources], to.values())
    kept: KeptBack = read_kept_back(session)
    groups: dict[int, str] = {}
    if any(rule.conditions.groups for rule in rules):
        products = {line.product_id for demand in demands for line in demand.lines if line.product_id}
        groups = read_groups(session, products)
    waiting = {order.order_id: order for order in orders}
    seen: dict[int, Order] = {}
    for demand in demands:
        one, order = to[demand.order_id], waiting[demand.order_id]
        lines = tuple(
            Line(line.line_id, line.product_id, line.quantity, line.sku, groups.get(line.product_id or 0, ""))
            for line in demand.lines
        )
        seen[demand.order_id] = Order(
            demand.order_id, lines, demand.in_parts, one.channel_id, one.channel, one.country, one.postcode,
            order.service, order.leaves_at, one.preferred, one.pick_up_at, not_from,
        )  # fmt: skip
    return Network(sources, {}, rules, kept, places), seen


def write_choices(
    session: Session,
    actor: Actor,
    choices: Mapping[int, Collection[Choice]],
    fulfillments: Mapping[tuple[int, int], int],
    rerouted_from_id: int | None = None,
) -> None:
    """Keeps why each site was chosen, with the fulfillment (by order and site) that it led to."""
    now = milliseconds(actor.now)
    rows = [
        (
            fulfillments[order_id, choice.source_id], now, choice.code,
            json.dumps(dict(choice.facts), ensure_ascii=False), rerouted_from_id,
        )
        for order_id, some in choices.items()
        for choice in some
    ]  # fmt: skip
    insert_rows(session.connection(), "sourcing_choices", _CHOICE, rows)
