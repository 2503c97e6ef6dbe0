"""Stock goes from one place to another by scan; what is promised stays where the picker will look for it."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.outcomes import Change, Outcome, Value, done, refused
from app.domain.roles import Permission
from app.domain.states import SELLABLE_KINDS, Condition, LocationKind, MovementReason
from app.models.stock import Location
from app.services import audit, ledger
from app.services.actor import Actor
from app.services.allocate import allocate_waiting
from app.services.changes import note_changes
from app.services.permissions import forbidden
from app.services.stock_rows import Item, Spot, holdings, item, spot, too_few, which

_TASKS = text(
    "SELECT id, quantity - done AS open_quantity, fulfillment_id FROM put_back_tasks "
    "WHERE location_id = :place AND product_id = :product AND quantity > done ORDER BY id"
)
_DONE = text("UPDATE put_back_tasks SET done = done + :quantity WHERE id = :task AND quantity - done >= :quantity")
_EMPTY_TOTE = text(
    "UPDATE tote_uses SET closed_at = :now WHERE tote_id = :place AND closed_at IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM stock_balances b WHERE b.location_id = :place AND b.on_hand > 0)"
)


def move_stock(
    session: Session,
    actor: Actor,
    product_id: int,
    from_id: int,
    to_id: int,
    quantity: int,
    *,
    lot_id: int | None = None,
    condition: Condition = Condition.NEW,
) -> Outcome:
    """Moves free units between two places of the warehouse; promised ones are refused, with how many are free."""
    session.flush()
    refusal = forbidden(session, actor, Permission.MOVE_STOCK)
    if refusal is not None:
        return refusal
    found = _free_there(session, actor, product_id, from_id, quantity, lot_id, condition)
    if isinstance(found, Outcome):
        return found
    product, source, lot = found
    target = spot(session, actor.warehouse_id, to_id)
    if isinstance(target, Outcome):
        return target
    if from_id == to_id:
        return refused("stock.same_place", location=source.code)
    ledger.move(session, actor, MovementReason.MOVE, ledger.Goods(product_id, quantity, lot, condition), from_id, to_id)
    detail = {"quantity": quantity, "from": from_id, "to": to_id, "lot": lot}
    audit.record(session, actor, "stock.moved", "product", product_id, detail)
    note_changes(session, actor, [Change("product", product_id)])
    served = 0
    if target.kind in SELLABLE_KINDS and source.kind not in SELLABLE_KINDS:
        served = len(allocate_waiting(session, actor, [product_id]).allocated)
    values: dict[str, Value] = {"sku": product.sku, "quantity": quantity, "location": source.code}
    return done("stock.moved", **values, target=target.code, served=served)


def _free_there(
    session: Session,
    actor: Actor,
    product_id: int,
    from_id: int,
    quantity: int,
    lot_id: int | None,
    condition: Condition,
) -> tuple[Item, Spot, int] | Outcome:
    """The product, the place and the lot of which so many free units lie there, or why not."""
    product = item(session, product_id)
    if product is None:
        return refused("stock.no_product")
    source = spot(session, actor.warehouse_id, from_id)
    if isinstance(source, Outcome):
        return source
    if quantity <= 0:
        return refused("stock.bad_quantity", quantity=quantity)
    meant = which(holdings(session, product_id, from_id, condition), lot_id, product.sku)
    if isinstance(meant, Outcome):
        return meant
    if meant is None or quantity > meant.free:
        return too_few(product, source, meant, quantity)
    return product, source, meant.lot_id


def put_back(
    session: Session, actor: Actor, container_id: int, product_id: int, shelf_id: int, quantity: int = 1
) -> Outcome:
    """Units of a cancelled order go from their tote or parcel back to a shelf, and may be sold again."""
    session.flush()
    refusal = forbidden(session, actor, Permission.MOVE_STOCK)
    if refusal is not None:
        return refusal
    product, container = item(session, product_id), session.get(Location, container_id)
    if product is None or container is None:
        return refused("stock.no_product" if product is None else "stock.no_place")
    shelf = spot(session, actor.warehouse_id, shelf_id)
    if isinstance(shelf, Outcome):
        return shelf
    tasks = session.connection().execute(_TASKS, {"place": container_id, "product": product_id}).all()
    left = sum(task.open_quantity for task in tasks)
    values: dict[str, Value] = {"sku": product.sku, "location": container.code}
    if container.kind not in (LocationKind.TOTE, LocationKind.PACKAGE) or left == 0:
        return refused("stock.nothing_to_put_back", **values)
    if not 0 < quantity <= left:
        return refused("stock.put_back_too_many", **values, left=left)
    _carry_back(session, actor, container_id, product_id, shelf_id, quantity)
    _tick_off(session, actor, container_id, [(task.id, task.open_quantity) for task in tasks], quantity)
    detail = {"quantity": quantity, "from": container_id, "to": shelf_id}
    audit.record(session, actor, "stock.put_back", "product", product_id, detail)
    changes = [Change("product", product_id)] + [Change("fulfillment", task.fulfillment_id) for task in tasks]
    note_changes(session, actor, changes)
    served = allocate_waiting(session, actor, [product_id]) if shelf.kind in SELLABLE_KINDS else None
    return done(
        "stock.put_back",
        **values,
        quantity=quantity,
        target=shelf.code,
        left=left - quantity,
        served=len(served.allocated) if served else 0,
    )


def _carry_back(
    session: Session, actor: Actor, container_id: int, product_id: int, shelf_id: int, quantity: int
) -> None:
    """Moves the free units, lot by lot. Raises NotEnoughError when the container holds fewer than its tasks say."""
    open_quantity = quantity
    for holding in holdings(session, product_id, container_id):
        taken = min(holding.free, open_quantity)
        if taken > 0:
            goods = ledger.Goods(product_id, taken, holding.lot_id)
            ledger.move(session, actor, MovementReason.PUT_BACK, goods, container_id, shelf_id)
            open_quantity -= taken
    if open_quantity:
        raise ledger.NotEnoughError


def _tick_off(session: Session, actor: Actor, container_id: int, tasks: list[tuple[int, int]], quantity: int) -> None:
    connection = session.connection()
    for task_id, open_quantity in tasks:
        taken = min(open_quantity, quantity)
        if taken:
            connection.execute(_DONE, {"task": task_id, "quantity": taken})
            quantity -= taken
    connection.execute(_EMPTY_TOTE, {"place": container_id, "now": round(actor.now.timestamp() * 1000)})
