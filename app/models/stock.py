"""Where goods lie and how they move: a double-entry ledger with conditional balances."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import AllocationState, Condition, LocationKind, MovementReason
from app.models import catalogue, demand, fulfillment, people  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Code, GestureId, Key, Line, Short, Word, part_index, ref
from app.models.warehouses import Warehouse as Warehouse

NO_LOT = 0


class Location(Base):
    """A place in a warehouse, a tote, a package, or a counterparty (`domain.states.LocationKind`).

    `barcode` is what hangs there, where that is not the code itself.
    """

    __tablename__ = "locations"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "code"),
        part_index("ix_locations_barcode", "barcode", where="barcode <> ''"),
        Index("ix_locations_kind", "warehouse_id", "kind", "pick_sequence"),
    )

    id: Mapped[Key]
    warehouse_id: Mapped[int] = mapped_column(ref("warehouses"))
    code: Mapped[Code]
    barcode: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    kind: Mapped[LocationKind] = mapped_column(Word(LocationKind))
    zone: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    aisle: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    bay: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    level: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    position: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    pick_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    x_mm: Mapped[int | None]
    y_mm: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True, server_default="1")


class StockBalance(Base):
    """Quantity of a product (and lot, condition) at a location, and how much of it is promised.

    `lot_id` is 0 where the product has no lots, so that one balance is one row on every database.
    """

    __tablename__ = "stock_balances"
    __table_args__ = (
        UniqueConstraint("product_id", "location_id", "lot_id", "condition"),
        Index("ix_stock_balances_location_id", "location_id", "product_id"),
        part_index(  # parcels that have left keep their balances at nought: most rows, and never looked for
            "ix_stock_balances_held", "product_id", "location_id", where="on_hand > 0"
        ),
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("allocated >= 0 AND allocated <= on_hand", name="allocated"),
    )

    id: Mapped[Key]
    product_id: Mapped[int] = mapped_column(ref("products"))
    location_id: Mapped[int] = mapped_column(ref("locations"))
    lot_id: Mapped[int] = mapped_column(default=NO_LOT, server_default="0")
    condition: Mapped[Condition] = mapped_column(Word(Condition), default=Condition.NEW)
    on_hand: Mapped[int] = mapped_column(default=0, server_default="0")
    allocated: Mapped[int] = mapped_column(default=0, server_default="0")


class StockMovement(Base):
    """An append-only row that moved a quantity between two places; `to_condition` differs when it was regraded."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_stock_movements_product_id", "product_id", "id"),
        Index("ix_stock_movements_order_line_id", "order_line_id", "reason"),
        Index("ix_stock_movements_fulfillment_id", "fulfillment_id", "reason"),
        Index("ix_stock_movements_from", "from_location_id", "product_id"),
        Index("ix_stock_movements_to", "to_location_id", "product_id"),
    )

    id: Mapped[Key]
    at: Mapped[datetime]
    reason: Mapped[MovementReason] = mapped_column(Word(MovementReason))
    product_id: Mapped[int] = mapped_column(ref("products"))
    quantity: Mapped[int]
    from_location_id: Mapped[int] = mapped_column(ref("locations"))
    to_location_id: Mapped[int] = mapped_column(ref("locations"))
    lot_id: Mapped[int] = mapped_column(default=NO_LOT, server_default="0")
    condition: Mapped[Condition] = mapped_column(Word(Condition), default=Condition.NEW)
    to_condition: Mapped[Condition] = mapped_column(Word(Condition), default=Condition.NEW)
    order_line_id: Mapped[int | None] = mapped_column(ref("order_lines"))
    fulfillment_id: Mapped[int | None] = mapped_column(ref("fulfillments"))
    gesture_id: Mapped[str | None] = mapped_column(String(36))
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))
    station_id: Mapped[int | None] = mapped_column(ref("stations"))
    note: Mapped[Line] = mapped_column(String(400), default="", server_default="")


class Allocation(Base):
    """Stock of one balance promised to an order line; goes with the goods, consumed when they leave.

    At most one open row for a line and a balance: moving part of it makes or grows the row of the other balance.
    `quantity` of a row that is not open is what it held last.
    """

    __tablename__ = "allocations"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity"),
        Index("ix_allocations_balance_id", "balance_id"),
        Index("ix_allocations_fulfillment_id", "fulfillment_id", "state"),
        part_index("ix_allocations_open", "order_line_id", "balance_id", unique=True, where="state = 'open'"),
    )

    id: Mapped[Key]
    order_line_id: Mapped[int] = mapped_column(ref("order_lines"))
    fulfillment_id: Mapped[int] = mapped_column(ref("fulfillments"))
    balance_id: Mapped[int] = mapped_column(ref("stock_balances"))
    quantity: Mapped[int]
    state: Mapped[AllocationState] = mapped_column(Word(AllocationState), default=AllocationState.OPEN)


class CountTask(Base):
    """A place that somebody must count, because less was found than the ledger says."""

    __tablename__ = "count_tasks"
    __table_args__ = (
        part_index("ix_count_tasks_open", "location_id", "product_id", unique=True, where="done_at IS NULL"),
    )

    id: Mapped[Key]
    location_id: Mapped[int] = mapped_column(ref("locations"))
    product_id: Mapped[int] = mapped_column(ref("products"))
    reason: Mapped[Code]
    ordered_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    counted: Mapped[int | None]


class PutBackTask(Base):
    """Units of a cancelled order that lie in a tote or package and must go back to a shelf; not free until then."""

    __tablename__ = "put_back_tasks"
    __table_args__ = (
        Index("ix_put_back_tasks_fulfillment_id", "fulfillment_id"),
        part_index("ix_put_back_tasks_open", "location_id", "product_id", where="quantity > done"),
    )

    id: Mapped[Key]
    fulfillment_id: Mapped[int] = mapped_column(ref("fulfillments"))
    location_id: Mapped[int] = mapped_column(ref("locations"))
    product_id: Mapped[int] = mapped_column(ref("products"))
    quantity: Mapped[int]
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]


class Receipt(Base):
    """Goods that came in from a supplier, as one delivery."""

    __tablename__ = "receipts"

    id: Mapped[Key]
    warehouse_id: Mapped[int] = mapped_column(ref("warehouses"))
    reference: Mapped[Short]
    supplier: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    at: Mapped[datetime]
    gesture_id: Mapped[GestureId | None]
