"""What is sold, and any code that names it when scanned."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models import demand  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Code, Currency, Key, Line, Money, Short, ref


class Product(Base):
    """A product (SKU). `sku_key` is the SKU in capitals without outer blanks, which is how channels are matched.

    `picture` is one of ours, which screens show; `image_url` is where the channel has its own.
    """

    __tablename__ = "products"

    id: Mapped[Key]
    sku: Mapped[Short]
    sku_key: Mapped[Short] = mapped_column(String(120), unique=True)
    name: Mapped[Line]
    weight_g: Mapped[int | None]
    length_mm: Mapped[int | None]
    width_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    price: Mapped[Money]
    currency: Mapped[Currency] = mapped_column(String(3), default="", server_default="")
    picture: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    vendor: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    image_url: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    origin_country: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    customs_code: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    group_name: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    note_must_be_confirmed: Mapped[bool] = mapped_column(default=False, server_default="0")
    counted_by_unit: Mapped[bool] = mapped_column(default=False, server_default="0")
    lot_tracked: Mapped[bool] = mapped_column(default=False, server_default="0")
    serial_tracked: Mapped[bool] = mapped_column(default=False, server_default="0")
    active: Mapped[bool] = mapped_column(default=True, server_default="1")
    fingerprint: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    created_at: Mapped[datetime]


class Identifier(Base):
    """A code that names a product when scanned: GTIN as 14 digits, case GTIN with its quantity, own label, SKU alias.

    The same code may name two products: then the screen asks.
    """

    __tablename__ = "identifiers"
    __table_args__ = (UniqueConstraint("code", "product_id"), Index("ix_identifiers_product_id", "product_id"))

    id: Mapped[Key]
    product_id: Mapped[int] = mapped_column(ref("products"))
    code: Mapped[Code]
    kind: Mapped[str] = mapped_column(String(16))
    quantity: Mapped[int] = mapped_column(default=1, server_default="1")


class Lot(Base):
    """A batch of production with its expiry."""

    __tablename__ = "lots"
    __table_args__ = (UniqueConstraint("product_id", "code"),)

    id: Mapped[Key]
    product_id: Mapped[int] = mapped_column(ref("products"))
    code: Mapped[Code]
    expires_on: Mapped[datetime | None]


class SerialNumber(Base):
    """One unit of a product that is told apart from all others."""

    __tablename__ = "serial_numbers"
    __table_args__ = (
        UniqueConstraint("product_id", "code"),
        Index("ix_serial_numbers_code", "code"),
        Index("ix_serial_numbers_order_line_id", "order_line_id"),
    )

    id: Mapped[Key]
    product_id: Mapped[int] = mapped_column(ref("products"))
    code: Mapped[Code]
    order_line_id: Mapped[int | None] = mapped_column(ref("order_lines"))


class Carton(Base):
    """A box type with its inner size. `key_order` keeps its key 1 to 9 at the bench."""

    __tablename__ = "cartons"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(String(64), unique=True)
    name: Mapped[Short]
    length_mm: Mapped[int]
    width_mm: Mapped[int]
    height_mm: Mapped[int]
    weight_g: Mapped[int] = mapped_column(default=0, server_default="0")
    max_weight_g: Mapped[int | None]
    key_order: Mapped[int] = mapped_column(default=0, server_default="0")
    active: Mapped[bool] = mapped_column(default=True, server_default="1")
