"""What the system keeps about itself: effects to carry out, what changed, what was done, imports, settings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models import people  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Code, Json, Key, Line, Short, part_index, ref


class OutboxMessage(Base):
    """An effect outside (channel update, mail), carried out after the commit, at least once, with its key."""

    __tablename__ = "outbox"
    __table_args__ = (part_index("ix_outbox_open", "id", where="done_at IS NULL"),)

    id: Mapped[Key]
    key: Mapped[Short] = mapped_column(String(120), unique=True)
    topic: Mapped[Code]
    payload: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    next_try_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


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


class ImportRun(Base):
    """One file that was read, and what came of it (`counts`: new, same, changed, refused, skipped by reason).

    `seen_at` is when the import that runs wrote last: one that stays silent was interrupted.
    """

    __tablename__ = "import_runs"
    __table_args__ = (
        Index("ix_import_runs_started_at", "started_at"),
        part_index("ix_import_runs_running", "id", where="state = 'running'"),
    )

    id: Mapped[Key]
    format: Mapped[Code]
    file_name: Mapped[Line]
    file_digest: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    mapping: Mapped[dict[str, object] | None] = mapped_column(Json)
    state: Mapped[Code]
    counts: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))


class RefusedRow(Base):
    """A row that could not be taken, kept with file, line and reason until it is mended or put aside."""

    __tablename__ = "refused_rows"
    __table_args__ = (
        Index("ix_refused_rows_import_run_id", "import_run_id"),
        Index("ix_refused_rows_digest", "digest"),
        part_index("ix_refused_rows_open", "id", where="state = 'open'"),
    )

    id: Mapped[Key]
    import_run_id: Mapped[int] = mapped_column(ref("import_runs"))
    line_number: Mapped[int]
    code: Mapped[Short]
    detail: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    raw: Mapped[str] = mapped_column(Text)
    header: Mapped[str] = mapped_column(Text, default="", server_default="")
    digest: Mapped[Code]
    state: Mapped[Code] = mapped_column(String(64), default="open", server_default="open")
    settled_at: Mapped[datetime | None]


class SavedMapping(Base):
    """A column mapping of a generic CSV, kept by name."""

    __tablename__ = "saved_mappings"
    __table_args__ = (UniqueConstraint("format", "name"),)

    id: Mapped[Key]
    format: Mapped[Code]
    name: Mapped[Short]
    mapping: Mapped[dict[str, object]] = mapped_column(Json)


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
