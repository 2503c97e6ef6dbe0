"""Labels that somebody must see to: refused, kept by their carrier, not answered about, or with paper to be found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

_AROUND = (
    "JOIN packages p ON p.id = l.package_id JOIN fulfillments f ON f.id = p.fulfillment_id "
    "JOIN orders o ON o.id = f.order_id "
)
_COLUMNS = "SELECT p.id AS package_id, p.number AS parcel, o.number, l.tracking_number AS tracking, l.reason, "
_FOUND = text(
    f"{_COLUMNS} 'to_collect' AS kind FROM labels l {_AROUND}"
    "WHERE l.spoiled_at IS NOT NULL AND l.collected_at IS NULL AND (:station = 0 OR p.station_id = :station) "
    f"UNION ALL {_COLUMNS} l.state FROM labels l {_AROUND}"
    "WHERE l.state IN ('voiding', 'void_refused') AND (:station = 0 OR p.station_id = :station) "
    f"UNION ALL {_COLUMNS} CASE WHEN l.state = 'refused' THEN 'refused' ELSE 'held' END "
    "FROM packages p JOIN labels l ON l.package_id = p.id AND l.id = "
    "(SELECT MAX(x.id) FROM labels x WHERE x.package_id = p.id) JOIN fulfillments f ON f.id = p.fulfillment_id "
    "JOIN orders o ON o.id = f.order_id WHERE p.sealed_at >= :since AND p.state = 'sealed' "
    "AND (l.state = 'refused' OR l.state = 'intended' AND l.reason <> '') "
    "AND (:station = 0 OR p.station_id = :station) LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class LabelTrouble:
    """One of them. `kind` is `to_collect`, `voiding`, `void_refused`, `refused`, or `held` for one that waits for its
    printer and is not bought yet.
    """

    kind: str
    package_id: int
    parcel: int
    order_number: str
    tracking_number: str
    reason: str


def label_troubles(session: Session, since: datetime, station_id: int = 0, most: int = 20) -> tuple[LabelTrouble, ...]:
    """Those of a station's parcels, or of all; refused and held ones of parcels that were sealed `since`."""
    values = {"station": station_id, "since": round(since.timestamp() * 1000), "most": most}
    rows = session.connection().execute(_FOUND, values)
    return tuple(
        LabelTrouble(row.kind, row.package_id, row.parcel, row.number, row.tracking, row.reason) for row in rows
    )
