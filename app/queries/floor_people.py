"""Who is signed in on a floor, and what each has in hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, TextClause, bindparam, text
from sqlalchemy.orm import Session

from app.domain.outcomes import Place
from app.queries.floor import FloorMoment
from app.queries.order_queue import stamp
from app.queries.queue_rows import moment as as_moment

MOST = 200


def _in(sql: str) -> TextClause:
    return text(sql).bindparams(bindparam("ids", expanding=True))


_PEOPLE = text(
    "SELECT s.id, s.name AS station, w.operator_id, p.name AS operator, w.place, w.work_kind, w.work_id, "
    "CASE WHEN w.block IS NULL THEN 0 ELSE 1 END AS blocked, c.since, "
    "(SELECT MAX(g.at) FROM gestures g WHERE g.station_id = s.id) AS last_at "
    "FROM stations s JOIN station_sessions w ON w.station_id = s.id JOIN operators p ON p.id = w.operator_id "
    "LEFT JOIN claims c ON c.kind = w.work_kind AND c.ref_id = w.work_id AND c.station_id = s.id "
    f"WHERE s.warehouse_id = :warehouse ORDER BY p.name, s.id LIMIT {MOST}"
)
_LEFT = text(
    "SELECT c.kind, c.ref_id, c.since, c.expires_at, p.name AS operator, s.name AS station, s.id, c.operator_id "
    "FROM claims c JOIN operators p ON p.id = c.operator_id JOIN stations s ON s.id = c.station_id "
    "WHERE c.expires_at < :now AND s.warehouse_id = :warehouse ORDER BY c.expires_at LIMIT :most"
)
_ORDERS = _in("SELECT f.id, o.number FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE f.id IN :ids")
_PACKED = _in(
    "SELECT a.fulfillment_id, SUM(CASE WHEN l.kind = 'package' THEN a.quantity ELSE 0 END), SUM(a.quantity) "
    "FROM allocations a JOIN stock_balances b ON b.id = a.balance_id JOIN locations l ON l.id = b.location_id "
    "WHERE a.fulfillment_id IN :ids AND a.state = 'open' GROUP BY a.fulfillment_id"
)
_WALKS = _in(
    "SELECT w.id, coalesce(k.code, ''), w.started_at FROM pick_lists w LEFT JOIN carts k ON k.id = w.cart_id "
    "WHERE w.id IN :ids"
)
_STOPS = _in(
    "SELECT pick_list_id, SUM(CASE WHEN state = 'open' THEN 0 ELSE 1 END), COUNT(*), SUM(picked) FROM pick_tasks "
    "WHERE pick_list_id IN :ids AND state <> 'dropped' GROUP BY pick_list_id"
)
_RETURNS = _in("SELECT id, code FROM return_authorizations WHERE id IN :ids")


@dataclass(frozen=True, slots=True)
class WorkInHand:
    """A piece of work by what people call it: order number, cart, return. `done` of `asked` units or stops.

    `kind` is that of the claim, empty for none; `units` were picked since `began`, where that is known.
    """

    kind: str = ""
    ref_id: int = 0
    name: str = ""
    done: int = 0
    asked: int = 0
    units: int = 0
    began: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonAtWork:
    """One person at one station. `since` is when the work was taken, `last_at` when anything was scanned there."""

    station_id: int
    station: str
    operator_id: int
    operator: str
    place: Place
    work: WorkInHand
    blocked: bool
    since: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeftWork:
    """Work whose lease ran out: its station crashed, or somebody signed out of it."""

    work: WorkInHand
    operator: str
    operator_id: int
    station: str
    station_id: int
    since: datetime
    ended: datetime


def people_at_work(session: Session, at: FloorMoment) -> tuple[PersonAtWork, ...]:
    """Everybody who is signed in, by name."""
    connection = session.connection()
    rows = connection.execute(_PEOPLE, {"warehouse": at.warehouse_id}).all()
    works = _works(connection, [(row.work_kind, row.work_id) for row in rows])
    return tuple(
        PersonAtWork(
            row.id,
            row.station,
            row.operator_id,
            row.operator,
            Place(row.place),
            works.get((row.work_kind, row.work_id), WorkInHand(row.work_kind or "")),
            bool(row.blocked),
            None if row.since is None else as_moment(row.since),
            None if row.last_at is None else as_moment(row.last_at),
        )
        for row in rows
    )


def left_work(session: Session, at: FloorMoment, most: int = 10) -> tuple[LeftWork, ...]:
    """Work that lies there, the longest first."""
    connection = session.connection()
    given = {"now": stamp(at.now), "warehouse": at.warehouse_id, "most": most}
    rows = connection.execute(_LEFT, given).all()
    works = _works(connection, [(row.kind, row.ref_id) for row in rows])
    return tuple(
        LeftWork(
            works.get((row.kind, row.ref_id), WorkInHand(row.kind, row.ref_id)),
            row.operator,
            row.operator_id,
            row.station,
            row.id,
            as_moment(row.since),
            as_moment(row.expires_at),
        )
        for row in rows
    )


def _works(connection: Connection, wanted: Iterable[tuple[str, int | None]]) -> Mapping[tuple[str, int], WorkInHand]:
    by_kind: dict[str, list[int]] = {"fulfillment": [], "pick_list": [], "return": []}
    for kind, ref in wanted:
        if kind in by_kind and ref is not None:
            by_kind[kind].append(ref)
    found = _orders(connection, by_kind["fulfillment"]) + _walks(connection, by_kind["pick_list"])
    if by_kind["return"]:
        rows = connection.execute(_RETURNS, {"ids": by_kind["return"]})
        found += [WorkInHand("return", ident, code) for ident, code in rows]
    return {(work.kind, work.ref_id): work for work in found}


def _orders(connection: Connection, ids: Sequence[int]) -> list[WorkInHand]:
    if not ids:
        return []
    units = {row[0]: (int(row[1]), int(row[2])) for row in connection.execute(_PACKED, {"ids": ids})}
    return [
        WorkInHand("fulfillment", ident, number, *units.get(ident, (0, 0)))
        for ident, number in connection.execute(_ORDERS, {"ids": ids})
    ]


def _walks(connection: Connection, ids: Sequence[int]) -> list[WorkInHand]:
    if not ids:
        return []
    stops = {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in connection.execute(_STOPS, {"ids": ids})}
    return [
        WorkInHand("pick_list", ident, cart, *stops.get(ident, (0, 0, 0)), None if began is None else as_moment(began))
        for ident, cart, began in connection.execute(_WALKS, {"ids": ids})
    ]
