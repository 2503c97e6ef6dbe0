"""Documents of which nobody knows whether they came out of the printer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models.people import StationSession
from app.queries.queue_rows import moment

# The first condition is that of the index of open jobs. First what belongs to the order in hand, then labels, without
# which no parcel leaves, then in the order in which the doubts came up.
_DOUBTS = text(
    "SELECT j.id, j.document, j.reason, j.sent_to, j.done_at, j.package_id, j.label_id, k.number AS parcel, o.number, "
    "k.fulfillment_id "
    "FROM print_jobs j LEFT JOIN packages k ON k.id = j.package_id LEFT JOIN fulfillments f ON f.id = k.fulfillment_id "
    "LEFT JOIN orders o ON o.id = f.order_id WHERE j.state IN ('queued', 'sending', 'failed') AND j.state = 'failed' "
    "AND j.doubtful AND j.station_id = :station ORDER BY CASE WHEN k.fulfillment_id = :in_hand THEN 0 ELSE 1 END, "
    "CASE WHEN j.document = 'shipping-label' THEN 0 ELSE 1 END, j.done_at, j.id LIMIT :most"
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
    fulfillment_id: int | None = None


def print_doubts(session: Session, station_id: int, most: int = 20) -> tuple[PrintDoubt, ...]:
    """Those of a station, what is asked about first: of the order in hand, then labels, then the oldest."""
    in_hand = order_in_hand(session, station_id) or 0
    rows = session.connection().execute(_DOUBTS, {"station": station_id, "in_hand": in_hand, "most": most})
    return tuple(
        PrintDoubt(
            row.id, row.document, row.reason, row.sent_to, moment(row.done_at), row.package_id, row.label_id,
            row.parcel or 0, row.number or "", row.fulfillment_id,
        )
        for row in rows
    )  # fmt: skip


def order_in_hand(session: Session, station_id: int) -> int | None:
    """The fulfillment that is open at a station, or was packed there last since; None where there is none."""
    row = session.execute(
        select(StationSession.work_kind, StationSession.work_id, StationSession.memory).where(
            StationSession.station_id == station_id
        )
    ).first()
    if row is None:
        return None
    last = row.memory.get("last_fulfillment")
    found = row.work_id if row.work_kind == "fulfillment" else last
    return found if isinstance(found, int) else None
