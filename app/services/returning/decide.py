"""Three decisions for each unit: how it looks, why it came back, where it goes. Never for more than one."""

from __future__ import annotations

from app.domain.commands import Command
from app.domain.outcomes import Outcome, Sound, Value, refused
from app.domain.refunds import next_unit
from app.domain.states import SELLABLE_KINDS, Condition, Disposition, LocationKind, MovementReason, ReturnState
from app.queries.return_work import UnitRow, order_money, return_lines, return_units, values_of
from app.services import ledger
from app.services.allocate import allocate_waiting
from app.services.desk import RETURN, Desk
from app.services.identify import Named
from app.services.ledger import Goods
from app.services.returning import rows, steps
from app.services.returning.rows import DONE, GRADE, REASON, WHERE, ReturnRow

GRADES = {
    Command.GRADE_A: Condition.NEW,
    Command.GRADE_B: Condition.OPENED,
    Command.GRADE_C: Condition.DAMAGED,
    Command.GRADE_D: Condition.BROKEN,
}
REASONS = {
    Command.FAULTY: "faulty",
    Command.WRONG_ITEM: "wrong_item",
    Command.CHANGED_MIND: "unwanted",
    Command.BROKEN_IN_TRANSIT: "transit",
}
PLACES = {
    Command.RESTOCK: Disposition.RESTOCK,
    Command.QUARANTINE: Disposition.QUARANTINE,
    Command.REFURBISH: Disposition.REFURBISH,
    Command.SCRAP: Disposition.SCRAP,
    Command.TO_VENDOR: Disposition.VENDOR,
}
_BY_KIND = {
    LocationKind.QUARANTINE: Disposition.QUARANTINE,
    LocationKind.REFURBISH: Disposition.REFURBISH,
    **dict.fromkeys(SELLABLE_KINDS, Disposition.RESTOCK),
}


def on_command(desk: Desk, row: ReturnRow, command: Command) -> Outcome | None:
    """A decision by its code, or by the number of its choice in the step one is in; None for another command."""
    if command.number is not None:
        choices = {GRADE: list(GRADES), REASON: list(REASONS), WHERE: list(PLACES)}.get(desk.step, [])
        if not 1 <= command.number <= len(choices):
            return None
        command = choices[command.number - 1]
    if command not in GRADES and command not in REASONS and command not in PLACES:
        return None
    unit = steps.in_hand(desk)
    if unit is None:
        return refused("returns.no_unit_in_hand")
    if command in GRADES:
        return _grade(desk, unit, GRADES[command])
    if command in REASONS:
        return _reason(desk, unit, REASONS[command])
    return _where(desk, row, unit, PLACES[command], None)


def _grade(desk: Desk, unit: UnitRow, grade: Condition) -> Outcome:
    rows.set_grade(desk.session, unit.id, grade)
    desk.changed(RETURN, desk.work_id or 0)
    steps.settle(desk, return_units(desk.session, desk.work_id or 0))
    return steps.shown(desk, "returns.graded", grade=grade.value, number=unit.number)


def _reason(desk: Desk, unit: UnitRow, reason: str) -> Outcome:
    rows.set_reason(desk.session, unit.id, reason)
    desk.changed(RETURN, desk.work_id or 0)
    steps.settle(desk, return_units(desk.session, desk.work_id or 0))
    return steps.shown(desk, "returns.reason_noted", reason=reason, number=unit.number)


def at_place(desk: Desk, row: ReturnRow, place: Named) -> Outcome:
    """A scanned place means the decision that its kind stands for, there."""
    unit = steps.in_hand(desk)
    disposition = _BY_KIND.get(LocationKind(place.sub))
    if unit is None:
        return refused("returns.no_unit_in_hand")
    if disposition is None:
        return refused("returns.no_place_for_goods", place=place.title)
    return _where(desk, row, unit, disposition, (place.ref, place.title))


def _where(
    desk: Desk, row: ReturnRow, unit: UnitRow, disposition: Disposition, place: tuple[int, str] | None
) -> Outcome:
    if unit.grade is None:
        return refused("returns.grade_first", number=unit.number)
    if not unit.reason:
        return refused("returns.reason_first", number=unit.number)
    if disposition is Disposition.RESTOCK:
        why_not = _never_restocked(desk, unit, unit.grade)
        if why_not is not None:
            return why_not
    target = place or steps.target(desk, unit, disposition)
    if target is None:
        return refused("returns.no_shelf", sku=unit.item.sku if unit.item is not None else "")
    return _decide(desk, row, unit, unit.grade, disposition, target)


def _never_restocked(desk: Desk, unit: UnitRow, grade: Condition) -> Outcome | None:
    """What is faulty is never sold again, nor what is not in a grade that this floor restocks."""
    if unit.reason == "faulty":
        return refused("returns.restock_faulty", number=unit.number)
    allowed = {word.strip() for word in desk.settings.restock_grades.split(",")}
    if grade is not Condition.NEW or grade.value not in allowed:
        return refused("returns.restock_grade", number=unit.number, grade=grade.value)
    return None


def _decide(
    desk: Desk,
    row: ReturnRow,
    unit: UnitRow,
    grade: Condition,
    disposition: Disposition,
    target: tuple[int, str],
) -> Outcome:
    session, product_id = desk.session, unit.product_id or 0
    goods = Goods(product_id, 1, unit.lot_id)
    ledger.move(
        session,
        desk.actor,
        MovementReason.DISPOSITION,
        goods,
        unit.location_id,
        target[0],
        to_condition=grade,
        order_line_id=unit.line_id,
    )
    rows.decide(session, desk.actor, unit.id, disposition, target[0], _worth(desk, row, unit))
    desk.undoes = {"kind": "return_decision", "return": row.id, "unit": unit.id}
    desk.changed(RETURN, row.id)
    desk.changed("product", product_id)
    if disposition is Disposition.RESTOCK:
        allocate_waiting(session, desk.actor, [product_id])
    following = steps.settle(desk, return_units(session, row.id))
    values: dict[str, Value] = {"number": unit.number, "disposition": disposition.value, "place": target[1]}
    if following is not None:
        return steps.shown(desk, "returns.decided", next_number=following.number, **values)
    rows.set_state(session, row, ReturnState.INSPECTED)
    desk.step = DONE
    return steps.shown(desk, "returns.all_decided", Sound.COMPLETE, **values)


def _worth(desk: Desk, row: ReturnRow, unit: UnitRow) -> int:
    """What is given back for this unit: its line's value unit by unit, so that all of them add up exactly."""
    if unit.line_id is None:
        return 0
    lines = return_lines(desk.session, row.order_id)
    values = values_of(lines, order_money(desk.session, row.order_id)).get(unit.line_id, ())
    before, given = rows.granted(desk.session, unit.line_id, unit.id)
    return next_unit(values, before, given)
