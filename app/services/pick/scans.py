"""A scan during a walk: shelf, item and tote, judged by the step one is in."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import text

from app.domain.barcodes import ScannedCode
from app.domain.outcomes import Outcome, Result, Sound, Value, blocked, refused
from app.domain.similar import closest
from app.domain.states import FulfillmentState, MovementReason
from app.domain.work import ItemRef, WrongItem
from app.services import ledger
from app.services.desk import Desk
from app.services.identify import Named, NamedKind, products
from app.services.pick import rows, totes, walk
from app.services.pick.rows import COUNT, ITEM, REASON, SHELF, TOTE, Task
from app.services.station import ask

_ITEM = text("SELECT id, sku, name, picture, note, weight_g FROM products WHERE id = :product")
_DROPPED = text(
    "SELECT o.number FROM pick_tasks t JOIN fulfillments f ON f.id = t.fulfillment_id "
    "JOIN orders o ON o.id = f.order_id WHERE t.pick_list_id = :list AND t.product_id = :product "
    "AND t.state = 'dropped' LIMIT 1"
)
_WANTED = text(
    "SELECT l.code FROM pick_tasks t JOIN locations l ON l.id = t.location_id WHERE t.pick_list_id = :list "
    "AND t.product_id = :product AND t.state = 'open' ORDER BY t.sequence, t.id LIMIT 1"
)


def judge(desk: Desk, task: Task, code: ScannedCode, named: tuple[Named, ...]) -> Outcome:
    """What a scanned code means at this stop."""
    if not named:
        return blocked("pick.unknown_code", scan=code.text[:60])
    items = products(named)
    places = tuple(one for one in named if one.kind is NamedKind.LOCATION)
    if not items and not places:
        return _other_work(desk, named)
    if task.held and desk.step != TOTE:
        return blocked("pick.on_hold", Sound.ATTENTION, order=task.order_number, location=task.location)
    if desk.step == SHELF:
        return _shelf(desk, task, places, code)
    if desk.step == TOTE:
        return _tote(desk, task, items, places)
    if items:
        return _item(desk, task, code, items)
    tote = next((one for one in places if totes.is_tote(one)), None)
    if tote is not None:
        return _tote_at_item(desk, task, tote)
    return _shelf_again(desk, task, places[0])


def _other_work(desk: Desk, named: tuple[Named, ...]) -> Outcome:
    own = walk.code_of(desk.work_id or 0)
    if any(one.kind is NamedKind.PICK_LIST and one.ref == desk.work_id for one in named):
        return Outcome(Result.DONE, "pick.this_list", Sound.ACCEPTED, {"code": own}, work=walk.snapshot(desk))
    return blocked("pick.still_open", code=own, scan=named[0].title)


def _shelf(desk: Desk, task: Task, places: tuple[Named, ...], code: ScannedCode) -> Outcome:
    if any(one.ref == task.location_id for one in places):
        desk.step = ITEM
        return _at_shelf(desk, task)
    if not places or totes.is_tote(places[0]):
        return refused("pick.shelf_first", location=task.location, scan=code.text[:60])
    return blocked("pick.wrong_shelf", scan=places[0].title, wanted=task.location)


def _shelf_again(desk: Desk, task: Task, place: Named) -> Outcome:
    if place.ref != task.location_id:
        return blocked("pick.wrong_shelf", scan=place.title, wanted=task.location)
    return _at_shelf(desk, task)


def _at_shelf(desk: Desk, task: Task) -> Outcome:
    values: dict[str, Value] = {
        "location": task.location,
        "sku": task.sku,
        "name": task.name,
        "quantity": task.remaining,
    }
    return walk.one_step(desk, Outcome(Result.DONE, "pick.at_shelf", Sound.ACCEPTED, values), task)


def _tote(desk: Desk, task: Task, items: tuple[Named, ...], places: tuple[Named, ...]) -> Outcome:
    tote = next((one for one in places if totes.is_tote(one)), None)
    if tote is not None:
        return totes.confirm(desk, task, tote)
    if any(one.ref == task.product_id for one in items):
        return _too_many(task, items[0].quantity)
    return blocked("pick.tote_first", tote=task.tote, slot=task.slot)


def _tote_at_item(desk: Desk, task: Task, tote: Named) -> Outcome:
    if tote.ref == task.tote_id and not desk.number("in_hand"):
        return refused("pick.item_first", sku=task.sku, name=task.name)
    return totes.confirm(desk, task, tote)


def _item(desk: Desk, task: Task, code: ScannedCode, items: tuple[Named, ...]) -> Outcome:
    mine = next((one for one in items if one.ref == task.product_id), None)
    if mine is None:
        return wrong_item(desk, task, items[0])
    if len({one.ref for one in items}) > 1:
        return ask(desk, code, items)
    if code.lot and task.lot and code.lot != task.lot:
        return blocked("pick.wrong_lot", lot=code.lot, wanted=task.lot, sku=task.sku)
    pending, desk.pending_quantity = desk.pending_quantity, None
    if pending is not None and pending > 1 and task.by_unit:
        return refused("pick.unit_by_unit", sku=task.sku)
    quantity = mine.quantity * (code.quantity or 1) * (pending or 1)
    if quantity > task.remaining:
        return _too_many(task, quantity)
    return _take(desk, task, quantity)


def _too_many(task: Task, quantity: int) -> Outcome:
    values: dict[str, Value] = {
        "sku": task.sku,
        "name": task.name,
        "required": task.quantity,
        "picked": task.picked,
        "quantity": quantity,
        "over": quantity - task.remaining,
    }
    what = WrongItem("pick.too_many", ItemRef(task.product_id, task.sku, task.name), required=task.quantity)
    return replace(blocked("pick.too_many", Sound.TOO_MANY, **values), delta=what)


def wrong_item(desk: Desk, task: Task, one: Named) -> Outcome:
    """A product that this stop does not want: what it is, and whether this walk wants it somewhere."""
    connection = desk.session.connection()
    item = ItemRef(*connection.execute(_ITEM, {"product": one.ref}).one())
    wanted = {"list": task.list_id, "product": one.ref}
    elsewhere = connection.execute(_WANTED, wanted).scalar()
    cancelled = None if elsewhere else connection.execute(_DROPPED, wanted).scalar()
    if cancelled is not None:
        return blocked("pick.order_cancelled", Sound.ATTENTION, order=cancelled, sku=item.sku, location=task.location)
    like = closest(item.sku, (task.sku,))
    what = WrongItem(
        "pick.wrong_item",
        item,
        task.id if like is not None else None,
        like.scanned_marks if like is not None else (),
        like.wanted_marks if like is not None else (),
        elsewhere or "",
        task.remaining,
    )
    values: dict[str, Value] = {
        "sku": item.sku,
        "name": item.name,
        "wanted": task.sku,
        "wanted_name": task.name,
        "at": elsewhere or "",
    }
    return replace(blocked("pick.wrong_item", **values), delta=what)


def _take(desk: Desk, task: Task, quantity: int) -> Outcome:
    """Units from the shelf into the tote, at once and durably; the promise goes along."""
    carry(desk, task, quantity)
    picked = task.picked + quantity
    after = replace(task, picked=picked)
    in_hand = (desk.number("in_hand") or 0) + quantity
    values: dict[str, Value] = {
        "sku": task.sku,
        "name": task.name,
        "picked": picked,
        "quantity": task.quantity,
        "tote": task.tote,
    }
    if desk.step in (COUNT, REASON):
        desk.memory["found"] = max(desk.number("found") or 0, picked)
    if after.remaining:
        desk.memory["in_hand"] = in_hand
        answer = Outcome(Result.DONE, "pick.counted", Sound.ACCEPTED, values)
        return walk.one_step(desk, answer, after, taken=quantity)
    if task.slots == 1:
        return totes.stop_done(desk, after)
    desk.memory = {"task": task.id, "in_hand": in_hand}
    desk.step = TOTE
    values = {**values, "slot": task.slot, "in_hand": in_hand}
    answer = Outcome(Result.DONE, "pick.put_into", Sound.ACCEPTED, values)
    return walk.one_step(desk, answer, after, taken=quantity)


def carry(desk: Desk, task: Task, quantity: int) -> None:
    """The ledger's part of a pick, the stop's count, and how far its fulfillment is now."""
    if task.tote_id is None:
        raise LookupError(f"slot {task.slot} of pick list {task.list_id} has no tote")
    there = ledger.carry(desk.session, desk.actor, MovementReason.PICK, task.allocation_id, quantity, task.tote_id)
    rows.count(desk.session, desk.actor, task.id, quantity)
    if task.fulfillment_state is FulfillmentState.RELEASED:
        rows.begin_fulfillment(desk.session, task.fulfillment_id)
    if quantity == task.remaining:
        rows.picked_if_all(desk.session, task.fulfillment_id)
    desk.undoes = {
        "kind": "pick",
        "list": task.list_id,
        "task": task.id,
        "allocation": there,
        "quantity": quantity,
    }
    walk.note(desk, task)
