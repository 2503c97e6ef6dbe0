"""Parcels leave: by label, by parcel, by cage and truck; never without a label, never while held."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.errors import StateError
from app.domain.outcomes import Outcome, Result
from app.domain.states import HoldKind
from app.models.database import Database
from app.models.demand import Hold
from app.services.allocate import allocate_ready
from app.services.hand_over import hand_over_parcel, hand_over_truck, load_cage, ship_packages
from tests.services import stock_builders as build


@dataclass(frozen=True, slots=True)
class Packed:
    """A packed order with one labelled parcel."""

    site: build.Site
    order_id: int
    fulfillment_id: int
    package_id: int


def pack(session: Session, site: build.Site, *lines: tuple[str, int]) -> Packed:
    order = build.add_order(session, site, lines)
    result = allocate_ready(session, site.actor, 1)
    assert result.allocated == (order.id,)
    package = build.pack_all(session, site, result.fulfillment_ids[0])
    return Packed(site, order.id, result.fulfillment_ids[0], package.id)


def packed_orders(session: Session, count: int = 1) -> list[Packed]:
    site = build.build_site(session)
    build.stock(session, site, "CUP", "A-01-1", 10)
    build.stock(session, site, "LAMP", "B-01-1", 10)
    return [pack(session, site, ("CUP", 2), ("LAMP", 1)) for _number in range(count)]


def row(database: Database, sql: str, **values: object) -> tuple[object, ...]:
    return database.read(lambda session: tuple(session.execute(text(sql), values).one()))


def test_a_labelled_parcel_leaves_and_everything_says_so(database: Database) -> None:
    (packed,) = database.write(packed_orders)
    actor = packed.site.at(30)
    assert database.write(lambda session: ship_packages(session, actor, [packed.package_id])) == (packed.package_id,)
    stamp = round(actor.now.timestamp() * 1000)
    ids = {"order": packed.order_id, "fulfillment": packed.fulfillment_id, "package": packed.package_id}
    assert row(database, "SELECT state, shipped_at FROM orders WHERE id = :order", **ids) == ("shipped", stamp)
    assert row(database, "SELECT state, shipped_at FROM fulfillments WHERE id = :fulfillment", **ids) == (
        "shipped",
        stamp,
    )
    assert row(database, "SELECT state, handed_over_at FROM packages WHERE id = :package", **ids) == (
        "handed_over",
        stamp,
    )
    assert row(database, "SELECT l.state, s.handed_over_at FROM labels l JOIN shipments s ON s.id = l.shipment_id") == (
        "handed_over",
        stamp,
    )
    moved = "SELECT COUNT(*), SUM(quantity) FROM stock_movements WHERE reason = 'ship'"
    assert row(database, moved) == (2, 3)
    assert row(database, "SELECT SUM(quantity) FROM allocations WHERE state = 'consumed'") == (3,)
    key, payload = row(database, "SELECT key, CAST(payload AS TEXT) FROM outbox")
    assert key == f"channel.shipped:{packed.fulfillment_id}"
    assert '"tracking_number": "PW0000000001"' in str(payload)
    assert '"sku": "CUP"' in str(payload)
    assert database.write(lambda session: ship_packages(session, actor, [packed.package_id])) == ()


def test_an_order_in_two_parcels_is_shipped_with_the_second(database: Database) -> None:
    def two_parcels(session: Session) -> tuple[Packed, int]:
        (packed,) = packed_orders(session)
        second = build.add_package(session, packed.site, packed.fulfillment_id)
        third = build.open_allocations(session, packed.fulfillment_id)[0]
        build.ledger.carry(session, packed.site.actor, build.MovementReason.UNPACK, third.id, 1, second.location_id)
        second.state = build.PackageState.LABELLED
        build.add_label(session, second)
        session.flush()
        return packed, second.id

    packed, second = database.write(two_parcels)
    database.write(lambda session: ship_packages(session, packed.site.actor, [packed.package_id]))
    assert row(database, "SELECT o.state, f.state FROM orders o JOIN fulfillments f ON f.order_id = o.id") == (
        "partly_shipped",
        "packed",
    )
    assert row(database, "SELECT COUNT(*) FROM outbox") == (0,)
    database.write(lambda session: ship_packages(session, packed.site.actor, [second]))
    assert row(database, "SELECT o.state, f.state FROM orders o JOIN fulfillments f ON f.order_id = o.id") == (
        "shipped",
        "shipped",
    )
    assert row(database, "SELECT COUNT(*) FROM outbox") == (1,)


def test_nothing_leaves_without_a_label_or_on_hold(database: Database) -> None:
    bare, held = database.write(lambda session: packed_orders(session, 2))
    site = bare.site

    def spoil(session: Session) -> None:
        session.execute(text("UPDATE labels SET state = 'voided' WHERE package_id = :id"), {"id": bare.package_id})
        session.add(Hold(order_id=held.order_id, kind=HoldKind.OFFICE, opened_at=build.NOW))

    database.write(spoil)
    with pytest.raises(StateError):
        database.write(lambda session: ship_packages(session, site.actor, [bare.package_id]))
    assert database.write(lambda session: ship_packages(session, site.actor, [held.package_id])) == ()
    assert row(database, "SELECT COUNT(*) FROM stock_movements WHERE reason = 'ship'") == (0,)
    cage = site.places["CAGE-1"]
    for package_id, code in ((bare.package_id, "hand_over.not_labelled"), (held.package_id, "hand_over.held")):
        outcome = database.write(lambda session, ident=package_id: load_cage(session, site.actor, ident, cage))
        assert (outcome.result, outcome.code) == (Result.REFUSED, code)


def test_the_cage_goes_onto_the_truck(database: Database) -> None:
    first, second, third = database.write(lambda session: packed_orders(session, 3))
    site, cage = first.site, first.site.places["CAGE-1"]

    def load(packed: Packed, place: int = cage) -> Outcome:
        return database.write(lambda session: load_cage(session, site.actor, packed.package_id, place))

    def truck() -> Outcome:
        return database.write(lambda session: hand_over_truck(session, site.actor, cage))

    assert truck().code == "hand_over.cage_empty"
    assert load(first, site.places["A-01-1"]).code == "hand_over.no_cage"
    for packed in (first, second, third):
        assert dict(load(packed).values)["cage"] == "CAGE-1"
    hold = Hold(order_id=third.order_id, kind=HoldKind.OFFICE, opened_at=build.NOW)
    database.write(lambda session: session.add(hold))
    outcome = truck()
    assert (outcome.code, outcome.values["parcels"], outcome.values["held"]) == ("hand_over.truck_some_held", 2, 1)
    assert row(database, "SELECT COUNT(*), MIN(carrier) FROM manifests") == (1, "own")
    assert row(database, "SELECT COUNT(*) FROM shipments WHERE manifest_id = :id", id=outcome.values["manifest"]) == (
        2,
    )
    assert truck().code == "hand_over.all_held"
    assert load(first).code == "hand_over.left_already"


def test_one_parcel_goes_onto_the_truck(database: Database) -> None:
    (packed,) = database.write(packed_orders)
    outcome = database.write(lambda session: hand_over_parcel(session, packed.site.actor, packed.package_id))
    assert (outcome.code, outcome.values["order"]) == ("hand_over.parcel", "#1000")
    assert row(database, "SELECT COUNT(*) FROM manifests m JOIN shipments s ON s.manifest_id = m.id") == (1,)
    again = database.write(lambda session: hand_over_parcel(session, packed.site.actor, packed.package_id))
    assert again.code == "hand_over.left_already"
