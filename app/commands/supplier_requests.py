"""`supplier-requests`: asks suppliers for what waits for them, and writes each a PDF and all of them a CSV file."""

from __future__ import annotations

from pathlib import Path

from app.commands.opening import Opened, answer, opened
from app.domain.clock import utc_now
from app.domain.document_samples import document_of_job
from app.domain.documents import DocumentKind
from app.domain.print_ports import PrintLanguage
from app.domain.words import say
from app.printing.rendering import render
from app.queries.supplier_requests import AskedRequest, RequestLine, request_lines, supplier_requests
from app.services.drop_ship import ask_suppliers, mark_told
from app.services.supplier_papers import as_csv, paper_content
from app.settings import Settings

WRITER = "supplier-requests"
AT_ONCE = 500
DPI = 300


def run(settings: Settings, out: Path, again: bool, as_json: bool) -> int:
    """Writes what was not told yet into a folder, one CSV file a supplier; `again` what was told too."""
    with opened(settings, must_be_there=True) as at:
        while at.database.write(lambda session: ask_suppliers(session, at.actor(WRITER, utc_now()))):
            pass
        found = at.database.read(lambda session: supplier_requests(session, most=AT_ONCE))
        due = [one for one in found if again or not one.told]
        files = _write(at, out, due)
        ids = [one.id for one in due]
        at.database.write(lambda session: mark_told(session, at.actor(WRITER, utc_now()), ids))
    told = {"requests": [one.code for one in due], "files": [str(file) for file in files]}
    answer(as_json, told, say("supplier.files", count=len(due), folder=str(out)))
    return 0


def _write(at: Opened, out: Path, due: list[AskedRequest]) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    files = []
    by_supplier: dict[str, list[tuple[AskedRequest, tuple[RequestLine, ...]]]] = {}
    for asked in sorted(due, key=lambda one: one.id):
        content = at.database.read(lambda s, asked=asked: paper_content(s, asked, f"{asked.asked_at:%Y-%m-%d}"))  # type: ignore[misc]
        document = document_of_job(DocumentKind.SUPPLIER_REQUEST.value, content, sheet=True)
        file = out / f"{asked.supplier_code}-{asked.code}.pdf"
        file.write_bytes(render(document, PrintLanguage.PDF, DPI))
        files.append(file)
        lines = at.database.read(lambda s, asked=asked: request_lines(s, asked))  # type: ignore[misc]
        by_supplier.setdefault(asked.supplier_code, []).append((asked, lines))
    for code, requests in by_supplier.items():
        file = out / f"{code}.csv"
        file.write_text(as_csv(requests), encoding="utf-8", newline="")
        files.append(file)
    return files
