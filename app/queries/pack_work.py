"""What a bench needs to draw a fulfillment that is open there: read when it opens, never while it is packed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from app.domain.cartons import CartonFit, CartonType, PackUnits, choose_carton
from app.domain.states import AllocationState, LocationKind, PackageState
from app.domain.weights import ExpectedWeight, expected_weight
from app.domain.work import ItemRef, OrderHead, PackLine, PackWork, Parcel
from app.models.catalogue import Carton, Product
from app.models.demand import Address, Order, OrderLine
from app.models.fulfillment import Fulfillment, ToteUse
from app.models.shipping import Label, Package
from app.models.stock import Allocation, Location, StockBalance
from app.models.stock import StockMovement as Movement

_IN_PACKAGE = case((Location.kind == LocationKind.PACKAGE, Allocation.quantity), else_=0)
_LINES = (
    select(
        OrderLine.id,
        Product.id.label("product_id"),
        Product.sku,
        Product.name,
        Product.picture,
        Product.note,
        Product.weight_g,
        Product.length_mm,
        Product.width_mm,
        Product.height_mm,
        func.sum(Allocation.quantity).label("required"),
        func.sum(_IN_PACKAGE).label("packed"),
    )
    .join(Allocation, Allocation.order_line_id == OrderLine.id)
    .join(StockBalance, StockBalance.id == Allocation.balance_id)
    .join(Location, Location.id == StockBalance.location_id)
    .join(Product, Product.id == StockBalance.product_id)
    .where(
        Allocation.fulfillment_id == bindparam("fulfillment"),
        Allocation.state.in_((AllocationState.OPEN, AllocationState.CONSUMED)),
        Allocation.quantity > 0,
    )
    .group_by(OrderLine.id, OrderLine.line_no, Product.id)
    .order_by(OrderLine.line_no, Product.id)
)
_HEAD = (
    select(Order, Address, Fulfillment.service, Fulfillment.leaves_at)
    .join(Fulfillment, Fulfillment.order_id == Order.id)
    .join(Address, Address.id == Order.ship_to_id)
    .where(Fulfillment.id == bindparam("fulfillment"))
)
_TOTES = (
    select(Location.code)
    .join(ToteUse, ToteUse.tote_id == Location.id)
    .where(ToteUse.fulfillment_id == bindparam("fulfillment"), ToteUse.closed_at.is_(None))
    .order_by(Location.code)
)
_UNITS = (
    select(func.coalesce(func.sum(Movement.quantity), 0))
    .where(Movement.to_location_id == Package.location_id)
    .correlate(Package)
    .scalar_subquery()
)
_UNITS_OUT = (
    select(func.coalesce(func.sum(Movement.quantity), 0))
    .where(Movement.from_location_id == Package.location_id, Movement.reason == "unpack")
    .correlate(Package)
    .scalar_subquery()
)
_PARCELS = (
    select(Package, Carton.code, Label, (_UNITS - _UNITS_OUT).label("units"))
    .outerjoin(Carton, Carton.id == Package.carton_id)
    .outerjoin(Label, (Label.package_id == Package.id) & Label.state.not_in(("refused", "voided")))
    .where(Package.fulfillment_id == bindparam("fulfillment"), Package.state != PackageState.VOID)
    .order_by(Package.number)
)


def order_head(session: Session, fulfillment_id: int) -> OrderHead:
    """Number, recipient, service and when it leaves."""
    order, address, service, leaves_at = session.execute(_HEAD, {"fulfillment": fulfillment_id}).one()
    totes = tuple(session.execute(_TOTES, {"fulfillment": fulfillment_id}).scalars())
    return head_of(order, address, service, leaves_at, totes)


def head_of(order: Order, address: Address, service: str, leaves_at: object, totes: tuple[str, ...]) -> OrderHead:
    """The header from its rows."""
    town = " ".join(part for part in (address.city, address.postcode) if part)
    rows = (address.name, address.company, address.address1, address.address2, town, address.region, address.country)
    short = ", ".join(part for part in (address.name, town, address.country) if part)
    return OrderHead(
        order.id,
        order.number,
        tuple(row for row in rows if row),
        short,
        service or order.service,
        order.leaves_at,
        order.note,
        order.gift,
        totes,
        order.currency,
    )


def pack_work(session: Session, fulfillment_id: int, package_id: int | None, carton_code: str = "") -> PackWork:
    """The whole of a fulfillment at the bench; `package_id` is the parcel that is open."""
    rows = session.execute(_LINES, {"fulfillment": fulfillment_id}).all()
    lines = tuple(
        PackLine(
            row.id,
            ItemRef(row.product_id, row.sku, row.name, row.picture, row.note, row.weight_g),
            int(row.required),
            int(row.packed),
        )
        for row in rows
    )
    parcels = _parcels(session, fulfillment_id)
    current = next((parcel for parcel in parcels if parcel.package_id == package_id), None)
    done = sum(parcel.units for parcel in parcels if parcel is not current)
    # What a carton is chosen for: all that is not in an earlier parcel.
    goods = [
        PackUnits(int(row.required), row.length_mm, row.width_mm, row.height_mm, row.weight_g)
        if not done
        else PackUnits(max(int(row.required - row.packed), 0), row.length_mm, row.width_mm, row.height_mm, row.weight_g)
        for row in rows
    ]
    types = carton_types(session)
    fits = choose_carton([unit for unit in goods if unit.quantity], types) if types else ()
    chosen = carton_code or (current.carton_code if current else "") or best_carton(fits)
    return PackWork(
        fulfillment_id,
        order_head(session, fulfillment_id),
        lines,
        parcels,
        package_id,
        fits,
        chosen,
        _expected(lines, types, chosen) if not done else None,
    )


def best_carton(fits: Sequence[CartonFit]) -> str:
    """The carton that is offered: the best that holds the goods, else none."""
    return next((fit.carton.code for fit in fits if fit.fits), "")


def carton_types(session: Session) -> tuple[CartonType, ...]:
    """The carton list in the order of its keys."""
    rows = session.execute(select(Carton).where(Carton.active.is_(True)).order_by(Carton.key_order, Carton.id))
    return tuple(
        CartonType(row.code, row.length_mm, row.width_mm, row.height_mm, row.weight_g, row.max_weight_g)
        for row in rows.scalars()
    )


def _expected(lines: Sequence[PackLine], types: Sequence[CartonType], chosen: str) -> ExpectedWeight:
    empty = next((carton.grams for carton in types if carton.code == chosen), 0)
    return expected_weight(empty, ((line.item.weight_g, line.required) for line in lines))


def _parcels(session: Session, fulfillment_id: int) -> tuple[Parcel, ...]:
    found = []
    for package, carton, label, units in session.execute(_PARCELS, {"fulfillment": fulfillment_id}):
        found.append(
            Parcel(
                package.id,
                package.number,
                package.state,
                int(units),
                carton or "",
                package.weight_g,
                label.id if label else None,
                label.state if label else None,
                label.carrier if label else "",
                label.service if label else "",
                label.tracking_number if label else "",
            )
        )
    return tuple(found)
