"""Takes products and the codes that name them; orders that waited for them go on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.orm import Session

from app.domain.barcodes import normalise_identifier
from app.domain.capture import CapturedProduct, ProductCode
from app.domain.outcomes import Change
from app.domain.storable import LINE, SHORT, sku_key, storable
from app.models.catalogue import Identifier, Product
from app.services.actor import Actor
from app.services.audit import record
from app.services.capture.lookups import products_by_sku
from app.services.changes import note_changes
from app.services.ids import new_ids
from app.services.verify import verify_orders

_EXISTING = select(Product.id, Product.sku_key, Product.fingerprint).where(
    Product.sku_key.in_(bindparam("keys", expanding=True))
)
_CODES = select(Identifier.product_id, Identifier.code).where(
    Identifier.product_id.in_(bindparam("products", expanding=True))
)
_WAITING = text(
    "SELECT h.order_id FROM holds h WHERE h.released_at IS NULL AND h.kind = 'product' AND h.order_id > :after "
    "AND (upper(h.detail) LIKE :named ESCAPE '!' OR length(h.detail) >= :cut) ORDER BY h.order_id LIMIT :most"
)
_NAMELESS = text(
    "SELECT id, order_id, sku FROM order_lines WHERE order_id IN :ids AND product_id IS NULL AND sku <> ''"
).bindparams(bindparam("ids", expanding=True))
_LINK = text("UPDATE order_lines SET product_id = :product WHERE id = :line")
_FACTS = {"vendor": SHORT, "image_url": LINE, "origin_country": 64, "customs_code": 64}
_MEASURES = ("weight_g", "length_mm", "width_mm", "height_mm")


@dataclass(frozen=True, slots=True)
class ProductCounts:
    """What became of captured products; `ids` are those that are new or changed."""

    new: int = 0
    same: int = 0
    changed: int = 0
    codes: int = 0
    ids: tuple[int, ...] = ()

    def __add__(self, other: ProductCounts) -> ProductCounts:
        return ProductCounts(
            self.new + other.new,
            self.same + other.same,
            self.changed + other.changed,
            self.codes + other.codes,
            self.ids + other.ids,
        )


@dataclass(frozen=True, slots=True)
class Adopted:
    """Orders that no longer wait for products; `after` is where to go on, None when all were looked at."""

    order_ids: tuple[int, ...]
    after: int | None


def capture_products(session: Session, actor: Actor, products: Sequence[CapturedProduct]) -> ProductCounts:
    """Takes one chunk of products by their SKUs: the same again changes nothing; codes are added, never taken away.

    What a file leaves out stays as it is. Afterwards call `adopt_products` until nothing is left.
    """
    told = {sku_key(product.sku): product for product in products}
    connection = session.connection()
    rows = connection.execute(_EXISTING, {"keys": sorted(told)}).all()
    known = {row.sku_key: row for row in rows}
    new = {key: product for key, product in told.items() if key not in known}
    changed = {
        known[key].id: product
        for key, product in told.items()
        if key in known and known[key].fingerprint != fingerprint(product)
    }
    ids = dict(zip(new, new_ids(session, "products", len(new)), strict=True))
    if new:
        connection.execute(insert(Product), [_new_row(actor, ids[key], product) for key, product in new.items()])
    for product_id, product in changed.items():
        connection.execute(update(Product).where(Product.id == product_id).values(**_row(product)))
    owners = {**{ids[key]: product for key, product in new.items()}, **changed}
    codes = add_codes(session, {product_id: product.codes for product_id, product in owners.items()})
    counts = ProductCounts(len(new), len(products) - len(new) - len(changed), len(changed), codes, tuple(owners))
    if owners:
        detail = {"new": counts.new, "changed": counts.changed, "codes": codes}
        record(session, actor, "capture.products", "product", None, detail)
        note_changes(session, actor, (Change("product", product_id) for product_id in owners))
    return counts


def add_codes(session: Session, codes: Mapping[int, Iterable[ProductCode]]) -> int:
    """Adds codes that products (by id) do not have yet; gives how many."""
    connection = session.connection()
    have = {(row.product_id, row.code) for row in connection.execute(_CODES, {"products": sorted(codes)})}
    rows: dict[tuple[int, str], dict[str, object]] = {}
    for product_id, named in codes.items():
        for one in named:
            code = stored_code(one.code)
            if code and len(code) <= 64 and (product_id, code) not in have:
                kind = storable(one.kind, 16)
                rows[(product_id, code)] = {
                    "product_id": product_id,
                    "code": code,
                    "kind": kind,
                    "quantity": max(1, one.quantity),
                }
    if rows:
        connection.execute(insert(Identifier), list(rows.values()))
    return len(rows)


def stored_code(code: str) -> str:
    """The form in which a code is kept and looked up: GTINs as 14 digits, others in capitals."""
    return normalise_identifier(storable(code.strip().upper()))


def adopt_products(session: Session, actor: Actor, after: int = 0, limit: int = 25, named: str = "") -> Adopted:
    """Gives lines that waited for a product theirs, if it is known now, and lifts the holds of their orders.

    Looks at the next `limit` waiting orders beyond the id `after`, or at those of them that wait for one SKU, `named`;
    each call is one short transaction.
    """
    connection = session.connection()
    ids = list(
        connection.execute(_WAITING, {"after": after, "most": limit, "named": _like(named), "cut": LINE}).scalars()
    )
    if not ids:
        return Adopted((), None)
    lines = connection.execute(_NAMELESS, {"ids": ids}).all()
    products = products_by_sku(session, (sku_key(line.sku) for line in lines))
    linked = [
        {"line": line.id, "product": products[sku_key(line.sku)]} for line in lines if sku_key(line.sku) in products
    ]
    found = {line.order_id for line in lines if sku_key(line.sku) in products}
    if linked:
        connection.execute(_LINK, linked)
    adopted = tuple(verify_orders(session, actor, found)) if found else ()
    return Adopted(adopted, ids[-1] if len(ids) == limit else None)


def _like(text_: str) -> str:
    """The pattern of texts that hold this one; a hold whose detail was cut may wait for anything."""
    plain = text_.strip().upper()
    for sign in "!%_":
        plain = plain.replace(sign, f"!{sign}")
    return f"%{plain}%"


def fingerprint(product: CapturedProduct) -> str:
    """Digest of all that is kept of a product."""
    content = repr((_row_values(product), [(one.code, one.kind, one.quantity) for one in product.codes]))
    return hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _row_values(product: CapturedProduct) -> dict[str, object]:
    """What the file says; what it leaves out is left as it is."""
    row: dict[str, object] = {
        "sku": storable(product.sku.strip(), SHORT),
        "name": storable(product.name.strip() or product.sku.strip(), LINE),
    }
    row |= {name: getattr(product, name) for name in _MEASURES if getattr(product, name) is not None}
    told = {name: storable(getattr(product, name).strip(), most) for name, most in _FACTS.items()}
    row |= {name: fact for name, fact in told.items() if fact}
    if product.price is not None:
        row |= {"price": product.price, "currency": storable(product.currency, 3)}
    if product.tracks_lots is not None:
        row["lot_tracked"] = product.tracks_lots
    if product.tracks_serials is not None:
        row["serial_tracked"] = product.tracks_serials
    return row


def _row(product: CapturedProduct) -> dict[str, object]:
    return {**_row_values(product), "fingerprint": fingerprint(product)}


def _new_row(actor: Actor, product_id: int, product: CapturedProduct) -> dict[str, object]:
    """All columns, since one statement adds rows of which each may lack others."""
    lacking = dict.fromkeys(_MEASURES)
    plain = {"price": 0, "currency": "", "lot_tracked": False, "serial_tracked": False}
    row = {**lacking, **plain, **dict.fromkeys(_FACTS, ""), **_row(product)}
    return {**row, "id": product_id, "sku_key": sku_key(product.sku), "created_at": actor.now}
