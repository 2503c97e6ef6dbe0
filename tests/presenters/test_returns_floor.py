"""The returns screen over the real floor: each answer of a return is drawn as it should be, on both databases."""

from __future__ import annotations

import pytest

from app.domain.states import ReturnState
from app.models.database import Database
from app.presenters.returns import returns_state
from app.presenters.returns_model import ReturnsModel, after
from app.presenters.state import returns
from app.queries.returns_open import open_returns
from tests.presenters.returns_builders import ZONE
from tests.services import floor_builders as floor
from tests.services import stock_builders as build
from tests.services.returns_site import bench_of, shipped_order


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


class Screen:
    """What a clerk sees after each scan."""

    def __init__(self, bench: floor.Bench) -> None:
        self.bench, self.model = bench, ReturnsModel()

    def scan(self, *codes: str) -> str:
        for code in codes:
            self.model = after(self.model, self.bench.scan(code), self.bench.now)
        return self.state.banner.order

    @property
    def state(self) -> returns.Returns:
        return returns_state(self.model, self.bench.now, ZONE)


def test_a_whole_return_is_drawn_from_its_answers(database: Database, site: build.Site) -> None:
    database.write(lambda s: shipped_order(s, site))
    screen = Screen(bench_of(database, site))
    assert screen.scan("#1000") == "Scan the first unit"
    assert screen.scan("SOAP") == "Not from this order. Put it aside."
    assert screen.scan("CUP") == "Not from this order. Put it aside."
    assert screen.model.refused_since == 1
    assert screen.scan("PW-OK", "CUP") == "Unit 1 of 1: how does it look?"
    assert screen.scan("PW-GR-B") == "Unit 1 of 1: why is it back?"
    assert screen.scan("PW-FAULT") == "Unit 1 of 1: scan where it goes"
    assert screen.scan("PW-RESTOCK") == "Faulty goods are never sold again. Scan another place for unit 1"
    assert screen.scan("PW-QUAR") == "All decided. Scan more, or propose."
    body = screen.state.body
    assert isinstance(body, returns.Inspect)
    assert body.refund.amount == "12.10"  # 10.00 and the outward post of 2.10
    assert screen.scan("PW-REFUND") == "Return done. Refund recorded."
    assert isinstance(screen.state.body, returns.Finished)


def test_a_return_put_aside_waits_in_the_list(database: Database, site: build.Site) -> None:
    database.write(lambda s: shipped_order(s, site))
    screen = Screen(bench_of(database, site))
    screen.scan("#1000", "CUP", "LAMP", "PW-GR-A", "PW-MIND", "PW-RESTOCK")
    assert screen.scan("PW-ASIDE") == "RMA-0001 was left, 1 unit is still to decide"
    (one,) = database.read(lambda s: open_returns(s, site.warehouse_id))
    assert (one.code, one.order_number, one.recipient, one.town) == ("RMA-0001", "#1000", "Ada Stone", "Leeds")
    assert (one.state, one.units, one.undecided) == (ReturnState.RECEIVED, 2, 1)
    other = database.write(lambda s: build.build_site(s, ("PEN",), "W2"))
    assert database.read(lambda s: open_returns(s, other.warehouse_id)) == ()
