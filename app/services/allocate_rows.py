"""What allocation reads, in bulk: orders that wait, what is open of them, what is free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.domain.allocation import Demand, Supply, Wanted
from app.models.prepared import Prepared, rows_together
from app.services.actor import Actor
from app.services.bulk import FEW, among, id_list, over, rows_over
from app.services.ids import drawing

# What is open of a line: neither promised nor shipped, cancelled or done elsewhere.
OPEN_QUANTITY = """(l.quantity - l.cancelled - l.elsewhere
    - (SELECT COALESCE(SUM(a.quantity), 0) FROM allocations a WHERE a.order_line_id = l.id AND a.state = 'open')
    - (SELECT COALESCE(SUM(m.quantity), 0) FROM stock_movements m
       WHERE m.order_line_id = l.id AND m.reason = 'ship'))"""
# What waits to be counted, because less was found than the ledger says, is promised to nobody.
_SELLABLE = """s.condition = 'new' AND p.active AND p.kind IN ('shelf', 'bulk')
    AND s.on_hand > 0 AND s.on_hand > s.allocated
    AND NOT EXISTS (SELECT 1 FROM count_tasks c WHERE c.location_id = s.location_id
                    AND c.product_id = s.product_id AND c.done_at IS NULL)"""
_FREE_AT = f"""FROM stock_balances s JOIN locations p ON p.id = s.location_id
    WHERE s.product_id = l.product_id AND {_SELLABLE}"""
_FREE = f"(SELECT COALESCE(SUM(s.on_hand - s.allocated), 0) {_FREE_AT})"
# With several sites: of those in use, of the one where it is collected, of those that the channel may use.
_USED = """p.warehouse_id IN (SELECT w.id FROM warehouses w WHERE w.active
        AND (o.pick_up_at_id IS NULL OR o.pick_up_at_id = w.id)
        AND (NOT EXISTS (SELECT 1 FROM channel_warehouses c WHERE c.channel_id = o.channel_id) OR EXISTS
             (SELECT 1 FROM channel_warehouses c WHERE c.channel_id = o.channel_id AND c.warehouse_id = w.id)))"""
_FREE_OF_SITES = f"(SELECT COALESCE(SUM(s.on_hand - s.allocated), 0) {_FREE_AT} AND {_USED})"
# What the most particular row keeps back, as `domain.sourcing_stock.kept_back` says; shares are left to the plan.
_KEPT = """COALESCE((SELECT k.quantity FROM {table} k WHERE {of} AND k.warehouse_id IN (0, p.warehouse_id)
        AND k.product_id IN (0, l.product_id) ORDER BY k.product_id = 0, k.warehouse_id = 0 LIMIT 1), 0)"""
_KEPT_BACK = (
    _KEPT.format(table="safety_stock", of="1 = 1")
    + " + "
    + _KEPT.format(table="channel_buffers", of="k.channel_id = o.channel_id")
)
_FREE_BEYOND = f"""(SELECT COALESCE(SUM(CASE WHEN x.free > x.kept THEN x.free - x.kept ELSE 0 END), 0)
    FROM (SELECT SUM(s.on_hand - s.allocated) AS free, {_KEPT_BACK} AS kept {_FREE_AT} AND {_USED}
          GROUP BY p.warehouse_id) x)"""
_NOT_HELD = "NOT EXISTS (SELECT 1 FROM holds h WHERE h.order_id = o.id AND h.released_at IS NULL AND h.kind <> 'stock')"
# Worth another try: all that is open is there (or nothing is open any more) or, in parts, some of it.
_FILLABLE = """CASE WHEN o.may_ship_in_parts
    THEN EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.requires_shipping AND {open} > 0
                 AND {free} > 0)
         OR NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.requires_shipping
                        AND {open} > 0)
    ELSE NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.requires_shipping
                     AND {open} > {free}) END"""
_SEQUENCE = "ORDER BY o.priority, o.leaves_at, o.id"
_TURN = f"{_SEQUENCE} LIMIT :limit"
_COLUMNS = "SELECT o.id, o.may_ship_in_parts, o.priority, o.leaves_at, o.service, o.state FROM orders o"
_READY = f"""{_COLUMNS} WHERE o.state IN ('ready', 'backordered') AND {_NOT_HELD}
    AND (o.state = 'ready' OR {{fillable}}) {_TURN}"""
_ONE = f"{_COLUMNS} WHERE o.id = :order AND o.state NOT IN ('shipped', 'closed', 'cancelled') AND {_NOT_HELD}"
_GROUND = Prepared(
    text(
        "SELECT (SELECT COUNT(*) FROM warehouses) AS sites, CASE WHEN EXISTS (SELECT 1 FROM safety_stock) "
        "OR EXISTS (SELECT 1 FROM channel_buffers) OR EXISTS (SELECT 1 FROM channel_warehouses) THEN 1 ELSE 0 END"
    )
)
_WAITING = """{columns} WHERE o.id IN (
        SELECT h.order_id FROM holds h JOIN order_lines l ON l.order_id = h.order_id
        WHERE h.released_at IS NULL AND h.kind = 'stock' AND {products})
    AND o.state NOT IN ('shipped', 'closed', 'cancelled') AND {not_held} AND {fillable} {turn}"""
_THESE = f"""{_COLUMNS} WHERE o.id IN (:ids) AND o.state IN ('ready', 'backordered') AND {_NOT_HELD}
    AND (o.state = 'ready' OR {{fillable}}) {_SEQUENCE}"""
_LINES = f"""SELECT l.order_id, l.id, l.product_id, l.sku, {OPEN_QUANTITY} AS open_quantity FROM order_lines l
    WHERE l.order_id IN (:ids) AND l.requires_shipping ORDER BY l.order_id, l.line_no"""
_SUPPLIES = f"""SELECT s.id, s.product_id, p.warehouse_id, s.on_hand - s.allocated AS free, t.expires_on, p.kind,
        p.pick_sequence
    FROM stock_balances s JOIN locations p ON p.id = s.location_id LEFT JOIN lots t ON t.id = s.lot_id
    WHERE s.product_id IN (:ids) AND {_SELLABLE} AND (t.expires_on IS NULL OR t.expires_on > :now) ORDER BY s.id"""
_SUPPLIES_OF = _SUPPLIES.replace(
    "IN (:ids)", "IN (SELECT l.product_id FROM order_lines l WHERE l.order_id IN (:ids) AND l.requires_shipping)"
)
_PARTS = """SELECT a.order_line_id, a.balance_id, f.id AS fulfillment_id, f.order_id, f.warehouse_id, f.state
    FROM fulfillments f LEFT JOIN allocations a ON a.fulfillment_id = f.id AND a.state = 'open'
    WHERE f.order_id IN (:ids) AND f.state NOT IN ('shipped', 'cancelled')"""


@dataclass(frozen=True, slots=True)
class Ground:
    """Whether there are several sites, and whether stock is kept back."""

    several: bool
    kept: bool

    @property
    def plain(self) -> bool:
        """One site that gives all it has: nothing of sourcing is read."""
        return not (self.several or self.kept)

    @property
    def fillable(self) -> str:
        """The condition that another try is worth while for an order `o` that waits."""
        free = _FREE_BEYOND if self.kept else _FREE_OF_SITES if self.several else _FREE
        return _FILLABLE.format(open=OPEN_QUANTITY, free=free)


def read_ground(session: Session) -> Ground:
    """One small statement for a whole batch."""
    return _ground(_GROUND.one(session, {}))


def _ground(row: Sequence[Any]) -> Ground:
    sites, kept = row
    return Ground(sites > 1, bool(kept))


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An order to be served, taken by this transaction. `leaves_at` in milliseconds."""

    order_id: int
    in_parts: bool
    priority: int
    leaves_at: int
    service: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What older rounds left: the fulfillment that still may grow, by (order, warehouse); balances not to touch."""

    growing: Mapping[tuple[int, int], int]
    avoid: Mapping[int, frozenset[int]]


def milliseconds(at: datetime) -> int:
    """A moment as the database keeps it."""
    return round(at.timestamp() * 1000)


def _taken(connection: Connection, sql: str, values: Mapping[str, object]) -> tuple[WaitingOrder, ...]:
    rows = connection.execute(text(_locking(connection.dialect.name, sql)), values)
    return _waiting_orders(rows.all())


def _locking(kind: str, sql: str) -> str:
    """Locks what it finds; orders that another allocation holds are left to it."""
    return sql if kind == "sqlite" else sql + " FOR UPDATE OF o SKIP LOCKED"


def _waiting_orders(rows: Sequence[Sequence[Any]]) -> tuple[WaitingOrder, ...]:
    return tuple(WaitingOrder(row[0], bool(row[1]), row[2], row[3], row[4], row[5] == "ready") for row in rows)


def take_ready(session: Session, ground: Ground, limit: int) -> tuple[WaitingOrder, ...]:
    """Orders that may be allocated now, in the sequence in which they are served."""
    return _taken(session.connection(), _READY.format(fillable=ground.fillable), {"limit": limit})


def take_one(session: Session, order_id: int) -> WaitingOrder | None:
    """One order whatever it waits for, unless it is held or done with; None too when somebody else serves it now."""
    found = _taken(session.connection(), _ONE, {"order": order_id})
    return replace(found[0], fresh=False) if found else None


def ids_to_allocate(session: Session) -> list[int]:
    """All orders that may be allocated now, in the sequence in which they are served; a reading that locks nothing."""
    sql = _READY.format(fillable=read_ground(session).fillable)
    sql = sql.replace("LIMIT :limit", "").replace(_COLUMNS, "SELECT o.id FROM orders o")
    return list(session.connection().execute(text(sql)).scalars())


@dataclass(frozen=True, slots=True)
class Taken:
    """Orders to be served, on what ground; what else was read with them: their lines, what is free of their products,
    and numbers for their fulfillments."""

    ground: Ground
    orders: tuple[WaitingOrder, ...]
    lines: Sequence[Sequence[Any]] | None = None
    supplies: Sequence[Supply] | None = None
    fulfillment_ids: Sequence[int] = ()


def take_these(session: Session, actor: Actor, order_ids: Collection[int]) -> Taken:
    """Those of these orders that may be allocated now. All that is known of a few is read at once."""
    kind = session.get_bind().dialect.name
    if len(order_ids) > FEW:
        ground = read_ground(session)
        sql = _locking(kind, _THESE.format(fillable=ground.fillable))
        return Taken(ground, _waiting_orders(rows_over(session, sql, order_ids)))
    plain = _locking(kind, _THESE.format(fillable=Ground(several=False, kept=False).fillable))
    asked: list[tuple[Prepared, Mapping[str, object]]] = [
        (_GROUND, {}),
        over(plain, order_ids),
        over(_LINES, order_ids),
    ]
    asked.append(over(_SUPPLIES_OF, order_ids, now=milliseconds(actor.now)))
    if kind != "sqlite":
        asked.append(drawing("fulfillments", len(order_ids)))
    found, rows, lines, free, *drawn = rows_together(session, *asked)
    ground, orders = _ground(found[0]), _waiting_orders(rows)
    if not ground.plain and not all(order.fresh for order in orders):  # less may be free for those that wait
        sql = _locking(kind, _THESE.format(fillable=ground.fillable))
        orders = _waiting_orders(rows_over(session, sql, order_ids))
    return Taken(ground, orders, lines, _supplies(free), [row[0] for some in drawn for row in some])


def take_waiting(
    session: Session, ground: Ground, product_ids: Collection[int], limit: int
) -> tuple[WaitingOrder, ...]:
    """Orders that wait for stock of one of these products and can be served from what is free now."""
    connection = session.connection()
    sql = _WAITING.format(
        columns=_COLUMNS,
        products=among(connection, "l.product_id"),
        not_held=_NOT_HELD,
        fillable=ground.fillable,
        turn=_TURN,
    )
    return _taken(connection, sql, {"ids": id_list(connection, product_ids), "limit": limit})


def read_parts(session: Session, orders: Sequence[WaitingOrder]) -> Parts:
    """What older rounds left of these orders; orders that are new have nothing."""
    older = [order.order_id for order in orders if not order.fresh]
    growing: dict[tuple[int, int], int] = {}
    avoid: dict[int, set[int]] = defaultdict(set)
    if older:
        for line_id, balance_id, fulfillment_id, order_id, warehouse_id, state in rows_over(session, _PARTS, older):
            if state == "allocated":
                growing[order_id, warehouse_id] = fulfillment_id
            elif line_id is not None:
                avoid[line_id].add(balance_id)
    return Parts(growing, {line: frozenset(balances) for line, balances in avoid.items()})


def read_demand(
    session: Session, orders: Sequence[WaitingOrder], parts: Parts, read: Sequence[Sequence[Any]] | None = None
) -> list[Demand]:
    """What is open of these orders, in their sequence; an order of which nothing is open is left out. `read` are their
    lines, where they were read already."""
    lines: dict[int, list[Wanted]] = defaultdict(list)
    nothing: frozenset[int] = frozenset()
    for row in rows_over(session, _LINES, [order.order_id for order in orders]) if read is None else read:
        quantity = int(row[4])
        if quantity > 0:
            lines[row[0]].append(Wanted(row[1], row[2], quantity, row[3], parts.avoid.get(row[1], nothing)))
    return [
        Demand(order.order_id, order.in_parts, tuple(lines[order.order_id]))
        for order in orders
        if order.order_id in lines
    ]


def read_supplies(session: Session, actor: Actor, demands: Sequence[Demand]) -> list[Supply]:
    """What is free of the products that are wanted, and not past its date."""
    products = {line.product_id for demand in demands for line in demand.lines if line.product_id is not None}
    return _supplies(rows_over(session, _SUPPLIES, products, now=milliseconds(actor.now)))


def _supplies(rows: Sequence[Sequence[Any]]) -> list[Supply]:
    return [Supply(row[0], row[1], row[2], row[3], row[4], row[5] == "bulk", row[6]) for row in rows]
