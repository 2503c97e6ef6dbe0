"""Units in: each scan is one unit, received at once; what is not from this order goes to quarantine."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import text

from app.domain.barcodes import ScannedCode
from app.domain.outcomes import Outcome, Sound, Value, blocked, refused
from app.domain.states import Condition, Disposition, LocationKind, MovementReason, ReturnState
from app.domain.work import ItemRef, WrongItem
from app.queries.return_work import LineRow, UnitRow, return_lines, return_units
from app.services import gestures, ledger
from app.services.desk import RETURN, Desk
from app.services.identify import Named, products
from app.services.ledger import Goods, NotEnoughError
from app.services.places import counterparty
from app.services.returning import rows, steps
from app.services.returning.rows import ReturnRow
from app.services.station import ask

_ITEM = text("SELECT id, sku, name, picture, note, weight_g FROM products WHERE id = :product")


def scanned(desk: Desk, row: ReturnRow, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
    """A product's code: one unit of the line that still has some out; blocked when there is none."""
    items = products(named)
    lines = return_lines(desk.session, row.order_id)
    mine = [one for one in items if any(line.product_id == one.ref and line.shipped for line in lines)]
    if not mine:
        return _not_from_order(desk, row, items[0])
    if len({one.ref for one in mine}) > 1:
        return ask(desk, code, tuple(mine))
    one = mine[0]
    if one.quantity > 1 or (desk.pending_quantity or 1) > 1:
        desk.pending_quantity = None
        return refused("returns.unit_by_unit", sku=one.title)
    out = next((line for line in lines if line.product_id == one.ref and line.back < line.shipped), None)
    if out is None:
        return _too_many(one, [line for line in lines if line.product_id == one.ref])
    return _receive(desk, row, out, code)


def _not_from_order(desk: Desk, row: ReturnRow, one: Named) -> Outcome:
    desk.memory["foreign"] = one.ref
    item = ItemRef(*desk.session.connection().execute(_ITEM, {"product": one.ref}).one())
    answer = blocked("returns.not_from_order", number=row.number, sku=item.sku, name=item.name)
    return replace(answer, delta=WrongItem("returns.not_from_order", item))


def _too_many(one: Named, lines: list[LineRow]) -> Outcome:
    shipped = sum(line.shipped for line in lines)
    answer = blocked("returns.too_many", Sound.TOO_MANY, sku=one.title, shipped=shipped, name=lines[0].item.name)
    return replace(answer, delta=WrongItem("returns.too_many", lines[0].item, lines[0].id, required=shipped))


def _receive(desk: Desk, row: ReturnRow, line: LineRow, code: ScannedCode) -> Outcome:
    session, product_id = desk.session, line.product_id or 0
    rows.drop_proposal(session, row.id)
    place_id = steps.returns_place(desk)
    customer = counterparty(session, desk.actor.warehouse_id, LocationKind.CUSTOMER)
    lot_id = rows.shipped_lot(session, line.id, code.lot or "")
    goods = Goods(product_id, 1, lot_id)
    ledger.move(session, desk.actor, MovementReason.RETURN, goods, customer, place_id, order_line_id=line.id)
    unit_id = rows.new_unit(
        session, desk.actor, row.id, _receipt(desk, row), product_id, place_id, line_id=line.id, lot_id=lot_id
    )
    _received(desk, row)
    desk.memory.pop("foreign", None)
    desk.undoes = {"kind": "return_unit", "return": row.id, "unit": unit_id}
    units = return_units(session, row.id)
    steps.settle(desk, units)
    values: dict[str, Value] = {
        "sku": line.item.sku,
        "name": line.item.name,
        "number": units[-1].number,
        "back": line.back + 1,
    }
    return steps.shown(desk, "returns.received", shipped=line.shipped, **values)


def _receipt(desk: Desk, row: ReturnRow) -> int:
    known = desk.number("receipt")
    if known is None:
        known = rows.new_receipt(desk.session, desk.actor, row.id)
        desk.memory["receipt"] = known
    return known


def _received(desk: Desk, row: ReturnRow) -> None:
    """The return is being inspected (again); its order's screens are told."""
    if row.state is not ReturnState.RECEIVED:
        rows.set_state(desk.session, row, ReturnState.RECEIVED)
    desk.changed(RETURN, row.id)
    desk.changed("order", row.order_id)


def foreign(desk: Desk, row: ReturnRow) -> Outcome:
    """Not from this order: the unit in hand, or the one that was just refused, goes to quarantine as found goods."""
    unit = steps.in_hand(desk)
    product_id = desk.number("foreign")
    if product_id is None and (unit is None or unit.line_id is None or unit.product_id is None):
        return refused("returns.no_foreign_unit")
    session = desk.session
    rows.drop_proposal(session, row.id)
    taken_out = 0
    if product_id is None and unit is not None:
        product_id, taken_out = unit.product_id or 0, unit.id
        _put_out(desk, unit)
    desk.memory.pop("foreign", None)
    found = counterparty(session, desk.actor.warehouse_id, LocationKind.ADJUSTMENT)
    quarantine = counterparty(session, desk.actor.warehouse_id, LocationKind.QUARANTINE)
    goods = Goods(product_id or 0, 1)
    ledger.move(session, desk.actor, MovementReason.FOREIGN_RETURN, goods, found, quarantine)
    unit_id = rows.new_unit(
        session,
        desk.actor,
        row.id,
        _receipt(desk, row),
        product_id or 0,
        quarantine,
        disposition=Disposition.QUARANTINE,
    )
    _received(desk, row)
    if not taken_out:
        desk.undoes = {"kind": "return_foreign", "return": row.id, "unit": unit_id}
    units = return_units(session, row.id)
    steps.settle(desk, units)
    sku = next((one.item.sku for one in units if one.id == unit_id and one.item is not None), "")
    return steps.shown(desk, "returns.foreign", sku=sku, place=rows.place_code(session, quarantine))


def _put_out(desk: Desk, unit: UnitRow) -> None:
    """Takes the receipt of a unit back: it never came from this order."""
    customer = counterparty(desk.session, desk.actor.warehouse_id, LocationKind.CUSTOMER)
    goods = Goods(unit.product_id or 0, 1, unit.lot_id)
    ledger.move(
        desk.session,
        desk.actor,
        MovementReason.RETURN,
        goods,
        unit.location_id,
        customer,
        order_line_id=unit.line_id,
    )
    rows.forget(desk.session, unit.id)


def undo(desk: Desk, row: ReturnRow) -> Outcome:
    """Takes back what was done last in this return: a decision, or the scan of a unit."""
    found = gestures.last_undoable(desk.session, desk.actor.station_id)
    what = found[1] if found is not None else {}
    if found is None or what.get("return") != row.id:
        return refused("returns.nothing_to_undo")
    unit = next((one for one in return_units(desk.session, row.id) if one.id == what.get("unit")), None)
    if unit is None:
        return refused("returns.nothing_to_undo")
    if unit.decided and what["kind"] == "return_unit":
        return refused("returns.undo_decision_first", number=unit.number)
    rows.drop_proposal(desk.session, row.id)
    try:
        _reverse(desk, unit, str(what["kind"]))
    except NotEnoughError:
        return refused("returns.used_already", sku=unit.item.sku if unit.item is not None else "", place=unit.place)
    gestures.mark_undone(desk.session, found[0], desk.gesture.id)
    _received(desk, row)
    steps.settle(desk, return_units(desk.session, row.id))
    return steps.shown(desk, "returns.undone", number=unit.number)


def _reverse(desk: Desk, unit: UnitRow, kind: str) -> None:
    """The movement of a decision or scan the other way round. Raises NotEnoughError when the goods are gone."""
    session, actor = desk.session, desk.actor
    if kind == "return_unit":
        _put_out(desk, unit)
        return
    goods = Goods(unit.product_id or 0, 1, unit.lot_id, unit.grade or Condition.NEW)
    if kind == "return_foreign":
        found = counterparty(session, actor.warehouse_id, LocationKind.ADJUSTMENT)
        ledger.move(session, actor, MovementReason.FOREIGN_RETURN, goods, unit.location_id, found)
        rows.forget(session, unit.id)
        return
    place_id = steps.returns_place(desk)
    ledger.move(
        session,
        actor,
        MovementReason.DISPOSITION,
        goods,
        unit.location_id,
        place_id,
        to_condition=Condition.NEW,
        order_line_id=unit.line_id,
    )
    rows.undecide(session, unit.id, place_id)
