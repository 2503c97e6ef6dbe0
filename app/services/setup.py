"""The first run: a new database gets its settings, a warehouse with the places that work needs, and a first badge."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.badges import badge_digest, new_badge
from app.domain.errors import BadUseError
from app.domain.states import LocationKind, Role
from app.domain.storable import SHORT, storable
from app.models.people import Operator
from app.models.stock import Location, Warehouse
from app.models.system import Setting
from app.services.actor import Actor
from app.services.audit import record
from app.services.workplaces import database_id, ensure_station, is_set_up, put_station_settings, station_settings

__all__ = [
    "DEFAULT_PLACES",
    "FirstRun",
    "NewWarehouse",
    "create_warehouse",
    "database_id",
    "ensure_station",
    "first_run",
    "is_set_up",
    "prepare_settings",
    "put_station_settings",
    "station_settings",
]

WRITER = "setup"
DEFAULT_PLACES = (
    ("SUPPLIER", LocationKind.SUPPLIER),
    ("CUSTOMER", LocationKind.CUSTOMER),
    ("ADJUSTMENT", LocationKind.ADJUSTMENT),
    ("SCRAP", LocationKind.SCRAP),
    ("RECEIVING-01", LocationKind.RECEIVING),
    ("RETURNS-01", LocationKind.RETURNS),
    ("Q-01", LocationKind.QUARANTINE),
    ("W-01", LocationKind.REFURBISH),
)
_DEFAULT_SETTINGS: tuple[tuple[str, object], ...] = (
    ("handover", "at_label"),
    ("label_scan_back", False),
    ("cut_off", "16:30"),
)


@dataclass(frozen=True, slots=True)
class NewWarehouse:
    """What is told of a site: its code, name, IANA time zone, and the address that stands on parcels as sender."""

    code: str
    name: str
    zone: str = "Europe/London"
    sender: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What the first run made. The badge's code is told this once, to be printed, and kept nowhere."""

    warehouse_id: int
    station_id: int
    operator_id: int
    badge: str


def first_run(
    session: Session, now: datetime, warehouse: NewWarehouse, operator: str, station: str, badge: str | None = None
) -> FirstRun:
    """Makes all that a new database needs, in one transaction. BadUseError when a time zone or a name is missing.

    The site that an import from the command line made before anybody worked here is taken over, with what lies there.
    """
    prepare_settings(session)
    warehouse_id = _adopted(session, now, warehouse) or create_warehouse(session, Actor(now, WRITER, 0), warehouse)
    station_id = ensure_station(session, now, station, warehouse_id)
    code = badge or new_badge()
    if not operator.strip():
        raise BadUseError("person.name_missing")
    first = Operator(
        name=storable(operator.strip(), SHORT), role=Role.ADMIN, badge_digest=badge_digest(code), created_at=now
    )
    session.add(first)
    session.flush()
    record(session, Actor(now, WRITER, warehouse_id, first.id), "setup.first_run", "warehouse", warehouse_id)
    return FirstRun(warehouse_id, station_id, first.id, code)


def _adopted(session: Session, now: datetime, told: NewWarehouse) -> int | None:
    """The only site of a database in which nobody works yet, named as it is told now."""
    sites = session.execute(select(Warehouse).limit(2)).scalars().all()
    if len(sites) != 1 or session.execute(select(Operator.id).limit(1)).first() is not None:
        return None
    code = _checked(told)
    site = sites[0]
    site.code, site.name, site.zone = code, storable(told.name.strip() or code, SHORT), told.zone
    site.sender = dict(told.sender)
    session.flush()
    record(session, Actor(now, WRITER, site.id), "warehouse.adopt", "warehouse", site.id, {"code": code})
    return site.id


def prepare_settings(session: Session) -> None:
    """Settings that a new database must have; those that are there stay as they are."""
    made = (("audit_salt", secrets.token_hex(32)), ("database_id", str(uuid4())), *_DEFAULT_SETTINGS)
    there = set(session.execute(select(Setting.key)).scalars())
    session.add_all(Setting(key=key, value=value) for key, value in made if key not in there)
    session.flush()


def create_warehouse(session: Session, actor: Actor, new: NewWarehouse) -> int:
    """Makes a site with its counterparties and the places that receiving and returns need; gives its id.

    BadUseError for a time zone that nobody knows, and for a code that is missing or taken.
    """
    code = _checked(new)
    if session.execute(select(Warehouse.id).where(Warehouse.code == code)).first() is not None:
        raise BadUseError("setup.exists", warehouse=code)
    made = Warehouse(code=code, name=storable(new.name.strip() or code, SHORT), zone=new.zone, sender=dict(new.sender))
    session.add(made)
    session.flush()
    session.add_all(Location(warehouse_id=made.id, code=place, kind=kind) for place, kind in DEFAULT_PLACES)
    session.flush()
    record(session, actor, "warehouse.create", "warehouse", made.id, {"code": code, "zone": new.zone})
    return made.id


def _checked(new: NewWarehouse) -> str:
    """The code of a site whose code and time zone can be used."""
    code = storable(new.code.strip().upper(), 64)
    if not code:
        raise BadUseError("setup.code_missing")
    try:
        ZoneInfo(new.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadUseError("setup.zone_unknown", zone=new.zone) from error
    return code
