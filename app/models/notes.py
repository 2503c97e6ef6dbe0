"""Notes that people write on orders and customers, and who has read those that must be read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.notes import NoteKind
from app.models import demand, fulfillment, people  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Key, Word, ref


class Note(Base):
    """One note, on an order or on a customer; never changed, only withdrawn.

    What the channel itself tells stands in `orders.note`; what it told before is kept here (`NoteKind.CHANNEL`).
    """

    __tablename__ = "notes"
    __table_args__ = (
        Index("ix_notes_order_id", "order_id", "at"),
        Index("ix_notes_customer_id", "customer_id", "at"),
    )

    id: Mapped[Key]
    order_id: Mapped[int | None] = mapped_column(ref("orders"))
    customer_id: Mapped[int | None] = mapped_column(ref("customers"))
    kind: Mapped[NoteKind] = mapped_column(Word(NoteKind))
    must_read: Mapped[bool] = mapped_column(default=False, server_default="0")
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))
    station_id: Mapped[int | None] = mapped_column(ref("stations"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ref("operators"))


class NoteRead(Base):
    """A note that must be read was acknowledged at a bench, once for each fulfillment."""

    __tablename__ = "note_reads"
    __table_args__ = (
        UniqueConstraint("note_id", "fulfillment_id"),
        Index("ix_note_reads_fulfillment_id", "fulfillment_id"),
    )

    id: Mapped[Key]
    note_id: Mapped[int] = mapped_column(ref("notes"))
    fulfillment_id: Mapped[int] = mapped_column(ref("fulfillments"))
    at: Mapped[datetime]
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))
    station_id: Mapped[int | None] = mapped_column(ref("stations"))
