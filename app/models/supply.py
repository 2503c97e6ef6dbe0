"""Goods that come from elsewhere: transfers between warehouses, requests to suppliers, orders fetched in a store."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import PickUpState, SupplierRequestState, TransferState
from app.models import catalogue, fulfillment, people, stock, warehouses  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Code, Key, Line, Short, Word, part_index, ref


class Transfer(Base):
    """Goods on their way from one warehouse to another. Its paper carries TR- and its id.

    What was picked lies at `from_place_id`, what was sent at `to_place_id`: places of their own, in which nothing is
    for sale. How much was picked, sent and received is what the ledger says of these places.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        Index("ix_transfers_from_place_id", "from_place_id", unique=True),
        Index("ix_transfers_to_place_id", "to_place_id", unique=True),
        part_index("ix_transfers_open", "id", where="state NOT IN ('closed', 'cancelled')"),
    )

    id: Mapped[Key]
    from_warehouse_id: Mapped[int] = mapped_column(ref("warehouses"))
    to_warehouse_id: Mapped[int] = mapped_column(ref("warehouses"))
    from_place_id: Mapped[int | None] = mapped_column(ref("locations"))
    to_place_id: Mapped[int | None] = mapped_column(ref("locations"))
    state: Mapped[TransferState] = mapped_column(Word(TransferState), default=TransferState.DRAFT)
    note: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ref("operators"))
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class TransferLine(Base):
    """One product of a transfer and how many of it are wanted; `reason` says why it came otherwise."""

    __tablename__ = "transfer_lines"
    __table_args__ = (
        UniqueConstraint("transfer_id", "product_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_transfer_lines_product_id", "product_id"),
    )

    id: Mapped[Key]
    transfer_id: Mapped[int] = mapped_column(ref("transfers"))
    product_id: Mapped[int] = mapped_column(ref("products"))
    quantity: Mapped[int]
    reason: Mapped[Line] = mapped_column(String(400), default="", server_default="")


class SupplierRequest(Base):
    """What a supplier is asked to ship for us: one fulfillment of a site of kind supplier."""

    __tablename__ = "supplier_requests"
    __table_args__ = (
        Index("ix_supplier_requests_fulfillment_id", "fulfillment_id", unique=True),
        part_index("ix_supplier_requests_open", "id", where="state IN ('asked', 'confirmed')"),
    )

    id: Mapped[Key]
    fulfillment_id: Mapped[int] = mapped_column(ref("fulfillments"))
    warehouse_id: Mapped[int] = mapped_column(ref("warehouses"))
    state: Mapped[SupplierRequestState] = mapped_column(Word(SupplierRequestState), default=SupplierRequestState.ASKED)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    carrier: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    tracking_number: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    reason: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))


class PickUp(Base):
    """A fulfillment that waits in a store for its customer: at which place, until when, and who fetched it."""

    __tablename__ = "pick_ups"
    __table_args__ = (
        Index("ix_pick_ups_fulfillment_id", "fulfillment_id", unique=True),
        part_index("ix_pick_ups_waiting", "fetch_by", "id", where="state = 'ready'"),
    )

    id: Mapped[Key]
    fulfillment_id: Mapped[int] = mapped_column(ref("fulfillments"))
    place_id: Mapped[int] = mapped_column(ref("locations"))
    state: Mapped[PickUpState] = mapped_column(Word(PickUpState), default=PickUpState.READY)
    ready_at: Mapped[datetime]
    fetch_by: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    fetched_by: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))
