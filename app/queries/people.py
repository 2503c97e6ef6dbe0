"""People and workplaces, as lists and by what they scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.badges import badge_digest
from app.domain.states import Role
from app.models.people import Operator, Station
from app.models.stock import Warehouse


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person; `has_badge` is false once a badge was taken away."""

    operator_id: int
    name: str
    role: Role
    active: bool
    has_badge: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StationRow:
    """One workplace with its settings (devices, looks)."""

    station_id: int
    name: str
    warehouse_id: int
    settings: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class WarehouseRow:
    """One site with its time zone."""

    warehouse_id: int
    code: str
    name: str
    zone: str


def people(session: Session) -> list[PersonRow]:
    """Everybody, those who may sign in first, by name."""
    chosen = select(Operator).order_by(Operator.active.desc(), Operator.name, Operator.id)
    return [_person(row) for row in session.execute(chosen).scalars()]


def person(session: Session, operator_id: int) -> PersonRow | None:
    """One person."""
    row = session.execute(select(Operator).where(Operator.id == operator_id)).scalar_one_or_none()
    return None if row is None else _person(row)


def sign_in_by_badge(session: Session, token: str) -> PersonRow | None:
    """Whose badge this is; None for a badge that nobody has, or whose owner may not sign in."""
    chosen = select(Operator).where(Operator.badge_digest == badge_digest(token), Operator.active.is_(True))
    row = session.execute(chosen).scalar_one_or_none()
    return None if row is None else _person(row)


def stations(session: Session) -> list[StationRow]:
    """All workplaces by name."""
    return [
        StationRow(row.id, row.name, row.warehouse_id, row.settings)
        for row in session.execute(select(Station).order_by(Station.name)).scalars()
    ]


def warehouses(session: Session) -> list[WarehouseRow]:
    """All sites by code."""
    rows = session.execute(select(Warehouse).order_by(Warehouse.code)).scalars()
    return [WarehouseRow(row.id, row.code, row.name, row.zone) for row in rows]


def _person(row: Operator) -> PersonRow:
    return PersonRow(row.id, row.name, row.role, row.active, row.badge_digest is not None, row.created_at)
