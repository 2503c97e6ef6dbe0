"""Each gesture is applied once: its row holds the answer, and answers again when it comes again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.domain.badges import without_badge
from app.domain.gesture import Gesture as GestureIn
from app.domain.outcomes import Choice, Outcome, Place, Result, Sound
from app.models.people import Gesture
from app.models.prepared import Prepared
from app.services.desk import Desk

_FIND = Prepared(select(Gesture.result, Gesture.code, Gesture.answer).where(Gesture.id == bindparam("gesture")))
_KEEP = Prepared(insert(Gesture))
_LAST = (
    select(Gesture.id, Gesture.undoes)
    .where(
        Gesture.station_id == bindparam("station"),
        Gesture.undone_by.is_(None),
        Gesture.undoes.is_not(None),
    )
    .order_by(Gesture.at.desc(), Gesture.id.desc())
    .limit(1)
)
_UNDONE = update(Gesture).where(Gesture.id == bindparam("gesture")).values(undone_by=bindparam("by"))


def answered_before(session: Session, gesture: GestureIn) -> Outcome | None:
    """The answer that this gesture was given when it was applied; None when it never was."""
    row = _FIND.first(session, {"gesture": gesture.id})
    if row is None:
        return None
    result, code, answer = row
    place = answer.get("place")
    return Outcome(
        Result(result),
        code,
        Sound(answer.get("sound", Sound.NONE)),
        answer.get("values", {}),
        place=Place(place) if place else None,
        choices=tuple(Choice(*choice) for choice in answer.get("choices", ())),
        repeated=True,
        waits=bool(answer.get("waits")),
    )


def keep(desk: Desk, outcome: Outcome) -> None:
    """Stores the gesture with its answer, in the transaction that applied it."""
    _keep(desk.session, desk.actor.station_id, desk.operator_id, desk.gesture, desk.actor.now, outcome, desk.undoes)


def keep_fault(session: Session, station_id: int, gesture: GestureIn, now: datetime, outcome: Outcome) -> None:
    """Stores a gesture that was not applied, with the answer that says so, and nothing else."""
    _keep(session, station_id, None, gesture, now, outcome, None)


def _keep(
    session: Session,
    station_id: int | None,
    operator_id: int | None,
    gesture: GestureIn,
    now: datetime,
    outcome: Outcome,
    undoes: dict[str, object] | None,
) -> None:
    answer: dict[str, object] = {"sound": outcome.sound, "values": dict(outcome.values)}
    if outcome.place is not None:
        answer["place"] = outcome.place
    if outcome.waits:
        answer["waits"] = True
    if outcome.choices:
        answer["choices"] = [[c.key, c.kind, c.ref, c.title, c.detail] for c in outcome.choices]
    _KEEP.later(
        session,
        {
            "id": gesture.id,
            "station_id": station_id,
            "operator_id": operator_id,
            "kind": gesture.kind.value,
            "raw": without_badge(gesture.raw)[:400],
            "at": gesture.at,
            "applied_at": now,
            "result": outcome.result,
            "code": outcome.code,
            "answer": answer,
            "undoes": undoes,
            "undone_by": None,
        },
    )


def last_undoable(session: Session, station_id: int | None) -> tuple[str, dict[str, object]] | None:
    """The newest gesture of a station that can be reversed and was not yet: its id and what reversing needs."""
    row = session.connection().execute(_LAST, {"station": station_id}).first()
    return None if row is None else (row.id, row.undoes)


def mark_undone(session: Session, gesture_id: str, by: str) -> None:
    """Notes which gesture reversed this one."""
    session.connection().execute(_UNDONE, {"gesture": gesture_id, "by": by})
