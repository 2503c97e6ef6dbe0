"""A parcel that no bench packed: a supplier's, or what a customer collects. All that was promised is in it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from app.domain.states import FulfillmentState, LabelState, LocationKind, MovementReason, PackageState
from app.models.shipping import Label, Package, Shipment
from app.models.stock import Location
from app.services import ledger, pack_rows
from app.services.actor import Actor

_PROMISES = text(
    "SELECT a.id, a.quantity, b.product_id, b.location_id, l.sku FROM allocations a "
    "JOIN stock_balances b ON b.id = a.balance_id JOIN order_lines l ON l.id = a.order_line_id "
    "WHERE a.fulfillment_id = :fulfillment AND a.state = 'open' ORDER BY a.id"
)


@dataclass(frozen=True, slots=True)
class Leaving:
    """How it leaves: the site, the carrier (or who stands for one) with its number, and a reference of its own."""

    warehouse_id: int
    code: str
    carrier: str
    service: str
    reference: str
    tracking_number: str = ""


def open_promises(session: Session, fulfillment_id: int) -> list[Row[tuple[int, int, int, int, str]]]:
    """Id, units, product, place and SKU of each open promise of a fulfillment."""
    return list(session.connection().execute(_PROMISES, {"fulfillment": fulfillment_id}).all())


def labelled_parcel(session: Session, actor: Actor, fulfillment_id: int, leaving: Leaving) -> int:
    """Makes the parcel with its label and puts all that was promised into it; gives its id. The fulfillment is packed.

    The caller holds the locks of the order and the fulfillment.
    """
    place = Location(warehouse_id=leaving.warehouse_id, code=leaving.code, kind=LocationKind.PACKAGE)
    shipment = Shipment(
        fulfillment_id=fulfillment_id, carrier=leaving.carrier, service=leaving.service, created_at=actor.now
    )
    session.add_all([place, shipment])
    session.flush()
    last = session.scalar(select(func.max(Package.number)).where(Package.fulfillment_id == fulfillment_id))
    package = Package(
        fulfillment_id=fulfillment_id, location_id=place.id, number=(last or 0) + 1, state=PackageState.LABELLED,
        opened_at=actor.now, sealed_at=actor.now, operator_id=actor.operator_id, station_id=actor.station_id,
    )  # fmt: skip
    session.add(package)
    session.flush()
    label = Label(
        package_id=package.id, shipment_id=shipment.id, carrier=leaving.carrier, service=leaving.service,
        state=LabelState.BOUGHT, reference=leaving.reference, tracking_number=leaving.tracking_number,
        intended_at=actor.now, bought_at=actor.now,
    )  # fmt: skip
    session.add(label)
    session.flush()
    if pack_rows.fulfillment(session, fulfillment_id).state is not FulfillmentState.PACKED:
        pack_rows.set_state(session, fulfillment_id, FulfillmentState.PACKING)
    for promise in open_promises(session, fulfillment_id):
        ledger.carry(session, actor, MovementReason.PACK, promise.id, promise.quantity, place.id)
    pack_rows.set_state(session, fulfillment_id, FulfillmentState.PACKED)
    return package.id
