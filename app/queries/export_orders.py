"""All that is known of the orders, as the values that their channels' files held, and in those files' own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.capture import CapturedLine, CapturedOrder, Doubt, Financial, Pairs, PostalAddress, Totals
from app.domain.capture_export import Told, as_expected
from app.models.demand import Address, Channel, Order, OrderLine

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ExportedOrder:
    """One order: as it was captured, changed and mended since, and told with the keys of its channel."""

    order_id: int
    order: CapturedOrder
    told: Told


def export_orders(session: Session, channel_key: str = "", after: int = 0) -> Iterator[ExportedOrder]:
    """All orders, or those of one channel, in the order in which they were captured; page by page."""
    while True:
        page = orders_page(session, channel_key, after, AT_ONCE)
        yield from page
        if len(page) < AT_ONCE:
            return
        after = page[-1].order_id


def orders_page(session: Session, channel_key: str = "", after: int = 0, limit: int = AT_ONCE) -> list[ExportedOrder]:
    """The next orders beyond the id `after`."""
    chosen = (
        select(Order, Address, Channel.key)
        .join(Address, Address.id == Order.ship_to_id)
        .join(Channel, Channel.id == Order.channel_id)
        .where(Order.id > after)
        .order_by(Order.id)
        .limit(limit)
    )
    if channel_key:
        chosen = chosen.where(Channel.key == channel_key)
    rows = session.execute(chosen).all()
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    ids = [order.id for order, _address, _key in rows]
    chosen_lines = select(OrderLine).where(OrderLine.order_id.in_(ids)).order_by(OrderLine.order_id, OrderLine.line_no)
    for line in session.execute(chosen_lines).scalars():
        if not line.extras.get("gone"):
            lines[line.order_id].append(line)
    found = []
    for order, address, key in rows:
        value = captured_order(order, address, key, lines[order.id])
        found.append(ExportedOrder(order.id, value, as_expected(value)))
    session.expunge_all()
    return found


def captured_order(order: Order, address: Address, channel: str, lines: Sequence[OrderLine]) -> CapturedOrder:
    """The value that these rows were made of."""
    extras = order.extras
    cut = _object(extras.get("cut"))
    unreported = _texts(extras.get("unreported"))
    return CapturedOrder(
        channel=channel,
        number=_whole(cut, "number", order.number),
        created_utc=None if extras.get("created") == "unreported" else order.created_at,
        lines=tuple(_line(line) for line in lines),
        ship_to=_address(address, cut),
        channel_ref=str(extras.get("ref", "")),
        created_local=datetime.fromisoformat(order.created_local) if order.created_local else None,
        ship_by_utc=order.ship_by,
        currency=order.currency,
        email=_whole(cut, "email", order.email),
        financial=Financial(order.financial),
        fulfilment=_whole(cut, "fulfilment", order.fulfilment),
        cancelled=order.cancelled_by_channel,
        service=_whole(cut, "service", order.service),
        note=order.note,
        gift=order.gift,
        tags=str(extras.get("tags", "")),
        discount_code=_whole(cut, "discount_code", order.discount_code),
        totals=Totals(
            subtotal=_number(extras.get("subtotal")),
            discount=None if "discount" in unreported else order.discount,
            shipping=None if "shipping" in unreported else order.shipping,
            tax=None if "tax" in unreported else order.tax,
            total=None if "total" in unreported else order.total,
            refunded=None if "refunded" in unreported else order.refunded,
        ),
        exact=_pairs(extras.get("exact")),
        doubts=tuple(Doubt(word) for word in _texts(extras.get("doubts"))),
        extras=_pairs(extras.get("extras")),
    )


def _line(line: OrderLine) -> CapturedLine:
    extras = line.extras
    cut = _object(extras.get("cut"))
    unreported = _texts(extras.get("unreported"))
    return CapturedLine(
        sku=_whole(cut, "sku", line.sku),
        title=_whole(cut, "title", line.title),
        quantity=line.quantity,
        unit_price=None if "unit_price" in unreported else line.unit_price,
        discount=None if "discount" in unreported else line.discount,
        line_total=None if "line_total" in unreported else line.line_total,
        requires_shipping=line.requires_shipping,
        elsewhere=line.elsewhere,
        shipped=_number(extras.get("shipped")),
        to_ship=_number(extras.get("to_ship")),
        status=line.status,
        line_ref=_whole(cut, "line_ref", line.channel_line_ref),
        item_number=str(extras.get("item_number", "")),
    )


def _address(address: Address, cut: Mapping[str, object]) -> PostalAddress:
    return PostalAddress(
        **{name: _whole(cut, f"ship_to.{name}", getattr(address, name)) for name in PostalAddress.__slots__}
    )


def _whole(cut: Mapping[str, object], name: str, kept: str) -> str:
    """The text before it was cut to its column's length, unless it was changed since."""
    whole = cut.get(name)
    return whole if isinstance(whole, str) and kept.endswith("…") else kept


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list) else []


def _pairs(value: object) -> Pairs:
    return tuple((str(pair[0]), str(pair[1])) for pair in value) if isinstance(value, list) else ()


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
