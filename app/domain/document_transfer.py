"""The paper of a transfer: where it comes from, where it goes, what is in it, and its code."""

from __future__ import annotations

from dataclasses import dataclass

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
from app.domain.words import say


@dataclass(frozen=True, slots=True)
class TransferPaperLine:
    """One product of a transfer."""

    sku: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class TransferPaperContent:
    """What stands on the paper. `date` is written out, in the zone of the warehouse that sends."""

    code: str
    source: str
    target: str
    lines: tuple[TransferPaperLine, ...]
    date: str = ""
    note: str = ""


def transfer_paper(content: TransferPaperContent, size: Size = LABEL_4X6) -> Document:
    """The paper on label stock or on a sheet, over as many pages as it needs."""
    left = margin(size)
    inner = size.width - 2 * left
    quantity = Column(say("document.transfer.quantity"), 14, Align.RIGHT, 4.6, bold=True)
    box = Column(say("document.transfer.counted"), 16, Align.CENTER)
    item = Column(say("document.transfer.item"), inner - quantity.width - box.width - 4, max_lines=2)
    rows = tuple((f"{line.sku}\n{line.name}", str(line.quantity), "") for line in content.lines)
    table = Table(left, (item, quantity, box), rows)
    pages, _end = paged(size, table, lambda page, pages: _header(content, size, page, pages), footer_height=0)
    return Document(DocumentKind.TRANSFER, content.code, size, as_pages(pages))


def _header(content: TransferPaperContent, size: Size, page: int, pages: int) -> tuple[list[Element], float]:
    left = margin(size)
    inner = size.width - 2 * left
    half = inner / 2
    units = sum(line.quantity for line in content.lines)
    facts = (
        content.date,
        say("document.transfer.size", products=len(content.lines), units=units),
        say("document.page", n=page, of=pages),
    )
    elements: list[Element] = [
        Text(TextBox(left, left + 1, half, 7, bold=True), content.code),
        Barcode(CodeBox(left + half + 2, left, half - 2, 14), content.code),
        Text(TextBox(left, left + 16, half - 2, 2.6), say("document.transfer.from")),
        Text(TextBox(left, left + 19.4, half - 2, 4.2, bold=True), content.source),
        Text(TextBox(left + half + 2, left + 16, half - 2, 2.6), say("document.transfer.to")),
        Text(TextBox(left + half + 2, left + 19.4, half - 2, 4.2, bold=True), content.target),
        Text(TextBox(left, left + 25.6, inner, 3), ", ".join(fact for fact in facts if fact)),
    ]
    top = left + 29.6
    if content.note and page == 1:
        elements.append(Text(TextBox(left, top, inner, 3.2, max_lines=2), content.note))
        top += 8
    return [*elements, Rule(left, top, inner, 0.8)], top + 2.4
