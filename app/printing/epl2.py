"""Documents as EPL2, for older thermal printers: rectangles and pictures only.

EPL2 has fonts of a few fixed sizes and one Western alphabet; text in them would not keep its place. So text comes as
pictures and bars as rectangles: no text of a document is in the commands, and none can be one.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.documents import Document
from app.printing.dots import dots_per_mm
from app.printing.graphics import Black, Mark, Sheet, sheets_of

GAP_MM = 3.0
"""Between two labels on their roll: what nearly all rolls have."""
INVERTED = bytes(byte ^ 0xFF for byte in range(256))
"""In the pictures of EPL2 and TSPL a 0 is black."""


def render_epl2(document: Document, dpi: int = 203) -> bytes:
    """The document for a printer of so many dots an inch, one `P1` a page. Raises ValueError for another density."""
    return write_epl2(sheets_of(document, dpi), dpi)


def write_epl2(sheets: Iterable[Sheet], dpi: int) -> bytes:
    """Labels as EPL2. The line break in front ends what somebody else may have left unfinished."""
    gap = round(GAP_MM * dots_per_mm(dpi))
    parts: list[bytes] = []
    for sheet in sheets:
        parts.append(f"\nN\nq{sheet.width}\nQ{sheet.height},{gap}\nN\n".encode("ascii"))
        parts.extend(_mark(mark) for mark in sheet.marks)
        parts.append(b"P1\n")
    return b"".join(parts)


def _mark(mark: Mark) -> bytes:
    if isinstance(mark, Black):
        return f"LO{mark.x},{mark.y},{mark.width},{mark.height}\n".encode("ascii")
    picture = mark.picture
    head = f"GW{mark.x},{mark.y},{picture.row_bytes},{picture.height},".encode("ascii")
    return head + picture.rows.translate(INVERTED) + b"\n"
