"""Imports that a crash ended: told from those that run by their silence."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from app.domain.outcomes import Change
from app.models.imports import ImportRun
from app.services.actor import Actor
from app.services.audit import record
from app.services.changes import note_changes

RUNNING, INTERRUPTED = "running", "interrupted"
SILENT = timedelta(minutes=2)
"""An import that wrote nothing for so long does not run any more: it notes itself far more often."""


def any_interrupted(session: Session, now: datetime) -> bool:
    """Whether a run has been silent for too long; a look that makes no writer wait."""
    return session.execute(_silent(now).limit(1)).first() is not None


def mark_interrupted(session: Session, actor: Actor) -> int:
    """Says of runs that were never finished that they were interrupted. What they took is kept, and the same file may
    be imported again. Gives how many there were."""
    found = session.execute(_silent(actor.now).with_for_update(skip_locked=True)).scalars().all()
    for run_id in found:
        session.execute(
            update(ImportRun).where(ImportRun.id == run_id).values(state=INTERRUPTED, finished_at=actor.now)
        )
        record(session, actor, "import.interrupted", "import_run", run_id)
    note_changes(session, actor, [Change("import_run", run_id) for run_id in found])
    return len(found)


def _silent(now: datetime) -> Select[tuple[int]]:
    seen = func.coalesce(ImportRun.seen_at, ImportRun.started_at)
    return select(ImportRun.id).where(ImportRun.state == RUNNING, seen < now - SILENT).order_by(ImportRun.id)
