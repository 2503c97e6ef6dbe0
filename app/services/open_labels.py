"""Labels whose purchase is not settled, looked for among the work that is open: most labels have left long ago."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

# A parcel with such a label keeps its fulfillment open: neither a cancellation nor a truck passes it by. Before it was
# opened at a bench a fulfillment has no parcel; that leaves out nearly all of the open ones.
_OPEN = (
    "SELECT l.id FROM fulfillments f CROSS JOIN packages p CROSS JOIN labels l "
    "WHERE f.state NOT IN ('shipped', 'cancelled') "
    "AND f.state IN ('picking', 'picked', 'packing', 'packed', 'exception') "
    "AND p.fulfillment_id = f.id AND l.package_id = p.id "
    "AND {} ORDER BY l.id"
)
_ANY = text(_OPEN.format("l.state IN ('intended', 'unknown')"))
_OF_STATION = text(_OPEN.format("l.state IN ('intended', 'unknown') AND p.station_id = :station"))
_HELD = text(_OPEN.format("l.state = 'intended' AND l.reason <> '' AND p.station_id = :station"))


def waiting(session: Session, station_id: int | None) -> list[int]:
    """Labels of this station's parcels that were meant to be bought and never settled, oldest first; None: of all."""
    session.flush()
    if station_id is None:
        return list(session.execute(_ANY).scalars())
    return list(session.execute(_OF_STATION, {"station": station_id}).scalars())


def held_up(session: Session, station_id: int) -> list[int]:
    """Labels of this station's parcels that are not bought because their printer can't print, oldest first."""
    session.flush()
    return list(session.execute(_HELD, {"station": station_id}).scalars())
