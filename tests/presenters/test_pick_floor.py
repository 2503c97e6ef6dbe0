"""The pick screen over the real floor: each answer of a walk is drawn as it should be, on both databases."""

from __future__ import annotations

import pytest

from app.domain.states import LocationKind
from app.models.database import Database
from app.models.fulfillment import Cart, PickList
from app.models.stock import Location
from app.presenters.pick import pick_state
from app.presenters.pick_model import PickModel, after
from app.presenters.state import pick
from app.queries.pick_floor import FloorPlan, PlanRack, floor_plan
from app.queries.pick_lists import open_pick_lists
from tests.presenters.pick_builders import ZONE
from tests.services import floor_builders as floor
from tests.services import stock_builders as build


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def two_orders(database: Database, site: build.Site) -> int:
    def make(session: build.Session) -> int:
        build.stock(session, site, "CUP", "A-01-1", 10)
        build.stock(session, site, "LAMP", "A-02-1", 5)
        first = build.add_order(session, site, [("CUP", 2), ("LAMP", 1)])
        second = build.add_order(session, site, [("CUP", 1)])
        return floor.release(session, site, [floor.promise_all(session, site, order.id) for order in (first, second)])

    return database.write(make)


class Screen:
    """What a picker sees after each scan."""

    def __init__(self, bench: floor.Bench) -> None:
        self.bench, self.model = bench, PickModel()

    def scan(self, *codes: str) -> str:
        for code in codes:
            self.model = after(self.model, self.bench.scan(code), self.bench.now)
        return self.state.banner.order

    @property
    def state(self) -> pick.Pick:
        return pick_state(self.model, self.bench.now, ZONE)


def test_a_whole_walk_is_drawn_from_its_answers(database: Database, site: build.Site) -> None:
    screen = Screen(floor.pick_bench(database, site)) if (walk := two_orders(database, site)) else None
    assert screen is not None
    assert screen.scan(f"PL-{walk:04}") == "Scan a tote for slot 1"
    assert screen.scan("T-1") == "Scan a tote for slot 2"
    assert screen.scan("T-2") == "Walk to the shelf, scan it"
    assert screen.scan("LAMP") == "Scan the shelf A-01-1 first"
    assert screen.scan("A-02-1") == "Wrong shelf. Go to A-01-1."
    assert screen.scan("A-01-1") == "Wrong shelf. Go to A-01-1."
    assert screen.model.refused_since == 1
    assert screen.scan("PW-OK") == "Walk to the shelf, scan it"
    assert screen.scan("A-01-1") == "Take 2, scan each"
    assert screen.scan("LAMP") == "Wrong item. Put it back."
    assert screen.scan("PW-OK", "CUP") == "Take 1, scan it"
    assert screen.scan("CUP") == "Put them into slot 1, scan T-1"
    assert screen.scan("CUP") == "Too many. Put 1 back."
    assert screen.scan("PW-OK", "T-2") == "Wrong tote. Use slot 1."
    assert screen.scan("PW-OK", "T-1") == "Take 1, scan it"
    assert screen.scan("CUP", "T-2", "A-02-1", "LAMP", "T-1") == "Walk done. Take the totes along."
    assert screen.state.banner.detail.startswith(f"PL-{walk:04}, 4 units, 2 totes")


def test_a_short_pick_is_drawn_step_by_step(database: Database, site: build.Site) -> None:
    walk = two_orders(database, site)
    database.write(lambda s: build.stock(s, site, "CUP", "B-01-1", 4))
    screen = Screen(floor.pick_bench(database, site))
    screen.scan(f"PL-{walk:04}", "T-1", "T-2", "A-01-1", "CUP")
    assert screen.scan("PW-SHORT") == "How many did you find?"
    assert screen.scan("PW-1") == "Why is 1 missing? Scan a reason."
    body = screen.state.body
    assert isinstance(body, pick.Short)
    assert [(c.code, c.chosen) for c in body.remedies] == [("PW-ELSE", True), ("PW-LATER", False)]
    assert body.remedy is not None
    assert body.remedy.code == "B-01-1"
    assert screen.scan("PW-EMPTY") == "Put them into slot 1, scan T-1"
    assert len(screen.model.work.stops if screen.model.work else ()) == 4


def test_a_walk_put_aside_is_listed_as_begun(database: Database, site: build.Site) -> None:
    walk = two_orders(database, site)
    bench = floor.pick_bench(database, site)
    screen = Screen(bench)
    screen.scan(f"PL-{walk:04}", "T-1")
    held = database.read(lambda s: open_pick_lists(s, site.warehouse_id, bench.now))
    assert [(one.code, one.held_by, one.held_at) for one in held] == [(f"PL-{walk:04}", "Ines Falk", "Bench W1")]
    assert screen.scan("PW-ASIDE").startswith(f"PL-{walk:04} was left, 3 stops wait")
    waiting = database.read(lambda s: open_pick_lists(s, site.warehouse_id, bench.now))
    assert [(one.orders, one.stops, one.units, one.started, one.held_by) for one in waiting] == [(2, 3, 4, True, "")]


def test_the_list_shows_carts_and_leaves_out_other_warehouses_and_empty_walks(
    database: Database, site: build.Site
) -> None:
    walk = two_orders(database, site)

    def on_cart(session: build.Session) -> None:
        cart = Cart(warehouse_id=site.warehouse_id, code="C-03", slots=12, columns=4)
        session.add(cart)
        session.flush()
        session.get_one(PickList, walk).cart_id = cart.id

    database.write(on_cart)
    other = database.write(lambda s: build.build_site(s, ("PEN",), "W2"))
    mine = database.read(lambda s: open_pick_lists(s, site.warehouse_id, build.NOW))
    assert [(one.cart, one.started) for one in mine] == [("C-03", False)]
    assert database.read(lambda s: open_pick_lists(s, other.warehouse_id, build.NOW)) == ()


def test_the_plan_is_made_from_the_coordinates_of_places(database: Database, site: build.Site) -> None:
    assert database.read(lambda s: floor_plan(s, site.warehouse_id)) is None

    def locate(session: build.Session) -> None:
        for code, aisle, x, y in (
            ("A-01-1", "01", 2400, 9600),
            ("A-02-1", "01", 2400, 10800),
            ("B-01-1", "02", 4800, 9600),
        ):
            place = session.get_one(Location, site.places[code])
            place.aisle, place.x_mm, place.y_mm = aisle, x, y
        bench = Location(warehouse_id=site.warehouse_id, code="BENCH-1", kind=LocationKind.BENCH, x_mm=2000, y_mm=4500)
        session.add(bench)

    database.write(locate)
    assert database.read(lambda s: floor_plan(s, site.warehouse_id)) == FloorPlan(
        (PlanRack("A", "01", 2400, 9600, 10800, 2), PlanRack("B", "02", 4800, 9600, 9600, 1)), (2000, 4500)
    )
