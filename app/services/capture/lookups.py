"""What the database knows of the things that captured orders name: products, customers, earlier captures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.orm import Session

from app.domain.barcodes import normalise_identifier
from app.domain.storable import LINE, storable
from app.models.demand import Channel, Customer
from app.services.capture.prepare import PreparedOrder
from app.services.ids import new_ids

_BY_SKU = text("SELECT sku_key, id FROM products WHERE sku_key IN :keys").bindparams(bindparam("keys", expanding=True))
_BY_CODE = text("SELECT DISTINCT code, product_id FROM identifiers WHERE code IN :codes").bindparams(
    bindparam("codes", expanding=True)
)
_EXISTING = text(
    "SELECT channel_ref, id, fingerprint FROM orders WHERE channel_id = :channel AND channel_ref IN :refs"
).bindparams(bindparam("refs", expanding=True))
_CUSTOMERS = text(
    "SELECT channel_ref, id FROM customers WHERE channel_id = :channel AND channel_ref IN :refs"
).bindparams(bindparam("refs", expanding=True))


@dataclass(frozen=True, slots=True)
class Known:
    """An order that was captured before."""

    order_id: int
    fingerprint: str


def ensure_channel(session: Session, key: str, name: str = "", zone: str = "") -> int:
    """The id of a channel; it is made when nobody used it before."""
    found = session.execute(select(Channel.id).where(Channel.key == key)).scalar_one_or_none()
    if found is not None:
        return found
    made = Channel(key=key, name=name or key.replace("_", " ").capitalize(), zone=zone or "Europe/London")
    session.add(made)
    session.flush()
    return made.id


def known_orders(session: Session, channel_id: int, refs: Sequence[str]) -> dict[str, Known]:
    """The orders of a channel that are here already, by what tells them apart."""
    rows = session.connection().execute(_EXISTING, {"channel": channel_id, "refs": list(refs)})
    return {ref: Known(order_id, fingerprint) for ref, order_id, fingerprint in rows}


def products_by_sku(session: Session, keys: Iterable[str]) -> dict[str, int]:
    """The products that SKUs name: by the SKU itself, else by a code that names one product and no other."""
    wanted = sorted({key for key in keys if key})
    if not wanted:
        return {}
    connection = session.connection()
    found: dict[str, int] = {row.sku_key: row.id for row in connection.execute(_BY_SKU, {"keys": wanted})}
    codes = {normalise_identifier(key): key for key in wanted if key not in found}
    if codes:
        named: dict[str, set[int]] = defaultdict(set)
        for code, product in connection.execute(_BY_CODE, {"codes": sorted(codes)}):
            named[codes[code]].add(product)
        found.update({key: min(products) for key, products in named.items() if len(products) == 1})
    return found


def ensure_customers(session: Session, channel_id: int, orders: Sequence[PreparedOrder]) -> dict[str, int]:
    """The customers of these orders by their reference; those who are new are added."""
    refs = {order.customer_ref: order for order in orders if order.customer_ref}
    if not refs:
        return {}
    connection = session.connection()
    rows = connection.execute(_CUSTOMERS, {"channel": channel_id, "refs": sorted(refs)})
    known: dict[str, int] = {row.channel_ref: row.id for row in rows}
    new = [ref for ref in refs if ref not in known]
    ids = new_ids(session, "customers", len(new))
    if new:
        connection.execute(
            insert(Customer), [_customer_row(channel_id, i, refs[ref]) for i, ref in zip(ids, new, strict=True)]
        )
    known.update(zip(new, ids, strict=True))
    return known


def _customer_row(channel_id: int, customer_id: int, order: PreparedOrder) -> dict[str, object]:
    return {
        "id": customer_id,
        "channel_id": channel_id,
        "channel_ref": order.customer_ref,
        "name": order.address_row["name"],
        "email": storable(order.order.email.strip(), LINE),
        "phone": order.address_row["phone"],
    }
