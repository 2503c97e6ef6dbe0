"""Another site sends what one can't: the rest of a fulfillment goes elsewhere, with its reason and its history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.allocation import Demand, SitesPlan, Wanted
from app.domain.outcomes import Change, Outcome, done, refused
from app.domain.roles import Permission
from app.domain.states import FulfillmentState
from app.domain.storable import LINE, storable
from app.services import audit, cancel_rows, ledger
from app.services.actor import Actor
from app.services.allocate import reserve
from app.services.allocate_rows import (
    Parts,
    WaitingOrder,
    read_demand,
    read_ground,
    read_parts,
    take_one,
)
from app.services.allocate_sites import write_choices
from app.services.allocate_take import write_promises
from app.services.cancel_rows import Promise, Work
from app.services.changes import note_changes
from app.services.order_states import refresh_orders
from app.services.permissions import forbidden
from app.services.pick import shortage
from app.services.stock_holds import detail_of, open_stock_holds, release_stock_holds

MOVABLE = (
    FulfillmentState.ALLOCATED,
    FulfillmentState.RELEASED,
    FulfillmentState.PICKING,
    FulfillmentState.PICKED,
    FulfillmentState.PACKING,
    FulfillmentState.EXCEPTION,
)
_ROW = text(
    "SELECT f.id, f.order_id, f.warehouse_id, f.state, f.state_before_exception, o.number FROM fulfillments f "
    "JOIN orders o ON o.id = f.order_id WHERE f.id = :id"
)
_RESUME = text(
    "UPDATE fulfillments SET state = :state, state_before_exception = '', exception_reason = '' WHERE id = :id"
)
_ALL_PICKED = text(
    "UPDATE fulfillments SET state = 'picked' WHERE id = :id AND state IN ('released', 'picking') AND NOT EXISTS "
    "(SELECT 1 FROM pick_tasks t WHERE t.fulfillment_id = :id AND t.state = 'open')"
)
_SITES = text("SELECT id, name FROM warehouses")


@dataclass(frozen=True, slots=True)
class _Part:
    """A fulfillment as it is rerouted."""

    id: int
    order_id: int
    warehouse_id: int
    state: FulfillmentState
    before: str
    number: str


@dataclass(frozen=True, slots=True)
class _Moved:
    """What another site sends: units by line, the new fulfillments by order and site, and what still lacks, by SKU."""

    units: Mapping[int, int]
    fulfillments: Mapping[tuple[int, int], int]
    lacking: Mapping[str, int]


def reroute(session: Session, actor: Actor, fulfillment_id: int, reason: str) -> Outcome:
    """Sends what lies on shelves for a fulfillment, and what its order lacks, from other sites.

    What was picked or packed stays. An order that may not ship in parts gets all of it or the refusal; one that may
    keeps here what nobody else has. A parked fulfillment whose order lacks nothing any more goes on.
    """
    session.flush()
    refusal = forbidden(session, actor, Permission.SETTLE_EXCEPTION)
    if refusal is not None:
        return refusal
    if not reason.strip():
        return refused("sourcing.reason_wanted")
    part = _part(session, fulfillment_id)
    work = None if part is None else cancel_rows.locked_work(session, part.order_id)
    part = _part(session, fulfillment_id)
    if part is None or work is None:
        return refused("sourcing.unknown_fulfillment")
    if part.state not in MOVABLE:
        return refused("sourcing.too_late", number=part.number)
    order = take_one(session, part.order_id)
    if order is None:
        return refused("sourcing.held", number=part.number)
    on_shelf = [one for one in work.promises if one.fulfillment_id == part.id and not one.in_hand]
    parts = read_parts(session, [order])
    demand = _demand(session, order, parts, work, on_shelf)
    if not demand.lines:
        return refused("sourcing.nothing_to_move", number=part.number)
    moved = _send_from_elsewhere(session, actor, part, order, parts, demand)
    if not moved.units:
        return refused("sourcing.nowhere_else", number=part.number, missing=detail_of(moved.lacking))
    _give_up(session, actor, moved, demand, on_shelf)
    left = _settle(session, actor, part, moved, demand, on_shelf, work)
    return _told(session, actor, part, moved, left, storable(reason.strip(), LINE), work)


def send_missing_from_elsewhere(session: Session, actor: Actor, fulfillment_id: int) -> Mapping[int, int]:
    """What an order lacks since a picker did not find it is sent by another site, if one has it; units by line.

    An order that may not ship in parts gets all that it lacks or nothing. The caller settles the fulfillment.
    """
    part = _part(session, fulfillment_id) if read_ground(session).several else None
    order = None if part is None else take_one(session, part.order_id)
    if part is None or order is None:
        return {}
    parts = read_parts(session, [order])
    demands = read_demand(session, [order], parts)
    if not demands:
        return {}
    moved = _send_from_elsewhere(session, actor, part, order, parts, demands[0])
    if moved.units:
        if not moved.lacking:
            release_stock_holds(session, actor, [part.order_id])
        _record(session, actor, part, moved, "short_pick")
    return moved.units


def _record(session: Session, actor: Actor, part: _Part, moved: _Moved, reason: str) -> None:
    """The history of the fulfillment, and what other screens must read again."""
    detail = {
        "reason": reason,
        "units": sum(moved.units.values()),
        "to": sorted(site for _, site in moved.fulfillments),
    }
    audit.record(session, actor, "fulfillment.rerouted", "fulfillment", part.id, detail)
    changed = [Change("order", part.order_id), Change("fulfillment", part.id)]
    note_changes(session, actor, changed + [Change("fulfillment", one) for one in moved.fulfillments.values()])


def _part(session: Session, fulfillment_id: int) -> _Part | None:
    row = session.connection().execute(_ROW, {"id": fulfillment_id}).first()
    return None if row is None else _Part(row[0], row[1], row[2], FulfillmentState(row[3]), row[4], row[5])


def _demand(session: Session, order: WaitingOrder, parts: Parts, work: Work, on_shelf: Sequence[Promise]) -> Demand:
    """What is open of an order, and what may move: each line with both together."""
    there: defaultdict[int, int] = defaultdict(int)
    for promise in on_shelf:
        there[promise.line_id] += promise.quantity
    lines = {line.line_id: line for demand in read_demand(session, [order], parts) for line in demand.lines}
    for fact in work.lines:
        if there[fact.id]:
            line = lines.get(fact.id, Wanted(fact.id, fact.product_id, 0, fact.sku))
            lines[fact.id] = replace(line, quantity=line.quantity + there[fact.id])
    return Demand(order.order_id, order.in_parts, tuple(lines[fact.id] for fact in work.lines if fact.id in lines))


def _send_from_elsewhere(
    session: Session, actor: Actor, part: _Part, order: WaitingOrder, parts: Parts, demand: Demand
) -> _Moved:
    """Promises what another site has, with the reasons."""
    ground = read_ground(session)
    made = SitesPlan.nothing(demand)
    if ground.several:
        made = reserve(session, actor, ground, [order], [demand], frozenset({part.warehouse_id}))
    fulfillments = write_promises(session, actor, [order], made.plan.promises, parts)
    write_choices(session, actor, made.choices, fulfillments, part.id)
    units: defaultdict[int, int] = defaultdict(int)
    for promise in made.plan.promises:
        units[promise.line_id] += promise.quantity
    return _Moved(dict(units), fulfillments, made.plan.missing.get(order.order_id, {}))


def _give_up(session: Session, actor: Actor, moved: _Moved, demand: Demand, on_shelf: Sequence[Promise]) -> None:
    """Promises here end as far as another site sends more than what was open of their line."""
    held: defaultdict[int, int] = defaultdict(int)
    for promise in on_shelf:
        held[promise.line_id] += promise.quantity
    extra = {
        line.line_id: moved.units.get(line.line_id, 0) - (line.quantity - held[line.line_id]) for line in demand.lines
    }
    for promise in on_shelf:
        taken = min(promise.quantity, max(0, extra[promise.line_id]))
        if taken:
            extra[promise.line_id] -= taken
            cancel_rows.shrink_tasks(session, actor, promise.id, taken)
            ledger.give_back(session, promise.id, taken)


def _settle(
    session: Session,
    actor: Actor,
    part: _Part,
    moved: _Moved,
    demand: Demand,
    on_shelf: Sequence[Promise],
    work: Work,
) -> bool:
    """What becomes of the fulfillment, its walks, and the order's hold for stock; whether anything of it is left."""
    held: defaultdict[int, int] = defaultdict(int)
    for promise in on_shelf:
        held[promise.line_id] += promise.quantity
    lacking: dict[str, int] = {}
    for line in demand.lines:
        open_units = line.quantity - held[line.line_id] - moved.units.get(line.line_id, 0)
        if open_units > 0:
            lacking[line.sku] = lacking.get(line.sku, 0) + open_units
    if lacking:
        open_stock_holds(session, actor, {part.order_id: lacking})
    else:
        release_stock_holds(session, actor, [part.order_id])
    cancel_rows.end_lists(session, actor, work.list_ids)
    if shortage.nothing_left(session, part.id):
        shortage.cancel_empty(session, actor, part.id)
        return False
    connection = session.connection()
    if part.state is FulfillmentState.EXCEPTION and not lacking:
        before = part.before or FulfillmentState.PICKED.value
        connection.execute(_RESUME, {"id": part.id, "state": before})
    connection.execute(_ALL_PICKED, {"id": part.id})
    return True


def _told(session: Session, actor: Actor, part: _Part, moved: _Moved, left: bool, reason: str, work: Work) -> Outcome:
    refresh_orders(session, [part.order_id])
    _record(session, actor, part, moved, reason)
    note_changes(session, actor, [Change("pick_list", one) for one in work.list_ids])
    sites = sorted(site for _, site in moved.fulfillments)
    units = sum(moved.units.values())
    names = {row.id: row.name for row in session.connection().execute(_SITES)}
    to = ", ".join(names[site] for site in sites)
    return done("sourcing.rerouted" if left else "sourcing.rerouted_all", units=units, number=part.number, to=to)
