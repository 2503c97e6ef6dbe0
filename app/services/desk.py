"""What is open at one station while a gesture is applied: read from its session row, written back with the answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from app.domain.gesture import Gesture
from app.domain.outcomes import Change, Place
from app.domain.states import Role
from app.models.people import Operator, StationSession
from app.models.prepared import Prepared
from app.services.actor import Actor
from app.services.settings_store import FloorSettings

FULFILLMENT = "fulfillment"
PICK_LIST = "pick_list"
RETURN = "return"
STOCK_MOVE, RECEIVE, COUNT, PUT_BACK = "stock_move", "receive", "count", "put_back"
STOCK_KINDS = (STOCK_MOVE, RECEIVE, COUNT, PUT_BACK)
_PLACES = {FULFILLMENT: Place.PACK, PICK_LIST: Place.PICK, RETURN: Place.RETURNS}

_SESSION = Prepared(
    select(
        StationSession.operator_id,
        StationSession.place,
        StationSession.work_kind,
        StationSession.work_id,
        StationSession.package_id,
        StationSession.step,
        StationSession.memory,
        StationSession.block,
        StationSession.pending_quantity,
        select(Operator.role).where(Operator.id == StationSession.operator_id).scalar_subquery().label("role"),
    )
    .where(StationSession.station_id == bindparam("station"))
    .with_for_update()
)
_NEW_SESSION = text(  # two processes may begin at one station at the same moment
    "INSERT INTO station_sessions (station_id, place, memory) VALUES (:station, :place, '{}') "
    "ON CONFLICT (station_id) DO NOTHING"
)
_SAVE = Prepared(
    update(StationSession)
    .where(StationSession.station_id == bindparam("station"))
    .values(
        operator_id=bindparam("new_operator_id"),
        place=bindparam("new_place"),
        work_kind=bindparam("new_work_kind"),
        work_id=bindparam("new_work_id"),
        package_id=bindparam("new_package_id"),
        step=bindparam("new_step"),
        memory=bindparam("new_memory"),
        block=bindparam("new_block"),
        pending_quantity=bindparam("new_pending_quantity"),
        last_gesture_id=bindparam("new_last_gesture_id"),
    )
)


@dataclass(slots=True)
class Desk:
    """The one mutable thing of a gesture: handlers change it, and `save` stores it in the same transaction.

    `memory` holds small plain values of the step one is in. `block` holds the code and values of what must be
    acknowledged. `undoes` is what a later undo needs in order to reverse this gesture; `effects` name rows whose
    effect outside is carried out after the commit (`label` 7: buy it; `print_job` 9: print it).
    """

    session: Session
    actor: Actor
    gesture: Gesture
    settings: FloorSettings
    place: Place
    work_kind: str
    work_id: int | None
    package_id: int | None
    step: str
    memory: dict[str, object]
    block: dict[str, object] | None
    pending_quantity: int | None
    operator_id: int | None
    changes: list[Change] = field(default_factory=list)
    effects: list[Change] = field(default_factory=list)
    undoes: dict[str, object] | None = None

    @property
    def work_place(self) -> Place | None:
        """Where the open work is shown; None where nothing is open. All other work is on stock."""
        return _PLACES.get(self.work_kind, Place.STOCK) if self.work_kind else None

    def open_work(self, kind: str, work_id: int, place: Place, step: str = "") -> None:
        """This station now works on that; what was remembered of other work is forgotten."""
        self.work_kind, self.work_id, self.place, self.step = kind, work_id, place, step
        self.package_id, self.pending_quantity, self.block = None, None, None
        self.memory = {}

    def close_work(self) -> None:
        """Nothing is open any more; the screen stays where it is."""
        self.work_kind, self.work_id, self.package_id, self.step = "", None, None, ""
        self.pending_quantity, self.block = None, None
        self.memory = {}

    def changed(self, entity: str, entity_id: int) -> None:
        """Notes a changed row for the change feed."""
        self.changes.append(Change(entity, entity_id))

    def number(self, key: str) -> int | None:
        """A whole number that was remembered, or None."""
        value = self.memory.get(key)
        return value if isinstance(value, int) else None

    def save(self) -> None:
        """Writes the session row."""
        _SAVE.run(
            self.session,
            {
                "station": self.actor.station_id,
                "new_operator_id": self.operator_id,
                "new_place": self.place,
                "new_work_kind": self.work_kind,
                "new_work_id": self.work_id,
                "new_package_id": self.package_id,
                "new_step": self.step,
                "new_memory": self.memory,
                "new_block": self.block,
                "new_pending_quantity": self.pending_quantity,
                "new_last_gesture_id": self.gesture.id,
            },
        )


@dataclass(frozen=True, slots=True)
class SessionRow:
    """The session of a station as it is stored, with the role of who is signed in."""

    operator_id: int | None
    place: Place
    work_kind: str
    work_id: int | None
    package_id: int | None
    step: str
    memory: dict[str, object]
    block: dict[str, object] | None
    pending_quantity: int | None
    role: Role | None


def read_session(session: Session, station_id: int) -> SessionRow | None:
    """The stored session of a station, locked for this transaction; None when the station never had one."""
    row = _SESSION.first(session, {"station": station_id})
    return None if row is None else SessionRow(*row)


def ensure_session(session: Session, station_id: int) -> None:
    """Makes the session row of a station that never had one: nobody is signed in there."""
    values = {"station": station_id, "place": Place.SIGN_IN.value}
    session.connection().execute(_NEW_SESSION, values)
