"""What a lead has to decide or look at: each list ends at a few rows, each count at a limit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.orm import Session

from app.domain.states import HoldKind
from app.queries.figures import LIMIT
from app.queries.floor import FloorMoment
from app.queries.floor_people import LeftWork, left_work
from app.queries.label_troubles import LabelTrouble, label_troubles
from app.queries.order_queue import stamp
from app.queries.queue_rows import moment as as_moment

FEW = 9
SHOWN = 4
"""So many of a kind stand by themselves, so that one kind leaves room for the others."""
LABEL_PATIENCE = timedelta(minutes=2)
"""So long a carrier may take to answer before a lead is told."""
PRINT_PATIENCE = timedelta(minutes=2)
_OPEN = "state NOT IN ('shipped', 'closed', 'cancelled')"

_PARKED = text(
    "SELECT f.id, f.order_id, o.number, f.exception_reason AS reason, f.leaves_at FROM fulfillments f "
    "JOIN orders o ON o.id = f.order_id WHERE f.state NOT IN ('shipped', 'cancelled') AND f.state = 'exception' "
    "AND f.warehouse_id = :warehouse ORDER BY f.priority, f.leaves_at, f.id LIMIT :most"
)
_SHORT = text(
    "SELECT t.fulfillment_id, r.sku, SUM(x.quantity) AS missing, MAX(p.name) AS who, MAX(k.code) AS cart "
    "FROM pick_tasks t JOIN short_picks x ON x.pick_task_id = t.id JOIN products r ON r.id = x.product_id "
    "JOIN pick_lists w ON w.id = t.pick_list_id LEFT JOIN carts k ON k.id = w.cart_id "
    "LEFT JOIN operators p ON p.id = x.operator_id WHERE t.fulfillment_id IN :ids GROUP BY t.fulfillment_id, r.sku "
    "ORDER BY t.fulfillment_id, r.sku"
).bindparams(bindparam("ids", expanding=True))
_HELD = text(
    "SELECT h.order_id, o.number, h.kind, h.detail, h.opened_at, o.leaves_at FROM orders o "
    f"CROSS JOIN holds h WHERE h.order_id = o.id AND h.released_at IS NULL AND o.{_OPEN} AND o.leaves_at >= :since "
    "AND o.leaves_at < :until AND h.kind NOT IN ('stock', 'payment', 'fraud') ORDER BY o.leaves_at, o.id LIMIT :most"
)
_LACKING = text(
    "SELECT o.number, h.detail, o.leaves_at FROM orders o CROSS JOIN holds h WHERE h.order_id = o.id "
    "AND h.released_at IS NULL AND o.state = 'backordered' AND o.leaves_at < :until AND h.kind = 'stock' "
    "ORDER BY o.leaves_at DESC, o.id DESC LIMIT :most"
)
_HOLDS = text(
    "SELECT kind, COUNT(*), MIN(opened_at) FROM (SELECT kind, opened_at FROM holds WHERE released_at IS NULL "
    f"AND kind <> 'stock' LIMIT {LIMIT}) counted GROUP BY kind"
)
_UNKNOWN = text(
    "SELECT o.number, coalesce(s.name, '') AS station, l.state, l.intended_at FROM packages p "
    "CROSS JOIN labels l JOIN fulfillments f ON f.id = p.fulfillment_id "
    "JOIN orders o ON o.id = f.order_id LEFT JOIN stations s ON s.id = p.station_id WHERE l.package_id = p.id "
    "AND p.sealed_at >= :since AND f.warehouse_id = :warehouse AND p.state = 'sealed' "
    "AND l.state IN ('unknown', 'intended') AND l.intended_at < :older ORDER BY p.sealed_at LIMIT :most"
)
_OTHER_SITES = text("SELECT COUNT(*) FROM warehouses WHERE active AND id <> :warehouse")
_ROWS = text(f"SELECT COUNT(*) FROM (SELECT id FROM refused_rows WHERE state = 'open' LIMIT {LIMIT}) counted")
_JOBS = text(
    "SELECT s.name, COUNT(*), MIN(j.created_at), MAX(CASE WHEN j.doubtful THEN 1 ELSE 0 END) FROM print_jobs j "
    "JOIN stations s ON s.id = j.station_id WHERE j.state IN ('queued', 'sending', 'failed') "
    "AND (j.state = 'failed' OR j.created_at < :older) AND s.warehouse_id = :warehouse GROUP BY s.name "
    "ORDER BY s.name LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class Missing:
    """Units of a product that a picker did not find."""

    sku: str
    units: int
    operator: str
    cart: str


@dataclass(frozen=True, slots=True)
class Parked:
    """A fulfillment that waits for a decision: put aside at a bench, or short. `reason` as it was stored; `other_sites`
    says whether there is another site that could send the rest.
    """

    fulfillment_id: int
    order_id: int
    number: str
    reason: str
    leaves_at: datetime
    missing: tuple[Missing, ...] = ()
    other_sites: bool = False


@dataclass(frozen=True, slots=True)
class HeldToday:
    """A hold that keeps an order here which must leave today."""

    order_id: int
    number: str
    kind: HoldKind
    detail: str
    since: datetime
    leaves_at: datetime


@dataclass(frozen=True, slots=True)
class HoldCount:
    """How many holds of one kind stand, and since when the oldest."""

    kind: HoldKind
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class LabelInDoubt:
    """A label that its carrier did not answer about, or that nobody bought yet."""

    number: str
    station: str
    unknown: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Lacking:
    """An order that lacks stock: what, by SKU with its count."""

    number: str
    detail: str
    leaves_at: datetime


@dataclass(frozen=True, slots=True)
class WaitingPrints:
    """Documents of one station that did not come out."""

    station: str
    count: int
    since: datetime
    doubtful: bool


@dataclass(frozen=True, slots=True)
class FloorNeeds:
    """All of it. Lists hold at most FEW rows."""

    parked: tuple[Parked, ...] = ()
    held: tuple[HeldToday, ...] = ()
    holds: tuple[HoldCount, ...] = ()
    labels: tuple[LabelTrouble, ...] = ()
    in_doubt: tuple[LabelInDoubt, ...] = ()
    left: tuple[LeftWork, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    refused_rows: int = 0
    prints: tuple[WaitingPrints, ...] = ()


def floor_needs(session: Session, at: FloorMoment) -> FloorNeeds:
    """What needs the lead of this floor now."""
    connection = session.connection()
    here: dict[str, object] = {"warehouse": at.warehouse_id, "most": FEW}
    today: dict[str, object] = {"since": stamp(at.day_begins), "until": stamp(at.day_ends), "most": SHOWN}
    yesterday = at.day_begins - timedelta(days=1)
    doubt = here | {"since": stamp(yesterday), "older": stamp(at.now - LABEL_PATIENCE)}
    waiting = connection.execute(_JOBS, here | {"older": stamp(at.now - PRINT_PATIENCE)})
    lacking = connection.execute(_LACKING, {"until": stamp(at.day_ends), "most": FEW})
    holds = connection.execute(_HOLDS)
    return FloorNeeds(
        _parked(connection, at),
        tuple(
            HeldToday(row[0], row[1], HoldKind(row[2]), row[3], as_moment(row[4]), as_moment(row[5]))
            for row in connection.execute(_HELD, today)
        ),
        tuple(HoldCount(HoldKind(kind), count, as_moment(oldest)) for kind, count, oldest in holds),
        label_troubles(session, yesterday, most=SHOWN),
        tuple(
            LabelInDoubt(row.number, row.station, row.state == "unknown", as_moment(row.intended_at))
            for row in connection.execute(_UNKNOWN, doubt)
        ),
        left_work(session, at, SHOWN),
        tuple(Lacking(number, detail, as_moment(leaves)) for number, detail, leaves in lacking),
        int(connection.execute(_ROWS).scalar_one()),
        tuple(WaitingPrints(name, count, as_moment(since), bool(unsure)) for name, count, since, unsure in waiting),
    )


def _parked(connection: Connection, at: FloorMoment) -> tuple[Parked, ...]:
    rows = connection.execute(_PARKED, {"warehouse": at.warehouse_id, "most": SHOWN}).all()
    missing: dict[int, list[Missing]] = defaultdict(list)
    others = False
    if rows:
        others = bool(connection.execute(_OTHER_SITES, {"warehouse": at.warehouse_id}).scalar_one())
        for row in connection.execute(_SHORT, {"ids": [row.id for row in rows]}):
            missing[row.fulfillment_id].append(Missing(row.sku, int(row.missing), row.who or "", row.cart or ""))
    return tuple(
        Parked(row.id, row.order_id, row.number, row.reason, as_moment(row.leaves_at), tuple(missing[row.id]), others)
        for row in rows
    )
