"""The print jobs of one station, newest first: what its printers did last, also before somebody looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.states import PrintJobState
from app.models.shipping import PrintJob

FAR_BACK = 20_000
"""Jobs of all stations that are looked through: a station that printed nothing for so long has no news."""


@dataclass(frozen=True, slots=True)
class StationJob:
    """A job, with the order that its document is about (empty for none) and where it was sent, or is meant to go."""

    job_id: int
    document: str
    order: str
    parcel: int
    state: PrintJobState
    reason: str
    printer: str
    again: bool
    doubtful: bool
    at: datetime


def newest_jobs(session: Session, station_id: int, most: int) -> tuple[StationJob, ...]:
    """The newest jobs of a station."""
    last = session.execute(select(func.max(PrintJob.id))).scalar_one_or_none() or 0
    rows = session.execute(
        select(
            PrintJob.id,
            PrintJob.document,
            PrintJob.content,
            PrintJob.state,
            PrintJob.reason,
            PrintJob.printer,
            PrintJob.sent_to,
            PrintJob.reprint_of_id,
            PrintJob.doubtful,
            PrintJob.created_at,
            PrintJob.done_at,
        )
        .where(PrintJob.station_id == station_id, PrintJob.id > last - FAR_BACK)
        .order_by(PrintJob.id.desc())
        .limit(most)
    )
    return tuple(
        StationJob(
            row.id,
            row.document,
            str(row.content.get("order") or ""),
            _number(row.content.get("parcel")),
            row.state,
            row.reason,
            row.sent_to or row.printer,
            row.reprint_of_id is not None,
            row.state is PrintJobState.FAILED and row.doubtful,
            row.done_at or row.created_at,
        )
        for row in rows
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
