"""What stands of orders that their channel tells differently now, read for a whole chunk at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, select, text
from sqlalchemy.orm import Session

from app.domain.line_changes import LineChange, StoredLine, line_changes
from app.domain.order_payments import Money
from app.models.base import Json
from app.models.demand import Address, Order
from app.models.fulfillment import Fulfillment
from app.models.locks import lock_fulfillments, lock_orders
from app.services.capture.insertion import FROM_CHANNEL
from app.services.capture.lookups import products_by_sku
from app.services.capture.prepare import PreparedOrder

_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_STANDING = text(
    "SELECT order_id, count(*) AS live, sum(CASE WHEN state IN ('allocated', 'released') THEN 0 ELSE 1 END) AS begun, "
    "sum(CASE WHEN state = 'released' THEN 1 ELSE 0 END) AS released "
    "FROM fulfillments WHERE order_id IN :ids AND state <> 'cancelled' GROUP BY order_id"
).bindparams(_IDS)
_LINES = (
    text(
        "SELECT l.order_id, l.id, l.channel_line_ref, l.sku, l.title, l.quantity, l.cancelled, l.elsewhere, "
        "l.requires_shipping, l.extras, "
        "(SELECT coalesce(sum(a.quantity), 0) FROM allocations a WHERE a.order_line_id = l.id AND a.state = 'open') "
        "AS allocated, "
        "(SELECT coalesce(sum(m.quantity), 0) FROM stock_movements m WHERE m.order_line_id = l.id "
        "AND m.reason = 'ship') AS shipped FROM order_lines l WHERE l.order_id IN :ids ORDER BY l.order_id, l.line_no"
    )
    .bindparams(_IDS)
    .columns(extras=Json)
)
_PAID = text(
    "SELECT order_id, kind, sum(amount) FROM payments WHERE order_id IN :ids AND reference = :reference "
    "GROUP BY order_id, kind"
).bindparams(_IDS)
_LIVE = select(Fulfillment.id).where(Fulfillment.order_id.in_(_IDS), Fulfillment.shipped_at.is_(None))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an order has come: live fulfillments, those begun, those released but not begun."""

    live: int = 0
    begun: int = 0
    released: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """An order as it stands, and what its channel tells of it now. `paid` is what the channel had told before."""

    order: Order
    address: Address
    told: PreparedOrder
    lines: Sequence[StoredLine]
    changes: Sequence[LineChange]
    standing: Standing
    paid: Money
    products: Mapping[str, int]

    @property
    def new_address(self) -> bool:
        """Whether the channel tells another one than before; one that was mended here is compared as it was told."""
        before = self.order.extras.get("captured_ship_to")
        if isinstance(before, dict):
            return before != self.told.address_row
        return {name: getattr(self.address, name) for name in self.told.address_row} != self.told.address_row


def read_changed(session: Session, told: Mapping[int, PreparedOrder]) -> list[Changed]:
    """Locks these orders, given by id, and what is packed of them, so that no pick begins meanwhile; reads them."""
    ids = sorted(told)
    lock_orders(session, ids)
    lock_fulfillments(session, session.scalars(_LIVE, {"ids": ids}))
    fresh = {"populate_existing": True}  # the same order may stand twice in what a channel tells
    orders = session.scalars(select(Order).where(Order.id.in_(ids)).order_by(Order.id), execution_options=fresh).all()
    places = select(Address).where(Address.id.in_({order.ship_to_id for order in orders}))
    addresses = {one.id: one for one in session.scalars(places, execution_options=fresh)}
    lines, standing, paid = _lines(session, ids), _standing(session, ids), _paid(session, ids)
    products = products_by_sku(session, (key for one in told.values() for key in one.sku_keys))
    return [
        Changed(
            order,
            addresses[order.ship_to_id],
            told[order.id],
            lines[order.id],
            line_changes(lines[order.id], told[order.id].order.lines),
            standing.get(order.id, Standing()),
            paid.get(order.id, Money()),
            products,
        )
        for order in orders
    ]


def _lines(session: Session, ids: Sequence[int]) -> dict[int, list[StoredLine]]:
    """The lines as they stand; one that the channel took away counts as nothing, so that it may come back whole."""
    found: dict[int, list[StoredLine]] = {one: [] for one in ids}
    for row in session.connection().execute(_LINES, {"ids": ids}):
        gone = bool(row.extras.get("gone"))
        found[row.order_id].append(
            StoredLine(
                row.id,
                row.channel_line_ref,
                row.sku,
                row.title,
                row.elsewhere if gone else row.quantity,
                0 if gone else row.cancelled,
                row.elsewhere,
                int(row.allocated),
                int(row.shipped),
                bool(row.requires_shipping),
            )
        )
    return found


def _standing(session: Session, ids: Sequence[int]) -> dict[int, Standing]:
    rows = session.connection().execute(_STANDING, {"ids": ids})
    return {row.order_id: Standing(row.live, int(row.begun or 0), int(row.released or 0)) for row in rows}


def _paid(session: Session, ids: Sequence[int]) -> dict[int, Money]:
    found: dict[int, dict[str, int]] = {}
    for order_id, kind, amount in session.connection().execute(_PAID, {"ids": ids, "reference": FROM_CHANNEL}):
        found.setdefault(order_id, {})[kind] = int(amount)
    return {
        order_id: Money(kinds.get("authorized", 0), kinds.get("captured", 0), kinds.get("refunded", 0))
        for order_id, kinds in found.items()
    }
