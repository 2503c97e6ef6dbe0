"""What the database knows of the things that captured orders name: products, customers, earlier captures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import TextClause

from app.domain.barcodes import normalise_identifier
from app.domain.storable import LINE, storable
from app.services.bulk import among_words, insert_rows, word_list
from app.services.capture.plain import PlainRow
from app.services.capture.prepare import PreparedOrder
from app.services.ids import new_ids

_CHANNEL = text("SELECT id FROM channels WHERE key = :key")
_NEW_CHANNEL = text("INSERT INTO channels (key, name, zone) VALUES (:key, :name, :zone) ON CONFLICT (key) DO NOTHING")
_CUSTOMER = {
    "id": "bigint",
    "channel_id": "bigint",
    "channel_ref": "text",
    "name": "text",
    "email": "text",
    "phone": "text",
}
_NAMES = {"csv": "CSV file", "ebay": "eBay", "online_retail": "Online Retail", "woocommerce": "WooCommerce"}


@cache
def _asking(sql: str) -> TextClause:
    return text(sql)


@dataclass(frozen=True, slots=True)
class Known:
    """An order that was captured before."""

    order_id: int
    fingerprint: str


def ensure_channel(session: Session, key: str, name: str = "", zone: str = "") -> int:
    """The id of a channel; it is made when nobody used it before."""
    found = session.connection().execute(_CHANNEL, {"key": key}).scalar_one_or_none()
    if found is not None:
        return int(found)
    told = {"key": key, "name": name or channel_name(key), "zone": zone or "Europe/London"}
    session.connection().execute(_NEW_CHANNEL, told)
    return int(session.connection().execute(_CHANNEL, {"key": key}).scalar_one())


def channel_name(key: str) -> str:
    """What people call a channel that was given no name."""
    return _NAMES.get(key) or key.replace("_", " ").capitalize()


def known_orders(session: Session, channel_id: int, refs: Sequence[str]) -> dict[str, Known]:
    """The orders of a channel that are here already, by what tells them apart."""
    connection = session.connection()
    asked = _asking(
        "SELECT channel_ref, id, fingerprint FROM orders "
        f"WHERE channel_id = :channel AND {among_words(connection, 'channel_ref', 'refs')}"
    )
    rows = connection.execute(asked, {"channel": channel_id, "refs": word_list(connection, refs)})
    return {ref: Known(order_id, fingerprint) for ref, order_id, fingerprint in rows}


def products_by_sku(session: Session, keys: Iterable[str]) -> dict[str, int]:
    """The products that SKUs name: by the SKU itself, else by a code that names one product and no other."""
    wanted = sorted({key for key in keys if key})
    if not wanted:
        return {}
    connection = session.connection()
    by_sku = _asking(f"SELECT sku_key, id FROM products WHERE {among_words(connection, 'sku_key', 'keys')}")
    found: dict[str, int] = {
        row.sku_key: row.id for row in connection.execute(by_sku, {"keys": word_list(connection, wanted)})
    }
    codes = {normalise_identifier(key): key for key in wanted if key not in found}
    if codes:
        named: dict[str, set[int]] = defaultdict(set)
        by_code = _asking(f"SELECT code, product_id FROM identifiers WHERE {among_words(connection, 'code', 'codes')}")
        for code, product in connection.execute(by_code, {"codes": word_list(connection, sorted(codes))}):
            named[codes[code]].add(product)
        found.update({key: min(products) for key, products in named.items() if len(products) == 1})
    return found


def ensure_customers(session: Session, channel_id: int, orders: Sequence[PreparedOrder]) -> dict[str, int]:
    """The customers of these orders by their reference; those who are new are added."""
    refs = {order.customer_ref: order for order in orders if order.customer_ref}
    if not refs:
        return {}
    connection = session.connection()
    asked = _asking(
        "SELECT channel_ref, id FROM customers "
        f"WHERE channel_id = :channel AND {among_words(connection, 'channel_ref', 'refs')}"
    )
    rows = connection.execute(asked, {"channel": channel_id, "refs": word_list(connection, sorted(refs))})
    known: dict[str, int] = {row.channel_ref: row.id for row in rows}
    new = [ref for ref in refs if ref not in known]
    ids = new_ids(session, "customers", len(new))
    told = [_customer_row(channel_id, customer, refs[ref]) for customer, ref in zip(ids, new, strict=True)]
    insert_rows(connection, "customers", _CUSTOMER, told)
    known.update(zip(new, ids, strict=True))
    return known


def _customer_row(channel_id: int, customer_id: int, order: PreparedOrder) -> PlainRow:
    name, phone = str(order.address_row["name"]), str(order.address_row["phone"])
    return customer_id, channel_id, order.customer_ref, name, storable(order.order.email.strip(), LINE), phone
