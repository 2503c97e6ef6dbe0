"""Orders of a big database that a bench can pack, and the codes that are scanned for them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from tools.make_big import gtin_of

_PACKABLE = text(
    "SELECT f.id, l.product_id, l.quantity FROM fulfillments f JOIN order_lines l ON l.order_id = f.order_id "
    "WHERE f.state = 'allocated' AND f.id IN (SELECT id FROM fulfillments WHERE state = 'allocated' "
    "AND warehouse_id = :warehouse ORDER BY priority, leaves_at, id LIMIT :most) ORDER BY f.id, l.line_no"
)


@dataclass(frozen=True, slots=True)
class PackableOrder:
    """One order: the code of its paper, and each unit's barcode in the order of its lines."""

    fulfillment_id: int
    items: tuple[str, ...]

    @property
    def code(self) -> str:
        """What its paper carries."""
        return f"F-{self.fulfillment_id}"


def packable(session: Session, warehouse_id: int, most: int) -> list[PackableOrder]:
    """Orders that are promised their goods and that nobody has begun."""
    found: dict[int, list[str]] = {}
    for fulfillment_id, product_id, quantity in session.execute(_PACKABLE, {"warehouse": warehouse_id, "most": most}):
        found.setdefault(fulfillment_id, []).extend([gtin_of(product_id)] * quantity)
    return [PackableOrder(ident, tuple(items)) for ident, items in found.items()]
