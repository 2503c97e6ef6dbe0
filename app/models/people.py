"""Who works where, what each did, and who holds what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.outcomes import Place, Result
from app.domain.states import Role
from app.models import warehouses  # noqa: F401 - what its keys refer to is known with it
from app.models.base import Base, Code, Json, Key, Line, Short, Word, ref


class Operator(Base):
    """A person. The badge's token is kept as a digest: whoever reads the database can't print a badge."""

    __tablename__ = "operators"

    id: Mapped[Key]
    name: Mapped[Short]
    role: Mapped[Role] = mapped_column(Word(Role))
    badge_digest: Mapped[Code | None] = mapped_column(String(64), unique=True)
    active: Mapped[bool] = mapped_column(default=True, server_default="1")
    created_at: Mapped[datetime]


class Station(Base):
    """A workplace; `settings` holds its devices and looks (scanner, scale, printers, theme, volume, text size)."""

    __tablename__ = "stations"

    id: Mapped[Key]
    name: Mapped[Short] = mapped_column(String(120), unique=True)
    warehouse_id: Mapped[int] = mapped_column(ref("warehouses"))
    settings: Mapped[dict[str, object]] = mapped_column(Json, default=dict, server_default="{}")
    created_at: Mapped[datetime]


class StationSession(Base):
    """What is open at a station and what blocks it: the truth by which the next scan is judged.

    `work_kind`, `work_id` name the open work (fulfillment, pick_list, return), `package_id` the parcel, `step` where
    in the work one is; `memory` small values of that step (line or task in hand, tote, counts); `block` the code and
    values of what must be acknowledged, with how many scans were refused since.
    """

    __tablename__ = "station_sessions"

    station_id: Mapped[int] = mapped_column(ref("stations"), primary_key=True)
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))
    place: Mapped[Place] = mapped_column(Word(Place), default=Place.SIGN_IN)
    work_kind: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    work_id: Mapped[int | None]
    package_id: Mapped[int | None]
    step: Mapped[Code] = mapped_column(String(64), default="", server_default="")
    memory: Mapped[dict[str, object]] = mapped_column(Json, default=dict, server_default="{}")
    block: Mapped[dict[str, object] | None] = mapped_column(Json)
    pending_quantity: Mapped[int | None]
    signed_in_at: Mapped[datetime | None]
    last_gesture_id: Mapped[str | None] = mapped_column(String(36))


class Gesture(Base):
    """One thing a person did, applied once; `id` comes from the station, `answer` is kept to answer again."""

    __tablename__ = "gestures"
    __table_args__ = (Index("ix_gestures_station_id", "station_id", "at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    station_id: Mapped[int] = mapped_column(ref("stations"))
    operator_id: Mapped[int | None] = mapped_column(ref("operators"))
    kind: Mapped[Code]
    raw: Mapped[Line]
    at: Mapped[datetime]
    applied_at: Mapped[datetime]
    result: Mapped[Result] = mapped_column(Word(Result))
    code: Mapped[Short]
    answer: Mapped[dict[str, object]] = mapped_column(Json, default=dict, server_default="{}")
    undoes: Mapped[dict[str, object] | None] = mapped_column(Json)
    undone_by: Mapped[str | None] = mapped_column(String(36))


class Claim(Base):
    """A lease of a piece of work by a station and operator, honoured by every door until `expires_at`."""

    __tablename__ = "claims"
    __table_args__ = (
        UniqueConstraint("kind", "ref_id"),
        Index("ix_claims_station_id", "station_id"),
    )

    id: Mapped[Key]
    kind: Mapped[Code]
    ref_id: Mapped[int]
    station_id: Mapped[int] = mapped_column(ref("stations"))
    operator_id: Mapped[int] = mapped_column(ref("operators"))
    since: Mapped[datetime]
    expires_at: Mapped[datetime]
