"""All tables, for whoever walks them: migrations, backups, moves. A scan reads only what it needs."""

from __future__ import annotations

from sqlalchemy import text

from app.models import (
    catalogue,
    demand,
    edits,
    fulfillment,
    imports,
    notes,
    outbox,
    people,
    returns,
    shipping,
    sourcing,
    stock,
    supply,
    system,
    warehouses,
)
from app.models.base import WHERE, Base

__all__ = [
    "Base",
    "catalogue",
    "demand",
    "edits",
    "fulfillment",
    "imports",
    "notes",
    "outbox",
    "people",
    "returns",
    "shipping",
    "sourcing",
    "stock",
    "supply",
    "system",
    "warehouses",
]

for _index in (index for table in Base.metadata.tables.values() for index in table.indexes if WHERE in index.info):
    _where, _dialects = _index.info[WHERE]
    for _dialect in _dialects:
        _index.dialect_options[_dialect]["where"] = text(_where)
