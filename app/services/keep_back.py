"""The office says what is kept back: safety stock, buffers of channels, and which sources a channel may use.

Orders that wait are served at once by what is not kept back any more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.outcomes import Change, Outcome, done, refused
from app.domain.roles import Permission
from app.domain.sourcing_stock import EVERY
from app.models.demand import Channel
from app.models.sourcing import ChannelBuffer, ChannelWarehouse, SafetyStock
from app.models.warehouses import Warehouse
from app.services.actor import Actor
from app.services.allocate import WAITING_AT_ONCE, allocate_ready
from app.services.audit import record
from app.services.changes import note_changes
from app.services.permissions import forbidden

MOST = 1_000_000
_NEEDED = Permission.MANAGE_PRODUCTS


def set_safety(
    session: Session, actor: Actor, quantity: int, warehouse_id: int = EVERY, product_id: int = EVERY
) -> Outcome:
    """Says how many units a warehouse promises to nobody. Orders that have their promises keep them."""
    refusal = forbidden(session, actor, _NEEDED) or _wrong(quantity)
    if refusal is not None:
        return refusal
    row = session.scalars(
        select(SafetyStock).where(SafetyStock.warehouse_id == warehouse_id, SafetyStock.product_id == product_id)
    ).first()
    if row is None:
        row = SafetyStock(warehouse_id=warehouse_id, product_id=product_id, quantity=quantity)
        session.add(row)
    row.quantity = quantity
    session.flush()
    detail = {"warehouse": warehouse_id, "product": product_id, "quantity": quantity}
    return _changed(session, actor, "kept_back.safety", row.id, detail)


def set_buffer(
    session: Session,
    actor: Actor,
    channel_id: int,
    quantity: int,
    percent: int = 0,
    warehouse_id: int = EVERY,
    product_id: int = EVERY,
) -> Outcome:
    """Says what is kept back from one channel: units, or a share of what is left; the larger of the two counts."""
    refusal = forbidden(session, actor, _NEEDED) or _wrong(quantity)
    if refusal is not None:
        return refusal
    if not 0 <= percent <= 100:
        return refused("kept_back.bad_percent", percent=percent)
    if session.get(Channel, channel_id) is None:
        return refused("kept_back.no_channel")
    row = session.scalars(
        select(ChannelBuffer).where(
            ChannelBuffer.channel_id == channel_id,
            ChannelBuffer.warehouse_id == warehouse_id,
            ChannelBuffer.product_id == product_id,
        )
    ).first()
    if row is None:
        row = ChannelBuffer(channel_id=channel_id, warehouse_id=warehouse_id, product_id=product_id)
        session.add(row)
    row.quantity, row.percent = quantity, percent
    session.flush()
    detail = {"channel": channel_id, "warehouse": warehouse_id, "product": product_id} | {
        "quantity": quantity, "percent": percent,
    }  # fmt: skip
    return _changed(session, actor, "kept_back.buffer", row.id, detail)


def remove_kept(session: Session, actor: Actor, kind: str, row_id: int) -> Outcome:
    """Takes away what was said: `kind` is `safety` or `buffer`. What is said more generally counts again."""
    refusal = forbidden(session, actor, _NEEDED)
    if refusal is not None:
        return refusal
    table = SafetyStock if kind == "safety" else ChannelBuffer
    row = session.get(table, row_id)
    if row is None:
        return refused("kept_back.gone")
    session.delete(row)
    session.flush()
    return _changed(session, actor, "kept_back.removed", row_id, {"kind": kind})


def set_sources(session: Session, actor: Actor, channel_id: int, warehouse_ids: Collection[int]) -> Outcome:
    """Says which sources a channel may use; none named lets it use every one that is active."""
    refusal = forbidden(session, actor, _NEEDED)
    if refusal is not None:
        return refusal
    if session.get(Channel, channel_id) is None:
        return refused("kept_back.no_channel")
    wanted = sorted(set(warehouse_ids))
    if any(session.get(Warehouse, one) is None for one in wanted):
        return refused("transfer.no_warehouse")
    session.execute(delete(ChannelWarehouse).where(ChannelWarehouse.channel_id == channel_id))
    session.add_all(ChannelWarehouse(channel_id=channel_id, warehouse_id=one) for one in wanted)
    session.flush()
    return _changed(session, actor, "kept_back.sources", channel_id, {"warehouses": wanted})


def _wrong(quantity: int) -> Outcome | None:
    return None if 0 <= quantity <= MOST else refused("stock.bad_quantity", quantity=quantity)


def _changed(session: Session, actor: Actor, code: str, row_id: int, detail: Mapping[str, object]) -> Outcome:
    record(session, actor, code, "kept_back", row_id, detail)
    note_changes(session, actor, [Change("kept_back", row_id)])
    allocate_ready(session, actor, WAITING_AT_ONCE)  # what was kept back may serve who waits
    return done(code)
