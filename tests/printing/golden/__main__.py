"""Writes the expected labels again after a change of layout that was looked at: python -m tests.printing.golden."""

from pathlib import Path

from app.domain.document_samples import sample_document
from app.domain.documents import DocumentKind
from app.domain.print_ports import PrintLanguage
from app.printing.zpl import render_zpl
from tests.printing.test_raster_languages import LANGUAGES, outline

for kind in DocumentKind:
    if kind is not DocumentKind.COMMAND_SHEET:
        for dpi in (203, 300):
            drawn = {PrintLanguage.ZPL: render_zpl(sample_document(kind), dpi).decode("utf-8")}
            drawn |= {language: outline(sample_document(kind), language, dpi) for language in LANGUAGES}
            for language, text in drawn.items():
                path = Path(__file__).parent / f"{kind}-{dpi}.{language}"
                path.write_text(text, encoding="utf-8", newline="\n")
