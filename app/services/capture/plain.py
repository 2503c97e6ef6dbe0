"""Rows in plain values that both databases take as they are: a whole batch is inserted by one statement."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, cast

from app.services.bulk import Plain

Row: TypeAlias = dict[str, object]
PlainRow: TypeAlias = tuple[Plain, ...]

ADDRESS_COLUMNS = dict.fromkeys(
    ("name", "company", "address1", "address2", "city", "region", "postcode", "country", "phone"), "text"
)
ORDER_COLUMNS = {
    "channel_ref": "text",
    "number": "text",
    "created_local": "text",
    "ship_by": "bigint",
    "currency": "text",
    "email": "text",
    "service": "text",
    "financial": "text",
    "fulfilment": "text",
    "cancelled_by_channel": "boolean",
    "discount_code": "text",
    "discount": "bigint",
    "shipping": "bigint",
    "tax": "bigint",
    "total": "bigint",
    "refunded": "bigint",
    "note": "text",
    "gift": "boolean",
    "extras": "jsonb",
}
_SHIP_BY = list(ORDER_COLUMNS).index("ship_by")
LINE_COLUMNS = {
    "channel_line_ref": "text",
    "sku": "text",
    "title": "text",
    "quantity": "bigint",
    "cancelled": "bigint",
    "elsewhere": "bigint",
    "requires_shipping": "boolean",
    "unit_price": "bigint",
    "discount": "bigint",
    "line_total": "bigint",
    "status": "text",
    "extras": "jsonb",
}


@dataclass(frozen=True, slots=True)
class PlainRows:
    """An order's own row, that of its address and those of its lines, each in the order of its columns."""

    order: PlainRow
    address: PlainRow
    lines: tuple[PlainRow, ...]


def plain_values(row: Mapping[str, object], columns: Mapping[str, str]) -> PlainRow:
    """The values of a row, all of which are plain but its times and its `extras`: milliseconds, and JSON."""
    values = [row[name] for name in columns]
    if "extras" in columns:  # the last one
        values[-1] = json.dumps(values[-1]) if values[-1] else "{}"
    if "ship_by" in columns:
        ship_by = row["ship_by"]
        values[_SHIP_BY] = plain_moment(ship_by) if isinstance(ship_by, datetime) else None
    return cast(PlainRow, tuple(values))


def plain_moment(moment: datetime) -> int:
    """Milliseconds since 1970, which is how times are kept."""
    return round(moment.timestamp() * 1000)
