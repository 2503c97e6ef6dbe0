"""The money of orders that leave together: what the one that goes along had captured may be refunded on the other."""

from __future__ import annotations

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.models.demand import Payment
from app.services.actor import Actor

REFERENCE = "merged"
"""The reference of payments that were carried over: their sum over both orders is nothing."""
_KNOWN = text(
    "SELECT o.total, o.currency, (SELECT count(*) FROM payments p WHERE p.order_id = o.id AND p.kind <> 'refunded') "
    "AS known, (SELECT coalesce(sum(p.amount), 0) FROM payments p WHERE p.order_id = o.id AND p.kind = 'captured') "
    "AS captured, (SELECT coalesce(sum(p.amount), 0) FROM payments p WHERE p.order_id = o.id AND p.kind = 'refunded') "
    "AS refunded FROM orders o WHERE o.id = :order"
)


def join_money(session: Session, actor: Actor, into_id: int, other_id: int) -> None:
    """Carries what was captured for the other order and not paid back over; no payment known counts as paid in full."""
    connection = session.connection()
    into = connection.execute(_KNOWN, {"order": into_id}).one()
    other = connection.execute(_KNOWN, {"order": other_id}).one()
    paid_back = int(other.refunded)
    amount = max((int(other.captured) if other.known else int(other.total)) - paid_back, 0)
    rows: list[tuple[int, int]] = []
    if not into.known and into.total:  # what was not told counts no more once something is
        rows.append((into_id, int(into.total)))
    if amount and paid_back and not other.known:
        rows.append((other_id, int(other.total)))
    if amount:
        rows += [(into_id, amount), (other_id, -amount)]
    for order_id, moved in rows:
        row = {
            "order_id": order_id,
            "kind": "captured",
            "amount": moved,
            "currency": into.currency,
            "at": actor.now,
            "reference": REFERENCE,
        }
        connection.execute(insert(Payment), row)
