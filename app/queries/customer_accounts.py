"""Customers as their channels know them, and who of them is surely the same: who has the same e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, bindparam, text
from sqlalchemy.orm import Session

from app.domain.storable import SHORT, storable

COUNTED = 5_000
"""Orders that are added up and grouped, the newest first."""
_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_ONE = text(
    "SELECT k.id, k.channel_ref, k.name, k.email, k.phone, c.name AS channel FROM customers k "
    "JOIN channels c ON c.id = k.channel_id WHERE k.id IN :ids ORDER BY k.id"
).bindparams(_IDS)
_SAME_REF = text(  # crossed, so that SQLite looks into the index once for each of the few channels
    "SELECT k.id, k.email FROM channels c CROSS JOIN customers k WHERE k.channel_id = c.id AND k.channel_ref = :ref "
    "ORDER BY k.id"
)
_COUNT = text(
    "SELECT k.id, (SELECT COUNT(*) FROM (SELECT o.id FROM orders o WHERE o.customer_id = k.id LIMIT :most) x) "
    "FROM customers k WHERE k.id IN :ids"
).bindparams(_IDS)
_OF_ORDER = text("SELECT customer_id FROM orders WHERE id = :order")


@dataclass(frozen=True, slots=True)
class Account:
    """A customer as one channel knows them."""

    id: int
    channel: str
    ref: str
    name: str
    email: str
    phone: str


def customer_of_order(session: Session, order_id: int) -> int | None:
    """Who ordered it; None where the channel told nobody."""
    found = session.connection().execute(_OF_ORDER, {"order": order_id}).scalar()
    return None if found is None else int(found)


def same_person(connection: Connection, customer_id: int) -> tuple[int, ...]:
    """The customer and whoever has the same e-mail at another channel; nothing when there is no such customer."""
    one = accounts_of(connection, (customer_id,)).get(customer_id)
    if one is None:
        return ()
    email = one.email.strip().lower()
    same = by_email(connection, email) if email else []
    return tuple(dict.fromkeys((customer_id, *same)))


def by_email(connection: Connection, email: str) -> list[int]:
    """Customers are kept under their e-mail in small letters, which an index finds."""
    rows = connection.execute(_SAME_REF, {"ref": storable(email, SHORT)})
    return [row.id for row in rows if row.email.strip().lower() == email]


def accounts_of(connection: Connection, ids: Iterable[int]) -> dict[int, Account]:
    """Customers by their ids."""
    wanted = list(ids)
    rows = connection.execute(_ONE, {"ids": wanted}).all() if wanted else []
    return {row.id: Account(row.id, row.channel, row.channel_ref, row.name, row.email, row.phone) for row in rows}


def counts_of(connection: Connection, ids: Iterable[int]) -> dict[int, int]:
    """How many orders each has, at most one more than `COUNTED`."""
    wanted = list(ids)
    given = {"ids": wanted, "most": COUNTED + 1}
    return {row[0]: int(row[1]) for row in connection.execute(_COUNT, given)} if wanted else {}
