"""A pick scan tells what it changed of the walk: the screen comes to the same picture as by reading the walk anew."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from app.domain.walk_step import WalkStep, walked
from app.domain.work import PickWork
from app.models.database import Database
from app.presenters.pick_model import PickModel, after
from tests.presenters import pick_builders
from tests.services import floor_builders as floor
from tests.services import stock_builders as build
from tests.services.machine_floor import Hand


def two_orders(session: Session, site: build.Site) -> int:
    """A walk over two shelves, both orders of which take the same product from the first."""
    build.stock(session, site, "CUP", "A-01-1", 10)
    build.stock(session, site, "LAMP", "A-02-1", 5)
    orders = [build.add_order(session, site, [("CUP", 2), ("LAMP", 1)]) for _ in range(2)]
    return floor.release(session, site, [floor.promise_all(session, site, order.id) for order in orders])


def test_the_screen_shows_after_each_scan_what_the_database_holds(database: Database) -> None:
    site = database.write(build.build_site)
    walk = database.write(lambda s: two_orders(s, site))
    bench = floor.pick_bench(database, site)
    hand, model = Hand(bench), PickModel()
    scans = [f"PL-{walk:04}", "T-1", "T-2", "A-01-1", "CUP", "A-01-1", "T-1", "CUP", "T-1", "CUP", "CUP", "T-2"]
    told: list[str] = []
    for code in [*scans, "A-02-1", "LAMP", "T-1", "LAMP"]:
        outcome = bench.scan(code)
        model = after(model, outcome, bench.now)
        told.append("step" if isinstance(outcome.delta, WalkStep) else "walk" if outcome.work else outcome.code)
        assert model.work == hand.work, code
    assert told == [
        "walk", "walk", "walk", "step", "step", "step", "step", "step", "walk", "step", "step", "walk",
        "step", "step", "walk", "step",
    ]  # fmt: skip


def test_a_step_of_another_walk_changes_nothing() -> None:
    work = pick_builders.WALK
    assert walked(work, WalkStep(-1, "item", 1, False)) == work


def test_a_step_ends_what_was_asked_of_a_short_shelf() -> None:
    work: PickWork = pick_builders.REASON
    assert work.current is not None
    here = next(stop for stop in work.stops if stop.task_id == work.current)
    shown = walked(work, WalkStep(work.current, "tote", here.quantity, True, 1, 3))
    assert (shown.step, shown.in_hand, shown.found, shown.elsewhere, shown.elsewhere_free) == ("tote", 3, None, "", 0)
    expected = replace(here, picked=here.quantity, done=True, on_shelf=here.on_shelf - 1)
    assert next(stop for stop in shown.stops if stop.task_id == work.current) == expected
