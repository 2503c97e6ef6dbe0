"""What a search found an order by, and the orders that a product's barcode or a serial number leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import BindParameter, Connection, bindparam, text
from sqlalchemy.orm import Session

from app.domain.barcodes import read_code
from app.domain.search import Term, query_terms, search_words

_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_FIELDS = text(
    "SELECT o.id, o.number, o.channel_ref, o.email, a.name, a.company, a.address1, a.address2, a.city, a.postcode, "
    "a.phone FROM orders o JOIN addresses a ON a.id = o.ship_to_id WHERE o.id IN :ids"
).bindparams(_IDS)
_SKUS = text("SELECT order_id, sku FROM order_lines WHERE order_id IN :ids ORDER BY order_id, line_no").bindparams(_IDS)
_TRACKING = text(
    "SELECT f.order_id, l.tracking_number FROM fulfillments f JOIN packages p ON p.fulfillment_id = f.id "
    "JOIN labels l ON l.package_id = p.id WHERE f.order_id IN :ids AND l.tracking_number <> ''"
).bindparams(_IDS)
_PRODUCTS = text(
    "SELECT DISTINCT i.product_id, p.sku FROM identifiers i JOIN products p ON p.id = i.product_id "
    "WHERE i.code IN :codes ORDER BY 1 LIMIT 9"
).bindparams(bindparam("codes", expanding=True))
_OF_PRODUCT = text(
    "SELECT DISTINCT order_id FROM order_lines WHERE product_id = :product AND order_id < :below "
    "ORDER BY order_id DESC LIMIT :most"
)
_OF_SERIAL = text(
    "SELECT DISTINCT l.order_id FROM serial_numbers n JOIN order_lines l ON l.id = n.order_line_id "
    "WHERE n.code = :code AND l.order_id < :below ORDER BY l.order_id DESC LIMIT :most"
)
_FAR = 2**62
_BETWEEN_WORDS = {sign: None for sign in range(128) if not chr(sign).isalnum()}


class FoundBy(StrEnum):
    """What of an order held the text; its words stand under `orders.found_by.<value>`."""

    NUMBER = "number"
    NAME = "name"
    TOWN = "town"
    COMPANY = "company"
    STREET = "street"
    POSTCODE = "postcode"
    EMAIL = "email"
    PHONE = "phone"
    SKU = "sku"
    TRACKING = "tracking"
    CHANNEL_REF = "channel_ref"
    BARCODE = "barcode"
    SERIAL = "serial"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Found:
    """By which of its texts an order was found."""

    by: FoundBy
    text: str


def orders_of_goods(session: Session, asked: str, below: int | None, most: int) -> dict[int, Found]:
    """The newest orders with goods that this very code names: a product by its barcode or alias, a serial number."""
    code = read_code(asked)
    if not code.keys or not asked.strip():
        return {}
    connection = session.connection()
    bound = _FAR if below is None else below
    found: dict[int, Found] = {}
    for product_id, sku in connection.execute(_PRODUCTS, {"codes": list(code.keys[:4])}).all():
        given = {"product": product_id, "below": bound, "most": most}
        for order_id in connection.execute(_OF_PRODUCT, given).scalars():
            found.setdefault(order_id, Found(FoundBy.BARCODE, sku))
    for key in code.keys[:4]:
        for order_id in connection.execute(_OF_SERIAL, {"code": key, "below": bound, "most": most}).scalars():
            found.setdefault(order_id, Found(FoundBy.SERIAL, key))
    return dict(sorted(found.items(), reverse=True)[:most])


def found_by(session: Session, ids: Sequence[int], asked: str) -> dict[int, tuple[Found, ...]]:
    """For each of these orders the texts that hold what was asked, one for each word of it."""
    terms = query_terms(asked)
    if not terms or not ids:
        return {}
    texts = _texts(session.connection(), ids)
    return {order_id: _matched(texts[order_id], terms) for order_id in ids if order_id in texts}


def _texts(connection: Connection, ids: Sequence[int]) -> dict[int, list[Found]]:
    given = {"ids": list(ids)}
    found: dict[int, list[Found]] = defaultdict(list)
    rows = connection.execute(_FIELDS, given).all()
    for row in rows:
        found[row.id] += [
            Found(by, words)
            for by, words in (
                (FoundBy.NUMBER, row.number),
                (FoundBy.NAME, row.name),
                (FoundBy.TOWN, row.city),
                (FoundBy.COMPANY, row.company),
                (FoundBy.STREET, f"{row.address1} {row.address2}".strip()),
                (FoundBy.POSTCODE, row.postcode),
                (FoundBy.EMAIL, row.email),
                (FoundBy.PHONE, row.phone),
            )
            if words
        ]
    for order_id, sku in connection.execute(_SKUS, given):
        found[order_id].append(Found(FoundBy.SKU, sku))
    for order_id, tracking in connection.execute(_TRACKING, given):
        found[order_id].append(Found(FoundBy.TRACKING, tracking))
    for row in rows:
        found[row.id].append(Found(FoundBy.CHANNEL_REF, row.channel_ref))
    return found


def _matched(texts: Sequence[Found], terms: Sequence[Term]) -> tuple[Found, ...]:
    found = []
    for term in terms:
        hit = next((one for one in texts if _may_hold(one.text, term) and _holds(_padded(one.text), term)), None)
        if hit is not None:
            found.append(hit)
    return tuple(dict.fromkeys(found))


def _may_hold(words: str, term: Term) -> bool:
    """Whether the letters are there at all: a fraction of what it takes to make words of a text."""
    return not words.isascii() or term.word in words.lower().translate(_BETWEEN_WORDS)


def _padded(words: str) -> str:
    return f" {search_words((words,), (words,))} "


def _holds(padded: str, term: Term) -> bool:
    if term.whole:
        return f" {term.word} " in padded
    return f" {term.word}" in padded or (term.ending != "" and f" {term.ending}" in padded)
