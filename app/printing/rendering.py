"""From a document to the bytes that a printer understands."""

from __future__ import annotations

from app.domain.documents import Document
from app.domain.label_stock import STANDARD, Media, Stock
from app.domain.print_ports import PrintLanguage
from app.printing.epl2 import render_epl2
from app.printing.pdf import render_pdf
from app.printing.tspl import render_tspl
from app.printing.zpl import render_zpl

_TRACKING = {Media.GAP: b"^MNY", Media.MARK: b"^MNM", Media.CONTINUOUS: b"^MNN"}
_START = b"^XA\n"


def render(document: Document, language: PrintLanguage, dpi: int = 203, stock: Stock = STANDARD) -> bytes:
    """The document in a printer's language, for the labels that are in it."""
    match language:
        case PrintLanguage.ZPL:
            return tracked(render_zpl(document, dpi), stock)
        case PrintLanguage.EPL2:
            return render_epl2(document, dpi, stock)
        case PrintLanguage.TSPL:
            return render_tspl(document, dpi, stock)
        case PrintLanguage.PDF:
            return render_pdf(document)


def tracked(zpl: bytes, stock: Stock) -> bytes:
    """Labels of ours in ZPL, each told how the printer finds its end; without that its own setting counts."""
    return zpl if stock.media is None else zpl.replace(_START, _START + _TRACKING[stock.media] + b"\n")
