"""Orders that customers collect at a store: what is to be set aside, what waits, and what was not fetched in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, text
from sqlalchemy.orm import Session

from app.domain.states import FulfillmentState, PickUpState
from app.domain.work import ItemRef, StockLine
from app.models.prepared import Prepared
from app.queries.queue_rows import moment

PAGE = 60
_HEAD = (
    "SELECT f.id, f.state, f.order_id, f.warehouse_id, o.number, a.name, a.company, p.id AS pick_up_id, "
    "p.state AS pick_up, p.fetch_by, p.ready_at, l.code AS place, p.place_id, p.fetched_by, w.name AS store "
    "FROM fulfillments f JOIN orders o ON o.id = f.order_id AND o.pick_up_at_id = f.warehouse_id "
    "JOIN addresses a ON a.id = o.ship_to_id JOIN warehouses w ON w.id = f.warehouse_id "
    "LEFT JOIN pick_ups p ON p.fulfillment_id = f.id LEFT JOIN locations l ON l.id = p.place_id "
)
_HERE = "AND f.warehouse_id = :warehouse AND f.state IN ('picked', 'packing', 'packed') ORDER BY f.id LIMIT 1"
_OF_ORDER = Prepared(text(_HEAD + "WHERE f.order_id = :ref " + _HERE))
_OF_PART = Prepared(text(_HEAD + "WHERE f.id = :ref " + _HERE))
_OF_TOTE = Prepared(
    text(_HEAD + "JOIN tote_uses u ON u.fulfillment_id = f.id AND u.closed_at IS NULL WHERE u.tote_id = :ref " + _HERE)
)
_ONE = text(_HEAD + "WHERE f.id = :ref")
_WAITING = text(
    _HEAD + "WHERE p.state = 'ready' AND f.state <> 'cancelled' AND (f.warehouse_id = :warehouse OR :everywhere = 1) "
    "ORDER BY p.fetch_by, p.id LIMIT :most"
)
_COMING = text(
    _HEAD + "WHERE p.id IS NULL AND f.state NOT IN ('shipped', 'cancelled') AND (f.warehouse_id = :warehouse OR "
    ":everywhere = 1) ORDER BY f.leaves_at, f.id LIMIT :most"
)
_GOODS = text(
    "SELECT p.id, p.sku, p.name, p.picture, p.note, p.weight_g, SUM(a.quantity) AS units, "
    "SUM(CASE WHEN b.location_id = :place THEN a.quantity ELSE 0 END) AS aside FROM allocations a "
    "JOIN stock_balances b ON b.id = a.balance_id JOIN products p ON p.id = b.product_id "
    "WHERE a.fulfillment_id = :fulfillment AND a.state = 'open' "
    "GROUP BY p.id, p.sku, p.name, p.picture, p.note, p.weight_g ORDER BY p.sku"
).bindparams(bindparam("place"))


@dataclass(frozen=True, slots=True)
class Collected:
    """One fulfillment that is collected, with where it waits once it was set aside."""

    fulfillment_id: int
    state: FulfillmentState
    order_id: int
    warehouse_id: int
    number: str
    name: str
    company: str
    store: str
    pick_up_id: int | None
    pick_up: PickUpState | None
    ready_at: datetime | None
    fetch_by: datetime | None
    place: str
    place_id: int | None
    fetched_by: str

    @property
    def ready(self) -> bool:
        """Whether it waits for its customer."""
        return self.pick_up is PickUpState.READY

    @property
    def who(self) -> str:
        """Whose it is."""
        return self.name or self.company


def collected_by_order(session: Session, order_id: int, warehouse_id: int) -> Collected | None:
    """What can be set aside or handed out here of an order; None for one that is not collected here."""
    return _first(session, _OF_ORDER, order_id, warehouse_id)


def collected_by_part(session: Session, fulfillment_id: int, warehouse_id: int) -> Collected | None:
    """The same of one fulfillment."""
    return _first(session, _OF_PART, fulfillment_id, warehouse_id)


def collected_in_tote(session: Session, tote_id: int, warehouse_id: int) -> Collected | None:
    """The same of what lies in a tote."""
    return _first(session, _OF_TOTE, tote_id, warehouse_id)


def collected(session: Session, fulfillment_id: int) -> Collected | None:
    """One fulfillment that is collected, however far it is."""
    row = session.connection().execute(_ONE, {"ref": fulfillment_id}).first()
    return None if row is None else _of(row)


def waiting(session: Session, warehouse_id: int, *, everywhere: bool = False) -> tuple[Collected, ...]:
    """What waits for its customers, those first whose time is over."""
    given = {"warehouse": warehouse_id, "everywhere": int(everywhere), "most": PAGE}
    return tuple(_of(row) for row in session.connection().execute(_WAITING, given))


def coming(session: Session, warehouse_id: int, *, everywhere: bool = False) -> tuple[Collected, ...]:
    """What will be collected and is not set aside yet."""
    given = {"warehouse": warehouse_id, "everywhere": int(everywhere), "most": PAGE}
    return tuple(_of(row) for row in session.connection().execute(_COMING, given))


def goods(session: Session, one: Collected) -> tuple[StockLine, ...]:
    """What is handed out: how many of each product, and how many of them are set aside."""
    given = {"fulfillment": one.fulfillment_id, "place": one.place_id or 0}
    return tuple(
        StockLine(
            ItemRef(row.id, row.sku, row.name, row.picture, row.note, row.weight_g), int(row.units), int(row.aside),
            int(row.units - row.aside),
        )
        for row in session.connection().execute(_GOODS, given)
    )  # fmt: skip


def _first(session: Session, statement: Prepared, ref: int, warehouse_id: int) -> Collected | None:
    row = statement.first(session, {"ref": ref, "warehouse": warehouse_id})
    return None if row is None else _of_cells(*row)


def _of(row: Row[tuple[Any, ...]]) -> Collected:
    return _of_cells(*row)


def _of_cells(
    ident: int,
    state: str,
    order_id: int,
    warehouse_id: int,
    number: str,
    name: str,
    company: str,
    pick_up_id: int | None,
    pick_up: str | None,
    fetch_by: int | None,
    ready_at: int | None,
    place: str | None,
    place_id: int | None,
    fetched_by: str | None,
    store: str,
) -> Collected:
    return Collected(
        ident, FulfillmentState(state), order_id, warehouse_id, number, name, company, store, pick_up_id,
        None if pick_up is None else PickUpState(pick_up), None if ready_at is None else moment(ready_at),
        None if fetch_by is None else moment(fetch_by), place or "", place_id, fetched_by or "",
    )  # fmt: skip
