"""Notes on orders and customers: written, withdrawn, and acknowledged at the bench that must read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.domain.notes import NoteKind
from app.domain.outcomes import Change, Outcome, Result, Sound, done, refused
from app.domain.roles import Permission
from app.domain.storable import storable
from app.domain.work import PackWork
from app.models.demand import Customer, Order
from app.models.notes import Note
from app.models.prepared import Prepared
from app.services.actor import Actor
from app.services.audit import record, veil
from app.services.changes import note_changes
from app.services.desk import Desk
from app.services.permissions import forbidden

LONGEST = 2000
TO_READ = "pack.order_note"
"""The answer of a bench that must read a note before it goes on."""
_MEMORY = "notes_to_read"
_UNREAD = Prepared(
    text(
        "SELECT n.id FROM fulfillments f JOIN orders o ON o.id = f.order_id JOIN notes n ON n.order_id = o.id "
        "WHERE f.id = :fulfillment AND n.kind = 'packer' AND n.must_read AND n.withdrawn_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM note_reads r WHERE r.note_id = n.id AND r.fulfillment_id = f.id) "
        "UNION ALL SELECT n.id FROM fulfillments f JOIN orders o ON o.id = f.order_id "
        "JOIN notes n ON n.customer_id = o.customer_id "
        "WHERE f.id = :fulfillment AND n.kind = 'packer' AND n.must_read AND n.withdrawn_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM note_reads r WHERE r.note_id = n.id AND r.fulfillment_id = f.id) ORDER BY 1"
    )
)
_AT_WORK = text(  # benches that have an order of theirs open hear of it at once
    "SELECT DISTINCT o.id FROM orders o JOIN fulfillments f ON f.order_id = o.id WHERE o.customer_id = :customer "
    "AND f.state IN ('packing', 'picked', 'allocated', 'released') ORDER BY o.id DESC LIMIT 100"
)
_READ = text(
    "INSERT INTO note_reads (note_id, fulfillment_id, at, operator_id, station_id) "
    "VALUES (:note, :fulfillment, :at, :operator, :station) ON CONFLICT (note_id, fulfillment_id) DO NOTHING"
)


def write_on_order(
    session: Session, actor: Actor, order_id: int, words: str, kind: NoteKind, *, must_read: bool = False
) -> Outcome:
    """Puts a note on an order, at any time of its life. `must_read` counts for the packer's notes alone."""
    refusal = _may_not(session, actor, words, kind)
    if refusal is not None:
        return refusal
    number = session.execute(select(Order.number).where(Order.id == order_id)).scalar_one_or_none()
    if number is None:
        return refused("order.unknown")
    _write(session, actor, words, kind, must_read, order_id=order_id)
    record(session, actor, "note.written", "order", order_id, {"kind": kind.value, "words": veil(session, words)})
    changes = note_changes(session, actor, [Change("order", order_id)])
    return replace(done("notes.written", number=number), changes=changes)


def write_on_customer(
    session: Session, actor: Actor, customer_id: int, words: str, kind: NoteKind, *, must_read: bool = False
) -> Outcome:
    """Puts a note on a customer, which counts for all of their orders."""
    refusal = _may_not(session, actor, words, kind)
    if refusal is not None:
        return refusal
    name = session.execute(select(Customer.name).where(Customer.id == customer_id)).scalar_one_or_none()
    if name is None:
        return refused("customers.unknown")
    _write(session, actor, words, kind, must_read, customer_id=customer_id)
    detail = {"kind": kind.value, "words": veil(session, words)}
    record(session, actor, "note.written", "customer", customer_id, detail)
    at_work = session.execute(_AT_WORK, {"customer": customer_id}).scalars() if kind is NoteKind.PACKER else ()
    told = [Change("customer", customer_id), *(Change("order", order_id) for order_id in at_work)]
    changes = note_changes(session, actor, told)
    return replace(done("notes.written_on_customer", name=name), changes=changes)


def withdraw(session: Session, actor: Actor, note_id: int) -> Outcome:
    """Takes a note back: packers do not see it any more, the time line keeps it."""
    not_allowed = forbidden(session, actor, Permission.MEND_ORDER)
    if not_allowed is not None:
        return not_allowed
    note = session.get(Note, note_id)
    if note is None or note.kind is NoteKind.CHANNEL:
        return refused("notes.none")
    if note.withdrawn_at is not None:
        return refused("notes.withdrawn_already")
    note.withdrawn_at, note.withdrawn_by_id = actor.now, actor.operator_id
    session.flush()
    what, ref = ("order", note.order_id) if note.order_id is not None else ("customer", note.customer_id)
    record(session, actor, "note.withdrawn", what, ref, {"note": note_id})
    changes = note_changes(session, actor, [Change(what, ref or 0)])
    return replace(done("notes.withdrawn"), changes=changes)


def keep_channels_notes(session: Session, actor: Actor, told: Iterable[tuple[int, str, str]]) -> None:
    """Keeps what a channel had noted on orders where it notes something else now, as what it told then.

    Each order's id, its note of before, and that of now, which the caller writes.
    """
    rows = [
        {"order_id": one, "kind": NoteKind.CHANNEL, "words": before, "at": actor.now, "withdrawn_at": actor.now}
        for one, before, now in told
        if before not in ("", now)
    ]
    if rows:
        session.execute(insert(Note), rows)


def to_read(desk: Desk, outcome: Outcome, work: PackWork) -> Outcome:
    """The answer that opens an order, which waits for the OK card while there is a note that must be read first.

    `work` is what was opened: its notes begin with those that must be read.
    """
    if not any(note.must_read for note in work.head.notes):
        return outcome
    unread = _unread(desk, desk.work_id or 0)
    if not unread:
        return outcome
    desk.memory[_MEMORY] = unread
    values = {**outcome.values, "opened": outcome.code, "notes": len(unread)}
    return replace(outcome, code=TO_READ, sound=Sound.ATTENTION, values=values, waits=True)


def news(desk: Desk) -> Outcome | None:
    """Stops a bench for a note that was written while the order is open there; None while there is none."""
    unread = _unread(desk, desk.work_id or 0)
    if not unread:
        return None
    desk.memory[_MEMORY] = unread
    return Outcome(Result.DONE, TO_READ, Sound.ATTENTION, {"notes": len(unread)}, waits=True)


def acknowledged(desk: Desk) -> bool:
    """Writes down that what had to be read was read here; whether there was any."""
    unread = desk.memory.pop(_MEMORY, None)
    if not isinstance(unread, list) or desk.work_id is None:
        return False
    given = {
        "fulfillment": desk.work_id,
        "at": round(desk.actor.now.timestamp() * 1000),
        "operator": desk.actor.operator_id,
        "station": desk.actor.station_id,
    }
    for note_id in unread:
        desk.session.connection().execute(_READ, {"note": note_id, **given})
    return True


def _unread(desk: Desk, fulfillment_id: int) -> list[int]:
    return [int(row[0]) for row in _UNREAD.rows(desk.session, {"fulfillment": fulfillment_id})]


def _may_not(session: Session, actor: Actor, words: str, kind: NoteKind) -> Outcome | None:
    not_allowed = forbidden(session, actor, Permission.MEND_ORDER)
    if not_allowed is not None:
        return not_allowed
    if not words.strip():
        return refused("notes.empty")
    if len(words.strip()) > LONGEST:
        return refused("notes.too_long", most=LONGEST)
    return refused("notes.not_by_hand") if kind is NoteKind.CHANNEL else None


def _write(
    session: Session,
    actor: Actor,
    words: str,
    kind: NoteKind,
    must_read: bool,
    *,
    order_id: int | None = None,
    customer_id: int | None = None,
) -> None:
    row = {
        "order_id": order_id,
        "customer_id": customer_id,
        "kind": kind,
        "must_read": must_read and kind is NoteKind.PACKER,
        "words": storable(words.strip()),
        "at": actor.now,
        "operator_id": actor.operator_id,
        "station_id": actor.station_id,
    }
    session.execute(insert(Note), row)
