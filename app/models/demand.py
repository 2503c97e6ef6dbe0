"""Where demand comes from and what one customer wants: channels, orders, lines, holds, payments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import HoldKind, OrderState
from app.models import catalogue, imports, people, warehouses  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Code, Currency, Json, Key, Line, Money, Short, Word, part_index, ref


class Channel(Base):
    """Where orders come from; `zone` is the time zone of files that name none."""

    __tablename__ = "channels"

    id: Mapped[Key]
    key: Mapped[Code] = mapped_column(String(64), unique=True)
    name: Mapped[Short]
    zone: Mapped[Short] = mapped_column(String(120), default="Europe/London")


class Customer(Base):
    """Who ordered, as one channel knows them."""

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("channel_id", "channel_ref"),
        Index("ix_customers_email", "email"),
    )

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ref("channels"))
    channel_ref: Mapped[Short]
    name: Mapped[Line]
    email: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    phone: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    preferred_warehouse_id: Mapped[int | None] = mapped_column(ref("warehouses"))


class Address(Base):
    """Where an order goes; mending it changes this row and leaves an audit entry."""

    __tablename__ = "addresses"

    id: Mapped[Key]
    name: Mapped[Line]
    company: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    address1: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    address2: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    city: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    region: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    postcode: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    country: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    phone: Mapped[Short] = mapped_column(String(120), default="", server_default="")


class Order(Base):
    """One customer demand. `state` is computed by `domain.order_state` and stored for filtering.

    `priority` 1 goes first, 5 is normal, 9 goes last.
    `leaves_at` is when it must leave (ship-by, or the day's cut-off). `created_local` keeps the time as a file without
    a zone told it. `extras` keeps what only its channel knows, so that it can be given back. `pick_up_at_id` is the
    store where the customer collects it. `version` counts what the office and the channel changed, so that nobody
    overwrites what he did not see. An order that was merged into another keeps its number; its goods leave with that.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("channel_id", "channel_ref"),
        Index("ix_orders_number", "number"),
        Index("ix_orders_state_leaves_at", "state", "leaves_at", "id"),
        part_index("ix_orders_open", "leaves_at", "id", where="state NOT IN ('shipped', 'closed', 'cancelled')"),
        part_index("ix_orders_to_allocate", "priority", "leaves_at", "id", where="state IN ('ready', 'backordered')"),
        Index("ix_orders_shipped_at", "shipped_at"),
        Index("ix_orders_ship_to_id", "ship_to_id"),
        Index("ix_orders_customer_id", "customer_id", "created_at"),
        part_index("ix_orders_merged_into_id", "merged_into_id", where="merged_into_id IS NOT NULL"),
    )

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ref("channels"))
    channel_ref: Mapped[Short]
    number: Mapped[Short]
    state: Mapped[OrderState] = mapped_column(Word(OrderState), default=OrderState.CAPTURED)
    priority: Mapped[int] = mapped_column(default=5, server_default="5")
    may_ship_in_parts: Mapped[bool] = mapped_column(default=False, server_default="0")
    customer_id: Mapped[int | None] = mapped_column(ref("customers"))
    ship_to_id: Mapped[int] = mapped_column(ref("addresses"))
    created_at: Mapped[datetime]
    created_local: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    captured_at: Mapped[datetime]
    ship_by: Mapped[datetime | None]
    leaves_at: Mapped[datetime]
    shipped_at: Mapped[datetime | None]
    currency: Mapped[Currency] = mapped_column(String(3), default="", server_default="")
    email: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    service: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    financial: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    fulfilment: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    cancelled_by_channel: Mapped[bool] = mapped_column(default=False, server_default="0")
    discount_code: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    discount: Mapped[Money]
    shipping: Mapped[Money]
    tax: Mapped[Money]
    total: Mapped[Money]
    refunded: Mapped[Money]
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    gift: Mapped[bool] = mapped_column(default=False, server_default="0")
    fingerprint: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    changed_after_pick: Mapped[bool] = mapped_column(default=False, server_default="0")
    import_run_id: Mapped[int | None] = mapped_column(ref("import_runs"))
    pick_up_at_id: Mapped[int | None] = mapped_column(ref("warehouses"))
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    merged_into_id: Mapped[int | None] = mapped_column(ref("orders"))
    extras: Mapped[dict[str, object]] = mapped_column(Json, default=dict, server_default="{}")


class OrderLine(Base):
    """One product and quantity of an order.

    `elsewhere`: shipped or refunded before capture, or with the order that this one was merged into; never shipped
    under this line. `merged_from_id` is the line whose goods this one ships.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "line_no"),
        Index("ix_order_lines_product_id", "product_id", "order_id"),
    )

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ref("orders"))
    line_no: Mapped[int]
    channel_line_ref: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    product_id: Mapped[int | None] = mapped_column(ref("products"))
    sku: Mapped[Short]
    title: Mapped[Line]
    quantity: Mapped[int]
    cancelled: Mapped[int] = mapped_column(default=0, server_default="0")
    elsewhere: Mapped[int] = mapped_column(default=0, server_default="0")
    requires_shipping: Mapped[bool] = mapped_column(default=True, server_default="1")
    unit_price: Mapped[Money]
    discount: Mapped[Money]
    line_total: Mapped[Money]
    status: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    extras: Mapped[dict[str, object]] = mapped_column(Json, default=dict, server_default="{}")
    merged_from_id: Mapped[int | None] = mapped_column(ref("order_lines"))


class Hold(Base):
    """A reason why an order may not go on; several can stand at once. Open while `released_at` is empty."""

    __tablename__ = "holds"
    __table_args__ = (
        Index("ix_holds_order_id", "order_id"),
        part_index("ix_holds_open", "order_id", "kind", unique=True, where="released_at IS NULL"),
    )

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ref("orders"))
    kind: Mapped[HoldKind] = mapped_column(Word(HoldKind))
    detail: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ref("operators"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ref("operators"))
    release_reason: Mapped[Line] = mapped_column(String(400), default="", server_default="")


class Payment(Base):
    """What was authorized, captured or refunded, in minor units. `kind`: authorized, captured, refunded."""

    __tablename__ = "payments"
    __table_args__ = (Index("ix_payments_order_id", "order_id"),)

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ref("orders"))
    kind: Mapped[Code]
    amount: Mapped[Money]
    currency: Mapped[Currency]
    at: Mapped[datetime]
    reference: Mapped[Short] = mapped_column(String(120), default="", server_default="")


class OrderSearch(Base):
    """The words by which an order is found; kept by the database itself in an index of words (see the first migration).

    `words` holds number, names, e-mail, town, postcode, SKUs, tracking numbers, and each number's digits backwards
    after a mark (`domain.search`), so that the end of a number is found as the beginning of a word.
    """

    __tablename__ = "order_search"

    order_id: Mapped[int] = mapped_column(ref("orders"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
