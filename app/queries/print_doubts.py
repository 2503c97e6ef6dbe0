"""Documents of which nobody knows whether they came out of the printer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.queries.queue_rows import moment

# The first condition is that of the index of open jobs. In the order in which the doubts came up, so that what is
# asked about does not change while somebody answers.
_DOUBTS = text(
    "SELECT j.id, j.document, j.reason, j.sent_to, j.done_at, j.package_id, j.label_id, k.number AS parcel, o.number "
    "FROM print_jobs j LEFT JOIN packages k ON k.id = j.package_id LEFT JOIN fulfillments f ON f.id = k.fulfillment_id "
    "LEFT JOIN orders o ON o.id = f.order_id WHERE j.state IN ('queued', 'sending', 'failed') AND j.state = 'failed' "
    "AND j.doubtful AND j.station_id = :station ORDER BY j.done_at, j.id LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class PrintDoubt:
    """One of them. Parcel and order are 0 and empty for a document that belongs to none."""

    job_id: int
    document: str
    reason: str
    printer: str
    since: datetime
    package_id: int | None
    label_id: int | None
    parcel: int
    order_number: str


def print_doubts(session: Session, station_id: int, most: int = 20) -> tuple[PrintDoubt, ...]:
    """Those of a station, the oldest first."""
    rows = session.connection().execute(_DOUBTS, {"station": station_id, "most": most})
    return tuple(
        PrintDoubt(
            row.id, row.document, row.reason, row.sent_to, moment(row.done_at), row.package_id, row.label_id,
            row.parcel or 0, row.number or "",
        )
        for row in rows
    )  # fmt: skip
