"""The money of a return: proposed by a clerk, settled by who may decide; never more than was captured."""

from __future__ import annotations

from sqlalchemy import text

from app.domain.outcomes import Outcome, Result, Sound, Value, refused
from app.domain.refunds import Proposal
from app.domain.roles import Permission, may
from app.domain.states import ReturnState
from app.domain.work import ReturnWork
from app.queries.return_work import UnitRow, order_money, proposal, return_units
from app.services import claims
from app.services.desk import RETURN, Desk
from app.services.returning import rows, steps
from app.services.returning.rows import ReturnRow

PROPOSED, SETTLED = "proposed", "settled"

_PROPOSED = text("SELECT id FROM refunds WHERE return_id = :id AND state = 'proposed' ORDER BY id LIMIT 1")
_NEW = text(
    "INSERT INTO refunds (order_id, return_id, amount, currency, state, reason, decided_by_id, at) "
    "VALUES (:order, :id, :amount, :currency, :state, :reason, :operator, :at) RETURNING id"
)
_CHANGE = text(
    "UPDATE refunds SET amount = :amount, state = :state, decided_by_id = :operator, at = :at WHERE id = :refund"
)
_NO_LINES = text("DELETE FROM refund_lines WHERE refund_id = :refund")
_LINE = text(
    "INSERT INTO refund_lines (refund_id, order_line_id, return_unit_id, what, amount) "
    "VALUES (:refund, :line, :unit, :what, :amount)"
)


def on_command(desk: Desk, row: ReturnRow) -> Outcome:
    """Records the refund of this return, once every unit is decided."""
    session = desk.session
    units = return_units(session, row.id)
    undecided = sum(1 for unit in units if not unit.decided)
    if not units:
        return refused("returns.nothing_received", code=row.code)
    if undecided:
        return refused("returns.units_left", count=undecided)
    money = order_money(session, row.order_id)
    proposed = proposal(units, money)
    if not proposed.amount:
        return _close(desk, row, "returns.closed_without_refund", 0, money.currency)
    settled = _may_settle(desk, proposed.amount)
    _record(desk, row, units, proposed, money.currency, SETTLED if settled else PROPOSED)
    desk.changed("order", row.order_id)
    if settled:
        return _close(desk, row, "returns.refunded", proposed.amount, money.currency)
    work = steps.snapshot(desk)
    return _leave(desk, row, "returns.refund_proposed", proposed.amount, money.currency, work)


def _may_settle(desk: Desk, amount: int) -> bool:
    return may(desk.actor.role, Permission.DECIDE_REFUND) or amount <= desk.settings.refund_by_lead_above


def _record(
    desk: Desk, row: ReturnRow, units: tuple[UnitRow, ...], proposed: Proposal, currency: str, state: str
) -> None:
    """One refund with its lines; a proposal that stood before becomes this one. What is settled is a payment too."""
    connection = desk.session.connection()
    at, operator = rows.stamp(desk.actor), desk.actor.operator_id
    values = {"amount": proposed.amount, "state": state, "operator": operator, "at": at}
    refund_id = connection.execute(_PROPOSED, {"id": row.id}).scalar()
    if refund_id is None:
        new = {**values, "order": row.order_id, "id": row.id, "currency": currency, "reason": "return"}
        refund_id = connection.execute(_NEW, new).scalar_one()
    else:
        connection.execute(_CHANGE, {**values, "refund": refund_id})
        connection.execute(_NO_LINES, {"refund": refund_id})
    lines = [
        {"refund": refund_id, "line": unit.line_id, "unit": unit.id, "what": "goods", "amount": proposed.units[unit.id]}
        for unit in units
        if unit.id in proposed.units
    ]
    if proposed.post:
        lines.append({"refund": refund_id, "line": None, "unit": None, "what": "post", "amount": proposed.post})
    connection.execute(_LINE, lines)
    if state == SETTLED:
        rows.pay_back(desk.session, desk.actor, row.order_id, proposed.amount, currency, refund_id)


def _close(desk: Desk, row: ReturnRow, code: str, amount: int, currency: str) -> Outcome:
    if row.state is ReturnState.RECEIVED:  # of what was not ours nothing had to be decided
        rows.set_state(desk.session, row, ReturnState.INSPECTED)
    rows.close(desk.session, desk.actor, row.id)
    work = steps.snapshot(desk)
    return _leave(desk, row, code, amount, currency, work)


def _leave(desk: Desk, row: ReturnRow, code: str, amount: int, currency: str, work: ReturnWork) -> Outcome:
    claims.end(desk.session, RETURN, row.id)
    desk.changed(RETURN, row.id)
    desk.close_work()
    values: dict[str, Value] = {"code": row.code, "number": row.number, "amount": amount, "currency": currency}
    return Outcome(Result.DONE, code, Sound.COMPLETE, values, work=work)
