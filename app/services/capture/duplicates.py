"""Orders that look like one the customer sent twice: same customer, place and goods within a day, another number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from app.domain.storable import sku_key
from app.services.capture.prepare import PreparedOrder

WITHIN = timedelta(hours=24)
MOST_OF_ONE_CUSTOMER = 200

Likeness: TypeAlias = tuple[str, str, tuple[tuple[str, int], ...]]
Earlier: TypeAlias = tuple[datetime, str, Likeness]

_EARLIER = text(
    "SELECT o.id, o.customer_id, o.number, o.created_at, a.address1, a.postcode FROM orders o "
    "JOIN addresses a ON a.id = o.ship_to_id WHERE o.channel_id = :channel AND o.customer_id IN :customers "
    "AND o.created_at BETWEEN :since AND :until AND o.state <> 'cancelled' ORDER BY o.id DESC LIMIT :most"
).bindparams(bindparam("customers", expanding=True))
_LINES = text("SELECT order_id, sku, quantity FROM order_lines WHERE order_id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)


def suspected(
    session: Session,
    channel_id: int,
    now: datetime,
    ids: Sequence[int],
    orders: Sequence[PreparedOrder],
    customers: Mapping[str, int],
) -> dict[int, str]:
    """Of orders about to be added: those that look like another one, with the other's number."""
    found: dict[int, str] = {}
    asked = [order for order in orders if order.customer_ref and _has_street(order)]
    earlier = _earlier(session, channel_id, now, asked, customers) if asked else defaultdict(list)
    for order_id, order in zip(ids, orders, strict=True):
        if not order.customer_ref or not _has_street(order):
            continue
        own, at, number = likeness(order), order.order.created_utc or now, str(order.order_row["number"])
        seen = earlier[customers[order.customer_ref]]
        twin = next((n for then, n, like in seen if like == own and n != number and abs(then - at) <= WITHIN), None)
        if twin is not None:
            found[order_id] = twin
        seen.append((at, number, own))
    return found


def likeness(order: PreparedOrder) -> Likeness:
    """Place and goods of an order, for comparing."""
    goods = sorted((key, line.quantity) for key, line in zip(order.sku_keys, order.order.lines, strict=True))
    return _plain(str(order.address_row["address1"])), _plain(str(order.address_row["postcode"])), tuple(goods)


def _earlier(
    session: Session, channel_id: int, now: datetime, orders: Sequence[PreparedOrder], customers: Mapping[str, int]
) -> defaultdict[int, list[Earlier]]:
    moments = [order.order.created_utc or now for order in orders]
    asked = sorted({customers[order.customer_ref] for order in orders})
    connection = session.connection()
    rows = connection.execute(
        _EARLIER,
        {
            "channel": channel_id,
            "customers": asked,
            "since": _stamp(min(moments) - WITHIN),
            "until": _stamp(max(moments) + WITHIN),
            "most": MOST_OF_ONE_CUSTOMER * max(1, len(asked)),
        },
    ).all()
    goods: dict[int, list[tuple[str, int]]] = defaultdict(list)
    if rows:
        for order_id, sku, quantity in connection.execute(_LINES, {"ids": [row.id for row in rows]}):
            goods[order_id].append((sku_key(sku), quantity))
    earlier: defaultdict[int, list[Earlier]] = defaultdict(list)
    for row in rows:
        like = (_plain(row.address1), _plain(row.postcode), tuple(sorted(goods[row.id])))
        earlier[row.customer_id].append((_moment(row.created_at, now), row.number, like))
    return earlier


def _has_street(order: PreparedOrder) -> bool:
    return bool(str(order.address_row["address1"]).strip())


def _plain(part: str) -> str:
    return "".join(part.casefold().split())


def _stamp(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(stamp: int, like: datetime) -> datetime:
    return datetime.fromtimestamp(stamp / 1000, like.tzinfo)
