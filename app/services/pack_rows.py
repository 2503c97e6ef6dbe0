"""The statements of a pack scan, built once, and what they find."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, case, func, insert, select, text, update
from sqlalchemy.orm import Session

from app.domain.states import AllocationState, FulfillmentState, HoldKind, LocationKind, PackageState
from app.domain.work import ItemRef
from app.models.catalogue import Lot, Product
from app.models.demand import Hold, Order, OrderLine
from app.models.fulfillment import Fulfillment
from app.models.prepared import Prepared
from app.models.shipping import Package
from app.models.stock import Allocation, Location, StockBalance
from app.services.actor import Actor

_SOURCES = Prepared(
    select(
        Allocation.id,
        Allocation.order_line_id,
        Allocation.quantity,
        StockBalance.location_id,
        Location.kind,
        StockBalance.lot_id,
    )
    .join(StockBalance, StockBalance.id == Allocation.balance_id)
    .join(Location, Location.id == StockBalance.location_id)
    .join(OrderLine, OrderLine.id == Allocation.order_line_id)
    .where(
        Allocation.fulfillment_id == bindparam("fulfillment"),
        Allocation.state == AllocationState.OPEN,
        Allocation.quantity > 0,
        StockBalance.product_id == bindparam("product"),
    )
    .order_by(OrderLine.line_no, case((Location.kind == LocationKind.TOTE, 0), else_=1), Allocation.id)
)
_TOTALS = Prepared(
    select(
        func.coalesce(func.sum(Allocation.quantity), 0),
        func.coalesce(func.sum(case((Location.kind == LocationKind.PACKAGE, Allocation.quantity), else_=0)), 0),
        func.coalesce(func.sum(case((Location.id == bindparam("place"), Allocation.quantity), else_=0)), 0),
    )
    .join(StockBalance, StockBalance.id == Allocation.balance_id)
    .join(Location, Location.id == StockBalance.location_id)
    .where(Allocation.fulfillment_id == bindparam("fulfillment"), Allocation.state == AllocationState.OPEN)
)
_ITEM = Prepared(
    select(
        Product.id,
        Product.sku,
        Product.name,
        Product.picture,
        Product.note,
        Product.weight_g,
        Product.note_must_be_confirmed,
        Product.counted_by_unit,
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
    )
    .join(Order, Order.id == Fulfillment.order_id)
    .where(Fulfillment.id == bindparam("fulfillment"))
)
_STANDING = Prepared(
    select(
        Fulfillment.state,
        Order.number,
        select(Hold.kind)
        .where(Hold.order_id == Fulfillment.order_id, Hold.released_at.is_(None), Hold.kind != HoldKind.STOCK)
        .order_by(Hold.id)
        .limit(1)
        .scalar_subquery()
        .label("hold"),
    )
    .join(Order, Order.id == Fulfillment.order_id)
    .where(Fulfillment.id == bindparam("fulfillment"))
    .with_for_update(of=[Order.__table__, Fulfillment.__table__])
)
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
_LAST_NUMBER = Prepared(
    select(func.coalesce(func.max(Package.number), 0)).where(Package.fulfillment_id == bindparam("fulfillment"))
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
_CANCELLED_INSIDE = Prepared(
    text("SELECT COALESCE(SUM(on_hand - allocated), 0) FROM stock_balances WHERE location_id = :place")
)
_LOT = Prepared(select(Lot.id).where(Lot.product_id == bindparam("product"), Lot.code == bindparam("code")))
_DROP_TASKS = Prepared(
    text("UPDATE pick_tasks SET state = 'dropped' WHERE fulfillment_id = :fulfillment AND state = 'open'")
)
_END_LISTS = Prepared(
    text(
        "UPDATE pick_lists SET state = 'done', done_at = :now WHERE state = 'open' AND id IN "
        "(SELECT pick_list_id FROM pick_list_slots WHERE fulfillment_id = :fulfillment) AND NOT EXISTS "
        "(SELECT 1 FROM pick_tasks t WHERE t.pick_list_id = pick_lists.id AND t.state = 'open')"
    )
)
_NEW_PLACE = Prepared(insert(Location).returning(Location.id))
_NEW_PACKAGE = Prepared(insert(Package).returning(Package.id))


@dataclass(frozen=True, slots=True)
class Source:
    """Promised units of one product at one place: on a shelf, in a tote, or already in a parcel."""

    allocation_id: int
    line_id: int
    quantity: int
    location_id: int
    in_package: bool
    lot_id: int


def sources(session: Session, fulfillment_id: int, product_id: int) -> tuple[Source, ...]:
    """Where the units of a product lie that this fulfillment is promised, in line order, totes before shelves."""
    rows = _SOURCES.rows(session, {"fulfillment": fulfillment_id, "product": product_id})
    return tuple(Source(row[0], row[1], row[2], row[3], row[4] is LocationKind.PACKAGE, row[5]) for row in rows)


def totals(session: Session, fulfillment_id: int, place_id: int | None) -> tuple[int, int, int]:
    """Units required, units in parcels, and units in the parcel at `place_id`."""
    row = _TOTALS.one(session, {"fulfillment": fulfillment_id, "place": place_id or 0})
    return int(row[0]), int(row[1]), int(row[2])


def cancelled_inside(session: Session, place_id: int) -> int:
    """Units in a parcel that nobody is promised any more: they must be put back before it may be closed."""
    return int(_CANCELLED_INSIDE.one(session, {"place": place_id})[0])


def item(session: Session, product_id: int) -> ItemRef:
    """A product as the screen shows it."""
    return item_with_rules(session, product_id)[0]


def item_with_rules(session: Session, product_id: int) -> tuple[ItemRef, bool, bool]:
    """The same, with whether its note must be confirmed, and whether it is counted unit by unit."""
    row = _ITEM.one(session, {"product": product_id})
    return ItemRef(*row[:6]), bool(row[6]), bool(row[7])


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


def standing(session: Session, fulfillment_id: int) -> tuple[FulfillmentState, str, str]:
    """State, order number and the kind of a hold that stands in the way now; locks the order and its fulfillment."""
    state, number, hold = _STANDING.one(session, {"fulfillment": fulfillment_id})
    return state, number, hold.value if hold is not None else ""


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
    _SET_STATE.run(
        session,
        {"fulfillment": fulfillment_id, "new_state": state, "new_before": before, "new_reason": reason},
    )


def drop_open_tasks(session: Session, actor: Actor, fulfillment_id: int) -> None:
    """What the bench takes from the shelf itself, nobody need walk for."""
    if _DROP_TASKS.run(session, {"fulfillment": fulfillment_id}):
        stamp = round(actor.now.timestamp() * 1000)
        _END_LISTS.run(session, {"fulfillment": fulfillment_id, "now": stamp})


def new_package(session: Session, actor: Actor, fulfillment_id: int) -> tuple[int, int]:
    """Begins the next parcel of a fulfillment: its id and the place in which its goods lie."""
    number = int(_LAST_NUMBER.one(session, {"fulfillment": fulfillment_id})[0]) + 1
    place = _NEW_PLACE.one(
        session,
        {
            "warehouse_id": actor.warehouse_id,
            "code": f"PARCEL-{fulfillment_id}-{number}",
            "kind": LocationKind.PACKAGE,
        },
    )[0]
    created = _NEW_PACKAGE.one(
        session,
        {
            "fulfillment_id": fulfillment_id,
            "location_id": place,
            "number": number,
            "state": PackageState.OPEN,
            "station_id": actor.station_id,
            "operator_id": actor.operator_id,
            "opened_at": actor.now,
        },
    )[0]
    return int(created), int(place)
