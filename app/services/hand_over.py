"""Parcels leave: by their printed label, by the scan of a parcel, or with the cage that is loaded on a truck."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.domain.errors import StateError
from app.domain.outcomes import Change, Outcome, done, refused
from app.domain.states import LocationKind, PackageState
from app.models.locks import lock_fulfillments, lock_orders, lock_package
from app.services import audit, hand_over_rows, ledger
from app.services.actor import Actor
from app.services.changes import note_changes
from app.services.order_states import refresh_orders
from app.services.places import counterparty

_CAGE = text("SELECT id, code, kind, warehouse_id FROM locations WHERE id = :cage")
_LOAD = text("UPDATE packages SET cage_id = :cage WHERE id = :package AND state = 'labelled'")
_IN_CAGE = text("SELECT id FROM packages WHERE cage_id = :cage AND state = 'labelled' ORDER BY id")


def ship_packages(
    session: Session, actor: Actor, package_ids: Collection[int], *, only_ready: bool = False
) -> tuple[int, ...]:
    """Labelled parcels go to the customer: their goods leave the ledger and their promises are consumed.

    A parcel whose order is on hold stays; one that has left already is passed over. Gives the ids of those that left.
    With `only_ready` a parcel whose label is being taken back stays too; else StateError is raised for one.
    """
    session.flush()
    rows = _locked(session, package_ids)
    leaving = [row for row in rows if not row.held and (_is_ready(row) or not only_ready)]
    for row in leaving:
        if not _is_ready(row):
            raise StateError("hand_over.not_labelled", package=row.id, state=row.state)
    for row in leaving:
        customer = counterparty(session, row.warehouse_id, LocationKind.CUSTOMER)
        for allocation_id in hand_over_rows.promises_at(session, row.location_id):
            ledger.consume(session, actor, allocation_id, customer)
    ids = [row.id for row in leaving]
    if ids:
        hand_over_rows.mark_left(session, actor, ids)
        _finish(session, actor, leaving)
    return tuple(ids)


def _is_ready(row: Row[hand_over_rows.PackageColumns]) -> bool:
    return row.state == PackageState.LABELLED and bool(row.labelled) and not row.old_label


def _locked(session: Session, package_ids: Collection[int]) -> Sequence[Row[hand_over_rows.PackageColumns]]:
    """Locks orders, fulfillments and parcels in that order, and reads what is true of the parcels then."""
    found = hand_over_rows.packages(session, package_ids)
    lock_orders(session, {row.order_id for row in found})
    lock_fulfillments(session, {row.fulfillment_id for row in found})
    for row in found:
        lock_package(session, row.id)
    return [row for row in hand_over_rows.packages(session, package_ids) if row.state != PackageState.HANDED_OVER]


def _finish(session: Session, actor: Actor, leaving: Sequence[Row[hand_over_rows.PackageColumns]]) -> None:
    """Fulfillments of which nothing is left are shipped, their totes are free, and their channels are told."""
    fulfillments = {row.fulfillment_id: row.order_id for row in leaving}
    shipped = hand_over_rows.end_fulfillments(session, actor, fulfillments)
    orders = sorted(set(fulfillments.values()))
    refresh_orders(session, orders)
    hand_over_rows.mark_orders(session, actor, orders)
    hand_over_rows.tell_channels(session, actor, shipped)
    for fulfillment_id, order_id in fulfillments.items():
        ids = [row.id for row in leaving if row.fulfillment_id == fulfillment_id]
        audit.record(
            session, actor, "parcels.shipped", "fulfillment", fulfillment_id, {"order": order_id, "packages": ids}
        )
    changes = [Change("package", row.id) for row in leaving]
    changes += [Change("fulfillment", ident) for ident in fulfillments] + [Change("order", ident) for ident in orders]
    note_changes(session, actor, changes)


def load_cage(session: Session, actor: Actor, package_id: int, cage_location_id: int) -> Outcome:
    """Puts a labelled parcel into a cage; putting it there twice changes nothing, into another moves it."""
    session.flush()
    cage = session.connection().execute(_CAGE, {"cage": cage_location_id}).first()
    if cage is None or cage.kind != LocationKind.CAGE:
        return refused("hand_over.no_cage")
    refusal = _may_leave(session, package_id)
    if refusal is not None:
        return refusal
    row = hand_over_rows.packages(session, [package_id])[0]
    if row.warehouse_id != cage.warehouse_id:
        return refused("hand_over.other_warehouse", cage=cage.code)
    lock_package(session, package_id)
    if session.connection().execute(_LOAD, {"cage": cage.id, "package": package_id}).rowcount != 1:
        return refused("hand_over.not_labelled", order=row.number, parcel=row.parcel)
    audit.record(session, actor, "parcel.in_cage", "package", package_id, {"cage": cage.code})
    note_changes(session, actor, [Change("package", package_id)])
    return done("hand_over.in_cage", cage=cage.code, order=row.number, parcel=row.parcel)


def hand_over_truck(session: Session, actor: Actor, cage_id: int) -> Outcome:
    """All parcels of a cage leave with the truck; a manifest for each carrier lists them. Parcels that are held, or
    whose label is being taken back, stay."""
    session.flush()
    cage = session.connection().execute(_CAGE, {"cage": cage_id}).first()
    if cage is None or cage.kind != LocationKind.CAGE:
        return refused("hand_over.no_cage")
    ids = list(session.connection().execute(_IN_CAGE, {"cage": cage_id}).scalars())
    if not ids:
        return refused("hand_over.cage_empty", cage=cage.code)
    left = ship_packages(session, actor, ids, only_ready=True)
    if not left:
        return refused("hand_over.all_held", cage=cage.code, parcels=len(ids))
    manifests = hand_over_rows.write_manifests(session, actor, cage.warehouse_id, left)
    audit.record(session, actor, "truck.loaded", "location", cage_id, {"packages": list(left), "manifests": manifests})
    note_changes(session, actor, [Change("manifest", ident) for ident in manifests])
    code = "hand_over.truck" if len(left) == len(ids) else "hand_over.truck_some_held"
    return done(code, cage=cage.code, parcels=len(left), held=len(ids) - len(left), manifest=manifests[0])


def hand_over_parcel(session: Session, actor: Actor, package_id: int) -> Outcome:
    """One labelled parcel leaves with the truck, without a cage."""
    session.flush()
    refusal = _may_leave(session, package_id)
    if refusal is not None:
        return refusal
    row = hand_over_rows.packages(session, [package_id])[0]
    left = ship_packages(session, actor, [package_id], only_ready=True)
    if not left:  # held, or gone, since it was looked at
        return _may_leave(session, package_id) or refused("hand_over.no_parcel")
    hand_over_rows.write_manifests(session, actor, row.warehouse_id, left)
    return done("hand_over.parcel", order=row.number, parcel=row.parcel)


def _may_leave(session: Session, package_id: int) -> Outcome | None:
    """Why a parcel may not go on, or None."""
    rows = hand_over_rows.packages(session, [package_id])
    if not rows:
        return refused("hand_over.no_parcel")
    row = rows[0]
    values = {"order": row.number, "parcel": row.parcel}
    if row.state == PackageState.HANDED_OVER:
        return refused("hand_over.left_already", **values)
    if row.state == PackageState.VOID:
        return refused("hand_over.void", **values)
    if row.held:
        return refused("hand_over.held", **values)
    if row.old_label:
        return refused("hand_over.old_label", **values)
    if not _is_ready(row):
        return refused("hand_over.not_labelled", **values)
    return None
