"""Signing in and out at a station by badge."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.badges import badge_digest
from app.domain.barcodes import ScannedCode
from app.domain.outcomes import Outcome, Place, Result, Sound, refused
from app.domain.states import Role
from app.models.people import Operator
from app.services.desk import Desk

_HOME = {
    Role.PACKER: Place.PACK,
    Role.PICKER: Place.PICK,
    Role.RETURNS: Place.RETURNS,
    Role.LEAD: Place.ORDERS,
    Role.OFFICE: Place.ORDERS,
    Role.ADMIN: Place.ORDERS,
}


def home(role: Role | None) -> Place:
    """The place at which somebody in this role begins."""
    return Place.SIGN_IN if role is None else _HOME[role]


def by_badge(desk: Desk, code: ScannedCode) -> Outcome:
    """Signs the badge's owner in; another badge signs out the first, and open work keeps its claim for the lease.

    The owner's own badge scanned again signs nobody out: it only says who is here.
    """
    digests = [badge_digest(key) for key in code.keys]
    found = desk.session.execute(
        select(Operator.id, Operator.name, Operator.role).where(
            Operator.badge_digest.in_(digests), Operator.active.is_(True)
        )
    ).first()
    if found is None:
        return refused("sign_in.unknown_badge")
    if desk.operator_id == found.id:
        return Outcome(Result.DONE, "sign_in.already", Sound.ACCEPTED, {"name": found.name})
    if desk.work_id is not None:
        desk.close_work()
    desk.memory = {}
    desk.operator_id = found.id
    desk.place = _HOME[found.role]
    values = {"name": found.name, "role": found.role.value, "operator_id": found.id}
    return Outcome(Result.NAVIGATE, "sign_in.welcome", Sound.ACCEPTED, values, place=desk.place)


def sign_out(desk: Desk) -> Outcome:
    """Signs the operator out; open work keeps its claim until the lease runs out."""
    desk.close_work()
    desk.operator_id = None
    desk.place = Place.SIGN_IN
    return Outcome(Result.NAVIGATE, "sign_in.signed_out", Sound.ACCEPTED, {}, place=Place.SIGN_IN)
