"""A carrier's label is an intention first: the row is committed, then the carrier is called, then it is bought."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, exists, func, insert, select, text
from sqlalchemy.orm import Session, aliased

from app.domain.errors import StateError
from app.domain.outcomes import Change
from app.domain.ports import BoughtLabel, LabelRequest
from app.domain.states import LABEL_MOVES, FulfillmentState, LabelState, PackageState, may_move
from app.models.demand import Address, Order
from app.models.fulfillment import Fulfillment
from app.models.locks import lock_fulfillments, lock_orders, lock_package
from app.models.prepared import Answer, Prepared, on_server
from app.models.shipping import Label, Package, Shipment
from app.models.stock import Warehouse
from app.services import audit, label_papers, order_states, pack_rows, print_jobs
from app.services.actor import Actor
from app.services.changes import note_changes
from app.services.hand_over import ship_packages
from app.services.search_words import add_search_words
from app.services.settings_store import AT_LABEL, floor_settings

LIVE = (LabelState.BOUGHT, LabelState.PRINTED, LabelState.APPLIED)
OUT = (LabelState.PRINTED, LabelState.APPLIED)
_AROUND = (
    select(Label.package_id, Package.fulfillment_id, Fulfillment.order_id)
    .join(Package, Package.id == Label.package_id)
    .join(Fulfillment, Fulfillment.id == Package.fulfillment_id)
    .where(Label.id == bindparam("label"))
)


_LIVE = (
    select(Label.id)
    .where(Label.package_id == Package.id, Label.state != LabelState.REFUSED, Label.state != LabelState.VOIDED)
    .correlate(Package)
    .order_by(Label.id)
    .limit(1)
    .scalar_subquery()
)
_OUTGOING = Prepared(
    select(
        Fulfillment.id,
        Fulfillment.service,
        Shipment.id,
        select(func.count()).select_from(Label).where(Label.package_id == Package.id).scalar_subquery(),
        _LIVE.label("live"),
    )
    .select_from(Package)
    .join(Fulfillment, Fulfillment.id == Package.fulfillment_id)
    .outerjoin(Shipment, (Shipment.fulfillment_id == Fulfillment.id) & (Shipment.carrier == bindparam("carrier")))
    .where(Package.id == bindparam("package"))
    .order_by(Shipment.id)
)
_DRAWN = Prepared(  # on a server: what is written with known numbers nobody need wait for
    text("SELECT nextval(pg_get_serial_sequence('shipments', 'id')), nextval(pg_get_serial_sequence('labels', 'id'))")
)
_NEW_SHIPMENT = Prepared(insert(Shipment).returning(Shipment.id))
_NEW_LABEL = Prepared(insert(Label).returning(Label.id))
_NUMBERED_SHIPMENT, _NUMBERED_LABEL = Prepared(insert(Shipment)), Prepared(insert(Label))


_Old = aliased(Label)
_OLD_PAPER = (
    exists()
    .where(_Old.package_id == Package.id, _Old.spoiled_at.is_not(None), _Old.collected_at.is_(None))
    .correlate(Package)
)


def locked(session: Session, label_id: int) -> Label:
    """A label, with its order, fulfillment and parcel locked before it, as every use case locks them."""
    found = session.execute(_AROUND, {"label": label_id}).one()
    lock_orders(session, [found.order_id])
    lock_fulfillments(session, [found.fulfillment_id])
    lock_package(session, found.package_id)
    return session.get_one(Label, label_id, with_for_update=True, populate_existing=True)


@dataclass(frozen=True, slots=True)
class Intent:
    """What must be known before a label is meant to be bought for a parcel, asked for and perhaps not answered yet."""

    package_id: int
    carrier: str
    outgoing: Answer
    drawn: Answer | None


@dataclass(frozen=True, slots=True)
class Intended:
    """A label that is meant to be bought. Not `fresh`: the parcel has it already."""

    label_id: int
    service: str
    fresh: bool


def intend(session: Session, actor: Actor, package_id: int, carrier: str) -> int:
    """Writes down that a label will be bought for a sealed parcel; gives its id, or that of the live one."""
    return write_down(session, actor, ask_intent(session, package_id, carrier)).label_id


def ask_intent(session: Session, package_id: int, carrier: str) -> Intent:
    """Asks for what `write_down` needs, together with what is asked beside it."""
    session.flush()
    outgoing = _OUTGOING.soon(session, {"package": package_id, "carrier": carrier})
    return Intent(package_id, carrier, outgoing, _DRAWN.soon(session, {}) if on_server(session) else None)


def write_down(session: Session, actor: Actor, intent: Intent, label_id: int | None = None) -> Intended:
    """Writes down that a label will be bought, where the parcel has none.

    `label_id` is a number that was drawn for it before, when it was printed while the database was away.
    """
    fulfillment_id, service, shipment_id, tries, live = intent.outgoing.rows[0]
    if live is not None:
        return Intended(int(live), service, fresh=False)
    drawn = intent.drawn.rows[0] if intent.drawn is not None else (None, None)
    if shipment_id is None:
        new = {
            "fulfillment_id": fulfillment_id, "carrier": intent.carrier, "service": service, "created_at": actor.now
        }  # fmt: skip
        shipment_id = _inserted(session, _NEW_SHIPMENT, _NUMBERED_SHIPMENT, drawn[0], new)
    values = {
        "package_id": intent.package_id,
        "shipment_id": shipment_id,
        "carrier": intent.carrier,
        "service": service,
        "reference": f"P{intent.package_id}-{tries + 1}",
        "content": {},
        "intended_at": actor.now,
    }
    number = label_id if label_id is not None else drawn[1]
    return Intended(_inserted(session, _NEW_LABEL, _NUMBERED_LABEL, number, values), service, fresh=True)


def _inserted(
    session: Session, new: Prepared, numbered: Prepared, number: int | None, values: dict[str, object]
) -> int:
    """Inserts a row; where its number is known nobody waits for it."""
    if number is None:
        return int(new.one(session, values)[0])
    numbered.later(session, {"id": number, **values})
    return number


def request_of(session: Session, label_id: int) -> LabelRequest | None:
    """What to ask the carrier for; None when the label is no longer an intention."""
    label = session.get_one(Label, label_id)
    if label.state not in (LabelState.INTENDED, LabelState.UNKNOWN):
        return None
    package, order, address, warehouse = _around(session, label)
    return LabelRequest(
        label.id,
        label.reference,
        label.service,
        label_papers.postal(address),
        label_papers.sender(warehouse),
        package.weight_g or 0,
        order.number,
        label.account,
    )


def carrier_of(session: Session, label_id: int) -> tuple[str, bool]:
    """The key of the carrier that a label is bought from, and whether it may be bought already."""
    label = session.get_one(Label, label_id)
    return label.carrier, label.state is LabelState.UNKNOWN


def hold(session: Session, actor: Actor, label_id: int, why: str) -> bool:
    """Writes down why a label is not bought yet: the state of its printer. False when that is known already."""
    label = locked(session, label_id)
    if label.state is not LabelState.INTENDED or label.reason == why:
        return False
    label.reason = why
    session.flush()
    note_changes(session, actor, [Change("package", label.package_id), Change("label", label.id)])
    return True


def bought(session: Session, actor: Actor, label_id: int, sold: BoughtLabel, carrier_name: str) -> list[int]:
    """The carrier sold it: the parcel is labelled, and label and packing slip go to the printer. Gives print jobs."""
    label = locked(session, label_id)
    if label.state not in (LabelState.INTENDED, LabelState.UNKNOWN):
        return []
    move(label, LabelState.BOUGHT)
    label.reason = ""
    label.tracking_number, label.price, label.currency = sold.tracking_number, sold.price, sold.currency
    label.bought_at = actor.now
    package, order, address, warehouse = _around(session, label)
    package.state = PackageState.LABELLED
    label.content = label_papers.content_of(
        label, package, order, address, warehouse, carrier_name, label_papers.parcel_count(session, package)
    )
    session.flush()
    fulfillment = session.get_one(Fulfillment, package.fulfillment_id)
    pack_whole(session, fulfillment)
    jobs = [
        print_jobs.queue(
            session,
            actor,
            f"label-{label.id}",
            "shipping-label",
            label.content,
            label_id=label.id,
            package_id=package.id,
        )
    ]
    if floor_settings(session).print_packing_slip:
        slip = label_papers.packing_slip(session, package, order, address)
        jobs.append(print_jobs.queue(session, actor, f"slip-{label.id}", "packing-slip", slip, package_id=package.id))
    order_states.refresh_orders(session, [order.id])
    add_search_words(session, order.id, label.tracking_number)
    _note(session, actor, "label.bought", label, package, order.id)
    return jobs


def refused(session: Session, actor: Actor, label_id: int, reason: str) -> None:
    """The carrier said no: nothing was bought, and another try is a new label."""
    label = locked(session, label_id)
    move(label, LabelState.REFUSED)
    label.reason = reason[:400]
    package = session.get_one(Package, label.package_id)
    fulfillment = session.get_one(Fulfillment, package.fulfillment_id)
    _note(session, actor, "label.refused", label, package, fulfillment.order_id)


def unknown(session: Session, actor: Actor, label_id: int) -> None:
    """Nobody knows whether it was bought; no other label may be bought for this parcel until that is settled."""
    label = locked(session, label_id)
    if label.state is LabelState.INTENDED:
        move(label, LabelState.UNKNOWN)
        package = session.get_one(Package, label.package_id)
        _note(
            session,
            actor,
            "label.unknown",
            label,
            package,
            session.get_one(Fulfillment, package.fulfillment_id).order_id,
        )


def came_out(session: Session, actor: Actor, label_id: int) -> bool:
    """The label is printed: where that counts as handing over, the parcels leave. True when they did."""
    settings = floor_settings(session)
    if settings.handover != AT_LABEL or settings.label_scan_back:
        return False
    return ship_when_whole(session, actor, session.get_one(Label, label_id).package_id)


def applied(session: Session, actor: Actor, label_id: int) -> bool:
    """The label was scanned on its box. True when that handed the parcels over."""
    label = locked(session, label_id)
    move(label, LabelState.APPLIED)
    label.applied_at = actor.now
    session.flush()
    print_jobs.seen_on_its_box(session, actor, label_id)
    if floor_settings(session).handover != AT_LABEL:
        return False
    return ship_when_whole(session, actor, label.package_id)


def ship_when_whole(session: Session, actor: Actor, package_id: int) -> bool:
    """Hands over all parcels of a fulfillment once each of them is labelled and nothing is left to pack.

    One on which the paper of a label that was taken back may be waits until that was scanned, or given up.
    """
    package = session.get_one(Package, package_id)
    fulfillment = session.get_one(Fulfillment, package.fulfillment_id)
    session.flush()
    lock_orders(session, [fulfillment.order_id])
    session.refresh(fulfillment, with_for_update=True)
    if fulfillment.state is not FulfillmentState.PACKED:
        return False
    rows = session.execute(
        select(Package.id, Label.state, _OLD_PAPER.label("old_paper"))
        .outerjoin(Label, (Label.package_id == Package.id) & Label.state.in_(LIVE))
        .where(Package.fulfillment_id == fulfillment.id, Package.state != PackageState.VOID)
    ).all()
    wanted = (LabelState.APPLIED,) if floor_settings(session).label_scan_back else OUT
    if any(row.state not in wanted or row.old_paper for row in rows):
        return False
    return bool(ship_packages(session, actor, [row.id for row in rows]))


def void(session: Session, actor: Actor, label_id: int) -> LabelState:
    """Takes a label back before it left; the carrier was asked, and agreed. The parcel is sealed without a label."""
    label = locked(session, label_id)
    move(label, LabelState.VOIDED)
    label.voided_at = actor.now
    print_jobs.drop_label(session, actor, label_id)
    package = session.get_one(Package, label.package_id)
    if package.state is PackageState.LABELLED:
        package.state = PackageState.SEALED
    fulfillment = session.get_one(Fulfillment, package.fulfillment_id)
    if fulfillment.state is FulfillmentState.PACKED:
        fulfillment.state = FulfillmentState.PACKING
    session.flush()
    order_states.refresh_orders(session, [fulfillment.order_id])
    _note(session, actor, "label.voided", label, package, fulfillment.order_id)
    return label.state


def slip_of(session: Session, package_id: int) -> dict[str, object]:
    """What stands on the slip of a parcel by its id."""
    package = session.get_one(Package, package_id)
    order = session.get_one(Order, session.get_one(Fulfillment, package.fulfillment_id).order_id)
    return label_papers.packing_slip(session, package, order, session.get_one(Address, order.ship_to_id))


def pack_whole(session: Session, fulfillment: Fulfillment) -> None:
    """A fulfillment is packed when all of it is in labelled parcels."""
    required, packed, _ = pack_rows.totals(session, fulfillment.id, None)
    unlabelled = session.execute(
        select(func.count())
        .select_from(Package)
        .where(Package.fulfillment_id == fulfillment.id, Package.state.in_((PackageState.OPEN, PackageState.SEALED)))
    ).scalar_one()
    if required == packed and not unlabelled:
        fulfillment.state = FulfillmentState.PACKED
        session.flush()


def _around(session: Session, label: Label) -> tuple[Package, Order, Address, Warehouse]:
    package = session.get_one(Package, label.package_id)
    fulfillment = session.get_one(Fulfillment, package.fulfillment_id)
    order = session.get_one(Order, fulfillment.order_id)
    return (
        package,
        order,
        session.get_one(Address, order.ship_to_id),
        session.get_one(Warehouse, fulfillment.warehouse_id),
    )


def move(label: Label, state: LabelState) -> None:
    """Gives a label its next state. Raises StateError for one that may not follow."""
    if not may_move(LABEL_MOVES, label.state, state):
        raise StateError("label.forbidden_move", old=label.state.value, new=state.value)
    label.state = state


def _note(session: Session, actor: Actor, action: str, label: Label, package: Package, order_id: int) -> None:
    audit.record(session, actor, action, "package", package.id, {"label": label.id, "carrier": label.carrier})
    note_changes(session, actor, [Change("package", package.id), Change("label", label.id), Change("order", order_id)])
