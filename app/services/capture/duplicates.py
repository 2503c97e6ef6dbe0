"""Orders that look like one the customer sent twice: same customer, place and goods within a day, another number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TypeAlias

from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import TextClause

from app.domain.storable import sku_key
from app.services.bulk import among, id_list
from app.services.capture.plain import plain_moment
from app.services.capture.prepare import PreparedOrder

WITHIN = timedelta(hours=24)
MOST_OF_ONE_CUSTOMER = 200

Likeness: TypeAlias = tuple[str, str, tuple[tuple[str, int], ...]]
Earlier: TypeAlias = tuple[datetime, str, Likeness]

_EARLIER = (
    "SELECT o.id, o.customer_id, o.number, o.created_at, a.address1, a.postcode FROM orders o "
    "JOIN addresses a ON a.id = o.ship_to_id WHERE o.channel_id = :channel AND {customers} "
    "AND o.created_at BETWEEN :since AND :until AND o.state <> 'cancelled' ORDER BY o.id DESC LIMIT :most"
)
_LINES = "SELECT order_id, sku, quantity FROM order_lines WHERE {orders}"


@cache
def _asking(sql: str) -> TextClause:
    return text(sql)


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
        _asking(_EARLIER.format(customers=among(connection, "o.customer_id"))),
        {
            "channel": channel_id,
            "ids": id_list(connection, asked),
            "since": plain_moment(min(moments) - WITHIN),
            "until": plain_moment(max(moments) + WITHIN),
            "most": MOST_OF_ONE_CUSTOMER * max(1, len(asked)),
        },
    ).all()
    goods: dict[int, list[tuple[str, int]]] = defaultdict(list)
    if rows:
        lines = _asking(_LINES.format(orders=among(connection, "order_id")))
        for order_id, sku, quantity in connection.execute(lines, {"ids": id_list(connection, [r.id for r in rows])}):
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


def _moment(stamp: int, like: datetime) -> datetime:
    return datetime.fromtimestamp(stamp / 1000, like.tzinfo)
