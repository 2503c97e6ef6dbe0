"""Opening a walk: by its code, by its cart, or the next one that waits."""

from __future__ import annotations

from sqlalchemy import text

from app.domain.outcomes import Outcome, Place, Result, Sound, Value, refused
from app.domain.roles import Permission, may
from app.domain.states import PickListState
from app.models import locks
from app.services import claims
from app.services import take_over as taking
from app.services.desk import PICK_LIST, Desk
from app.services.pick import rows, totes, walk
from app.services.pick.rows import SHELF, TOTES

_NEXT = (
    "SELECT l.id FROM pick_lists l WHERE l.warehouse_id = :warehouse AND l.state = 'open' "
    "AND (SELECT count(*) FROM pick_list_slots s WHERE s.pick_list_id = l.id) <= :slots "
    "AND EXISTS (SELECT 1 FROM pick_tasks t WHERE t.pick_list_id = l.id AND t.state = 'open') "
    "AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.kind = 'pick_list' AND c.ref_id = l.id AND c.expires_at >= :now "
    "AND c.station_id <> :station) "
    "ORDER BY (SELECT min(f.priority) FROM pick_list_slots s JOIN fulfillments f ON f.id = s.fulfillment_id "
    "WHERE s.pick_list_id = l.id), (SELECT min(f.leaves_at) FROM pick_list_slots s "
    "JOIN fulfillments f ON f.id = s.fulfillment_id WHERE s.pick_list_id = l.id), l.id LIMIT 1"
)
_NEXT_SQLITE = text(_NEXT)
_NEXT_POSTGRESQL = text(_NEXT + " FOR UPDATE OF l SKIP LOCKED")
_MINE = text(
    "SELECT l.id FROM claims c JOIN pick_lists l ON l.id = c.ref_id WHERE c.kind = 'pick_list' "
    "AND c.station_id = :station AND l.state IN ('open', 'picking') ORDER BY c.since DESC LIMIT 1"
)
_ON_CART = text(
    "SELECT id FROM pick_lists WHERE cart_id = :cart AND state IN ('open', 'picking') ORDER BY state DESC, id LIMIT 1"
)
_CART = text("SELECT code, slots FROM carts WHERE id = :cart AND warehouse_id = :warehouse")
_PUT_ON_CART = text("UPDATE pick_lists SET cart_id = :cart WHERE id = :list AND state IN ('open', 'picking')")
MOST_SLOTS = 12


def open_list(desk: Desk, list_id: int, *, by_force: bool = False) -> Outcome:
    """Opens a walk at this station, where it was left; refused when it is over or somebody else has it."""
    if not may(desk.actor.role, Permission.PICK):
        return refused("pick.not_permitted")
    session, code = desk.session, walk.code_of(list_id)
    locks.lock_pick_list(session, list_id)
    row = rows.pick_list(session, list_id)
    if row is None or row.warehouse_id != desk.actor.warehouse_id:
        return refused("pick.no_such_list", code=code)
    if row.state in (PickListState.DONE, PickListState.CANCELLED):
        return refused("pick.list_over", code=code)
    holder = claims.take(session, desk.actor, PICK_LIST, list_id, desk.settings.claim_minutes, by_force=by_force)
    if holder is not None:
        desk.memory["held"] = [PICK_LIST, list_id]
        return refused("pick.held", Sound.ATTENTION, **walk.held_by(holder, desk, code))
    return _begin(desk, list_id)


def _begin(desk: Desk, list_id: int) -> Outcome:
    desk.open_work(PICK_LIST, list_id, Place.PICK)
    started = rows.start(desk.session, desk.actor, list_id)
    desk.changed(PICK_LIST, list_id)
    first = totes.first_stop(desk)
    if first is None:
        return walk.finished(desk, walk.close(desk))
    values: dict[str, Value] = {
        "code": walk.code_of(list_id),
        "stops": rows.stops_left(desk.session, list_id),
        "slot": first.slot,
        "location": first.location,
    }
    if not started:
        code = "pick.resumed"
    else:
        code = "pick.opened" if desk.step == SHELF else "pick.opened_totes" if desk.step == TOTES else "pick.opened"
    return Outcome(Result.NAVIGATE, code, Sound.ACCEPTED, values, place=Place.PICK, work=walk.snapshot(desk))


def take_over(desk: Desk, list_id: int, reason: str = "") -> Outcome:
    """Takes a walk from whoever holds it, if the operator may; without a reason it asks for one."""
    if not may(desk.actor.role, Permission.TAKE_OVER):
        return refused("pick.take_over_not_permitted")
    holder = claims.holder(desk.session, PICK_LIST, list_id, desk.actor.now)
    if holder is not None and not reason:
        return taking.ask_why(desk, PICK_LIST, list_id, holder)
    taking.write_down(desk, PICK_LIST, list_id, reason)
    return open_list(desk, list_id, by_force=True)


def start_next(desk: Desk, slots: int = MOST_SLOTS) -> Outcome:
    """Goes on with this station's own walk, or takes the most urgent one that nobody has."""
    if not may(desk.actor.role, Permission.PICK):
        return refused("pick.not_permitted")
    connection = desk.session.connection()
    mine = connection.execute(_MINE, {"station": desk.actor.station_id}).scalar()
    if mine is not None:
        return open_list(desk, mine)
    list_id = _next(desk, slots)
    return refused("pick.nothing_to_pick", Sound.ATTENTION) if list_id is None else open_list(desk, list_id)


def _next(desk: Desk, slots: int) -> int | None:
    connection = desk.session.connection()
    statement = _NEXT_SQLITE if connection.dialect.name == "sqlite" else _NEXT_POSTGRESQL
    values = {
        "warehouse": desk.actor.warehouse_id,
        "now": rows.stamp(desk.actor),
        "station": desk.actor.station_id,
        "slots": slots,
    }
    found = connection.execute(statement, values).scalar()
    return None if found is None else int(found)


def open_cart(desk: Desk, cart_id: int) -> Outcome:
    """Opens the walk that this cart is on; an empty cart takes the next one that it has slots for."""
    connection = desk.session.connection()
    cart = connection.execute(_CART, {"cart": cart_id, "warehouse": desk.actor.warehouse_id}).first()
    if cart is None:
        return refused("pick.no_such_cart")
    on_it = connection.execute(_ON_CART, {"cart": cart_id}).scalar()
    if on_it is not None:
        return open_list(desk, on_it)
    list_id = _next(desk, cart.slots)
    if list_id is None:
        return refused("pick.nothing_to_pick", Sound.ATTENTION)
    connection.execute(_PUT_ON_CART, {"cart": cart_id, "list": list_id})
    return open_list(desk, list_id)
