"""Lists of the office, by pages: open holds, deliveries, parcels, print jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.domain.states import HoldKind, PackageState, PrintJobState
from app.queries.queue_rows import moment

PAGE = 60

_HOLDS = text(
    "SELECT h.order_id, o.number, a.name, h.kind, h.detail, h.opened_at, coalesce(p.name, '') AS opener, o.leaves_at "
    "FROM holds h JOIN orders o ON o.id = h.order_id JOIN addresses a ON a.id = o.ship_to_id "
    "LEFT JOIN operators p ON p.id = h.opened_by_id WHERE h.released_at IS NULL "
    "AND (h.order_id, h.kind) > (:after, :kind) ORDER BY h.order_id, h.kind LIMIT :most"
)
_RECEIPTS = text(
    "SELECT r.id, r.reference, r.supplier, r.at FROM receipts r WHERE r.warehouse_id = :warehouse AND r.id < :below "
    "ORDER BY r.id DESC LIMIT :most"
)
_PARCELS = text(
    "SELECT k.id, k.number, k.state, k.sealed_at, o.id AS order_id, o.number AS order_number, a.name, "
    "coalesce(l.tracking_number, '') AS tracking, coalesce(l.service, '') AS service, coalesce(s.name, '') AS station, "
    "coalesce(p.name, '') AS operator, CASE WHEN k.state = 'sealed' THEN coalesce((SELECT x.state FROM labels x "
    "WHERE x.id = (SELECT MAX(y.id) FROM labels y WHERE y.package_id = k.id) AND x.state = 'refused'), '') ELSE '' END "
    "AS trouble FROM packages k JOIN fulfillments f ON f.id = k.fulfillment_id "
    "JOIN orders o ON o.id = f.order_id JOIN addresses a ON a.id = o.ship_to_id "
    "LEFT JOIN labels l ON l.package_id = k.id AND l.state NOT IN ('refused', 'voided') "
    "LEFT JOIN stations s ON s.id = k.station_id LEFT JOIN operators p ON p.id = k.operator_id "
    "WHERE k.sealed_at <= :until AND (k.sealed_at < :until OR k.id < :below) "
    "ORDER BY k.sealed_at DESC, k.id DESC LIMIT :most"
)
_TROUBLE = text(
    "SELECT k.id, k.number, k.state, k.sealed_at, o.id AS order_id, o.number AS order_number, a.name, "
    "l.tracking_number AS tracking, l.service, coalesce(s.name, '') AS station, coalesce(p.name, '') AS operator, "
    "CASE WHEN l.spoiled_at IS NOT NULL AND l.collected_at IS NULL THEN 'to_collect' ELSE l.state END AS trouble "
    "FROM labels l JOIN packages k ON k.id = l.package_id JOIN fulfillments f ON f.id = k.fulfillment_id "
    "JOIN orders o ON o.id = f.order_id JOIN addresses a ON a.id = o.ship_to_id "
    "LEFT JOIN stations s ON s.id = k.station_id LEFT JOIN operators p ON p.id = k.operator_id "
    "WHERE l.id IN (SELECT id FROM labels WHERE state IN ('voiding', 'void_refused') UNION "
    "SELECT id FROM labels WHERE spoiled_at IS NOT NULL AND collected_at IS NULL) ORDER BY l.id LIMIT :most"
)
_JOBS = text(
    "SELECT j.id, j.document, j.state, j.reason, coalesce(nullif(j.sent_to, ''), j.printer) AS printer, "
    "j.created_at, j.attempts, coalesce(s.name, '') AS station, j.doubtful, j.label_id "
    "FROM print_jobs j LEFT JOIN stations s ON s.id = j.station_id "
    "WHERE j.state IN ('queued', 'sending', 'failed') ORDER BY j.station_id, j.id LIMIT :most"
)
_LAST_JOBS = text(
    "SELECT j.id, j.document, j.state, j.reason, coalesce(nullif(j.sent_to, ''), j.printer) AS printer, "
    "j.created_at, j.attempts, coalesce(s.name, '') AS station, j.doubtful, j.label_id "
    "FROM print_jobs j LEFT JOIN stations s ON s.id = j.station_id ORDER BY j.id DESC LIMIT :most"
)
NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """One hold that stands."""

    order_id: int
    number: str
    recipient: str
    kind: HoldKind
    detail: str
    since: datetime
    by: str
    leaves_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery that came in."""

    receipt_id: int
    reference: str
    supplier: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SealedParcel:
    """One parcel that was sealed; `trouble` is what somebody must see to about its label."""

    package_id: int
    number: int
    state: PackageState
    sealed_at: datetime
    order_id: int
    order: str
    recipient: str
    tracking_number: str
    service: str
    station: str
    operator: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """One document on its way out of a printer. `doubtful` while nobody knows whether it came out."""

    job_id: int
    document: str
    state: PrintJobState
    reason: str
    printer: str
    created_at: datetime
    attempts: int
    station: str
    doubtful: bool = False
    label_id: int | None = None


def open_holds(session: Session, after: tuple[int, str] = (0, ""), most: int = PAGE) -> tuple[HeldOrder, ...]:
    """Holds that stand, the oldest orders first, from `after` (order, kind) on."""
    given = {"after": after[0], "kind": after[1], "most": most}
    return tuple(
        HeldOrder(row[0], row[1], row[2], HoldKind(row[3]), row[4], moment(row[5]), row[6], moment(row[7]))
        for row in session.connection().execute(_HOLDS, given)
    )


def deliveries(session: Session, warehouse_id: int, below: int = NEWEST, most: int = PAGE) -> tuple[Delivery, ...]:
    """What came in, the newest first."""
    given = {"warehouse": warehouse_id, "below": below, "most": most}
    rows = session.connection().execute(_RECEIPTS, given)
    return tuple(Delivery(row[0], row[1], row[2], moment(row[3])) for row in rows)


def sealed_parcels(
    session: Session, until: int = NEWEST, below: int = NEWEST, most: int = PAGE
) -> tuple[SealedParcel, ...]:
    """Parcels by when they were sealed, the newest first; `until` milliseconds and `below` an id go on after a page."""
    given = {"until": until, "below": below, "most": most}
    return tuple(_parcel(row) for row in session.connection().execute(_PARCELS, given))


def troubled_parcels(session: Session, most: int = PAGE) -> tuple[SealedParcel, ...]:
    """Parcels with a label that its carrier keeps or did not answer about, or whose paper must be found."""
    return tuple(_parcel(row) for row in session.connection().execute(_TROUBLE, {"most": most}))


def _parcel(row: Row[tuple[Any, ...]]) -> SealedParcel:
    return SealedParcel(
        row.id, row.number, PackageState(row.state), moment(row.sealed_at), row.order_id, row.order_number,
        row.name, row.tracking, row.service, row.station, row.operator, row.trouble,
    )  # fmt: skip


def print_queue(session: Session, most: int = PAGE) -> tuple[QueuedJob, ...]:
    """What waits or failed at any station; when nothing does, what was printed last."""
    connection = session.connection()
    rows = connection.execute(_JOBS, {"most": most}).all() or connection.execute(_LAST_JOBS, {"most": most}).all()
    return tuple(
        QueuedJob(
            row.id, row.document, PrintJobState(row.state), row.reason, row.printer, moment(row.created_at),
            row.attempts, row.station, row.state == "failed" and bool(row.doubtful), row.label_id,
        )
        for row in rows
    )  # fmt: skip
