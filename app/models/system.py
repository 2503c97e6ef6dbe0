"""What the system keeps about itself: what changed, what was done, saved filters, settings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models import people  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Code, Json, Key, Short, part_index, ref


class ChangeLog(Base):
    """Which rows changed, for other screens and stations. `transaction` lets PostgreSQL readers skip running ones."""

    __tablename__ = "change_log"
    __table_args__ = (  # SQLite has one writer, so there the order of ids is the order of commits
        part_index(
            "ix_change_log_transaction_id", "transaction_id", "id", where="transaction_id > 0", dialects=("sqlite",)
        ),
    )

    id: Mapped[Key]
    entity: Mapped[Code]
    entity_id: Mapped[int]
    station_id: Mapped[int | None]
    at: Mapped[datetime]
    transaction: Mapped[int] = mapped_column("transaction_id", BigInteger, default=0, server_default="0")


class AuditEntry(Base):
    """One row a use case, chained to the one before of the same writer. Personal data stand in it as salted digests."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        UniqueConstraint("writer", "seq"),
        Index("ix_audit_entries_subject", "subject_kind", "subject_id", "id"),
    )

    id: Mapped[Key]
    writer: Mapped[Code]
    seq: Mapped[int]
    at: Mapped[datetime]
    operator_id: Mapped[int | None]
    action: Mapped[Code]
    subject_kind: Mapped[Code]
    subject_id: Mapped[int | None]
    detail: Mapped[str] = mapped_column(Text, default="{}")
    previous: Mapped[Code]
    digest: Mapped[Code]


class AuditHead(Base):
    """The newest link of each writer's chain, written with it in one transaction."""

    __tablename__ = "audit_heads"

    writer: Mapped[Code] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int]
    digest: Mapped[Code]


class AuditSeal(Base):
    """The heads of all chains sealed into one common chain every few minutes."""

    __tablename__ = "audit_seals"

    id: Mapped[Key]
    at: Mapped[datetime]
    heads: Mapped[str] = mapped_column(Text)
    previous: Mapped[Code]
    digest: Mapped[Code]


class SavedFilter(Base):
    """A filter of the order queue that somebody keeps."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("operator_id", "name"),)

    id: Mapped[Key]
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))
    name: Mapped[Short]
    filter: Mapped[dict[str, object]] = mapped_column(Json)


class Setting(Base):
    """A setting of the whole database: `handover`, `label_scan_back`, `release_by_itself`, `database_id` and so on."""

    __tablename__ = "settings"

    key: Mapped[Code] = mapped_column(String(64), primary_key=True)
    value: Mapped[object] = mapped_column(Json)
