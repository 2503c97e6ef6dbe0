"""What is open at one station while a gesture is applied: read from its session row, written back with the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from app.domain.gesture import Gesture as GestureIn
from app.domain.outcomes import Change, Place
from app.domain.states import Role
from app.models.people import Gesture, Operator, StationSession
from app.models.prepared import Answer, Prepared, Row
from app.models.system import AuditHead
from app.services.actor import Actor
from app.services.audit import Head
from app.services.settings_store import FloorSettings, settings_of, settings_text

FULFILLMENT = "fulfillment"
PICK_LIST = "pick_list"
RETURN = "return"
STOCK_MOVE, RECEIVE, COUNT, PUT_BACK = "stock_move", "receive", "count", "put_back"
TRANSFER_SEND, TRANSFER_RECEIVE = "transfer_send", "transfer_receive"
TRANSFER_KINDS = (TRANSFER_SEND, TRANSFER_RECEIVE)
SET_ASIDE, HAND_OUT = "set_aside", "hand_out"
PICK_UP_KINDS = (SET_ASIDE, HAND_OUT)
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
        settings_text().label("settings"),
        select(Gesture.result).where(Gesture.id == bindparam("gesture")).exists().label("known"),
        select(AuditHead.seq).where(AuditHead.writer == bindparam("writer_key")).scalar_subquery().label("seq"),
        select(AuditHead.digest).where(AuditHead.writer == bindparam("writer_key")).scalar_subquery().label("digest"),
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
    )
)


@dataclass(frozen=True, slots=True)
class Early:
    """What was asked together with the session, with which values."""

    values: Mapping[str, object]
    answer: Answer


@dataclass(slots=True)
class Desk:
    """The one mutable thing of a gesture: handlers change it, and `save` stores it in the same transaction.

    `memory` holds small plain values of the step one is in. `block` holds the code and values of what must be
    acknowledged. `undoes` is what a later undo needs in order to reverse this gesture; `effects` name rows whose
    effect outside is carried out after the commit (`label` 7: buy it; `print_job` 9: print it). `looked_up` are the
    rows of `identify.look_up`, and `early` what else was asked together with the session: see `known`.
    """

    session: Session
    actor: Actor
    gesture: GestureIn
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
    stored: SessionRow | None = None
    looked_up: tuple[list[Row], ...] | None = None
    early: dict[Prepared, Early] = field(default_factory=dict)

    def known(self, prepared: Prepared, values: Mapping[str, object] | None = None) -> list[Row] | None:
        """The rows that were read together with the session, once; None where this was not asked, or of other values.

        They are from before anything of this gesture was written.
        """
        early = self.early.pop(prepared, None)
        return None if early is None or (values is not None and early.values != values) else early.answer.rows

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
        """Writes the session row, where the gesture left it another than it was: an item that is counted does not."""
        if self.stored is not None and self.stored.opened == self._opened():
            return
        _SAVE.later(
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
            },
        )

    def _opened(self) -> tuple[object, ...]:
        return (
            self.operator_id,
            self.place,
            self.work_kind,
            self.work_id,
            self.package_id,
            self.step,
            self.memory,
            self.block,
            self.pending_quantity,
        )


@dataclass(frozen=True, slots=True)
class SessionRow:
    """The session of a station as it is stored, with the role of who is signed in.

    `known`: the gesture was applied before. `head` is the newest link of the station's audit chain, if it has one.
    """

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
    settings: FloorSettings
    known: bool
    head: Head | None

    @property
    def opened(self) -> tuple[object, ...]:
        """What is open, to see whether a gesture changed it."""
        return (
            self.operator_id,
            self.place,
            self.work_kind,
            self.work_id,
            self.package_id,
            self.step,
            self.memory,
            self.block,
            self.pending_quantity,
        )


def read_session(session: Session, station_id: int, gesture_id: str, writer: str) -> Answer:
    """Asks for the stored session of a station, locked for this transaction; nothing is found when it never had one.

    With it comes, in the same statement, what each gesture needs: the settings, whether it was applied before, and the
    newest link of the writer's audit chain.
    """
    return _SESSION.soon(session, {"station": station_id, "gesture": gesture_id, "writer_key": writer})


def session_row(row: Row) -> SessionRow:
    """What `read_session` found."""
    operator, place, kind, work, package, step, memory, block, count, role, settings, known, seq, digest = row
    head = Head(seq, digest) if seq is not None else None
    return SessionRow(
        operator, place, kind, work, package, step, memory, block, count, role, settings_of(settings), bool(known), head
    )


def ensure_session(session: Session, station_id: int) -> None:
    """Makes the session row of a station that never had one: nobody is signed in there."""
    values = {"station": station_id, "place": Place.SIGN_IN.value}
    session.connection().execute(_NEW_SESSION, values)
