"""What waits for a bench, and how its day stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from app.domain.states import AllocationState, FulfillmentState
from app.models.catalogue import Product
from app.models.demand import Address, Order
from app.models.fulfillment import Fulfillment, ToteUse
from app.models.shipping import Package
from app.models.stock import Allocation, Location, StockBalance


@dataclass(frozen=True, slots=True)
class ReadyTote:
    """A fulfillment that can be packed now, and the tote it lies in, if any."""

    fulfillment_id: int
    order_number: str
    tote: str
    recipient: str
    town: str
    service: str
    leaves_at: datetime
    lines: int
    units: int
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BenchDay:
    """Parcels that this station sealed since midnight of the warehouse."""

    parcels: int = 0


_TOTE = (
    select(func.min(Location.code))
    .join(ToteUse, ToteUse.tote_id == Location.id)
    .where(ToteUse.fulfillment_id == Fulfillment.id, ToteUse.closed_at.is_(None))
    .correlate(Fulfillment)
    .scalar_subquery()
)
_READY = (
    select(
        Fulfillment.id,
        Order.number,
        Address.name,
        Address.city,
        Fulfillment.service,
        Fulfillment.leaves_at,
        _TOTE.label("tote"),
    )
    .join(Order, Order.id == Fulfillment.order_id)
    .join(Address, Address.id == Order.ship_to_id)
    .where(
        Fulfillment.warehouse_id == bindparam("warehouse"),
        Fulfillment.state == FulfillmentState.PICKED,
        text("fulfillments.state NOT IN ('shipped', 'cancelled')"),  # else SQLite reads all there ever were
        select(ToteUse.id).where(ToteUse.fulfillment_id == Fulfillment.id, ToteUse.closed_at.is_(None)).exists(),
    )
    .order_by(Fulfillment.priority, Fulfillment.leaves_at, Fulfillment.id)
    .limit(bindparam("most"))
)
_CONTENTS = (
    select(
        Allocation.fulfillment_id,
        Product.picture,
        func.count(func.distinct(Allocation.order_line_id)),
        func.sum(Allocation.quantity),
    )
    .join(StockBalance, StockBalance.id == Allocation.balance_id)
    .join(Product, Product.id == StockBalance.product_id)
    .where(
        Allocation.fulfillment_id.in_(bindparam("ids", expanding=True)),
        Allocation.state == AllocationState.OPEN,
        Allocation.quantity > 0,
    )
    .group_by(Allocation.fulfillment_id, Product.id, Product.picture)
)
_TODAY = (
    select(func.count())
    .select_from(Package)
    .where(Package.sealed_at >= bindparam("since"), Package.station_id == bindparam("station"))
)


_REST = (
    select(Fulfillment.id)
    .where(
        Fulfillment.order_id == bindparam("order"),
        Fulfillment.id != bindparam("fulfillment"),
        Fulfillment.state.in_((FulfillmentState.ALLOCATED, FulfillmentState.PICKED, FulfillmentState.PACKING)),
    )
    .limit(1)
)


def more_to_ship(session: Session, order_id: int, fulfillment_id: int) -> bool:
    """Whether an order has another part that could be packed now."""
    return session.execute(_REST, {"order": order_id, "fulfillment": fulfillment_id}).first() is not None


def ready_totes(session: Session, warehouse_id: int, most: int = 12) -> tuple[ReadyTote, ...]:
    """What can be packed next in this warehouse, most urgent first."""
    rows = session.execute(_READY, {"warehouse": warehouse_id, "most": most}).all()
    inside: dict[int, tuple[int, int, list[str]]] = {}
    if rows:
        for fulfillment_id, picture, lines, units in session.execute(_CONTENTS, {"ids": [row.id for row in rows]}):
            known = inside.get(fulfillment_id, (0, 0, []))
            inside[fulfillment_id] = (known[0] + lines, known[1] + int(units), [*known[2], picture])
    found = []
    for row in rows:
        lines, units, pictures = inside.get(row.id, (0, 0, []))
        found.append(
            ReadyTote(
                row.id,
                row.number,
                row.tote,
                row.name,
                row.city,
                row.service,
                row.leaves_at,
                lines,
                units,
                tuple(picture for picture in pictures if picture)[:3],
            )
        )
    return tuple(found)


def bench_day(session: Session, station_id: int, since: datetime) -> BenchDay:
    """How the day stands at a bench."""
    return BenchDay(session.execute(_TODAY, {"since": since, "station": station_id}).scalar_one())
