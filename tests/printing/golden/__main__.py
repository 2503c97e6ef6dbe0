"""Writes the expected labels again after a change of layout that was looked at: python -m tests.printing.golden."""

from pathlib import Path

from app.domain.document_samples import sample_document
from app.domain.documents import DocumentKind
from app.printing.zpl import render_zpl

for kind in DocumentKind:
    if kind is not DocumentKind.COMMAND_SHEET:
        for dpi in (203, 300):
            path = Path(__file__).parent / f"{kind}-{dpi}.zpl"
            path.write_text(render_zpl(sample_document(kind), dpi).decode("utf-8"), encoding="utf-8", newline="\n")
