"""What a bench takes along for the time in which it can't ask the database: the order in its hand, and its label."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.domain.ahead import Kit
from app.domain.ports import Carrier
from app.domain.states import PackageState
from app.models.catalogue import Identifier, Product
from app.models.demand import Address, Order
from app.models.fulfillment import Fulfillment
from app.models.people import Claim, StationSession
from app.models.shipping import Label, Package, PrintJob
from app.models.stock import Warehouse
from app.queries.pack_work import pack_work
from app.services import label_papers, labels, print_jobs
from app.services.actor import Actor
from app.services.desk import FULFILLMENT
from app.services.ids import new_ids
from app.services.settings_store import floor_settings

_PLAIN = (
    select(Product.id, Product.sku_key)
    .where(
        Product.id.in_(bindparam("products", expanding=True)),
        Product.lot_tracked.is_(False),
        Product.serial_tracked.is_(False),
        Product.note_must_be_confirmed.is_(False),
    )
)  # fmt: skip
_CODES = select(Identifier.code, Identifier.product_id, Identifier.quantity).where(
    Identifier.product_id.in_(bindparam("products", expanding=True))
)
_PARCELS = select(func.count()).where(
    Package.fulfillment_id == bindparam("fulfillment"), Package.state != PackageState.VOID
)
_JOBS = select(PrintJob.id).where(PrintJob.key == bindparam("key"))


def kit_of(session: Session, station_id: int, fulfillment_id: int, carrier: Carrier) -> Kit | None:
    """The kit of the order that is open at a station; None where it is not open there any more, or something of it
    has to be asked that only the database knows: lots, serial numbers, notes to confirm, a step in between.

    `carrier` makes a label from its number alone, anywhere.
    """
    row = session.get(StationSession, station_id)
    if row is None or row.work_kind != FULFILLMENT or row.work_id != fulfillment_id:
        return None
    claim = select(Claim.expires_at).where(
        Claim.kind == FULFILLMENT, Claim.ref_id == fulfillment_id, Claim.station_id == station_id
    )
    until = session.execute(claim).scalar_one_or_none()
    work = pack_work(session, fulfillment_id, row.package_id, str(row.memory.get("carton", "")))
    products = sorted({line.item.product_id for line in work.lines})
    plain = {row.id: row.sku_key for row in session.execute(_PLAIN, {"products": products})}
    in_between = row.block is not None or row.step or row.pending_quantity is not None
    if until is None or in_between or len(plain) < len(products):
        return None
    codes = _codes(session, plain)
    settings = floor_settings(session)
    label_id = new_ids(session, "labels", 1)[0]
    fulfillment = session.get_one(Fulfillment, fulfillment_id)
    order = session.get_one(Order, fulfillment.order_id)
    address = session.get_one(Address, order.ship_to_id)
    sold = carrier.find("", label_id)
    number = session.execute(_PARCELS, {"fulfillment": fulfillment_id}).scalar_one() + (row.package_id is None)
    content, slip = None, None
    if sold is not None:
        label = Label(tracking_number=sold.tracking_number, service=fulfillment.service)
        parcel = Package(number=number, weight_g=0, fulfillment_id=fulfillment_id)
        warehouse = session.get_one(Warehouse, fulfillment.warehouse_id)
        content = label_papers.content_of(label, parcel, order, address, warehouse, carrier.name, number)
        if settings.print_packing_slip and number == 1:
            lines = [{"sku": one.item.sku, "name": one.item.name, "quantity": one.required} for one in work.lines]
            slip = label_papers.slip_ahead(order, address, warehouse, lines)
    return Kit(
        work,
        codes,
        until,
        settings.claim_minutes,
        settings.confirm_weight,
        label_id if content else None,
        content,
        slip,
    )


def _codes(session: Session, plain: Mapping[int, str]) -> dict[str, tuple[tuple[int, int], ...]]:
    """All codes of products, given with their SKU: what each names, and how many units of it one scan stands for."""
    codes: dict[str, tuple[tuple[int, int], ...]] = {}
    for product, sku in plain.items():
        codes[sku] = (*codes.get(sku, ()), (product, 1))
    for code, product, quantity in session.execute(_CODES, {"products": sorted(plain)}):
        codes[code] = (*codes.get(code, ()), (product, quantity))
    return codes


def printed_ahead(
    session: Session, actor: Actor, label_id: int, states: Mapping[str, bool | None], printers: Mapping[str, str]
) -> None:
    """Settles the documents of a label that were printed while the database was away, by kind: whether each came out,
    and at which printer.

    True: it did, and is not sent again. None: nobody knows, somebody is asked. What did not come out waits as it is.
    """
    for document, came in states.items():
        key = f"label-{label_id}" if document == "shipping-label" else f"slip-{label_id}"
        job = session.execute(_JOBS, {"key": key}).scalar_one_or_none()
        if job is None or came is False:
            continue
        if came is None:
            print_jobs.in_doubt(session, actor, job, printers.get(document, ""))
        elif print_jobs.printed(session, actor, job, printers.get(document, "")) is not None:
            labels.came_out(session, actor, label_id)
