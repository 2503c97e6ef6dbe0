"""How much a scan asks of its database: statements are time that a packer waits, messages are ways to the server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.domain.outcomes import Place
from app.models.database import Database
from app.models.pipeline import Pipeline
from app.models.prepared import Prepared
from tests.services import floor_builders as floor
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.floor_builders import Bench
from tests.services.machine_floor import whole_bench

OPEN, ITEM, FIRST, SEAL, SHELF, TOTE = "open", "item", "first", "seal", "shelf", "tote"
STATEMENTS = {OPEN: 15, ITEM: 12, FIRST: 21, SEAL: 26}
"""On a file, each is run by itself; settings come from the test here."""
MESSAGES = {OPEN: 3, ITEM: 3, FIRST: 3, SEAL: 3}
"""On a server, the commit among them."""


@contextmanager
def counted(database: Database, patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What goes to the database: statements on a file, messages on a server."""
    seen: list[str] = []
    here = threading.current_thread()  # what tells the stations of the change has a thread of its own
    run, send = Prepared._run, Pipeline._send

    def on_run(statement: Prepared, *rest: object) -> object:
        if database.is_sqlite and threading.current_thread() is here:
            seen.append(str(statement.statement))
        return run(statement, *rest)  # type: ignore[arg-type]

    def on_send(line: Pipeline, *rest: object, **more: object) -> object:
        if threading.current_thread() is here:
            seen.append("message")
        return send(line, *rest, **more)  # type: ignore[arg-type]

    def on_cursor(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if threading.current_thread() is here:
            seen.append(statement)

    with patch.context() as patched:
        patched.setattr(Prepared, "_run", on_run)
        patched.setattr(Pipeline, "_send", on_send)
        engines = {database.engine, database._writer}
        for engine in engines:
            event.listen(engine, "before_cursor_execute", on_cursor)
        try:
            yield seen
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", on_cursor)


def cost(database: Database, bench: Bench, patch: pytest.MonkeyPatch, code: str, answer: str) -> int:
    with counted(database, patch) as seen:
        assert bench.scan(code).code == answer
    return len(seen)


_PAPERS = text("SELECT id FROM fulfillments ORDER BY id")


def test_a_scan_asks_no_more_than_it_must(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    site = database.write(build.build_site)
    bench = whole_bench(database, site, "anna", Place.PACK)
    for _ in range(2):  # the first prepares
        packing.order_on_shelf(database, site, ("CUP", 3))
    for paper in database.read(lambda s: [f"F-{id}" for (id,) in s.execute(_PAPERS)]):
        costs = {
            OPEN: cost(database, bench, monkeypatch, paper, "pack.opened"),
            FIRST: cost(database, bench, monkeypatch, "CUP", "pack.counted"),
            ITEM: cost(database, bench, monkeypatch, "CUP", "pack.counted"),
            SEAL: cost(database, bench, monkeypatch, "CUP", "pack.complete"),
        }
    most = STATEMENTS if database.is_sqlite else MESSAGES
    assert {kind: count for kind, count in costs.items() if count > most[kind]} == {}


def test_the_number_of_an_order_opens_it_with_little_more(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    site = database.write(build.build_site)
    bench = whole_bench(database, site, "anna", Place.PACK)
    for number in [packing.order_on_shelf(database, site, ("CUP", 3)) for _ in range(2)]:  # the first prepares
        asked = cost(database, bench, monkeypatch, number, "pack.opened")
        bench.scan("PW-BACK")
    assert asked == (15 if database.is_sqlite else 5)


def test_an_item_that_is_counted_leaves_session_and_claim_alone(database: Database) -> None:
    site = database.write(build.build_site)
    bench = packing.pack_bench(database, site)
    bench.scans(packing.order_on_shelf(database, site, ("CUP", 3)), "CUP")
    rows = text("SELECT s.memory, s.package_id, s.step, c.expires_at FROM station_sessions s, claims c")
    before = database.read(lambda s: s.execute(rows).one())
    bench.scan("CUP")
    assert database.read(lambda s: s.execute(rows).one()) == before


PICK_STATEMENTS = {SHELF: 8, ITEM: 14, TOTE: 12}
PICK_MESSAGES = {SHELF: 3, ITEM: 4, TOTE: 6}


def test_a_scan_of_a_walk_asks_no_more_than_it_must(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    site = database.write(build.build_site)
    bench = floor.pick_bench(database, site)

    def two_orders(session: Session) -> int:
        build.stock(session, site, "CUP", "A-01-1", 20)
        build.stock(session, site, "LAMP", "A-02-1", 20)
        made = [build.add_order(session, site, [("CUP", 3), ("LAMP", 3)]) for _ in range(2)]
        return floor.release(session, site, [floor.promise_all(session, site, order.id) for order in made])

    walk = database.write(two_orders)
    bench.scans(f"PL-{walk:04}", "T-1", "T-2")
    stops = [("A-01-1", "CUP", "T-1"), ("", "CUP", "T-2"), ("A-02-1", "LAMP", "T-1")]
    costs: dict[str, int] = {}
    for shelf, item, tote in stops:  # the first ones prepare
        if shelf:
            costs[SHELF] = cost(database, bench, monkeypatch, shelf, "pick.at_shelf")
        bench.scan(item)
        costs[ITEM] = cost(database, bench, monkeypatch, item, "pick.counted")
        bench.scan(item)
        costs[TOTE] = cost(database, bench, monkeypatch, tote, "pick.stop_done")
    most = PICK_STATEMENTS if database.is_sqlite else PICK_MESSAGES
    assert {kind: count for kind, count in costs.items() if count > most[kind]} == {}
