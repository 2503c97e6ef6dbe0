"""What the office changes on an order: its address, priority, note, and whether it may ship in parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.domain.addresses import AddressProblem, check_address, country_code, tidy_postcode
from app.domain.capture import PostalAddress
from app.domain.errors import BadUseError
from app.domain.outcomes import Change, Outcome, Sound, done, refused
from app.domain.roles import Permission
from app.domain.states import OrderState
from app.domain.storable import storable
from app.models.demand import Address, Order
from app.models.fulfillment import Fulfillment
from app.models.locks import lock_orders
from app.services.actor import Actor
from app.services.audit import record, veil
from app.services.capture.prepare import address_row
from app.services.changes import note_changes
from app.services.permissions import forbidden
from app.services.search_words import refresh_search_words
from app.services.verify import verify_orders

PRIORITIES = range(1, 10)
_GONE = (OrderState.SHIPPED, OrderState.CLOSED, OrderState.CANCELLED)
_ON_LABEL = text(
    "SELECT count(*) FROM labels l JOIN packages p ON p.id = l.package_id JOIN fulfillments f "
    "ON f.id = p.fulfillment_id WHERE f.order_id = :order AND l.state NOT IN ('refused', 'voided', 'handed_over')"
)


def mend_address(session: Session, actor: Actor, order_id: int, fields: Mapping[str, str]) -> Outcome:
    """Changes parts of the address an order goes to; its hold is lifted when nothing is wrong any more.

    `fields` are named as in PostalAddress; BadUseError for others. Refused for an order that has left, and while a
    label with the old address is on a parcel. What the channel had told is kept, so that it telling the same again
    does not undo the mending.
    """
    not_allowed = forbidden(actor, Permission.MEND_ORDER)
    if not_allowed is not None:
        return not_allowed
    unknown = set(fields) - set(PostalAddress.__slots__)
    if unknown:
        raise BadUseError("order.unknown_field", field=sorted(unknown)[0])
    order, refusal = _open_order(session, order_id)
    if order is None:
        return refusal
    if session.connection().execute(_ON_LABEL, {"order": order_id}).scalar_one():
        return refused("order.address_on_label", number=order.number)
    address = session.get_one(Address, order.ship_to_id)
    before = postal_address(address)
    after = _tidy(replace(before, **{name: value.strip() for name, value in fields.items()}))
    problems = check_address(after)
    if after == before:
        return _said(order, problems)
    if "captured_ship_to" not in order.extras:
        order.extras = {**order.extras, "captured_ship_to": address_row(before)}
    for name, value in address_row(after).items():
        setattr(address, name, value)
    session.flush()
    refresh_search_words(session, [order_id])
    verify_orders(session, actor, [order_id])
    changed = sorted(name for name in PostalAddress.__slots__ if getattr(before, name) != getattr(after, name))
    detail = {"fields": changed, "address": veil(session, repr(after))}
    record(session, actor, "order.mend_address", "order", order_id, detail)
    changes = note_changes(session, actor, [Change("order", order_id)])
    return replace(_said(order, problems), changes=changes)


def set_priority(session: Session, actor: Actor, order_id: int, priority: int) -> Outcome:
    """1 goes first, 5 is normal, 9 goes last; its open fulfillments go with it."""
    not_allowed = forbidden(actor, Permission.PRIORITY)
    if not_allowed is not None:
        return not_allowed
    if priority not in PRIORITIES:
        return refused("order.bad_priority", priority=priority)
    order, refusal = _open_order(session, order_id)
    if order is None:
        return refusal
    order.priority = priority
    session.execute(
        update(Fulfillment)
        .where(Fulfillment.order_id == order_id, Fulfillment.shipped_at.is_(None))
        .values(priority=priority)
    )
    record(session, actor, "order.priority", "order", order_id, {"priority": priority})
    return _changed(session, actor, order, done("order.priority_set", number=order.number, priority=priority))


def set_note(session: Session, actor: Actor, order_id: int, note: str) -> Outcome:
    """What packers read beside the order."""
    not_allowed = forbidden(actor, Permission.MEND_ORDER)
    if not_allowed is not None:
        return not_allowed
    order, refusal = _open_order(session, order_id)
    if order is None:
        return refusal
    order.note = storable(note.strip())
    record(session, actor, "order.note", "order", order_id, {"note": veil(session, order.note)})
    return _changed(session, actor, order, done("order.note_set", number=order.number))


def set_may_ship_in_parts(session: Session, actor: Actor, order_id: int, allowed: bool) -> Outcome:
    """Whether what is here may leave before the rest."""
    not_allowed = forbidden(actor, Permission.MEND_ORDER)
    if not_allowed is not None:
        return not_allowed
    order, refusal = _open_order(session, order_id)
    if order is None:
        return refusal
    order.may_ship_in_parts = allowed
    record(session, actor, "order.ship_in_parts", "order", order_id, {"allowed": allowed})
    code = "order.ships_in_parts" if allowed else "order.ships_whole"
    return _changed(session, actor, order, done(code, number=order.number))


def postal_address(address: Address) -> PostalAddress:
    """A stored address as a value."""
    return PostalAddress(**{name: getattr(address, name) for name in PostalAddress.__slots__})


def _open_order(session: Session, order_id: int) -> tuple[Order, Outcome] | tuple[None, Outcome]:
    lock_orders(session, [order_id])
    order = session.execute(select(Order).where(Order.id == order_id)).scalar_one_or_none()
    if order is None:
        return None, refused("order.unknown")
    if order.state in _GONE:
        return None, refused("order.already_done", number=order.number, state=order.state.value)
    return order, done("order.open")


def _tidy(address: PostalAddress) -> PostalAddress:
    country = country_code(address.country)
    postcode = tidy_postcode(country, address.postcode) if address.postcode else None
    return replace(address, country=country, postcode=postcode or address.postcode)


def _said(order: Order, problems: tuple[AddressProblem, ...]) -> Outcome:
    if problems:
        code = problems[0].code
        return done("order.address_still_bad", Sound.ATTENTION, number=order.number, fault=code, more=len(problems) - 1)
    return done("order.address_mended", number=order.number)


def _changed(session: Session, actor: Actor, order: Order, outcome: Outcome) -> Outcome:
    session.flush()
    return replace(outcome, changes=note_changes(session, actor, [Change("order", order.id)]))
