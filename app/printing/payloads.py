"""A label that somebody else made (a carrier's ZPL, PDF or picture) for a printer of any language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from io import BytesIO

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.domain.documents import LABEL_4X6, Size
from app.domain.label_stock import STANDARD, Stock
from app.domain.print_ports import PrintLanguage, UnprintableLabelError
from app.printing.epl2 import write_epl2
from app.printing.graphics import Sheet, Stamp
from app.printing.label_pictures import sheets_of_pdf, sheets_of_picture
from app.printing.tspl import write_tspl
from app.printing.zpl import write_zpl

PICTURE_DPI = 300
"""Of a picture in a PDF."""
_PICTURE = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|BM|II\*\0|MM\0\*")
_ZPL = re.compile(rb"\s*(?:CT~~CD,|[~^][A-Z])")
_TSPL = re.compile(rb"(?:^|[\r\n])SIZE +[\d.]+", re.IGNORECASE)
_EPL2 = re.compile(rb"\s*(?:[IOSDRZJqQ][\w,+.-]*\s*\n\s*)*N\s*\n")
_FRONT = 1024
"""Bytes from its beginning in which a job says what it is."""


class PayloadKind(StrEnum):
    """What a foreign label is; `png` is any picture."""

    ZPL = "zpl"
    EPL2 = "epl2"
    TSPL = "tspl"
    PDF = "pdf"
    PNG = "png"


class ForeignLabelError(UnprintableLabelError):
    """The label cannot be printed on this printer: it is of no known kind, or in another printer's language."""


def kind_of(payload: bytes) -> PayloadKind:
    """What the bytes are. Raises ForeignLabelError for what is none of the kinds."""
    front = payload[:_FRONT]
    if b"%PDF-" in front:
        return PayloadKind.PDF
    if _PICTURE.match(front):
        return PayloadKind.PNG
    if _ZPL.match(front) or b"^XA" in front:
        return PayloadKind.ZPL
    if _EPL2.match(front):
        return PayloadKind.EPL2
    if _TSPL.search(front):
        return PayloadKind.TSPL
    raise ForeignLabelError("printing.payload.unknown")


def foreign_label(payload: bytes, language: PrintLanguage, dpi: int, stock: Stock = STANDARD) -> bytes:
    """What somebody else made, whatever it is, for a printer with 4x6 labels. Raises UnprintableLabelError."""
    return label_bytes(payload, kind_of(payload), language, dpi, stock=stock)


def label_bytes(
    payload: bytes,
    kind: PayloadKind,
    language: PrintLanguage,
    dpi: int,
    paper: Size = LABEL_4X6,
    stock: Stock = STANDARD,
) -> bytes:
    """The label for a printer of this language, of so many dots an inch, with this paper.

    What is in the printer's language already passes as it is. Raises ForeignLabelError for another printer's language,
    and UnreadablePictureError for a broken picture or PDF.
    """
    if kind.value == language.value:
        return payload
    if kind not in (PayloadKind.PDF, PayloadKind.PNG):
        raise ForeignLabelError("printing.payload.language", kind=kind.value.upper(), language=language.value.upper())
    dots = PICTURE_DPI if language is PrintLanguage.PDF else dpi
    reader = sheets_of_pdf if kind is PayloadKind.PDF else sheets_of_picture
    sheets = reader(payload, dots, paper)
    match language:
        case PrintLanguage.ZPL:
            return write_zpl(sheets, dpi)
        case PrintLanguage.EPL2:
            return write_epl2(sheets, dpi, stock)
        case PrintLanguage.TSPL:
            return write_tspl(sheets, stock)
        case PrintLanguage.PDF:
            return _pdf(sheets)


def _pdf(sheets: Iterator[Sheet]) -> bytes:
    """Labels as pages of their size."""
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.setCreator("Pickwick")
    for sheet in sheets:
        dot = 72 / PICTURE_DPI
        canvas.setPageSize((sheet.width * dot, sheet.height * dot))
        for mark in sheet.marks:
            if isinstance(mark, Stamp):
                picture = mark.picture.image()
                bottom = (sheet.height - mark.y - picture.height) * dot
                canvas.drawImage(ImageReader(picture), mark.x * dot, bottom, picture.width * dot, picture.height * dot)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
