"""One order as the detail beside the queue shows it: address, items, holds, parcels, and what happened when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, text
from sqlalchemy.orm import Session

from app.domain.capture import PostalAddress
from app.domain.states import HoldKind, LabelState, PackageState
from app.domain.work import WorkNote
from app.queries.notes import packer_notes
from app.queries.queue_rows import Part, QueueRow, moment, order_parts, queue_rows


class EventKind(StrEnum):
    """What happened to an order; its sentence stands under `orders.event.<value>`."""

    CAPTURED = "captured"
    CHANGED = "changed"
    HELD = "held"
    LIFTED = "lifted"
    ALLOCATED = "allocated"
    RELEASED = "released"
    PICKED = "picked"
    PACKING = "packing"
    SEALED = "sealed"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    MENDED = "mended"
    EDITED = "edited"
    MERGED = "merged"
    ENTERED = "entered"
    PRIORITY = "priority"
    ASIDE = "aside"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: who, where, and what the kind needs (a hold's kind, a tote, a wave, units).

    `why` is the key of the sentence why this site was chosen, `facts` its values as JSON.
    """

    kind: EventKind
    at: datetime
    who: str = ""
    where: str = ""
    what: str = ""
    units: int = 0
    began: datetime | None = None
    why: str = ""
    facts: str = ""


@dataclass(frozen=True, slots=True)
class DetailLine:
    """One line with its picture. `shipped`, `cancelled` and `elsewhere` are units."""

    sku: str
    title: str
    picture: str
    quantity: int
    cancelled: int
    elsewhere: int
    shipped: int
    known: bool


@dataclass(frozen=True, slots=True)
class OpenHold:
    """A hold that stands: why, since when, by whom."""

    kind: HoldKind
    detail: str
    since: datetime
    by: str


@dataclass(frozen=True, slots=True)
class DetailParcel:
    """A parcel of the order, with its label where it has one."""

    package_id: int
    number: int
    state: PackageState
    tracking_number: str
    service: str
    label_state: LabelState | None
    sealed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """Everything that the detail shows and that its commands need."""

    row: QueueRow
    address: PostalAddress
    email: str
    channel: str
    currency: str
    total: int
    refunded: int
    financial: str
    note: str
    gift: bool
    may_ship_in_parts: bool
    lines: tuple[DetailLine, ...]
    holds: tuple[OpenHold, ...]
    parts: tuple[Part, ...]
    parcels: tuple[DetailParcel, ...]
    events: tuple[Event, ...] = field(default=())
    customer_id: int | None = None
    version: int = 0
    goes_with: str = ""
    notes: tuple[WorkNote, ...] = ()

    @property
    def number(self) -> str:
        """The order's number."""
        return self.row.number


_HEAD = text(
    "SELECT o.email, o.customer_id, o.version, o.currency, o.total, o.refunded, o.financial, o.note, o.gift, "
    "(SELECT m.number FROM orders m WHERE m.id = o.merged_into_id) AS goes_with, o.may_ship_in_parts, "
    "o.captured_at, o.shipped_at, o.state, c.name AS channel, a.name, a.company, a.address1, a.address2, a.city, "
    "a.postcode, a.region, a.country, a.phone FROM orders o JOIN channels c ON c.id = o.channel_id "
    "JOIN addresses a ON a.id = o.ship_to_id WHERE o.id = :order"
)
_LINES = text(
    "SELECT l.sku, l.title, coalesce(p.picture, '') AS picture, l.quantity, l.cancelled, l.elsewhere, l.product_id, "
    "(SELECT coalesce(SUM(m.quantity), 0) FROM stock_movements m WHERE m.order_line_id = l.id AND m.reason = 'ship') "
    "AS shipped FROM order_lines l LEFT JOIN products p ON p.id = l.product_id WHERE l.order_id = :order "
    "ORDER BY l.line_no LIMIT 200"
)
_HOLDS = text(
    "SELECT h.kind, h.detail, h.opened_at, h.released_at, coalesce(o.name, '') AS opener, "
    "coalesce(r.name, '') AS releaser, h.release_reason FROM holds h LEFT JOIN operators o ON o.id = h.opened_by_id "
    "LEFT JOIN operators r ON r.id = h.released_by_id WHERE h.order_id = :order ORDER BY h.id"
)
_PARTS = text(
    "SELECT f.id, f.created_at, f.shipped_at, w.name AS warehouse, v.id AS wave, v.released_at, "
    "coalesce(p.name, '') AS releaser, (SELECT coalesce(SUM(quantity), 0) FROM allocations a "
    "WHERE a.fulfillment_id = f.id AND a.state <> 'moved' AND a.state <> 'closed') AS units, "
    "coalesce(q.code, '') AS why, coalesce(CAST(q.facts AS TEXT), '') AS facts "
    "FROM fulfillments f JOIN warehouses w ON w.id = f.warehouse_id "
    "LEFT JOIN sourcing_choices q ON q.id = (SELECT MAX(x.id) FROM sourcing_choices x WHERE x.fulfillment_id = f.id) "
    "LEFT JOIN waves v ON v.id = f.wave_id LEFT JOIN operators p ON p.id = v.released_by_id WHERE f.order_id = :order"
)
_MOVES = text(
    "SELECT m.reason, MIN(m.at) AS began, MAX(m.at) AS at, SUM(m.quantity) AS units, MAX(m.operator_id) AS operator, "
    "MAX(m.station_id) AS station, MAX(m.to_location_id) AS place FROM stock_movements m "
    "WHERE m.fulfillment_id = :part AND m.reason IN ('pick', 'pack') GROUP BY m.reason"
)
_PARCELS = text(
    "SELECT k.id, k.number, k.state, k.sealed_at, k.handed_over_at, coalesce(l.tracking_number, '') AS tracking, "
    "coalesce(l.service, '') AS service, l.state AS label_state, coalesce(o.name, '') AS operator, "
    "coalesce(s.name, '') AS station FROM fulfillments f JOIN packages k ON k.fulfillment_id = f.id "
    "LEFT JOIN labels l ON l.package_id = k.id AND l.state NOT IN ('refused', 'voided') "
    "LEFT JOIN operators o ON o.id = k.operator_id LEFT JOIN stations s ON s.id = k.station_id "
    "WHERE f.order_id = :order AND k.state <> 'void' ORDER BY k.id"
)
_AUDIT = text(
    "SELECT e.action, e.at, coalesce(o.name, '') AS who FROM audit_entries e LEFT JOIN operators o "
    "ON o.id = e.operator_id WHERE e.subject_kind = 'order' AND e.subject_id = :order ORDER BY e.id DESC LIMIT 40"
)
_RETURNS = text("SELECT code, created_at FROM return_authorizations WHERE order_id = :order")
_NAME = {
    "operator": text("SELECT name FROM operators WHERE id = :id"),
    "station": text("SELECT name FROM stations WHERE id = :id"),
    "place": text("SELECT code FROM locations WHERE id = :id"),
}
_AUDITED = {
    "order.mend_address": EventKind.MENDED,
    "order.priority": EventKind.PRIORITY,
    "order.cancel": EventKind.CANCELLED,
    "order.cancelled": EventKind.CANCELLED,
    "orders.cancelled": EventKind.CANCELLED,
    "order.changed": EventKind.CHANGED,
    "order.lines_edited": EventKind.EDITED,
    "order.line_cancelled": EventKind.EDITED,
    "order.service": EventKind.EDITED,
    "order.merged": EventKind.MERGED,
    "order.merged_into": EventKind.MERGED,
    "order.entered": EventKind.ENTERED,
}


def order_detail(session: Session, order_id: int, now: datetime) -> OrderDetail | None:
    """All of one order; None when there is none with this id."""
    rows = queue_rows(session, (order_id,), now)
    if not rows:
        return None
    connection = session.connection()
    given = {"order": order_id}
    head = connection.execute(_HEAD, given).mappings().one()
    holds = connection.execute(_HOLDS, given).mappings().all()
    parts = order_parts(session, (order_id,)).get(order_id, ())
    parcels = connection.execute(_PARCELS, given).mappings().all()
    events = [
        Event(EventKind.CAPTURED, moment(head["captured_at"]), where=head["channel"]),
        *_held_events(holds),
        *_part_events(connection, order_id, parts),
        *_parcel_events(parcels),
        *_audit_events(connection, order_id),
    ]
    events.sort(key=lambda event: event.at, reverse=True)
    return OrderDetail(
        rows[0],
        PostalAddress(**{name: head[name] for name in PostalAddress.__slots__}),
        head["email"],
        head["channel"],
        head["currency"],
        head["total"],
        head["refunded"],
        head["financial"],
        head["note"],
        bool(head["gift"]),
        bool(head["may_ship_in_parts"]),
        tuple(_line(line) for line in connection.execute(_LINES, given).mappings()),
        tuple(
            OpenHold(HoldKind(hold["kind"]), hold["detail"], moment(hold["opened_at"]), hold["opener"])
            for hold in holds
            if hold["released_at"] is None
        ),
        parts,
        tuple(_parcel(row) for row in parcels),
        tuple(events),
        head["customer_id"],
        head["version"],
        head["goes_with"] or "",
        packer_notes(session, order_id),
    )


def _line(row: RowMapping) -> DetailLine:
    return DetailLine(
        row["sku"],
        row["title"],
        row["picture"],
        row["quantity"],
        row["cancelled"],
        row["elsewhere"],
        int(row["shipped"]),
        row["product_id"] is not None,
    )


def _parcel(row: RowMapping) -> DetailParcel:
    label, sealed = row["label_state"], row["sealed_at"]
    return DetailParcel(
        row["id"],
        row["number"],
        PackageState(row["state"]),
        row["tracking"],
        row["service"],
        None if label is None else LabelState(label),
        None if sealed is None else moment(sealed),
    )


def _held_events(holds: Sequence[RowMapping]) -> list[Event]:
    events = []
    for hold in holds:
        events.append(Event(EventKind.HELD, moment(hold["opened_at"]), hold["opener"], what=hold["kind"]))
        if hold["released_at"] is not None:
            at = moment(hold["released_at"])
            events.append(Event(EventKind.LIFTED, at, hold["releaser"], hold["release_reason"], hold["kind"]))
    return events


def _part_events(connection: Connection, order_id: int, parts: Sequence[Part]) -> list[Event]:
    events = []
    counts = {part.id: part for part in parts}
    for row in connection.execute(_PARTS, {"order": order_id}).mappings().all():
        at = moment(row["created_at"])
        units, site = int(row["units"]), row["warehouse"]
        events.append(Event(EventKind.ALLOCATED, at, "", site, units=units, why=row["why"], facts=row["facts"]))
        if row["wave"] is not None:
            at = moment(row["released_at"])
            events.append(Event(EventKind.RELEASED, at, row["releaser"], what=f"W-{row['wave']}"))
        events += _move_events(connection, counts[row["id"]])
        if row["shipped_at"] is not None:
            events.append(Event(EventKind.SHIPPED, moment(row["shipped_at"])))
    return events


def _move_events(connection: Connection, part: Part) -> list[Event]:
    events = []
    for row in connection.execute(_MOVES, {"part": part.id}).mappings().all():
        kind = EventKind.PICKED if row["reason"] == "pick" else EventKind.PACKING
        events.append(
            Event(
                kind,
                moment(row["at"]),
                _named(connection, "operator", row["operator"]),
                _named(connection, "station", row["station"]),
                _named(connection, "place", row["place"]) if kind is EventKind.PICKED else "",
                int(row["units"]) if kind is EventKind.PICKED else part.done,
                moment(row["began"]),
            )
        )
    return events


def _parcel_events(parcels: Sequence[RowMapping]) -> list[Event]:
    return [
        Event(EventKind.SEALED, moment(row["sealed_at"]), row["operator"], row["station"], row["tracking"])
        for row in parcels
        if row["sealed_at"] is not None
    ]


def _audit_events(connection: Connection, order_id: int) -> list[Event]:
    events = [
        Event(_AUDITED[row["action"]], moment(row["at"]), row["who"])
        for row in connection.execute(_AUDIT, {"order": order_id}).mappings()
        if row["action"] in _AUDITED
    ]
    for row in connection.execute(_RETURNS, {"order": order_id}).mappings():
        events.append(Event(EventKind.RETURNED, moment(row["created_at"]), what=row["code"]))
    return events


def _named(connection: Connection, what: str, key: int | None) -> str:
    return "" if key is None else str(connection.execute(_NAME[what], {"id": key}).scalar() or "")
