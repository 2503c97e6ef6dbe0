"""From a document to the bytes that a printer understands."""

from __future__ import annotations

from app.domain.documents import Document
from app.domain.print_ports import PrintLanguage
from app.printing.pdf import render_pdf
from app.printing.zpl import render_zpl


def render(document: Document, language: PrintLanguage, dpi: int = 203) -> bytes:
    """The document in a printer's language."""
    if language is PrintLanguage.PDF:
        return render_pdf(document)
    return render_zpl(document, dpi)
