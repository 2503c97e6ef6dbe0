"""Effects outside that are still to be carried out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Code, Json, Key, Short, part_index


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
