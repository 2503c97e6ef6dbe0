"""Each gesture is applied once: its row holds the answer, and answers again when it comes again."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from app.domain.gesture import Gesture as GestureIn
from app.domain.outcomes import Choice, Outcome, Place, Result, Sound
from app.models.people import Gesture
from app.services.desk import Desk

_FIND = select(Gesture.result, Gesture.code, Gesture.answer).where(Gesture.id == bindparam("gesture"))
_KEEP = insert(Gesture)


def answered_before(session: Session, gesture: GestureIn) -> Outcome | None:
    """The answer that this gesture was given when it was applied; None when it never was."""
    row = session.connection().execute(_FIND, {"gesture": gesture.id}).first()
    if row is None:
        return None
    answer = row.answer
    place = answer.get("place")
    return Outcome(
        Result(row.result),
        row.code,
        Sound(answer.get("sound", Sound.NONE)),
        answer.get("values", {}),
        place=Place(place) if place else None,
        choices=tuple(Choice(*choice) for choice in answer.get("choices", ())),
        repeated=True,
    )


def keep(desk: Desk, outcome: Outcome) -> None:
    """Stores the gesture with its answer, in the transaction that applied it."""
    answer: dict[str, object] = {"sound": outcome.sound, "values": dict(outcome.values)}
    if outcome.place is not None:
        answer["place"] = outcome.place
    if outcome.choices:
        answer["choices"] = [[c.key, c.kind, c.ref, c.title, c.detail] for c in outcome.choices]
    desk.session.connection().execute(
        _KEEP,
        {
            "id": desk.gesture.id,
            "station_id": desk.actor.station_id,
            "operator_id": desk.operator_id,
            "kind": desk.gesture.kind.value,
            "raw": desk.gesture.raw[:400],
            "at": desk.gesture.at,
            "applied_at": desk.actor.now,
            "result": outcome.result,
            "code": outcome.code,
            "answer": answer,
            "undoes": desk.undoes,
            "undone_by": None,
        },
    )
