"""Orders that customers collect: set aside at a place of the store, handed out by name, taken back when nobody came."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import StateError
from app.domain.outcomes import Change, Outcome, Sound, Value, done, refused
from app.domain.roles import Permission
from app.domain.states import FulfillmentState, HoldKind, MovementReason, PickUpState, WarehouseKind
from app.domain.storable import SHORT, storable
from app.models.demand import Hold, Order
from app.models.fulfillment import Fulfillment
from app.models.locks import lock_fulfillments, lock_orders
from app.models.supply import PickUp
from app.models.warehouses import Warehouse
from app.queries.pick_ups import Collected, collected
from app.services import audit, ledger, pack_rows
from app.services.actor import Actor
from app.services.allocate import allocate_orders
from app.services.cancel import cancel_order
from app.services.cancel_rows import free_totes
from app.services.changes import note_changes
from app.services.hand_over import ship_packages
from app.services.order_states import refresh_orders
from app.services.own_parcel import Leaving, labelled_parcel, open_promises
from app.services.permissions import forbidden
from app.services.pick.shortage import cancel_empty
from app.services.stock_rows import spot

DAYS = 7
"""So long an order waits for its customer, unless somebody lets it wait longer."""
CARRIER = "collected"


def collect_at(session: Session, actor: Actor, order_id: int, store_id: int | None) -> Outcome:
    """Lets an order be collected at a store, or be sent again (None). Not once somebody picks it."""
    session.flush()
    refusal = forbidden(session, actor, Permission.MEND_ORDER)
    if refusal is not None:
        return refusal
    lock_orders(session, [order_id])
    order = session.get(Order, order_id, populate_existing=True)
    if order is None:
        return refused("pick_up.unknown")
    store = session.get(Warehouse, store_id) if store_id is not None else None
    if store_id is not None and (store is None or store.kind is WarehouseKind.SUPPLIER or not store.active):
        return refused("pick_up.no_store")
    parts = session.scalars(
        select(Fulfillment).where(Fulfillment.order_id == order_id, Fulfillment.state != FulfillmentState.CANCELLED)
    ).all()
    lock_fulfillments(session, [part.id for part in parts])
    if any(part.state is not FulfillmentState.ALLOCATED for part in parts):
        return refused("pick_up.too_late", number=order.number)
    for part in parts:
        for promise in open_promises(session, part.id):
            ledger.give_back(session, promise.id)
        cancel_empty(session, actor, part.id)
    order.pick_up_at_id = store_id
    session.flush()
    refresh_orders(session, [order_id])
    _tell(session, actor, "pick_up.at", order_id, None, {"store": store_id})
    allocate_orders(session, actor, [order_id])
    if store is None:
        return done("pick_up.sent", number=order.number)
    return done("pick_up.at", number=order.number, store=store.name)


def set_aside(session: Session, actor: Actor, fulfillment_id: int, place_id: int) -> Outcome:
    """All of a picked fulfillment goes to a place where it waits for its customer; its tote is free again."""
    found = _locked(session, actor, fulfillment_id)
    if isinstance(found, Outcome):
        return found
    moved = found.ready and found.state is FulfillmentState.PACKED  # from one place to another; never out of a parcel
    if found.state is not FulfillmentState.PICKED and not moved:
        return refused("pick_up.not_picked", number=found.number)
    place = spot(session, actor.warehouse_id, place_id)
    if isinstance(place, Outcome):
        return place
    for promise in open_promises(session, fulfillment_id):
        if promise.location_id != place_id:
            ledger.carry(session, actor, MovementReason.MOVE, promise.id, promise.quantity, place_id)
    row = session.scalars(select(PickUp).where(PickUp.fulfillment_id == fulfillment_id)).first()
    if row is None:
        row = PickUp(
            fulfillment_id=fulfillment_id, place_id=place_id, ready_at=actor.now,
            fetch_by=actor.now + timedelta(days=DAYS),
        )  # fmt: skip
        session.add(row)
    row.place_id, row.state, row.operator_id = place_id, PickUpState.READY, actor.operator_id
    session.flush()
    if found.state is FulfillmentState.PICKED:
        pack_rows.set_state(session, fulfillment_id, FulfillmentState.PACKING)
        pack_rows.set_state(session, fulfillment_id, FulfillmentState.PACKED)
    free_totes(session, actor, fulfillment_id)
    refresh_orders(session, [found.order_id])
    _tell(session, actor, "pick_up.ready", found.order_id, found, {"place": place_id})
    return done("pick_up.ready", Sound.COMPLETE, location=place.code, **_values(found))


def hand_out(session: Session, actor: Actor, fulfillment_id: int, fetched_by: str) -> Outcome:
    """The customer has it: the goods leave the ledger, the order is shipped, its channel is told."""
    found = _locked(session, actor, fulfillment_id)
    if isinstance(found, Outcome):
        return found
    if not found.ready or found.pick_up_id is None:
        return refused("pick_up.not_ready", number=found.number)
    leaving = Leaving(found.warehouse_id, f"PU-{found.pick_up_id}", CARRIER, "", f"pick-up:{found.pick_up_id}")
    package_id = labelled_parcel(session, actor, fulfillment_id, leaving)
    if not ship_packages(session, actor, [package_id]):
        raise StateError("pick_up.held", number=found.number)
    row = session.get_one(PickUp, found.pick_up_id)
    row.state, row.ended_at, row.operator_id = PickUpState.FETCHED, actor.now, actor.operator_id
    row.fetched_by = storable(fetched_by.strip() or found.who, SHORT)
    session.flush()
    _tell(session, actor, "pick_up.fetched", found.order_id, found, {"pick_up": found.pick_up_id})
    return done("pick_up.fetched", Sound.COMPLETE, **_values(found))


def wait_longer(session: Session, actor: Actor, fulfillment_id: int, days: int = DAYS) -> Outcome:
    """The customer comes later."""
    session.flush()
    refusal = forbidden(session, actor, Permission.MEND_ORDER)
    if refusal is not None:
        return refusal
    row = session.scalars(
        select(PickUp).where(PickUp.fulfillment_id == fulfillment_id, PickUp.state == PickUpState.READY)
    ).first()
    found = collected(session, fulfillment_id)
    if row is None or found is None:
        return refused("pick_up.not_ready", number=found.number if found else "")
    row.fetch_by = max(row.fetch_by, actor.now) + timedelta(days=days)
    session.flush()
    _tell(session, actor, "pick_up.longer", found.order_id, found, {"days": days})
    return done("pick_up.longer", days=days, **_values(found))


def take_back(session: Session, actor: Actor, fulfillment_id: int, reason: str) -> Outcome:
    """Nobody fetched it: the order is cancelled, and what waited may be sold again where it lies."""
    session.flush()
    found = collected(session, fulfillment_id)
    if found is None or not found.ready or found.pick_up_id is None:
        return refused("pick_up.not_ready", number=found.number if found else "")
    answer = cancel_order(session, actor, found.order_id, reason)
    if answer.refused:
        return answer
    row = session.get_one(PickUp, found.pick_up_id)
    row.state, row.ended_at, row.operator_id = PickUpState.TAKEN_BACK, actor.now, actor.operator_id
    session.flush()
    _tell(session, actor, "pick_up.taken_back", found.order_id, found, {"pick_up": found.pick_up_id})
    return done("pick_up.taken_back", location=found.place, **_values(found))


def _locked(session: Session, actor: Actor, fulfillment_id: int) -> Collected | Outcome:
    """A fulfillment that is collected here, locked with its order."""
    session.flush()
    refusal = forbidden(session, actor, Permission.PACK)
    if refusal is not None:
        return refusal
    found = collected(session, fulfillment_id)
    if found is None:
        return refused("pick_up.unknown")
    lock_orders(session, [found.order_id])
    lock_fulfillments(session, [fulfillment_id])
    found = collected(session, fulfillment_id)
    if found is None:
        return refused("pick_up.unknown")
    if found.warehouse_id != actor.warehouse_id:
        return refused("pick_up.elsewhere", number=found.number, store=found.store)
    held = select(Hold.id).where(
        Hold.order_id == found.order_id, Hold.released_at.is_(None), Hold.kind != HoldKind.STOCK
    )
    return refused("pick_up.held", number=found.number) if session.scalars(held).first() is not None else found


def _values(found: Collected) -> dict[str, Value]:
    return {"number": found.number, "name": found.who}


def _tell(
    session: Session, actor: Actor, action: str, order_id: int, found: Collected | None, detail: dict[str, object]
) -> None:
    audit.record(session, actor, action, "order", order_id, detail)
    changes = [Change("order", order_id)]
    if found is not None:
        changes += [Change("fulfillment", found.fulfillment_id), Change("pick_up", found.pick_up_id or 0)]
    note_changes(session, actor, changes)
