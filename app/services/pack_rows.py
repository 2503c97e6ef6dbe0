"""The statements of a pack scan, built once, and what they find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    bindparam,
    case,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from app.domain.states import AllocationState, FulfillmentState, HoldKind, LocationKind, PackageState
from app.domain.work import ItemRef
from app.models.catalogue import Lot, Product
from app.models.demand import Hold, Order
from app.models.fulfillment import Fulfillment
from app.models.people import Claim, StationSession
from app.models.prepared import Answer, Prepared
from app.models.shipping import Package
from app.models.stock import Allocation, Location, StockBalance
from app.services.actor import Actor
from app.services.desk import FULFILLMENT


def units_of(fulfillment: ColumnElement[int], place: ColumnElement[int]) -> Select[tuple[int, int, int]]:
    """Units required, units in parcels, and units in the parcel at a place."""
    return (
        select(
            func.coalesce(func.sum(Allocation.quantity), 0).label("required"),
            func.coalesce(
                func.sum(case((Location.kind == LocationKind.PACKAGE, Allocation.quantity), else_=0)), 0
            ).label("packed"),
            func.coalesce(func.sum(case((Location.id == place, Allocation.quantity), else_=0)), 0).label("inside"),
        )
        .join(StockBalance, StockBalance.id == Allocation.balance_id)
        .join(Location, Location.id == StockBalance.location_id)
        .where(Allocation.fulfillment_id == fulfillment, Allocation.state == AllocationState.OPEN)
    )


_TOTALS = Prepared(units_of(bindparam("fulfillment", type_=BigInteger), bindparam("place", type_=BigInteger)))
_ITEM = Prepared(
    select(
        Product.id,
        Product.sku,
        Product.name,
        Product.picture,
        Product.note,
        Product.weight_g,
    ).where(Product.id == bindparam("product"))
)
_FULFILLMENT = Prepared(
    select(
        Fulfillment.id,
        Fulfillment.order_id,
        Fulfillment.state,
        Fulfillment.state_before_exception,
        Fulfillment.exception_reason,
        Fulfillment.warehouse_id,
        Fulfillment.service,
        Order.number,
        Fulfillment.changed,
    )
    .join(Order, Order.id == Fulfillment.order_id)
    .where(Fulfillment.id == bindparam("fulfillment"))
)
_STANDING = select(
    Fulfillment.state,
    Fulfillment.order_id,
    Order.number,
    select(Hold.kind)
    .where(Hold.order_id == Fulfillment.order_id, Hold.released_at.is_(None), Hold.kind != HoldKind.STOCK)
    .order_by(Hold.id)
    .limit(1)
    .scalar_subquery()
    .label("hold"),
    Fulfillment.changed,
).join(Order, Order.id == Fulfillment.order_id)
_STANDING_ALONE = Prepared(
    _STANDING.where(Fulfillment.id == bindparam("fulfillment")).with_for_update(
        of=[Order.__table__, Fulfillment.__table__]
    )
)
_HELD = _STANDING.join(Claim, (Claim.kind == FULFILLMENT) & (Claim.ref_id == Fulfillment.id))
_STANDING_HELD = Prepared(
    _HELD.where(
        Fulfillment.id == bindparam("fulfillment"),
        Claim.station_id == bindparam("station"),
        Claim.operator_id == bindparam("operator"),
        Claim.expires_at >= bindparam("soon"),
    ).with_for_update(of=[Order.__table__, Fulfillment.__table__, Claim.__table__])
)
STANDING_HERE = Prepared(
    _HELD.add_columns(Claim.expires_at)
    .join(
        StationSession,
        (StationSession.work_kind == FULFILLMENT)
        & (StationSession.work_id == Fulfillment.id)
        & (StationSession.station_id == Claim.station_id)
        & (StationSession.operator_id == Claim.operator_id),
    )
    .where(StationSession.station_id == bindparam("station"), StationSession.block.is_(None))
    .with_for_update(of=[Order.__table__, Fulfillment.__table__, Claim.__table__])
)
"""The same of what a station has open and holds, with the end of its claim: the session's row says what that is."""
_PACKAGE = Prepared(
    select(
        Package.id,
        Package.fulfillment_id,
        Package.location_id,
        Package.number,
        Package.state,
        Package.weight_g,
        Package.carton_id,
    ).where(Package.id == bindparam("package"))
)
_CLOSING = Prepared(
    text(
        "SELECT COALESCE(SUM(b.allocated), 0), COALESCE(SUM(b.on_hand - b.allocated), 0) FROM packages p "
        "JOIN stock_balances b ON b.location_id = p.location_id WHERE p.id = :package"
    )
)
_OPEN_PACKAGE = Prepared(
    select(Package.id).where(Package.fulfillment_id == bindparam("fulfillment"), Package.state == PackageState.OPEN)
)
_SET_STATE = Prepared(
    update(Fulfillment)
    .where(Fulfillment.id == bindparam("fulfillment"))
    .values(
        state=bindparam("new_state"),
        state_before_exception=bindparam("new_before"),
        exception_reason=bindparam("new_reason"),
    )
)
_HOLDS = Prepared(text("SELECT 1 FROM allocations WHERE id = :allocation AND state = 'open' AND quantity >= :quantity"))
_LOT = Prepared(select(Lot.id).where(Lot.product_id == bindparam("product"), Lot.code == bindparam("code")))


def totals(session: Session, fulfillment_id: int, place_id: int | None) -> tuple[int, int, int]:
    """Units required, units in parcels, and units in the parcel at `place_id`."""
    row = _TOTALS.one(session, {"fulfillment": fulfillment_id, "place": place_id or 0})
    return int(row[0]), int(row[1]), int(row[2])


def ask_contents(session: Session, package_id: int) -> Answer:
    """Asks for units in a parcel that are promised, and those that nobody is promised any more: cancelled since they
    went in, they must be put back before it may be closed."""
    return _CLOSING.soon(session, {"package": package_id})


def item(session: Session, product_id: int) -> ItemRef:
    """A product as the screen shows it."""
    return ItemRef(*_ITEM.one(session, {"product": product_id}))


def lot_id(session: Session, product_id: int, code: str) -> int:
    """The lot of a product that was scanned; -1 for one that nobody knows."""
    found = _LOT.first(session, {"product": product_id, "code": code})
    return -1 if found is None else int(found[0])


def holds(session: Session, allocation_id: int, quantity: int) -> bool:
    """Whether a promise still holds so many units: part of its line may have been cancelled meanwhile."""
    return _HOLDS.first(session, {"allocation": allocation_id, "quantity": quantity}) is not None


@dataclass(frozen=True, slots=True)
class FulfillmentRow:
    """A fulfillment with its order's number, and what it was before an exception and why."""

    id: int
    order_id: int
    state: FulfillmentState
    before: str
    reason: str
    warehouse_id: int
    service: str
    number: str
    changed: bool


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A parcel and the place in which its goods lie; weight in grams."""

    id: int
    fulfillment_id: int
    location_id: int
    number: int
    state: PackageState
    weight_g: int | None
    carton_id: int | None


def fulfillment(session: Session, fulfillment_id: int) -> FulfillmentRow:
    """One fulfillment. Raises NoResultFound."""
    return FulfillmentRow(*_FULFILLMENT.one(session, {"fulfillment": fulfillment_id}))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a fulfillment stands now. `hold`: the kind of a hold that stands in the way. `changed`: the office changed
    something that no bench answered yet. `held`: this station and operator have it for half of a lease at least."""

    state: FulfillmentState
    order_id: int
    number: str
    hold: str
    changed: bool
    held: bool


def standing(session: Session, actor: Actor, fulfillment_id: int, minutes: int) -> Standing:
    """How a fulfillment stands, with its order, itself and our own claim locked; a claim needs no renewal yet where it
    is `held`: it lasts for `minutes` from its last one."""
    soon = actor.now + timedelta(minutes=minutes) / 2
    who = {"station": actor.station_id, "operator": actor.operator_id, "soon": soon}
    row = _STANDING_HELD.first(session, {"fulfillment": fulfillment_id, **who})
    held = row is not None
    if row is None:
        row = _STANDING_ALONE.one(session, {"fulfillment": fulfillment_id})
    return standing_of(row, held=held)


def standing_of(row: Sequence[Any], *, held: bool) -> Standing:
    """What the row of a fulfillment that stands locked says."""
    state, order_id, number, hold, changed = row
    return Standing(state, order_id, number, hold.value if hold is not None else "", bool(changed), held)


def package(session: Session, package_id: int) -> PackageRow:
    """One parcel. Raises NoResultFound."""
    return PackageRow(*_PACKAGE.one(session, {"package": package_id}))


def open_package_id(session: Session, fulfillment_id: int) -> int | None:
    """The parcel that is still open, if any."""
    found = _OPEN_PACKAGE.first(session, {"fulfillment": fulfillment_id})
    return None if found is None else int(found[0])


def set_state(
    session: Session, fulfillment_id: int, state: FulfillmentState, before: str = "", reason: str = ""
) -> None:
    """Stores a fulfillment's state, with what it was before an exception and why."""
    _SET_STATE.later(
        session,
        {"fulfillment": fulfillment_id, "new_state": state, "new_before": before, "new_reason": reason},
    )
