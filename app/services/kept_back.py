"""Reads what is kept back: safety stock, buffers of channels, and the sources that channels may use."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.sourcing_stock import KeptBack

_SAFETY = text("SELECT warehouse_id, product_id, quantity FROM safety_stock")
_BUFFERS = text("SELECT channel_id, warehouse_id, product_id, quantity, percent FROM channel_buffers")
_SOURCES = text("SELECT channel_id, warehouse_id FROM channel_warehouses")


def read_kept_back(session: Session) -> KeptBack:
    """All of it: these tables are small, one row for each rule that the office made."""
    connection = session.connection()
    safety = {(site, product): quantity for site, product, quantity in connection.execute(_SAFETY)}
    buffers: defaultdict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    percents: defaultdict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    for channel_id, site, product, quantity, percent in connection.execute(_BUFFERS):
        buffers[channel_id][(site, product)] = quantity
        percents[channel_id][(site, product)] = percent
    sources: defaultdict[int, set[int]] = defaultdict(set)
    for channel_id, site in connection.execute(_SOURCES):
        sources[channel_id].add(site)
    return KeptBack(safety, dict(buffers), dict(percents), {key: frozenset(found) for key, found in sources.items()})
