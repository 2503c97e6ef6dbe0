"""Whether the person who asks may do what is asked."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Outcome, refused
from app.domain.roles import Permission, may
from app.domain.states import Role
from app.models.prepared import Prepared
from app.services.actor import Actor

_ROLE = Prepared(text("SELECT role FROM operators WHERE id = :operator AND active"))


def forbidden(session: Session, actor: Actor, permission: Permission) -> Outcome | None:
    """The refusal for somebody who may not do this; None for one who may.

    A screen knows the role of when its person signed in. Here the one counts that they have now: who was deactivated,
    or has another role since, may do no more. A gesture's role was read in its own transaction already.
    """
    if not may(actor.role, permission):
        return forbidden_to(actor.role, permission)
    if actor.operator_id is None or actor.gesture_id is not None:
        return None
    row = _ROLE.first(session, {"operator": actor.operator_id})
    return forbidden_to(Role(row[0]) if row is not None else None, permission)


def forbidden_to(role: Role | None, permission: Permission) -> Outcome | None:
    """The same for a role; None for nobody who is signed in."""
    return None if may(role, permission) else refused("office.not_permitted", permission=permission.value)
