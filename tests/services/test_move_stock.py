"""Stock moves between places: only what is free, and what it makes sellable is sold."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.states import MovementReason
from app.models.database import Database
from app.models.stock import StockMovement
from app.services.allocate import allocate_ready
from app.services.move_stock import move_stock
from tests.services import stock_builders as build


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def test_free_units_move_and_promised_ones_stay(database: Database, site: build.Site) -> None:
    cup = site.products["CUP"]
    one, two = site.places["A-01-1"], site.places["B-01-1"]
    database.write(lambda s: build.stock(s, site, "CUP", "A-01-1", 10))
    database.write(lambda s: build.add_order(s, site, [("CUP", 7)]))
    database.write(lambda s: allocate_ready(s, site.actor, 1))
    outcome = database.write(lambda s: move_stock(s, site.actor, cup, one, two, 4))
    assert (outcome.code, outcome.values["free"], outcome.values["promised"]) == ("stock.promised", 3, 7)
    assert database.write(lambda s: move_stock(s, site.actor, cup, one, two, 11)).code == "stock.not_that_many"
    assert database.write(lambda s: move_stock(s, site.actor, cup, two, one, 1)).code == "stock.not_that_many"
    assert database.write(lambda s: move_stock(s, site.actor, cup, one, one, 1)).code == "stock.same_place"
    assert database.write(lambda s: move_stock(s, site.actor, cup, one, two, -1)).code == "stock.bad_quantity"
    tote = site.places["T-1"]
    assert database.write(lambda s: move_stock(s, site.actor, cup, one, tote, 1)).code == "stock.not_a_shelf"
    outcome = database.write(lambda s: move_stock(s, site.actor, cup, one, two, 3))
    assert outcome.values == {"sku": "CUP", "quantity": 3, "location": "A-01-1", "target": "B-01-1", "served": 0}
    for place, expected in (("A-01-1", (7, 7)), ("B-01-1", (3, 0))):
        assert database.read(lambda s, p=place: build.balance(s, site, "CUP", p)) == expected


def test_what_leaves_the_receiving_place_serves_backorders(database: Database, site: build.Site) -> None:
    cup = site.products["CUP"]
    database.write(lambda s: build.stock(s, site, "CUP", "REC-1", 5))
    database.write(lambda s: build.add_order(s, site, [("CUP", 2)]))
    assert len(database.write(lambda s: allocate_ready(s, site.actor, 1)).backordered) == 1
    outcome = database.write(lambda s: move_stock(s, site.actor, cup, site.places["REC-1"], site.places["A-01-1"], 5))
    assert (outcome.code, outcome.values["served"]) == ("stock.moved", 1)
    assert database.read(lambda s: build.balance(s, site, "CUP", "A-01-1")) == (5, 2)
    moved = [str(MovementReason.RECEIPT), str(MovementReason.MOVE)]
    reasons = database.read(lambda s: list(s.scalars(select(StockMovement.reason).order_by(StockMovement.id))))
    assert reasons == moved
