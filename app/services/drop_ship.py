"""A supplier ships for us: what he is asked for, what he answers, and what becomes of the order then.

A supplier is a site whose stock is what he told us. His parcels are parcels of that site with his tracking number, so
that the ledger, the channel and the customer's page know them as any other; our own stock is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from app.domain.barcodes import CodeKind, own_code
from app.domain.outcomes import Change, Outcome, Sound, Value, done, refused
from app.domain.roles import Permission
from app.domain.states import (
    SUPPLIER_REQUEST_MOVES,
    FulfillmentState,
    LocationKind,
    MovementReason,
    SupplierRequestState,
    WarehouseKind,
    may_move,
)
from app.domain.storable import LINE, storable
from app.models.locks import lock_fulfillments, lock_orders, lock_places
from app.models.outbox import OutboxMessage
from app.models.shipping import Label
from app.models.stock import Location
from app.models.supply import SupplierRequest
from app.models.warehouses import Warehouse
from app.queries.supplier_requests import AskedRequest, request_lines, supplier_request
from app.services import audit, ledger, pack_rows
from app.services.actor import Actor
from app.services.allocate import allocate_waiting
from app.services.allocate_rows import OPEN_QUANTITY
from app.services.changes import note_changes
from app.services.hand_over import ship_packages
from app.services.order_states import refresh_orders
from app.services.own_parcel import Leaving, labelled_parcel, open_promises
from app.services.permissions import forbidden
from app.services.pick.shortage import cancel_empty
from app.services.places import counterparty
from app.services.search_words import add_search_words
from app.services.stock_holds import open_stock_holds
from app.services.stock_rows import holdings, item

SHELF = "STOCK"
MOST = 1_000_000
_NEEDED = Permission.TRANSFER
# As what is released to pickers: no hold, and an order that may not ship in parts only whole.
_TO_ASK = text(
    "SELECT f.id, f.order_id, f.warehouse_id FROM warehouses w JOIN fulfillments f ON f.warehouse_id = w.id "
    "AND f.state = 'allocated' AND f.state NOT IN ('shipped', 'cancelled') JOIN orders o ON o.id = f.order_id "
    "WHERE w.kind = 'supplier' AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.order_id = o.id AND h.released_at IS NULL "
    "AND (h.kind <> 'stock' OR NOT o.may_ship_in_parts)) AND (o.may_ship_in_parts OR NOT EXISTS "
    f"(SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.requires_shipping AND {OPEN_QUANTITY} > 0)) "
    "ORDER BY f.priority, f.leaves_at, f.id LIMIT :limit"
)
_ENDED_MEANWHILE = text(
    "SELECT r.id FROM supplier_requests r JOIN fulfillments f ON f.id = r.fulfillment_id "
    "WHERE r.state IN ('asked', 'confirmed') AND f.state = 'cancelled' ORDER BY r.id LIMIT :limit"
)
_MAKE_SHELF = text(  # two who tell of a new supplier's stock at once both find it
    "INSERT INTO locations (warehouse_id, code, kind) VALUES (:warehouse, :code, :kind) "
    "ON CONFLICT (warehouse_id, code) DO NOTHING"
)
_FREE = text(
    "SELECT b.location_id, b.lot_id, b.on_hand - b.allocated AS free FROM stock_balances b "
    "JOIN locations l ON l.id = b.location_id WHERE l.warehouse_id = :warehouse AND l.kind IN ('shelf', 'bulk') "
    "AND b.product_id = :product AND b.condition = 'new' AND b.on_hand > b.allocated ORDER BY b.id"
)


def ask_suppliers(session: Session, actor: Actor, limit: int = 200) -> tuple[int, ...]:
    """Asks suppliers for what orders were promised from them; gives the ids of the requests.

    What was cancelled meanwhile is told to them too. One message each goes out after the commit.
    """
    session.flush()
    _tell_cancelled(session, actor, limit)
    found = session.connection().execute(_TO_ASK, {"limit": limit}).all()
    lock_orders(session, [row.order_id for row in found])
    lock_fulfillments(session, [row.id for row in found])
    made = []
    for row in found:
        if pack_rows.fulfillment(session, row.id).state is not FulfillmentState.ALLOCATED:
            continue
        pack_rows.set_state(session, row.id, FulfillmentState.RELEASED)
        request = SupplierRequest(
            fulfillment_id=row.id, warehouse_id=row.warehouse_id, asked_at=actor.now, operator_id=actor.operator_id
        )
        session.add(request)
        session.flush()
        _message(session, actor, request.id, "supplier.request")
        _tell(session, actor, "supplier.asked", request.id, row.id, row.order_id)
        made.append(request.id)
    refresh_orders(session, [row.order_id for row in found])
    return tuple(made)


def _tell_cancelled(session: Session, actor: Actor, limit: int) -> None:
    for request_id in session.connection().execute(_ENDED_MEANWHILE, {"limit": limit}).scalars().all():
        request = session.get_one(SupplierRequest, request_id, with_for_update=True, populate_existing=True)
        if request.ended_at is not None:
            continue  # another station was quicker: all of them look
        request.state, request.ended_at = SupplierRequestState.CANCELLED, actor.now
        session.flush()
        _message(session, actor, request_id, "supplier.cancelled")
        audit.record(session, actor, "supplier.cancelled", "supplier_request", request_id)
        note_changes(session, actor, [Change("supplier_request", request_id)])


def confirm_request(session: Session, actor: Actor, request_id: int) -> Outcome:
    """The supplier said that he will ship."""
    found = _opened(session, actor, request_id, SupplierRequestState.CONFIRMED)
    if isinstance(found, Outcome):
        return found
    row, asked = found
    row.state, row.confirmed_at, row.operator_id = SupplierRequestState.CONFIRMED, actor.now, actor.operator_id
    session.flush()
    _tell(session, actor, "supplier.confirmed", request_id, asked.fulfillment_id, asked.order_id)
    return done("supplier.confirmed", **_values(asked))


def request_shipped(session: Session, actor: Actor, request_id: int, carrier: str, tracking_number: str) -> Outcome:
    """The supplier shipped it: the fulfillment ends, the customer's channel is told, our stock stays as it is."""
    found = _opened(session, actor, request_id, SupplierRequestState.SHIPPED)
    if isinstance(found, Outcome):
        return found
    row, asked = found
    tracking = storable(tracking_number.strip(), 64)
    if not tracking:
        return refused("supplier.tracking_wanted", **_values(asked))
    known = select(Label.id).where(Label.tracking_number == tracking, Label.state.not_in(("refused", "voided")))
    if session.scalars(known).first() is not None:
        return refused("supplier.tracking_known", tracking=tracking)
    if asked.held:
        return refused("supplier.held", **_values(asked))
    by = storable(carrier.strip(), 64) or asked.supplier[:64]
    reference = f"supplier:{asked.id}"
    leaving = Leaving(asked.warehouse_id, f"SR-{asked.id}", by, asked.service, reference, tracking)
    package_id = labelled_parcel(session, actor, asked.fulfillment_id, leaving)
    ship_packages(session, actor, [package_id])
    row.state, row.ended_at, row.operator_id = SupplierRequestState.SHIPPED, actor.now, actor.operator_id
    row.carrier, row.tracking_number = storable(carrier.strip(), 64), tracking
    session.flush()
    add_search_words(session, asked.order_id, tracking)
    _tell(session, actor, "supplier.shipped", request_id, asked.fulfillment_id, asked.order_id)
    return done("supplier.shipped", Sound.COMPLETE, tracking=tracking, **_values(asked))


def request_refused(session: Session, actor: Actor, request_id: int, reason: str) -> Outcome:
    """The supplier has it not: his stock is set right, and the order is sourced anew from everybody else."""
    said = storable(reason.strip(), LINE)
    if not said:
        return refused("supplier.reason_wanted")
    found = _opened(session, actor, request_id, SupplierRequestState.REFUSED)
    if isinstance(found, Outcome):
        return found
    row, asked = found
    row.state, row.ended_at, row.reason = SupplierRequestState.REFUSED, actor.now, said
    session.flush()
    missing: dict[str, int] = {}
    promises = open_promises(session, asked.fulfillment_id)
    for promise in promises:
        ledger.give_back(session, promise.id)
        missing[promise.sku] = missing.get(promise.sku, 0) + promise.quantity
    products = sorted({promise.product_id for promise in promises})
    for product_id in products:
        _has_none(session, actor, asked.warehouse_id, product_id, said)
    cancel_empty(session, actor, asked.fulfillment_id)
    open_stock_holds(session, actor, {asked.order_id: missing})
    refresh_orders(session, [asked.order_id])
    _tell(session, actor, "supplier.refused", request_id, asked.fulfillment_id, asked.order_id)
    served = allocate_waiting(session, actor, products)
    code = "supplier.refused_resourced" if asked.order_id in served.order_ids else "supplier.refused"
    return done(code, **_values(asked))


def _has_none(session: Session, actor: Actor, warehouse_id: int, product_id: int, reason: str) -> None:
    """What the supplier told us of a product is not there: it leaves his shelf by a correction."""
    outside = counterparty(session, warehouse_id, LocationKind.ADJUSTMENT)
    for row in session.connection().execute(_FREE, {"warehouse": warehouse_id, "product": product_id}).all():
        goods = ledger.Goods(product_id, row.free, row.lot_id)
        ledger.move(session, actor, MovementReason.ADJUSTMENT, goods, row.location_id, outside, note=reason)


def tell_stock(session: Session, actor: Actor, warehouse_id: int, product_id: int, quantity: int) -> Outcome:
    """What a supplier says he has of a product; orders that wait for it are served."""
    session.flush()
    refusal = forbidden(session, actor, _NEEDED)
    if refusal is not None:
        return refusal
    site = session.get(Warehouse, warehouse_id)
    if site is None or site.kind is not WarehouseKind.SUPPLIER:
        return refused("supplier.no_supplier")
    product = item(session, product_id)
    if product is None:
        return refused("stock.no_product")
    if not 0 <= quantity <= MOST:
        return refused("stock.bad_quantity", quantity=quantity)
    shelf = _shelf(session, warehouse_id)
    lock_places(session, [shelf])
    found = holdings(session, product_id, shelf)
    had, promised = sum(one.on_hand for one in found), sum(one.allocated for one in found)
    if quantity < promised:
        return refused("supplier.promised", sku=product.sku, promised=promised)
    outside = counterparty(session, warehouse_id, LocationKind.ADJUSTMENT)
    if quantity > had:
        goods = ledger.Goods(product_id, quantity - had)
        ledger.move(session, actor, MovementReason.ADJUSTMENT, goods, outside, shelf)
    elif quantity < had:
        goods = ledger.Goods(product_id, had - quantity)
        ledger.move(session, actor, MovementReason.ADJUSTMENT, goods, shelf, outside)
    audit.record(session, actor, "supplier.stock", "product", product_id, {"site": warehouse_id, "quantity": quantity})
    note_changes(session, actor, [Change("product", product_id)])
    served = len(allocate_waiting(session, actor, [product_id]).allocated) if quantity > had else 0
    return done("supplier.stock", sku=product.sku, supplier=site.name, quantity=quantity, served=served)


def _shelf(session: Session, warehouse_id: int) -> int:
    """Where a supplier's stock stands in our books; made when it is told first."""
    known = select(Location.id).where(Location.warehouse_id == warehouse_id, Location.code == SHELF)
    shelf = session.scalars(known).first()
    if shelf is None:
        made = {"warehouse": warehouse_id, "code": SHELF, "kind": LocationKind.SHELF.value}
        session.connection().execute(_MAKE_SHELF, made)
        shelf = session.scalars(known).one()
    return shelf


# -- parts ----------------------------------------------------------------------------------------------------------


def _opened(
    session: Session, actor: Actor, request_id: int, to: SupplierRequestState
) -> tuple[SupplierRequest, AskedRequest] | Outcome:
    """A request that may go there, with its order and fulfillment locked; or why not."""
    session.flush()
    refusal = forbidden(session, actor, _NEEDED)
    if refusal is not None:
        return refusal
    asked = supplier_request(session, request_id)
    if asked is None:
        return refused("supplier.unknown")
    lock_orders(session, [asked.order_id])
    lock_fulfillments(session, [asked.fulfillment_id])
    row = session.get_one(SupplierRequest, request_id, with_for_update=True, populate_existing=True)
    asked = supplier_request(session, request_id)
    if asked is None or row.state == to or not may_move(SUPPLIER_REQUEST_MOVES, row.state, to) or asked.ended:
        return refused(f"supplier.is.{'cancelled' if asked and asked.ended else row.state.value}")
    return row, asked


def _values(asked: AskedRequest) -> dict[str, Value]:
    return {"request": asked.code, "number": asked.number, "supplier": asked.supplier}


def _message(session: Session, actor: Actor, request_id: int, topic: str) -> None:
    """What goes to the supplier after the commit; its key makes it go once."""
    asked = supplier_request(session, request_id)
    if asked is None:
        return
    payload: Mapping[str, object] = {
        "request": asked.code,
        "supplier": asked.supplier_code,
        "order": asked.number,
        "ship_to": asked.ship_to,
        "lines": [
            {"sku": line.sku, "name": line.name, "quantity": line.quantity} for line in request_lines(session, asked)
        ],
    }
    message = {"key": f"{topic}:{request_id}", "topic": topic, "payload": payload, "created_at": actor.now}
    session.execute(insert(OutboxMessage), message)


def mark_told(session: Session, actor: Actor, request_ids: list[int]) -> int:
    """The messages of these requests went out; gives how many."""
    keys = [f"supplier.request:{ident}" for ident in request_ids]
    changed = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.key.in_(keys), OutboxMessage.done_at.is_(None))
        .values(done_at=actor.now)
        .returning(OutboxMessage.id)
    )
    return len(changed.all())


def _tell(session: Session, actor: Actor, action: str, request_id: int, fulfillment_id: int, order_id: int) -> None:
    detail = {"request": own_code(CodeKind.FULFILLMENT, fulfillment_id), "request_id": request_id}
    audit.record(session, actor, action, "fulfillment", fulfillment_id, detail)
    note_changes(
        session, actor,
        [Change("supplier_request", request_id), Change("fulfillment", fulfillment_id), Change("order", order_id)],
    )  # fmt: skip
