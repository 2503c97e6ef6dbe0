"""The goods of a transfer by scan: from a shelf into it, out of it again, and from it to a shelf there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Outcome, Sound, Value, blocked, done, refused
from app.domain.roles import Permission
from app.domain.states import SELLABLE_KINDS, LocationKind, MovementReason, TransferState
from app.domain.storable import LINE, storable
from app.models.catalogue import Lot
from app.services import ledger
from app.services.actor import Actor
from app.services.allocate import allocate_waiting
from app.services.permissions import forbidden
from app.services.places import counterparty
from app.services.stock_rows import Holding, Item, Spot, holdings, item, spot, too_few, which
from app.services.transfers import (
    Opened,
    close_transfer,
    goods_inside,
    judge_picked,
    keep_reason,
    line_of,
    opened_for,
    tell_transfer,
)

_PICKING = (TransferState.DRAFT, TransferState.PICKED)


def pick_into(
    session: Session, actor: Actor, transfer_id: int, product_id: int, shelf_id: int, quantity: int, lot: str = ""
) -> Outcome:
    """Free units of a shelf go into a transfer, at most as many as are wanted. The last answers `transfer.all_in`."""
    session.flush()
    found = _may(session, actor, Permission.MOVE_STOCK, transfer_id, _PICKING, "from")
    if isinstance(found, Outcome):
        return found
    product, shelf = item(session, product_id), spot(session, actor.warehouse_id, shelf_id)
    if product is None or isinstance(shelf, Outcome):
        return shelf if isinstance(shelf, Outcome) else refused("stock.no_product")
    line = line_of(session, found.head, product_id)
    if line is None or not line.quantity:
        return blocked("transfer.not_wanted", sku=product.sku, **found.values)
    if quantity > line.to_pick:
        return blocked("transfer.too_many", Sound.TOO_MANY, sku=product.sku, left=line.to_pick, wanted=line.quantity)
    lot_id = _lot(session, product_id, lot)
    meant = which(holdings(session, product_id, shelf_id), lot_id, product.sku)
    if isinstance(meant, Outcome):
        return meant
    if meant is None or quantity > meant.free:
        return too_few(product, shelf, meant, quantity)
    goods = ledger.Goods(product_id, quantity, meant.lot_id)
    _move(session, actor, found, goods, shelf_id, found.head.from_place_id)
    complete = judge_picked(session, found)
    values = _values(found, product, quantity, shelf) | {"left": line.to_pick - quantity}
    return done(
        "transfer.all_in" if complete else "transfer.in", Sound.COMPLETE if complete else Sound.ACCEPTED, **values
    )


def take_out(
    session: Session, actor: Actor, transfer_id: int, product_id: int, shelf_id: int, quantity: int
) -> Outcome:
    """Units that were picked for a transfer go back to a shelf, and may be sold again."""
    session.flush()
    found = _may(session, actor, Permission.MOVE_STOCK, transfer_id, _PICKING, "from")
    if isinstance(found, Outcome):
        return found
    answer = _onto_shelf(session, actor, found, product_id, shelf_id, quantity, found.head.from_place_id)
    if isinstance(answer, Outcome):
        return answer
    judge_picked(session, found)
    return done("transfer.out", **answer)


def receive_into(
    session: Session, actor: Actor, transfer_id: int, product_id: int, shelf_id: int, quantity: int, lot: str = ""
) -> Outcome:
    """Units of a transfer go onto a shelf of the warehouse that receives it; orders that wait for them are served.

    The last one closes the transfer.
    """
    session.flush()
    found = _may(session, actor, Permission.RECEIVE, transfer_id, (TransferState.SENT, TransferState.RECEIVED), "to")
    if isinstance(found, Outcome):
        return found
    answer = _onto_shelf(session, actor, found, product_id, shelf_id, quantity, found.head.to_place_id, lot)
    if isinstance(answer, Outcome):
        return answer
    if goods_inside(session, found.head.to_place_id):
        return done("transfer.arrived", **answer)
    found.row.state, found.row.closed_at = TransferState.CLOSED, actor.now
    found.row.received_at = found.row.received_at or actor.now
    session.flush()
    tell_transfer(session, actor, "transfer.closed", transfer_id)
    return done("transfer.all_arrived", Sound.COMPLETE, **answer)


def end_receiving(session: Session, actor: Actor, transfer_id: int, reason: str) -> Outcome:
    """No more will come of a transfer. Who may correct stock writes the rest off; else it waits for one who may."""
    session.flush()
    found = _may(session, actor, Permission.RECEIVE, transfer_id, (TransferState.SENT, TransferState.RECEIVED), "to")
    if isinstance(found, Outcome):
        return found
    if forbidden(session, actor, Permission.ADJUST_STOCK) is None:
        return close_transfer(session, actor, transfer_id, reason)
    missing = goods_inside(session, found.head.to_place_id)
    keep_reason(session, transfer_id, {one.product_id for one in missing}, storable(reason.strip(), LINE))
    found.row.state, found.row.received_at = TransferState.RECEIVED, actor.now
    session.flush()
    units = sum(one.quantity for one in missing)
    tell_transfer(session, actor, "transfer.received", transfer_id, {"missing": units, "reason": reason})
    return done("transfer.received", Sound.ATTENTION, missing=units, **found.values)


def found_more(
    session: Session, actor: Actor, transfer_id: int, product_id: int, shelf_id: int, quantity: int, reason: str
) -> Outcome:
    """More came than was sent: the units are taken in with the reason, onto a shelf, as part of the transfer."""
    session.flush()
    states = (TransferState.SENT, TransferState.RECEIVED)
    found = _may(session, actor, Permission.ADJUST_STOCK, transfer_id, states, "to")
    if isinstance(found, Outcome):
        return found
    product = item(session, product_id)
    if product is None:
        return refused("stock.no_product")
    if quantity <= 0:
        return refused("stock.bad_quantity", quantity=quantity)
    if not reason.strip():
        return refused("transfer.reason_wanted", **found.values)
    shelf = spot(session, actor.warehouse_id, shelf_id)
    if isinstance(shelf, Outcome):
        return shelf
    outside = counterparty(session, found.head.to_id, LocationKind.ADJUSTMENT)
    inside, said = found.head.to_place_id or 0, storable(reason.strip(), LINE)
    goods = ledger.Goods(product_id, quantity)
    note = storable(f"{found.head.code}: {said}", LINE)
    ledger.move(session, actor, MovementReason.ADJUSTMENT, goods, outside, inside, note=note)
    keep_reason(session, transfer_id, {product_id}, said)
    answer = _onto_shelf(session, actor, found, product_id, shelf_id, quantity, inside)
    if isinstance(answer, Outcome):
        raise ledger.NotEnoughError
    return done("transfer.found_more", **answer)


# -- parts ----------------------------------------------------------------------------------------------------------


def _may(
    session: Session,
    actor: Actor,
    permission: Permission,
    transfer_id: int,
    states: tuple[TransferState, ...],
    end: str,
) -> Opened | Outcome:
    """The transfer, locked, for somebody who may do this at the right end of it."""
    found = opened_for(session, actor, permission, transfer_id, states)
    if isinstance(found, Outcome):
        return found
    if end == "from" and found.head.from_id != actor.warehouse_id:
        return refused("transfer.sent_elsewhere", **found.values)
    if end == "to" and found.head.to_id != actor.warehouse_id:
        return refused("transfer.received_elsewhere", **found.values)
    return found


def _onto_shelf(
    session: Session,
    actor: Actor,
    found: Opened,
    product_id: int,
    shelf_id: int,
    quantity: int,
    inside: int | None,
    lot: str = "",
) -> dict[str, Value] | Outcome:
    """Moves units out of a place of the transfer onto a shelf, lot by lot; the values that tell it."""
    product, shelf = item(session, product_id), spot(session, actor.warehouse_id, shelf_id)
    if product is None or isinstance(shelf, Outcome):
        return shelf if isinstance(shelf, Outcome) else refused("stock.no_product")
    lot_id = _lot(session, product_id, lot)
    here = [one for one in holdings(session, product_id, inside or 0) if lot_id in (None, one.lot_id)]
    there = sum(one.on_hand for one in here)
    if not 0 < quantity <= there:
        return refused("transfer.not_that_many", Sound.TOO_MANY, sku=product.sku, left=there, **found.values)
    _carry(session, actor, found, product_id, here, quantity, inside, shelf_id)
    served = allocate_waiting(session, actor, [product_id]) if shelf.kind in SELLABLE_KINDS else None
    values = _values(found, product, quantity, shelf) | {"left": there - quantity}
    return values | {"served": len(served.allocated) if served else 0}


def _carry(
    session: Session,
    actor: Actor,
    found: Opened,
    product_id: int,
    here: list[Holding],
    quantity: int,
    inside: int | None,
    shelf_id: int,
) -> None:
    for holding in here:
        taken = min(holding.on_hand, quantity)
        if taken > 0:
            _move(session, actor, found, ledger.Goods(product_id, taken, holding.lot_id), inside or 0, shelf_id)
            quantity -= taken


def _move(session: Session, actor: Actor, found: Opened, goods: ledger.Goods, source: int, target: int | None) -> None:
    code = found.head.code
    ledger.move(session, actor, MovementReason.TRANSFER, goods, source, target or 0, note=code)
    detail = {
        "product": goods.product_id,
        "quantity": goods.quantity,
        "from": source,
        "to": target,
        "lot": goods.lot_id,
    }
    tell_transfer(session, actor, "transfer.moved", found.head.id, detail, [goods])


def _values(found: Opened, product: Item, quantity: int, shelf: Spot) -> dict[str, Value]:
    return {**found.values, "sku": product.sku, "quantity": quantity, "location": shelf.code}


def _lot(session: Session, product_id: int, code: str) -> int | None:
    """The id of a lot by its code; None where none was told, 0 (no lot) where nobody knows it."""
    if not code:
        return None
    known = select(Lot.id).where(Lot.product_id == product_id, Lot.code == storable(code, 64))
    return session.scalars(known).first() or 0
