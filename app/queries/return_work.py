"""What the returns bench needs to draw a return: what was sold, what came back, and the money."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from app.domain.refunds import Proposal, SoldAmounts, propose, unit_values
from app.domain.states import Condition, Disposition
from app.domain.work import ItemRef, ReturnedUnit, ReturnWork, SoldLine
from app.models.demand import Address, Order
from app.models.returns import ReturnAuthorization
from app.queries.pack_work import head_of

OUR_FAULT = ("faulty", "wrong_item", "transit")

_LINES = text(
    "SELECT l.id, l.line_no, l.product_id, l.quantity, l.unit_price, l.discount, l.sku AS sold_sku, l.title, p.sku, "
    "p.name, p.picture, p.note, p.weight_g, "
    "(SELECT coalesce(sum(m.quantity), 0) FROM stock_movements m WHERE m.order_line_id = l.id AND m.reason = 'ship') "
    "AS shipped, (SELECT count(*) FROM return_units u WHERE u.order_line_id = l.id) AS back "
    "FROM order_lines l LEFT JOIN products p ON p.id = l.product_id WHERE l.order_id = :order ORDER BY l.line_no, l.id"
)
_UNITS = text(
    "SELECT u.id, u.number, u.order_line_id, u.product_id, u.lot_id, u.location_id, u.reason, u.grade, u.disposition, "
    "u.refund, u.decided_at, p.sku, p.name, p.picture, p.note, p.weight_g, c.code AS place "
    "FROM return_units u LEFT JOIN products p ON p.id = u.product_id JOIN locations c ON c.id = u.location_id "
    "WHERE u.return_id = :return_id ORDER BY u.number"
)
# No payment reported counts as paid in full; what a channel reports as refunded may be our own refund, so the larger.
_MONEY = text(
    "SELECT o.total, o.shipping, o.discount, o.currency, o.refunded AS reported, "
    "(SELECT coalesce(sum(discount), 0) FROM order_lines WHERE order_id = o.id) AS line_discounts, "
    "(SELECT count(*) FROM payments WHERE order_id = o.id AND kind <> 'refunded') AS payments, "
    "(SELECT coalesce(sum(amount), 0) FROM payments WHERE order_id = o.id AND kind = 'captured') AS captured, "
    "(SELECT coalesce(sum(amount), 0) FROM payments WHERE order_id = o.id AND kind = 'refunded') AS paid_back, "
    "(SELECT coalesce(sum(amount), 0) FROM refunds WHERE order_id = o.id AND state IN ('approved', 'settled')) "
    "AS given, "
    "(SELECT coalesce(sum(x.amount), 0) FROM refund_lines x JOIN refunds r ON r.id = x.refund_id "
    "WHERE r.order_id = o.id AND r.state IN ('approved', 'settled') AND x.what = 'post') AS post_given, "
    "(SELECT coalesce(sum(amount), 0) FROM refunds WHERE order_id = o.id AND return_id = :apart "
    "AND state IN ('approved', 'settled')) AS own, "
    "(SELECT coalesce(sum(x.amount), 0) FROM refund_lines x JOIN refunds r ON r.id = x.refund_id "
    "WHERE r.order_id = o.id AND r.return_id = :apart AND r.state IN ('approved', 'settled') AND x.what = 'post') "
    "AS own_post "
    "FROM orders o WHERE o.id = :order"
)
_SHIPPED_BY = text(
    "SELECT b.tracking_number FROM labels b JOIN packages k ON k.id = b.package_id "
    "JOIN fulfillments f ON f.id = k.fulfillment_id WHERE f.order_id = :order AND b.tracking_number <> '' "
    "AND b.state NOT IN ('refused', 'voided') ORDER BY b.id DESC LIMIT 1"
)
_HEAD = (
    select(ReturnAuthorization.code, ReturnAuthorization.customer_note, Order, Address)
    .join(Order, Order.id == ReturnAuthorization.order_id)
    .join(Address, Address.id == Order.ship_to_id)
    .where(ReturnAuthorization.id == bindparam("return_id"))
)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the order: what was sold, shipped, and came back before."""

    id: int
    product_id: int | None
    quantity: int
    unit_price: int
    discount: int
    item: ItemRef
    shipped: int
    back: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of this return."""

    id: int
    number: int
    line_id: int | None
    product_id: int | None
    lot_id: int
    location_id: int
    place: str
    reason: str
    grade: Condition | None
    disposition: Disposition | None
    refund: int
    decided: bool
    item: ItemRef | None


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """What was captured of an order, and given back before; all in minor units of `currency`."""

    captured: int
    refunded: int
    shipping: int
    post_given: int
    order_discount: int
    currency: str

    @property
    def available(self) -> int:
        """The most that can still be given back."""
        return max(0, self.captured - self.refunded)


def return_lines(session: Session, order_id: int) -> tuple[LineRow, ...]:
    """The lines of an order in their order."""
    found = []
    for row in session.connection().execute(_LINES, {"order": order_id}):
        item = ItemRef(
            row.product_id or 0,
            row.sku or row.sold_sku,
            row.name or row.title,
            row.picture or "",
            row.note or "",
            row.weight_g,
        )
        found.append(
            LineRow(
                row.id,
                row.product_id,
                row.quantity,
                row.unit_price,
                row.discount,
                item,
                int(row.shipped),
                int(row.back),
            )
        )
    return tuple(found)


def return_units(session: Session, return_id: int) -> tuple[UnitRow, ...]:
    """The units of a return in the order they were scanned."""
    found = []
    for row in session.connection().execute(_UNITS, {"return_id": return_id}):
        known = row.product_id is not None
        item = ItemRef(row.product_id, row.sku, row.name, row.picture, row.note, row.weight_g) if known else None
        found.append(
            UnitRow(
                row.id,
                row.number,
                row.order_line_id,
                row.product_id,
                row.lot_id,
                row.location_id,
                row.place,
                row.reason,
                Condition(row.grade) if row.grade else None,
                Disposition(row.disposition) if row.disposition else None,
                row.refund,
                row.decided_at is not None,
                item,
            )
        )
    return tuple(found)


def order_money(session: Session, order_id: int, apart_from: int | None = None) -> MoneyRow:
    """What an order's payments and refunds come to; without what the return `apart_from` gave back itself."""
    row = session.connection().execute(_MONEY, {"order": order_id, "apart": apart_from}).one()
    captured = int(row.captured) if row.payments else row.total
    refunded = max(0, max(int(row.paid_back), int(row.given), row.reported) - int(row.own))
    beyond_lines = max(0, row.discount - int(row.line_discounts))
    post_given = int(row.post_given) - int(row.own_post)
    return MoneyRow(captured, refunded, row.shipping, post_given, beyond_lines, row.currency)


def values_of(lines: tuple[LineRow, ...], money: MoneyRow) -> dict[int, tuple[int, ...]]:
    """What each unit of each line was paid for."""
    sold = [SoldAmounts(line.id, line.unit_price, line.quantity, line.discount) for line in lines]
    return unit_values(sold, money.order_discount)


def proposal(units: tuple[UnitRow, ...], money: MoneyRow) -> Proposal:
    """What this return is to give back, as it is decided now."""
    decided = {unit.id: unit.refund for unit in units if unit.decided and unit.line_id is not None}
    ours = any(unit.decided and unit.line_id is not None and unit.reason in OUR_FAULT for unit in units)
    post = max(0, money.shipping - money.post_given) if ours else 0
    return propose(decided, post, money.available)


def return_work(
    session: Session, return_id: int, step: str, current: int | None, places: tuple[tuple[str, str], ...] = ()
) -> ReturnWork:
    """The whole return. `places` says for each disposition where the unit in hand would go."""
    code, note, order, address = session.execute(_HEAD, {"return_id": return_id}).one()
    units, money = return_units(session, return_id), order_money(session, order.id, apart_from=return_id)
    return ReturnWork(
        return_id=return_id,
        code=code,
        head=head_of(order, address, order.service, order.leaves_at, ()),
        customer_note=note,
        sold=tuple(
            SoldLine(line.id, line.item, line.shipped, line.back, line.unit_price)
            for line in return_lines(session, order.id)
            if line.shipped
        ),
        units=tuple(
            ReturnedUnit(
                unit.id,
                unit.number,
                unit.line_id,
                unit.item,
                unit.reason,
                unit.grade,
                unit.disposition,
                unit.refund,
                unit.place if unit.decided else "",
            )
            for unit in units
        ),
        step=step,
        current=current,
        captured=money.captured,
        refunded_before=money.refunded,
        proposed=proposal(units, money).amount,
        shipped_by=session.connection().execute(_SHIPPED_BY, {"order": order.id}).scalar() or "",
        sold_at=order.created_at,
        places=places,
    )
