"""What is kept back, as the office reads it: safety stock, buffers, and the sources of channels."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

_ROWS = text(
    "SELECT 'safety' AS kind, s.id AS id, 0 AS channel_id, '' AS channel, COALESCE(w.code, '') AS site, "
    "COALESCE(w.name, '') AS site_name, COALESCE(p.sku, '') AS sku, COALESCE(p.name, '') AS product, s.quantity, "
    "0 AS percent FROM safety_stock s LEFT JOIN warehouses w ON w.id = s.warehouse_id "
    "LEFT JOIN products p ON p.id = s.product_id "
    "UNION ALL SELECT 'buffer', b.id, b.channel_id, c.name, COALESCE(w.code, ''), COALESCE(w.name, ''), "
    "COALESCE(p.sku, ''), COALESCE(p.name, ''), b.quantity, b.percent FROM channel_buffers b "
    "JOIN channels c ON c.id = b.channel_id LEFT JOIN warehouses w ON w.id = b.warehouse_id "
    "LEFT JOIN products p ON p.id = b.product_id ORDER BY kind DESC, channel, sku, site, id LIMIT :most"
)
_SOURCES = text(
    "SELECT c.id, c.key, c.name, COALESCE(w.code, '') AS code FROM channels c "
    "LEFT JOIN channel_warehouses s ON s.channel_id = c.id LEFT JOIN warehouses w ON w.id = s.warehouse_id "
    "ORDER BY c.key, w.code"
)
MOST = 2000


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One thing that was said. `kind` is `safety` or `buffer`; an empty site or SKU stands for every one."""

    kind: str
    row_id: int
    channel_id: int
    channel: str
    site: str
    site_name: str
    sku: str
    product: str
    quantity: int
    percent: int

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return f"{self.kind}:{self.row_id}"


@dataclass(frozen=True, slots=True)
class ChannelSources:
    """A channel with the codes of the sources it may use; none stand for all."""

    channel_id: int
    key: str
    name: str
    sources: tuple[str, ...]


def kept_rows(session: Session) -> tuple[KeptRow, ...]:
    """All that was said, safety stock first, at most 2,000."""
    return tuple(KeptRow(*row) for row in session.connection().execute(_ROWS, {"most": MOST}))


def channel_sources(session: Session) -> tuple[ChannelSources, ...]:
    """Every channel with its sources."""
    found: dict[int, tuple[str, str, list[str]]] = {}
    for row in session.connection().execute(_SOURCES):
        entry = found.setdefault(row.id, (row.key, row.name, []))
        if row.code:
            entry[2].append(row.code)
    return tuple(ChannelSources(ident, key, name, tuple(codes)) for ident, (key, name, codes) in found.items())
