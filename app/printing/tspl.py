"""Documents as TSPL, for thermal printers of TSC and many others: rectangles and pictures only.

TSPL's fonts differ from printer to printer in what they hold and how wide they run, and so do its barcodes where they
change between code sets. So text comes as pictures and bars as rectangles: no text of a document is in the commands,
and none can be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.domain.documents import Document
from app.domain.label_stock import STANDARD, Media, Stock
from app.printing.epl2 import INVERTED
from app.printing.graphics import Black, Mark, Sheet, Stamp, sheets_of
from app.printing.pictures import Picture

_AT_ONCE = re.compile(rb"[\x1b~]!")
"""Starts what these printers do at once, whatever they are reading: reset, pause, cancel, answer."""


def render_tspl(document: Document, dpi: int = 203, stock: Stock = STANDARD) -> bytes:
    """The document for a printer of so many dots an inch, one `PRINT` a page. Raises ValueError for another density."""
    return write_tspl(sheets_of(document, dpi), stock)


def write_tspl(sheets: Iterable[Sheet], stock: Stock = STANDARD) -> bytes:
    """Labels as TSPL. The line break in front ends what somebody else may have left unfinished."""
    parts: list[bytes] = []
    for sheet in sheets:
        size = f"SIZE {sheet.width_mm:g} mm,{sheet.height_mm:g} mm\r\n{tracking(stock)}\r\n"
        parts.append(f"\r\n{size}DIRECTION 1\r\nREFERENCE 0,0\r\nCLS\r\n".encode("ascii"))
        parts.extend(_mark(mark) for mark in sheet.marks)
        parts.append(b"PRINT 1,1\r\n")
    return b"".join(parts)


def tracking(stock: Stock) -> str:
    """The command that says how the printer finds the end of a label."""
    match stock.media:
        case Media.MARK:
            return f"BLINE {stock.gap:g} mm,0 mm"
        case Media.CONTINUOUS:
            return "GAP 0 mm,0 mm"
        case _:
            return f"GAP {stock.gap:g} mm,0 mm"


def _mark(mark: Mark) -> bytes:
    if isinstance(mark, Black):
        return f"BAR {mark.x},{mark.y},{mark.width},{mark.height}\r\n".encode("ascii")
    drawn: list[bytes] = []
    waiting = [mark]
    while waiting:
        stamp = waiting.pop()
        picture = stamp.picture
        data = picture.rows.translate(INVERTED)
        found = _AT_ONCE.search(data)
        if found is not None:
            waiting.extend(_parted(stamp, found.start()))
            continue
        drawn.append(f"BITMAP {stamp.x},{stamp.y},{picture.row_bytes},{picture.height},0,".encode("ascii"))
        drawn.append(data + b"\r\n")
    return b"".join(drawn)


def _parted(stamp: Stamp, place: int) -> tuple[Stamp, Stamp]:
    """The picture in two: parted between the bytes at and after `place`, or nearer to that."""
    picture = stamp.picture
    wide, tall, rows = picture.row_bytes, picture.height, picture.rows
    if tall > 1:
        upper = min(place // wide + 1, tall - 1)
        cut = upper * wide
        below = Stamp(stamp.x, stamp.y + upper, Picture(picture.width, tall - upper, rows[cut:]))
        return Stamp(stamp.x, stamp.y, Picture(picture.width, upper, rows[:cut])), below
    cut = place + 1
    beside = Stamp(stamp.x + 8 * cut, stamp.y, Picture(picture.width - 8 * cut, 1, rows[cut:]))
    return Stamp(stamp.x, stamp.y, Picture(8 * cut, 1, rows[:cut])), beside
