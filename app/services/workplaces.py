"""The workplaces of a warehouse: what a station asks for when it opens."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.storable import SHORT, storable
from app.models.people import Station
from app.services.actor import Actor
from app.services.audit import record
from app.services.settings_store import get_setting

_SET_UP = text(
    "SELECT 1 FROM operators WHERE role = 'admin' AND active = TRUE AND EXISTS (SELECT 1 FROM warehouses) LIMIT 1"
)
_NEW_STATION = text(  # two processes may be started for one workplace at the same moment
    "INSERT INTO stations (name, warehouse_id, created_at) VALUES (:name, :warehouse, :now) "
    "ON CONFLICT (name) DO NOTHING"
)
_NEW_NAME = text("INSERT INTO settings (key, value) VALUES ('database_id', :value) ON CONFLICT (key) DO NOTHING")


def is_set_up(session: Session) -> bool:
    """Whether somebody can sign in: there is a warehouse and an administrator."""
    return session.connection().execute(_SET_UP).first() is not None


def ensure_station(session: Session, now: datetime, name: str, warehouse_id: int) -> int:
    """The id of the workplace of this name; it is made, or moved to the warehouse, when need be."""
    wanted = storable(name.strip() or "Station 1", SHORT)
    known = select(Station).where(Station.name == wanted)
    row = session.execute(known).scalar_one_or_none()
    if row is None:
        values = {"name": wanted, "warehouse": warehouse_id, "now": round(now.timestamp() * 1000)}
        session.execute(_NEW_STATION, values)
        row = session.execute(known).scalar_one()
    if row.warehouse_id != warehouse_id:
        row.warehouse_id = warehouse_id
    session.flush()
    return row.id


def station_settings(session: Session, station_id: int) -> dict[str, object]:
    """Devices and looks of a workplace."""
    return dict(session.execute(select(Station.settings).where(Station.id == station_id)).scalar_one())


def put_station_settings(session: Session, actor: Actor, station_id: int, changed: dict[str, object]) -> None:
    """Changes some settings of a workplace; those set to None are forgotten."""
    row = session.execute(select(Station).where(Station.id == station_id).with_for_update()).scalar_one()
    kept = {**row.settings, **changed}
    row.settings = {key: value for key, value in kept.items() if value is not None}
    session.flush()
    record(session, actor, "station.settings", "station", station_id, {"keys": sorted(changed)})


def known_database_id(session: Session) -> str:
    """What tells this database from all others; empty when it has none yet."""
    found = get_setting(session, "database_id")
    return found if isinstance(found, str) else ""


def database_id(session: Session) -> str:
    """What tells this database from all others; made when it has none yet."""
    if not known_database_id(session):
        session.execute(_NEW_NAME, {"value": json.dumps(str(uuid4()))})
    return known_database_id(session)
