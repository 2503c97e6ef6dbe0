"""What is told of a site, and changing it: name, zone, the sender on its parcels, and what it can give orders."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from app.domain.outcomes import Change, Outcome, done, refused
from app.domain.roles import Permission
from app.domain.states import WarehouseKind
from app.domain.storable import SHORT, storable
from app.models.warehouses import Warehouse
from app.services.actor import Actor
from app.services.allocate import WAITING_AT_ONCE, allocate_ready
from app.services.audit import record
from app.services.changes import note_changes
from app.services.permissions import forbidden

ADDRESS = ("name", "company", "address1", "city", "postcode", "country")
"""What the office tells of a sender; what else an import or a sample told stays."""


MOST_COST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Site:
    """A site as the office changes it. `zone` is an IANA name; `country` has two letters."""

    name: str
    zone: str
    company: str
    address1: str
    city: str
    postcode: str
    country: str


def site(session: Session, warehouse_id: int) -> Site:
    """What is told of a site now; a sender without a company has its name there."""
    row = session.get_one(Warehouse, warehouse_id)
    told = {key: str(row.sender.get(key) or "") for key in ADDRESS}
    company = told["company"] or told["name"]
    return Site(row.name, row.zone, company, told["address1"], told["city"], told["postcode"], told["country"])


def change_site(session: Session, actor: Actor, warehouse_id: int, told: Site) -> Outcome:
    """Changes a site. Parcels that are labelled from now on have the new sender; times are shown in the new zone."""
    not_allowed = forbidden(session, actor, Permission.MANAGE_SETTINGS)
    if not_allowed is not None:
        return not_allowed
    if told.zone not in available_timezones():
        return refused("setup.zone_unknown", zone=told.zone)
    if not all(text.strip() for text in (told.name, told.company, told.address1, told.city, told.country)):
        return refused("warehouse.incomplete")
    row = session.get_one(Warehouse, warehouse_id)
    before = site(session, warehouse_id)
    row.name, row.zone = storable(told.name.strip(), SHORT), told.zone
    address = {
        "name": "", "company": told.company, "address1": told.address1, "city": told.city,
        "postcode": told.postcode, "country": told.country.upper(),
    }  # fmt: skip
    row.sender = {**row.sender, **{key: storable(text.strip(), SHORT) for key, text in address.items()}}
    session.flush()
    after = site(session, warehouse_id)
    changed = sorted(name for name in Site.__slots__ if getattr(before, name) != getattr(after, name))
    record(session, actor, "warehouse.change", "warehouse", warehouse_id, {"changed": changed})
    return done("warehouse.changed", name=row.name)


@dataclass(frozen=True, slots=True)
class Supply:
    """What a site can give orders.

    `cut_off` is in minutes after its midnight, None where it has none; `capacity` counts orders a day; coordinates are
    in millionths of a degree; costs in minor units.
    """

    kind: WarehouseKind
    active: bool
    cut_off: int | None = None
    capacity: int | None = None
    latitude_e6: int | None = None
    longitude_e6: int | None = None
    parcel_cost: int = 0
    unit_cost: int = 0


def supply(session: Session, warehouse_id: int) -> Supply:
    """What a site can give now."""
    row = session.get_one(Warehouse, warehouse_id)
    return Supply(
        row.kind, row.active, row.cut_off, row.daily_capacity, row.latitude_e6, row.longitude_e6, row.parcel_cost,
        row.unit_cost,
    )  # fmt: skip


def change_supply(session: Session, actor: Actor, warehouse_id: int, told: Supply) -> Outcome:
    """Changes what a site can give. Promises that were made stand; a site that opens serves who waits."""
    not_allowed = forbidden(session, actor, Permission.MANAGE_SETTINGS)
    if not_allowed is not None:
        return not_allowed
    wrong = _wrong(told)
    if wrong is not None:
        return refused(wrong)
    row = session.get_one(Warehouse, warehouse_id)
    before = supply(session, warehouse_id)
    row.kind, row.active = told.kind, told.active
    row.cut_off, row.daily_capacity = told.cut_off, told.capacity
    row.latitude_e6, row.longitude_e6 = told.latitude_e6, told.longitude_e6
    row.parcel_cost, row.unit_cost = told.parcel_cost, told.unit_cost
    session.flush()
    changed = sorted(name for name in Supply.__slots__ if getattr(before, name) != getattr(told, name))
    record(session, actor, "warehouse.supply", "warehouse", warehouse_id, {"changed": changed})
    note_changes(session, actor, [Change("warehouse", warehouse_id)])
    if told.active and not before.active:
        allocate_ready(session, actor, WAITING_AT_ONCE)
    return done("warehouse.changed", name=row.name)


def _wrong(told: Supply) -> str | None:
    if told.cut_off is not None and not 0 <= told.cut_off < 24 * 60:
        return "warehouse.cut_off_wrong"
    if told.capacity is not None and told.capacity < 0:
        return "warehouse.capacity_wrong"
    if (told.latitude_e6 is None) != (told.longitude_e6 is None):
        return "warehouse.place_incomplete"
    if abs(told.latitude_e6 or 0) > 90_000_000 or abs(told.longitude_e6 or 0) > 180_000_000:
        return "warehouse.place_wrong"
    if not (0 <= told.parcel_cost <= MOST_COST and 0 <= told.unit_cost <= MOST_COST):
        return "warehouse.cost_wrong"
    return None
