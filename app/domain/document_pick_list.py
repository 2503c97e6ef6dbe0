"""The pick list on paper: the walk stop by stop, which tote each unit goes into, and the code that opens it."""

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
class PickStop:
    """One stop of the walk: `slot` names the place of the tote on the cart."""

    location: str
    sku: str
    name: str
    quantity: int
    slot: str = ""


@dataclass(frozen=True, slots=True)
class PickTote:
    """What stands in a slot of the cart."""

    slot: str
    tote: str
    order: str


@dataclass(frozen=True, slots=True)
class PickListContent:
    """What stands on a pick list, its stops in walking order. `date` is written out, in the warehouse's zone."""

    code: str
    stops: tuple[PickStop, ...]
    totes: tuple[PickTote, ...] = ()
    warehouse: str = ""
    picker: str = ""
    date: str = ""


TOTES_A_ROW = 3
TOTE_ROW = 4.2


def pick_list(content: PickListContent, size: Size = LABEL_4X6) -> Document:
    """The list on label stock or on a sheet, over as many pages as it needs."""
    left = margin(size)
    inner = size.width - 2 * left
    location = Column(say("document.pick.location"), 25 if size.width < 150 else 38, size=4, bold=True)
    slot = Column(say("document.pick.slot"), 8, Align.CENTER, 4, bold=True)
    quantity = Column(say("document.pick.quantity"), 9, Align.RIGHT, 4.6, bold=True)
    item = Column(say("document.pick.item"), inner - location.width - slot.width - quantity.width - 6, max_lines=2)
    rows = tuple((stop.location, f"{stop.sku}\n{stop.name}", str(stop.quantity), stop.slot) for stop in content.stops)
    table = Table(left, (location, item, quantity, slot), rows)
    pages, _end = paged(size, table, lambda page, pages: _header(content, size, page, pages), footer_height=0)
    return Document(DocumentKind.PICK_LIST, content.code, size, as_pages(pages))


def _header(content: PickListContent, size: Size, page: int, pages: int) -> tuple[list[Element], float]:
    left = margin(size)
    inner = size.width - 2 * left
    half = inner / 2
    right = left + half + 2
    facts = (content.warehouse, content.picker, content.date, say("document.page", n=page, of=pages))
    units = sum(stop.quantity for stop in content.stops)
    elements: list[Element] = [
        Text(TextBox(left, left + 1, half, 7, bold=True), content.code),
        Text(TextBox(left, left + 9.5, half, 3), say("document.pick.size", stops=len(content.stops), units=units)),
        Barcode(CodeBox(right, left, half - 2, 12), content.code),
        Text(TextBox(left, left + 13.6, inner, 3), ", ".join(fact for fact in facts if fact)),
        Rule(left, left + 17.6, inner, 0.8),
    ]
    top = left + 20
    if page > 1:
        return elements, top
    wide = inner / TOTES_A_ROW
    for place, tote in enumerate(content.totes):
        row, column = divmod(place, TOTES_A_ROW)
        box = TextBox(left + column * wide, top + row * TOTE_ROW, wide - 2, 3.2)
        elements.append(Text(box, f"{tote.slot}: {tote.tote} {tote.order}".strip()))
    rows = -(-len(content.totes) // TOTES_A_ROW)
    return elements, top + rows * TOTE_ROW + (2 if rows else 0)
