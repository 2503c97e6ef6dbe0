"""Which printer a document goes to: that of its kind at its station, or a neighbour's when that one can't print."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.print_routes import may_stand_in, printer_of
from app.models.people import Station

INSTEAD = "print_instead_at"
"""The setting of a station that names the neighbour whose printers stand in for its own; without it none does."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """A neighbour's printer."""

    station: str
    printer: str


def stand_in(session: Session, station_id: int, document: str) -> StandIn | None:
    """The neighbour's printer for such documents, where this station has that rule and the neighbour such a printer."""
    here = session.execute(select(Station.settings, Station.warehouse_id).where(Station.id == station_id)).one()
    name = here.settings.get(INSTEAD)
    if not name:
        return None
    there = session.execute(
        select(Station.name, Station.settings).where(
            Station.name == str(name), Station.warehouse_id == here.warehouse_id, Station.id != station_id
        )
    ).first()
    if there is None:
        return None
    printer = printer_of(there.settings, document)
    return StandIn(there.name, printer) if may_stand_in(printer) else None


def neighbours(session: Session, station_id: int) -> tuple[str, ...]:
    """The other stations of the warehouse that have a label printer which can be reached from here, by name."""
    warehouse = select(Station.warehouse_id).where(Station.id == station_id).scalar_subquery()
    rows = session.execute(
        select(Station.name, Station.settings)
        .where(Station.warehouse_id == warehouse, Station.id != station_id)
        .order_by(Station.name)
    ).all()
    return tuple(row.name for row in rows if may_stand_in(printer_of(row.settings, "shipping-label")))
