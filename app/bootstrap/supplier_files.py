"""What suppliers are asked, as files to be sent to them: a sheet for each request, and a table for each supplier."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.domain.document_samples import document_of_job
from app.domain.documents import DocumentKind
from app.domain.print_ports import PrintLanguage
from app.printing.rendering import render
from app.services.supplier_papers import Paper, as_csv

DPI = 300


def write_papers(folder: Path, papers: Sequence[Paper]) -> tuple[Path, ...]:
    """Writes them into a folder, which is made; gives the files. What was cancelled stands in a table of its own.

    Raises OSError when the disk does not take them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    tables: dict[str, list[Paper]] = {}
    for one in papers:
        supplier = one.asked.supplier_code
        tables.setdefault(f"{supplier}-cancelled.csv" if one.cancelled else f"{supplier}.csv", []).append(one)
        if not one.cancelled:
            document = document_of_job(DocumentKind.SUPPLIER_REQUEST.value, one.content, sheet=True)
            files.append(folder / f"{supplier}-{one.asked.code}.pdf")
            files[-1].write_bytes(render(document, PrintLanguage.PDF, DPI))
    for name, of_supplier in tables.items():
        files.append(folder / name)
        rows = as_csv([(one.asked, one.lines) for one in of_supplier])
        files[-1].write_text(rows, encoding="utf-8", newline="")
    return tuple(files)
