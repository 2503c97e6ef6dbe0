"""Which unit is in hand and which decision it waits for; where each decision would bring it."""

from __future__ import annotations

from app.domain.outcomes import Outcome, Result, Sound, Value
from app.domain.states import Disposition, LocationKind
from app.domain.work import ReturnWork
from app.queries.return_work import UnitRow, return_units, return_work
from app.services.desk import Desk
from app.services.places import counterparty
from app.services.returning import rows
from app.services.returning.rows import DONE, GRADE, REASON, UNIT, WHERE

KINDS = {
    Disposition.QUARANTINE: LocationKind.QUARANTINE,
    Disposition.REFURBISH: LocationKind.REFURBISH,
    Disposition.SCRAP: LocationKind.SCRAP,
    Disposition.VENDOR: LocationKind.SUPPLIER,
}


def settle(desk: Desk, units: tuple[UnitRow, ...]) -> UnitRow | None:
    """Takes the first undecided unit in hand and finds its step; nothing in hand where all are decided."""
    unit = next((one for one in units if not one.decided), None)
    if unit is None:
        desk.memory.pop("unit", None)
        desk.step = DONE if units else UNIT
        return None
    desk.memory["unit"] = unit.id
    desk.step = GRADE if unit.grade is None else REASON if not unit.reason else WHERE
    return unit


def in_hand(desk: Desk) -> UnitRow | None:
    """The unit that is decided now, as it stands in the database."""
    unit_id = desk.number("unit")
    units = return_units(desk.session, desk.work_id or 0)
    return next((unit for unit in units if unit.id == unit_id), None)


def returns_place(desk: Desk) -> int:
    """Where what comes back lies until it is decided."""
    return counterparty(desk.session, desk.actor.warehouse_id, LocationKind.RETURNS)


def target(desk: Desk, unit: UnitRow, disposition: Disposition) -> tuple[int, str] | None:
    """The place to which a decision brings a unit, with its code; None when no shelf is known for it."""
    if disposition is Disposition.RESTOCK:
        return rows.usual_shelf(desk.session, desk.actor, unit.line_id, unit.product_id or 0)
    place_id = counterparty(desk.session, desk.actor.warehouse_id, KINDS[disposition])
    return place_id, rows.place_code(desk.session, place_id)


def _places(desk: Desk, unit: UnitRow | None) -> tuple[tuple[str, str], ...]:
    if unit is None or unit.product_id is None:
        return ()
    found = ((one, target(desk, unit, one)) for one in Disposition)
    return tuple((one.value, place[1]) for one, place in found if place is not None)


def snapshot(desk: Desk) -> ReturnWork:
    """The return as its screen draws it."""
    unit = in_hand(desk)
    current = unit.id if unit is not None else None
    return return_work(desk.session, desk.work_id or 0, desk.step, current, _places(desk, unit))


def shown(desk: Desk, code: str, sound: Sound = Sound.ACCEPTED, /, **values: Value) -> Outcome:
    """Something was done; the screen gets the whole return anew."""
    return Outcome(Result.DONE, code, sound, values, work=snapshot(desk))
