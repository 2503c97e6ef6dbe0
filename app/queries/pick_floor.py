"""The plan of a warehouse's floor, as far as the coordinates of its locations tell it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.domain.states import LocationKind
from app.models.stock import Location


@dataclass(frozen=True, slots=True)
class PlanRack:
    """One side of an aisle, in millimetres: bins lie at `x_mm` from `low_mm` to `high_mm`, in so many bays."""

    zone: str
    aisle: str
    x_mm: int
    low_mm: int
    high_mm: int
    bays: int


@dataclass(frozen=True, slots=True)
class FloorPlan:
    """All racks that have coordinates, and the middle of the benches where walks begin and end, where known."""

    racks: tuple[PlanRack, ...]
    depot: tuple[int, int] | None = None


_RACKS = (
    select(
        Location.zone,
        Location.aisle,
        Location.x_mm,
        func.min(Location.y_mm),
        func.max(Location.y_mm),
        func.count(func.distinct(Location.y_mm)),
    )
    .where(
        Location.warehouse_id == bindparam("warehouse"),
        Location.kind.in_((LocationKind.SHELF, LocationKind.BULK)),
        Location.x_mm.is_not(None),
        Location.y_mm.is_not(None),
    )
    .group_by(Location.zone, Location.aisle, Location.x_mm)
    .order_by(Location.x_mm)
)
_DEPOT = select(func.avg(Location.x_mm), func.avg(Location.y_mm)).where(
    Location.warehouse_id == bindparam("warehouse"),
    Location.kind == LocationKind.BENCH,
    Location.x_mm.is_not(None),
    Location.y_mm.is_not(None),
)


def floor_plan(session: Session, warehouse_id: int) -> FloorPlan | None:
    """The plan of a warehouse; None where its places have no coordinates."""
    racks = tuple(PlanRack(*row) for row in session.execute(_RACKS, {"warehouse": warehouse_id}))
    if not racks:
        return None
    x, y = session.execute(_DEPOT, {"warehouse": warehouse_id}).one()
    return FloorPlan(racks, None if x is None or y is None else (round(x), round(y)))
