"""Holds for want of stock: opened with what is missing, released by themselves once it came."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.services.actor import Actor
from app.services.bulk import among, id_list, insert_rows

ARRIVED = "allocated"
"""The reason of stock holds that were released because the stock came."""
LONGEST = 400

_KINDS = {"order_id": "bigint", "kind": "text", "detail": "text", "opened_at": "bigint", "opened_by_id": "bigint"}
_CONFLICT = "ON CONFLICT (order_id, kind) WHERE released_at IS NULL DO UPDATE SET detail = excluded.detail"


def detail_of(missing: Mapping[str, int]) -> str:
    """What is missing, by SKU with its count: `CUP 3, LAMP 1`."""
    said = ", ".join(f"{sku or '?'} {quantity}" for sku, quantity in missing.items())
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def open_stock_holds(session: Session, actor: Actor, missing: Mapping[int, Mapping[str, int]]) -> None:
    """Opens a hold for each order (by id) that lacks stock, or tells its open one what is missing now."""
    now = round(actor.now.timestamp() * 1000)
    rows = [(order_id, "stock", detail_of(lacking), now, None) for order_id, lacking in missing.items()]
    insert_rows(session.connection(), "holds", _KINDS, rows, _CONFLICT)


def release_stock_holds(session: Session, actor: Actor, order_ids: Collection[int], reason: str = ARRIVED) -> int:
    """Releases the open stock holds of these orders; gives how many there were."""
    if not order_ids:
        return 0
    connection = session.connection()
    statement = text(
        "UPDATE holds SET released_at = :now, release_reason = :reason, released_by_id = :operator "
        f"WHERE {among(connection, 'order_id')} AND kind = 'stock' AND released_at IS NULL"
    )
    given = {"now": round(actor.now.timestamp() * 1000), "reason": reason, "operator": None}
    return connection.execute(statement, {**given, "ids": id_list(connection, order_ids)}).rowcount
