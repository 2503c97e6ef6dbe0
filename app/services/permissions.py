"""Whether the person who asks may do what is asked."""

from __future__ import annotations

from app.domain.outcomes import Outcome, refused
from app.domain.roles import Permission, may
from app.services.actor import Actor


def forbidden(actor: Actor, permission: Permission) -> Outcome | None:
    """The refusal for somebody who may not do this; None for one who may."""
    return None if may(actor.role, permission) else refused("office.not_permitted", permission=permission.value)
