"""What suppliers were asked to ship: the requests that are open, one of them, and its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.domain.barcodes import CodeKind, own_code
from app.domain.states import SupplierRequestState
from app.queries.queue_rows import moment

PAGE = 60
NEWEST = 2**62
_ADDRESS = ("name", "company", "address1", "address2", "city", "region", "postcode", "country", "phone")
_HEAD = (
    "SELECT r.id, r.fulfillment_id, r.warehouse_id, r.state, r.asked_at, r.ended_at, r.carrier, r.tracking_number, "
    "r.reason, f.order_id, f.service, f.state AS part, o.number, w.code AS supplier_code, w.name AS supplier, "
    "EXISTS (SELECT 1 FROM holds h WHERE h.order_id = o.id AND h.released_at IS NULL AND h.kind <> 'stock') AS held, "
    "a.name, a.company, a.address1, a.address2, a.city, a.region, a.postcode, a.country, a.phone, "
    "EXISTS (SELECT 1 FROM outbox x WHERE x.key = 'supplier.request:' || r.id AND x.done_at IS NOT NULL) AS told "
    "FROM supplier_requests r JOIN fulfillments f ON f.id = r.fulfillment_id JOIN orders o ON o.id = f.order_id "
    "JOIN addresses a ON a.id = o.ship_to_id JOIN warehouses w ON w.id = r.warehouse_id "
)
_ONE = text(_HEAD + "WHERE r.id = :id")
_OPEN = text(_HEAD + "WHERE r.state IN ('asked', 'confirmed') AND r.id < :below ORDER BY r.id DESC LIMIT :most")
_ALL = text(_HEAD + "WHERE r.id < :below ORDER BY r.id DESC LIMIT :most")
_UNTOLD = text(
    _HEAD + "JOIN outbox y ON y.key = 'supplier.request:' || r.id AND y.done_at IS NULL "
    "WHERE r.state IN ('asked', 'confirmed') AND f.state <> 'cancelled' ORDER BY r.id LIMIT :most"
)
_END_UNTOLD = text(  # of what he was never asked nothing need be cancelled
    _HEAD + "JOIN outbox y ON y.key = 'supplier.cancelled:' || r.id AND y.done_at IS NULL "
    "JOIN outbox z ON z.key = 'supplier.request:' || r.id AND z.done_at IS NOT NULL "
    "WHERE r.state = 'cancelled' ORDER BY r.id LIMIT :most"
)
_LINES = text(
    "SELECT l.sku, COALESCE(NULLIF(l.title, ''), p.name, '') AS title, SUM(a.quantity) AS quantity "
    "FROM allocations a JOIN order_lines l ON l.id = a.order_line_id LEFT JOIN products p ON p.id = l.product_id "
    "WHERE a.fulfillment_id = :fulfillment AND a.state IN ('open', 'consumed') "
    "GROUP BY l.id, l.sku, l.title, p.name, l.line_no ORDER BY l.line_no"
)
_WAITS = text(
    "SELECT COUNT(*) FROM (SELECT f.id FROM warehouses w JOIN fulfillments f ON f.warehouse_id = w.id "
    "AND f.state = 'allocated' AND f.state NOT IN ('shipped', 'cancelled') WHERE w.kind = 'supplier' LIMIT 10000) c"
)
_TO_CANCEL = text(
    "SELECT r.id FROM supplier_requests r JOIN fulfillments f ON f.id = r.fulfillment_id "
    "WHERE r.state IN ('asked', 'confirmed') AND f.state = 'cancelled' LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class AskedRequest:
    """One request. `ended` says that the order was cancelled meanwhile; `told` that its message went out."""

    id: int
    fulfillment_id: int
    warehouse_id: int
    state: SupplierRequestState
    asked_at: datetime
    ended_at: datetime | None
    carrier: str
    tracking_number: str
    reason: str
    order_id: int
    number: str
    service: str
    supplier_code: str
    supplier: str
    held: bool
    ended: bool
    told: bool
    ship_to: Mapping[str, str]

    @property
    def code(self) -> str:
        """What stands on its papers: the code of the fulfillment."""
        return own_code(CodeKind.FULFILLMENT, self.fulfillment_id)

    @property
    def open(self) -> bool:
        """Whether the supplier still has to answer or to ship."""
        return self.state in (SupplierRequestState.ASKED, SupplierRequestState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One product that the supplier ships."""

    sku: str
    name: str
    quantity: int


def supplier_request(session: Session, request_id: int) -> AskedRequest | None:
    """One request; None when there is no such."""
    row = session.connection().execute(_ONE, {"id": request_id}).first()
    return None if row is None else _asked(row)


def supplier_requests(
    session: Session, below: int = NEWEST, most: int = PAGE, *, only_open: bool = True
) -> tuple[AskedRequest, ...]:
    """Requests, the newest first, from below an id on."""
    rows = session.connection().execute(_OPEN if only_open else _ALL, {"below": below, "most": most})
    return tuple(_asked(row) for row in rows)


def untold_requests(session: Session, most: int) -> tuple[AskedRequest, ...]:
    """What suppliers must still be sent, the oldest first: what they are to ship, then what was cancelled meanwhile."""
    connection = session.connection()
    found = [row for wanted in (_UNTOLD, _END_UNTOLD) for row in connection.execute(wanted, {"most": most})]
    return tuple(_asked(row) for row in found)


def request_lines(session: Session, asked: AskedRequest) -> tuple[RequestLine, ...]:
    """What is to be shipped, or was."""
    rows = session.connection().execute(_LINES, {"fulfillment": asked.fulfillment_id})
    return tuple(RequestLine(row.sku, row.title, int(row.quantity)) for row in rows)


def waits_to_be_asked(session: Session) -> int:
    """How many fulfillments of suppliers nobody asked them for yet."""
    return int(session.connection().execute(_WAITS).scalar_one())


def suppliers_wait(session: Session) -> bool:
    """Whether suppliers must be told anything: what to ship, or what was cancelled."""
    connection = session.connection()
    return bool(waits_to_be_asked(session)) or connection.execute(_TO_CANCEL).first() is not None


def _asked(row: Row[tuple[Any, ...]]) -> AskedRequest:
    return AskedRequest(
        row.id, row.fulfillment_id, row.warehouse_id, SupplierRequestState(row.state), moment(row.asked_at),
        None if row.ended_at is None else moment(row.ended_at), row.carrier, row.tracking_number, row.reason,
        row.order_id, row.number, row.service, row.supplier_code, row.supplier, bool(row.held),
        row.part == "cancelled" and row.state in ("asked", "confirmed"), bool(row.told),
        {name: getattr(row, name) for name in _ADDRESS},
    )  # fmt: skip
