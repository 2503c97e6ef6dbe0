"""Documents as EPL2, for older thermal printers: rectangles and pictures only.

EPL2 has fonts of a few fixed sizes and one Western alphabet; text in them would not keep its place. So text comes as
pictures and bars as rectangles: no text of a document is in the commands, and none can be one.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.documents import Document
from app.domain.label_stock import STANDARD, Media, Stock
from app.printing.dots import dots_per_mm
from app.printing.graphics import Black, Mark, Sheet, sheets_of

INVERTED = bytes(byte ^ 0xFF for byte in range(256))
"""In the pictures of EPL2 and TSPL a 0 is black."""


def render_epl2(document: Document, dpi: int = 203, stock: Stock = STANDARD) -> bytes:
    """The document for a printer of so many dots an inch, one `P1` a page. Raises ValueError for another density."""
    return write_epl2(sheets_of(document, dpi), dpi, stock)


def write_epl2(sheets: Iterable[Sheet], dpi: int, stock: Stock = STANDARD) -> bytes:
    """Labels as EPL2. The line break in front ends what somebody else may have left unfinished."""
    gap = tracking(stock, dpi)
    parts: list[bytes] = []
    for sheet in sheets:
        parts.append(f"\nN\nq{sheet.width}\nQ{sheet.height},{gap}\nN\n".encode("ascii"))
        parts.extend(_mark(mark) for mark in sheet.marks)
        parts.append(b"P1\n")
    return b"".join(parts)


def tracking(stock: Stock, dpi: int) -> str:
    """What stands behind the height in `Q`: how the printer finds the end of a label."""
    if stock.media is Media.CONTINUOUS:
        return "0"
    return f"{'B' if stock.media is Media.MARK else ''}{round(stock.gap * dots_per_mm(dpi))}"


def _mark(mark: Mark) -> bytes:
    if isinstance(mark, Black):
        return f"LO{mark.x},{mark.y},{mark.width},{mark.height}\n".encode("ascii")
    picture = mark.picture
    head = f"GW{mark.x},{mark.y},{picture.row_bytes},{picture.height},".encode("ascii")
    return head + picture.rows.translate(INVERTED) + b"\n"
