"""Stock is corrected with a reason, or by counting; never below what is promised to somebody."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Change, Outcome, Value, done, refused
from app.domain.roles import Permission
from app.domain.states import SELLABLE_KINDS, Condition, LocationKind, MovementReason
from app.domain.storable import LINE, storable
from app.models.locks import lock_places
from app.models.stock import NO_LOT, CountTask
from app.services import audit, ledger
from app.services.actor import Actor
from app.services.allocate import allocate_waiting
from app.services.changes import note_changes
from app.services.permissions import forbidden
from app.services.places import counterparty
from app.services.stock_rows import Holding, Item, Spot, holdings, item, spot, too_few, which


def adjust(
    session: Session,
    actor: Actor,
    product_id: int,
    location_id: int,
    delta: int,
    reason: str,
    *,
    lot_id: int | None = None,
    condition: Condition = Condition.NEW,
) -> Outcome:
    """Corrects what the ledger says of a place by `delta` units, up or down. Backorders are served by what came."""
    session.flush()
    refusal = forbidden(session, actor, Permission.ADJUST_STOCK)
    if refusal is not None:
        return refusal
    if not reason.strip():
        return refused("stock.reason_wanted")
    if delta == 0:
        return refused("stock.nothing_to_change")
    found = _there(session, actor, product_id, location_id, lot_id, condition)
    if isinstance(found, Outcome):
        return found
    product, place, holding = found
    if holding is None and product.lot_tracked and lot_id is None:
        return refused("stock.lot_wanted", sku=product.sku)
    free = holding.free if holding else 0
    if delta < 0 and -delta > free:
        return too_few(product, place, holding, -delta)
    lot = holding.lot_id if holding else lot_id or NO_LOT
    note = storable(reason.strip(), LINE)
    _book(
        session,
        actor,
        MovementReason.ADJUSTMENT,
        ledger.Goods(product_id, abs(delta), lot, condition),
        place,
        delta,
        note,
    )
    detail = {"location": place.id, "delta": delta, "lot": lot, "condition": condition.value, "reason": note}
    audit.record(session, actor, "stock.adjusted", "product", product_id, detail)
    note_changes(session, actor, [Change("product", product_id)])
    on_hand = (holding.on_hand if holding else 0) + delta
    served = _serve(session, actor, product_id, place, delta > 0)
    return done("stock.adjusted", sku=product.sku, delta=delta, location=place.code, on_hand=on_hand, served=served)


def count(
    session: Session,
    actor: Actor,
    location_id: int,
    product_id: int,
    counted: int,
    *,
    lot_id: int | None = None,
    condition: Condition = Condition.NEW,
) -> Outcome:
    """Books what was counted at a place and closes its count task; afterwards the place may promise again."""
    session.flush()
    refusal = forbidden(session, actor, Permission.MOVE_STOCK)
    if refusal is not None:
        return refusal
    if counted < 0:
        return refused("stock.bad_quantity", quantity=counted)
    lock_places(session, [location_id])
    found = _there(session, actor, product_id, location_id, lot_id, condition)
    if isinstance(found, Outcome):
        return found
    product, place, holding = found
    before = holding.on_hand if holding else 0
    if holding is not None and counted < holding.allocated:
        values: dict[str, Value] = {
            "sku": product.sku,
            "location": place.code,
            "counted": counted,
            "promised": holding.allocated,
        }
        return refused("stock.count_below_promised", **values)
    difference = counted - before
    if difference:
        lot = holding.lot_id if holding else lot_id or NO_LOT
        goods = ledger.Goods(product_id, abs(difference), lot, condition)
        _book(session, actor, MovementReason.COUNT, goods, place, difference, "")
    _close_task(session, actor, place.id, product_id, counted)
    detail = {"location": place.id, "counted": counted, "before": before}
    audit.record(session, actor, "stock.counted", "product", product_id, detail)
    note_changes(session, actor, [Change("product", product_id)])
    served = _serve(session, actor, product_id, place, True)
    code = "stock.counted_agrees" if difference == 0 else "stock.counted"
    told: dict[str, Value] = {"sku": product.sku, "location": place.code, "counted": counted, "before": before}
    return done(code, **told, served=served)


def _there(
    session: Session, actor: Actor, product_id: int, location_id: int, lot_id: int | None, condition: Condition
) -> tuple[Item, Spot, Holding | None] | Outcome:
    product = item(session, product_id)
    if product is None:
        return refused("stock.no_product")
    place = spot(session, actor.warehouse_id, location_id)
    if isinstance(place, Outcome):
        return place
    meant = which(holdings(session, product_id, location_id, condition), lot_id, product.sku)
    return meant if isinstance(meant, Outcome) else (product, place, meant)


def _book(
    session: Session, actor: Actor, reason: MovementReason, goods: ledger.Goods, place: Spot, delta: int, note: str
) -> None:
    other = counterparty(session, actor.warehouse_id, LocationKind.ADJUSTMENT)
    source, target = (other, place.id) if delta > 0 else (place.id, other)
    ledger.move(session, actor, reason, goods, source, target, note=note)


def _serve(session: Session, actor: Actor, product_id: int, place: Spot, more: bool) -> int:
    """Serves orders that wait, where there may be more to sell now; gives how many got all they need."""
    if not more or place.kind not in SELLABLE_KINDS:
        return 0
    return len(allocate_waiting(session, actor, [product_id]).allocated)


def _close_task(session: Session, actor: Actor, location_id: int, product_id: int, counted: int) -> None:
    task = session.scalars(
        select(CountTask).where(
            CountTask.location_id == location_id, CountTask.product_id == product_id, CountTask.done_at.is_(None)
        )
    ).first()
    if task is None:
        task = CountTask(location_id=location_id, product_id=product_id, reason="by_hand", ordered_at=actor.now)
        session.add(task)
    task.done_at, task.counted = actor.now, counted
    session.flush()
