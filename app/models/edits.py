"""What the office changes by hand: what benches are told of it, orders being typed in, numbers of their own."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum, unique

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models import catalogue, demand, fulfillment, people, stock  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Code, Json, Key, Line, Word, ref


@unique
class BenchChangeKind(StrEnum):
    """What was changed, as a bench is told of it; its sentence stands under `edits.bench.<value>`."""

    LESS = "less"
    MORE = "more"
    ADDRESS = "address"
    SERVICE = "service"
    MERGED = "merged"


class BenchChange(Base):
    """One thing that was changed on an order whose goods may be on a bench: unseen until somebody there saw it.

    What must come out of a parcel again, and labels whose paper must be found, are counted where they are true
    (put-back tasks, labels), not here.
    """

    __tablename__ = "bench_changes"
    __table_args__ = (Index("ix_bench_changes_fulfillment_id", "fulfillment_id"),)

    id: Mapped[Key]
    fulfillment_id: Mapped[int] = mapped_column(ref("fulfillments"))
    kind: Mapped[BenchChangeKind] = mapped_column(Word(BenchChangeKind))
    product_id: Mapped[int | None] = mapped_column(ref("products"))
    place_id: Mapped[int | None] = mapped_column(ref("locations"))
    quantity: Mapped[int] = mapped_column(default=0, server_default="0")
    reason: Mapped[Line] = mapped_column(String(400), default="", server_default="")
    at: Mapped[datetime]
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[int | None] = mapped_column(ref("operators"))


class OrderDraft(Base):
    """An order that somebody types in, as far as it is: kept while it is typed, so that a crash loses nothing."""

    __tablename__ = "order_drafts"
    __table_args__ = (Index("ix_order_drafts_operator_id", "operator_id"),)

    id: Mapped[Key]
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))
    station_id: Mapped[int | None] = mapped_column(ref("stations"))
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    content: Mapped[dict[str, object]] = mapped_column(Json, default=dict, server_default="{}")
    order_id: Mapped[int | None] = mapped_column(ref("orders"))


class NumberSeries(Base):
    """The last number that was given; the next one is taken in the transaction that uses it, so none is lost."""

    __tablename__ = "number_series"

    key: Mapped[Code] = mapped_column(String(64), primary_key=True)
    last: Mapped[int] = mapped_column(default=0, server_default="0")
