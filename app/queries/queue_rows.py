"""What the order queue shows of each order of a page: a few statements a page, whatever the size of the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, TextClause, bindparam, text
from sqlalchemy.orm import Session

from app.domain.states import FulfillmentState, HoldKind, OrderState
from app.queries.found import Found


class Stage(StrEnum):
    """Where an order stands, in the fixed words of the floor."""

    NEW = "new"
    ON_HOLD = "on_hold"
    BACKORDERED = "backordered"
    TO_PICK = "to_pick"
    PICKING = "picking"
    SHORT = "short"
    ASIDE = "aside"
    READY_TO_PACK = "ready_to_pack"
    PACKING = "packing"
    PACKED = "packed"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class HeldBy:
    """Who holds an order's work: person, place, since when; `cart` when it is a walk."""

    operator_id: int
    operator: str
    station: str
    since: datetime
    cart: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One order in the queue. `done` of `asked` units where a stage counts; `fulfillment_id` is its open part.

    `found` is what a search found it by.
    """

    id: int
    number: str
    state: OrderState
    leaves_at: datetime
    priority: int
    recipient: str
    town: str
    country: str
    service: str
    channel: str
    shipped_at: datetime | None = None
    lines: int = 0
    units: int = 0
    stage: Stage = Stage.NEW
    done: int = 0
    asked: int = 0
    holds: tuple[HoldKind, ...] = ()
    tote: str = ""
    held_by: HeldBy | None = None
    fulfillment_id: int | None = None
    changed: bool = False
    found: tuple[Found, ...] = ()
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A fulfillment of an order, as its stage is told from it."""

    id: int
    order_id: int
    state: FulfillmentState
    reason: str = ""
    done: int = 0
    asked: int = 0
    short: int = 0


def _in(sql: str) -> TextClause:
    return text(sql).bindparams(bindparam("ids", expanding=True))


_ORDERS = _in(
    "SELECT o.id, o.number, o.created_at, o.state, o.leaves_at, o.priority, o.service, o.shipped_at, "
    "o.changed_after_pick, a.name, a.company, a.city, a.country, c.name AS channel FROM orders o "
    "JOIN addresses a ON a.id = o.ship_to_id JOIN channels c ON c.id = o.channel_id WHERE o.id IN :ids"
)
_LINES = _in(
    "SELECT order_id, COUNT(*), SUM(quantity - cancelled - elsewhere) FROM order_lines WHERE order_id IN :ids "
    "AND requires_shipping GROUP BY order_id"
)
_HOLDS = _in("SELECT order_id, kind FROM holds WHERE order_id IN :ids AND released_at IS NULL ORDER BY order_id, kind")
_PARTS = _in(
    "SELECT id, order_id, state, exception_reason FROM fulfillments WHERE order_id IN :ids ORDER BY order_id, id"
)
_PICKED = _in(
    "SELECT fulfillment_id, SUM(picked), SUM(quantity), SUM(short) FROM pick_tasks WHERE fulfillment_id IN :ids "
    "AND state <> 'dropped' GROUP BY fulfillment_id"
)
_PACKED = _in(
    "SELECT a.fulfillment_id, SUM(CASE WHEN l.kind = 'package' THEN a.quantity ELSE 0 END), SUM(a.quantity) "
    "FROM allocations a JOIN stock_balances b ON b.id = a.balance_id JOIN locations l ON l.id = b.location_id "
    "WHERE a.fulfillment_id IN :ids AND a.state = 'open' GROUP BY a.fulfillment_id"
)
_TOTES = _in(
    "SELECT u.fulfillment_id, MIN(l.code) FROM tote_uses u JOIN locations l ON l.id = u.tote_id "
    "WHERE u.fulfillment_id IN :ids AND u.closed_at IS NULL GROUP BY u.fulfillment_id"
)
_PACKERS = _in(
    "SELECT c.ref_id, c.operator_id, p.name, s.name, c.since, '' AS cart FROM claims c "
    "JOIN operators p ON p.id = c.operator_id JOIN stations s ON s.id = c.station_id "
    "WHERE c.kind = 'fulfillment' AND c.ref_id IN :ids AND c.expires_at >= :now"
)
_PICKERS = _in(
    "SELECT l.fulfillment_id, c.operator_id, p.name, s.name, c.since, coalesce(k.code, '') FROM pick_list_slots l "
    "JOIN claims c ON c.kind = 'pick_list' AND c.ref_id = l.pick_list_id AND c.expires_at >= :now "
    "JOIN operators p ON p.id = c.operator_id JOIN stations s ON s.id = c.station_id "
    "JOIN pick_lists w ON w.id = l.pick_list_id LEFT JOIN carts k ON k.id = w.cart_id WHERE l.fulfillment_id IN :ids"
)
_UNDER_WAY = (FulfillmentState.RELEASED, FulfillmentState.PICKING, FulfillmentState.EXCEPTION)
_AT_BENCH = (FulfillmentState.PACKING, FulfillmentState.PACKED)
_ENDED = (FulfillmentState.SHIPPED, FulfillmentState.CANCELLED)
_RANK = {
    FulfillmentState.EXCEPTION: 0,
    FulfillmentState.PACKING: 1,
    FulfillmentState.PICKING: 2,
    FulfillmentState.PICKED: 3,
    FulfillmentState.RELEASED: 4,
    FulfillmentState.ALLOCATED: 5,
    FulfillmentState.PACKED: 6,
    FulfillmentState.SHIPPED: 7,
    FulfillmentState.CANCELLED: 8,
}
_STAGE_OF_PART = {
    FulfillmentState.PACKING: Stage.PACKING,
    FulfillmentState.PICKING: Stage.PICKING,
    FulfillmentState.PICKED: Stage.READY_TO_PACK,
    FulfillmentState.RELEASED: Stage.TO_PICK,
    FulfillmentState.ALLOCATED: Stage.TO_PICK,
    FulfillmentState.PACKED: Stage.PACKED,
}
_STAGE_OF_ORDER = {
    OrderState.CANCELLED: Stage.CANCELLED,
    OrderState.SHIPPED: Stage.SHIPPED,
    OrderState.CLOSED: Stage.CLOSED,
    OrderState.BACKORDERED: Stage.BACKORDERED,
    OrderState.PARTLY_SHIPPED: Stage.PARTLY_SHIPPED,
}


def queue_rows(session: Session, ids: Sequence[int], now: datetime) -> tuple[QueueRow, ...]:
    """The rows of these orders, in this order."""
    if not ids:
        return ()
    connection = session.connection()
    given = {"ids": list(ids)}
    rows = {row["id"]: _bare(row) for row in connection.execute(_ORDERS, given).mappings()}
    lines = {row[0]: (int(row[1]), int(row[2])) for row in connection.execute(_LINES, given)}
    holds: dict[int, list[HoldKind]] = defaultdict(list)
    for order_id, kind in connection.execute(_HOLDS, given):
        holds[order_id].append(HoldKind(kind))
    parts = order_parts(connection, ids)
    current = [one.id for one in (main_part(found) for found in parts.values()) if one and one.state not in _ENDED]
    totes, held = _totes(connection, current), _held(connection, current, now)
    shown = []
    for order_id in ids:
        row = rows.get(order_id)
        if row is None:
            continue
        part = main_part(parts.get(order_id, ()))
        stage, done, asked = stage_of(row.state, tuple(holds[order_id]), part)
        count, units = lines.get(order_id, (0, 0))
        open_part = part.id if part and part.state not in _ENDED else None
        row = replace(row, lines=count, units=units, holds=tuple(holds[order_id]), stage=stage, done=done, asked=asked)
        tote, holder = totes.get(open_part or 0, ""), held.get(open_part or 0)
        shown.append(replace(row, tote=tote, held_by=holder, fulfillment_id=open_part))
    return tuple(shown)


def stage_of(state: OrderState, holds: tuple[HoldKind, ...], part: Part | None) -> tuple[Stage, int, int]:
    """The stage of an order with the units that it counts, done of asked. An end outweighs a hold, a hold all else."""
    ended = state in (OrderState.SHIPPED, OrderState.CLOSED, OrderState.CANCELLED)
    if ended:
        return _STAGE_OF_ORDER[state], 0, 0
    if part is not None and part.state is FulfillmentState.EXCEPTION:
        return (Stage.SHORT, part.short, part.asked) if part.short else (Stage.ASIDE, 0, 0)
    if any(kind is not HoldKind.STOCK for kind in holds):
        return Stage.ON_HOLD, 0, 0
    if part is not None and part.state in _STAGE_OF_PART:
        counts = part.state in (FulfillmentState.PICKING, FulfillmentState.PACKING)
        return _STAGE_OF_PART[part.state], part.done if counts else 0, part.asked if counts else 0
    return _STAGE_OF_ORDER.get(state, Stage.NEW), 0, 0


def main_part(parts: Sequence[Part]) -> Part | None:
    """The fulfillment that tells most about an order: the one that needs a hand or is under way."""
    return min(parts, key=lambda part: (_RANK[part.state], -part.id), default=None)


def order_parts(connection: Connection, ids: Sequence[int]) -> Mapping[int, tuple[Part, ...]]:
    """The fulfillments of these orders, with their progress where they are under way."""
    parts = [
        Part(row[0], row[1], FulfillmentState(row[2]), row[3]) for row in connection.execute(_PARTS, {"ids": list(ids)})
    ]
    walking = [part.id for part in parts if part.state in _UNDER_WAY]
    packing = [part.id for part in parts if part.state in _AT_BENCH]
    counts: dict[int, tuple[int, int, int]] = {}
    if walking:
        for row in connection.execute(_PICKED, {"ids": walking}):
            counts[row[0]] = (int(row[1]), int(row[2]), int(row[3]))
    if packing:
        for row in connection.execute(_PACKED, {"ids": packing}):
            counts[row[0]] = (int(row[1]), int(row[2]), 0)
    found: dict[int, list[Part]] = defaultdict(list)
    for part in parts:
        done, asked, short = counts.get(part.id, (0, 0, 0))
        found[part.order_id].append(replace(part, done=done, asked=asked, short=short))
    return {order_id: tuple(some) for order_id, some in found.items()}


def _bare(values: RowMapping) -> QueueRow:
    return QueueRow(
        values["id"],
        values["number"],
        OrderState(values["state"]),
        moment(values["leaves_at"]),
        values["priority"],
        values["name"] or values["company"],
        values["city"],
        values["country"],
        values["service"],
        values["channel"],
        None if values["shipped_at"] is None else moment(values["shipped_at"]),
        changed=bool(values["changed_after_pick"]),
        created_at=moment(values["created_at"]),
    )


def _totes(connection: Connection, parts: Sequence[int]) -> dict[int, str]:
    return {row[0]: row[1] for row in connection.execute(_TOTES, {"ids": list(parts)})} if parts else {}


def _held(connection: Connection, parts: Sequence[int], now: datetime) -> dict[int, HeldBy]:
    if not parts:
        return {}
    given = {"ids": list(parts), "now": round(now.timestamp() * 1000)}
    found: dict[int, HeldBy] = {}
    for statement in (_PICKERS, _PACKERS):
        for part, operator_id, operator, station, since, cart in connection.execute(statement, given):
            found[part] = HeldBy(operator_id, operator, station, moment(since), cart)
    return found


def moment(stored: int) -> datetime:
    """A stored moment."""
    return datetime.fromtimestamp(stored / 1000, UTC)
