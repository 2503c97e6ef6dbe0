"""The parcels that lie on a bench's hold shelf because their labels are not out yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from app.models.people import Station

SHELF = "hold_shelf"
"""The setting of a station: the ids of the parcels, in the order in which they were put there."""
_PARCELS = text(
    "SELECT p.id, p.number AS parcel, p.state, o.number, (SELECT l.state FROM labels l WHERE l.package_id = p.id "
    "AND l.state NOT IN ('refused', 'voided') ORDER BY l.id DESC LIMIT 1) AS label FROM packages p "
    "JOIN fulfillments f ON f.id = p.fulfillment_id JOIN orders o ON o.id = f.order_id WHERE p.id IN :ids"
).bindparams(bindparam("ids", expanding=True))
_OUT = frozenset({"printed", "applied", "handed_over"})


@dataclass(frozen=True, slots=True)
class OnShelf:
    """One of them; `out` says that its label came out of a printer meanwhile."""

    package_id: int
    number: str
    parcel: int
    out: bool


def on_shelf(session: Session, station_id: int) -> tuple[OnShelf, ...]:
    """Those of a station, the one that lies there longest first; voided parcels are gone."""
    settings = session.execute(select(Station.settings).where(Station.id == station_id)).scalar_one_or_none() or {}
    kept = settings.get(SHELF)
    ids = [one for one in kept if isinstance(one, int)] if isinstance(kept, list) else []
    if not ids:
        return ()
    found = {row.id: row for row in session.connection().execute(_PARCELS, {"ids": ids})}
    rows = [found[one] for one in ids if one in found and found[one].state != "void"]
    return tuple(OnShelf(row.id, row.number, row.parcel, row.label in _OUT) for row in rows)
