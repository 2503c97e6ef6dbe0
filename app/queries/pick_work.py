"""What a cart's screen needs to draw its walk: two statements, whatever its length."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.work import ItemRef, PickSlot, PickStop, PickWork

_STOPS = text(
    "SELECT t.id, t.sequence, t.location_id, l.code, l.zone, l.aisle, l.bay, l.level, l.position, l.x_mm, l.y_mm, "
    "p.id AS product_id, p.sku, p.name, p.picture, p.note, p.weight_g, t.quantity, t.picked, t.short, t.slot, "
    "o.number, t.state, (SELECT coalesce(sum(b.on_hand), 0) FROM stock_balances b WHERE b.product_id = t.product_id "
    "AND b.location_id = t.location_id) AS on_shelf "
    "FROM pick_tasks t JOIN locations l ON l.id = t.location_id JOIN products p ON p.id = t.product_id "
    "JOIN fulfillments f ON f.id = t.fulfillment_id JOIN orders o ON o.id = f.order_id "
    "WHERE t.pick_list_id = :list AND t.state <> 'dropped' ORDER BY t.sequence, t.id"
)
_SLOTS = text(
    "SELECT s.slot, s.fulfillment_id, o.number, c.code FROM pick_list_slots s "
    "JOIN fulfillments f ON f.id = s.fulfillment_id JOIN orders o ON o.id = f.order_id "
    "LEFT JOIN locations c ON c.id = s.tote_id WHERE s.pick_list_id = :list ORDER BY s.slot"
)
_CART = text("SELECT c.code, c.columns FROM pick_lists l JOIN carts c ON c.id = l.cart_id WHERE l.id = :list")


def pick_stops(session: Session, pick_list_id: int) -> tuple[PickStop, ...]:
    """The stops of a walk in their order; those that were dropped are left out."""
    rows = session.connection().execute(_STOPS, {"list": pick_list_id})
    return tuple(
        PickStop(
            task_id=row.id,
            sequence=row.sequence,
            location_id=row.location_id,
            location=row.code,
            zone=row.zone,
            aisle=row.aisle,
            bay=row.bay,
            level=row.level,
            position=row.position,
            x_mm=row.x_mm,
            y_mm=row.y_mm,
            item=ItemRef(row.product_id, row.sku, row.name, row.picture, row.note, row.weight_g),
            quantity=row.quantity,
            picked=row.picked,
            short=row.short,
            slot=row.slot,
            order_number=row.number,
            on_shelf=int(row.on_shelf),
            done=row.state != "open",
        )
        for row in rows
    )


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
    connection = session.connection()
    cart = connection.execute(_CART, {"list": pick_list_id}).first()
    slots = tuple(
        PickSlot(slot, fulfillment_id, number, tote or "")
        for slot, fulfillment_id, number, tote in connection.execute(_SLOTS, {"list": pick_list_id})
    )
    return PickWork(
        pick_list_id=pick_list_id,
        code=code,
        cart=cart[0] if cart is not None else "",
        columns=cart[1] if cart is not None else min(2, max(1, len(slots))),
        stops=pick_stops(session, pick_list_id),
        slots=slots,
        step=step,
        current=current,
        in_hand=in_hand,
        found=found,
        elsewhere=elsewhere[0],
        elsewhere_free=elsewhere[1],
        reason=reason,
    )
