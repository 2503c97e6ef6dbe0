"""The statements of a return, built once, and what they find."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.domain.states import Condition, Disposition, ReturnState
from app.services.actor import Actor

UNIT, GRADE, REASON, WHERE, DONE = "unit", "grade", "reason", "where", "done"

_RETURN = text(
    "SELECT r.id, r.code, r.order_id, r.warehouse_id, r.state, o.number FROM return_authorizations r "
    "JOIN orders o ON o.id = r.order_id WHERE r.id = :id"
)
_OPEN_OF_ORDER = text(
    "SELECT id FROM return_authorizations WHERE order_id = :order AND warehouse_id = :warehouse "
    "AND state NOT IN ('closed', 'rejected') ORDER BY id DESC LIMIT 1"
)
_SHIPPED = text(
    "SELECT coalesce(sum(m.quantity), 0) FROM stock_movements m JOIN order_lines l ON l.id = m.order_line_id "
    "WHERE l.order_id = :order AND m.reason = 'ship'"
)
_BACK = text(
    "SELECT count(*) FROM return_units u JOIN order_lines l ON l.id = u.order_line_id WHERE l.order_id = :order"
)
_NEW_RETURN = text(
    "INSERT INTO return_authorizations (code, order_id, warehouse_id, state, customer_note, created_at) "
    "VALUES (:code, :order, :warehouse, 'authorized', '', :at) RETURNING id"
)
_SET_CODE = text("UPDATE return_authorizations SET code = :code WHERE id = :id")
_SET_STATE = text("UPDATE return_authorizations SET state = :new WHERE id = :id AND state = :old")
_CLOSE = text("UPDATE return_authorizations SET state = 'closed', closed_at = :at WHERE id = :id")
_PAY_BACK = text(
    "INSERT INTO payments (order_id, kind, amount, currency, at, reference) "
    "VALUES (:order, 'refunded', :amount, :currency, :at, :reference)"
)
_NEW_RECEIPT = text(
    "INSERT INTO return_receipts (return_id, received_at, station_id, operator_id) "
    "VALUES (:id, :at, :station, :operator) RETURNING id"
)
_NEW_UNIT = text(
    "INSERT INTO return_units (return_id, receipt_id, number, order_line_id, product_id, lot_id, location_id, reason, "
    "disposition, refund, note, scanned_at, decided_at, decided_by_id) "
    "VALUES (:id, :receipt, (SELECT coalesce(max(number), 0) + 1 FROM return_units WHERE return_id = :id), :line, "
    ":product, :lot, :place, :reason, :disposition, 0, '', :at, :decided_at, :decided_by) RETURNING id"
)
_SET_GRADE = text("UPDATE return_units SET grade = :value WHERE id = :unit")
_CLEAR_GRADE = text("UPDATE return_units SET grade = NULL WHERE id = :unit")
_SET_REASON = text("UPDATE return_units SET reason = :value WHERE id = :unit")
_DECIDE = text(
    "UPDATE return_units SET disposition = :disposition, location_id = :place, refund = :refund, decided_at = :at, "
    "decided_by_id = :operator WHERE id = :unit"
)
_UNDECIDE = text(
    "UPDATE return_units SET disposition = NULL, location_id = :place, refund = 0, decided_at = NULL, "
    "decided_by_id = NULL WHERE id = :unit"
)
_FORGET = text("DELETE FROM return_units WHERE id = :unit")
_DROP_PROPOSED_LINES = text(
    "DELETE FROM refund_lines WHERE refund_id IN (SELECT id FROM refunds WHERE return_id = :id AND state = 'proposed')"
)
_DROP_PROPOSED = text("DELETE FROM refunds WHERE return_id = :id AND state = 'proposed'")
_GRANTED = text(
    "SELECT count(*), coalesce(sum(refund), 0) FROM return_units WHERE order_line_id = :line AND id <> :unit "
    "AND decided_at IS NOT NULL"
)
_SHIPPED_LOT = text(
    "SELECT m.lot_id FROM stock_movements m LEFT JOIN lots t ON t.id = m.lot_id WHERE m.order_line_id = :line "
    "AND m.reason = 'ship' ORDER BY CASE WHEN t.code = :lot THEN 0 ELSE 1 END, m.id LIMIT 1"
)
_USUAL_SHELF = text(
    "SELECT l.id, l.code FROM stock_movements m JOIN locations l ON l.id = m.from_location_id "
    "WHERE m.order_line_id = :line AND m.reason IN ('pick', 'pack') AND l.kind IN ('shelf', 'bulk') AND l.active "
    "AND l.warehouse_id = :warehouse ORDER BY m.id DESC LIMIT 1"
)
_ANY_SHELF = text(
    "SELECT l.id, l.code FROM stock_balances b JOIN locations l ON l.id = b.location_id "
    "WHERE b.product_id = :product AND b.condition = 'new' AND l.kind IN ('shelf', 'bulk') AND l.active "
    "AND l.warehouse_id = :warehouse ORDER BY CASE l.kind WHEN 'shelf' THEN 0 ELSE 1 END, b.on_hand DESC, "
    "l.pick_sequence, l.id LIMIT 1"
)
_PLACE_CODE = text("SELECT code FROM locations WHERE id = :place")


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A return as each gesture judges it."""

    id: int
    code: str
    order_id: int
    warehouse_id: int
    state: ReturnState
    number: str


def stamp(actor: Actor) -> int:
    """The moment as it is stored."""
    return round(actor.now.timestamp() * 1000)


def a_return(session: Session, return_id: int) -> ReturnRow | None:
    """A return; None when there is none."""
    row = session.connection().execute(_RETURN, {"id": return_id}).first()
    return None if row is None else ReturnRow(row[0], row[1], row[2], row[3], ReturnState(row[4]), row[5])


def _number(session: Session, statement: TextClause, **values: object) -> int | None:
    found = session.connection().execute(statement, values).scalar()
    return None if found is None else int(found)


def open_return_of(session: Session, actor: Actor, order_id: int) -> int | None:
    """The newest return of an order that is not over."""
    return _number(session, _OPEN_OF_ORDER, order=order_id, warehouse=actor.warehouse_id)


def shipped_and_back(session: Session, order_id: int) -> tuple[int, int]:
    """Units of an order that were shipped, and that came back before."""
    return _number(session, _SHIPPED, order=order_id) or 0, _number(session, _BACK, order=order_id) or 0


def new_return(session: Session, actor: Actor, order_id: int) -> tuple[int, str]:
    """Permission to send something back, made at the bench; its id and code."""
    values = {"code": f"RMA-NEW-{actor.gesture_id}"[:64], "order": order_id, "warehouse": actor.warehouse_id}
    made = _number(session, _NEW_RETURN, **values, at=stamp(actor)) or 0
    code = f"RMA-{made:04d}"
    session.connection().execute(_SET_CODE, {"id": made, "code": code})
    return made, code


def set_state(session: Session, row: ReturnRow, new: ReturnState) -> None:
    """Moves a return on."""
    session.connection().execute(_SET_STATE, {"id": row.id, "old": row.state.value, "new": new.value})


def close(session: Session, actor: Actor, return_id: int) -> None:
    """The return is over."""
    session.connection().execute(_CLOSE, {"id": return_id, "at": stamp(actor)})


def new_receipt(session: Session, actor: Actor, return_id: int) -> int:
    """One parcel that came back."""
    values = {"id": return_id, "at": stamp(actor), "station": actor.station_id, "operator": actor.operator_id}
    return _number(session, _NEW_RECEIPT, **values) or 0


def new_unit(
    session: Session,
    actor: Actor,
    return_id: int,
    receipt_id: int,
    product_id: int,
    place_id: int,
    *,
    line_id: int | None = None,
    lot_id: int = 0,
    disposition: Disposition | None = None,
) -> int:
    """A unit in the hand; one that is not ours is decided at once."""
    values = {
        "id": return_id,
        "receipt": receipt_id,
        "line": line_id,
        "product": product_id,
        "lot": lot_id,
        "place": place_id,
        "reason": "" if line_id is not None else "foreign",
        "disposition": disposition.value if disposition is not None else None,
        "at": stamp(actor),
        "decided_at": stamp(actor) if disposition is not None else None,
        "decided_by": actor.operator_id if disposition is not None else None,
    }
    return _number(session, _NEW_UNIT, **values) or 0


def set_grade(session: Session, unit_id: int, grade: Condition) -> None:
    """How the unit looks."""
    session.connection().execute(_SET_GRADE, {"unit": unit_id, "value": grade.value})


def clear_grade(session: Session, unit_id: int) -> None:
    """How the unit looks is asked anew."""
    session.connection().execute(_CLEAR_GRADE, {"unit": unit_id})


def set_reason(session: Session, unit_id: int, reason: str) -> None:
    """Why it came back."""
    session.connection().execute(_SET_REASON, {"unit": unit_id, "value": reason})


def decide(session: Session, actor: Actor, unit_id: int, disposition: Disposition, place_id: int, refund: int) -> None:
    """Where the unit went, and what is given back for it."""
    session.connection().execute(
        _DECIDE,
        {
            "unit": unit_id,
            "disposition": disposition.value,
            "place": place_id,
            "refund": refund,
            "at": stamp(actor),
            "operator": actor.operator_id,
        },
    )


def undecide(session: Session, unit_id: int, place_id: int) -> None:
    """The unit lies at the returns place again, undecided."""
    session.connection().execute(_UNDECIDE, {"unit": unit_id, "place": place_id})


def forget(session: Session, unit_id: int) -> None:
    """The unit was never scanned."""
    session.connection().execute(_FORGET, {"unit": unit_id})


def drop_proposal(session: Session, return_id: int) -> None:
    """What was proposed to be given back does not stand any more: the units are others now."""
    session.connection().execute(_DROP_PROPOSED_LINES, {"id": return_id})
    session.connection().execute(_DROP_PROPOSED, {"id": return_id})


def granted(session: Session, line_id: int, unit_id: int) -> tuple[int, int]:
    """How many other units of a line were decided, and what was granted for them."""
    row = session.connection().execute(_GRANTED, {"line": line_id, "unit": unit_id}).one()
    return int(row[0]), int(row[1])


def shipped_lot(session: Session, line_id: int, lot: str) -> int:
    """The lot of a line that was shipped: the scanned one where it was, else the first."""
    return _number(session, _SHIPPED_LOT, line=line_id, lot=lot) or 0


def usual_shelf(session: Session, actor: Actor, line_id: int | None, product_id: int) -> tuple[int, str] | None:
    """Where the product goes: the shelf it was taken from, else the one where most of it lies; None without any."""
    connection = session.connection()
    values = {"line": line_id, "product": product_id, "warehouse": actor.warehouse_id}
    row = None if line_id is None else connection.execute(_USUAL_SHELF, values).first()
    row = row or connection.execute(_ANY_SHELF, values).first()
    return None if row is None else (int(row[0]), str(row[1]))


def place_code(session: Session, place_id: int) -> str:
    """The code of a place."""
    return str(session.connection().execute(_PLACE_CODE, {"place": place_id}).scalar_one())


def pay_back(session: Session, actor: Actor, order_id: int, amount: int, currency: str, refund_id: int) -> None:
    """Money that was given back, as a payment of the order."""
    values = {"order": order_id, "amount": amount, "currency": currency, "reference": f"refund {refund_id}"}
    session.connection().execute(_PAY_BACK, {**values, "at": stamp(actor)})
