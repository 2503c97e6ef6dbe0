"""The places that are no shelf: a warehouse's counterparties, and the parcels' own locations."""

from __future__ import annotations

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from app.domain.states import LocationKind
from app.models.stock import Location

_FIND = (
    select(Location.id)
    .where(Location.warehouse_id == bindparam("warehouse"), Location.kind == bindparam("kind"))
    .order_by(Location.id)
    .limit(1)
)
_MAKE = text(
    "INSERT INTO locations (warehouse_id, code, kind) VALUES (:warehouse, :code, :kind) "
    "ON CONFLICT (warehouse_id, code) DO NOTHING"
)


def counterparty(session: Session, warehouse_id: int, kind: LocationKind) -> int:
    """The id of the warehouse's supplier, customer, adjustment or scrap; made when the warehouse has none yet."""
    connection = session.connection()
    wanted = {"warehouse": warehouse_id, "kind": kind}
    found = connection.execute(_FIND, wanted).scalar()
    if found is None:
        code = kind.value.upper()
        connection.execute(_MAKE, {"warehouse": warehouse_id, "code": code, "kind": kind.value})
        found = connection.execute(_FIND, wanted).scalar_one()
    return int(found)
