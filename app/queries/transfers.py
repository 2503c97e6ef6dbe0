"""Transfers between warehouses: their lines with what the ledger says was picked, sent and received, and lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlalchemy.orm import Session

from app.domain.barcodes import CodeKind, own_code
from app.domain.states import TransferState
from app.queries.queue_rows import moment

PAGE = 60
NEWEST = 2**62

_HEAD = (
    "SELECT t.id, t.state, t.from_warehouse_id, t.to_warehouse_id, t.from_place_id, t.to_place_id, "
    "a.name AS source, b.name AS target, b.code AS target_code, t.note, t.created_at, t.sent_at, t.received_at, "
    "t.closed_at FROM transfers t JOIN warehouses a ON a.id = t.from_warehouse_id "
    "JOIN warehouses b ON b.id = t.to_warehouse_id "
)
_ONE = text(_HEAD + "WHERE t.id = :id")
_OPEN = text(_HEAD + "WHERE t.state NOT IN ('closed', 'cancelled') AND t.id < :below ORDER BY t.id DESC LIMIT :most")
_ALL = text(_HEAD + "WHERE t.id < :below ORDER BY t.id DESC LIMIT :most")
# What came into and left the two places of a transfer, by product.
_LINES = text(
    "WITH moved AS ("
    "SELECT m.product_id, m.quantity AS picked, "
    "0 AS sent, 0 AS received, 0 AS missing, 0 AS surplus "
    "FROM stock_movements m WHERE m.to_location_id = :from_place "
    "UNION ALL SELECT m.product_id, CASE WHEN m.to_location_id = :to_place THEN 0 ELSE -m.quantity END, "
    "CASE WHEN m.to_location_id = :to_place THEN m.quantity ELSE 0 END, 0, 0, 0 "
    "FROM stock_movements m WHERE m.from_location_id = :from_place "
    "UNION ALL SELECT m.product_id, 0, 0, CASE WHEN l.kind = 'adjustment' THEN 0 ELSE m.quantity END, "
    "CASE WHEN l.kind = 'adjustment' THEN m.quantity ELSE 0 END, 0 "
    "FROM stock_movements m JOIN locations l ON l.id = m.to_location_id WHERE m.from_location_id = :to_place "
    "UNION ALL SELECT m.product_id, 0, 0, 0, 0, m.quantity FROM stock_movements m "
    "JOIN locations l ON l.id = m.from_location_id AND l.kind = 'adjustment' WHERE m.to_location_id = :to_place), "
    "sums AS (SELECT product_id, SUM(picked) AS picked, SUM(sent) AS sent, SUM(received) AS received, "
    "SUM(missing) AS missing, SUM(surplus) AS surplus FROM moved GROUP BY product_id) "
    "SELECT p.id, p.sku, p.name, p.picture, p.note, p.weight_g, COALESCE(t.quantity, 0) AS quantity, "
    "COALESCE(s.picked, 0) AS picked, COALESCE(s.sent, 0) AS sent, COALESCE(s.received, 0) AS received, "
    "COALESCE(s.missing, 0) AS missing, COALESCE(s.surplus, 0) AS surplus, COALESCE(t.reason, '') AS reason "
    "FROM products p LEFT JOIN transfer_lines t ON t.product_id = p.id AND t.transfer_id = :id "
    "LEFT JOIN sums s ON s.product_id = p.id "
    "WHERE p.id IN (SELECT product_id FROM transfer_lines WHERE transfer_id = :id UNION SELECT product_id FROM sums) "
    "ORDER BY p.sku"
)
# Of each product the free place that a picker comes to first.
_PLACES = text(
    "SELECT product_id, code, pick_sequence FROM (SELECT b.product_id, l.code, l.pick_sequence, ROW_NUMBER() OVER "
    "(PARTITION BY b.product_id ORDER BY CASE l.kind WHEN 'shelf' THEN 0 ELSE 1 END, l.pick_sequence, l.code) AS turn "
    "FROM stock_balances b JOIN locations l ON l.id = b.location_id WHERE b.product_id IN :ids AND b.on_hand > 0 "
    "AND b.on_hand > b.allocated AND b.condition = 'new' AND l.warehouse_id = :warehouse AND l.active "
    "AND l.kind IN ('shelf', 'bulk')) AS found WHERE turn = 1"
).bindparams(bindparam("ids", expanding=True))
_WAREHOUSES = text("SELECT id, code, name FROM warehouses WHERE active AND kind <> 'supplier' ORDER BY code")


@dataclass(frozen=True, slots=True)
class TransferHead:
    """A transfer without its lines. `from_place_id` and `to_place_id` are its own places, once goods were picked."""

    id: int
    state: TransferState
    from_id: int
    to_id: int
    from_place_id: int | None
    to_place_id: int | None
    source: str
    target: str
    target_code: str
    note: str
    created_at: datetime
    sent_at: datetime | None
    received_at: datetime | None
    closed_at: datetime | None

    @property
    def code(self) -> str:
        """What its paper carries."""
        return own_code(CodeKind.TRANSFER, self.id)


@dataclass(frozen=True, slots=True)
class TransferredLine:
    """One product: units wanted, picked (sent ones too), sent, received, written off, and found beyond what was sent.

    `received` counts what was found beyond too.
    """

    product_id: int
    sku: str
    name: str
    picture: str
    note: str
    weight_g: int | None
    quantity: int
    picked: int
    sent: int
    received: int
    missing: int
    surplus: int
    reason: str

    @property
    def to_pick(self) -> int:
        """Units still to be picked."""
        return max(0, self.quantity - self.picked)

    @property
    def to_receive(self) -> int:
        """Units on their way: they lie in the transfer."""
        return self.sent + self.surplus - self.received - self.missing

    @property
    def differs(self) -> bool:
        """Whether another number came than was wanted."""
        return self.received != self.quantity


@dataclass(frozen=True, slots=True)
class PickPlace:
    """Where a picker finds free units of a product first."""

    code: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Site:
    """A warehouse that goods may go to or come from."""

    id: int
    code: str
    name: str


def _head(row: Row[tuple[Any, ...]]) -> TransferHead:
    def when(value: int | None) -> datetime | None:
        return None if value is None else moment(value)

    return TransferHead(
        row.id, TransferState(row.state), row.from_warehouse_id, row.to_warehouse_id, row.from_place_id,
        row.to_place_id, row.source, row.target, row.target_code, row.note, moment(row.created_at),
        when(row.sent_at), when(row.received_at), when(row.closed_at),
    )  # fmt: skip


def transfer(session: Session, transfer_id: int) -> TransferHead | None:
    """One transfer; None when there is no such."""
    row = session.connection().execute(_ONE, {"id": transfer_id}).first()
    return None if row is None else _head(row)


def transfer_lines(session: Session, head: TransferHead) -> tuple[TransferredLine, ...]:
    """Its lines by SKU, and what else lies in it."""
    given = {"id": head.id, "from_place": head.from_place_id or 0, "to_place": head.to_place_id or 0}
    return tuple(
        TransferredLine(
            row.id, row.sku, row.name, row.picture, row.note, row.weight_g, row.quantity, int(row.picked),
            int(row.sent), int(row.received), int(row.missing), int(row.surplus), row.reason,
        )
        for row in session.connection().execute(_LINES, given)
    )  # fmt: skip


def transfers(
    session: Session, below: int = NEWEST, most: int = PAGE, *, only_open: bool = True
) -> tuple[TransferHead, ...]:
    """Transfers, the newest first, from below an id on."""
    rows = session.connection().execute(_OPEN if only_open else _ALL, {"below": below, "most": most})
    return tuple(_head(row) for row in rows)


def sites(session: Session) -> tuple[Site, ...]:
    """The warehouses and stores that are in use, by code."""
    return tuple(Site(*row) for row in session.connection().execute(_WAREHOUSES))


def pick_places(session: Session, warehouse_id: int, product_ids: list[int]) -> dict[int, PickPlace]:
    """Where each product can be taken from, by its id; nothing for one of which none is free."""
    rows = session.connection().execute(_PLACES, {"ids": product_ids, "warehouse": warehouse_id})
    return {row.product_id: PickPlace(row.code, row.pick_sequence) for row in rows}
