"""What a bench takes along for an outage judges codes as the database does."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import ahead
from app.domain.ahead import Kit, Verdict
from app.integrations.carriers.own_delivery import OwnDelivery
from app.models.catalogue import Identifier
from app.models.database import Database
from app.models.fulfillment import Fulfillment
from app.services.ahead import kit_of
from tests.services import pack_builders as packing
from tests.services import stock_builders as build

SHARED = "4006381333931"


def test_a_code_of_two_products_of_the_order_is_asked_about_by_the_database_and_parked_without_it(
    database: Database,
) -> None:
    site = database.write(build.build_site)
    number = packing.order_on_shelf(database, site, ("CUP", 2), ("LAMP", 1))
    bench = packing.pack_bench(database, site)

    def share(session: Session) -> int:
        for sku in ("CUP", "LAMP", "SOAP"):
            session.add(Identifier(product_id=site.products[sku], code="0" + SHARED, kind="gtin"))
        return session.scalars(select(Fulfillment.id)).one()

    fulfillment = database.write(share)
    bench.scan(number)

    def read(session: Session) -> Kit | None:
        return kit_of(session, bench.floor.station_id, fulfillment, OwnDelivery())

    kit = database.write(read)
    assert kit is not None
    start = ahead.begin(kit.work)
    first = ahead.judge(kit, start, SHARED, None, bench.now)
    assert (first.verdict, first.after.packed) == (Verdict.PARKED, start.packed)
    assert bench.scan(SHARED).code == "station.which"

    lamp = ahead.judge(kit, start, "LAMP", None, bench.now)
    assert bench.scan("LAMP").code == "pack.counted"
    cup = ahead.judge(kit, lamp.after, SHARED, None, bench.now)  # the lamp is in: it can only be a cup
    assert cup.counted is not None
    assert cup.counted.item.sku == "CUP"
    counted = bench.scan(SHARED)
    assert (counted.code, counted.values["sku"]) == ("pack.counted", "CUP")
