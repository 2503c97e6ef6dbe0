"""Once a hold is lifted nothing waits for somebody to remember the order."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.states import HoldKind
from app.models.database import Database
from app.models.demand import Hold
from app.services.allocate import allocate_ready
from app.services.go_on import go_on
from app.services.hand_over import ship_packages
from app.services.settings_store import AT_TRUCK, put_setting
from tests.services import stock_builders as build


def held_parcel(session: Session) -> tuple[build.Site, int]:
    """A parcel with its printed label, whose order was held before it could leave."""
    site = build.build_site(session)
    build.stock(session, site, "CUP", "A-01-1", 3)
    order = build.add_order(session, site, [("CUP", 1)])
    package = build.pack_all(session, site, allocate_ready(session, site.actor, 1).fulfillment_ids[0])
    session.add(Hold(order_id=order.id, kind=HoldKind.OFFICE, opened_at=build.NOW))
    session.flush()
    assert ship_packages(session, site.actor, [package.id]) == ()
    return site, order.id


def state(database: Database) -> object:
    return database.read(lambda session: session.execute(text("SELECT state FROM fulfillments")).scalar_one())


def lift(session: Session) -> None:
    session.execute(text("UPDATE holds SET released_at = 1"))


def test_a_printed_parcel_leaves_when_its_hold_is_lifted(database: Database) -> None:
    site, order_id = database.write(held_parcel)
    database.write(lambda session: go_on(session, site.actor, order_id))
    assert state(database) == "packed"
    database.write(lift)
    database.write(lambda session: go_on(session, site.actor, order_id))
    assert state(database) == "shipped"


def test_where_trucks_hand_over_it_waits_for_the_truck(database: Database) -> None:
    site, order_id = database.write(held_parcel)
    database.write(lambda session: put_setting(session, "handover", AT_TRUCK))
    database.write(lift)
    database.write(lambda session: go_on(session, site.actor, order_id))
    assert state(database) == "packed"
