"""An import at which our own code fails, or that a crash ends: what is done is kept, and what is not is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.bootstrap.ready import formats
from app.domain.capture_settings import ReadSettings
from app.domain.import_report import ImportReport
from app.models.demand import Order
from app.queries.imports import recent_imports, refused_rows
from app.runtime import importing
from app.runtime.background import Background
from app.runtime.importing import FileImport, retry_row
from app.services.actor import Actor
from app.services.capture.insertion import Place, insert_orders
from app.services.capture.interrupted import any_interrupted, mark_interrupted
from app.services.capture.prepare import PreparedOrder
from app.services.capture.runs import ImportedFile, begin_import
from tests.builders import NOW, World, world
from tests.runtime.test_effects import MoodyCarrier, Paper

__all__ = ["world"]

HEADINGS = "order,sku,quantity,name,address1,city,postcode,country\n"
POISON = "#7"


@dataclass
class Clock:
    """A clock that a test moves."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def orders_file(folder: Path, count: int = 20) -> Path:
    """Orders #1 to #count of two lines each."""
    rows = [
        f"#{number},{sku},1,Ada Stone,1 Mill Lane,Leeds,LS1 1AA,GB\n"
        for number in range(1, count + 1)
        for sku in ("CUP", "LAMP")
    ]
    path = folder / "orders.csv"
    path.write_text(HEADINGS + "".join(rows), encoding="utf-8")
    return path


def run(world: World, path: Path, clock: Callable[[], datetime] = lambda: NOW) -> ImportReport:
    def actor(now: datetime) -> Actor:
        return world.actor(now=now)

    return FileImport(world.database, actor, clock).run(formats(), "csv-orders", path, ReadSettings())


def numbers(world: World) -> list[str]:
    return world.read(lambda s: sorted(s.execute(select(Order.number)).scalars()))


def test_an_order_that_our_code_fails_at_is_kept_and_all_others_are_taken(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = orders_file(tmp_path)
    asked: list[int] = []

    def stumbles(session: Session, actor: Actor, place: Place, orders: Sequence[PreparedOrder]) -> list[int]:
        asked.append(len(orders))
        if any(order.order.number == POISON for order in orders):
            raise ZeroDivisionError("a fault of ours")
        return insert_orders(session, actor, place, orders)

    with monkeypatch.context() as patch:
        patch.setattr("app.services.capture.orders.insert_orders", stumbles)
        report = run(world, path)
        entry = world.read(refused_rows)[0]
        again = retry_row(world.database, formats(), lambda now: world.actor(now=now), lambda: NOW, entry.row_id)
    assert (report.state, report.counts.new, report.counts.refused) == ("done", 19, 1)
    assert POISON not in numbers(world)
    assert len(numbers(world)) == 19
    assert [(row.line, row.code, dict(row.values)) for row in report.refused] == [
        (14, "not_stored", {"reason": "ZeroDivisionError"})
    ]
    assert entry.refused.raw == "#7,CUP,1,Ada Stone,1 Mill Lane,Leeds,LS1 1AA,GB\n"
    assert [row.line_number for row in entry.refused.companions] == [15]
    assert (again.code, again.values) == ("capture.refused.not_stored", {"reason": "ZeroDivisionError"})
    assert asked[-1] == 1

    taken = retry_row(world.database, formats(), lambda now: world.actor(now=now), lambda: NOW, entry.row_id)
    assert taken.code == "import.row_taken"
    assert len(numbers(world)) == 20
    assert run(world, path).counts.same == 20


def test_an_order_that_can_not_even_be_prepared_is_kept(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = importing.prepare

    def stumbles(order: object) -> PreparedOrder:
        if getattr(order, "number", "") == POISON:
            raise KeyError("a fault of ours")
        return prepare(order)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "prepare", stumbles)
    report = run(world, orders_file(tmp_path, 8))
    assert (report.counts.new, report.counts.refused) == (7, 1)
    assert [row.refused.order_number for row in world.read(refused_rows)] == [POISON]


def test_an_import_that_a_crash_ended_is_marked_and_may_be_run_again(world: World, tmp_path: Path) -> None:
    path = orders_file(tmp_path, 200)
    clock = Clock()
    old = world.write(lambda s: begin_import(s, world.actor(), ImportedFile("csv-orders", "orders.csv")))
    clock.now += timedelta(minutes=1)
    assert not world.read(lambda s: any_interrupted(s, clock.now))
    clock.now += timedelta(minutes=2)
    assert world.read(lambda s: any_interrupted(s, clock.now))
    report = run(world, path, clock)
    rows = [(row.import_id, row.state) for row in world.read(recent_imports)]
    assert rows == [(report.import_id, "done"), (old, "interrupted")]
    assert report.counts.new == 200


def test_a_running_import_notes_that_it_does(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "SECONDS_BETWEEN_NOTES", 0.0)
    clock, silent = Clock(), list[bool]()
    make = importing.capture_orders

    def slowly(*args: object) -> object:
        clock.now += timedelta(minutes=1)
        silent.append(world.read(lambda s: any_interrupted(s, clock.now)))
        return make(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "capture_orders", slowly)
    assert run(world, orders_file(tmp_path, 200), clock).state == "done"
    assert len(silent) > 0
    assert not any(silent)


def test_a_station_marks_what_a_crash_left(world: World) -> None:
    clock = Clock()
    run_id = world.write(lambda s: begin_import(s, world.actor(), ImportedFile("csv-orders", "orders.csv")))
    background = Background(
        world.database, lambda now: world.actor(now=now), {"own": MoodyCarrier()}, Paper(), clock,
        lambda _: None, lambda _: None, lambda _: None,
    )  # fmt: skip
    clock.now += timedelta(minutes=3)
    background._mark_interrupted()
    row = world.read(recent_imports)[0]
    assert (row.import_id, row.state, row.finished_at) == (run_id, "interrupted", clock.now)
    assert world.write(lambda s: mark_interrupted(s, world.actor(now=clock.now))) == 0


def test_the_list_of_imports_tells_how_many_orders_have_their_stock(world: World, tmp_path: Path) -> None:
    for sku, quantity in (("CUP", 2), ("LAMP", 9)):
        world.stock(world.product(sku), "S-01", quantity)
    report = run(world, orders_file(tmp_path, 3))
    row = world.read(recent_imports)[0]
    # the second and the third look like the first, and wait for somebody to say whether they are
    assert (row.state, row.counts["new"], row.counts["allocated"], row.counts["backordered"]) == ("done", 3, 1, 0)
    assert report.counts.allocated == 1


def test_what_is_due_once_in_a_while_is_done_between_transactions(world: World, tmp_path: Path) -> None:
    """Each time all that was written before is there for others already."""
    seen: list[tuple[int, int]] = []
    counts = text("SELECT COUNT(*), COALESCE(SUM(state = 'allocated'), 0) FROM orders")
    if not world.database.is_sqlite:
        counts = text("SELECT COUNT(*), COUNT(*) FILTER (WHERE state = 'allocated') FROM orders")
    world.stock(world.product("CUP"), "A-01", 500)
    world.stock(world.product("LAMP"), "A-02", 500)

    def between() -> None:
        stored, promised = world.database.read(lambda session: session.execute(counts).one())
        seen.append((int(stored), int(promised)))

    made = FileImport(world.database, lambda now: world.actor(now=now), lambda: NOW, between=between)
    made.run(formats(), "csv-orders", orders_file(tmp_path, 200), ReadSettings())
    assert (seen[0], seen[-1]) == ((0, 0), (200, 1))  # all but the first are held: the same person ordered the same
    assert seen == sorted(seen)
    if world.database.is_sqlite:
        assert {stored for stored, _ in seen} >= {37, 74, 200}
