"""A customer over all channels: everything they ordered and gave back.

A channel may put everybody without an account under one customer, with orders without end: nothing here reads them
all. What is added up and grouped is that of the newest `COUNTED` orders.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import BindParameter, Connection, Row, bindparam, text
from sqlalchemy.orm import Session

from app.queries.customer_accounts import COUNTED, Account, accounts_of, same_person
from app.queries.queue_rows import QueueRow, moment, queue_rows

PAGE = 60
FAR = 2**60
_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_TOTALS = text(
    "SELECT o.currency, COUNT(*) AS orders, SUM(CASE WHEN o.state = 'cancelled' THEN 1 ELSE 0 END) AS cancelled, "
    "SUM(CASE WHEN o.state = 'cancelled' THEN 0 ELSE o.total END) AS total FROM orders o WHERE o.id IN :ids "
    "GROUP BY o.currency ORDER BY o.currency"
).bindparams(_IDS)
_PAID_BACK = text(
    "SELECT p.currency, SUM(p.amount) FROM orders o JOIN payments p ON p.order_id = o.id AND p.kind = 'refunded' "
    "WHERE o.id IN :ids GROUP BY p.currency"
).bindparams(_IDS)
_ORDERS = text(
    "SELECT o.created_at AS at, o.id FROM orders o WHERE o.customer_id = :customer AND o.created_at <= :at "
    "AND (o.created_at < :at OR (o.created_at = :at AND o.id < :below)) "
    "ORDER BY o.created_at DESC, o.id DESC LIMIT :most"
)
_ADDRESSES = text(
    "SELECT MAX(o.id) AS last, COUNT(*) AS orders, MAX(o.created_at) AS at, a.name, a.company, a.address1, a.address2, "
    "a.city, a.region, a.postcode, a.country, a.phone FROM orders o JOIN addresses a ON a.id = o.ship_to_id "
    "WHERE o.id IN :ids GROUP BY a.name, a.company, a.address1, a.address2, a.city, a.region, a.postcode, "
    "a.country, a.phone HAVING MAX(o.id) < :below ORDER BY MAX(o.id) DESC LIMIT :most"
).bindparams(_IDS)
_BACK = text(
    "SELECT * FROM (SELECT r.created_at AS at, 0 AS rank, r.id AS key, 'return' AS kind, r.code AS a, r.state AS b, "
    "0 AS amount, o.number, o.id AS order_id FROM orders o JOIN return_authorizations r ON r.order_id = o.id "
    "WHERE o.id IN :ids UNION ALL SELECT z.at, 1, z.id, 'refund', z.state, z.currency, z.amount, o.number, "
    "o.id FROM orders o JOIN refunds z ON z.order_id = o.id WHERE o.id IN :ids UNION ALL SELECT z.at, 2, "
    "z.id, 'credit', '', z.currency, z.amount, o.number, o.id FROM orders o JOIN store_credits z ON z.order_id = o.id "
    "WHERE o.id IN :ids) x WHERE at < :at OR (at = :at AND (rank < :rank OR (rank = :rank AND key < :key))) "
    "ORDER BY at DESC, rank DESC, key DESC LIMIT :most"
).bindparams(_IDS)
_ENDS = text(
    "SELECT (SELECT MIN(o.created_at) FROM orders o WHERE o.customer_id = k.id) AS first, "
    "(SELECT MAX(o.created_at) FROM orders o WHERE o.customer_id = k.id) AS last FROM customers k WHERE k.id IN :ids"
).bindparams(_IDS)


@dataclass(frozen=True, slots=True)
class Total:
    """What was ordered in one currency: orders, how many of them cancelled, the rest's worth, what was paid back."""

    currency: str
    orders: int
    cancelled: int
    total: int
    paid_back: int


@dataclass(frozen=True, slots=True)
class CustomerHead:
    """Who it is, over all channels where the e-mail is the same; `first` and `last` are moments of orders.

    `more`: there are more orders than the newest, of which the totals are.
    """

    id: int
    accounts: tuple[Account, ...]
    totals: tuple[Total, ...]
    first: datetime | None
    last: datetime | None
    more: bool = False

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of all accounts."""
        return tuple(one.id for one in self.accounts)

    @property
    def main(self) -> Account:
        """The account that was asked for."""
        return next(one for one in self.accounts if one.id == self.id)

    @property
    def orders(self) -> int:
        """All orders, whatever became of them; the newest, where there are more."""
        return sum(one.orders for one in self.totals)


@dataclass(frozen=True, slots=True)
class PostAddress:
    """An address that orders went to, how many, and when the last one was made."""

    key: int
    orders: int
    last: datetime
    name: str
    company: str
    street: str
    town: str
    country: str
    phone: str


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A return, a refund or a credit. `kind` is return, refund or credit; `word` its code or its state."""

    at: datetime
    key: tuple[int, int, int]
    kind: str
    word: str
    what: str
    amount: int
    number: str
    order_id: int


def customer_head(session: Session, customer_id: int, counted: int = COUNTED) -> CustomerHead | None:
    """Who it is, and what they ordered in all, or with the newest orders; None when there is no such customer."""
    connection = session.connection()
    ids = same_person(connection, customer_id)
    if not ids:
        return None
    accounts = tuple(accounts_of(connection, ids).values())
    newest, more = _newest(connection, ids, counted)
    given = {"ids": newest}
    back: Mapping[str, int] = {row[0]: int(row[1]) for row in connection.execute(_PAID_BACK, given)}
    rows = connection.execute(_TOTALS, given).all()
    totals = tuple(
        Total(row.currency, int(row.orders), int(row.cancelled), int(row.total), back.get(row.currency, 0))
        for row in rows
    )
    ends = [row for row in connection.execute(_ENDS, {"ids": list(ids)}) if row.first is not None]
    first, last = min((row.first for row in ends), default=None), max((row.last for row in ends), default=None)
    return CustomerHead(
        customer_id,
        accounts,
        totals,
        None if first is None else moment(first),
        None if last is None else moment(last),
        more,
    )


def customer_orders(
    session: Session, ids: Sequence[int], after: tuple[int, int] | None = None
) -> tuple[tuple[int, ...], tuple[int, int] | None]:
    """A page of their orders' ids, the newest first, and where the next page begins."""
    at, below = after or (FAR, FAR)
    connection = session.connection()
    walks = [
        connection.execute(_ORDERS, {"customer": one, "at": at, "below": below, "most": PAGE + 1}).all() for one in ids
    ]
    found = _merged(walks, PAGE + 1)
    shown = found[:PAGE]
    return tuple(order_id for _, order_id in shown), shown[-1] if len(found) > PAGE else None


def customer_order_rows(
    session: Session, ids: Sequence[int], now: datetime, after: tuple[int, int] | None = None
) -> tuple[tuple[QueueRow, ...], tuple[int, int] | None]:
    """The same page with what is shown of each order."""
    found, following = customer_orders(session, ids, after)
    return queue_rows(session, found, now), following


def customer_addresses(
    session: Session, ids: Sequence[int], below: int | None = None, counted: int = COUNTED
) -> tuple[tuple[PostAddress, ...], int | None]:
    """Where their newest orders went, the last one first, each address once."""
    connection = session.connection()
    newest, _ = _newest(connection, ids, counted)
    rows = connection.execute(_ADDRESSES, {"ids": newest, "below": below or FAR, "most": PAGE + 1}).all()
    found = tuple(
        PostAddress(
            row.last,
            row.orders,
            moment(row.at),
            row.name,
            row.company,
            ", ".join(part for part in (row.address1, row.address2) if part),
            " ".join(part for part in (row.city, row.region, row.postcode) if part),
            row.country,
            row.phone,
        )
        for row in rows[:PAGE]
    )
    return found, found[-1].key if len(rows) > PAGE else None


def given_back(
    session: Session, ids: Sequence[int], after: tuple[int, int, int] | None = None, counted: int = COUNTED
) -> tuple[tuple[GivenBack, ...], tuple[int, int, int] | None]:
    """Returns, refunds and credits of their newest orders, the newest first."""
    at, rank, key = after or (FAR, 9, FAR)
    connection = session.connection()
    newest, _ = _newest(connection, ids, counted)
    given = {"ids": newest, "at": at, "rank": rank, "key": key, "most": PAGE + 1}
    rows = connection.execute(_BACK, given).all()
    found = tuple(
        GivenBack(
            moment(row.at),
            (row.at, row.rank, row.key),
            row.kind,
            row.a,
            row.b,
            int(row.amount),
            row.number,
            row.order_id,
        )
        for row in rows[:PAGE]
    )
    return found, found[-1].key if len(rows) > PAGE else None


def _newest(connection: Connection, ids: Sequence[int], counted: int) -> tuple[list[int], bool]:
    """The newest orders over all accounts, and whether there are more of them."""
    given = {"at": FAR, "below": FAR, "most": counted + 1}
    found = _merged([connection.execute(_ORDERS, {**given, "customer": one}).all() for one in ids], counted + 1)
    return [order_id for _, order_id in found[:counted]], len(found) > counted


def _merged(walks: Iterable[Iterable[Row[tuple[object, ...]]]], most: int) -> list[tuple[int, int]]:
    """The newest orders of several accounts, as (moment, id)."""
    each = ([(int(row.at), int(row.id)) for row in walk] for walk in walks)
    return list(islice(heapq.merge(*each, reverse=True), most))
