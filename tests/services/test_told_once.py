"""Every station looks for what suppliers must be told: each thing is told once, whoever was quicker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from app.models.database import Database
from app.models.outbox import OutboxMessage
from app.services import drop_ship
from app.services.cancel import cancel_order
from tests.services.test_drop_ship import ordered, with_supplier


def test_what_was_cancelled_is_told_once_by_stations_that_look_at_the_same_moment(database: Database) -> None:
    house = database.write(with_supplier)
    order_id = ordered(database, house)
    database.write(lambda s: drop_ship.ask_suppliers(s, house.site.actor))
    database.write(lambda s: cancel_order(s, house.site.actor, order_id, "Changed their mind"))
    with ThreadPoolExecutor(1) as other:
        with database.writing() as session:
            drop_ship.ask_suppliers(session, house.site.actor)
            asked = other.submit(database.write, lambda s: drop_ship.ask_suppliers(s, house.site.actor))
            if not database.is_sqlite:
                until_it_waits(database)
        assert asked.result() == ()
    keys = database.read(lambda s: s.scalars(select(OutboxMessage.key).order_by(OutboxMessage.id)).all())
    assert [key for key in keys if key.startswith("supplier.")] == ["supplier.request:1", "supplier.cancelled:1"]


def until_it_waits(database: Database) -> None:
    """Returns once the other one waits for our row."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    for _look in range(20_000):
        with database.connection() as connection:
            if connection.exec_driver_sql(waits).scalar():
                return
    raise AssertionError("nobody waited")
