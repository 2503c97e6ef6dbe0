"""From where orders are served: ordered rules, stock kept back, places of postcodes, why a source was chosen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.sourcing_rules import RuleKind
from app.models import demand, fulfillment  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Code, Json, Key, Short, Word, ref

EVERY = 0
"""Stands for every warehouse, and for every product, so that one rule is one row on every database."""


class SourcingRule(Base):
    """One rule of sourcing; those with a smaller `position` weigh more. `conditions` name when it counts."""

    __tablename__ = "sourcing_rules"
    __table_args__ = (Index("ix_sourcing_rules_position", "position", "id"),)

    id: Mapped[Key]
    position: Mapped[int]
    kind: Mapped[RuleKind] = mapped_column(Word(RuleKind))
    name: Mapped[Short] = mapped_column(String(120), default="", server_default="")
    enabled: Mapped[bool] = mapped_column(default=True, server_default="1")
    parameters: Mapped[dict[str, object]] = mapped_column(Json, default=dict, server_default="{}")
    conditions: Mapped[dict[str, object]] = mapped_column(Json, default=dict, server_default="{}")


class SafetyStock(Base):
    """Units of a product that a warehouse promises to nobody. The most particular row counts: (warehouse, product),
    then (every, product), then (warehouse, every), then (every, every).
    """

    __tablename__ = "safety_stock"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "product_id"),
        CheckConstraint("quantity >= 0", name="quantity"),
    )

    id: Mapped[Key]
    warehouse_id: Mapped[int] = mapped_column(default=EVERY, server_default="0")
    product_id: Mapped[int] = mapped_column(default=EVERY, server_default="0")
    quantity: Mapped[int]


class ChannelBuffer(Base):
    """Units that a warehouse keeps back from one channel, beyond the safety stock; precedence as there.

    `percent` is a share of what is left after the safety stock, rounded up; the larger of the two is kept back.
    """

    __tablename__ = "channel_buffers"
    __table_args__ = (
        UniqueConstraint("channel_id", "warehouse_id", "product_id"),
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent"),
    )

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ref("channels"))
    warehouse_id: Mapped[int] = mapped_column(default=EVERY, server_default="0")
    product_id: Mapped[int] = mapped_column(default=EVERY, server_default="0")
    quantity: Mapped[int]
    percent: Mapped[int] = mapped_column(default=0, server_default="0")


class ChannelWarehouse(Base):
    """A source that a channel may use. A channel without rows may use every active one."""

    __tablename__ = "channel_warehouses"
    __table_args__ = (UniqueConstraint("channel_id", "warehouse_id"),)

    id: Mapped[Key]
    channel_id: Mapped[int] = mapped_column(ref("channels"))
    warehouse_id: Mapped[int] = mapped_column(ref("warehouses"))


class PostcodePoint(Base):
    """Where the postcodes lie that begin with `prefix` (capitals and digits alone), in millionths of a degree."""

    __tablename__ = "postcode_points"
    __table_args__ = (UniqueConstraint("country", "prefix"),)

    id: Mapped[Key]
    country: Mapped[str] = mapped_column(String(2))
    prefix: Mapped[str] = mapped_column(String(16))
    latitude_e6: Mapped[int]
    longitude_e6: Mapped[int]


class SourcingChoice(Base):
    """Why a fulfillment comes from its warehouse: a sentence's key and its values. None where nothing was to choose.

    `rerouted_from_id` is the fulfillment whose warehouse ran short.
    """

    __tablename__ = "sourcing_choices"
    __table_args__ = (Index("ix_sourcing_choices_fulfillment_id", "fulfillment_id"),)

    id: Mapped[Key]
    fulfillment_id: Mapped[int] = mapped_column(ref("fulfillments"))
    at: Mapped[datetime]
    code: Mapped[Code]
    facts: Mapped[dict[str, object]] = mapped_column(Json, default=dict, server_default="{}")
    rerouted_from_id: Mapped[int | None] = mapped_column(ref("fulfillments"))
