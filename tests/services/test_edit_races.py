"""The office changes what a packer or another in the office has in hand at the same moment: decided exactly once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from app.domain.changed_work import ToDo
from app.domain.gesture import Gesture, GestureKind
from app.domain.order_edits import LineWish, NewLine
from app.domain.outcomes import Outcome, Place
from app.domain.work import PackWork
from app.models.database import Database
from app.services.allocate import allocate_orders
from app.services.cancel import cancel_line
from app.services.check import violations
from app.services.edit_lines import edit_lines
from app.services.merge import merge_orders
from app.services.orders import mend_address, set_service
from app.services.release import release
from tests.databases import PostgresDatabases
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.machine_floor import Hand, next_pack, whole_bench
from tests.services.test_bench_changes import rows

ROUNDS = 6
PATIENCE_SECONDS = 120.0


@pytest.fixture
def site(database: Database) -> build.Site:
    return database.write(build.build_site)


def at_once(*deeds: Callable[[], Outcome]) -> list[Outcome]:
    """All of them begin at the same moment, each on its own connection."""
    begin = threading.Barrier(len(deeds))

    def one(deed: Callable[[], Outcome]) -> Outcome:
        begin.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [done.result() for done in [threads.submit(one, deed) for deed in deeds]]


def finish(database: Database, site: build.Site, hand: Hand, number: str) -> None:
    """Does what the screen says until nothing is open any more."""
    for _scan in range(40):
        outcome = hand.scan(next_pack(hand.work, number))
        packing.carry_out(database, site, outcome)
        if rows(database, f"SELECT state FROM orders WHERE number = '{number}'") == [("shipped",)]:
            return
    raise AssertionError(f"{number} never left")


def test_a_scan_and_a_cancelled_unit_are_decided_one_after_the_other(database: Database, site: build.Site) -> None:
    hand = Hand(whole_bench(database, site, "Ada", Place.PACK))
    for _round in range(ROUNDS):
        number = packing.order_on_shelf(database, site, ("CUP", 2), ("LAMP", 1))
        line_id = int(str(rows(database, "SELECT max(id) - 1 FROM order_lines")[0][0]))
        hand.bench.scans(number, "CUP")
        scanned, cancelled = at_once(
            lambda: hand.bench.scan("CUP"),
            lambda i=line_id: database.write(lambda s: cancel_line(s, site.actor, i, 1, "one will do")),  # type: ignore[misc]
        )
        assert cancelled.code in ("cancel.line", "cancel.line_put_back")
        # Counted before it: a unit must come out again. After it: nothing was counted, the bench stands still.
        expected = "pack.counted" if cancelled.code == "cancel.line_put_back" else "pack.changed"
        assert scanned.code == expected
        if scanned.blocks:
            hand.bench.scan("PW-OK")
        else:
            assert hand.bench.scan("LAMP").code == "pack.changed"
            work = hand.work
            assert isinstance(work, PackWork)
            assert work.changed is not None
            assert [one.kind for one in work.changed.to_do] == [ToDo.TAKE_OUT]
        finish(database, site, hand, number)
        shipped = f"SELECT sum(quantity) FROM stock_movements WHERE order_line_id = {line_id} AND reason = 'ship'"
        assert int(str(rows(database, shipped)[0][0])) == 1
        assert database.read(violations) == []


def test_the_last_scan_and_a_new_address_never_ship_to_the_old_one(database: Database, site: build.Site) -> None:
    """The parcel is sealed and its label meant before, or it is not sealed at all."""
    hand = Hand(whole_bench(database, site, "Ada", Place.PACK))
    for turn in range(ROUNDS):
        number = packing.order_on_shelf(database, site, ("CUP", 1))
        order_id = int(str(rows(database, "SELECT max(id) FROM orders")[0][0]))
        street = {"address1": f"{turn + 2} Hill Road"}
        hand.bench.scan(number)
        scanned, moved = at_once(
            lambda: hand.bench.scan("CUP"),
            lambda i=order_id, a=street: database.write(lambda s: mend_address(s, site.actor, i, a)),  # type: ignore[misc]
        )
        codes = (scanned.code, moved.code)
        assert codes in (
            ("pack.complete", "edit.label_unsettled"),
            ("pack.changed", "order.address_mended"),
        )
        packing.carry_out(database, site, scanned)
        if scanned.blocks:
            hand.bench.scan("PW-OK")
            finish(database, site, hand, number)
            (content,) = rows(database, "SELECT content FROM labels ORDER BY id DESC LIMIT 1")
            assert street["address1"] in str(content)
        assert database.read(violations) == []


def test_of_two_in_the_office_one_is_told_of_the_other(database: Database, site: build.Site) -> None:
    for sku in ("CUP", "LAMP"):
        database.write(lambda s, k=sku: build.stock(s, site, k, "A-01-1", 50) and None)
    for turn in range(ROUNDS):
        order_id = database.write(lambda s: build.add_order(s, site, [("CUP", 2)]).id)
        (line_id,) = rows(database, f"SELECT id FROM order_lines WHERE order_id = {order_id}")[0]
        wish, lamp = [LineWish(int(str(line_id)), 3)], [NewLine(site.products["LAMP"], 1)]
        answers = at_once(
            lambda i=order_id, w=wish: database.write(  # type: ignore[misc]
                lambda s: edit_lines(s, site.actor, i, w, [], "more", seen=0)
            ),
            lambda i=order_id, n=lamp: database.write(  # type: ignore[misc]
                lambda s: edit_lines(s, site.actor, i, [], n, "and a lamp", seen=0)
            ),
            lambda i=order_id, t=turn: database.write(  # type: ignore[misc]
                lambda s: set_service(s, site.actor, i, f"Express {t}", seen=0)
            ),
        )
        done = [outcome.code for outcome in answers if not outcome.refused]
        late = [outcome.code for outcome in answers if outcome.refused]
        assert (len(done), late) == (1, ["edit.changed_meanwhile_by"] * 2)
    assert database.read(violations) == []


def test_two_orders_that_are_merged_into_each_other_are_merged_once(database: Database, site: build.Site) -> None:
    database.write(lambda s: build.stock(s, site, "CUP", "A-01-1", 50) and None)

    def pair(session: build.Session) -> tuple[int, int]:
        one, two = (build.add_order(session, site, [("CUP", 1)]) for _ in range(2))
        one.email = two.email = f"c{one.id}@x.example"
        session.flush()
        return one.id, two.id

    for _round in range(ROUNDS):
        one, two = database.write(pair)
        answers = at_once(
            lambda a=one, b=two: database.write(lambda s: merge_orders(s, site.actor, a, b, "together")),  # type: ignore[misc]
            lambda a=one, b=two: database.write(lambda s: merge_orders(s, site.actor, b, a, "together")),  # type: ignore[misc]
        )
        assert sorted(outcome.code for outcome in answers) == ["edit.merged_away", "merge.done"]
    assert database.read(violations) == []


def test_an_order_is_merged_into_one_whose_last_unit_is_picked_at_this_moment(
    postgresql_databases: PostgresDatabases,
) -> None:
    """The merge waits for the scan, and then knows that it is picked: a bench fetches what is more, not the walk."""
    database = postgresql_databases.fresh()
    site = database.write(build.build_site)
    for sku, place in (("CUP", "A-01-1"), ("LAMP", "A-02-1")):
        database.write(lambda s, g=(sku, place): build.stock(s, site, *g, 9) and None)  # type: ignore[misc]

    def three(session: build.Session) -> tuple[int, ...]:
        wanted = (("CUP", 2), ("LAMP", 1), ("CUP", 1))
        orders = [build.add_order(session, site, [goods]) for goods in wanted]
        for order in orders:
            order.email = "ada@x.example"
        session.flush()
        return tuple(order.id for order in orders)

    one, two, beside = database.write(three)
    database.write(lambda s: allocate_orders(s, site.actor, [one, beside]) and None)
    database.write(lambda s: release(s, site.actor, slots=2) and None)
    database.write(lambda s: allocate_orders(s, site.actor, [two]) and None)
    bench = whole_bench(database, site, "Pia", Place.PICK)
    bench.scans("PL-1", "T-1", "T-2", "A-01-1", "CUP")
    last = Gesture("last-unit", GestureKind.SCAN, "CUP", bench.now)
    with ThreadPoolExecutor(1) as office:
        with database.writing() as session:
            assert bench.floor.handle(session, last, bench.settings, bench.now).code == "pick.put_into"
            merged = office.submit(lambda: database.write(lambda s: merge_orders(s, site.actor, one, two, "together")))
            until_one_waits(database)
        assert merged.result().code == "merge.done"
    stops = rows(database, "SELECT order_id, t.state FROM pick_tasks t JOIN fulfillments f ON f.id = t.fulfillment_id")
    assert sorted(stops) == [(one, "picked"), (beside, "open")]
    told = rows(database, "SELECT kind, quantity FROM bench_changes ORDER BY id")
    assert told == [("more", 1), ("merged", 0)]
    assert database.read(violations) == []
    postgresql_databases.close()


def until_one_waits(database: Database) -> None:
    """Until a transaction of this database waits for another's lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    until = time.monotonic() + PATIENCE_SECONDS
    while not database.read(lambda s: s.execute(waiting).scalar_one()):
        assert time.monotonic() < until, "nobody waited"
