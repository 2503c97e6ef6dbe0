"""What stands on a parcel's label and on its packing slip: values that are frozen with the job that prints them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.domain.capture import PostalAddress
from app.domain.states import PackageState
from app.models.catalogue import Product
from app.models.demand import Address, Order, OrderLine
from app.models.fulfillment import Fulfillment
from app.models.shipping import Label, Package
from app.models.stock import StockMovement
from app.models.warehouses import Warehouse


def packing_slip(session: Session, package: Package, order: Order, address: Address) -> dict[str, object]:
    """What stands on the slip of a parcel: what lies in it. No prices for a gift."""
    unpacked = case((StockMovement.to_location_id == package.location_id, StockMovement.quantity), else_=0)
    taken = case((StockMovement.from_location_id == package.location_id, StockMovement.quantity), else_=0)
    rows = session.execute(
        select(Product.sku, Product.name, OrderLine.unit_price, func.sum(unpacked - taken).label("inside"))
        .join(Product, Product.id == StockMovement.product_id)
        .join(OrderLine, OrderLine.id == StockMovement.order_line_id)
        .where(
            (StockMovement.to_location_id == package.location_id)
            | (StockMovement.from_location_id == package.location_id)
        )
        .group_by(OrderLine.id, Product.id, Product.sku, Product.name, OrderLine.unit_price)
        .order_by(OrderLine.line_no)
    ).all()
    prices = not order.gift and bool(order.currency)
    fulfillment = session.get_one(Fulfillment, package.fulfillment_id)
    return {
        "order": order.number,
        "ship_to": _address_values(address),
        "seller": _address_values(sender(session.get_one(Warehouse, fulfillment.warehouse_id))),
        "lines": [
            {"sku": row.sku, "name": row.name, "quantity": int(row.inside)}
            | ({"unit_price": row.unit_price} if prices else {})
            for row in rows
            if row.inside > 0
        ],
        "date": order.created_at.strftime("%Y-%m-%d"),
        "note": order.note,
        "parcel": package.number,
        "parcels": max(parcel_count(session, package), package.number),
        "currency": order.currency,
        "with_prices": prices,
    }


def slip_ahead(
    order: Order, address: Address, warehouse: Warehouse, lines: list[dict[str, object]]
) -> dict[str, object]:
    """What will stand on the slip of the one parcel of an order, before it is packed; with no prices."""
    return {
        "order": order.number,
        "ship_to": _address_values(address),
        "seller": _address_values(sender(warehouse)),
        "lines": lines,
        "date": order.created_at.strftime("%Y-%m-%d"),
        "note": order.note,
        "parcel": 1,
        "parcels": 1,
        "currency": order.currency,
        "with_prices": False,
    }


def content_of(
    label: Label,
    package: Package,
    order: Order,
    address: Address,
    warehouse: Warehouse,
    carrier_name: str,
    parcels: int,
) -> dict[str, object]:
    """What stands on a label: frozen with it, so that a reprint is the same."""
    return {
        "order": order.number,
        "ship_to": _address_values(address),
        "ship_from": _address_values(sender(warehouse)),
        "tracking_number": label.tracking_number,
        "carrier": carrier_name,
        "service": label.service,
        "parcel": package.number,
        "parcels": max(parcels, package.number),
        "weight_g": package.weight_g or 0,
        "note": "",
    }


def sender(warehouse: Warehouse) -> PostalAddress:
    """The address from which a warehouse ships."""
    known = {key: str(value) for key, value in warehouse.sender.items() if key in PostalAddress.__dataclass_fields__}
    return PostalAddress(**{"name": warehouse.name, **known})


def parcel_count(session: Session, package: Package) -> int:
    """How many parcels the fulfillment of this one has."""
    return session.execute(
        select(func.count())
        .select_from(Package)
        .where(Package.fulfillment_id == package.fulfillment_id, Package.state != PackageState.VOID)
    ).scalar_one()


def _address_values(address: Address | PostalAddress) -> Mapping[str, object]:
    return {name: getattr(address, name) for name in PostalAddress.__dataclass_fields__}


def postal(address: Address) -> PostalAddress:
    """A stored address as carriers are told it."""
    return PostalAddress(**{name: getattr(address, name) for name in PostalAddress.__dataclass_fields__})
