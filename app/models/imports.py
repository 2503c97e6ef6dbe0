"""What was imported: each run, the rows that it refused, and how columns were understood."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models import people  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Code, Json, Key, Line, Short, part_index, ref


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
