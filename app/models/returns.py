"""What comes back: permission, what came, what was decided for each unit, and the money."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import Condition, Disposition, ReturnState
from app.models import catalogue, demand, people, stock, warehouses  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Code, Currency, Key, Line, Money, Short, Word, ref


class ReturnAuthorization(Base):
    """Permission to send something back (RMA). Its code is RMA- and its id, unless a channel gave one."""

    __tablename__ = "return_authorizations"
    __table_args__ = (
        Index("ix_return_authorizations_order_id", "order_id"),
        Index("ix_return_authorizations_state", "state", "id"),
    )

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(String(64), unique=True)
    order_id: Mapped[int] = mapped_column(ref("orders"))
    warehouse_id: Mapped[int] = mapped_column(ref("warehouses"))
    state: Mapped[ReturnState] = mapped_column(Word(ReturnState), default=ReturnState.AUTHORIZED)
    customer_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class ReturnReceipt(Base):
    """One parcel that came back."""

    __tablename__ = "return_receipts"
    __table_args__ = (Index("ix_return_receipts_return_id", "return_id"),)

    id: Mapped[Key]
    return_id: Mapped[int] = mapped_column(ref("return_authorizations"))
    received_at: Mapped[datetime]
    station_id: Mapped[int | None] = mapped_column(ref("stations"))
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))


class ReturnUnit(Base):
    """One unit in the hand: reason, grade and where it goes. `order_line_id` is empty for a unit that was not ours."""

    __tablename__ = "return_units"
    __table_args__ = (
        Index("ix_return_units_return_id", "return_id"),
        Index("ix_return_units_order_line_id", "order_line_id"),
        UniqueConstraint("return_id", "number"),
    )

    id: Mapped[Key]
    return_id: Mapped[int] = mapped_column(ref("return_authorizations"))
    receipt_id: Mapped[int] = mapped_column(ref("return_receipts"))
    number: Mapped[int]
    order_line_id: Mapped[int | None] = mapped_column(ref("order_lines"))
    product_id: Mapped[int | None] = mapped_column(ref("products"))
    lot_id: Mapped[int] = mapped_column(default=0, server_default="0")
    location_id: Mapped[int] = mapped_column(ref("locations"))
    reason: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    grade: Mapped[Condition | None] = mapped_column(Word(Condition))
    disposition: Mapped[Disposition | None] = mapped_column(Word(Disposition))
    refund: Mapped[Money]
    note: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    scanned_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ref("operators"))


class Refund(Base):
    """Money given back, with who decided; `state`: proposed, approved, settled, refused."""

    __tablename__ = "refunds"
    __table_args__ = (Index("ix_refunds_order_id", "order_id"),)

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ref("orders"))
    return_id: Mapped[int | None] = mapped_column(ref("return_authorizations"))
    amount: Mapped[Money]
    currency: Mapped[Currency]
    state: Mapped[Code]
    reason: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    decided_by_id: Mapped[int | None] = mapped_column(ref("operators"))
    at: Mapped[datetime]


class RefundLine(Base):
    """The amount of a refund that stands against one line (or against post, without a line)."""

    __tablename__ = "refund_lines"
    __table_args__ = (
        Index("ix_refund_lines_refund_id", "refund_id"),
        Index("ix_refund_lines_order_line_id", "order_line_id"),
    )

    id: Mapped[Key]
    refund_id: Mapped[int] = mapped_column(ref("refunds"))
    order_line_id: Mapped[int | None] = mapped_column(ref("order_lines"))
    return_unit_id: Mapped[int | None] = mapped_column(ref("return_units"))
    what: Mapped[Short]
    amount: Mapped[Money]


class StoreCredit(Base):
    """Credit given instead of money."""

    __tablename__ = "store_credits"
    __table_args__ = (Index("ix_store_credits_order_id", "order_id"),)

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ref("orders"))
    return_id: Mapped[int | None] = mapped_column(ref("return_authorizations"))
    amount: Mapped[Money]
    currency: Mapped[Currency]
    at: Mapped[datetime]


class Exchange(Base):
    """A new order that replaces a returned line."""

    __tablename__ = "exchanges"
    __table_args__ = (Index("ix_exchanges_return_unit_id", "return_unit_id"),)

    id: Mapped[Key]
    return_unit_id: Mapped[int] = mapped_column(ref("return_units"))
    order_id: Mapped[int] = mapped_column(ref("orders"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(400), default="", server_default="")
