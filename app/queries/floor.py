"""How the day stands on one floor: what is to do, what left, parcels by the hour, trucks. Each along an index of time
or state, and each ends at a limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlalchemy.orm import Session

from app.queries.figures import LIMIT
from app.queries.figures import STATEMENTS as FIGURES
from app.queries.order_queue import stamp
from app.queries.queue_rows import moment as as_moment

HOURS = 11
"""Columns of the chart: what was, this hour, what is still to come."""
BACK = 8
"""Hours before this one that are read."""
_Rows = Sequence[Row[tuple[Any, ...]]]
_HOUR = 3_600_000
_PARCELS = 50_000
MANY = 16
"""More trucks than that nobody looks through: their times are taken together."""
_STEPS = (1, 15, 60)
# A cross join keeps its order on SQLite: time or state is looked up first, whatever the statistics say.
_OPEN = "state NOT IN ('shipped', 'closed', 'cancelled')"
_OUT = (
    "SELECT f.id, f.service, f.leaves_at, f.shipped_at FROM orders o CROSS JOIN fulfillments f "
    "WHERE f.order_id = o.id AND o.shipped_at >= :since AND f.state = 'shipped' "
    "AND f.warehouse_id = :warehouse AND f.shipped_at >= :since "
    "UNION SELECT f.id, f.service, f.leaves_at, f.shipped_at FROM packages p "
    "CROSS JOIN fulfillments f WHERE f.id = p.fulfillment_id AND p.sealed_at >= :since AND f.state = 'shipped' "
    "AND f.warehouse_id = :warehouse AND f.shipped_at >= :since"
)
_TO_LEAVE = (
    "SELECT f.service, f.leaves_at, f.state FROM orders o CROSS JOIN fulfillments f WHERE f.order_id = o.id "
    f"AND o.{_OPEN} AND o.leaves_at >= :since AND o.leaves_at < :until AND f.warehouse_id = :warehouse "
    "AND f.state NOT IN ('shipped', 'cancelled')"
)
_SEALED = (
    "SELECT p.sealed_at, p.operator_id FROM packages p CROSS JOIN stations s "
    "WHERE s.id = p.station_id AND p.sealed_at >= :origin AND p.state NOT IN ('open', 'void') "
    f"AND s.warehouse_id = :warehouse ORDER BY p.sealed_at DESC LIMIT {_PARCELS}"
)
STATEMENTS: Mapping[str, str] = {
    "parts": FIGURES["parts"],
    "packed": "SELECT COUNT(DISTINCT cage_id), MIN(sealed_at) FROM (SELECT p.cage_id, p.sealed_at FROM fulfillments f "
    "JOIN packages p ON p.fulfillment_id = f.id WHERE f.state NOT IN ('shipped', 'cancelled') AND f.state = 'packed' "
    f"AND f.warehouse_id = :warehouse AND p.state IN ('sealed', 'labelled') LIMIT {LIMIT}) found",
    "out": f"SELECT service, leaves_at, COUNT(*), SUM(CASE WHEN shipped_at >= :hour THEN 1 ELSE 0 END) "
    f"FROM (SELECT * FROM ({_OUT}) gone LIMIT {LIMIT}) counted GROUP BY service, leaves_at",
    "to_leave": "SELECT service, leaves_at, COUNT(*), SUM(CASE WHEN state = 'packed' THEN 1 ELSE 0 END) "
    f"FROM ({_TO_LEAVE} LIMIT {LIMIT}) counted GROUP BY service, leaves_at",
    "left_behind": "SELECT COUNT(*), MIN(leaves_at) FROM (SELECT leaves_at FROM fulfillments WHERE state NOT IN "
    f"('shipped', 'cancelled') AND warehouse_id = :warehouse AND leaves_at < :until LIMIT {LIMIT}) counted",
    "hours": f"SELECT (sealed_at - CAST(:origin AS BIGINT)) / {_HOUR} AS hour, operator_id, COUNT(*) "
    f"FROM ({_SEALED}) sealed GROUP BY 1, 2",
}


@dataclass(frozen=True, slots=True)
class FloorMoment:
    """Whose floor, now, and the ends of its day."""

    warehouse_id: int
    now: datetime
    day_begins: datetime
    day_ends: datetime


@dataclass(frozen=True, slots=True)
class Stages:
    """Fulfillments by how far they are; each count ends at LIMIT. `oldest` is the parcel that waits the longest."""

    to_pick: int = 0
    ready: int = 0
    picking: int = 0
    packing: int = 0
    packed: int = 0
    cages: int = 0
    oldest: datetime | None = None
    shipped: int = 0
    shipped_last_hour: int = 0


@dataclass(frozen=True, slots=True)
class Truck:
    """What leaves with one service at one time: how many are out, packed but still here, and missing."""

    service: str
    leaves_at: datetime
    out: int = 0
    packed: int = 0
    missing: int = 0

    @property
    def done(self) -> int:
        """Packed or out."""
        return self.out + self.packed

    @property
    def all(self) -> int:
        """All that this truck should take."""
        return self.done + self.missing


@dataclass(frozen=True, slots=True)
class HourCount:
    """Parcels that somebody closed in one hour, counted from `FloorDay.origin`."""

    hour: int
    operator_id: int | None
    parcels: int


@dataclass(frozen=True, slots=True)
class FloorDay:
    """The day of a floor. `origin` is when hour 0 of `hours` began; `left_behind` should have left before today."""

    stages: Stages
    trucks: tuple[Truck, ...]
    origin: datetime
    hours: tuple[HourCount, ...]
    last_hour: tuple[HourCount, ...]
    left_behind: int = 0
    left_behind_since: datetime | None = None


def floor_day(session: Session, at: FloorMoment) -> FloorDay:
    """Figures, trucks and hours."""
    connection = session.connection()
    day = {"warehouse": at.warehouse_id, "since": stamp(at.day_begins)}
    out = connection.execute(text(STATEMENTS["out"]), day | {"hour": stamp(at.now - timedelta(hours=1))}).all()
    here = connection.execute(text(STATEMENTS["to_leave"]), day | {"until": stamp(at.day_ends)}).all()
    before = {"warehouse": at.warehouse_id, "until": stamp(at.day_begins)}
    behind, since = connection.execute(text(STATEMENTS["left_behind"]), before).one()
    origin = min(at.day_begins, hour_of(at) - timedelta(hours=BACK))
    return FloorDay(
        _stages(connection, at, sum(row[2] for row in out), sum(row[3] for row in out)),
        _trucks(at, out, here),
        origin,
        _hours(connection, at, origin),
        _hours(connection, at, at.now - timedelta(hours=1)),
        behind,
        None if since is None else as_moment(since),
    )


def hour_of(at: FloorMoment) -> datetime:
    """When this hour began on the clocks of the floor, whose zone need not be whole hours away."""
    gone = (at.now - at.day_begins).total_seconds() % 3600
    return at.now - timedelta(seconds=gone)


def _stages(connection: Connection, at: FloorMoment, shipped: int, last_hour: int) -> Stages:
    def count(state: str) -> int:
        given = {"warehouse": at.warehouse_id, "state": state}
        return int(connection.execute(text(STATEMENTS["parts"]), given).scalar_one())

    cages, oldest = connection.execute(text(STATEMENTS["packed"]), {"warehouse": at.warehouse_id}).one()
    return Stages(
        count("allocated") + count("released"), count("picked"), count("picking"), count("packing"), count("packed"),
        cages, None if oldest is None else as_moment(oldest), shipped, last_hour,
    )  # fmt: skip


def _trucks(at: FloorMoment, out: _Rows, here: _Rows) -> tuple[Truck, ...]:
    """What should leave today, the next truck first; what left today though it had longer counts for no truck.

    Where each order has a time of its own, those of a quarter of an hour, or of an hour, are one truck.
    """
    begins, ends = stamp(at.day_begins), stamp(at.day_ends)
    told = [(service, leaves, int(count), 0, 0) for service, leaves, count, _ in out if begins <= leaves < ends]
    told += [(service, leaves, 0, int(packed), int(count - packed)) for service, leaves, count, packed in here]
    found: dict[tuple[str, int], Truck] = {}
    for minutes in _STEPS:
        found = {}
        for service, leaves, gone, packed, missing in told:
            key = service, leaves - (leaves - begins) % (minutes * 60_000)
            one = found.get(key) or Truck(service, as_moment(key[1]))
            found[key] = Truck(service, one.leaves_at, one.out + gone, one.packed + packed, one.missing + missing)
        if len(found) <= MANY:
            break
    return tuple(sorted(found.values(), key=lambda truck: (truck.leaves_at, truck.service)))


def _hours(connection: Connection, at: FloorMoment, origin: datetime) -> tuple[HourCount, ...]:
    given = {"warehouse": at.warehouse_id, "origin": stamp(origin)}
    rows = connection.execute(text(STATEMENTS["hours"]), given)
    return tuple(HourCount(int(hour), operator, count) for hour, operator, count in rows)
