"""Takes what a channel reports into the database: new orders are added and verified, changed ones are updated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.capture import CapturedOrder
from app.domain.deadlines import next_cut_off, read_cut_off
from app.domain.outcomes import Change
from app.models.locks import lock_channel
from app.services.actor import Actor
from app.services.audit import record
from app.services.bulk import plan_for_values
from app.services.capture.changed import change_orders
from app.services.capture.insertion import Place, insert_orders
from app.services.capture.lookups import ensure_channel, known_orders
from app.services.capture.prepare import PreparedOrder, prepare
from app.services.changes import note_changes
from app.services.settings_store import floor_settings

_ZONE = text("SELECT zone FROM warehouses WHERE id = :warehouse")
LINES_AT_ONCE = 75
"""How many order lines and orders go into one transaction of SQLite, so that a scan waits for it shortly."""
LINES_AT_ONCE_SHARED = 500
"""The same on PostgreSQL, where nobody waits for it, and each way to the server costs."""


@dataclass(frozen=True, slots=True)
class CaptureCounts:
    """What became of captured orders. `updated` of those that changed were updated, the others wait for the office."""

    new: int = 0
    same: int = 0
    changed: int = 0
    updated: int = 0
    lines: int = 0
    new_ids: tuple[int, ...] = field(default=(), repr=False)
    changed_ids: tuple[int, ...] = field(default=(), repr=False)

    def __add__(self, other: CaptureCounts) -> CaptureCounts:
        return CaptureCounts(
            self.new + other.new,
            self.same + other.same,
            self.changed + other.changed,
            self.updated + other.updated,
            self.lines + other.lines,
            self.new_ids + other.new_ids,
            self.changed_ids + other.changed_ids,
        )


def chunks(orders: Sequence[PreparedOrder], lines: int = LINES_AT_ONCE) -> Iterator[Sequence[PreparedOrder]]:
    """Parts a batch so that each part has about so many lines and orders together: each is one transaction."""
    start, count = 0, 0
    for place, order in enumerate(orders):
        size = len(order.order.lines) + 1
        if place > start and count + size > lines:
            yield orders[start:place]
            start, count = place, 0
        count += size
    if start < len(orders):
        yield orders[start:]


def capture_orders(
    session: Session,
    actor: Actor,
    channel_key: str,
    orders: Sequence[CapturedOrder | PreparedOrder],
    import_run_id: int | None = None,
) -> CaptureCounts:
    """Takes one chunk of a channel's orders. Taking the same again changes nothing.

    Orders that were prepared before (`prepare_orders`) hold the database's lock shortest. Of an order that stands
    twice in the chunk, the later one counts as a change of the earlier.
    """
    if not orders:
        return CaptureCounts()
    plan_for_values(session.connection())
    channel_id = ensure_channel(session, channel_key)
    lock_channel(session, channel_id)
    place = Place(channel_id, import_run_id, cut_off_of(session, actor))
    prepared = [order if isinstance(order, PreparedOrder) else prepare(order) for order in orders]
    counts = CaptureCounts()
    while prepared:
        firsts = {order.ref: order for order in reversed(prepared)}
        turn = [order for order in prepared if firsts[order.ref] is order]
        counts += _capture(session, actor, place, turn)
        prepared = [order for order in prepared if firsts[order.ref] is not order]
    _tell(session, actor, counts, import_run_id)
    return counts


def cut_off_of(session: Session, actor: Actor) -> datetime:
    """When orders without a date of their own must leave."""
    zone = session.connection().execute(_ZONE, {"warehouse": actor.warehouse_id}).scalar_one_or_none()
    return next_cut_off(actor.now, zone or "UTC", read_cut_off(floor_settings(session).cut_off))


def _capture(session: Session, actor: Actor, place: Place, orders: Sequence[PreparedOrder]) -> CaptureCounts:
    known = known_orders(session, place.channel_id, [order.ref for order in orders])
    new = [order for order in orders if order.ref not in known]
    changed = {
        known[order.ref].order_id: order
        for order in orders
        if order.ref in known and known[order.ref].fingerprint != order.fingerprint
    }
    ids = insert_orders(session, actor, place, new)
    updated = change_orders(session, actor, changed)
    return CaptureCounts(
        new=len(new),
        same=len(orders) - len(new) - len(changed),
        changed=len(changed),
        updated=updated,
        lines=sum(len(order.order.lines) for order in orders),
        new_ids=tuple(ids),
        changed_ids=tuple(changed),
    )


def _tell(session: Session, actor: Actor, counts: CaptureCounts, import_run_id: int | None) -> None:
    if counts.new == 0 and counts.changed == 0:
        return
    detail = {"new": counts.new, "changed": counts.changed, "updated": counts.updated}
    record(session, actor, "capture.orders", "import_run", import_run_id, detail)
    note_changes(session, actor, (Change("order", order_id) for order_id in counts.new_ids + counts.changed_ids))
