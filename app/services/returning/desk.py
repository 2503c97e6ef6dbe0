"""The returns bench: gives each gesture to the decision that it belongs to."""

from __future__ import annotations

from app.domain.barcodes import ScannedCode
from app.domain.commands import Command
from app.domain.outcomes import Outcome, Result, Sound, blocked, refused
from app.domain.states import ReturnState
from app.domain.work import ReturnWork
from app.models import locks
from app.services import claims
from app.services.desk import RETURN, Desk
from app.services.identify import Named, NamedKind, products
from app.services.pick.walk import held_by
from app.services.returning import begin, decide, label, refund, rows, steps, units
from app.services.returning.label import GivesReturns
from app.services.returning.rows import ReturnRow


class ReturnDesk:
    """What a return does with gestures (`station.WorkDesk`), and the ways to open one."""

    def __init__(self, carrier: GivesReturns | None = None) -> None:
        """`carrier` gives return labels; without one there are none."""
        self._carrier = carrier

    def open_order(self, desk: Desk, order_id: int) -> Outcome:
        """Opens the return of an order; makes one when none is open."""
        return begin.open_order(desk, order_id)

    def open_package(self, desk: Desk, package_id: int) -> Outcome:
        """Opens the return of the order that a parcel belonged to."""
        return begin.open_package(desk, package_id)

    def open_fulfillment(self, desk: Desk, fulfillment_id: int) -> Outcome:
        """Opens the return of the order of a fulfillment."""
        return begin.open_fulfillment(desk, fulfillment_id)

    def open_return(self, desk: Desk, return_id: int) -> Outcome:
        """Opens a return by its RMA."""
        return begin.open_return(desk, return_id)

    def take_over(self, desk: Desk, return_id: int, reason: str = "") -> Outcome:
        """Takes a return from whoever holds it, if the operator may; without a reason it asks for one."""
        return begin.take_over(desk, return_id, reason)

    def on_named(self, desk: Desk, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
        """A scanned code with all that it names."""
        row, lost = _here(desk)
        if lost is not None or row is None:
            return lost or refused("returns.gone")
        if not named:
            return blocked("returns.unknown_code", scan=code.text[:60])
        if products(named):
            return units.scanned(desk, row, code, named)
        place = next((one for one in named if one.kind is NamedKind.LOCATION), None)
        if place is not None:
            return decide.at_place(desk, row, place)
        if any(_is_this(row, one) for one in named):
            return steps.shown(desk, "returns.this_is_open", code=row.code, number=row.number)
        return blocked("returns.still_open", code=row.code, number=row.number, scan=named[0].title)

    def on_command(self, desk: Desk, command: Command) -> Outcome | None:
        """A decision, a step back, the refund, or leaving; None when it means nothing here."""
        row, lost = _here(desk)
        if lost is not None or row is None:
            return lost or refused("returns.gone")
        decided = decide.on_command(desk, row, command)
        if decided is not None:
            return decided
        if command is Command.NOT_OURS:
            return units.foreign(desk, row)
        if command is Command.RETURN_LABEL:
            return label.printed(desk, row, self._carrier)
        if command is Command.PHOTO:
            return refused("returns.no_camera")
        if command is Command.UNDO:
            return units.undo(desk, row)
        if command in (Command.REFUND, Command.CLOSE):
            return refund.on_command(desk, row)
        if command in (Command.BACK, Command.PREVIOUS):
            return _back(desk)
        return _leave(desk, row) if command is Command.ASIDE else None

    def on_text(self, desk: Desk, text: str) -> Outcome | None:
        """Nothing waits for typed text."""
        return None

    def takes_items(self, desk: Desk) -> bool:
        """Whatever comes out of the parcel is counted first."""
        return True

    def stopped(self, desk: Desk) -> Outcome | None:
        """Nothing that others do stops a return; another clerk is told with the next scan."""
        return None

    def snapshot(self, desk: Desk) -> ReturnWork:
        """The return as its screen draws it."""
        return steps.snapshot(desk)


def _here(desk: Desk) -> tuple[ReturnRow | None, Outcome | None]:
    """The return, locked, and its lease renewed; or the answer when somebody else has it now."""
    return_id = desk.work_id or 0
    row = rows.a_return(desk.session, return_id)
    holder = claims.take(desk.session, desk.actor, RETURN, return_id, desk.settings.claim_minutes)
    if holder is not None and row is not None:
        desk.close_work()
        return None, refused("returns.taken_over", Sound.ATTENTION, **held_by(holder, desk, row.code))
    if row is not None:
        locks.lock_orders(desk.session, [row.order_id])
        locks.lock_return(desk.session, return_id)
        row = rows.a_return(desk.session, return_id)
    if row is not None and row.state in (ReturnState.CLOSED, ReturnState.REJECTED):
        claims.let_go(desk.session, desk.actor, RETURN, return_id)
        desk.close_work()
        return None, refused("returns.over", Sound.ATTENTION, code=row.code, state=row.state.value)
    return row, None


def _is_this(row: ReturnRow, one: Named) -> bool:
    by_return = one.kind is NamedKind.RETURN and one.ref == row.id
    return by_return or (one.kind is NamedKind.ORDER and one.ref == row.order_id)


def _back(desk: Desk) -> Outcome:
    """From where to the reason, from the reason to the grade; before that only undo takes a unit out."""
    unit = steps.in_hand(desk)
    if unit is None or desk.step not in (rows.REASON, rows.WHERE):
        return refused("returns.first_step")
    if desk.step == rows.WHERE:
        rows.set_reason(desk.session, unit.id, "")
        desk.step = rows.REASON
    else:
        rows.clear_grade(desk.session, unit.id)
        desk.step = rows.GRADE
    desk.changed(RETURN, desk.work_id or 0)
    return steps.shown(desk, "returns.back", number=unit.number)


def _leave(desk: Desk, row: ReturnRow) -> Outcome:
    """The return is put aside; it goes on when its code or its order is scanned."""
    work = steps.snapshot(desk)
    claims.let_go(desk.session, desk.actor, RETURN, row.id)
    desk.changed(RETURN, row.id)
    desk.close_work()
    left = sum(1 for unit in work.units if unit.disposition is None)
    return Outcome(Result.DONE, "returns.left", Sound.ACCEPTED, {"code": row.code, "count": left}, work=work)
