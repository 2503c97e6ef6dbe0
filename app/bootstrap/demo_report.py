"""What the demonstration leaves in its folder: labels in both languages, and the report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import text

from app.bootstrap.demo_station import DemoStation, Tally
from app.devices.journal import read_journal
from app.domain.document_samples import document_of_job
from app.domain.print_ports import PrintLanguage
from app.domain.words import say
from app.models.database import Database, Session
from app.printing.rendering import render
from app.services.check import violations

LABEL = "shipping-label"
_JOB = text(
    "SELECT j.content, l.tracking_number FROM print_jobs j JOIN labels l ON l.id = j.label_id WHERE j.id = :job"
)
_STATES = text("SELECT state, count(*) FROM orders GROUP BY state ORDER BY state")
_NUMBERS = {
    "returns": "SELECT count(*) FROM return_authorizations WHERE state = 'closed'",
    "refunds": "SELECT count(*) FROM refunds WHERE state = 'settled'",
    "refunded": "SELECT coalesce(sum(amount), 0) FROM refunds WHERE state = 'settled'",
    "parcels": "SELECT count(*) FROM packages WHERE state = 'handed_over'",
    "manifests": "SELECT count(*) FROM manifests",
    "short_picks": "SELECT count(*) FROM short_picks",
    "on_hold": "SELECT count(DISTINCT order_id) FROM holds WHERE released_at IS NULL",
    "put_back": "SELECT coalesce(sum(done), 0) FROM put_back_tasks",
    "gestures": "SELECT count(*) FROM gestures",
}


def write_labels(stations: Iterable[DemoStation], folder: Path) -> int:
    """Keeps each printed label as the printer got it, and as PDF; how many came out."""
    copies: Counter[str] = Counter()
    for station in stations:
        for payload in station.printer.printed:
            if not payload.title.startswith(LABEL):
                continue
            job = {"job": int(payload.job_id)}
            content, tracking = station.database.read(lambda session, job=job: _content(session, job))  # type: ignore[misc]
            copies[tracking] += 1
            name = tracking if copies[tracking] == 1 else f"{tracking}-{copies[tracking]}"
            (folder / f"{name}.zpl").write_bytes(payload.data)
            (folder / f"{name}.pdf").write_bytes(render(document_of_job(LABEL, content), PrintLanguage.PDF))
    return copies.total()


def _content(session: Session, job: dict[str, int]) -> tuple[dict[str, object], str]:
    content, tracking = session.execute(_JOB, job).one()
    return (json.loads(content) if isinstance(content, str) else dict(content)), str(tracking)


def figures(database: Database) -> dict[str, object]:
    """What stands in the database at the end of the day."""

    def look(session: Session) -> dict[str, object]:
        found: dict[str, object] = {"orders": {row[0]: row[1] for row in session.execute(_STATES)}}
        return found | {name: int(session.execute(text(sql)).scalar_one()) for name, sql in _NUMBERS.items()}

    return database.read(look)


def checked(database: Database, journals: Path) -> dict[str, object]:
    """All six invariants, with what the journals of the day hold as stored."""
    known = [ident for path in sorted(journals.rglob("*.journal")) for ident in read_journal(path).acknowledged]
    found = database.read(lambda session: violations(session, known))
    named = [
        {"code": one.code, "subject": one.subject_kind, "id": one.subject_id, "detail": dict(one.detail)}
        for one in found
    ]
    sentences = [say(one.code, subject_id=one.subject_id, **one.detail) for one in found]
    return {"violations": named, "sentences": sentences, "acknowledged_scans": len(known)}


def latencies(tally: Tally) -> dict[str, object]:
    """Milliseconds from the scan to its painted answer."""
    ordered = sorted(tally.latencies)
    return {
        "p50": _part(ordered, 0.5),
        "p95": _part(ordered, 0.95),
        "p99": _part(ordered, 0.99),
        "max": _part(ordered, 1.0),
        "count": len(ordered),
    }


def _part(ordered: Sequence[float], share: float) -> float:
    if not ordered:
        return 0.0
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2)
