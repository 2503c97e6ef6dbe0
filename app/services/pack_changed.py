"""A bench whose order the office changed: it stops, says what to do now, and goes on by itself once that is done."""

from __future__ import annotations

from dataclasses import replace

from app.domain.barcodes import read_code
from app.domain.changed_work import BenchToDo, ChangedWork, ToDo
from app.domain.commands import Command
from app.domain.gesture import GestureKind
from app.domain.outcomes import Outcome, Place, Result, Sound, Value, blocked
from app.domain.states import FulfillmentState, LocationKind
from app.domain.work import PackWork
from app.queries.bench_changes import changed_work
from app.queries.pack_work import pack_work
from app.services import bench_changes, pack_close, pack_rows, spoiled_labels
from app.services.allocate import allocate_waiting
from app.services.desk import Desk
from app.services.identify import Named, NamedKind, identify, products
from app.services.pack_close import APPLY
from app.services.stock_rows import spot

CHANGED = "pack.changed"
OUT = "out"
"""Remembered: the product and units in the hand for which a place is wanted."""
_OVER = (FulfillmentState.PACKED, FulfillmentState.SHIPPED, FulfillmentState.CANCELLED, FulfillmentState.EXCEPTION)


def freeze(desk: Desk, number: str) -> Outcome:
    """Stops the bench; what is to be done stands in the work that is shown."""
    changes = changed_work(desk.session, desk.work_id or 0)
    return blocked(CHANGED, Sound.ATTENTION, **_values(number, changes))


def at_opening(desk: Desk, number: str, opened: Outcome) -> Outcome:
    """The answer to opening an order that was changed: it stops at once where something is to be done or known."""
    changes = changed_work(desk.session, desk.work_id or 0)
    if not changes.tells:
        bench_changes.seen(desk.session, desk.actor, desk.work_id or 0)
        return opened
    values = {**opened.values, **_values(number, changes)}
    return replace(opened, code=CHANGED, sound=Sound.ATTENTION, values=values, waits=True)


def cancelled(desk: Desk, number: str) -> Outcome:
    """Nothing is open here any more; what lies in parcels and totes must be put back, and is shown."""
    fulfillment_id = desk.work_id or 0
    changes = changed_work(desk.session, fulfillment_id, cancelled=True)
    work = replace(pack_work(desk.session, fulfillment_id, None), changed=changes)
    pack_close.let_go(desk)
    return replace(blocked("pack.cancelled", Sound.ATTENTION, **_values(number, changes)), work=work)


def shown(desk: Desk, work: PackWork) -> PackWork:
    """The work as this bench stands: with the unit in the hand for which a shelf is wanted."""
    if work.changed is None or OUT not in desk.memory:
        return work
    return replace(work, changed=replace(work.changed, in_hand=True))


class ChangedBench:
    """Answers what is scanned while a bench stands still for a change; implements `station.Unblock`."""

    def __init__(self, carrier: str) -> None:
        """`carrier` sells the label where the parcel turns out to be whole."""
        self.carrier = carrier

    def answer(self, desk: Desk, command: Command | None) -> Outcome:
        """One gesture: a unit that came out, the paper of a label, or that it was seen; all else is refused."""
        fulfillment_id = desk.work_id or 0
        now = pack_rows.standing(desk.session, desk.actor, fulfillment_id, desk.settings.claim_minutes)
        state, number = now.state, now.number
        if not now.changed or state is FulfillmentState.CANCELLED:
            return self._over(desk, state, number)
        changes = changed_work(desk.session, fulfillment_id)
        if command in (Command.ASIDE, Command.MISSING):
            desk.block = None
            desk.memory.pop(OUT, None)
            return pack_close.put_aside(desk, pack_close.ASIDE_REASONS[0])
        if command is Command.OK and changes.next is None:
            return self._over(desk, state, number)
        if command is not None or desk.gesture.kind is GestureKind.TEXT:
            return _wrong(desk, changes, desk.gesture.raw)
        return self._scanned(desk, state, number, changes)

    def _scanned(self, desk: Desk, state: FulfillmentState, number: str, changes: ChangedWork) -> Outcome:
        code = read_code(desk.gesture.raw)
        named = identify(desk.session, code, desk.actor.warehouse_id)
        if OUT in desk.memory:
            place = next((one for one in named if one.kind is NamedKind.LOCATION), None)
            return self._placed(desk, state, number, place) if place is not None else _wrong(desk, changes, code.text)
        if spoiled_labels.collect(desk, tuple(one for one in named if _paper_of(desk, one))) is not None:
            return self._next(desk, state, number)
        for one in products(named):
            units = one.quantity * (code.quantity or 1)
            if 0 < units <= bench_changes.to_take_out(desk.session, desk.work_id or 0, one.ref):
                return self._taken(desk, state, number, one, units)
        return _wrong(desk, changes, named[0].title if named else code.text)

    def _taken(self, desk: Desk, state: FulfillmentState, number: str, one: Named, units: int) -> Outcome:
        """A unit came out: into the order's tote; where it has none, the place that is scanned next takes it."""
        fulfillment_id = desk.work_id or 0
        tote = bench_changes.tote_of(desk.session, fulfillment_id)
        if tote is None:
            desk.memory[OUT] = [one.ref, units]
            return self._stays(desk, number, "pack.changed_where", sku=one.title)
        bench_changes.take_out(desk.session, desk.actor, fulfillment_id, one.ref, units, tote, is_tote=True)
        desk.changed("fulfillment", fulfillment_id)
        return self._next(desk, state, number)

    def _placed(self, desk: Desk, state: FulfillmentState, number: str, place: Named) -> Outcome:
        target = spot(desk.session, desk.actor.warehouse_id, place.ref)
        if isinstance(target, Outcome):
            return _refused(desk, blocked("pack.changed_no_place", scan=place.title))
        taken = desk.memory.pop(OUT)
        assert isinstance(taken, list)
        product_id, units = taken
        fulfillment_id = desk.work_id or 0
        bench_changes.take_out(desk.session, desk.actor, fulfillment_id, product_id, units, target.id, is_tote=False)
        desk.changed("fulfillment", fulfillment_id)
        desk.changed("product", product_id)
        if target.kind in (LocationKind.SHELF, LocationKind.BULK):
            allocate_waiting(desk.session, desk.actor, [product_id])
        return self._next(desk, state, number)

    def _next(self, desk: Desk, state: FulfillmentState, number: str) -> Outcome:
        """What else is wanted; nothing more: the bench goes on by itself."""
        changes = changed_work(desk.session, desk.work_id or 0)
        if changes.next is None:
            return self._over(desk, state, number)
        return self._stays(desk, number, CHANGED)

    def _stays(self, desk: Desk, number: str, code: str, **values: Value) -> Outcome:
        work = shown(desk, pack_work(desk.session, desk.work_id or 0, desk.package_id))
        changes = work.changed or ChangedWork("", None, "")
        told = {**_values(number, changes), **values}
        desk.block = {**(desk.block or {}), "code": CHANGED, "values": told}
        return Outcome(Result.DONE, code, Sound.ACCEPTED, told, place=Place.PACK, work=work, waits=True)

    def _over(self, desk: Desk, state: FulfillmentState, number: str) -> Outcome:
        """All is answered: packing goes on where it was, the whole parcel is sealed, or the order is over here."""
        session, fulfillment_id = desk.session, desk.work_id or 0
        desk.block = None
        desk.memory.pop(OUT, None)
        if state is FulfillmentState.CANCELLED:
            return cancelled(desk, number)
        bench_changes.seen(session, desk.actor, fulfillment_id)
        desk.changed("fulfillment", fulfillment_id)
        if state in _OVER and not (state is FulfillmentState.PACKED and desk.step == APPLY):
            pack_close.leave(desk, "pack.changed_over", number=number)
            return Outcome(Result.NAVIGATE, "pack.changed_over", Sound.ACCEPTED, {"number": number}, place=desk.place)
        required, packed, _ = pack_rows.totals(session, fulfillment_id, None)
        opened = pack_rows.open_package_id(session, fulfillment_id)
        if opened is not None or packed < required:
            desk.step, desk.package_id = "", opened
        if opened is not None and packed == required and packed:
            place_id = pack_rows.package(session, opened).location_id
            if pack_rows.totals(session, fulfillment_id, place_id)[2]:
                return pack_close.seal(desk, self.carrier, whole=True)
        work = pack_work(session, fulfillment_id, desk.package_id or desk.number("last_package"))
        return Outcome(
            Result.DONE, "pack.changed_done", Sound.ACCEPTED, {"number": number}, place=Place.PACK, work=work
        )


def _paper_of(desk: Desk, one: Named) -> bool:
    if one.kind is not NamedKind.SPOILED:
        return False
    return pack_rows.package(desk.session, int(one.sub)).fulfillment_id == desk.work_id


def _values(number: str, changes: ChangedWork) -> dict[str, Value]:
    at = changes.at.isoformat() if changes.at is not None else ""
    return {"number": number, "who": changes.who, "at": at, "reason": changes.reason}


def _wrong(desk: Desk, changes: ChangedWork, scan: str) -> Outcome:
    """Not what is wanted now: what is, instead."""
    if OUT in desk.memory:
        return _refused(desk, blocked("pack.changed_wrong.where", scan=scan[:40]))
    wanted = changes.next
    if wanted is None:
        return _refused(desk, blocked("pack.changed_wrong.seen", scan=scan[:40]))
    return _refused(desk, blocked(f"pack.changed_wrong.{wanted.kind.value}", scan=scan[:40], what=_what(wanted)))


def _what(wanted: BenchToDo) -> str:
    return wanted.place if wanted.kind is ToDo.LABEL or wanted.item is None else wanted.item.sku


def _refused(desk: Desk, outcome: Outcome) -> Outcome:
    block = desk.block or {}
    count = block.get("refused")
    count = (count if isinstance(count, int) else 0) + 1
    desk.block = {**block, "refused": count}
    return replace(outcome, values={**outcome.values, "count": count})
