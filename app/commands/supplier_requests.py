"""`supplier-requests`: asks suppliers for what waits for them, and writes each a PDF and all of them a CSV file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.bootstrap.supplier_files import write_papers
from app.commands.opening import answer, opened
from app.domain.clock import utc_now
from app.domain.words import say
from app.queries.supplier_requests import supplier_requests
from app.services.drop_ship import ask_suppliers
from app.services.supplier_papers import AT_ONCE, Paper, mark_sent, paper_of, unsent_papers
from app.settings import Settings

WRITER = "supplier-requests"


def run(settings: Settings, out: Path, again: bool, as_json: bool) -> int:
    """Writes what was not sent yet into a folder, one CSV file a supplier; `again` what was sent too."""
    with opened(settings, must_be_there=True) as at:
        while at.database.write(lambda session: ask_suppliers(session, at.actor(WRITER, utc_now()))):
            pass
        papers = at.database.read(_all_open if again else lambda session: unsent_papers(session, _day))
        files = write_papers(out, papers)
        at.database.write(lambda session: mark_sent(session, at.actor(WRITER, utc_now()), papers))
    told = {"requests": [one.asked.code for one in papers], "files": [str(file) for file in files]}
    answer(as_json, told, say("supplier.files", count=len(papers), folder=str(out)))
    return 0


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _all_open(session: Session) -> tuple[Paper, ...]:
    found = sorted(supplier_requests(session, most=AT_ONCE), key=lambda one: one.id)
    return tuple(paper_of(session, one, _day(one.asked_at)) for one in found)
