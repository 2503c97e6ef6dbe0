"""What the office changes on an order: its address, priority, note, and whether it may ship in parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.domain.addresses import AddressProblem, check_address, country_code, tidy_postcode
from app.domain.capture import PostalAddress
from app.domain.errors import BadUseError
from app.domain.outcomes import Change, Outcome, Sound, done, refused
from app.domain.roles import Permission
from app.domain.states import FulfillmentState, OrderState
from app.domain.storable import SHORT, storable
from app.models.demand import Address, Order
from app.models.edits import BenchChangeKind
from app.models.fulfillment import Fulfillment
from app.models.locks import lock_fulfillments, lock_orders
from app.services import bench_changes, edit_labels
from app.services.actor import Actor
from app.services.audit import record, veil
from app.services.capture.prepare import address_row
from app.services.changes import note_changes
from app.services.edit_versions import changed_since, next_version
from app.services.permissions import forbidden
from app.services.search_words import refresh_search_words
from app.services.verify import verify_orders

PRIORITIES = range(1, 10)
_GONE = (OrderState.SHIPPED, OrderState.CLOSED, OrderState.CANCELLED)
_LIVE = select(Fulfillment.id).where(
    Fulfillment.order_id == bindparam("order"),
    Fulfillment.state.not_in((FulfillmentState.SHIPPED, FulfillmentState.CANCELLED)),
)


def mend_address(
    session: Session,
    actor: Actor,
    order_id: int,
    fields: Mapping[str, str],
    *,
    reason: str = "",
    seen: int | None = None,
) -> Outcome:
    """Changes parts of the address an order goes to; its hold is lifted when nothing is wrong any more.

    `fields` are named as in PostalAddress; BadUseError for others. Labels with the old address are taken back and
    bought anew, and a bench that has the order open stops. Refused for an order that has left, while a label is being
    bought, and if the order is not as it was when it was `seen`. What the channel had told is kept, so that it telling
    the same again does not undo the mending.
    """
    not_allowed = forbidden(session, actor, Permission.MEND_ORDER)
    if not_allowed is not None:
        return not_allowed
    unknown = set(fields) - set(PostalAddress.__slots__)
    if unknown:
        raise BadUseError("order.unknown_field", field=sorted(unknown)[0])
    order, refusal = _open_order(session, order_id, seen)
    if order is None:
        return refusal
    address = session.get_one(Address, order.ship_to_id)
    before = postal_address(address)
    after = _tidy(replace(before, **{name: value.strip() for name, value in fields.items()}))
    problems = check_address(after)
    if after == before:
        return _said(order, problems)
    lock_fulfillments(session, session.scalars(_LIVE, {"order": order_id}))
    if edit_labels.unsettled(session, order_id):
        return refused("edit.label_unsettled", number=order.number)
    if "captured_ship_to" not in order.extras:
        order.extras = {**order.extras, "captured_ship_to": address_row(before)}
    for name, value in address_row(after).items():
        setattr(address, name, value)
    session.flush()
    refresh_search_words(session, [order_id])
    verify_orders(session, actor, [order_id])
    changed = sorted(name for name in PostalAddress.__slots__ if getattr(before, name) != getattr(after, name))
    labels = _on_the_floor(session, actor, order_id, BenchChangeKind.ADDRESS, reason)
    detail = {"fields": changed, "address": veil(session, repr(after)), "reason": reason.strip(), "labels": labels}
    record(session, actor, "order.mend_address", "order", order_id, detail)
    outcome = _said(order, problems)
    if labels and outcome.code == "order.address_mended":
        outcome = done("order.address_mended_label", number=order.number, labels=len(labels))
    return _changed(session, actor, order, outcome)


def set_service(
    session: Session, actor: Actor, order_id: int, service: str, *, reason: str = "", seen: int | None = None
) -> Outcome:
    """Changes how an order is shipped, as far as it has not left; labels of the old service are bought anew.

    Refused as for an address. An empty service lets the carrier's rules choose.
    """
    not_allowed = forbidden(session, actor, Permission.MEND_ORDER)
    if not_allowed is not None:
        return not_allowed
    order, refusal = _open_order(session, order_id, seen)
    if order is None:
        return refusal
    before, after = order.service, storable(service.strip(), SHORT)
    if after == before:
        return done("order.service_same", number=order.number, service=after)
    lock_fulfillments(session, session.scalars(_LIVE, {"order": order_id}))
    if edit_labels.unsettled(session, order_id):
        return refused("edit.label_unsettled", number=order.number)
    order.service = after
    session.execute(
        update(Fulfillment)
        .where(Fulfillment.order_id == order_id, Fulfillment.shipped_at.is_(None))
        .values(service=after)
    )
    session.flush()
    labels = _on_the_floor(session, actor, order_id, BenchChangeKind.SERVICE, reason)
    detail = {"service": after, "before": before, "reason": reason.strip(), "labels": labels}
    record(session, actor, "order.service", "order", order_id, detail)
    if labels:
        outcome = done("order.service_set_label", number=order.number, service=after, labels=len(labels))
    else:
        outcome = done("order.service_set", number=order.number, service=after)
    return _changed(session, actor, order, outcome)


def _on_the_floor(session: Session, actor: Actor, order_id: int, kind: BenchChangeKind, reason: str) -> list[int]:
    """What a new address or service means there: labels are replaced, benches hear of it. Gives the labels."""
    labels, changes = edit_labels.replace_labels(session, actor, order_id)
    parts = list(session.scalars(_LIVE, {"order": order_id}))
    bench_changes.tell(session, actor, parts, [bench_changes.Told(kind)], reason)
    note_changes(session, actor, [*changes, *(Change("fulfillment", ident) for ident in parts)])
    return labels


def set_priority(session: Session, actor: Actor, order_id: int, priority: int) -> Outcome:
    """1 goes first, 5 is normal, 9 goes last; its open fulfillments go with it."""
    not_allowed = forbidden(session, actor, Permission.PRIORITY)
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
    not_allowed = forbidden(session, actor, Permission.MEND_ORDER)
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
    not_allowed = forbidden(session, actor, Permission.MEND_ORDER)
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


def _open_order(
    session: Session, order_id: int, seen: int | None = None
) -> tuple[Order, Outcome] | tuple[None, Outcome]:
    lock_orders(session, [order_id])
    order = session.execute(
        select(Order).where(Order.id == order_id).execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if order is None:
        return None, refused("order.unknown")
    late = changed_since(session, order_id, seen)
    if late is not None:
        return None, late
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
    next_version(session, order.id)
    return replace(outcome, changes=note_changes(session, actor, [Change("order", order.id)]))
