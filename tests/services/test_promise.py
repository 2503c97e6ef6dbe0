"""What a channel may promise: exact values, by site, for one product and for all; and it is what allocation takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.domain.states import Condition, WarehouseKind
from app.models.database import Database
from app.models.demand import Channel
from app.models.sourcing import ChannelBuffer, ChannelWarehouse, SafetyStock
from app.models.stock import CountTask, Location, Warehouse
from app.queries.promise import AT_ONCE
from app.services.allocate import allocate_ready
from app.services.promise import Available, availability, available_of, channel_by_key
from tests.services import stock_builders as build

SKUS = ("CUP", "LAMP", "SOAP")


@dataclass(frozen=True, slots=True)
class Two:
    """Two sites with the same products."""

    here: build.Site
    there: build.Site


def two_sites(session: Session) -> Two:
    """10 cups here and 7 there, 3 lamps there."""
    here = build.build_site(session, SKUS, "W1")
    there = replace(build.build_site(session, ("X",), "W2"), products=here.products)
    build.stock(session, here, "CUP", "A-01-1", 6)
    build.stock(session, here, "CUP", "BULK-1", 4)
    build.stock(session, there, "CUP", "A-01-1", 7)
    build.stock(session, there, "LAMP", "A-01-1", 3)
    session.execute(text("UPDATE products SET active = :no WHERE sku = 'X'"), {"no": False})
    return Two(here, there)


@pytest.fixture
def two(database: Database) -> Two:
    return database.write(two_sites)


def of(database: Database, two: Two, sku: str = "CUP", channel: str = "shop-W1") -> Available:
    found = database.read(lambda s: available_of(s, two.here.products[sku], build.NOW))
    return next(one for one in found if one.channel.key == channel)


def sites(found: Available) -> list[tuple[str, int, int, int, int]]:
    """By site: free, safety, buffer, promised."""
    return [(one.source.code, one.free, one.safety, one.buffer, one.promised) for one in found.sites]


def listed(database: Database, key: str = "shop-W1") -> list[tuple[str, int, int, int, int]]:
    def look(session: Session) -> list[tuple[str, int, int, int, int]]:
        channel = channel_by_key(session, key)
        assert channel is not None
        rows = availability(session, channel, build.NOW)
        return [(row.sku, row.available, row.free, row.safety, row.buffer) for row in rows]

    return database.read(look)


def test_what_is_free_at_all_sites_may_be_promised(database: Database, two: Two) -> None:
    assert sites(of(database, two)) == [("W1", 10, 0, 0, 10), ("W2", 7, 0, 0, 7)]
    assert (of(database, two).available, of(database, two).free) == (17, 17)
    assert listed(database) == [("CUP", 17, 17, 0, 0), ("LAMP", 3, 3, 0, 0), ("SOAP", 0, 0, 0, 0)]


def test_nothing_imaginary_is_promised(database: Database, two: Two) -> None:
    def spoil(session: Session) -> None:
        build.stock(session, two.here, "CUP", "Q-1", 50)  # quarantine
        build.stock(session, two.here, "CUP", "A-02-1", 50, condition=Condition.OPENED)
        gone = build.add_lot(session, two.here, "CUP", "OLD", build.NOW - timedelta(days=1))
        build.stock(session, two.here, "CUP", "B-01-1", 50, lot_id=gone)
        build.stock(session, two.there, "CUP", "A-02-1", 50)  # to be counted
        session.add(
            CountTask(
                location_id=two.there.places["A-02-1"], product_id=two.here.products["CUP"], reason="short_pick",
                ordered_at=build.NOW,
            )
        )  # fmt: skip
        build.stock(session, two.there, "CUP", "B-01-1", 50)  # a place out of use
        session.get_one(Location, two.there.places["B-01-1"]).active = False
        build.add_order(session, two.here, [("CUP", 4)])
        assert len(allocate_ready(session, two.here.actor, 10).allocated) == 1

    database.write(spoil)
    assert of(database, two).available == 13
    assert listed(database)[0] == ("CUP", 13, 13, 0, 0)


def test_safety_stock_and_a_buffer_are_taken_off_at_each_site(database: Database, two: Two) -> None:
    cup = two.here.products["CUP"]

    def keep(session: Session) -> None:
        session.add_all(
            [
                SafetyStock(warehouse_id=0, product_id=cup, quantity=2),
                SafetyStock(warehouse_id=two.there.warehouse_id, product_id=cup, quantity=5),
                ChannelBuffer(channel_id=two.here.channel_id, quantity=1),
                ChannelBuffer(channel_id=two.here.channel_id, product_id=cup, quantity=0, percent=25),
            ]
        )

    database.write(keep)
    # Here 10 less 2 is 8, a quarter of it 2; there 7 less 5 is 2, a quarter of it 1, rounded up.
    assert sites(of(database, two)) == [("W1", 10, 2, 2, 6), ("W2", 7, 5, 1, 1)]
    assert listed(database) == [("CUP", 7, 17, 7, 3), ("LAMP", 2, 3, 0, 1), ("SOAP", 0, 0, 0, 0)]
    assert sites(of(database, two, channel="shop-W2")) == [("W1", 10, 2, 0, 8), ("W2", 7, 5, 0, 2)]


def test_more_is_never_kept_back_than_there_is(database: Database, two: Two) -> None:
    def keep(session: Session) -> None:
        session.add(SafetyStock(quantity=8))
        session.add(ChannelBuffer(channel_id=two.here.channel_id, quantity=99))

    database.write(keep)
    assert sites(of(database, two)) == [("W1", 10, 8, 2, 0), ("W2", 7, 7, 0, 0)]
    assert of(database, two).available == 0


def test_a_channel_sells_from_its_own_sources_only(database: Database, two: Two) -> None:
    def limit(session: Session) -> None:
        session.add(ChannelWarehouse(channel_id=two.here.channel_id, warehouse_id=two.there.warehouse_id))
        supplier = Warehouse(code="S1", name="Supplier", kind=WarehouseKind.SUPPLIER)
        session.add(supplier)
        session.flush()
        session.add(Location(warehouse_id=supplier.id, code="S", kind="shelf"))

    database.write(limit)
    assert sites(of(database, two)) == [("W2", 7, 0, 0, 7)]
    assert sites(of(database, two, channel="shop-W2")) == [("W1", 10, 0, 0, 10), ("W2", 7, 0, 0, 7)]
    database.write(lambda s: setattr(s.get_one(Warehouse, two.there.warehouse_id), "active", False))
    assert of(database, two).available == 0


def test_a_channel_is_found_by_key_or_name(database: Database, two: Two) -> None:
    database.write(lambda s: setattr(s.get_one(Channel, two.there.channel_id), "name", "Market"))
    keys = database.read(lambda s: [channel_by_key(s, told) for told in (" SHOP-w1 ", "market", "nobody")])
    assert [one.key if one else None for one in keys] == ["shop-W1", "shop-W2", None]


def test_a_long_list_takes_two_statements_a_page_and_no_row_of_stock_is_read_twice(
    database: Database, two: Two
) -> None:
    def fill(session: Session) -> None:
        rows = [{"sku": f"P{n:05}", "at": 0} for n in range(AT_ONCE + 10)]
        session.connection().execute(
            text("INSERT INTO products (sku, sku_key, name, created_at) VALUES (:sku, :sku, :sku, :at)"), rows
        )

    database.write(fill)
    said: list[str] = []

    def look(session: Session) -> int:
        channel = channel_by_key(session, "shop-W1")
        assert channel is not None
        engine = session.get_bind().engine
        event.listen(engine, "before_cursor_execute", lambda _c, _u, sql, *_: said.append(sql))
        return sum(1 for _ in availability(session, channel, build.NOW))

    assert database.read(look) == 3 + AT_ONCE + 10
    assert len([sql for sql in said if "FROM stock_balances" in sql]) == 2
    assert len([sql for sql in said if "FROM products" in sql]) == 3  # the last one finds no more
