"""Reads what is kept back: safety stock, buffers of channels, and the sources that channels may use."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.sourcing_stock import KeptBack
from app.models.sourcing import ChannelBuffer, ChannelWarehouse, SafetyStock


def read_kept_back(session: Session) -> KeptBack:
    """All of it: these tables are small, one row for each rule that the office made."""
    safety = {
        (row.warehouse_id, row.product_id): row.quantity
        for row in session.execute(select(SafetyStock.warehouse_id, SafetyStock.product_id, SafetyStock.quantity))
    }
    buffers: defaultdict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    percents: defaultdict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    rows = session.execute(
        select(
            ChannelBuffer.channel_id,
            ChannelBuffer.warehouse_id,
            ChannelBuffer.product_id,
            ChannelBuffer.quantity,
            ChannelBuffer.percent,
        )
    )
    for channel_id, warehouse_id, product_id, quantity, percent in rows:
        buffers[channel_id][(warehouse_id, product_id)] = quantity
        percents[channel_id][(warehouse_id, product_id)] = percent
    sources: defaultdict[int, set[int]] = defaultdict(set)
    for channel_id, warehouse_id in session.execute(select(ChannelWarehouse.channel_id, ChannelWarehouse.warehouse_id)):
        sources[channel_id].add(warehouse_id)
    return KeptBack(safety, dict(buffers), dict(percents), {key: frozenset(found) for key, found in sources.items()})
