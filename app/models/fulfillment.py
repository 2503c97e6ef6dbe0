"""What one warehouse ships, and the walks in which it is picked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import FulfillmentState, PickListState, PickTaskState
from app.models import catalogue, demand, people, stock, warehouses  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Code, Key, Line, Short, Word, part_index, ref


class Wave(Base):
    """Fulfillments released together."""

    __tablename__ = "waves"

    id: Mapped[Key]
    warehouse_id: Mapped[int] = mapped_column(ref("warehouses"))
    released_at: Mapped[datetime]
    released_by_id: Mapped[int | None] = mapped_column(ref("operators"))


class Fulfillment(Base):
    """The part of an order that one warehouse ships. `code` (F-...) is what its papers carry.

    `changed`: the office changed something of it that a bench has not answered yet.
    """

    __tablename__ = "fulfillments"
    __table_args__ = (
        Index("ix_fulfillments_order_id", "order_id"),
        Index("ix_fulfillments_wave_id", "wave_id"),
        part_index(
            "ix_fulfillments_open",
            "warehouse_id",
            "state",
            "priority",
            "leaves_at",
            "id",
            where="state NOT IN ('shipped', 'cancelled')",
        ),
    )

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ref("orders"))
    warehouse_id: Mapped[int] = mapped_column(ref("warehouses"))
    wave_id: Mapped[int | None] = mapped_column(ref("waves"))
    state: Mapped[FulfillmentState] = mapped_column(Word(FulfillmentState), default=FulfillmentState.ALLOCATED)
    state_before_exception: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    exception_reason: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    service: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    priority: Mapped[int] = mapped_column(default=5, server_default="5")
    leaves_at: Mapped[datetime]
    created_at: Mapped[datetime]
    shipped_at: Mapped[datetime | None]
    changed: Mapped[bool] = mapped_column(default=False, server_default="0")


class Cart(Base):
    """What carries totes: its code and how many slots it has, at most 12."""

    __tablename__ = "carts"

    id: Mapped[Key]
    warehouse_id: Mapped[int] = mapped_column(ref("warehouses"))
    code: Mapped[Code] = mapped_column(String(64), unique=True)
    slots: Mapped[int] = mapped_column(default=6, server_default="6")
    columns: Mapped[int] = mapped_column(default=2, server_default="2")


class Batch(Base):
    """Fulfillments that are picked in one walk."""

    __tablename__ = "batches"

    id: Mapped[Key]
    wave_id: Mapped[int] = mapped_column(ref("waves"))


class PickList(Base):
    """The work of one picker: up to 12 totes of a cart, in pick sequence. Its code is PL- and its id."""

    __tablename__ = "pick_lists"
    __table_args__ = (
        Index("ix_pick_lists_batch_id", "batch_id"),
        part_index("ix_pick_lists_open", "warehouse_id", "id", where="state IN ('open', 'picking')"),
    )

    id: Mapped[Key]
    warehouse_id: Mapped[int] = mapped_column(ref("warehouses"))
    batch_id: Mapped[int] = mapped_column(ref("batches"))
    cart_id: Mapped[int | None] = mapped_column(ref("carts"))
    state: Mapped[PickListState] = mapped_column(Word(PickListState), default=PickListState.OPEN)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class PickListSlot(Base):
    """A slot of the walk: which fulfillment it serves, and the tote that stands in it once one was scanned."""

    __tablename__ = "pick_list_slots"
    __table_args__ = (
        UniqueConstraint("pick_list_id", "slot"),
        Index("ix_pick_list_slots_fulfillment_id", "fulfillment_id"),
    )

    id: Mapped[Key]
    pick_list_id: Mapped[int] = mapped_column(ref("pick_lists"))
    slot: Mapped[int]
    fulfillment_id: Mapped[int] = mapped_column(ref("fulfillments"))
    tote_id: Mapped[int | None] = mapped_column(ref("locations"))


class PickTask(Base):
    """One stop: one allocation into one tote. `sequence` orders the walk; skipping sends it to the end."""

    __tablename__ = "pick_tasks"
    __table_args__ = (
        CheckConstraint("picked + short <= quantity", name="quantity"),
        Index("ix_pick_tasks_pick_list_id", "pick_list_id", "sequence", "id"),
        Index("ix_pick_tasks_fulfillment_id", "fulfillment_id"),
        Index("ix_pick_tasks_allocation_id", "allocation_id"),
    )

    id: Mapped[Key]
    pick_list_id: Mapped[int] = mapped_column(ref("pick_lists"))
    fulfillment_id: Mapped[int] = mapped_column(ref("fulfillments"))
    order_line_id: Mapped[int] = mapped_column(ref("order_lines"))
    allocation_id: Mapped[int] = mapped_column(ref("allocations"))
    product_id: Mapped[int] = mapped_column(ref("products"))
    location_id: Mapped[int] = mapped_column(ref("locations"))
    slot: Mapped[int]
    sequence: Mapped[int]
    quantity: Mapped[int]
    picked: Mapped[int] = mapped_column(default=0, server_default="0")
    short: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[PickTaskState] = mapped_column(Word(PickTaskState), default=PickTaskState.OPEN)
    done_at: Mapped[datetime | None]


class ShortPick(Base):
    """Less found than asked: how many, why (empty, damaged, other, reach) and what was done (elsewhere, later)."""

    __tablename__ = "short_picks"
    __table_args__ = (Index("ix_short_picks_pick_task_id", "pick_task_id"),)

    id: Mapped[Key]
    pick_task_id: Mapped[int] = mapped_column(ref("pick_tasks"))
    location_id: Mapped[int] = mapped_column(ref("locations"))
    product_id: Mapped[int] = mapped_column(ref("products"))
    quantity: Mapped[int]
    reason: Mapped[Code]
    remedy: Mapped[Code]
    at: Mapped[datetime]
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))


class ToteUse(Base):
    """Which fulfillment lies in a tote now; the tote is free again once this is closed."""

    __tablename__ = "tote_uses"
    __table_args__ = (
        Index("ix_tote_uses_fulfillment_id", "fulfillment_id"),
        part_index("ix_tote_uses_open", "tote_id", unique=True, where="closed_at IS NULL"),
    )

    id: Mapped[Key]
    tote_id: Mapped[int] = mapped_column(ref("locations"))
    fulfillment_id: Mapped[int] = mapped_column(ref("fulfillments"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
