"""Goods come in from a supplier, and orders that waited for them are served at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Change, Outcome, Sound, done, refused
from app.domain.roles import Permission
from app.domain.states import SELLABLE_KINDS, LocationKind, MovementReason
from app.domain.storable import LINE, SHORT, storable
from app.models.catalogue import Lot
from app.models.stock import NO_LOT, Receipt
from app.services import audit, ledger
from app.services.actor import Actor
from app.services.allocate import allocate_waiting
from app.services.changes import note_changes
from app.services.permissions import forbidden
from app.services.places import counterparty
from app.services.stock_rows import item, spot

MOST = 1_000_000


def receive(
    session: Session,
    actor: Actor,
    product_id: int,
    quantity: int,
    location_id: int,
    *,
    lot: str = "",
    expires_on: datetime | None = None,
    reference: str = "",
    supplier: str = "",
) -> Outcome:
    """Takes goods in from a supplier onto a place; receipts with the same reference and supplier are one delivery.

    `lot` is the code on the goods, wanted where the product is kept by lots. Backorders are allocated by themselves.
    """
    session.flush()
    refusal = forbidden(session, actor, Permission.RECEIVE)
    if refusal is not None:
        return refusal
    product = item(session, product_id)
    if product is None:
        return refused("stock.no_product")
    if not 0 < quantity <= MOST:
        return refused("stock.bad_quantity", quantity=quantity)
    place = spot(session, actor.warehouse_id, location_id)
    if isinstance(place, Outcome):
        return place
    if product.lot_tracked and not lot.strip():
        return refused("stock.lot_wanted", sku=product.sku)
    lot_id = _lot(session, product_id, lot.strip(), expires_on)
    receipt = _receipt(session, actor, storable(reference.strip(), SHORT), storable(supplier.strip(), SHORT))
    goods = ledger.Goods(product_id, quantity, lot_id)
    source = counterparty(session, actor.warehouse_id, LocationKind.SUPPLIER)
    note = storable(reference.strip(), LINE)
    ledger.move(session, actor, MovementReason.RECEIPT, goods, source, place.id, note=note)
    detail = {"product": product_id, "quantity": quantity, "location": place.id, "lot": lot_id, "receipt": receipt}
    audit.record(session, actor, "stock.received", "product", product_id, detail)
    note_changes(session, actor, [Change("product", product_id)])
    served = allocate_waiting(session, actor, [product_id]) if place.kind in SELLABLE_KINDS else None
    return done(
        "stock.received",
        Sound.ACCEPTED,
        sku=product.sku,
        quantity=quantity,
        location=place.code,
        served=len(served.allocated) if served else 0,
    )


def _lot(session: Session, product_id: int, code: str, expires_on: datetime | None) -> int:
    """The lot with this code, made when it is new; an expiry that was not known is learnt."""
    if not code:
        return NO_LOT
    found = session.scalars(select(Lot).where(Lot.product_id == product_id, Lot.code == storable(code, 64))).first()
    if found is None:
        found = Lot(product_id=product_id, code=storable(code, 64), expires_on=expires_on)
        session.add(found)
    elif found.expires_on is None and expires_on is not None:
        found.expires_on = expires_on
    session.flush()
    return found.id


def _receipt(session: Session, actor: Actor, reference: str, supplier: str) -> int:
    found = None
    if reference:
        found = session.scalars(
            select(Receipt.id)
            .where(
                Receipt.warehouse_id == actor.warehouse_id,
                Receipt.reference == reference,
                Receipt.supplier == supplier,
            )
            .order_by(Receipt.id.desc())
        ).first()
    if found is not None:
        return found
    receipt = Receipt(
        warehouse_id=actor.warehouse_id,
        reference=reference,
        supplier=supplier,
        at=actor.now,
        gesture_id=actor.gesture_id,
    )
    session.add(receipt)
    session.flush()
    return receipt.id
