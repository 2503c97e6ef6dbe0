"""What can be worked out of a captured order before the database is asked, so that its lock is held shortly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.addresses import check_address
from app.domain.capture import CapturedLine, CapturedOrder, PostalAddress
from app.domain.order_payments import line_amount, order_total
from app.domain.search import search_words
from app.domain.storable import LINE, SHORT, sku_key, storable
from app.services.capture.plain import ADDRESS_COLUMNS, LINE_COLUMNS, ORDER_COLUMNS, PlainRows, Row, plain_values


@dataclass(frozen=True, slots=True)
class PreparedOrder:
    """A captured order with all that is derived from it alone.

    `ref` tells it from all others of its channel. `customer_ref` is empty where nobody can be told from others.
    The rows lack what only the database knows: ids, the customer, products and the hour of capture.
    """

    order: CapturedOrder
    ref: str
    fingerprint: str
    words: str
    address_faults: tuple[str, ...]
    customer_ref: str
    order_row: Row
    address_row: Row
    line_rows: tuple[Row, ...]
    sku_keys: tuple[str, ...]
    plain: PlainRows


def prepare_orders(orders: Iterable[CapturedOrder]) -> list[PreparedOrder]:
    """Prepares a batch; pure, so it may run outside a transaction and in another process."""
    return [prepare(order) for order in orders]


def prepare(order: CapturedOrder) -> PreparedOrder:
    """Works out one order's rows, search words, faults of its address and fingerprint."""
    order_row, address, lines = _order_row(order), address_row(order.ship_to), tuple(map(line_row, order.lines))
    return PreparedOrder(
        order=order,
        ref=order_ref(order),
        fingerprint=order.fingerprint(),
        words=words_of(order),
        address_faults=tuple(problem.code for problem in check_address(order.ship_to)),
        customer_ref=customer_ref(order),
        order_row=order_row,
        address_row=address,
        line_rows=lines,
        sku_keys=tuple(sku_key(line.sku) for line in order.lines),
        plain=PlainRows(
            plain_values(order_row, ORDER_COLUMNS),
            plain_values(address, ADDRESS_COLUMNS),
            tuple(plain_values(line, LINE_COLUMNS) for line in lines),
        ),
    )


def order_ref(order: CapturedOrder) -> str:
    """What tells an order from all others of its channel: its number, and the channel's own id where there is one."""
    ref = f"{order.number} {order.channel_ref}".strip()
    if len(ref) > SHORT:
        digest = hashlib.blake2b(ref.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        return f"{storable(ref)[:80]} {digest}"
    return storable(ref)


def customer_ref(order: CapturedOrder) -> str:
    """Who ordered, as far as the channel tells: by e-mail, else by its own number, else by name and postcode."""
    if order.email.strip():
        return storable(order.email.strip().lower(), SHORT)
    number = next((text for name, text in order.extras if name == "customer"), "")
    if number:
        return storable(f"no {number}", SHORT)
    to = order.ship_to
    if not to.name.strip():
        return ""
    return storable(f"{to.name.strip().lower()} / {''.join(to.postcode.lower().split())}", SHORT)


def words_of(order: CapturedOrder) -> str:
    """The words by which it is found: all of its papers but the products' names, of which there are too many."""
    to = order.ship_to
    return order_words((order.number, order.channel_ref), to, order.email, (line.sku for line in order.lines))


def order_words(numbers: Iterable[str], to: PostalAddress, email: str, skus: Iterable[str]) -> str:
    """Search words from their parts."""
    texts = (*numbers, to.name, to.company, to.address1, to.address2, to.city, *skus)
    return storable(search_words(texts, (to.postcode, to.phone, email)))


def address_row(to: PostalAddress) -> Row:
    """The row of an address."""
    return {
        "name": storable(to.name, LINE),
        "company": storable(to.company, LINE),
        "address1": storable(to.address1, LINE),
        "address2": storable(to.address2, LINE),
        "city": storable(to.city, LINE),
        "region": storable(to.region, LINE),
        "postcode": storable(to.postcode, SHORT),
        "country": storable(to.country, SHORT),
        "phone": storable(to.phone, SHORT),
    }


def line_row(line: CapturedLine) -> Row:
    """The row of a line without its order, number and product."""
    return {
        "channel_line_ref": storable(line.line_ref, SHORT),
        "sku": storable(line.sku, SHORT),
        "title": storable(line.title, LINE),
        "quantity": line.quantity,
        "cancelled": 0,
        "elsewhere": min(line.elsewhere, line.quantity),
        "requires_shipping": line.requires_shipping,
        "unit_price": line.unit_price or 0,
        "discount": line.discount or 0,
        "line_total": line_amount(line),
        "status": storable(line.status, 64),
        "extras": _line_extras(line),
    }


def _order_row(order: CapturedOrder) -> Row:
    totals = order.totals
    return {
        "channel_ref": order_ref(order),
        "number": storable(order.number, SHORT),
        "created_local": order.created_local.isoformat() if order.created_local else "",
        "ship_by": order.ship_by_utc,
        "currency": storable(order.currency, 3),
        "email": storable(order.email, LINE),
        "service": storable(order.service, SHORT),
        "financial": order.financial.value,
        "fulfilment": storable(order.fulfilment, 64),
        "cancelled_by_channel": order.cancelled,
        "discount_code": storable(order.discount_code, SHORT),
        "discount": totals.discount or 0,
        "shipping": totals.shipping or 0,
        "tax": totals.tax or 0,
        "total": order_total(order),
        "refunded": totals.refunded or 0,
        "note": storable(order.note),
        "gift": order.gift,
        "extras": _order_extras(order),
    }


def _order_extras(order: CapturedOrder) -> Row:
    """What has no column of its own, only where there is something to keep: read back by the export of orders."""
    totals = order.totals
    names = ("discount", "shipping", "tax", "total", "refunded")
    kept: Row = {
        "ref": storable(order.channel_ref),
        "unreported": [name for name in names if getattr(totals, name) is None],
        "subtotal": totals.subtotal,
        "tags": storable(order.tags),
        "exact": [[storable(name), storable(text)] for name, text in order.exact],
        "doubts": [doubt.value for doubt in order.doubts],
        "extras": [[storable(name), storable(text)] for name, text in order.extras],
        "created": "" if order.created_utc else "unreported",
        "cut": _cut_texts(order),
    }
    return {name: value for name, value in kept.items() if value not in (None, "", [], {})}


def _cut_texts(order: CapturedOrder) -> Row:
    """Texts that are longer than their column, whole."""
    to = order.ship_to
    lengths = {"number": SHORT, "email": LINE, "service": SHORT, "fulfilment": 64, "discount_code": SHORT}
    long = {name: storable(getattr(order, name)) for name, most in lengths.items() if len(getattr(order, name)) > most}
    for name in PostalAddress.__slots__:
        text = getattr(to, name)
        if len(text) > (SHORT if name in ("postcode", "country", "phone") else LINE):
            long[f"ship_to.{name}"] = storable(text)
    return dict(long)


def _line_extras(line: CapturedLine) -> Row:
    kept: Row = {
        "unreported": [name for name in ("unit_price", "discount", "line_total") if getattr(line, name) is None],
        "shipped": line.shipped,
        "to_ship": line.to_ship,
        "item_number": storable(line.item_number),
    }
    if len(line.title) > LINE or len(line.sku) > SHORT or len(line.line_ref) > SHORT:
        kept["cut"] = {"title": storable(line.title), "sku": storable(line.sku), "line_ref": storable(line.line_ref)}
    return {name: value for name, value in kept.items() if value not in (None, "", [], {})}
