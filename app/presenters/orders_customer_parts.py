"""The rows and facts of a customer's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.domain.money import money_text
from app.domain.words import say, say_count
from app.presenters import orders_parts
from app.presenters.state import parts
from app.presenters.state.parts import Family
from app.presenters.times import NBSP, number
from app.queries.customer_accounts import COUNTED, Account
from app.queries.customers import CustomerHead, GivenBack, PostAddress
from app.queries.customers_alike import Alike, FoundCustomer
from app.queries.queue_rows import QueueRow

Day = Callable[[datetime], str]


def chip(head: CustomerHead) -> parts.Chip | None:
    """At how many channels it is surely the same person."""
    count = len(head.accounts)
    return parts.Chip(say("customers.same", count=count), Family.ACCENT, "users") if count > 1 else None


def line(head: CustomerHead) -> str:
    """E-mail, phone, channels."""
    channels = tuple(dict.fromkeys(one.channel for one in head.accounts))
    phones = tuple(dict.fromkeys(one.phone for one in head.accounts if one.phone))
    return ", ".join(part for part in (head.main.email, *phones, *channels) if part)


def facts(head: CustomerHead, day: Day) -> tuple[parts.Fact, ...]:
    """Orders, then what they came to in each currency."""
    cancelled = sum(one.cancelled for one in head.totals)
    words = say_count("customers.fact.orders_of", head.orders, cancelled=cancelled)
    count = say("customers.more_than", count=number(head.orders)) if head.more else str(head.orders)
    found = [parts.Fact(say("customers.fact.orders"), words if cancelled and not head.more else count)]
    total, back = ("newest_total", "newest_paid_back") if head.more else ("total", "paid_back")
    for one in head.totals[:3]:
        found.append(
            parts.Fact(say(f"customers.fact.{total}", count=number(head.orders)), money(one.total, one.currency))
        )
        if one.paid_back:
            found.append(
                parts.Fact(say(f"customers.fact.{back}", count=number(head.orders)), money(one.paid_back, one.currency))
            )
    if head.first is not None and head.last is not None:
        found.append(parts.Fact(say("customers.fact.since"), day(head.first)))
        found.append(parts.Fact(say("customers.fact.last"), day(head.last)))
    return tuple(found[:6])


def money(amount: int, currency: str) -> str:
    """An amount with its currency."""
    return f"{money_text(amount, currency)}{NBSP}{currency}" if currency else str(amount)


def count_of(orders: int) -> str:
    """How many orders somebody has; only "more than" where they were not counted to the end."""
    return say("customers.more_than", count=number(COUNTED)) if orders > COUNTED else number(orders)


def order_columns() -> tuple[parts.Column, ...]:
    """The columns of the orders."""
    return (
        parts.Column(say("customers.column.made"), 130),
        parts.Column(say("orders.column.order"), 150),
        parts.Column(say("orders.column.recipient")),
        parts.Column(say("orders.column.status"), 200),
        parts.Column(say("orders.column.lines"), 60, numbers=True),
        parts.Column(say("orders.column.units"), 60, numbers=True),
        parts.Column(say("customers.column.channel"), 170, wide=True),
    )


def order_row(one: QueueRow, day: Day) -> parts.TableRow:
    """One order."""
    return parts.TableRow(
        str(one.id),
        (
            parts.Cell(day(one.created_at) if one.created_at is not None else ""),
            parts.Cell(one.number, code=True, strong=True),
            parts.Cell(one.recipient, one.town, strong=True),
            parts.Cell(chip=orders_parts.chip(one)),
            parts.Cell(str(one.lines)),
            parts.Cell(str(one.units)),
            parts.Cell(one.channel, quiet=True),
        ),
    )


def alike_columns() -> tuple[parts.Column, ...]:
    """Who, why, and an order of theirs."""
    return (
        parts.Column(say("customers.column.who")),
        parts.Column(say("customers.column.why"), 260),
        parts.Column(say("customers.column.channel"), 190),
        parts.Column(say("customers.column.orders"), 90, numbers=True),
        parts.Column(say("customers.column.order"), 150),
    )


def alike_row(one: Alike) -> parts.TableRow:
    """Somebody who is perhaps the same."""
    return parts.TableRow(
        str(one.account.id),
        (
            _who(one.account),
            parts.Cell(say(f"customers.alike.{one.why.value}"), icon="question", family=Family.WARN),
            parts.Cell(one.account.channel, quiet=True),
            parts.Cell(count_of(one.orders)),
            parts.Cell(one.number, code=True),
        ),
    )


def found_columns() -> tuple[parts.Column, ...]:
    """Who, where, how many orders."""
    return (
        parts.Column(say("customers.column.who")),
        parts.Column(say("customers.column.phone"), 200),
        parts.Column(say("customers.column.channel"), 190),
        parts.Column(say("customers.column.orders"), 90, numbers=True),
        parts.Column(say("customers.column.order"), 150),
    )


def found_row(one: FoundCustomer) -> parts.TableRow:
    """A customer behind what was found."""
    return parts.TableRow(
        str(one.account.id),
        (
            _who(one.account),
            parts.Cell(one.account.phone),
            parts.Cell(one.account.channel, quiet=True),
            parts.Cell(count_of(one.orders)),
            parts.Cell(one.number, code=True),
        ),
    )


def _who(one: Account) -> parts.Cell:
    return parts.Cell(one.name or one.email or one.ref, one.email if one.name else "", icon="user-circle", strong=True)


def address_columns() -> tuple[parts.Column, ...]:
    """Where to, how often."""
    return (
        parts.Column(say("customers.column.address")),
        parts.Column(say("customers.column.town"), 300),
        parts.Column(say("customers.column.phone"), 200, wide=True),
        parts.Column(say("customers.column.orders"), 90, numbers=True),
        parts.Column(say("customers.column.last"), 130),
    )


def address_row(one: PostAddress, day: Day) -> parts.TableRow:
    """One address."""
    name = ", ".join(part for part in (one.name, one.company) if part)
    return parts.TableRow(
        str(one.key),
        (
            parts.Cell(name, one.street, icon="map-pin", strong=True),
            parts.Cell(one.town, one.country),
            parts.Cell(one.phone),
            parts.Cell(str(one.orders)),
            parts.Cell(day(one.last)),
        ),
    )


def back_columns() -> tuple[parts.Column, ...]:
    """When, what, of which order, how much."""
    return (
        parts.Column(say("customers.column.when"), 130),
        parts.Column(say("customers.column.what")),
        parts.Column(say("orders.column.order"), 150),
        parts.Column(say("customers.column.amount"), 150, numbers=True),
    )


def back_key(one: GivenBack) -> str:
    """What tells a row from all others."""
    return ":".join(map(str, one.key))


def back_row(one: GivenBack, day: Day) -> parts.TableRow:
    """A return, a refund or a credit."""
    if one.kind == "return":
        what, second = say("customers.back.return", code=one.word), say(f"customers.back.state.{one.what}")
    elif one.kind == "refund":
        what, second = say("customers.back.refund"), say(f"customers.back.refund.{one.word}")
    else:
        what, second = say("customers.back.credit"), ""
    amount = money(one.amount, one.what) if one.kind != "return" else ""
    return parts.TableRow(
        back_key(one),
        (
            parts.Cell(day(one.at)),
            parts.Cell(what, second, icon="arrow-u-up-left", strong=True),
            parts.Cell(one.number, code=True),
            parts.Cell(amount),
        ),
    )
