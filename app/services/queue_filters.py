"""Keeps filters of the order queue by name, for each person."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.outcomes import Outcome, done, refused
from app.models.system import SavedFilter
from app.services.actor import Actor


def keep_filter(session: Session, actor: Actor, name: str, kept: Mapping[str, object]) -> Outcome:
    """Keeps a filter under a name; the same name again replaces it."""
    name = name.strip()[:120]
    if not name:
        return refused("orders.filter.name_missing")
    row = session.execute(
        select(SavedFilter).where(SavedFilter.operator_id == actor.operator_id, SavedFilter.name == name)
    ).scalar_one_or_none()
    if row is None:
        session.add(SavedFilter(operator_id=actor.operator_id, name=name, filter=dict(kept)))
    else:
        row.filter = dict(kept)
    session.flush()
    return done("orders.filter.kept", name=name)


def drop_filter(session: Session, actor: Actor, filter_id: int) -> Outcome:
    """Forgets one of this person's filters."""
    session.execute(
        delete(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.operator_id == actor.operator_id)
    )
    return done("orders.filter.dropped")
