"""Orders that are typed in: drafts that survive a crash, numbers of their own, captured as every order is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from app.domain.manual_order import CHANNEL, ManualOrder
from app.domain.outcomes import Change, Outcome, Value, done, refused
from app.domain.roles import Permission
from app.domain.states import HoldKind
from app.models.demand import Customer, Hold, Order
from app.models.edits import OrderDraft
from app.services.actor import Actor
from app.services.allocate import allocate_orders
from app.services.audit import record
from app.services.capture.lookups import ensure_channel
from app.services.capture.orders import capture_orders, cut_off_of
from app.services.changes import note_changes
from app.services.permissions import forbidden

FIRST = 1001
"""The first number of a series."""
PREFIX = "M"
_NEXT = text(
    "INSERT INTO number_series (key, last) VALUES (:key, :first) "
    "ON CONFLICT (key) DO UPDATE SET last = number_series.last + 1 RETURNING last"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """An order that is being typed: what was typed so far, and when it was kept last."""

    id: int
    content: Mapping[str, object]
    saved_at: datetime


def next_number(session: Session, key: str = CHANNEL) -> str:
    """The next number of a series. Its row is locked until this transaction ends, so none is given twice or lost."""
    last = session.connection().execute(_NEXT, {"key": key, "first": FIRST}).scalar_one()
    return f"{PREFIX}{last}"


def save_draft(session: Session, actor: Actor, draft_id: int | None, content: Mapping[str, object]) -> int:
    """Keeps what is typed; gives the draft's id. One that was taken already is left as it is."""
    if draft_id is None:
        row = {
            "operator_id": actor.operator_id,
            "station_id": actor.station_id,
            "begun_at": actor.now,
            "saved_at": actor.now,
            "content": dict(content),
        }
        return int(session.connection().execute(insert(OrderDraft).values(row).returning(OrderDraft.id)).scalar_one())
    session.connection().execute(
        update(OrderDraft)
        .where(OrderDraft.id == draft_id, OrderDraft.order_id.is_(None))
        .values(content=dict(content), saved_at=actor.now)
    )
    return draft_id


def last_draft(session: Session, operator_id: int | None) -> Draft | None:
    """What this person typed last and neither took nor threw away."""
    row = session.execute(
        select(OrderDraft.id, OrderDraft.content, OrderDraft.saved_at)
        .where(OrderDraft.operator_id == operator_id, OrderDraft.order_id.is_(None))
        .order_by(OrderDraft.id.desc())
        .limit(1)
    ).first()
    return None if row is None else Draft(row.id, row.content, row.saved_at)


def drop_draft(session: Session, draft_id: int) -> None:
    """Throws away what was typed."""
    draft = session.get(OrderDraft, draft_id, with_for_update=True)
    if draft is not None and draft.order_id is None:
        session.delete(draft)
        session.flush()


def enter_order(session: Session, actor: Actor, draft_id: int, typed: ManualOrder) -> Outcome:
    """Takes an order from its draft, once: asked again it answers with the order that was made of it.

    It is captured, verified and promised stock as an order of any channel. Refused for who may not, and while
    something is missing.
    """
    session.flush()
    not_allowed = forbidden(session, actor, Permission.ENTER_ORDER)
    if not_allowed is not None:
        return not_allowed
    draft = session.get(OrderDraft, draft_id, with_for_update=True, populate_existing=True)
    if draft is None:
        return refused("entry.no_draft")
    if draft.order_id is not None:
        number = session.execute(select(Order.number).where(Order.id == draft.order_id)).scalar_one()
        return done("entry.taken_already", number=number, order_id=draft.order_id)
    if typed.missing:
        return refused(typed.missing)
    ensure_channel(session, CHANNEL, "Typed in")
    number = next_number(session)
    ship_by = None
    if typed.ship_on is not None:
        ship_by = cut_off_of(session, replace(actor, now=datetime.combine(typed.ship_on, time(), UTC)))
    counts = capture_orders(session, actor, CHANNEL, [typed.captured(number, actor.now, ship_by)])
    order_id = counts.new_ids[0]
    session.expire_all()
    order = session.get_one(Order, order_id)
    order.priority = typed.priority
    if typed.customer_id is not None and session.get(Customer, typed.customer_id) is not None:
        order.customer_id = typed.customer_id
    draft = session.get_one(OrderDraft, draft_id)
    draft.order_id = order_id
    session.flush()
    record(session, actor, "order.entered", "order", order_id, {"number": number, "draft": draft_id})
    allocate_orders(session, actor, [order_id])
    return _told(session, actor, order_id, number)


def _told(session: Session, actor: Actor, order_id: int, number: str) -> Outcome:
    """The number, and what still stands in its way."""
    hold = session.execute(
        select(Hold.kind).where(Hold.order_id == order_id, Hold.released_at.is_(None)).order_by(Hold.id)
    ).scalar()
    values: dict[str, Value] = {"number": number, "order_id": order_id}
    code = "entry.taken"
    if hold is not None:
        code = "entry.taken_waits" if hold is HoldKind.STOCK else "entry.taken_held"
        values["kind"] = hold.value
    return replace(done(code, **values), changes=note_changes(session, actor, [Change("order", order_id)]))
