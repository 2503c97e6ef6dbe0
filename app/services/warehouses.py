"""What is told of a site, and changing it: its name, its time zone, and the sender that stands on its parcels."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from app.domain.outcomes import Outcome, done, refused
from app.domain.roles import Permission
from app.domain.storable import SHORT, storable
from app.models.stock import Warehouse
from app.services.actor import Actor
from app.services.audit import record
from app.services.permissions import forbidden

ADDRESS = ("name", "company", "address1", "city", "postcode", "country")
"""What the office tells of a sender; what else an import or a sample told stays."""


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
    not_allowed = forbidden(actor, Permission.MANAGE_SETTINGS)
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
