"""Products and their codes, one by one, by hand."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.barcodes import PREFIXES
from app.domain.capture import CapturedProduct, ProductCode
from app.domain.outcomes import Change, Outcome, done, refused
from app.domain.roles import Permission
from app.domain.storable import sku_key
from app.models.catalogue import Identifier, Product
from app.services.actor import Actor
from app.services.audit import record
from app.services.capture.products import add_codes, adopt_products, capture_products, stored_code
from app.services.changes import note_changes
from app.services.permissions import forbidden


def add_product(session: Session, actor: Actor, product: CapturedProduct) -> Outcome:
    """Adds a product; orders that waited for it go on. Refused without a SKU, and when the SKU is here already."""
    not_allowed = forbidden(session, actor, Permission.MANAGE_PRODUCTS)
    if not_allowed is not None:
        return not_allowed
    if not product.sku.strip():
        return refused("product.sku_missing")
    if session.execute(select(Product.id).where(Product.sku_key == sku_key(product.sku))).first() is not None:
        return refused("product.exists", sku=product.sku)
    counts = capture_products(session, actor, [product])
    changes = _let_go_on(session, actor, product.sku)
    return replace(done("product.added", sku=product.sku), changes=(Change("product", counts.ids[0]), *changes))


def add_identifier(session: Session, actor: Actor, product_id: int, code: ProductCode) -> Outcome:
    """Lets a code name a product from now on; orders that waited for it go on.

    The same code may name two products: then the screen asks. Refused for codes that our own papers carry.
    """
    not_allowed = forbidden(session, actor, Permission.MANAGE_PRODUCTS)
    if not_allowed is not None:
        return not_allowed
    sku = session.execute(select(Product.sku).where(Product.id == product_id)).scalar_one_or_none()
    if sku is None:
        return refused("product.unknown")
    text = stored_code(code.code)
    if not text or len(text) > 64:
        return refused("product.code_missing")
    prefix, hyphen, rest = text.partition("-")
    if prefix in PREFIXES and hyphen and rest:
        return refused("product.code_of_ours", code=text)
    known = select(Identifier.id).where(Identifier.code == text, Identifier.product_id == product_id)
    if session.execute(known).first() is not None:
        return refused("product.code_known", code=text, sku=sku)
    add_codes(session, {product_id: [ProductCode(text, code.kind, code.quantity)]})
    record(session, actor, "product.add_code", "product", product_id, {"code": text, "quantity": code.quantity})
    changes = note_changes(session, actor, [Change("product", product_id)])
    changes += _let_go_on(session, actor, text.lstrip("0"))  # orders may name a GTIN with fewer digits
    return replace(done("product.code_added", code=text, sku=sku), changes=changes)


def _let_go_on(session: Session, actor: Actor, named: str) -> tuple[Change, ...]:
    """Orders that waited for this SKU or code and need not any more."""
    found: list[int] = []
    after: int | None = 0
    while after is not None:
        adopted = adopt_products(session, actor, after, named=named)
        found += adopted.order_ids
        after = adopted.after
    return tuple(Change("order", order_id) for order_id in found)
