"""A channel's guest with orders without end: the customer's page reads the newest of them, whatever their number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.domain.states import OrderState
from app.models.database import Database
from app.models.demand import Customer, Order, Payment
from app.models.returns import StoreCredit
from app.presenters import orders_customer_parts as shown
from app.queries import customer_accounts, customers_alike
from app.queries.customers import CustomerHead, Total, customer_addresses, customer_head, customer_orders, given_back
from tests.services import stock_builders as build

COUNTED = 40
MANY = 1_500


def guest(database: Database, orders: int, code: str = "W1") -> int:
    """A customer with so many orders, one an hour, each of one pound; the two oldest gave something back."""
    site = database.write(lambda s: build.build_site(s, [f"CUP-{code}"], code))

    def work(session: Session) -> int:
        one = Customer(channel_id=site.channel_id, channel_ref="guest", name="Guest", email="", phone="")
        session.add(one)
        session.flush()
        same = {
            "channel_id": site.channel_id, "ship_to_id": site.address_id, "customer_id": one.id, "currency": "GBP",
            "total": 100, "captured_at": build.NOW, "leaves_at": build.NOW,
        }  # fmt: skip
        rows = [
            same
            | {
                "number": f"#{number}",
                "channel_ref": str(number),
                "created_at": build.NOW - timedelta(hours=number),
                "state": OrderState.CANCELLED if number % 10 == 1 else OrderState.READY,
            }
            for number in range(orders)
        ]
        session.execute(insert(Order), rows)
        old = session.scalars(
            select(Order.id).where(Order.customer_id == one.id, Order.number.in_(["#5", f"#{orders - 1}"]))
        ).all()
        for order_id in old:
            session.add(StoreCredit(order_id=order_id, amount=70, currency="GBP", at=build.NOW))
            session.add(
                Payment(
                    order_id=order_id,
                    kind="refunded",
                    amount=30,
                    currency="GBP",
                    at=build.NOW,
                    reference=f"r{order_id}",
                )
            )
        return one.id

    return database.write(work)


def head_of(database: Database, customer: int, counted: int = COUNTED) -> CustomerHead:
    head = database.read(lambda s: customer_head(s, customer, counted))
    assert head is not None
    return head


def test_the_newest_orders_are_added_up_and_the_rest_is_said_to_be_there(database: Database) -> None:
    customer = guest(database, MANY)
    head = head_of(database, customer)
    assert head.totals == (Total("GBP", COUNTED, 4, 3_600, 30),)
    assert (head.more, head.orders) == (True, COUNTED)
    assert (head.first, head.last) == (build.NOW - timedelta(hours=MANY - 1), build.NOW)
    words = [(one.label, one.value) for one in shown.facts(head, lambda at: at.isoformat())]
    assert words[:3] == [
        ("Orders", "over 40"),
        ("Ordered for (newest 40)", "36.00\N{NO-BREAK SPACE}GBP"),
        ("Paid back (newest 40)", "0.30\N{NO-BREAK SPACE}GBP"),
    ]


def test_who_has_no_more_than_that_is_added_up_whole(database: Database) -> None:
    customer = guest(database, COUNTED)
    head = head_of(database, customer)
    assert (head.more, head.totals) == (False, (Total("GBP", COUNTED, 4, 3_600, 60),))
    assert shown.facts(head, lambda at: at.isoformat())[0].value == "40, 4 cancelled"


def test_addresses_and_what_came_back_are_those_of_the_newest_orders(database: Database) -> None:
    customer = guest(database, MANY)
    addresses, more = database.read(lambda s: customer_addresses(s, [customer], counted=COUNTED))
    assert ([one.orders for one in addresses], more) == ([COUNTED], None)
    back, _ = database.read(lambda s: given_back(s, [customer], counted=COUNTED))
    assert [(one.kind, one.number) for one in back] == [("credit", "#5")]


def test_all_their_orders_can_be_turned_over_page_by_page(database: Database) -> None:
    customer = guest(database, 150)
    seen: list[int] = []
    after = None
    while True:
        page, after = database.read(lambda s, after=after: customer_orders(s, [customer], after))
        seen += page
        if after is None:
            break
    numbers = dict(database.read(lambda s: s.execute(select(Order.id, Order.number)).tuples().all()))
    assert [numbers[one] for one in seen] == [f"#{number}" for number in range(150)]


def test_how_many_they_have_is_not_counted_to_the_end(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = guest(database, 150)
    monkeypatch.setattr(customer_accounts, "COUNTED", COUNTED)
    monkeypatch.setattr(shown, "COUNTED", COUNTED)
    many = database.read(lambda s: customer_accounts.counts_of(s.connection(), [customer]))
    assert many == {customer: COUNTED + 1}
    assert (shown.count_of(many[customer]), shown.count_of(COUNTED)) == ("over 40", "40")


Look = Callable[[Session, int, tuple[int, int]], object]
LOOKS: dict[str, Look] = {
    "head": lambda s, customer, _: customer_head(s, customer, COUNTED),
    "orders": lambda s, customer, _: customer_orders(s, [customer]),
    "a later page": lambda s, customer, later: customer_orders(s, [customer], later),
    "addresses": lambda s, customer, _: customer_addresses(s, [customer], counted=COUNTED),
    "given back": lambda s, customer, _: given_back(s, [customer], counted=COUNTED),
    "who else": lambda s, customer, _: s.execute(customers_alike._RECENT, {"customer": customer}).all(),
}
_LATE = text("SELECT created_at, id FROM orders WHERE customer_id = :one ORDER BY created_at LIMIT 1 OFFSET 10")
_ROWS = text("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'orders'")


def read_by(database: Database, look: Look, customer: int) -> int:
    """What the database itself counts: steps of its machine for a file, rows of orders for a server."""

    def work(session: Session) -> int:
        row = session.execute(_LATE, {"one": customer}).one()
        later = (int(row[0]), int(row[1]))
        if not database.is_sqlite:
            for way in ("seqscan", "bitmapscan", "sort"):  # so few rows are read and sorted sooner than looked up
                session.execute(text(f"SET LOCAL enable_{way} = off"))
            before = session.execute(_ROWS).scalar_one()
            look(session, customer, later)
            return int(session.execute(_ROWS).scalar_one() - before)
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        driver = session.connection().connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(step, 1)
        look(session, customer, later)
        driver.set_progress_handler(None, 0)
        return steps

    return database.read(work)


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_no_more_is_read_of_many_orders_than_of_few(database: Database, name: str) -> None:
    few, many = guest(database, 150, "W1"), guest(database, MANY, "W2")
    of_few, of_many = (read_by(database, LOOKS[name], one) for one in (few, many))
    assert 0 < of_many <= of_few * 1.2, (of_few, of_many)
