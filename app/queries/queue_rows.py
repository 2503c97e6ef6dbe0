"""What the order queue shows of each order of a page: a few statements a page, whatever the size of the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.domain.states import FulfillmentState, HoldKind, OrderState
from app.models.prepared import Row
from app.queries.found import Found
from app.queries.reading import Asked, Listed, Reading, read


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


Rows = Callable[[Mapping[int, tuple[Found, ...]]], tuple[QueueRow, ...]]
"""Gives rows, each with what its order was found by."""


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


_ORDERS = Listed(
    "SELECT o.id, o.number, o.state, o.leaves_at, o.priority, CASE WHEN a.name = '' THEN a.company ELSE a.name END, "
    "a.city, a.country, o.service, c.name, o.shipped_at, o.created_at, o.changed_after_pick FROM orders o "
    "JOIN addresses a ON a.id = o.ship_to_id JOIN channels c ON c.id = o.channel_id WHERE o.id IN :ids"
)
_LINES = Listed(
    "SELECT order_id, COUNT(*), SUM(quantity - cancelled - elsewhere) FROM order_lines WHERE order_id IN :ids "
    "AND requires_shipping GROUP BY order_id"
)
_HOLDS = Listed(
    "SELECT order_id, kind FROM holds WHERE order_id IN :ids AND released_at IS NULL ORDER BY order_id, kind"
)
_PARTS = Listed(
    "SELECT id, order_id, state, exception_reason FROM fulfillments WHERE order_id IN :ids ORDER BY order_id, id"
)
_PICKED = Listed(
    "SELECT fulfillment_id, SUM(picked), SUM(quantity), SUM(short) FROM pick_tasks WHERE fulfillment_id IN :ids "
    "AND state <> 'dropped' GROUP BY fulfillment_id"
)
_PACKED = Listed(
    "SELECT a.fulfillment_id, SUM(CASE WHEN l.kind = 'package' THEN a.quantity ELSE 0 END), SUM(a.quantity), 0 "
    "FROM allocations a JOIN stock_balances b ON b.id = a.balance_id JOIN locations l ON l.id = b.location_id "
    "WHERE a.fulfillment_id IN :ids AND a.state = 'open' GROUP BY a.fulfillment_id"
)
_TOTES = Listed(
    "SELECT u.fulfillment_id, MIN(l.code) FROM tote_uses u JOIN locations l ON l.id = u.tote_id "
    "WHERE u.fulfillment_id IN :ids AND u.closed_at IS NULL GROUP BY u.fulfillment_id"
)
_PACKERS = Listed(
    "SELECT c.ref_id, c.operator_id, p.name, s.name, c.since, '' AS cart FROM claims c "
    "JOIN operators p ON p.id = c.operator_id JOIN stations s ON s.id = c.station_id "
    "WHERE c.kind = 'fulfillment' AND c.ref_id IN :ids AND c.expires_at >= :now"
)
_PICKERS = Listed(
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
    return read(session, rows_of(session, ids, now))({})


def rows_of(session: Session, ids: Sequence[int], now: datetime) -> Reading[Rows]:
    """The same, beside other readings. What is returned gives the rows once it is told what they were found by."""
    if not ids:
        return lambda _: ()
    orders, lines, held, found = yield [one.asked(session, ids) for one in (_ORDERS, _LINES, _HOLDS, _PARTS)]
    main = {order_id: main_part(parts) for order_id, parts in _by_order(_parts(found)).items()}
    work = yield from _work_of(session, [part for part in main.values() if part and part.state not in _ENDED], now)
    rows = {row[0]: row for row in orders}
    counts = {row[0]: (int(row[1]), int(row[2])) for row in lines}
    holds: dict[int, tuple[HoldKind, ...]] = {}
    for order_id, kind in held:
        holds[order_id] = (*holds.get(order_id, ()), HoldKind(kind))
    return lambda why: tuple(
        _row(rows[one], counts.get(one, (0, 0)), holds.get(one, ()), main.get(one), work, why.get(one, ()))
        for one in ids
        if one in rows
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """What is under way: units done, asked and short of each part, its tote, and who holds it."""

    counts: Mapping[int, tuple[int, int, int]]
    totes: Mapping[int, str]
    held: Mapping[int, HeldBy]


def _work_of(session: Session, parts: Sequence[Part], now: datetime) -> Reading[_Work]:
    if not parts:
        return _Work({}, {}, {})
    ids, moment_of = [part.id for part in parts], {"now": round(now.timestamp() * 1000)}
    *counted, totes, pickers, packers = yield [
        *_counting(session, parts),
        _TOTES.asked(session, ids),
        *(one.asked(session, ids, **moment_of) for one in (_PICKERS, _PACKERS)),
    ]
    held = {
        part: HeldBy(operator_id, operator, station, moment(since), cart)
        for part, operator_id, operator, station, since, cart in (*pickers, *packers)
    }
    return _Work(_counts(counted), dict(totes), held)


def _row(
    row: Row,
    lines: tuple[int, int],
    holds: tuple[HoldKind, ...],
    part: Part | None,
    work: _Work,
    found: tuple[Found, ...],
) -> QueueRow:
    order_id, number, state, leaves_at, priority, recipient, town, country, service, channel, *others = row
    shipped_at, created_at, changed = others
    open_part = part.id if part and part.state not in _ENDED else None
    if part and open_part in work.counts:
        done, asked, short = work.counts[part.id]
        part = replace(part, done=done, asked=asked, short=short)
    stage, done, asked = stage_of(OrderState(state), holds, part)
    return QueueRow(
        order_id, number, OrderState(state), moment(leaves_at), priority, recipient, town, country, service, channel,
        None if shipped_at is None else moment(shipped_at), lines[0], lines[1], stage, done, asked, holds,
        work.totes.get(open_part or 0, ""), work.held.get(open_part or 0), open_part, bool(changed),
        found, moment(created_at),
    )  # fmt: skip


def stage_of(state: OrderState, holds: tuple[HoldKind, ...], part: Part | None) -> tuple[Stage, int, int]:
    """The stage of an order with the units that it counts, done of asked. An end outweighs a hold, a hold all else."""
    if state in (OrderState.SHIPPED, OrderState.CLOSED, OrderState.CANCELLED):
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


def order_parts(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[Part, ...]]:
    """The fulfillments of these orders, with their progress where they are under way."""
    return read(session, _counted(session, ids))


def _counted(session: Session, ids: Sequence[int]) -> Reading[Mapping[int, tuple[Part, ...]]]:
    (found,) = yield [_PARTS.asked(session, ids)]
    parts = _parts(found)
    counts = _counts((yield _counting(session, parts)))
    with_counts = []
    for part in parts:
        done, asked, short = counts.get(part.id, (0, 0, 0))
        with_counts.append(replace(part, done=done, asked=asked, short=short))
    return _by_order(with_counts)


def _counting(session: Session, parts: Sequence[Part]) -> list[Asked]:
    """What tells the progress of parts, where they are under way."""
    walking = [part.id for part in parts if part.state in _UNDER_WAY]
    packing = [part.id for part in parts if part.state in _AT_BENCH]
    return [one.asked(session, ids) for one, ids in ((_PICKED, walking), (_PACKED, packing)) if ids]


def _counts(answers: Sequence[Sequence[Row]]) -> dict[int, tuple[int, int, int]]:
    return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for rows in answers for row in rows}


def _parts(found: Sequence[Row]) -> list[Part]:
    return [Part(row[0], row[1], FulfillmentState(row[2]), row[3]) for row in found]


def _by_order(parts: Sequence[Part]) -> Mapping[int, tuple[Part, ...]]:
    found: dict[int, list[Part]] = defaultdict(list)
    for part in parts:
        found[part.order_id].append(part)
    return {order_id: tuple(some) for order_id, some in found.items()}


def moment(stored: int) -> datetime:
    """A stored moment."""
    return datetime.fromtimestamp(stored / 1000, UTC)
