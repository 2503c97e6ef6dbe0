"""What is kept back: safety stock from all, buffers from one channel. Allocation and availability both ask here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

EVERY = 0
"""Stands for every warehouse, and for every product."""

Kept = Mapping[tuple[int, int], int]
"""Units by (warehouse, product)."""


def kept_back(rows: Kept, warehouse_id: int, product_id: int) -> int:
    """What the most particular row says: this product here, it anywhere, all products here, all anywhere."""
    for key in ((warehouse_id, product_id), (EVERY, product_id), (warehouse_id, EVERY), (EVERY, EVERY)):
        found = rows.get(key)
        if found is not None:
            return found
    return 0


@dataclass(frozen=True, slots=True)
class KeptBack:
    """All that is kept back. `buffers` stand by channel (id), `percents` beside them: shares of what is left after
    the safety stock. `sources` are the warehouses of those channels that may not use all.
    """

    safety: Kept = field(default_factory=dict)
    buffers: Mapping[int, Kept] = field(default_factory=dict)
    percents: Mapping[int, Kept] = field(default_factory=dict)
    sources: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        """Whether all that is free may be promised to anybody."""
        return not (self.safety or self.buffers or self.percents or self.sources)

    def safety_of(self, warehouse_id: int, product_id: int) -> int:
        """Units that a warehouse promises to nobody."""
        return kept_back(self.safety, warehouse_id, product_id) if self.safety else 0

    def buffer_of(self, channel_id: int, warehouse_id: int, product_id: int) -> int:
        """Units that a warehouse keeps back from one channel, beyond its safety stock."""
        rows = self.buffers.get(channel_id)
        return kept_back(rows, warehouse_id, product_id) if rows else 0

    def share_of(self, left: int, channel_id: int, warehouse_id: int, product_id: int) -> int:
        """The percentage of what is left that is kept back from one channel, in whole units, rounded up."""
        rows = self.percents.get(channel_id)
        return -(-left * kept_back(rows, warehouse_id, product_id) // 100) if rows else 0

    def may_use(self, channel_id: int, warehouse_id: int) -> bool:
        """Whether a channel may be served from a warehouse."""
        sources = self.sources.get(channel_id)
        return sources is None or warehouse_id in sources

    def promisable(self, free: int, channel_id: int, warehouse_id: int, product_id: int) -> int:
        """How many of the free units of a warehouse one channel may be promised."""
        left = free - self.safety_of(warehouse_id, product_id)
        if left <= 0 or not self.may_use(channel_id, warehouse_id):
            return 0
        units = self.buffer_of(channel_id, warehouse_id, product_id)
        return max(0, left - max(units, self.share_of(left, channel_id, warehouse_id, product_id)))
