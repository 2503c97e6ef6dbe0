"""What stock-keeping asks the database: products, places, and what lies there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Outcome, Value, refused
from app.domain.states import Condition, LocationKind
from app.models.catalogue import Lot, Product
from app.models.locks import lock_balances
from app.models.stock import Location, StockBalance

STORAGE_KINDS = frozenset(
    {
        LocationKind.SHELF,
        LocationKind.BULK,
        LocationKind.RECEIVING,
        LocationKind.RETURNS,
        LocationKind.QUARANTINE,
        LocationKind.REFURBISH,
        LocationKind.BENCH,
    }
)


@dataclass(frozen=True, slots=True)
class Item:
    """A product as stock-keeping knows it."""

    id: int
    sku: str
    name: str
    lot_tracked: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the actor's warehouse."""

    id: int
    code: str
    kind: LocationKind


@dataclass(frozen=True, slots=True)
class Holding:
    """What lies of a product at a place: one lot in one condition."""

    balance_id: int
    lot_id: int
    lot: str
    on_hand: int
    allocated: int

    @property
    def free(self) -> int:
        """Units that are promised to nobody."""
        return self.on_hand - self.allocated


def item(session: Session, product_id: int) -> Item | None:
    """A product; None when there is none."""
    row = session.execute(
        select(Product.id, Product.sku, Product.name, Product.lot_tracked).where(Product.id == product_id)
    ).first()
    return None if row is None else Item(*row)


def spot(session: Session, warehouse_id: int, location_id: int) -> Spot | Outcome:
    """A place of this warehouse in which stock is kept, or the refusal that says why it is none."""
    row = session.execute(
        select(Location.code, Location.kind, Location.warehouse_id, Location.active).where(Location.id == location_id)
    ).first()
    if row is None:
        return refused("stock.no_place")
    if row.warehouse_id != warehouse_id:
        return refused("stock.other_warehouse", location=row.code)
    if row.kind not in STORAGE_KINDS or not row.active:
        return refused("stock.not_a_shelf", location=row.code)
    return Spot(location_id, row.code, row.kind)


def holdings(
    session: Session, product_id: int, location_id: int, condition: Condition = Condition.NEW
) -> tuple[Holding, ...]:
    """What lies of a product at a place, locked for this transaction, in the order of its lots."""
    where = (
        StockBalance.product_id == product_id,
        StockBalance.location_id == location_id,
        StockBalance.condition == condition,
    )
    lock_balances(session, session.scalars(select(StockBalance.id).where(*where)))
    rows = session.execute(
        select(StockBalance.id, StockBalance.lot_id, Lot.code, StockBalance.on_hand, StockBalance.allocated)
        .outerjoin(Lot, Lot.id == StockBalance.lot_id)
        .where(*where)
        .order_by(StockBalance.lot_id)
    )
    return tuple(Holding(row[0], row[1], row[2] or "", row[3], row[4]) for row in rows)


def which(found: tuple[Holding, ...], lot_id: int | None, sku: str) -> Holding | Outcome | None:
    """The one lot that is meant: the named one, or the only one; None where nothing lies."""
    if lot_id is not None:
        return next((holding for holding in found if holding.lot_id == lot_id), None)
    here = [holding for holding in found if holding.on_hand > 0]
    if len(here) > 1:
        return refused("stock.which_lot", sku=sku, lots=", ".join(holding.lot or "-" for holding in here))
    return here[0] if here else (found[0] if found else None)


def too_few(product: Item, place: Spot, holding: Holding | None, wanted: int) -> Outcome:
    """The refusal to take more than is free: not that many lie there, or they do but are promised."""
    values: dict[str, Value] = {"sku": product.sku, "location": place.code, "free": holding.free if holding else 0}
    if holding is None or wanted > holding.on_hand:
        return refused("stock.not_that_many", **values, on_hand=holding.on_hand if holding else 0)
    return refused("stock.promised", **values, promised=holding.allocated, on_hand=holding.on_hand)
