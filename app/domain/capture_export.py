"""An order told back in the words of the channel that it came from.

What must be kept to tell it: of the order channel, number, channel_ref, created_utc, created_local, ship_by_utc,
currency, financial, fulfilment, cancelled, email, service, discount_code, the totals, note, exact, extras; the whole
ship_to; of each line, in their order, sku, title, quantity, unit_price, discount, line_total, requires_shipping,
status, elsewhere, shipped, to_ship, line_ref, item_number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from app.domain.capture import CapturedLine, CapturedOrder
from app.domain.money import exponent, to_decimal

Told: TypeAlias = dict[str, object]


def as_expected(order: CapturedOrder) -> Told:
    """The order with the keys of its own channel; a channel that is none of ours has those of the generic file."""
    return _TELLERS.get(order.channel, _generic)(order)


def _shopify(order: CapturedOrder) -> Told:
    exact = dict(order.exact)
    totals = order.totals
    return {
        "order": order.number,
        "channel_id": order.channel_ref,
        "created_utc": _utc(order.created_utc),
        "currency": order.currency,
        "financial": exact.get("financial", order.financial.value),
        "fulfilment": order.fulfilment,
        "cancelled": order.cancelled,
        "email": order.email,
        "shipping_method": order.service,
        "discount_code": order.discount_code,
        "discount": _amount(order, exact, "discount", totals.discount),
        "shipping": _amount(order, exact, "shipping", totals.shipping),
        "tax": _amount(order, exact, "tax", totals.tax),
        "total": _amount(order, exact, "total", totals.total),
        "refunded": _amount(order, exact, "refunded", totals.refunded),
        "note": order.note,
        "ship_to": _address(order),
        "lines": [
            {
                "sku": line.sku,
                "title": line.title,
                "quantity": line.quantity,
                "unit_price": _amount(order, exact, f"lines.{place}.unit_price", line.unit_price),
                "discount": _amount(order, exact, f"lines.{place}.discount", line.discount),
                "requires_shipping": line.requires_shipping,
                "status": line.status,
            }
            for place, line in enumerate(order.lines)
        ],
    }


def _amazon(order: CapturedOrder) -> Told:
    return {
        "order": order.number,
        "created_utc": _utc(order.created_utc),
        "ship_by_utc": _utc(order.ship_by_utc),
        "service": order.service,
        "ship_to": _address(order),
        "lines": [_amazon_line(line) for line in order.lines],
    }


def _amazon_line(line: CapturedLine) -> Told:
    shipped = line.elsewhere if line.shipped is None else line.shipped
    return {
        "item_id": line.line_ref,
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "shipped": shipped,
        "to_ship": line.quantity - shipped if line.to_ship is None else line.to_ship,
    }


def _ebay(order: CapturedOrder) -> Told:
    exact = dict(order.exact)
    day = order.created_local or order.created_utc
    return {
        "order": order.number,
        "record": int(order.channel_ref) if order.channel_ref.isdecimal() else order.channel_ref,
        "sale_date": day.date().isoformat() if day else "",
        "currency": order.currency,
        "shipping": _amount(order, exact, "shipping", order.totals.shipping),
        "total": _amount(order, exact, "total", order.totals.total),
        "ship_to": _address(order),
        "lines": [
            {
                "sku": line.sku,
                "item_number": line.item_number,
                "title": line.title,
                "quantity": line.quantity,
                "line_total": _amount(order, exact, f"lines.{place}.line_total", line.line_total),
            }
            for place, line in enumerate(order.lines)
        ],
    }


def _generic(order: CapturedOrder) -> Told:
    exact = dict(order.exact)
    created: Told = {"created_local": order.created_local.isoformat() if order.created_local else ""}
    if order.created_local is None and order.created_utc:
        created = {"created_utc": _utc(order.created_utc)}
    return {
        "order": order.number,
        **created,
        "ship_to": _address(order),
        "lines": [
            {
                "sku": line.sku,
                "quantity": line.quantity,
                "unit_price": _amount(order, exact, f"lines.{place}.unit_price", line.unit_price),
            }
            for place, line in enumerate(order.lines)
        ],
    }


def _online_retail(order: CapturedOrder) -> Told:
    exact = dict(order.exact)
    return {
        "order": order.number,
        "created_local": order.created_local.isoformat() if order.created_local else "",
        "customer": dict(order.extras).get("customer", ""),
        "country": order.ship_to.country,
        "lines": [
            {
                "sku": line.sku,
                "title": line.title,
                "quantity": line.quantity,
                "unit_price": _amount(order, exact, f"lines.{place}.unit_price", line.unit_price),
                "requires_shipping": line.requires_shipping,
            }
            for place, line in enumerate(order.lines)
        ],
    }


def _address(order: CapturedOrder) -> Told:
    to = order.ship_to
    return {
        "name": to.name,
        "address1": to.address1,
        "address2": to.address2,
        "city": to.city,
        "postcode": to.postcode,
        "region": to.region,
        "country": to.country,
        "phone": to.phone,
    }


def _amount(order: CapturedOrder, exact: Mapping[str, str], name: str, minor: int | None) -> str:
    """With two decimals at least, as the files have it for every currency; '' where none was reported."""
    if name in exact:
        return exact[name]
    if minor is None:
        return ""
    return f"{to_decimal(minor, order.currency):.{max(2, exponent(order.currency))}f}"


def _utc(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


_TELLERS: Mapping[str, Callable[[CapturedOrder], Told]] = {
    "shopify": _shopify,
    "amazon": _amazon,
    "ebay": _ebay,
    "online_retail": _online_retail,
    "csv": _generic,
}
