"""The packing slip that lies in the parcel: what is in it, for whom, with prices or (a gift) without."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.capture import PostalAddress, Totals
from app.domain.document_shipping import country_name, town_row
from app.domain.document_tables import Column, Table, as_pages, margin, paged
from app.domain.documents import (
    LABEL_4X6,
    Align,
    Barcode,
    CodeBox,
    Document,
    DocumentKind,
    Element,
    Rule,
    Size,
    Text,
    TextBox,
)
from app.domain.money import money_text
from app.domain.words import say


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One line of the parcel; the price of one unit in minor units, None when it is not known."""

    sku: str
    name: str
    quantity: int
    unit_price: int | None = None


NO_TOTALS = Totals()


@dataclass(frozen=True, slots=True)
class PackingSlipContent:
    """What stands on a packing slip. `date` is written out already, in the warehouse's zone; amounts in minor units."""

    order: str
    ship_to: PostalAddress
    seller: PostalAddress
    lines: tuple[SlipLine, ...]
    date: str = ""
    parcel: int = 1
    parcels: int = 1
    note: str = ""
    currency: str = ""
    totals: Totals = NO_TOTALS
    with_prices: bool = True


TOTAL_ROW = 4.6
NOTE_HEIGHT = 14.0


def packing_slip(content: PackingSlipContent, size: Size = LABEL_4X6) -> Document:
    """The slip on label stock or on a sheet, over as many pages as it needs."""
    table = _table(content, size)
    totals = _totals(content)
    footer = TOTAL_ROW * len(totals) + (NOTE_HEIGHT if content.note else 0) + 4
    pages, end = paged(size, table, lambda page, pages: _header(content, size, page, pages), footer)
    pages[-1].extend(_footer(content, size, totals, end + 2))
    return Document(DocumentKind.PACKING_SLIP, content.order, size, as_pages(pages))


def _table(content: PackingSlipContent, size: Size) -> Table:
    left = margin(size)
    inner = size.width - 2 * left
    narrow = size.width < 150
    quantity = Column(say("document.slip.quantity"), 9, Align.RIGHT, 4.2, bold=True)
    sku = Column(say("document.slip.sku"), 24 if narrow else 34, bold=True)
    price = Column(say("document.slip.amount", currency=content.currency), 20 if narrow else 28, Align.RIGHT)
    used = quantity.width + sku.width + (price.width + 2 if content.with_prices else 0) + 4
    name = Column(say("document.slip.name"), inner - used, max_lines=2)
    columns = (quantity, sku, name, price) if content.with_prices else (quantity, sku, name)
    return Table(left, columns, tuple(_cells(line, content) for line in content.lines))


def _cells(line: SlipLine, content: PackingSlipContent) -> tuple[str, ...]:
    cells = (str(line.quantity), line.sku, line.name)
    if not content.with_prices:
        return cells
    known = line.unit_price is not None
    return (*cells, money_text((line.unit_price or 0) * line.quantity, content.currency) if known else "")


def _header(content: PackingSlipContent, size: Size, page: int, pages: int) -> tuple[list[Element], float]:
    left = margin(size)
    inner = size.width - 2 * left
    half = inner / 2
    right = left + half + 2
    seller = content.seller.company or content.seller.name
    elements: list[Element] = [
        Text(TextBox(left, left + 1, half, 5, bold=True), seller),
        Text(TextBox(left, left + 7.5, half, 5, bold=True), content.order),
        Barcode(CodeBox(right, left, half - 2, 11), content.order),
        Text(TextBox(left, left + 13.6, half, 3), _page_line(content, page, pages)),
        Text(TextBox(right, left + 13.6, half - 2, 3, align=Align.RIGHT), content.date),
        Rule(left, left + 17.6, inner, 0.8),
    ]
    if page > 1:
        return elements, left + 20
    rows = [row for row in _address_rows(content.ship_to) if row]
    top = left + 20
    elements.append(Text(TextBox(left, top, inner, 2.6), say("document.slip.to")))
    for number, row in enumerate(rows):
        box = TextBox(left, top + 3.2 + 4.3 * number, inner, 3.7, bold=number == 0)
        elements.append(Text(box, row))
    return elements, top + 3.2 + 4.3 * len(rows) + 3


def _page_line(content: PackingSlipContent, page: int, pages: int) -> str:
    parcel = say("document.slip.parcel", n=content.parcel, of=content.parcels)
    return f"{parcel}, {say('document.page', n=page, of=pages)}" if pages > 1 else parcel


def _address_rows(address: PostalAddress) -> tuple[str, ...]:
    place = town_row(address)
    street = (address.address1, address.address2)
    return (address.name, address.company, *street, place, address.region, country_name(address.country))


def _totals(content: PackingSlipContent) -> list[tuple[str, str]]:
    if not content.with_prices:
        return []
    totals = content.totals
    amounts = (
        ("document.slip.subtotal", totals.subtotal),
        ("document.slip.discount", -totals.discount if totals.discount else None),
        ("document.slip.shipping", totals.shipping),
        ("document.slip.tax", totals.tax),
        ("document.slip.total", totals.total),
    )
    return [
        (say(key), f"{money_text(amount, content.currency)} {content.currency}".strip())
        for key, amount in amounts
        if amount is not None
    ]


def _footer(content: PackingSlipContent, size: Size, totals: list[tuple[str, str]], top: float) -> list[Element]:
    left = margin(size)
    inner = size.width - 2 * left
    elements: list[Element] = []
    for label, amount in totals:
        last = label == totals[-1][0]
        elements.append(Text(TextBox(left, top, inner - 36, 3.4, last, Align.RIGHT), label))
        elements.append(Text(TextBox(left + inner - 34, top, 34, 3.4, last, Align.RIGHT), amount))
        top += TOTAL_ROW
    if content.note:
        elements.append(Text(TextBox(left, top + 1, inner, 3.4, max_lines=3), content.note))
    return elements
