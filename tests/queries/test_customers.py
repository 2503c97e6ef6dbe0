"""Customers over all channels: who is surely the same, who perhaps is, what they ordered, where, and what came back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.capture import PostalAddress
from app.domain.states import OrderState
from app.models.demand import Customer, Order, Payment
from app.models.returns import Refund, ReturnAuthorization, StoreCredit
from app.queries.customers import Total, customer_addresses, customer_head, customer_orders, given_back
from app.queries.customers_alike import Likeness, found_customers, perhaps_the_same
from app.services.capture.orders import capture_orders
from tests.builders import NOW, World, address, captured, line, world

__all__ = ["world"]


def order(
    world: World,
    number: str,
    email: str,
    *,
    channel: str = "shopify",
    to: PostalAddress | None = None,
    total: int = 1000,
    days: int = 0,
) -> int:
    """One captured order; its id."""
    made = NOW - timedelta(days=days)
    told = captured(number, line("HEART"), email=email, ship_to=to or address("Ada Example"), total=total, created=made)
    return world.write(lambda s: capture_orders(s, world.actor(), channel, [told])).new_ids[0]


def customer_of(world: World, order_id: int) -> int:
    found = world.read(lambda s: s.execute(select(Order.customer_id).where(Order.id == order_id)).scalar_one())
    assert found is not None
    return found


def moved(name: str, street: str, postcode: str, phone: str) -> PostalAddress:
    return replace(address(name), address1=street, postcode=postcode, phone=phone)


def test_the_same_e_mail_at_another_channel_is_the_same(world: World) -> None:
    first = order(world, "#1", "Ada@Example.com", days=3)
    order(world, "A-1", " ada@example.com", channel="amazon", total=2000)
    order(world, "#2", "bo@example.com")
    head = world.read(lambda s: customer_head(s, customer_of(world, first)))
    assert head is not None
    assert [(one.channel, one.email) for one in head.accounts] == [
        ("Shopify", "Ada@Example.com"), ("Amazon", "ada@example.com"),
    ]  # fmt: skip
    assert head.totals == (Total("GBP", 2, 0, 3000, 0),)
    assert (head.first, head.last) == (NOW - timedelta(days=3), NOW)


def test_totals_stand_for_each_currency_without_what_was_cancelled(world: World) -> None:
    ids = [order(world, f"#{number}", "ada@example.com", total=1000 * number) for number in range(1, 4)]

    def change(session: Session) -> None:
        session.get_one(Order, ids[0]).currency = "EUR"
        session.get_one(Order, ids[1]).state = OrderState.CANCELLED
        session.add(Payment(order_id=ids[2], kind="refunded", amount=250, currency="GBP", at=NOW, reference="refund 1"))

    world.write(change)
    head = world.read(lambda s: customer_head(s, customer_of(world, ids[0])))
    assert head is not None
    assert head.totals == (Total("EUR", 1, 0, 1000, 0), Total("GBP", 2, 1, 3000, 250))
    assert head.orders == 3
    assert world.read(lambda s: customer_head(s, 10**9)) is None


def test_a_phone_or_name_and_postcode_only_raise_a_doubt(world: World) -> None:
    ada = moved("Ada Example", "1 Fictional Lane", "LS1 1AA", "+44 113 496 0001")
    first = order(world, "#1", "ada@example.com", to=ada)
    order(world, "#2", "ada.work@example.org", to=moved("Ada Example", "9 Other Road", "ls11aa", "07700 900111"))
    order(
        world, "#3", "office@example.net", channel="ebay", to=moved("Bo Else", "5 Far Away", "YO1 7HH", "0113 4960001")
    )
    order(world, "#4", "stranger@example.net", to=moved("Cy Else", "7 Far Away", "YO1 7HH", "0113 4960002"))
    order(world, "#5", "namesake@example.net", to=moved("Ada Example", "7 Far Away", "YO1 7HH", ""))
    head = world.read(lambda s: customer_head(s, customer_of(world, first)))
    assert head is not None
    assert len(head.accounts) == 1
    found = world.read(lambda s: perhaps_the_same(s, head))
    assert [(one.account.email, one.why, one.number, one.orders) for one in found] == [
        ("ada.work@example.org", Likeness.NAME_POSTCODE, "#2", 1),
        ("office@example.net", Likeness.PHONE, "#3", 1),
    ]


def test_their_orders_come_in_pages_over_all_accounts(world: World) -> None:
    ids = [
        order(world, f"#{number}", "ada@example.com", channel=("shopify", "amazon")[number % 2], days=number // 3)
        for number in range(130)
    ]
    accounts = [customer_of(world, ids[0]), customer_of(world, ids[1])]
    seen: list[int] = []
    after = None
    pages = 0
    while True:
        found, after = world.read(lambda s, after=after: customer_orders(s, accounts, after))
        seen += found
        pages += 1
        if after is None:
            break
    by_age = sorted(range(130), key=lambda number: (number // 3, -ids[number]))
    assert (pages, seen) == (3, [ids[number] for number in by_age])


def test_addresses_stand_once_with_how_often(world: World) -> None:
    home, work = address("Ada Example"), moved("Ada Example", "9 Work Road", "YO1 7HH", "")
    first = order(world, "#1", "ada@example.com", to=home, days=9)
    order(world, "#2", "ada@example.com", to=work, days=5)
    order(world, "#3", "ada@example.com", to=home, days=1)
    rows, more = world.read(lambda s: customer_addresses(s, [customer_of(world, first)]))
    assert [(row.street, row.orders, row.last, more) for row in rows] == [
        ("1 Fictional Lane", 2, NOW - timedelta(days=1), None),
        ("9 Work Road", 1, NOW - timedelta(days=5), None),
    ]


def test_returns_refunds_and_credits_stand_together(world: World) -> None:
    first = order(world, "#1", "ada@example.com")

    def back(session: Session) -> None:
        made = ReturnAuthorization(code="RMA-1", order_id=first, warehouse_id=world.warehouse_id, created_at=NOW)
        session.add(made)
        session.flush()
        session.add(
            Refund(order_id=first, return_id=made.id, amount=500, currency="GBP", state="settled", reason="", at=NOW)
        )
        session.add(StoreCredit(order_id=first, amount=200, currency="GBP", at=NOW + timedelta(minutes=1)))

    world.write(back)
    rows, more = world.read(lambda s: given_back(s, [customer_of(world, first)]))
    assert [(row.kind, row.word, row.what, row.amount, row.number) for row in rows] == [
        ("credit", "", "GBP", 200, "#1"),
        ("refund", "settled", "GBP", 500, "#1"),
        ("return", "RMA-1", "authorized", 0, "#1"),
    ]
    assert more is None
    rest, _ = world.read(lambda s: given_back(s, [customer_of(world, first)], rows[0].key))
    assert rest == rows[1:]


@pytest.mark.parametrize(
    ("asked", "emails"),
    [
        ("ada@example.com", ["ada@example.com"]),
        ("ADA@EXAMPLE.COM", ["ada@example.com"]),
        ("example", ["cy@example.com", "bo@example.com", "ada@example.com"]),
        ("#2", ["bo@example.com"]),
        ("nobody", []),
        ("", []),
    ],
)
def test_customers_are_found_behind_their_orders(world: World, asked: str, emails: list[str]) -> None:
    for number, email in enumerate(("ada@example.com", "bo@example.com", "cy@example.com"), start=1):
        order(world, f"#{number}", email, to=moved(email[:2], "1 Road", "YO1 7HH", ""))
    found = world.read(lambda s: found_customers(s, asked))
    assert [one.account.email for one in found] == emails
    assert all(one.orders == 1 for one in found)


def test_long_e_mails_that_are_cut_alike_are_not_the_same(world: World) -> None:
    long = "x" * 130
    first = order(world, "#1", f"{long}1@example.com")
    second = order(world, "#2", f"{long}2@example.com", channel="amazon")
    assert customer_of(world, first) != customer_of(world, second)
    refs = world.read(lambda s: s.execute(select(Customer.channel_ref)).scalars().all())
    assert len(set(refs)) == 1
    head = world.read(lambda s: customer_head(s, customer_of(world, first)))
    assert head is not None
    assert len(head.accounts) == 1
