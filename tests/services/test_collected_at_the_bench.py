"""What its customer collects gets no label at a bench, and never leaves with a carrier."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.domain.outcomes import Place, Result
from app.domain.states import FulfillmentState
from app.models.database import Database
from app.models.fulfillment import Fulfillment
from app.models.shipping import Label
from app.services import pick_up
from tests.services.machine_floor import whole_bench
from tests.services.test_pick_up import Shop, bench, picked_order, walk


@pytest.fixture
def shop(database: Database) -> Shop:
    return database.write(picked_order)


def state(database: Database, shop: Shop) -> FulfillmentState:
    return database.read(lambda s: s.get_one(Fulfillment, shop.fulfillment_id).state)


def test_the_paper_of_its_walk_opens_it_at_no_bench(database: Database, shop: Shop) -> None:
    walk(database, shop, bench(database, shop))
    packer = whole_bench(database, shop.site, "Pam", Place.PACK)
    answer = packer.scan("PL-1")
    assert (answer.result, answer.code, packer.work_kind) == (Result.REFUSED, "pack.collected", "")
    assert state(database, shop) is FulfillmentState.PICKED
    assert packer.scan("T-1").code == "pick_up.set_aside"
    assert packer.scan("B-01-1").code == "pick_up.ready"
    assert database.read(lambda s: s.scalar(select(func.count(Label.id)))) == 0


def test_it_may_move_to_another_place_while_it_waits_and_not_after(database: Database, shop: Shop) -> None:
    station = bench(database, shop)
    walk(database, shop, station)
    station.scans("T-1", "B-01-1")

    def aside(place: str) -> str:
        ident = shop.site.places[place]
        return database.write(lambda s: pick_up.set_aside(s, shop.site.actor, shop.fulfillment_id, ident)).code

    assert aside("A-02-1") == "pick_up.ready"
    database.write(lambda s: pick_up.hand_out(s, shop.site.actor, shop.fulfillment_id, ""))
    assert aside("B-01-1") == "pick_up.not_picked"
