"""The lines of an order as the office wants them: more, fewer, other goods, with its consequence on the floor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from app.domain.order_edits import EditFault, LineEdit, LineNow, LineWish, NewLine, line_edits
from app.domain.outcomes import Change, Outcome, Value, done, refused
from app.domain.roles import Permission
from app.domain.states import OrderState
from app.models.catalogue import Product
from app.models.demand import Order, OrderLine
from app.services import audit, cancel, cancel_rows
from app.services.actor import Actor
from app.services.cancel_rows import Work
from app.services.changes import note_changes
from app.services.edit_grow import Grown, ShortOfStockError, grow
from app.services.edit_versions import changed_since, next_version
from app.services.order_states import refresh_orders
from app.services.permissions import forbidden
from app.services.search_words import refresh_search_words

_GONE = (OrderState.SHIPPED, OrderState.CLOSED, OrderState.CANCELLED)
_NEXT_NUMBER = text("SELECT coalesce(MAX(line_no), 0) + 1 FROM order_lines WHERE order_id = :order")
_CAPTURED = text(
    "SELECT channel_line_ref, sku, quantity, elsewhere, requires_shipping FROM order_lines "
    "WHERE order_id = :order AND merged_from_id IS NULL ORDER BY line_no"
)
CAPTURED_LINES = "captured_lines"
"""What the channel had told of the lines, kept in an order's extras once somebody edits them here."""


@dataclass(slots=True)
class _Sums:
    """What an edit came to; counted while it is done."""

    along: int = 0
    apart: int = 0
    waiting: int = 0
    put_back: int = 0
    lists: tuple[int, ...] = ()

    def add(self, grown: Grown) -> None:
        self.along, self.apart = self.along + grown.along, self.apart + grown.apart
        self.waiting += grown.waiting
        self.lists += grown.lists


class _RefusedError(Exception):
    """One of several steps may not be, since one before it had its consequence: nothing is done."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


def edit_lines(
    session: Session,
    actor: Actor,
    order_id: int,
    wishes: Sequence[LineWish],
    new: Sequence[NewLine],
    reason: str,
    *,
    seen: int | None = None,
) -> Outcome:
    """Brings the lines to what is wished: what is added is promised and fetched, what is taken away is put back.

    Refused as a whole, with nothing changed: without a reason, if the order is not as it was when it was `seen`, for
    fewer units than have left, and for more than there are where the order is on the floor and may not ship in parts.
    """
    session.flush()
    refusal = _may_not(session, actor, wishes, reason)
    work = cancel_rows.locked_work(session, order_id) if refusal is None else None
    if refusal is not None or work is None:
        return refusal or refused("order.unknown")
    late = changed_since(session, order_id, seen) or _ended(session, order_id, work.number)
    if late is not None:
        return late
    edits = line_edits(_lines_now(work), wishes, new)
    if isinstance(edits, EditFault):
        return refused(edits.code, number=work.number, sku=edits.sku, count=edits.number)
    if _needs_parcels(work, edits) and work.unsettled:
        return refused("edit.label_unsettled", number=work.number)
    if not new and sum(edit.difference for edit in edits) == -sum(max(line.open, 0) for line in work.lines):
        return cancel.cancel_order(session, actor, order_id, reason)
    savepoint = session.begin_nested()
    try:
        sums = _apply(session, actor, order_id, edits, new, reason)
    except (ShortOfStockError, _RefusedError) as error:
        savepoint.rollback()
        session.expire_all()
        if isinstance(error, _RefusedError):
            return error.outcome
        return refused("edit.not_enough", number=work.number, sku=error.sku, count=error.lacking)
    savepoint.commit()
    return _told(session, actor, order_id, work, edits, new, reason, sums)


def keep_captured_lines(session: Session, order_id: int) -> None:
    """Keeps what the channel had told of the lines, so that its telling the same again changes nothing."""
    order = session.execute(
        select(Order).where(Order.id == order_id).execution_options(populate_existing=True)
    ).scalar_one()
    if CAPTURED_LINES in order.extras:
        return
    rows = session.connection().execute(_CAPTURED, {"order": order_id}).all()
    told = [[row[0], row[1], row[2], row[3], bool(row[4])] for row in rows]
    order.extras = {**order.extras, CAPTURED_LINES: told}
    session.flush()


def _may_not(session: Session, actor: Actor, wishes: Sequence[LineWish], reason: str) -> Outcome | None:
    not_allowed = forbidden(session, actor, Permission.MEND_ORDER)
    if not_allowed is None and wishes:
        not_allowed = forbidden(session, actor, Permission.CANCEL_ORDER)
    if not_allowed is not None:
        return not_allowed
    return None if reason.strip() else refused("edit.reason_wanted")


def _ended(session: Session, order_id: int, number: str) -> Outcome | None:
    row = session.execute(select(Order.state, Order.merged_into_id).where(Order.id == order_id)).one()
    if row.merged_into_id is not None:
        into = session.execute(select(Order.number).where(Order.id == row.merged_into_id)).scalar_one()
        return refused("edit.merged_away", number=number, into=into)
    return refused("order.already_done", number=number, state=row.state.value) if row.state in _GONE else None


def _lines_now(work: Work) -> list[LineNow]:
    return [
        LineNow(line.id, line.sku, line.product_id, line.quantity - line.cancelled - line.elsewhere, line.shipped)
        for line in work.lines
    ]


def _needs_parcels(work: Work, edits: Sequence[LineEdit]) -> bool:
    """Whether units must come out of parcels, which they do last."""
    lying: dict[int, int] = {}
    for promise in work.promises:
        if promise.location_id in {parcel.location_id for parcel in work.parcels}:
            lying[promise.line_id] = lying.get(promise.line_id, 0) + promise.quantity
    return any(
        edit.difference < 0 and -edit.difference > edit.line.due - edit.line.shipped - lying.get(edit.line.line_id, 0)
        for edit in edits
    )


def _apply(
    session: Session, actor: Actor, order_id: int, edits: Sequence[LineEdit], new: Sequence[NewLine], reason: str
) -> _Sums:
    """More comes before fewer, so that an order whose goods are all swapped never ends in between."""
    keep_captured_lines(session, order_id)
    sums = _Sums()
    for edit in edits:
        if edit.difference > 0 and edit.line.product_id is not None:
            _more(session, order_id, edit)
            sums.add(grow(session, actor, order_id, edit.line.line_id, edit.line.product_id, reason))
    for one in new:
        line_id = _add_line(session, order_id, one)
        sums.add(grow(session, actor, order_id, line_id, one.product_id, reason))
    for edit in edits:
        if edit.difference < 0:
            outcome = cancel.cancel_line(session, actor, edit.line.line_id, -edit.difference, reason)
            if outcome.refused:
                raise _RefusedError(outcome)
            units = outcome.values.get("units")
            sums.put_back += units if isinstance(units, int) else 0
    return sums


def _more(session: Session, order_id: int, edit: LineEdit) -> None:
    """Units that are ordered in addition, at the price of the line."""
    line = session.execute(
        select(OrderLine).where(OrderLine.id == edit.line.line_id).execution_options(populate_existing=True)
    ).scalar_one()
    line.quantity += edit.difference
    line.line_total += edit.difference * line.unit_price
    session.execute(
        update(Order).where(Order.id == order_id).values(total=Order.total + edit.difference * line.unit_price)
    )
    session.flush()


def _add_line(session: Session, order_id: int, one: NewLine) -> int:
    product = session.get_one(Product, one.product_id)
    number = session.connection().execute(_NEXT_NUMBER, {"order": order_id}).scalar_one()
    values: Mapping[str, object] = {
        "order_id": order_id,
        "line_no": number,
        "product_id": product.id,
        "sku": product.sku,
        "title": product.name,
        "quantity": one.quantity,
        "unit_price": one.unit_price,
        "line_total": one.quantity * one.unit_price,
        "extras": {"added": True},
    }
    line_id = session.connection().execute(insert(OrderLine).values(values).returning(OrderLine.id)).scalar_one()
    more = one.quantity * one.unit_price
    session.execute(update(Order).where(Order.id == order_id).values(total=Order.total + more))
    return int(line_id)


def _told(
    session: Session,
    actor: Actor,
    order_id: int,
    work: Work,
    edits: Sequence[LineEdit],
    new: Sequence[NewLine],
    reason: str,
    sums: _Sums,
) -> Outcome:
    session.expire_all()
    refresh_orders(session, [order_id])
    refresh_search_words(session, [order_id])
    next_version(session, order_id)
    detail = {
        "reason": reason.strip(),
        "lines": [[edit.line.line_id, edit.difference] for edit in edits],
        "added": [[one.product_id, one.quantity] for one in new],
        "put_back": sums.put_back,
        "waiting": sums.waiting,
    }
    audit.record(session, actor, "order.lines_edited", "order", order_id, detail)
    changes = [Change("order", order_id), *(Change("fulfillment", ident) for ident in work.fulfillment_ids)]
    changes += [Change("pick_list", ident) for ident in sums.lists]
    values: dict[str, Value] = {
        "number": work.number,
        "along": sums.along,
        "apart": sums.apart,
        "waiting": sums.waiting,
        "put_back": sums.put_back,
    }
    code = "edit.lines_wait" if sums.waiting else "edit.lines_floor" if sums.along or sums.put_back else "edit.lines"
    return replace(done(code, **values), changes=note_changes(session, actor, changes))
