"""What must be true of a live database at any moment, proved in a few statements over one snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.outcomes import Value
from app.models.people import Gesture
from app.services.check_chains import Sealed, broken_chains, broken_seals, seal_chains
from app.services.check_rules import RULES, Rule

__all__ = ["Violation", "seal_chains", "violations"]

IDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Violation:
    """One row that breaks an invariant: `code` of the catalogue, what it is about, and the values that say how."""

    code: str
    subject_kind: str
    subject_id: int
    detail: Mapping[str, Value]


def violations(session: Session, acknowledged: Iterable[str] = ()) -> list[Violation]:
    """All that is wrong with this database; empty when every invariant holds.

    `acknowledged` are the ids of the gestures that a station's journal holds as answered: each must be stored.
    Call it in `Database.read`, which gives one snapshot, so that stations may go on working.
    """
    found = [violation for rule in RULES for violation in _broken(session, rule)]
    lost = _lost(session, acknowledged)
    found.extend(Violation("check.gesture_lost", "gesture", 0, {"gesture_id": gesture_id}) for gesture_id in lost)
    sealed: Sealed = {}
    found.extend(Violation(code, "audit_seal", ident, detail) for code, ident, detail in broken_seals(session, sealed))
    found.extend(
        Violation(code, "audit_entry", ident, detail) for code, ident, detail in broken_chains(session, sealed)
    )
    return found


def _plain(value: object) -> Value:
    if isinstance(value, Decimal):
        return int(value)
    return value if value is None or isinstance(value, str | int) else str(value)


def _broken(session: Session, rule: Rule) -> Iterator[Violation]:
    for row in session.execute(text(rule.sql)).mappings():
        detail = {key: _plain(value) for key, value in row.items() if key not in ("code", "subject_id")}
        yield Violation(row["code"], rule.subject_kind, row["subject_id"], detail)


def _lost(session: Session, acknowledged: Iterable[str]) -> Iterator[str]:
    """The acknowledged gestures that the database does not know, in the order given."""
    waiting: list[str] = []
    for gesture_id in acknowledged:
        waiting.append(gesture_id)
        if len(waiting) == IDS_AT_ONCE:
            yield from _unknown(session, waiting)
            waiting = []
    yield from _unknown(session, waiting)


def _unknown(session: Session, gesture_ids: list[str]) -> list[str]:
    if not gesture_ids:
        return []
    known = set(session.scalars(select(Gesture.id).where(Gesture.id.in_(gesture_ids))))
    return [gesture_id for gesture_id in gesture_ids if gesture_id not in known]
