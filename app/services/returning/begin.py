"""Opening a return: by order, parcel, tracking number or RMA; made when the order has none open."""

from __future__ import annotations

from sqlalchemy import text

from app.domain.outcomes import Outcome, Place, Result, Sound, Value, refused
from app.domain.roles import Permission, may
from app.domain.states import ReturnState
from app.models import locks
from app.queries.return_work import return_units
from app.services import claims
from app.services import take_over as taking
from app.services.desk import RETURN, Desk
from app.services.pick.walk import held_by
from app.services.returning import rows, steps

_ORDER_OF_PACKAGE = text(
    "SELECT f.order_id FROM packages p JOIN fulfillments f ON f.id = p.fulfillment_id WHERE p.id = :package"
)
_ORDER_OF_FULFILLMENT = text("SELECT order_id FROM fulfillments WHERE id = :fulfillment")
_NUMBER = text("SELECT number FROM orders WHERE id = :order")
_LEFT_WITH = text("SELECT coalesce(merged_into_id, id) FROM orders WHERE id = :order")


def open_package(desk: Desk, package_id: int) -> Outcome:
    """Opens the return of the order that a parcel belonged to."""
    order_id = desk.session.connection().execute(_ORDER_OF_PACKAGE, {"package": package_id}).scalar_one()
    return open_order(desk, int(order_id))


def open_fulfillment(desk: Desk, fulfillment_id: int) -> Outcome:
    """Opens the return of the order of a fulfillment."""
    order_id = desk.session.connection().execute(_ORDER_OF_FULFILLMENT, {"fulfillment": fulfillment_id}).scalar_one()
    return open_order(desk, int(order_id))


def open_order(desk: Desk, order_id: int) -> Outcome:
    """Opens the order's return; makes one when none is open and something of it may still come back.

    The goods of an order that went along with another are lines of that one: it is opened by either number.
    """
    if not may(desk.actor.role, Permission.RETURN):
        return refused("returns.not_permitted")
    session = desk.session
    order_id = int(session.connection().execute(_LEFT_WITH, {"order": order_id}).scalar_one())
    locks.lock_orders(session, [order_id])
    known = rows.open_return_of(session, desk.actor, order_id)
    if known is not None:
        return open_return(desk, known)
    number = str(session.connection().execute(_NUMBER, {"order": order_id}).scalar_one())
    shipped, back = rows.shipped_and_back(session, order_id)
    if not shipped:
        return refused("returns.nothing_shipped", number=number)
    if back >= shipped:
        return refused("returns.all_back", number=number, units=back)
    made, _ = rows.new_return(session, desk.actor, order_id)
    return open_return(desk, made)


def open_return(desk: Desk, return_id: int, *, by_force: bool = False) -> Outcome:
    """Opens a return where it was left; refused when it is over or somebody else has it."""
    if not may(desk.actor.role, Permission.RETURN):
        return refused("returns.not_permitted")
    session = desk.session
    row = rows.a_return(session, return_id)
    if row is None or row.warehouse_id != desk.actor.warehouse_id:
        return refused("returns.other_warehouse", code=row.code if row is not None else "")
    if row.state in (ReturnState.CLOSED, ReturnState.REJECTED):
        return refused("returns.over", code=row.code, state=row.state.value)
    locks.lock_return(session, return_id)
    holder = claims.take(session, desk.actor, RETURN, return_id, desk.settings.claim_minutes, by_force=by_force)
    if holder is not None:
        desk.memory["held"] = [RETURN, return_id]
        return refused("returns.held", Sound.ATTENTION, **held_by(holder, desk, row.code))
    if row.state is ReturnState.REQUESTED:
        rows.set_state(session, row, ReturnState.AUTHORIZED)
    desk.open_work(RETURN, return_id, Place.RETURNS)
    desk.changed(RETURN, return_id)
    units = return_units(session, return_id)
    steps.settle(desk, units)
    values: dict[str, Value] = {"code": row.code, "number": row.number, "units": len(units)}
    code = "returns.resumed" if units else "returns.opened"
    return Outcome(Result.NAVIGATE, code, Sound.ACCEPTED, values, place=Place.RETURNS, work=steps.snapshot(desk))


def take_over(desk: Desk, return_id: int, reason: str = "") -> Outcome:
    """Takes a return from whoever holds it, if the operator may; without a reason it asks for one."""
    if not may(desk.actor.role, Permission.TAKE_OVER):
        return refused("returns.take_over_not_permitted")
    holder = claims.holder(desk.session, RETURN, return_id, desk.actor.now)
    if holder is not None and not reason:
        return taking.ask_why(desk, RETURN, return_id, holder)
    taking.write_down(desk, RETURN, return_id, reason)
    return open_return(desk, return_id, by_force=True)
