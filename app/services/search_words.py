"""Keeps the words by which orders are found in step with their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from app.domain.capture import PostalAddress
from app.domain.search import search_words
from app.services.capture.prepare import order_words

_ORDERS = text(
    "SELECT o.id, o.number, o.channel_ref, o.email, a.name, a.company, a.address1, a.address2, a.city, a.postcode, "
    "a.region, a.country, a.phone FROM orders o JOIN addresses a ON a.id = o.ship_to_id WHERE o.id IN :ids"
).bindparams(bindparam("ids", expanding=True))
_SKUS = text("SELECT order_id, sku FROM order_lines WHERE order_id IN :ids ORDER BY order_id, line_no").bindparams(
    bindparam("ids", expanding=True)
)
_TRACKING = text(
    "SELECT f.order_id, l.tracking_number FROM fulfillments f JOIN packages p ON p.fulfillment_id = f.id "
    "JOIN labels l ON l.package_id = p.id WHERE f.order_id IN :ids AND l.tracking_number <> ''"
).bindparams(bindparam("ids", expanding=True))
_STORE = text("UPDATE order_search SET words = :words WHERE order_id = :order")
_ADD = text("UPDATE order_search SET words = words || ' ' || :words WHERE order_id = :order")


def refresh_search_words(session: Session, order_ids: Iterable[int]) -> None:
    """Computes the words of these orders anew from their rows."""
    ids = sorted(set(order_ids))
    if not ids:
        return
    connection = session.connection()
    skus: dict[int, list[str]] = defaultdict(list)
    for order_id, sku in connection.execute(_SKUS, {"ids": ids}):
        skus[order_id].append(sku)
    numbers: dict[int, list[str]] = defaultdict(list)
    for order_id, tracking in connection.execute(_TRACKING, {"ids": ids}):
        numbers[order_id].append(tracking)
    for row in connection.execute(_ORDERS, {"ids": ids}).all():
        to = PostalAddress(
            row.name, row.company, row.address1, row.address2, row.city, row.postcode, row.region, row.country,
            row.phone,
        )  # fmt: skip
        words = order_words((row.number, row.channel_ref, *numbers[row.id]), to, row.email, skus[row.id])
        connection.execute(_STORE, {"order": row.id, "words": words})


def add_search_words(session: Session, order_id: int, *texts: str) -> None:
    """Lets an order be found by more, such as a tracking number, without computing the rest anew."""
    words = search_words((), texts)
    if words:
        session.connection().execute(_ADD, {"order": order_id, "words": words})
