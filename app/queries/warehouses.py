"""The sites of the house as the office lists them: what each is, where it is, and what it can give orders."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.states import WarehouseKind

_SITES = text(
    "SELECT id, code, name, kind, active, sender, cut_off, daily_capacity, latitude_e6, longitude_e6, parcel_cost, "
    "unit_cost, zone FROM warehouses ORDER BY code"
)
_SENDER = text("SELECT sender FROM warehouses WHERE id = :id")


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site. `cut_off` in minutes after its midnight; costs in minor units; places in millionths of a degree."""

    id: int
    code: str
    name: str
    kind: WarehouseKind
    active: bool
    postcode: str
    country: str
    cut_off: int | None
    capacity: int | None
    latitude_e6: int | None
    longitude_e6: int | None
    parcel_cost: int
    unit_cost: int
    zone: str


def site_rows(session: Session) -> tuple[SiteRow, ...]:
    """All sites by code, suppliers too."""
    found = []
    for row in session.connection().execute(_SITES):
        sender = _plain(row.sender)
        postcode, country = str(sender.get("postcode") or ""), str(sender.get("country") or "")
        found.append(
            SiteRow(
                row.id,
                row.code,
                row.name,
                WarehouseKind(row.kind),
                bool(row.active),
                postcode,
                country,
                row.cut_off,
                row.daily_capacity,
                row.latitude_e6,
                row.longitude_e6,
                row.parcel_cost,
                row.unit_cost,
                row.zone,
            )
        )
    return tuple(found)


def sender_of(session: Session, warehouse_id: int) -> Mapping[str, str]:
    """The address that stands on a site's parcels as sender; nothing where there is no such site."""
    row = session.connection().execute(_SENDER, {"id": warehouse_id}).first()
    return {} if row is None else {key: str(value or "") for key, value in _plain(row.sender).items()}


def _plain(stored: object) -> Mapping[str, object]:
    """JSON as either database gives it."""
    told = json.loads(stored) if isinstance(stored, str) else stored
    return told if isinstance(told, Mapping) else {}
