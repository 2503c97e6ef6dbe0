"""What is free to promise, by product and site: exactly what allocation would take, summed for many at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from app.domain.states import WarehouseKind

AT_ONCE = 500
"""So many products are read in one statement."""

# What an order may be promised now. A place that must be counted promises nothing of that product.
_FREE = (
    "SELECT b.product_id, l.warehouse_id, SUM(b.on_hand - b.allocated) AS free "
    "FROM stock_balances b JOIN locations l ON l.id = b.location_id LEFT JOIN lots t ON t.id = b.lot_id "
    "WHERE {products} AND b.on_hand > 0 AND b.on_hand > b.allocated AND b.condition = 'new' "
    "AND l.kind IN ('shelf', 'bulk') AND l.active AND (t.expires_on IS NULL OR t.expires_on > :now) "
    "AND NOT EXISTS (SELECT 1 FROM count_tasks c WHERE c.location_id = b.location_id "
    "AND c.product_id = b.product_id AND c.done_at IS NULL) "
    "GROUP BY b.product_id, l.warehouse_id ORDER BY b.product_id, l.warehouse_id"
)
_SOME = text(_FREE.format(products="b.product_id IN :ids")).bindparams(bindparam("ids", expanding=True))
_RANGE = text(_FREE.format(products="b.product_id > :after AND b.product_id <= :until"))
_SOURCES = text("SELECT id, code, name, kind FROM warehouses WHERE active ORDER BY id")
_PRODUCTS = text("SELECT id, sku, name FROM products WHERE active AND id > :after ORDER BY id LIMIT :most")
_CHANNELS = text("SELECT id, key, name FROM channels ORDER BY key")


@dataclass(frozen=True, slots=True)
class Source:
    """A site that orders are served from."""

    id: int
    code: str
    name: str
    kind: WarehouseKind


@dataclass(frozen=True, slots=True)
class Free:
    """Free units of a product at a site, before anything is kept back."""

    product_id: int
    warehouse_id: int
    units: int


@dataclass(frozen=True, slots=True)
class Sold:
    """A product as a list of what may be promised names it."""

    product_id: int
    sku: str
    name: str


@dataclass(frozen=True, slots=True)
class ChannelName:
    """A channel by its key and name."""

    id: int
    key: str
    name: str


def sources(session: Session) -> tuple[Source, ...]:
    """The sites in use, suppliers too."""
    rows = session.connection().execute(_SOURCES)
    return tuple(Source(row.id, row.code, row.name, WarehouseKind(row.kind)) for row in rows)


def channel_names(session: Session) -> tuple[ChannelName, ...]:
    """All channels by their keys."""
    return tuple(ChannelName(*row) for row in session.connection().execute(_CHANNELS))


def free_of(session: Session, product_ids: list[int], now: datetime) -> tuple[Free, ...]:
    """What is free of some products, by site."""
    given = {"ids": product_ids, "now": round(now.timestamp() * 1000)}
    return tuple(Free(row[0], row[1], int(row[2])) for row in session.connection().execute(_SOME, given))


def free_between(session: Session, after: int, until: int, now: datetime) -> tuple[Free, ...]:
    """What is free of the products with ids above `after` up to `until`, by site."""
    given = {"after": after, "until": until, "now": round(now.timestamp() * 1000)}
    return tuple(Free(row[0], row[1], int(row[2])) for row in session.connection().execute(_RANGE, given))


def products_in_turn(session: Session, at_once: int = AT_ONCE) -> Iterator[tuple[Sold, ...]]:
    """All products that are sold, page by page, in the order of their ids."""
    after = 0
    while True:
        rows = session.connection().execute(_PRODUCTS, {"after": after, "most": at_once}).all()
        if not rows:
            return
        yield tuple(Sold(*row) for row in rows)
        after = rows[-1].id
