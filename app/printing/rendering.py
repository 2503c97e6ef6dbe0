"""From a document to the bytes that a printer understands."""

from __future__ import annotations

from app.domain.documents import Document
from app.domain.print_ports import PrintLanguage
from app.printing.epl2 import render_epl2
from app.printing.pdf import render_pdf
from app.printing.tspl import render_tspl
from app.printing.zpl import render_zpl


def render(document: Document, language: PrintLanguage, dpi: int = 203) -> bytes:
    """The document in a printer's language."""
    match language:
        case PrintLanguage.ZPL:
            return render_zpl(document, dpi)
        case PrintLanguage.EPL2:
            return render_epl2(document, dpi)
        case PrintLanguage.TSPL:
            return render_tspl(document, dpi)
        case PrintLanguage.PDF:
            return render_pdf(document)
