"""What a cart's screen needs to draw its walk: two statements, whatever its length, in one way to a server."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.work import ItemRef, PickSlot, PickStop, PickWork
from app.models.prepared import Prepared, Row, rows_together

_STOPS = Prepared(
    text(
        "SELECT t.id, t.sequence, t.location_id, l.code, l.zone, l.aisle, l.bay, l.level, l.position, l.x_mm, l.y_mm, "
        "p.id, p.sku, p.name, p.picture, p.note, p.weight_g, t.quantity, t.picked, t.short, t.slot, "
        "o.number, CAST((SELECT coalesce(sum(b.on_hand), 0) FROM stock_balances b WHERE b.product_id = t.product_id "
        "AND b.location_id = t.location_id) AS BIGINT), t.state "
        "FROM pick_tasks t JOIN locations l ON l.id = t.location_id JOIN products p ON p.id = t.product_id "
        "JOIN fulfillments f ON f.id = t.fulfillment_id JOIN orders o ON o.id = f.order_id "
        "WHERE t.pick_list_id = :list AND t.state <> 'dropped' ORDER BY t.sequence, t.id"
    )
)
_SLOTS = Prepared(
    text(
        "SELECT s.slot, s.fulfillment_id, o.number, c.code, k.code, k.columns FROM pick_list_slots s "
        "JOIN pick_lists w ON w.id = s.pick_list_id JOIN fulfillments f ON f.id = s.fulfillment_id "
        "JOIN orders o ON o.id = f.order_id LEFT JOIN locations c ON c.id = s.tote_id "
        "LEFT JOIN carts k ON k.id = w.cart_id WHERE s.pick_list_id = :list ORDER BY s.slot"
    )
)


def _stops(rows: Sequence[Row]) -> tuple[PickStop, ...]:
    """Those that were dropped are left out."""
    return tuple([PickStop(*(*row[:11], ItemRef(*row[11:17]), *row[17:23], row[23] != "open")) for row in rows])


def pick_work(
    session: Session,
    pick_list_id: int,
    code: str,
    step: str,
    *,
    current: int | None = None,
    in_hand: int = 0,
    found: int | None = None,
    elsewhere: tuple[str, int] = ("", 0),
    reason: str = "",
) -> PickWork:
    """The whole walk. `elsewhere` is the best other place of the product in hand, and how many are free there."""
    walk = {"list": pick_list_id}
    found_slots, found_stops = rows_together(session, (_SLOTS, walk), (_STOPS, walk))
    slots = tuple([PickSlot(slot, part, number, tote or "") for slot, part, number, tote, _, _ in found_slots])
    cart, columns = found_slots[0][4:] if found_slots else (None, None)
    return PickWork(
        pick_list_id=pick_list_id,
        code=code,
        cart=cart or "",
        columns=columns if columns is not None else min(2, max(1, len(slots))),
        stops=_stops(found_stops),
        slots=slots,
        step=step,
        current=current,
        in_hand=in_hand,
        found=found,
        elsewhere=elsewhere[0],
        elsewhere_free=elsewhere[1],
        reason=reason,
    )
