"""A small warehouse for tests: places, products, stock that came by a receipt, and orders that want it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.states import (
    AllocationState,
    Condition,
    FulfillmentState,
    HoldKind,
    LabelState,
    LocationKind,
    MovementReason,
    OrderState,
    PackageState,
    Role,
)
from app.models.catalogue import Lot, Product
from app.models.demand import Address, Channel, Hold, Order, OrderLine
from app.models.fulfillment import Fulfillment
from app.models.people import Operator, Station
from app.models.shipping import Label, Package, Shipment
from app.models.stock import NO_LOT, Allocation, Location, StockBalance, Warehouse
from app.services import ledger
from app.services.actor import Actor
from app.services.places import counterparty

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """The ids of one warehouse: `products` by SKU, `places` by code."""

    warehouse_id: int
    channel_id: int
    address_id: int
    actor: Actor
    products: Mapping[str, int]
    places: Mapping[str, int]

    def at(self, minutes: int) -> Actor:
        """The same person, later."""
        return replace(self.actor, now=NOW + timedelta(minutes=minutes))


PLACES = (
    ("A-01-1", LocationKind.SHELF, "A", 10),
    ("A-02-1", LocationKind.SHELF, "A", 20),
    ("B-01-1", LocationKind.SHELF, "B", 30),
    ("BULK-1", LocationKind.BULK, "Z", 90),
    ("REC-1", LocationKind.RECEIVING, "", 0),
    ("Q-1", LocationKind.QUARANTINE, "", 0),
    ("T-1", LocationKind.TOTE, "", 0),
    ("T-2", LocationKind.TOTE, "", 0),
    ("CAGE-1", LocationKind.CAGE, "", 0),
)


def build_site(session: Session, skus: Sequence[str] = ("CUP", "LAMP", "SOAP"), code: str = "W1") -> Site:
    """A warehouse with shelves, totes and a cage, and products without stock."""
    warehouse = Warehouse(code=code, name="Hall", zone="Europe/London", sender={})
    channel = Channel(key=f"shop-{code}", name="Shop")
    address = Address(name="Ada Stone", address1="1 Mill Lane", city="Leeds", postcode="LS1 1AA", country="GB")
    operator = Operator(name="Ines Falk", role=Role.ADMIN, created_at=NOW)  # so that tests may act in any role
    products = {sku: Product(sku=sku, sku_key=sku, name=sku.title(), created_at=NOW) for sku in skus}
    session.add_all([warehouse, channel, address, operator, *products.values()])
    session.flush()
    station = Station(name=f"Bench {code}", warehouse_id=warehouse.id, created_at=NOW)
    places = {
        name: Location(warehouse_id=warehouse.id, code=name, kind=kind, zone=zone, pick_sequence=sequence)
        for name, kind, zone, sequence in PLACES
    }
    session.add_all([station, *places.values()])
    session.flush()
    actor = Actor(NOW, f"station:{station.id}", warehouse.id, operator.id, Role.LEAD, station.id)
    return Site(
        warehouse.id,
        channel.id,
        address.id,
        actor,
        {sku: product.id for sku, product in products.items()},
        {name: place.id for name, place in places.items()},
    )


def add_lot(session: Session, site: Site, sku: str, code: str, expires_on: datetime | None) -> int:
    """A lot of a product."""
    lot = Lot(product_id=site.products[sku], code=code, expires_on=expires_on)
    session.add(lot)
    session.flush()
    return lot.id


def stock(
    session: Session,
    site: Site,
    sku: str,
    place: str,
    quantity: int,
    lot_id: int = NO_LOT,
    condition: Condition = Condition.NEW,
) -> int:
    """Puts goods on a place by a receipt, without allocating anything; gives the balance's id."""
    supplier = counterparty(session, site.warehouse_id, LocationKind.SUPPLIER)
    goods = ledger.Goods(site.products[sku], quantity, lot_id, condition)
    ledger.move(session, site.actor, MovementReason.RECEIPT, goods, supplier, site.places[place])
    return session.execute(
        select(StockBalance.id).where(
            StockBalance.product_id == goods.product_id,
            StockBalance.location_id == site.places[place],
            StockBalance.lot_id == lot_id,
            StockBalance.condition == condition,
        )
    ).scalar_one()


def add_order(
    session: Session,
    site: Site,
    lines: Sequence[tuple[str, int]],
    *,
    priority: int = 5,
    leaves_minutes: int = 600,
    in_parts: bool = False,
    hold: HoldKind | None = None,
    total: int = 1000,
) -> Order:
    """An order that is ready (captured when held); lines are (SKU, quantity)."""
    count = len(session.execute(select(Order.id)).all())
    order = Order(
        channel_id=site.channel_id,
        channel_ref=f"ref-{count + 1}",
        number=f"#{1000 + count}",
        state=OrderState.READY if hold is None else OrderState.CAPTURED,
        priority=priority,
        may_ship_in_parts=in_parts,
        ship_to_id=site.address_id,
        created_at=NOW,
        captured_at=NOW,
        leaves_at=NOW + timedelta(minutes=leaves_minutes),
        currency="GBP",
        total=total,
    )
    session.add(order)
    session.flush()
    for number, (sku, quantity) in enumerate(lines, start=1):
        session.add(
            OrderLine(
                order_id=order.id,
                line_no=number,
                product_id=site.products[sku],
                sku=sku,
                title=sku.title(),
                quantity=quantity,
            )
        )
    if hold is not None:
        session.add(Hold(order_id=order.id, kind=hold, opened_at=NOW))
    session.flush()
    return order


def lines_of(session: Session, order_id: int) -> list[OrderLine]:
    """The lines of an order."""
    return list(session.scalars(select(OrderLine).where(OrderLine.order_id == order_id).order_by(OrderLine.line_no)))


def promise_line(session: Session, order: Order, balance_id: int, line: int = 0, quantity: int = 1) -> Allocation:
    """A fulfillment of an order with one promise, made by hand."""
    row = lines_of(session, order.id)[line]
    fulfillment = session.scalars(select(Fulfillment).where(Fulfillment.order_id == order.id)).first()
    if fulfillment is None:
        warehouse_id = session.execute(
            select(Location.warehouse_id)
            .join(StockBalance, StockBalance.location_id == Location.id)
            .where(StockBalance.id == balance_id)
        ).scalar_one()
        fulfillment = Fulfillment(
            order_id=order.id, warehouse_id=warehouse_id, leaves_at=order.leaves_at, created_at=NOW
        )
        session.add(fulfillment)
        session.flush()
    allocation_id = ledger.promise(session, balance_id, row.id, fulfillment.id, quantity)
    return session.get_one(Allocation, allocation_id, populate_existing=True)


def open_allocations(session: Session, fulfillment_id: int) -> list[Allocation]:
    """The open promises of a fulfillment, as they stand in the database."""
    statement = (
        select(Allocation)
        .where(Allocation.fulfillment_id == fulfillment_id, Allocation.state == AllocationState.OPEN)
        .order_by(Allocation.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))


def add_package(session: Session, site: Site, fulfillment_id: int, state: PackageState = PackageState.OPEN) -> Package:
    """An empty parcel of a fulfillment, with its own location."""
    number = len(session.execute(select(Package.id).where(Package.fulfillment_id == fulfillment_id)).all()) + 1
    place = Location(warehouse_id=site.warehouse_id, code=f"P-{fulfillment_id}-{number}", kind=LocationKind.PACKAGE)
    session.add(place)
    session.flush()
    package = Package(fulfillment_id=fulfillment_id, location_id=place.id, number=number, state=state, opened_at=NOW)
    session.add(package)
    session.flush()
    return package


def add_label(session: Session, package: Package, tracking: str = "", state: LabelState = LabelState.PRINTED) -> Label:
    """A label of a parcel, bought from the built-in carrier."""
    shipment = Shipment(fulfillment_id=package.fulfillment_id, carrier="own", service="standard", created_at=NOW)
    session.add(shipment)
    session.flush()
    count = len(session.execute(select(Label.id)).all())
    label = Label(
        package_id=package.id,
        shipment_id=shipment.id,
        carrier="own",
        service="standard",
        state=state,
        reference=f"label-{count + 1}",
        tracking_number=tracking or f"PW{count + 1:010}",
        intended_at=NOW,
    )
    session.add(label)
    session.flush()
    return label


def pack_all(session: Session, site: Site, fulfillment_id: int) -> Package:
    """Packs all that is promised to a fulfillment into one labelled parcel, by the ledger."""
    package = add_package(session, site, fulfillment_id)
    for allocation in open_allocations(session, fulfillment_id):
        ledger.carry(session, site.actor, MovementReason.PACK, allocation.id, allocation.quantity, package.location_id)
    package.state = PackageState.LABELLED
    session.get_one(Fulfillment, fulfillment_id).state = FulfillmentState.PACKED
    add_label(session, package)
    session.flush()
    return package


def balance(session: Session, site: Site, sku: str, place: str, lot_id: int = NO_LOT) -> tuple[int, int]:
    """(on hand, allocated) of new goods at a place; (0, 0) where none ever lay."""
    row = session.execute(
        select(StockBalance.on_hand, StockBalance.allocated).where(
            StockBalance.product_id == site.products[sku],
            StockBalance.location_id == site.places[place],
            StockBalance.lot_id == lot_id,
            StockBalance.condition == Condition.NEW,
        )
    ).first()
    return (0, 0) if row is None else (row.on_hand, row.allocated)
