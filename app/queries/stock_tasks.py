"""What must be done with stock: places to count, and units of cancelled orders to put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.catalogue import Product
from app.models.demand import Order
from app.models.fulfillment import Fulfillment
from app.models.stock import CountTask, Location, PutBackTask

MOST = 500


@dataclass(frozen=True, slots=True)
class ToCount:
    """A place that somebody must count."""

    task_id: int
    location_id: int
    location: str
    product_id: int
    sku: str
    name: str
    reason: str
    ordered_at: datetime


@dataclass(frozen=True, slots=True)
class ToPutBack:
    """Units in a tote or parcel whose order is cancelled."""

    task_id: int
    location_id: int
    container: str
    product_id: int
    sku: str
    name: str
    left: int
    order: str
    created_at: datetime


def to_count(session: Session, warehouse_id: int) -> tuple[ToCount, ...]:
    """The open count tasks of a warehouse, the oldest first."""
    rows = session.execute(
        select(
            CountTask.id,
            Location.id,
            Location.code,
            Product.id,
            Product.sku,
            Product.name,
            CountTask.reason,
            CountTask.ordered_at,
        )
        .join(Location, Location.id == CountTask.location_id)
        .join(Product, Product.id == CountTask.product_id)
        .where(CountTask.done_at.is_(None), Location.warehouse_id == warehouse_id)
        .order_by(CountTask.id)
        .limit(MOST)
    )
    return tuple(ToCount(*row) for row in rows)


def to_put_back(session: Session, warehouse_id: int) -> tuple[ToPutBack, ...]:
    """The units of a warehouse that must go back to a shelf, by container."""
    rows = session.execute(
        select(
            PutBackTask.id,
            Location.id,
            Location.code,
            Product.id,
            Product.sku,
            Product.name,
            PutBackTask.quantity - PutBackTask.done,
            Order.number,
            PutBackTask.created_at,
        )
        .join(Location, Location.id == PutBackTask.location_id)
        .join(Product, Product.id == PutBackTask.product_id)
        .join(Fulfillment, Fulfillment.id == PutBackTask.fulfillment_id)
        .join(Order, Order.id == Fulfillment.order_id)
        .where(PutBackTask.quantity > PutBackTask.done, Location.warehouse_id == warehouse_id)
        .order_by(Location.code, PutBackTask.id)
        .limit(MOST)
    )
    return tuple(ToPutBack(*row) for row in rows)
