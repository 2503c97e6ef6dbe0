"""Documents as ZPL for thermal label printers.

Text from outside reaches the printer only as escaped field data, line by line, measured and cut by us, so that nothing
in it can start a command, leave its place or run over another. What the printer's own font lacks is sent as a picture.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.domain.documents import Align, Barcode, Document, Element, Fixed, Frame, Rule, Text, TextBox
from app.printing import font0
from app.printing.codes import BarsPlan, plan_code
from app.printing.dots import DOTS_PER_MM, dots_per_mm
from app.printing.graphics import Black, Sheet
from app.printing.pictures import Picture, TextPicture, draw_text
from app.printing.text_fit import fit, tidy

QUICKLY = 16_384
"""Bytes of a picture from which on packing it as small as can be would take longer than sending it."""
SURE = 0.97
"""Share of a place that we fill by our own measure: printers' letters differ a little in width."""


def render_zpl(document: Document, dpi: int = 203) -> bytes:
    """The document for a printer of 203, 300 or 600 dots an inch, one ^XA...^XZ a page.

    Raises ValueError for another density.
    """
    dots_per_mm(dpi)
    head = _head(document.size.width, document.size.height, dpi)
    parts: list[str] = []
    for page in document.pages:
        parts.append(head)
        _draw(page, dpi, parts)
        parts.append("^XZ\n")
    return "".join(parts).encode("utf-8")


def write_zpl(sheets: Iterable[Sheet], dpi: int) -> bytes:
    """Labels that are dots already."""
    parts: list[str] = []
    for sheet in sheets:
        parts.append(_head(sheet.width_mm, sheet.height_mm, dpi))
        for mark in sheet.marks:
            if isinstance(mark, Black):
                thickness = min(mark.width, mark.height)
                parts.append(f"^FO{mark.x},{mark.y}^GB{mark.width},{mark.height},{thickness}^FS\n")
            else:
                parts.append(_picture(mark.x, mark.y, mark.picture))
        parts.append("^XZ\n")
    return "".join(parts).encode("ascii")


@lru_cache(maxsize=64)
def _head(width: float, height: float, dpi: int) -> str:
    scale = DOTS_PER_MM[dpi]
    return f"^XA\n^CI28^LH0,0^LS0^LT0^FWN^LRN^PW{int(width * scale)}^LL{int(height * scale)}\n"


def _draw(elements: tuple[Element, ...], dpi: int, parts: list[str]) -> None:
    for element in elements:
        if isinstance(element, Text):
            text = element.text
            pen = _pen(element.box, dpi)
            if font0.is_usual(text) and (len(text) <= pen.surely or font0.width(text) <= pen.room):
                if text and not text.isspace():
                    parts.append(f"{pen.start}{text}^FS\n")
            else:
                _draw_careful(element, pen, dpi, parts)
        elif isinstance(element, Fixed):
            parts.append(_fixed(element, dpi))
        else:
            parts.append(_shape(element, dpi))


@lru_cache(maxsize=256)
def _fixed(artwork: Fixed, dpi: int) -> str:
    parts: list[str] = []
    _draw(artwork.elements, dpi, parts)
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class _Pen:
    """A text place in dots: the command that starts its first line, its width in letter heights, and how many usual
    letters fit whatever they are."""

    start: str
    room: float
    surely: int
    letter: int
    line: int


@lru_cache(maxsize=4096)
def _pen(box: TextBox, dpi: int, row: int = 0) -> _Pen:
    scale = DOTS_PER_MM[dpi]
    letter = max(1, round(box.size * scale))
    line = round(box.line_height * scale)
    x, y, width = round(box.x * scale), round(box.y * scale) + row * line, int(box.width * scale)
    room = width * SURE / letter
    block = "" if box.align is Align.LEFT else f"^FB{width},1,0,{'C' if box.align is Align.CENTER else 'R'}"
    return _Pen(f"^FO{x},{y}^A0N,{letter},{letter}{block}^FH^FD", room, int(room / font0.COMMON_WIDTH), letter, line)


def _draw_careful(element: Text, pen: _Pen, dpi: int, parts: list[str]) -> None:
    """Text with line breaks, escapes, letters that the printer lacks, or too much of it."""
    box = element.box
    text = tidy(element.text, keep_lines=box.max_lines > 1)
    if not text:
        return
    if font0.holds(text.replace("\n", "")):
        for row, line in enumerate(fit(text, pen.room, box.max_lines, font0.width)):
            if line:
                parts.append(f"{_pen(box, dpi, row).start}{font0.escape(line)}^FS\n")
        return
    width = int(box.width * DOTS_PER_MM[dpi])
    ask = TextPicture(text, width, pen.letter, pen.line, box.max_lines, box.align)
    picture = draw_text(ask)
    parts.append(_picture(round(box.x * DOTS_PER_MM[dpi]), round(box.y * DOTS_PER_MM[dpi]), picture))


def _shape(element: Barcode | Rule | Frame, dpi: int) -> str:
    scale = DOTS_PER_MM[dpi]
    if isinstance(element, Barcode):
        return _barcode(element, dpi)
    place = f"^FO{round(element.x * scale)},{round(element.y * scale)}"
    width, height = max(1, round(element.width * scale)), max(1, round(element.height * scale))
    thickness = min(width, height) if isinstance(element, Rule) else max(1, round(element.thickness * scale))
    return f"{place}^GB{width},{height},{thickness}^FS\n"


def _barcode(element: Barcode, dpi: int) -> str:
    scale = DOTS_PER_MM[dpi]
    box = element.box
    plan = plan_code(element, scale)
    if plan is None:
        return ""
    x, y = round(box.x * scale) + plan.left, round(box.y * scale) + plan.top
    if isinstance(plan, BarsPlan):
        height = int(box.height * scale)
        return f"^BY{plan.module}^FO{x},{y}^BCN,{height},N,N,N^FH^FD{font0.escape(plan.code.field)}^FS\n"
    return _picture(x, y, plan.picture())


def _picture(x: int, y: int, picture: Picture | None) -> str:
    """A picture as compressed graphic data with its checksum."""
    if picture is None:
        return ""
    packed = base64.b64encode(zlib.compress(picture.rows, 9 if len(picture.rows) < QUICKLY else 6))
    total = len(picture.rows)
    check = binascii.crc_hqx(packed, 0)
    return f"^FO{x},{y}^GFA,{total},{total},{picture.row_bytes},:Z64:{packed.decode('ascii')}:{check:04X}^FS\n"
