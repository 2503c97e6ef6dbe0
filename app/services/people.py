"""Who works here: people, their roles and their badges."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, null, select, update
from sqlalchemy.orm import Session

from app.domain.badges import badge_digest, new_badge
from app.domain.outcomes import Change, Outcome, Place, Value, done, refused
from app.domain.roles import Permission
from app.domain.states import Role
from app.domain.storable import SHORT, storable
from app.models.people import Operator, StationSession
from app.services.actor import Actor
from app.services.audit import record, veil
from app.services.changes import note_changes
from app.services.permissions import forbidden

_SIGNED_OUT = (
    update(StationSession)
    .where(StationSession.operator_id == bindparam("operator"))
    .values(
        operator_id=None, place=Place.SIGN_IN, work_kind="", work_id=None, package_id=None, step="", memory={},
        block=null(), pending_quantity=None,
    )
    .execution_options(synchronize_session=False)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Badge:
    """The answer when a badge is made: its code is told this once, to be printed, and kept nowhere."""

    outcome: Outcome
    operator_id: int | None = None
    name: str = ""
    code: str = ""


def add_operator(session: Session, actor: Actor, name: str, role: Role, badge: str | None = None) -> Badge:
    """Adds a person with a new badge, or with the `badge` that they have already."""
    not_allowed = forbidden(session, actor, Permission.MANAGE_PEOPLE)
    if not_allowed is not None:
        return Badge(not_allowed)
    if not name.strip():
        return Badge(refused("person.name_missing"))
    code = badge or new_badge()
    if _is_taken(session, code):
        return Badge(refused("person.badge_taken"))
    made = Operator(
        name=storable(name.strip(), SHORT), role=role, badge_digest=badge_digest(code), created_at=actor.now
    )
    session.add(made)
    session.flush()
    outcome = _told(session, actor, made, "person.added", {"role": role.value}, name=made.name)
    return Badge(outcome, made.id, made.name, code)


def renew_badge(session: Session, actor: Actor, operator_id: int) -> Badge:
    """Gives a person a new badge; the old one no longer works from here on."""
    found = _person(session, actor, operator_id)
    if isinstance(found, Outcome):
        return Badge(found)
    code = new_badge()
    found.badge_digest = badge_digest(code)
    outcome = _told(session, actor, found, "person.badge_made", {}, name=found.name)
    return Badge(outcome, found.id, found.name, code)


def rename_operator(session: Session, actor: Actor, operator_id: int, name: str) -> Outcome:
    """Changes a person's name."""
    found = _person(session, actor, operator_id)
    if isinstance(found, Outcome):
        return found
    if not name.strip():
        return refused("person.name_missing")
    found.name = storable(name.strip(), SHORT)
    return _told(session, actor, found, "person.renamed", {"name": veil(session, found.name)}, name=found.name)


def set_role(session: Session, actor: Actor, operator_id: int, role: Role) -> Outcome:
    """Changes what a person may do; the last administrator stays one."""
    found = _person(session, actor, operator_id)
    if isinstance(found, Outcome):
        return found
    if role is not Role.ADMIN and _is_last_administrator(session, found):
        return refused("person.last_administrator", name=found.name)
    found.role = role
    return _told(session, actor, found, "person.role_set", {"role": role.value}, name=found.name, role=role.value)


def deactivate_operator(session: Session, actor: Actor, operator_id: int) -> Outcome:
    """Takes a person's badge away and signs them out wherever they are; what they did stays theirs.

    Not oneself, and not the last administrator. Open work keeps its claim until the lease is over.
    """
    found = _person(session, actor, operator_id)
    if isinstance(found, Outcome):
        return found
    if found.id == actor.operator_id:
        return refused("person.not_oneself")
    if _is_last_administrator(session, found):
        return refused("person.last_administrator", name=found.name)
    found.active = False
    found.badge_digest = None
    session.execute(_SIGNED_OUT, {"operator": found.id})
    return _told(session, actor, found, "person.deactivated", {}, name=found.name)


def activate_operator(session: Session, actor: Actor, operator_id: int) -> Badge:
    """Lets a person sign in again, with a new badge."""
    found = _person(session, actor, operator_id)
    if isinstance(found, Outcome):
        return Badge(found)
    found.active = True
    code = new_badge()
    found.badge_digest = badge_digest(code)
    outcome = _told(session, actor, found, "person.activated", {}, name=found.name)
    return Badge(outcome, found.id, found.name, code)


def _person(session: Session, actor: Actor, operator_id: int) -> Operator | Outcome:
    not_allowed = forbidden(session, actor, Permission.MANAGE_PEOPLE)
    if not_allowed is not None:
        return not_allowed
    chosen = select(Operator).where(Operator.id == operator_id).with_for_update()
    return session.execute(chosen).scalar_one_or_none() or refused("person.unknown")


def _is_last_administrator(session: Session, operator: Operator) -> bool:
    if operator.role is not Role.ADMIN or not operator.active:
        return False
    others = select(func.count()).where(
        Operator.role == Role.ADMIN, Operator.active.is_(True), Operator.id != operator.id
    )
    return session.execute(others).scalar_one() == 0


def _is_taken(session: Session, code: str) -> bool:
    chosen = select(Operator.id).where(Operator.badge_digest == badge_digest(code))
    return session.execute(chosen).first() is not None


def _told(
    session: Session, actor: Actor, operator: Operator, code: str, detail: dict[str, object], **values: Value
) -> Outcome:
    session.flush()
    record(session, actor, code, "operator", operator.id, detail)
    changes = note_changes(session, actor, [Change("operator", operator.id)])
    told = done(code, **values)
    return Outcome(told.result, told.code, told.sound, told.values, changes=changes)
