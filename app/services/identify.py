"""Turns any scanned code into what it names; one or two statements, every look-up through an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.barcodes import CodeKind, ScannedCode
from app.domain.return_labels import return_of
from app.models.prepared import Prepared, Row


class NamedKind(StrEnum):
    """What a code can name."""

    PRODUCT = "product"
    LOCATION = "location"  # shelves, totes, packages' places, cages
    ORDER = "order"
    FULFILLMENT = "fulfillment"
    PICK_LIST = "pick_list"
    PACKAGE = "package"
    LABEL = "label"  # a tracking number
    SPOILED = "spoiled"  # that of a label which was taken back and whose paper is looked for
    RETURN = "return"
    TRANSFER = "transfer"
    CART = "cart"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class Named:
    """One thing that a code names. `quantity` is how many units of a product one scan stands for.

    `sub` tells kinds of locations apart (`shelf`, `tote`), and holds the package's id of a label, spoiled or not.
    """

    kind: NamedKind
    ref: int
    title: str
    quantity: int = 1
    sub: str = ""


_PRODUCT = (
    "SELECT 'product' AS kind, i.product_id AS ref, p.sku AS title, i.quantity AS quantity, '' AS sub "
    "FROM identifiers i JOIN products p ON p.id = i.product_id WHERE i.code IN (:a, :b, :c, :d) "
    "UNION ALL SELECT 'product', id, sku, 1, '' FROM products WHERE sku_key IN (:a, :b, :c, :d) "
    "UNION ALL SELECT 'serial', product_id, code, 1, '' FROM serial_numbers WHERE code IN (:a, :b, :c, :d)"
)
PRODUCT_IDS = (
    "SELECT product_id FROM identifiers WHERE code IN (:a, :b, :c, :d) "
    "UNION ALL SELECT id FROM products WHERE sku_key IN (:a, :b, :c, :d) "
    "UNION ALL SELECT product_id FROM serial_numbers WHERE code IN (:a, :b, :c, :d)"
)
"""The products that a code names, for `code_keys`."""
_OTHER = (
    "SELECT 'location' AS kind, id AS ref, code AS title, 1 AS quantity, kind AS sub FROM locations "
    "WHERE code IN (:a, :b, :c, :d) AND warehouse_id = :warehouse "
    "AND kind NOT IN ('package', 'transit', 'supplier', 'customer', 'adjustment', 'scrap') "
    "UNION ALL SELECT 'location', id, code, 1, kind FROM locations WHERE barcode IN (:a, :b, :c, :d) "
    "AND barcode <> '' AND warehouse_id = :warehouse "
    "UNION ALL SELECT 'order', id, number, 1, state FROM orders WHERE number IN (:a, :b, :c, :d) "
    "UNION ALL SELECT 'label', id, tracking_number, 1, CAST(package_id AS VARCHAR(20)) FROM labels "
    "WHERE tracking_number IN (:a, :b, :c, :d) AND tracking_number <> '' AND state NOT IN ('refused', 'voided') "
    "AND (spoiled_at IS NULL OR collected_at IS NOT NULL) "
    "UNION ALL SELECT 'spoiled', id, tracking_number, 1, CAST(package_id AS VARCHAR(20)) FROM labels "
    "WHERE spoiled_at IS NOT NULL AND collected_at IS NULL AND tracking_number IN (:a, :b, :c, :d) "
    "UNION ALL SELECT 'return', id, code, 1, state FROM return_authorizations WHERE code IN (:a, :b, :c, :d) "
    "UNION ALL SELECT 'cart', id, code, 1, '' FROM carts WHERE code IN (:a, :b, :c, :d)"
)
_PRODUCTS, _OTHERS = Prepared(text(_PRODUCT)), Prepared(text(_OTHER))
_ALL = Prepared(text(f"{_PRODUCT} UNION ALL {_OTHER}"))
_NUMBERED = {
    CodeKind.FULFILLMENT: (NamedKind.FULFILLMENT, Prepared(text("SELECT id, state FROM fulfillments WHERE id = :id"))),
    CodeKind.PICK_LIST: (NamedKind.PICK_LIST, Prepared(text("SELECT id, state FROM pick_lists WHERE id = :id"))),
    CodeKind.TRANSFER: (NamedKind.TRANSFER, Prepared(text("SELECT id, state FROM transfers WHERE id = :id"))),
    CodeKind.PACKAGE: (NamedKind.PACKAGE, Prepared(text("SELECT id, state FROM packages WHERE id = :id"))),
}


_RETURN = Prepared(text("SELECT id, code, state FROM return_authorizations WHERE id = :id"))


def look_up(code: ScannedCode, warehouse_id: int) -> tuple[tuple[Prepared, Mapping[str, object]], ...]:
    """What `identify` reads first, to be read together with other things where each question is a way to a server.

    A code that looks like a product's is looked for among products: all else is asked where that is not enough.
    """
    named = (_PRODUCTS if _like_a_product(code) else _ALL), _values(code, warehouse_id)
    row = numbered(code)
    return (named,) if row is None else (named, (row[1], {"id": row[2]}))


def numbered(code: ScannedCode) -> tuple[NamedKind, Prepared, int] | None:
    """What a code with the number of a row in it is, and where it is looked for."""
    found = _NUMBERED.get(code.kind)
    number = code.keys[0].rpartition("-")[2]
    good = found is not None and number.isascii() and number.isdigit() and len(number) <= 15
    return (*found, int(number)) if found is not None and good else None


def _like_a_product(code: ScannedCode) -> bool:
    return code.kind in (CodeKind.GTIN, CodeKind.GS1)


def code_keys(code: ScannedCode) -> dict[str, object]:
    """The forms of a code as the statements here take them."""
    keys = (code.keys * 4)[:4] if len(code.keys) < 4 else code.keys[:4]
    return {"a": keys[0], "b": keys[1], "c": keys[2], "d": keys[3]}


def _values(code: ScannedCode, warehouse_id: int) -> dict[str, object]:
    return {**code_keys(code), "warehouse": warehouse_id}


def _rows(
    session: Session, code: ScannedCode, warehouse_id: int, looked_up: Sequence[Sequence[Row]] | None, items: bool
) -> Sequence[Row]:
    values = _values(code, warehouse_id)
    whole = not _like_a_product(code) if looked_up else not items
    named = looked_up[0] if looked_up else (_ALL if whole else _PRODUCTS).rows(session, values)
    if whole or (items and named):
        return named
    return [*named, *_OTHERS.rows(session, values)]


def identify(
    session: Session,
    code: ScannedCode,
    warehouse_id: int,
    looked_up: Sequence[Sequence[Row]] | None = None,
    *,
    items: bool = False,
) -> tuple[Named, ...]:
    """Everything that the code names here, each once; nothing for a code that nobody knows.

    A product that several of the code's forms name stands once, with the largest quantity of one scan. `looked_up` are
    the rows of `look_up`, where they were read already. With `items` a code that names a product means it, and what
    else it may name is not asked.
    """
    if not code.keys:
        return ()
    found: dict[tuple[NamedKind, int], Named] = {}
    for kind, ref, title, quantity, sub in _rows(session, code, warehouse_id, looked_up, items):
        named = Named(NamedKind(kind), ref, title, quantity, sub)
        known = found.get((named.kind, ref))
        if known is None or known.quantity < quantity:
            found[(named.kind, ref)] = named
    back = next((one for one in map(return_of, code.keys) if one is not None), None)
    row = _RETURN.first(session, {"id": back}) if back is not None else None
    if row is not None:
        found[(NamedKind.RETURN, row[0])] = Named(NamedKind.RETURN, row[0], row[1], sub=row[2])
    by_number = numbered(code)
    if by_number is not None:
        kind, prepared, number = by_number
        for ref, state in looked_up[1] if looked_up else prepared.rows(session, {"id": number}):
            found[(kind, ref)] = Named(kind, ref, code.keys[0], sub=state)
    return tuple(found.values())


def products(named: tuple[Named, ...]) -> tuple[Named, ...]:
    """Only the products, and serial numbers as their products."""
    return tuple(one for one in named if one.kind in (NamedKind.PRODUCT, NamedKind.SERIAL))
