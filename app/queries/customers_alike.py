"""Who perhaps is the same customer, and who stands behind the orders that a search finds.

The same phone, or name and postcode, is told as a doubt and joins nothing: families and offices share them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import BindParameter, Connection, Row, bindparam, text
from sqlalchemy.orm import Session

from app.domain.search import fold, tokens
from app.queries.customer_accounts import Account, accounts_of, by_email, counts_of
from app.queries.customers import PAGE, CustomerHead
from app.queries.search import search_orders

MOST_ALIKE = 40
"""Orders that are looked at for one sign of likeness, the newest first."""
PHONE_END, PHONE_LEAST = 9, 7
"""Phones are the same by their last digits, for a country's code may be left out; shorter ones tell nothing."""
PHONE_END, PHONE_LEAST = 9, 7
"""Phones are the same by their last digits, for a country's code may be left out; shorter ones tell nothing."""
_LOOKED_AT = 300
_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_RECENT = text(
    "SELECT a.name, a.postcode, a.phone FROM orders o JOIN addresses a ON a.id = o.ship_to_id "
    "WHERE o.customer_id = :customer ORDER BY o.created_at DESC LIMIT 20"
)
_OF_ORDERS = text(
    "SELECT o.id, o.customer_id, o.number, k.name, k.email, k.phone, c.name AS channel, a.name AS to_name, a.postcode, "
    "a.phone AS to_phone FROM orders o JOIN customers k ON k.id = o.customer_id JOIN channels c ON c.id = k.channel_id "
    "JOIN addresses a ON a.id = o.ship_to_id WHERE o.id IN :ids"
).bindparams(_IDS)


class Likeness(StrEnum):
    """Why two customers are perhaps the same; its words stand under `customers.alike.<value>`."""

    PHONE = "phone"
    NAME_POSTCODE = "name_postcode"


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who is perhaps the same, and why; `number` is an order of theirs.

    `orders` beyond `COUNTED` means that there are more than that.
    """

    account: Account
    why: Likeness
    number: str
    orders: int


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """A customer behind the orders that a search found. `orders` beyond `COUNTED`: there are more than that."""

    account: Account
    number: str
    orders: int


def perhaps_the_same(session: Session, head: CustomerHead) -> tuple[Alike, ...]:
    """Others with a phone of theirs, or with their name and postcode; never joined, only shown."""
    connection = session.connection()
    recent = connection.execute(_RECENT, {"customer": head.id}).all()
    known = set(head.ids)
    phones = {_phone(words) for words in (*(one.phone for one in head.accounts), *(row.phone for row in recent))} - {""}
    homes = {(fold(row.name), _tight(row.postcode)) for row in recent if row.name and row.postcode}
    candidates: dict[int, None] = {}
    for phone in sorted(phones)[:3]:
        candidates |= dict.fromkeys(search_orders(session, phone, MOST_ALIKE))
    for name, postcode in sorted(homes)[:3]:
        candidates |= dict.fromkeys(search_orders(session, f"{name} {postcode}", MOST_ALIKE))
    found: dict[int, tuple[Likeness, str]] = {}
    for row in _people(connection, candidates):
        if row.customer_id in known:
            continue
        if {_phone(row.phone), _phone(row.to_phone)} & phones:
            found[row.customer_id] = (Likeness.PHONE, row.number)
        elif (fold(row.to_name), _tight(row.postcode)) in homes:
            found.setdefault(row.customer_id, (Likeness.NAME_POSTCODE, row.number))
    accounts, counts = accounts_of(connection, found), counts_of(connection, found)
    return tuple(
        Alike(accounts[one], why, number, counts.get(one, 0))
        for one, (why, number) in sorted(found.items())
        if one in accounts
    )


def found_customers(session: Session, asked: str) -> tuple[FoundCustomer, ...]:
    """Who stands behind the newest orders that a text finds, each once; first who has this very e-mail."""
    connection = session.connection()
    ids = dict.fromkeys(by_email(connection, asked.strip().lower())) if "@" in asked else {}
    numbers: dict[int, str] = {}
    orders = search_orders(session, asked, _LOOKED_AT)
    by_order = {row.id: row for row in _people(connection, orders)}
    for order_id in orders:
        if order_id in by_order:
            row = by_order[order_id]
            ids.setdefault(row.customer_id)
            numbers.setdefault(row.customer_id, row.number)
    chosen = list(ids)[:PAGE]
    accounts, counts = accounts_of(connection, chosen), counts_of(connection, chosen)
    return tuple(FoundCustomer(accounts[one], numbers.get(one, ""), counts.get(one, 0)) for one in chosen)


def _people(connection: Connection, order_ids: Iterable[int]) -> Sequence[Row[tuple[object, ...]]]:
    wanted = list(order_ids)
    return connection.execute(_OF_ORDERS, {"ids": wanted}).all() if wanted else []


def _phone(words: str) -> str:
    digits = "".join(sign for sign in fold(words) if sign.isdecimal())
    return digits[-PHONE_END:] if len(digits) >= PHONE_LEAST else ""


def _tight(words: str) -> str:
    return "".join(tokens(words))
