"""Two orders of one customer leave in one parcel: goods, numbers, channels, money, at each stage where it may be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.domain.changed_work import ToDo
from app.domain.outcomes import Outcome, Place
from app.models.database import Database
from app.models.demand import Customer, Hold, Order, Payment
from app.models.outbox import OutboxMessage
from app.services.allocate import allocate_ready
from app.services.cancel import cancel_line, cancel_order
from app.services.check import violations
from app.services.merge import merge_orders
from app.services.release import release
from tests.services import pack_builders as packing
from tests.services import stock_builders as build
from tests.services.machine_floor import Hand, next_pick, whole_bench
from tests.services.test_bench_changes import bench_of, feed, rows, to_do


class Pair:
    """#1000 wants 2 CUP, #1001 wants 1 CUP and 1 LAMP; the same customer and address."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.site = database.write(build.build_site)
        for sku, quantity in (("CUP", 5), ("LAMP", 2)):
            database.write(lambda s, a=(sku, quantity): build.stock(s, self.site, a[0], "A-01-1", a[1]) and None)

        def make(session: build.Session) -> None:
            customer = Customer(channel_id=self.site.channel_id, channel_ref="ada", name="Ada Stone", email="a@b.c")
            session.add(customer)
            session.flush()
            for lines in ([("CUP", 2)], [("CUP", 1), ("LAMP", 1)]):
                build.add_order(session, self.site, lines).customer_id = customer.id

        database.write(make)

    def allocate(self) -> None:
        self.database.write(lambda s: allocate_ready(s, self.site.actor, 9))

    def merge(self, into: int = 1, other: int = 2, **named: int) -> Outcome:
        return self.database.write(lambda s: merge_orders(s, self.site.actor, into, other, "same parcel", **named))

    def alter(self, **values: object) -> None:
        """The second order is not like the first."""

        def work(session: build.Session) -> None:
            order = session.get_one(Order, 2)
            for name, value in values.items():
                setattr(order, name, value)

        self.database.write(work)

    def orders(self) -> list[tuple[object, ...]]:
        return rows(self.database, "SELECT number, state, merged_into_id FROM orders ORDER BY id")


@pytest.fixture
def pair(database: Database) -> Iterator[Pair]:
    yield Pair(database)
    assert database.read(violations) == []


def lines(database: Database) -> list[tuple[object, ...]]:
    sql = "SELECT order_id, sku, quantity, cancelled, elsewhere, merged_from_id FROM order_lines ORDER BY id"
    return rows(database, sql)


def test_they_leave_in_one_parcel_and_each_channel_hears_of_its_own(pair: Pair) -> None:
    database = pair.database
    pair.allocate()
    outcome = pair.merge()
    assert (outcome.code, outcome.values["units"]) == ("merge.done", 2)
    assert pair.orders() == [("#1000", "allocated", None), ("#1001", "closed", 1)]
    assert lines(database) == [
        (1, "CUP", 2, 0, 0, None),
        (2, "CUP", 1, 0, 1, None),
        (2, "LAMP", 1, 0, 1, None),
        (1, "CUP", 1, 0, 0, 2),
        (1, "LAMP", 1, 0, 0, 3),
    ]
    bench = bench_of(database, pair.site)
    assert bench.scan("#1001").values["number"] == "#1000"  # the number that goes along opens the parcel too
    packing.carry_out(database, pair.site, bench.scans("CUP", "CUP", "CUP", "LAMP"))
    assert pair.orders()[0][1] == "shipped"
    assert rows(database, "SELECT count(*) FROM labels") == [(1,)]
    told = database.read(
        lambda s: [
            (m.key, m.payload["number"], m.payload["parcels"][0]["tracking_number"], m.payload["lines"])
            for m in s.query(OutboxMessage).filter(OutboxMessage.topic == "channel.shipped").order_by(OutboxMessage.id)
        ]
    )
    cup = {"line_no": 1, "channel_line_ref": "", "sku": "CUP"}
    lamp = {"line_no": 2, "channel_line_ref": "", "sku": "LAMP"}
    assert [(number, tracking) for _key, number, tracking, _lines in told] == [
        ("#1000", "PWD0000000017"),
        ("#1001", "PWD0000000017"),
    ]
    assert [shipped for *_rest, shipped in told] == [
        [{**cup, "quantity": 2}],
        [{**cup, "quantity": 1}, {**lamp, "quantity": 1}],
    ]
    assert len({key for key, *_rest in told}) == 2


def test_what_left_comes_back_by_either_number(pair: Pair) -> None:
    database = pair.database
    pair.allocate()
    assert pair.merge().code == "merge.done"
    bench = bench_of(database, pair.site)
    packing.carry_out(database, pair.site, bench.scans("#1000", "CUP", "CUP", "CUP", "LAMP"))
    assert pair.orders()[0][1] == "shipped"
    desk = whole_bench(database, pair.site, "Rita", Place.RETURNS)
    opened = desk.scan("#1001")  # what stands on the customer's mail
    assert (opened.code, opened.values["number"]) == ("returns.opened", "#1000")
    assert rows(database, "SELECT order_id FROM return_authorizations") == [(1,)]
    assert desk.scan("LAMP").refused is False
    desk.scan("PW-BACK")
    assert rows(database, "SELECT order_line_id FROM return_units") == [(5,)]


def test_its_money_may_be_refunded_where_its_goods_are(pair: Pair) -> None:
    pair.merge()
    sql = "SELECT order_id, sum(amount) FROM payments WHERE kind = 'captured' GROUP BY order_id ORDER BY order_id"
    assert [(order, int(str(amount))) for order, amount in rows(pair.database, sql)] == [(1, 2000), (2, -1000)]


@pytest.mark.parametrize(("captured", "refunded", "kept"), [(2000, 1000, (2000, 1000)), (0, 300, (1700, 300))])
def test_what_was_paid_back_before_stays_with_its_order(
    pair: Pair, captured: int, refunded: int, kept: tuple[int, int]
) -> None:
    paid = {"captured": captured, "refunded": refunded}
    rows_of = [{"order_id": 2, "kind": kind, "amount": amount} for kind, amount in paid.items() if amount]
    pair.database.write(lambda s: s.add_all(Payment(**one, currency="GBP", at=pair.site.actor.now) for one in rows_of))
    pair.merge()
    sql = "SELECT order_id, sum(amount) FROM payments WHERE kind = 'captured' GROUP BY order_id ORDER BY order_id"
    assert [(order, int(str(amount))) for order, amount in rows(pair.database, sql)] == [(1, kept[0]), (2, kept[1])]


def test_one_that_is_on_a_bench_takes_the_other_in(pair: Pair) -> None:
    database = pair.database
    pair.allocate()
    bench = bench_of(database, pair.site)
    bench.scans("#1000", "CUP")
    assert pair.merge().code == "merge.done"
    stopped = feed(bench)
    assert to_do(stopped) == [
        (ToDo.MORE, "CUP", 1, 0, "A-01-1"),
        (ToDo.MORE, "LAMP", 1, 0, "A-01-1"),
        (ToDo.MERGED, "", 0, 0, ""),
    ]
    assert bench.scan("PW-OK").code == "pack.changed_done"
    assert bench.scans("CUP", "CUP", "LAMP").code == "pack.complete"


def test_one_in_a_walk_takes_the_other_along(pair: Pair) -> None:
    database = pair.database
    pair.allocate()
    database.write(lambda s: release(s, pair.site.actor, slots=1) and None)
    assert pair.merge().code == "merge.done"
    hand = Hand(whole_bench(database, pair.site, "Pia", Place.PICK))
    hand.bench.scans("PL-1", "T-1")
    while rows(database, "SELECT state FROM fulfillments WHERE order_id = 1") != [("picked",)]:
        hand.scan(next_pick(database, hand.work))
    tote = pair.site.places["T-1"]
    assert rows(database, f"SELECT sum(on_hand) FROM stock_balances WHERE location_id = {tote}") == [(4,)]
    assert rows(database, "SELECT state FROM pick_lists ORDER BY id") == [("done",), ("cancelled",)]


def test_what_is_picked_does_not_go_along(pair: Pair) -> None:
    database = pair.database
    pair.allocate()
    database.write(lambda s: release(s, pair.site.actor, slots=1) and None)
    hand = Hand(whole_bench(database, pair.site, "Pia", Place.PICK))
    hand.bench.scans("PL-2", "T-1", "A-01-1")
    assert pair.merge().code == "merge.begun"
    assert pair.merge(2, 1).code == "merge.done"


def test_what_is_cancelled_of_the_parcel_is_cancelled_of_its_order(pair: Pair) -> None:
    pair.allocate()
    pair.merge()
    pair.database.write(lambda s: cancel_line(s, pair.site.actor, 4, 1, "not wanted") and None)
    assert lines(pair.database)[1] == (2, "CUP", 1, 1, 0, None)
    assert pair.orders()[1][1] == "closed"
    pair.database.write(lambda s: cancel_order(s, pair.site.actor, 1, "all of it") and None)
    assert [state for _number, state, _into in pair.orders()] == ["cancelled", "cancelled"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"customer_id": None}, "merge.other_customer"),
        ({"currency": "EUR"}, "merge.other_currency"),
        ({"state": "shipped"}, "order.already_done"),
    ],
)
def test_what_does_not_belong_together_stays_apart(pair: Pair, values: dict[str, object], code: str) -> None:
    pair.alter(**values)
    assert pair.merge().code == code
    pair.database.write(lambda s: s.execute(text("UPDATE orders SET state = 'ready'")) and None)


def test_another_street_a_hold_or_an_older_look_is_refused(pair: Pair) -> None:
    def move(session: build.Session) -> None:
        address = build.Address(name="Ada Stone", address1="2 Hill Road", postcode="LS1 1AA", country="GB")
        session.add(address)
        session.flush()
        session.get_one(Order, 2).ship_to_id = address.id

    assert pair.merge(seen=3).code == "edit.changed_meanwhile"
    pair.database.write(move)
    assert pair.merge().code == "merge.other_address"
    pair.alter(ship_to_id=pair.site.address_id)
    pair.database.write(lambda s: s.add(Hold(order_id=2, kind=build.HoldKind.PAYMENT, opened_at=build.NOW)))
    assert pair.merge().code == "merge.held"
    assert pair.merge(2, 2).code == "order.unknown"


def test_an_order_that_waits_for_stock_is_not_served_while_it_goes_along(pair: Pair) -> None:
    def wants(session: build.Session) -> None:
        order = build.add_order(session, pair.site, [("CUP", 2), ("CUP", 2), ("SOAP", 1)])
        order.customer_id = session.get_one(Order, 1).customer_id

    pair.database.write(wants)
    pair.allocate()
    assert pair.orders()[2][1] == "backordered"
    assert pair.merge(1, 3).code == "merge.done"
    assert pair.orders()[2] == ("#1002", "closed", 1)
    assert pair.orders()[0][1] == "backordered"


def test_a_merged_order_is_changed_with_the_one_it_goes_with(pair: Pair) -> None:
    pair.merge()
    assert pair.merge().code == "edit.merged_away"
    assert pair.merge(2, 1).code == "edit.merged_away"
