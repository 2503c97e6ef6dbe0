"""What a search found an order by, and the orders that a product's barcode or a serial number leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.barcodes import read_code
from app.domain.search import Term, query_terms, search_words, tokens
from app.models.prepared import Prepared, Row
from app.queries.reading import Listed, Reading

_FIELDS = Listed(
    "SELECT o.id, o.number, o.channel_ref, o.email, a.name, a.company, a.address1, a.address2, a.city, a.postcode, "
    "a.phone FROM orders o JOIN addresses a ON a.id = o.ship_to_id WHERE o.id IN :ids"
)
_SKUS = Listed("SELECT order_id, sku FROM order_lines WHERE order_id IN :ids ORDER BY order_id, line_no")
_TRACKING = Listed(
    "SELECT f.order_id, l.tracking_number FROM fulfillments f JOIN packages p ON p.fulfillment_id = f.id "
    "JOIN labels l ON l.package_id = p.id WHERE f.order_id IN :ids AND l.tracking_number <> ''"
)
_PRODUCTS = Prepared(
    text(
        "SELECT DISTINCT i.product_id, p.sku FROM identifiers i JOIN products p ON p.id = i.product_id "
        "WHERE i.code IN (:code0, :code1, :code2, :code3) ORDER BY 1 LIMIT 9"
    )
)
_OF_PRODUCT = Prepared(
    text(
        "SELECT DISTINCT order_id FROM order_lines WHERE product_id = :product AND order_id < :below "
        "ORDER BY order_id DESC LIMIT :most"
    )
)
_OF_SERIAL = Prepared(
    text(
        "SELECT DISTINCT l.order_id, n.code FROM serial_numbers n JOIN order_lines l ON l.id = n.order_line_id "
        "WHERE n.code IN (:code0, :code1, :code2, :code3) AND l.order_id < :below ORDER BY l.order_id DESC LIMIT :most"
    )
)
_KEYS = 4
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


_Text = tuple[FoundBy, str]


def orders_of_goods(asked: str, below: int | None, most: int) -> Reading[dict[int, Found]]:
    """The newest orders with goods that this very code names: a product by its barcode or alias, a serial number."""
    keys = read_code(asked).keys[:_KEYS]
    if not keys or not asked.strip():
        return {}
    bound = _FAR if below is None else below
    codes = {f"code{at}": keys[min(at, len(keys) - 1)] for at in range(_KEYS)}
    products, serials = yield (
        (_PRODUCTS, codes),
        (_OF_SERIAL, {**codes, "below": bound, "most": most * len(keys)}),
    )
    answers = yield [(_OF_PRODUCT, {"product": product, "below": bound, "most": most}) for product, _ in products]
    found: dict[int, Found] = {}
    for (_, sku), orders in zip(products, answers, strict=True):
        for (order_id,) in orders:
            found.setdefault(order_id, Found(FoundBy.BARCODE, sku))
    for order_id, code in sorted(serials, key=lambda row: keys.index(row[1])):
        found.setdefault(order_id, Found(FoundBy.SERIAL, code))
    return dict(sorted(found.items(), reverse=True)[:most])


def found_by(session: Session, ids: Sequence[int], asked: str) -> Reading[dict[int, tuple[Found, ...]]]:
    """For each of these orders the texts that hold what was asked, one for each word of it."""
    terms = query_terms(asked)
    if not terms or not ids:
        return {}
    fields, skus = yield (_FIELDS.asked(session, ids), _SKUS.asked(session, ids))
    texts = _texts(fields, skus)
    hits = {order_id: [_first(texts[order_id], term) for term in terms] for order_id in ids if order_id in texts}
    more = [order_id for order_id, found in hits.items() if None in found]
    (tracking,) = (yield (_TRACKING.asked(session, more),)) if more else ([],)
    others: dict[int, list[_Text]] = defaultdict(list)
    for order_id, number in tracking:
        others[order_id].append((FoundBy.TRACKING, number))
    for row in fields:
        others[row[0]].append((FoundBy.CHANNEL_REF, row[2]))
    for order_id in more:
        hits[order_id] = [
            hit or _first(others[order_id], term) for hit, term in zip(hits[order_id], terms, strict=True)
        ]
    return {order_id: tuple(dict.fromkeys(hit for hit in found if hit)) for order_id, found in hits.items()}


def _texts(fields: Sequence[Row], skus: Sequence[Row]) -> dict[int, list[_Text]]:
    """What most orders are found by: all but the numbers of their parcels and of their channels."""
    found: dict[int, list[_Text]] = {}
    for order_id, number, _ref, email, name, company, address1, address2, city, postcode, phone in fields:
        found[order_id] = [
            (FoundBy.NUMBER, number),
            (FoundBy.NAME, name),
            (FoundBy.TOWN, city),
            (FoundBy.COMPANY, company),
            (FoundBy.STREET, f"{address1} {address2}".strip()),
            (FoundBy.POSTCODE, postcode),
            (FoundBy.EMAIL, email),
            (FoundBy.PHONE, phone),
        ]
    for order_id, sku in skus:
        found[order_id].append((FoundBy.SKU, sku))
    return found


def _first(texts: Sequence[_Text], term: Term) -> Found | None:
    for by, words in texts:
        if _may_hold(words, term) and _has(words, term):
            return Found(by, words)
    return None


def _may_hold(words: str, term: Term) -> bool:
    """Whether the letters are there at all: a fraction of what it takes to make words of a text."""
    return not words.isascii() or term.word in words.lower().translate(_BETWEEN_WORDS)


def _has(words: str, term: Term) -> bool:
    """Whether a text holds the term; where one of its words begins with it, or is it, nothing else is looked at."""
    begun = term.word in tokens(words) if term.whole else any(one.startswith(term.word) for one in tokens(words))
    return begun or _holds(_padded(words), term)


def _padded(words: str) -> str:
    return f" {search_words((words,), (words,))} "


def _holds(padded: str, term: Term) -> bool:
    if term.whole:
        return f" {term.word} " in padded
    return f" {term.word}" in padded or (term.ending != "" and f" {term.ending}" in padded)
