"""What a supplier is asked to ship for us, on paper: to whom, what, and under which number he answers."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.capture import PostalAddress
from app.domain.document_tables import Column, Table, as_pages, margin, paged
from app.domain.documents import A4, Align, Barcode, CodeBox, Document, DocumentKind, Element, Rule, Size, Text, TextBox
from app.domain.words import say


@dataclass(frozen=True, slots=True)
class SupplierLine:
    """One product that the supplier ships."""

    sku: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class SupplierRequestContent:
    """What stands on the request. `code` is the fulfillment's; `date` is written out."""

    code: str
    order: str
    supplier: str
    buyer: PostalAddress
    ship_to: PostalAddress
    lines: tuple[SupplierLine, ...]
    date: str = ""


def supplier_paper(content: SupplierRequestContent, size: Size = A4) -> Document:
    """The request on a sheet or on label stock, over as many pages as it needs."""
    left = margin(size)
    inner = size.width - 2 * left
    quantity = Column(say("document.transfer.quantity"), 16, Align.RIGHT, 4.6, bold=True)
    sku = Column(say("document.slip.sku"), 30 if size.width < 150 else 44, size=3.6, bold=True)
    item = Column(say("document.transfer.item"), inner - quantity.width - sku.width - 4, max_lines=2)
    rows = tuple((line.sku, line.name, str(line.quantity)) for line in content.lines)
    table = Table(left, (sku, item, quantity), rows)
    pages, _end = paged(size, table, lambda page, pages: _header(content, size, page, pages), footer_height=0)
    return Document(DocumentKind.SUPPLIER_REQUEST, content.code, size, as_pages(pages))


def _header(content: SupplierRequestContent, size: Size, page: int, pages: int) -> tuple[list[Element], float]:
    left = margin(size)
    inner = size.width - 2 * left
    half = inner / 2
    right = left + half + 2
    facts = (content.supplier, content.date, say("document.page", n=page, of=pages))
    elements: list[Element] = [
        Text(TextBox(left, left + 1, half, 7, bold=True), content.code),
        Text(TextBox(left, left + 9.6, half, 3.4), say("document.supplier.title", order=content.order)),
        Barcode(CodeBox(right, left, half - 2, 14), content.code),
        Text(TextBox(left, left + 16, inner, 3), ", ".join(fact for fact in facts if fact)),
    ]
    top = left + 21
    if page == 1:
        for x, heading, address in (
            (left, say("document.label.to"), content.ship_to),
            (right, say("document.supplier.for"), content.buyer),
        ):
            elements.append(Text(TextBox(x, top, half - 2, 2.6), heading))
            for place, line in enumerate(_lines(address)):
                elements.append(Text(TextBox(x, top + 3.4 + place * 4.4, half - 2, 3.6, bold=place == 0), line))
        top += 3.4 + 7 * 4.4
    return [*elements, Rule(left, top, inner, 0.8)], top + 2.4


def _lines(address: PostalAddress) -> list[str]:
    """The address line by line, at most seven."""
    town = " ".join(part for part in (address.city, address.postcode) if part)
    told = (address.name, address.company, address.address1, address.address2, town, address.region, address.country)
    return [line for line in told if line]
