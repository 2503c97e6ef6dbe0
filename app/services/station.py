"""One scan, one transaction: what a gesture means at a station, judged by what is open there at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from app.domain.badges import without_badge
from app.domain.barcodes import CodeKind, ScannedCode, read_code
from app.domain.commands import Command, command_of
from app.domain.gesture import Gesture, GestureKind
from app.domain.outcomes import Choice, Outcome, Place, Result, Sound, Value, blocked, refused
from app.domain.storable import storable
from app.models.people import Operator
from app.models.prepared import Answer, Prepared
from app.services import audit, gestures, sign_in
from app.services.actor import Actor
from app.services.changes import note_changes
from app.services.desk import Desk, Early, SessionRow, ensure_session, read_session, session_row
from app.services.identify import Named, NamedKind, identify, look_up
from app.services.settings_store import FloorSettings


class WorkDesk(Protocol):
    """What a kind of work does with gestures while it is open."""

    def on_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        """A scanned code, with everything that it names (nothing: nobody knows it)."""

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        """A command code or its key; None when it means nothing in this work now."""

    def on_text(self, desk: Desk, text: str) -> Outcome | None:
        """Typed text; None when nothing waits for any."""

    def takes_items(self, desk: Desk) -> bool:
        """Whether a code that names a product means the product now, whatever else it may name."""

    def stopped(self, desk: Desk) -> Outcome | None:
        """Why the open work may not go on since somebody else changed it; None while it may."""

    def snapshot(self, desk: Desk) -> object:
        """The frozen value (`domain.work`) that shows the open work."""


class Opening(Protocol):
    """What a scan does where nothing is open: it decides where the station goes."""

    def open_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        """Opens what the code names, or says why not."""

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        """A command where nothing is open; None when it means nothing here."""


class Unblock(Protocol):
    """How a station that stands still is answered by more than the OK card."""

    def answer(self, desk: Desk, command: Command | None) -> Outcome:
        """One gesture; it takes `desk.block` away once all is answered."""


Asked = tuple[Prepared, Mapping[str, object]]


class ReadsEarly(Protocol):
    """What a kind of work reads first when a code is scanned that names something."""

    def __call__(self, station_id: int, code: ScannedCode, /, *, parcel: bool) -> tuple[Asked, ...]:
        """Statements that judge by the session's row themselves what is open; `parcel`: a parcel seems to be."""


@dataclass(slots=True)
class Last:
    """What was open after the last gesture: by it we only guess what to read together with the session."""

    kind: str = ""
    parcel: bool = False


@dataclass(frozen=True, slots=True)
class Floor:
    """One station's use case: the kinds of work by name, and what happens where nothing is open.

    `unblock` answers gestures while something of that code blocks; all else waits for the OK card. `early`, by kind of
    work ("" where nothing is open), is what goes to a server together with the question for the session.
    """

    station_id: int
    warehouse_id: int
    desks: Mapping[str, WorkDesk]
    opening: Opening
    unblock: Mapping[str, Unblock] = field(default_factory=dict)
    early: Mapping[str, ReadsEarly] = field(default_factory=dict)
    last: Last = field(default_factory=Last, compare=False)

    def handle(self, session: Session, gesture: Gesture, settings: FloorSettings | None, now: datetime) -> Outcome:
        """Applies one gesture exactly once, and answers it. Faults raise; a refusal is an answer.

        Without `settings` those of the database count. Where another transaction applies the same gesture at this
        moment, its key is there twice, and the transaction fails: done again, it gives that answer.
        """
        gesture = replace(gesture, raw=storable(gesture.raw))
        desk, row = self._desk(session, gesture, settings, now, self._named_by(session, gesture))
        before = gestures.answered_before(session, gesture) if row.known else None
        if before is not None:
            return replace(before, work=self.snapshot(desk))
        outcome = self._judge(desk)
        if outcome.blocks and desk.block is None:
            desk.block = {"code": outcome.code, "values": dict(outcome.values), "refused": 0}
        changes = note_changes(session, desk.actor, desk.changes)
        desk.save()
        self.last.kind, self.last.parcel = desk.work_kind, desk.package_id is not None
        gestures.keep(desk, outcome)
        if changes or outcome.result in (Result.DONE, Result.NAVIGATE):
            told = {"gesture": gesture.id}
            audit.record(session, desk.actor, outcome.code, desk.work_kind, desk.work_id, told, row.head)
        return replace(outcome, changes=changes, effects=tuple(desk.effects))

    def refuse(
        self, session: Session, gesture: Gesture, settings: FloorSettings | None, now: datetime, code: str
    ) -> Outcome:
        """Stores a gesture whose own transaction was rolled back as refused, so that it is never done later."""
        gesture = replace(gesture, raw=storable(gesture.raw))
        desk, _ = self._desk(session, gesture, settings, now)
        before = gestures.answered_before(session, gesture)
        outcome = before or refused(code, scan=gesture.raw[:40])
        if before is None:
            gestures.keep(desk, outcome)
        return replace(outcome, work=self.snapshot(desk))

    def fault(self, session: Session, gesture: Gesture, now: datetime) -> Outcome:
        """Stores a gesture at which our own code failed as refused: nothing of it was done, and nothing ever will be.

        It reads nothing of the open work, whose rows may be what the code stumbled over.
        """
        gesture = replace(gesture, raw=storable(gesture.raw))
        before = gestures.answered_before(session, gesture)
        outcome = before or refused("station.fault", scan=without_badge(gesture.raw)[:40])
        if before is None:
            gestures.keep_fault(session, self.station_id, gesture, now, outcome)
        return outcome

    def snapshot(self, desk: Desk) -> object | None:
        """What is open, as a frozen value; None where nothing is."""
        work = self.desks.get(desk.work_kind)
        return work.snapshot(desk) if work is not None and desk.work_id is not None else None

    def look(self, session: Session, gesture: Gesture, settings: FloorSettings | None, now: datetime) -> Outcome:
        """Where this station stands now, without changing anything: for the first paint after a start."""
        desk, _ = self._desk(session, gesture, settings, now)
        values: dict[str, Value] = {"operator_id": desk.operator_id}
        if desk.operator_id is not None:
            operator = session.get_one(Operator, desk.operator_id)
            values |= {"name": operator.name, "role": operator.role.value}
        if desk.block is not None:
            before = desk.block.get("values")
            known_as = values.get("name")
            values |= before if isinstance(before, dict) else {}  # its `name` may be a product's
            values |= {} if known_as is None else {"operator_name": known_as}
            code = str(desk.block.get("code"))
            return Outcome(Result.BLOCKED, code, place=desk.place, values=values, work=self.snapshot(desk))
        return Outcome(Result.NAVIGATE, "station.here", place=desk.place, values=values, work=self.snapshot(desk))

    def interrupted(
        self, session: Session, gesture: Gesture, settings: FloorSettings | None, now: datetime
    ) -> Outcome | None:
        """What stops the open work since somebody else changed it; it blocks from now on. None while it may go on."""
        desk, _ = self._desk(session, gesture, settings, now)
        work = self.desks.get(desk.work_kind)
        if work is None or desk.block is not None:
            return None
        kind, ref = desk.work_kind, desk.work_id
        outcome = work.stopped(desk)
        if outcome is None:
            return None
        if outcome.blocks:
            desk.block = {"code": outcome.code, "values": dict(outcome.values), "refused": 0}
        changes = note_changes(session, desk.actor, desk.changes)
        desk.save()
        audit.record(session, desk.actor, outcome.code, kind, ref, {"stopped": True})
        return replace(outcome, changes=changes)

    def _named_by(self, session: Session, gesture: Gesture) -> ScannedCode | None:
        """What is scanned, where it names something that is read together with the session; on a file that gains
        nothing."""
        on_file = session.get_bind().dialect.name == "sqlite"
        if on_file or gesture.kind is GestureKind.TEXT or command_of(gesture.raw) is not None:
            return None
        code = read_code(gesture.raw)
        return code if code.keys and code.kind not in (CodeKind.EMPTY, CodeKind.BADGE, CodeKind.COMMAND) else None

    def _desk(
        self,
        session: Session,
        gesture: Gesture,
        settings: FloorSettings | None,
        now: datetime,
        code: ScannedCode | None = None,
    ) -> tuple[Desk, SessionRow]:
        writer = f"station:{self.station_id}"
        asked = read_session(session, self.station_id, gesture.id, writer)
        named, early = self._read_early(session, code) if code is not None else ((), {})
        found = asked.first
        if found is None:
            ensure_session(session, self.station_id)
            found = read_session(session, self.station_id, gesture.id, writer).first
        if found is None:
            raise LookupError(f"station {self.station_id} has no session row")
        row = session_row(found)
        desk = self._open_desk(session, row, gesture, settings or row.settings, now)
        if code is not None:
            desk.looked_up, desk.early = tuple(answer.rows for answer in named), early
        return desk, row

    def _read_early(self, session: Session, code: ScannedCode) -> tuple[list[Answer], dict[Prepared, Early]]:
        """What the code names, and what the work that seems to be open reads first of it: in the session's message."""
        named = [prepared.soon(session, values) for prepared, values in look_up(code, self.warehouse_id)]
        reads = self.early.get(self.last.kind)
        asked = reads(self.station_id, code, parcel=self.last.parcel) if reads is not None else ()
        return named, {prepared: Early(values, prepared.soon(session, values)) for prepared, values in asked}

    def _open_desk(
        self, session: Session, row: SessionRow, gesture: Gesture, settings: FloorSettings, now: datetime
    ) -> Desk:
        actor = Actor(
            now, f"station:{self.station_id}", self.warehouse_id, row.operator_id, row.role, self.station_id, gesture.id
        )
        return Desk(
            session,
            actor,
            gesture,
            settings,
            row.place,
            row.work_kind,
            row.work_id,
            row.package_id,
            row.step,
            deepcopy(row.memory),
            deepcopy(row.block),
            row.pending_quantity,
            row.operator_id,
            stored=row,
        )

    def _judge(self, desk: Desk) -> Outcome:
        command = command_of(desk.gesture.raw) if desk.gesture.kind is not GestureKind.TEXT else None
        if desk.block is not None:
            return self._while_blocked(desk, command)
        if desk.gesture.kind is GestureKind.TEXT:
            return self._on_text(desk)
        code = read_code(desk.gesture.raw)
        if code.kind is CodeKind.EMPTY:
            return refused("station.empty_scan")
        if code.kind is CodeKind.BADGE:
            return sign_in.by_badge(desk, code)
        if desk.operator_id is None:
            return refused("station.sign_in_first")
        if command is not None:
            return self._on_command(desk, command)
        if code.kind is CodeKind.COMMAND:
            return refused("station.unknown_command", code=code.text[:40])
        return self._on_code(desk, code)

    def _while_blocked(self, desk: Desk, command: Command | None) -> Outcome:
        block = desk.block or {}
        answering = self.unblock.get(str(block.get("code")))
        if answering is not None and desk.operator_id is not None:
            return answering.answer(desk, command)
        if command is Command.OK:
            desk.block = None
            work = self.desks.get(desk.work_kind)
            goes_on = work.on_command(desk, command) if work is not None else None
            if goes_on is not None:
                return goes_on
            return Outcome(Result.DONE, "station.acknowledged", work=self.snapshot(desk), place=desk.place)
        seen = block.get("refused")
        count = (seen if isinstance(seen, int) else 0) + 1
        desk.block = {**block, "refused": count}
        return blocked("station.blocked", Sound.WRONG, scan=desk.gesture.raw[:40], count=count)

    def _on_text(self, desk: Desk) -> Outcome:
        work = self.desks.get(desk.work_kind)
        outcome = work.on_text(desk, desk.gesture.raw.strip()) if work is not None and desk.operator_id else None
        return outcome or refused("station.no_text_wanted")

    def _on_command(self, desk: Desk, command: Command) -> Outcome:
        if command is Command.SIGN_OUT:
            return sign_in.sign_out(desk)
        if "ask" in desk.memory and (command.number is not None or command is Command.BACK):
            return self._answer(desk, command)
        work = self.desks.get(desk.work_kind)
        if work is not None and command in _ANSWERS and desk.place is Place.PACK is not desk.work_place:
            answer = self.opening.on_command(desk, command)  # Pack asks what it asks where nothing is packed
            if answer is not None and not answer.refused:
                return answer
        outcome = work.on_command(desk, command) if work is not None else self.opening.on_command(desk, command)
        if outcome is None and work is not None and command in _GO:
            outcome = self.opening.on_command(desk, command)
            if outcome is not None and outcome.place is desk.work_place:
                outcome = replace(outcome, work=self.snapshot(desk))  # back at what is open: it is shown as it stands
        return outcome or refused("station.no_meaning_here", command=command.code)

    def _on_code(self, desk: Desk, code: ScannedCode) -> Outcome:
        desk.memory.pop("ask", None)
        work = self.desks.get(desk.work_kind)
        items = work is not None and work.takes_items(desk)
        named = identify(desk.session, code, self.warehouse_id, desk.looked_up, items=items)
        if desk.pending_quantity == 0:
            return refused("station.quantity_first") if named else self._on_digits(desk, code.text)
        return self._give(desk, code, named)

    def _on_digits(self, desk: Desk, text: str) -> Outcome:
        """A number that was typed as fast as a scanner types, or scanned, where a quantity is wanted."""
        outcome = refused("station.quantity_first")
        if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS:
            for digit in text:
                outcome = self._on_command(desk, Command(f"PW-{digit}"))
        return outcome

    def _give(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        work = self.desks.get(desk.work_kind)
        if work is not None:
            return work.on_named(desk, code, named)
        if not named:
            return refused("station.unknown_code", code=code.text[:60])
        return self.opening.open_named(desk, code, named)

    def _answer(self, desk: Desk, command: Command) -> Outcome:
        asked = desk.memory.pop("ask")
        if command is Command.BACK or not isinstance(asked, dict):
            return Outcome(Result.DONE, "station.choice_dropped", work=self.snapshot(desk))
        options = asked["options"]
        number = command.number or 0
        if not 1 <= number <= len(options):
            desk.memory["ask"] = asked
            return refused("station.no_such_choice", count=len(options))
        kind, ref, title, quantity, sub = options[number - 1]
        code = read_code(str(asked["raw"]))
        return self._give(desk, code, (Named(NamedKind(kind), ref, title, quantity, sub),))


MOST_DIGITS = 4
"""A longer number is a code that nobody knows."""
_ANSWERS = frozenset({Command.OK, Command.RETRY})
_GO = frozenset(
    {
        Command.GO_HOME,
        Command.GO_ORDERS,
        Command.GO_PICK,
        Command.GO_PACK,
        Command.GO_RETURNS,
        Command.GO_STOCK,
        Command.GO_FLOOR,
        Command.GO_DEVICES,
        Command.GO_OFFICE,
        Command.GO_HELP,
    }
)


def ask(desk: Desk, code: ScannedCode, named: tuple[Named, ...], details: Mapping[int, str] | None = None) -> Outcome:
    """Asks which of several things a code means; up to nine, answered with PW-1 to PW-9 or the digit's key."""
    options = named[:9]
    desk.memory["ask"] = {
        "raw": code.raw,
        "options": [[one.kind.value, one.ref, one.title, one.quantity, one.sub] for one in options],
    }
    choices = tuple(
        Choice(str(number), one.kind.value, one.ref, one.title, (details or {}).get(one.ref, ""))
        for number, one in enumerate(options, start=1)
    )
    return Outcome(Result.ASK, "station.which", Sound.ATTENTION, {"code": code.text[:60]}, choices=choices)
