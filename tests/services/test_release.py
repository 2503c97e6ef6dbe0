"""Release: what may go becomes walks; what is held or not whole stays; and the way back."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.errors import BadUseError
from app.domain.states import HoldKind
from app.models.database import Database
from app.models.demand import Hold
from app.models.fulfillment import PickListSlot, PickTask
from app.models.people import Claim
from app.services.allocate import allocate_ready
from app.services.release import ReleaseResult, release, unrelease
from tests.services import stock_builders as build


def shop(session: Session, *orders: tuple[tuple[str, int], ...], **more: object) -> tuple[build.Site, list[int]]:
    """A site with stock, and allocated orders."""
    site = build.build_site(session)
    build.stock(session, site, "LAMP", "B-01-1", 50)
    build.stock(session, site, "CUP", "A-02-1", 50)
    build.stock(session, site, "SOAP", "A-01-1", 50)
    ids = [build.add_order(session, site, lines, **more).id for lines in orders]  # type: ignore[arg-type]
    assert allocate_ready(session, site.actor, 1000).backordered == ()
    return site, ids


def states(database: Database) -> list[tuple[str, str]]:
    """(order's state, fulfillment's state) of all."""
    sql = text("SELECT o.state, f.state FROM orders o LEFT JOIN fulfillments f ON f.order_id = o.id ORDER BY o.id")
    return database.read(lambda session: [tuple(row) for row in session.execute(sql)])


def test_a_cart_is_filled_and_walked_along_the_shelves(database: Database) -> None:
    site, _ids = database.write(lambda s: shop(s, (("LAMP", 2), ("CUP", 1)), (("CUP", 3), ("SOAP", 1)), (("LAMP", 1),)))
    result = database.write(lambda session: release(session, site.actor, slots=2))
    assert (len(result.pick_list_ids), len(result.fulfillment_ids)) == (2, 3)
    assert states(database) == [("in_fulfillment", "released")] * 3
    first, second = result.pick_list_ids
    slots = select(PickListSlot.pick_list_id, PickListSlot.slot, PickListSlot.fulfillment_id).order_by(PickListSlot.id)
    one, two, three = result.fulfillment_ids
    rows = database.read(lambda session: [tuple(row) for row in session.execute(slots)])
    assert rows == [(first, 1, two), (first, 2, one), (second, 1, three)]
    sql = text(
        "SELECT t.pick_list_id, t.sequence, p.code, t.slot, t.quantity, t.state FROM pick_tasks t "
        "JOIN locations p ON p.id = t.location_id ORDER BY t.pick_list_id, t.sequence"
    )
    assert database.read(lambda session: [tuple(row) for row in session.execute(sql)]) == [
        (first, 1, "A-01-1", 1, 1, "open"),
        (first, 2, "A-02-1", 1, 3, "open"),
        (first, 3, "A-02-1", 2, 1, "open"),
        (first, 4, "B-01-1", 2, 2, "open"),
        (second, 1, "B-01-1", 1, 1, "open"),
    ]
    assert database.write(lambda session: release(session, site.actor)) == ReleaseResult()


def test_urgent_ones_go_first_and_limits_hold(database: Database) -> None:
    site, _ids = database.write(lambda s: shop(s, (("CUP", 1),), (("CUP", 1),)))
    database.write(
        lambda s: s.execute(text("UPDATE fulfillments SET priority = 1 WHERE id = (SELECT MAX(id) FROM fulfillments)"))
    )
    assert len(database.write(lambda session: release(session, site.actor, 1)).fulfillment_ids) == 1
    assert states(database) == [("allocated", "allocated"), ("in_fulfillment", "released")]
    with pytest.raises(BadUseError):
        database.write(lambda session: release(session, site.actor, slots=13))


def test_held_orders_stay(database: Database) -> None:
    site, ids = database.write(lambda s: shop(s, (("CUP", 1),), (("CUP", 1),)))
    database.write(lambda s: s.add(Hold(order_id=ids[0], kind=HoldKind.OFFICE, opened_at=build.NOW)))
    assert len(database.write(lambda session: release(session, site.actor)).fulfillment_ids) == 1
    assert states(database) == [("allocated", "allocated"), ("in_fulfillment", "released")]


def test_an_order_that_lacks_stock_goes_only_if_it_may_ship_in_parts(database: Database) -> None:
    def arrange(session: Session) -> build.Site:
        site, _ids = shop(session)
        build.add_order(session, site, [("CUP", 60)], in_parts=True)
        assert len(allocate_ready(session, site.actor, 9).backordered) == 1
        return site

    site = database.write(arrange)
    database.write(lambda s: s.execute(text("UPDATE orders SET may_ship_in_parts = (1 = 0)")))
    assert database.write(lambda session: release(session, site.actor)) == ReleaseResult()
    database.write(lambda s: s.execute(text("UPDATE orders SET may_ship_in_parts = (1 = 1)")))
    assert len(database.write(lambda session: release(session, site.actor)).fulfillment_ids) == 1
    assert states(database) == [("in_fulfillment", "released")]


def test_a_release_is_taken_back_while_nobody_walks(database: Database) -> None:
    site, _ids = database.write(lambda s: shop(s, (("CUP", 1),), (("CUP", 2),)))
    result = database.write(lambda session: release(session, site.actor))
    first, second = result.fulfillment_ids
    (pick_list,) = result.pick_list_ids
    outcome = database.write(lambda session: unrelease(session, site.actor, first, "too early"))
    assert (outcome.code, outcome.values["order"]) == ("release.taken_back", "#1000")
    assert states(database) == [("allocated", "allocated"), ("in_fulfillment", "released")]
    tasks = select(PickTask.fulfillment_id, PickTask.state).order_by(PickTask.id)
    assert database.read(lambda s: {(row[0], str(row[1])) for row in s.execute(tasks)}) == {
        (first, "dropped"),
        (second, "open"),
    }
    assert database.write(lambda session: unrelease(session, site.actor, first, "")).code == "release.not_released"
    database.write(
        lambda session: session.add(
            Claim(
                kind="pick_list",
                ref_id=pick_list,
                station_id=site.actor.station_id,
                operator_id=site.actor.operator_id,
                since=build.NOW,
                expires_at=site.at(10).now,
            )
        )
    )
    assert database.write(lambda session: unrelease(session, site.actor, second, "")).code == "release.being_picked"
    assert database.write(lambda session: unrelease(session, site.at(20), second, "")).code == "release.taken_back"
    sql = text("SELECT state FROM pick_lists")
    assert database.read(lambda session: session.execute(sql).scalar_one()) == "cancelled"
    again = database.write(lambda session: release(session, site.actor))
    assert again.fulfillment_ids == (first, second)
